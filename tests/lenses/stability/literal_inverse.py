"""The least change that makes a state hold, found by trying every change; independent of the package.

States, moves and the definitions of stability are those of `literal_definitions`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, combinations, permutations, product

from tests.lenses.stability.literal_definitions import CONCEPTS, Model, Options

Rank = tuple[int, ...]


def holds(model: Model, concept: str, e: int) -> bool:
    """Whether a state is stable for everybody."""
    return all(CONCEPTS[concept](model, i, e) for i in model.actors)


def kendall(before: Sequence[int], after: Sequence[int]) -> float:
    """Pairs turned round count 1, ties made or parted ½."""

    def sign(x: int) -> int:
        return (x > 0) - (x < 0)

    pairs = combinations(range(len(before)), 2)
    return sum(abs(sign(before[a] - before[b]) - sign(after[a] - after[b])) / 2 for a, b in pairs)


def least(model: Model, concept: str, e: int, offers: Sequence[Sequence[tuple[float, Rank]]]) -> float:
    """Try one offer (cost, new ranks) of each actor, in every combination."""
    best = math.inf
    for choice in product(*offers):
        cost = sum(price for price, _ in choice)
        if cost < best and holds(replace(model, ranks=tuple(rank for _, rank in choice)), concept, e):
            best = cost
    return best


def rises(rank: Rank, e: int) -> list[tuple[float, Rank]]:
    """The order itself, and e level with or just above every better state."""
    found = [(0.0, rank)]
    for level in {2 * r + above for r in rank if r > rank[e] for above in (0, 1)}:
        after = tuple(level if s == e else 2 * r for s, r in enumerate(rank))
        found.append((kendall(rank, after), after))
    return found


def demotions(rank: Rank, e: int, price: Callable[[int], float]) -> list[tuple[float, Rank]]:
    """Every set of better states put level with e."""
    found = []
    for lowered in subsets([s for s, r in enumerate(rank) if r > rank[e]]):
        after = tuple(rank[e] if s in lowered else r for s, r in enumerate(rank))
        found.append((sum(map(price, lowered)), after))
    return found


def all_orders(rank: Rank) -> list[tuple[float, Rank]]:
    """Every order with ties of the same states."""
    size = len(rank)
    orders = {
        after for after in product(range(size), repeat=size) if set(after) == set(range(max(after) + 1))
    }
    return [(kendall(rank, after), after) for after in sorted(orders)]


def by_statements(truth: Sequence[Sequence[bool]], states: int) -> Rank:
    """Ranks by statements, the most important first."""
    vectors = [tuple(row[s] for row in truth) for s in range(states)]
    return tuple(sorted(set(vectors)).index(vector) for vector in vectors)


def rearranged(truth: Sequence[Sequence[bool]], states: int) -> list[tuple[float, Rank]]:
    """Every order of the statements, at the number of pairs of them turned round."""
    found = []
    for order in permutations(range(len(truth))):
        cost = sum(a > b for a, b in combinations(order, 2))
        found.append((float(cost), by_statements([truth[k] for k in order], states)))
    return found


def with_top(rank: Rank, taken: Sequence[Sequence[bool]], e: int) -> list[tuple[float, Rank]]:
    """The order itself, and with every statement on top that some options are as in e."""
    found = []
    for named in subsets(range(len(taken))):
        true = [all(taken[o][s] == taken[o][e] for o in named) for s in range(len(rank))]
        found.append(
            (float(len(named)), tuple(r + (max(rank) + 1) * t for r, t in zip(rank, true, strict=True)))
        )
    return found


EPSILON = 1e-3


def reweighed(
    truth: Sequence[Sequence[bool]], weights: Sequence[float], units: Sequence[float], states: int
) -> list[tuple[float, Rank]]:
    """Every order that other weights of at most two statements give, at the least change that comes near it.

    What such weights say changes only where one is 0 or both are equal, so the nearest of each kind stands at a
    present weight, the other's weight, or 0, or as little beside these as one likes.
    """
    beside = [
        (w + d * EPSILON, w) for w in {0.0, *weights} for d in (-2, -1, 0, 1, 2) if w + d * EPSILON >= 0
    ]
    best: dict[Rank, float] = {}
    for chosen in product(beside, repeat=len(weights)):
        cost = sum(abs(w - at) / unit for (_, at), w, unit in zip(chosen, weights, units, strict=True))
        values = [
            round(sum(w for (w, _), row in zip(chosen, truth, strict=True) if row[s]), 9)
            for s in range(states)
        ]
        rank = tuple(sorted(set(values)).index(value) for value in values)
        best[rank] = min(cost, best.get(rank, math.inf))
    return [(cost, rank) for rank, cost in best.items()]


def subsets(items: Sequence[int] | range) -> Iterator[tuple[int, ...]]:
    """Every set of some things."""
    return chain.from_iterable(combinations(items, size) for size in range(len(items) + 1))


Cut = tuple[str, int]


def least_cuts(
    options: Options, ranks: Sequence[Rank], concept: str, e: int, costs: Mapping[Cut, float]
) -> float:
    """Try every set of cuts: ``remove``, ``forward`` and ``back`` of options, ``ban`` of states."""
    best = math.inf
    cuts = list(costs)
    for chosen in subsets(range(len(cuts))):
        made = [cuts[n] for n in chosen]
        cost = sum(costs[cut] for cut in made)
        if cost < best and _after(options, ranks, made, concept, e):
            best = cost
    return best


def _after(options: Options, ranks: Sequence[Rank], made: Sequence[Cut], concept: str, e: int) -> bool:
    owners, directions = list(options.owners), list(options.directions)
    for kind, what in made:
        if kind == "remove":
            owners[what] = -1
        elif kind != "ban":
            wanted = 1 if kind == "forward" else 2
            if directions[what] not in (0, wanted):
                owners[what] = -1  # both ways barred
            directions[what] = wanted
    left = [s for s in range(len(options.feasible)) if ("ban", s) not in made]
    after = Options(
        tuple(owners), tuple(directions), options.actors, tuple(options.feasible[s] for s in left)
    )
    return holds(after.model([[rank[s] for s in left] for rank in ranks]), concept, left.index(e))


def least_bars(model: Model, concept: str, e: int, prices: Sequence[int]) -> float:
    """Try barring every set of moves, numbered by actor, start and end."""
    best = math.inf
    moves = [(i, arc) for i in model.actors for arc in sorted(model.arcs[i])]
    for chosen in subsets(range(len(moves))):
        cost = sum(prices[n] for n in chosen)
        barred = {moves[n] for n in chosen}
        arcs = tuple(frozenset(a for a in model.arcs[i] if (i, a) not in barred) for i in model.actors)
        if cost < best and holds(replace(model, arcs=arcs), concept, e):
            best = cost
    return best
