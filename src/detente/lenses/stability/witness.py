"""Why is a state stable, or not? The improvement, and the sequence that deters it, or that nothing does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.lenses.stability.coalitions import Reach, improvements
from detente.lenses.stability.evolution import moves_after
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.horizon import horizons
from detente.lenses.stability.relation import Relation
from detente.lenses.stability.space import LOW, WIDTH, Mask, Ranks, Space
from detente.lenses.stability.stable import deterrence
from detente.lenses.stability.walks import Node, Step, shortest

Ends = NDArray[np.int32]


class Answer(NamedTuple):
    """What becomes of one improvement, by numbers of states and actors; see `records.Deterrent`."""

    to: int
    sanction: tuple[Step, ...] | None
    by: tuple[Step, ...] = ()
    end: int | None = None


class Witness(NamedTuple):
    """Why a state is stable for an actor, or not; see `records.Why`."""

    stable: bool
    moves: int
    answers: tuple[Answer, ...]


def witness(graph: Graph, relation: Relation, concept: str, i: int, s: int) -> Witness:
    """Return why state s is stable for actor i, or not, by ``nash``, ``gmr``, ``smr`` or ``seq``."""
    moves, regrets = graph.moves(i, s).tolist(), relation.regrets(i, s)
    others = ~graph.members[:, i][graph.rows]
    answering = graph.keeping(others & relation.pays(graph) if concept == "seq" else others)

    def deters(c: int) -> bool:
        return bool(regrets[c] and (concept != "smr" or regrets[graph.moves(i, c)].all()))

    def met(q: int) -> Answer:
        if concept == "nash":
            return Answer(q, None)
        return Answer(q, shortest(q, lambda node: moves_after(answering, *node), deters))

    return _weighed(len(moves), map(met, _gains(relation.leaves(i, s), relation.ranks[i], moves)))


def _weighed(moves: int, answers: Iterable[Answer]) -> Witness:
    """Return the witness of improvements, each with its answer, up to the first that has none."""
    found = []
    for one in answers:
        if one.sanction is None:
            return Witness(stable=False, moves=moves, answers=(one,))
        found.append(one if one.end is not None else one._replace(end=one.sanction[-1].to))
    return Witness(stable=True, moves=moves, answers=tuple(found))


def _gains(leaves: Mask, rank: Ranks, moves: list[int]) -> list[int]:
    """Return the moves that would be made if nothing deterred them, the best first."""
    return sorted((q for q in moves if leaves[q]), key=lambda q: (-int(rank[q]), q))


def simultaneous_witness(space: Space, graph: Graph, ranks: Ranks, i: int, s: int) -> Witness:
    """Return why state s is stable for actor i, or not, when the others may improve at the same moment.

    The sanction of an improvement is what others do at once, each step from s by itself; its ``end`` is the
    state that comes of all of it.
    """
    moves, rank = graph.moves(i, s).tolist(), ranks[i]
    others = [j for j in range(graph.actors) if j != i]
    choices: list[list[int | None]] = [
        [None, *(y for y in graph.moves(j, s).tolist() if ranks[j, y] > ranks[j, s])] for j in others
    ]
    gains = _gains(rank > rank[s], rank, moves)
    answers = (next(_met(space, rank, s, q, others, choices), Answer(q, None)) for q in gains)
    return _weighed(len(moves), answers)


def _met(
    space: Space, rank: Ranks, s: int, q: int, others: list[int], choices: list[list[int | None]]
) -> Iterator[Answer]:
    """Yield the simultaneous improvements that make a move to q end no better than s, fewest movers first."""
    combined = sorted(product(*choices), key=lambda choice: sum(y is not None for y in choice))
    for choice in combined:
        code = int(space.codes[q])
        for j, y in zip(others, choice, strict=True):
            if y is not None:
                block = ((1 << int(space.blocks[j, WIDTH])) - 1) << int(space.blocks[j, LOW])
                code = (code & ~block) | (int(space.codes[y]) & block)
        end = int(space.index[code])
        if end >= 0 and rank[end] <= rank[s]:
            steps = tuple(Step(j, y) for j, y in zip(others, choice, strict=True) if y is not None)
            yield Answer(q, steps, end=end)


def limited_witness(
    graph: Graph, ranks: Ranks, horizon: int, i: int, s: int, ends: Sequence[Ends] = ()
) -> Witness:
    """Return why state s is stable for actor i, or not, when it looks some moves ahead.

    If stable, every improvement with the moves that are expected to follow it and where they end, no better than
    s; else the best move with what is expected to follow, which is better than s. ``ends`` are where everybody
    expects to end, looking up to that many moves ahead or more, if that is at hand.
    """
    ends = ends or horizons(graph, ranks, horizon)
    moves, rank, stays = graph.moves(i, s).tolist(), ranks[i], bool(ends[horizon][i, s] == s)
    tried = _gains(rank > rank[s], rank, moves) if stays else [_best(graph, ranks, ends, horizon, i, s)]
    answers = tuple(_expected(graph, ranks, ends, horizon - 1, i, q) for q in tried)
    return Witness(stable=stays, moves=len(moves), answers=answers)


def _best(graph: Graph, ranks: Ranks, ends: Sequence[Ends], h: int, i: int, s: int) -> int:
    """Return the move of actor i whose expected end is best."""
    moves: list[int] = graph.moves(i, s).tolist()
    return max(moves, key=lambda to: (int(ranks[i, _next(ranks, ends, h - 1, i, to)[1]]), -to))


def _next(ranks: Ranks, ends: Sequence[Ends], h: int, i: int, q: int) -> tuple[int, int]:
    """Return whom actor i expects to move next at q, when the others look h moves ahead, and where that ends."""
    others = [j for j in range(len(ranks)) if j != i]
    if not others or h == 0:
        return i, q
    j = min(others, key=lambda one: (int(ranks[i, ends[h][one, q]]), int(ends[h][one, q])))
    return j, int(ends[h][j, q])


def _expected(graph: Graph, ranks: Ranks, ends: Sequence[Ends], h: int, i: int, q: int) -> Answer:
    """Return what actor i expects to follow its move to q when the others look h moves ahead."""
    steps, here, (j, end) = list[Step](), q, _next(ranks, ends, h, i, q)
    while here != end:  # whoever moves next makes its best move, and then another does
        here = _best(graph, ranks, ends, h, j, here)
        steps.append(Step(j, here))
        h -= 1
        j, _ = _next(ranks, ends, h, j, here)
    return Answer(q, tuple(steps), end=end)


def coalition_witness(
    reach: Reach, ranks: Ranks, concept: str, h: int, s: int, gains: Graph | None = None
) -> Witness:
    """Return why a state is stable for a coalition, or not, by ``cnash``, ``cgmr``, ``csmr`` or ``cseq``.

    Steps of a coalition and of those who deter it are moves of actors; by ``cseq`` those who deter move as
    coalitions, numbered after the movers of the graph in the order of ``reach``.
    """
    graph, group = reach.graph, reach.coalitions[h]
    gains = improvements(reach, ranks) if gains is None else gains
    ends, moves = gains.moves(h, s), reach.ends(h, s).size
    if not ends.size:
        return Witness(stable=True, moves=moves, answers=())
    ends = ends[np.argsort(-ranks[group[0], ends], kind="stable")]
    fails = np.asarray((ranks[list(group)] <= ranks[list(group), s][:, None]).any(axis=0))
    inside, outside = graph.members[:, list(group)].sum(axis=1), graph.members.sum(axis=1)
    own = graph.keeping((inside == outside)[graph.rows])
    possible: Mask = np.full(graph.states, concept != "cnash")
    answering, offset = graph.keeping((inside == 0)[graph.rows]), 0
    if concept == "cseq":
        apart = np.array([set(group).isdisjoint(one) for one in reach.coalitions])
        answering, offset = gains.keeping(apart[gains.rows]), len(graph.movers)
        possible = np.zeros(graph.states, dtype=np.bool_)
        for i in group:
            possible |= deterrence(gains, ranks, (i, *group)) <= ranks[i, s]

    def arcs(node: Node) -> Iterator[Node]:
        x, last = node
        return ((y, offset + j) for y, j in moves_after(answering, x, last - offset))

    def deters(c: int) -> bool:
        return bool(fails[c] and (concept != "csmr" or fails[reach.ends(h, c)].all()))

    def met(q: int) -> Answer:
        by = shortest(s, lambda node: moves_after(own, *node), lambda y: y == q) or ()
        return Answer(q, shortest(q, arcs, deters) if possible[q] else None, by)

    return _weighed(moves, map(met, ends.tolist()))
