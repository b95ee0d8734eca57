"""Which statements would have to come first? The least change in an actor's priorities, or a new one on top.

Priorities are a list of statements, the most important first. The distance between two lists is the number of
swaps of neighbours between them (Kendall). A list is built from its top by a search in the order of the swaps
that a beginning already needs; a beginning is dropped when no end can make the chosen state stable, and it is
enough when every end does.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from detente.case.parts.game.statement import Statement
from detente.lenses.stability.inverse.best_first import Candidate, Combination, Less, cheapest_or_smaller
from detente.lenses.stability.inverse.question import ALONE, Own
from detente.lenses.stability.inverse.rankings import MOST_NAMED
from detente.lenses.stability.inverse.search import Effort
from detente.lenses.stability.inverse.task import Task, Told
from detente.lenses.stability.levers import Change, Kind, Lever
from detente.lenses.stability.orders import prioritised
from detente.lenses.stability.space import Mask, Ranks

LOOK, LOOK_AT = 150.0, 0.1
"""Work of looking at a list of statements, and for each state and statement."""


# --- another order --------------------------------------------------------------------------------


def in_order(truth: Mask, order: Sequence[int]) -> Ranks:
    """Return the ranks, shape (m,), that statements with truth of shape (h, m) give in that order."""
    return prioritised(np.ones(truth.shape[1], dtype=np.bool_), truth[list(order)])


def turned(order: Iterable[int]) -> list[tuple[int, int]]:
    """Return the pairs that stand the other way round than in 0, 1, 2, …: as many as swaps of neighbours.

    >>> turned([2, 0, 1])
    [(2, 0), (2, 1)]
    """
    return [(a, b) for a, b in combinations(order, 2) if a > b]


def _refined(rank: Ranks, truth: Mask) -> Ranks:
    """Return the ranks after one more statement, which only decides where all before it do not."""
    return np.unique(2 * rank + truth, return_inverse=True)[1].reshape(-1).astype(np.int32)


def reorderings(
    own: Own, truth: Mask, price: float = 1.0, effort: Effort | None = None
) -> Iterator[Candidate]:
    """Yield orders of an actor's statements by which the chosen state may be stable for it, nearest first.

    Where only its own order matters (Nash, GMR, SMR) nothing is yielded after the first; by SEQ all are. A last
    candidate without ranks says that the search was given up.

    The truth of the statements has shape (h, m); the price is that of one swap.
    """
    effort = effort or Effort()
    e = own.question.state
    alone = own.question.concept in ALONE
    different = np.unique(truth, axis=1).shape[1]
    start: Ranks = np.zeros(truth.shape[1], dtype=np.int32)
    waiting: list[tuple[int, int, tuple[int, ...], Ranks]] = [(0, 0, (), start)]
    seen: set[tuple[frozenset[int], bytes]] = set()
    while waiting:
        cost, _, top, rank = heapq.heappop(waiting)
        if cost and not math.isfinite(price):
            return
        effort.left -= LOOK + LOOK_AT * truth.size
        if effort.over:
            yield Candidate(price * cost if cost else 0.0, None, None)
            return
        beginning = (frozenset(top), (np.sign(rank - rank[e]) if alone else rank).tobytes())
        if beginning in seen:  # the same statements in an order that came to the same
            continue
        seen.add(beginning)
        below = [k for k in range(len(truth)) if k not in top]
        surely, possibly = _down(rank, truth[below], e)
        if not own.stable(possibly):
            continue
        if rank.max() + 1 == different or (alone and own.stable(surely)):
            yield _in_order(truth, (*top, *below), price)
            if alone:
                return
            continue
        for passed, statement in enumerate(below):
            following = (*top, statement)
            heapq.heappush(waiting, (cost + passed, -len(top), following, _refined(rank, truth[statement])))


def _down(rank: Ranks, below: Mask, e: int) -> tuple[Mask, Mask]:
    """Return which states are no better than e whatever the end of the list is, and which are by some end."""
    rising = (below & ~below[:, e : e + 1]).any(axis=0)
    falling = (~below & below[:, e : e + 1]).any(axis=0)
    open_ = rank == rank[e]
    surely = (rank < rank[e]) | (open_ & ~rising)
    return surely, surely | (open_ & falling)


def favouring(truth: Mask, e: int, price: float = 1.0) -> Candidate:
    """Return the order of statements that is best for state e: what is true there comes first.

    What is better than e in this order is so in every order of these statements.
    """
    true, false = (np.flatnonzero(row).tolist() for row in (truth[:, e], ~truth[:, e]))
    return _in_order(truth, (*true, *false), price)


def nearer(truth: Mask, candidate: Candidate, price: float = 1.0) -> Iterator[Candidate]:
    """Yield orders nearer to the present one: that itself, and with one pair of neighbours put back."""
    order = candidate.change
    if len(turned(order)) > 1:
        yield _in_order(truth, tuple(range(len(order))), price)
    for k in range(len(order) - 1):
        if order[k] > order[k + 1]:
            yield _in_order(truth, (*order[:k], order[k + 1], order[k], *order[k + 2 :]), price)


def _in_order(truth: Mask, order: tuple[int, ...], price: float) -> Candidate:
    apart = len(turned(order))
    return Candidate(price * apart if apart else 0.0, in_order(truth, order), order)


def reorder_lever(task: Task) -> Lever:
    """Return the least change in the order of priorities."""
    truths, prices = task.truths, task.order_prices
    if not truths:
        return Lever.skipped("reorder", "nobody's preference is a list of priorities")

    def tell(i: int, order: tuple[int, ...]) -> tuple[str, str, str, list[Any]]:
        preference, stands = task.view.orders.preferences[i], task.statements(i)
        texts = [wish.statement.text for wish in preference.statements]
        wishes = [task.wish(wish.statement) for wish in preference.statements]
        first = turned(order)
        named = "; ".join(f"{wishes[a]} – before {wishes[b]}" for a, b in first[:MOST_NAMED])
        more = "; and so on" if len(first) > MOST_NAMED else ""
        sentence = f"put first: {named}{more}."
        return " > ".join(texts), " > ".join(texts[k] for k in order), sentence, [stands[k] for k in order]

    return _lever(
        task,
        "reorder",
        lambda i: reorderings(task.question.own(i), truths[i], prices[i], task.effort),
        lambda i: favouring(truths[i], task.state, prices[i]),
        lambda i, candidate: nearer(truths[i], candidate, prices[i]),
        tell,
    )


# --- a new one on top -----------------------------------------------------------------------------


def tops(
    own: Own, rank: Ranks, taken: Mask, price: float = 1.0, effort: Effort | None = None
) -> Iterator[Candidate]:
    """Yield statements that, put before all others, may make the chosen state stable, the shortest first.

    A statement says of some options that they are as in the chosen state; a change is the tuple of these options.

    ``taken``, shape (n, m), says which options are taken in each state; the price is that of one option named.
    """
    effort = effort or Effort()
    e = own.question.state
    differs = taken != taken[:, e : e + 1]
    if own.stable(rank <= rank[e]):
        yield Candidate(0.0, rank, None)
        if own.question.concept in ALONE:
            return
    for size in range(1, len(taken) + 1 if math.isfinite(price) else 1):
        for named in combinations(range(len(taken)), size):
            effort.left -= LOOK + LOOK_AT * taken.size
            if effort.over:
                yield Candidate(price * size, None, None)
                return
            if own.stable(differs[list(named)].any(axis=0) | (rank <= rank[e])):
                yield topped(rank, taken, e, named, price)


def topped(rank: Ranks, taken: Mask, e: int, named: Sequence[int], price: float = 1.0) -> Candidate:
    """Return the change that puts a statement first: that some options are as they are in state e."""
    below = (taken[list(named)] != taken[list(named), e : e + 1]).any(axis=0)
    after = rank + np.where(below, 0, int(rank.max()) + 1).astype(np.int32)
    return Candidate(price * len(named), after, tuple(named))


def shorter(
    rank: Ranks, taken: Mask, e: int, candidate: Candidate, price: float = 1.0
) -> Iterator[Candidate]:
    """Yield a first statement with one option fewer, and at last none; see `topped`."""
    if candidate.change is None:
        return
    if len(candidate.change) == 1:
        yield Candidate(0.0, rank, None)
        return
    for gone in candidate.change:
        yield topped(rank, taken, e, [option for option in candidate.change if option != gone], price)


def top_lever(task: Task) -> Lever:
    """Return the shortest statements that would have to come first."""
    prices, e, names = task.order_prices, task.state, task.view.names
    if not task.truths:
        return Lever.skipped("top", "nobody's preference is a list of priorities")
    letters = [members[0] for members in task.view.states.members]  # of a merged state, of its first member
    taken = np.array([[text[o] == "Y" for text in letters] for o in range(len(names))])

    def tell(i: int, named: tuple[int, ...]) -> tuple[str, str, str, list[Any]]:
        text = " and ".join(names[o] if taken[o, e] else f"not {names[o]}" for o in named)
        before = task.view.orders.preferences[i].statements[0].statement.text
        wanted = task.wish(Statement.parse(text))
        sentence = f"want before all else: {wanted}."
        return before, text, sentence, [text, *task.statements(i)]

    return _lever(
        task,
        "top",
        lambda i: tops(task.question.own(i), task.ranks[i], taken, prices[i], task.effort),
        lambda i: topped(task.ranks[i], taken, e, range(len(names)), prices[i]),
        lambda i, candidate: shorter(task.ranks[i], taken, e, candidate, prices[i]),
        tell,
    )


# --- what both share ------------------------------------------------------------------------------


def _lever(
    task: Task,
    kind: Kind,
    offer: Callable[[int], Iterator[Candidate]],
    most: Callable[[int], Candidate],
    less: Less,
    tell: Callable[[int, Any], tuple[str, str, str, list[Any]]],
) -> Lever:
    """Return the cheapest change of the actors' priorities.

    Args:
        task: the state and the concept.
        kind: of change.
        offer: the candidates of an actor with priorities, the cheapest first.
        most: the most that such an actor can do for the state.
        less: the smaller changes that it could do with.
        tell: what its priorities are and would have to be, the end of a sentence, and the new statements.
    """
    stated, prices = task.truths, task.order_prices
    free = [i in stated and math.isfinite(price) for i, price in enumerate(prices)]
    as_is = [Candidate(0.0, rank, tuple(range(len(stated.get(i, ()))))) for i, rank in enumerate(task.ranks)]
    found = cheapest_or_smaller(
        task.question,
        [offer(i) if i in stated else _as_is(task, as_is[i], i) for i in range(len(free))],
        [most(i) if is_free else None for i, is_free in enumerate(free)],
        as_is,
        lambda i, candidate: less(i, candidate) if free[i] and candidate.cost else iter(()),
        task.effort,
    )

    def told(chosen: Combination) -> Told:
        changes, edits = list[Change](), dict[str, Any]()
        for i, candidate in enumerate(chosen.chosen):
            if candidate.cost:
                before, after, sentence, statements = tell(i, candidate.change)
                without, cost = task.without(chosen.ranks, i), candidate.cost
                changes.append(task.change(i, "priorities", before, after, cost, sentence, without))
                edits[f"game.preferences.{task.view.actors[i]}"] = {"statements": statements}
        return changes, edits

    return task.combined(kind, found, told)


def _as_is(task: Task, candidate: Candidate, i: int) -> Iterator[Candidate]:
    if task.question.own(i).stable(task.ranks[i] <= task.ranks[i, task.state]):
        yield candidate
