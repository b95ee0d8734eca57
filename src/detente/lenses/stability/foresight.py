"""Why does a state hold, or not, for coalitions, under simultaneous moves, and when looking ahead?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

from detente.lenses.stability.coalitions import Reach, improvements
from detente.lenses.stability.evolution import Step
from detente.lenses.stability.graph import Graph, deterrence
from detente.lenses.stability.horizon import horizons
from detente.lenses.stability.space import Ranks, Space
from detente.lenses.stability.witness import Answer, Node, Witness, shortest

Ends = NDArray[np.int64]


def simultaneous_witness(space: Space, graph: Graph, ranks: Ranks, i: int, s: int) -> Witness:
    """Return why state s is stable for actor i, or not, when the others may improve at the same moment.

    The sanction of an improvement is what others do at once, each step from s by itself; its ``end`` is the
    state that comes of all of it.
    """
    moves, rank = graph.moves(i, s).tolist(), ranks[i]
    gains = sorted((q for q in moves if rank[q] > rank[s]), key=lambda q: (-int(rank[q]), q))
    others = [j for j in range(graph.actors) if j != i]
    choices: list[list[int | None]] = [
        [None, *(y for y in graph.moves(j, s).tolist() if ranks[j, y] > ranks[j, s])] for j in others
    ]
    answers = []
    for q in gains:
        met = next(_met(space, rank, s, q, others, choices), None)
        if met is None:
            return Witness(stable=False, moves=len(moves), answers=(Answer(q, None),))
        answers.append(met)
    return Witness(stable=True, moves=len(moves), answers=tuple(answers))


def _met(
    space: Space, rank: Ranks, s: int, q: int, others: list[int], choices: list[list[int | None]]
) -> Iterator[Answer]:
    """Yield the simultaneous improvements that make a move to q end no better than s, fewest movers first."""
    combined = sorted(product(*choices), key=lambda choice: sum(y is not None for y in choice))
    for choice in combined:
        code = int(space.codes[q])
        for j, y in zip(others, choice, strict=True):
            if y is not None:
                block = ((1 << int(space.width[j])) - 1) << int(space.low[j])
                code = (code & ~block) | (int(space.codes[y]) & block)
        end = int(space.index[code])
        if end >= 0 and rank[end] <= rank[s]:
            steps = tuple(Step(j, y) for j, y in zip(others, choice, strict=True) if y is not None)
            yield Answer(q, steps, end=end)


def limited_witness(graph: Graph, ranks: Ranks, horizon: int, i: int, s: int) -> Witness:
    """Return why state s is stable for actor i, or not, when it looks some moves ahead.

    If stable, every improvement with the moves that are expected to follow it and where they end, no better than
    s; else the best move with what is expected to follow, which is better than s.
    """
    ends = horizons(graph, ranks, horizon)
    moves, rank = graph.moves(i, s).tolist(), ranks[i]
    if ends[horizon][i, s] == s:
        gains = sorted((q for q in moves if rank[q] > rank[s]), key=lambda q: (-int(rank[q]), q))
        answers = tuple(_expected(graph, ranks, ends, horizon - 1, i, q) for q in gains)
        return Witness(stable=True, moves=len(moves), answers=answers)
    answer = _best(graph, ranks, ends, horizon, i, s)
    return Witness(stable=False, moves=len(moves), answers=(answer,))


def _best(graph: Graph, ranks: Ranks, ends: list[Ends], h: int, i: int, s: int) -> Answer:
    expected = [_expected(graph, ranks, ends, h - 1, i, q) for q in graph.moves(i, s).tolist()]
    return max(expected, key=lambda one: (int(ranks[i, one.end or 0]), -one.to))


def _expected(graph: Graph, ranks: Ranks, ends: list[Ends], h: int, i: int, q: int) -> Answer:
    """Return what actor i expects to follow its move to q when the others look h moves ahead."""
    others = [j for j in range(graph.actors) if j != i]
    if not others or h == 0:
        return Answer(q, (), end=q)
    j = min(others, key=lambda one: (int(ranks[i, ends[h][one, q]]), int(ends[h][one, q])))
    end = int(ends[h][j, q])
    if end == q:
        return Answer(q, (), end=q)
    following = _best(graph, ranks, ends, h, j, q)
    return Answer(q, (Step(j, following.to), *(following.sanction or ())), end=end)


def coalition_witness(
    graph: Graph, reach: Reach, ranks: Ranks, concept: str, h: int, s: int, gains: Graph | None = None
) -> Witness:
    """Return why a state is stable for a coalition, or not, by ``cnash``, ``cgmr``, ``csmr`` or ``cseq``.

    Steps of a coalition and of those who deter it are moves of actors; by ``cseq`` those who deter move as
    coalitions, numbered after the movers of the graph in the order of ``reach``.

    Args:
        graph: states and moves.
        reach: of the graph.
        ranks: shape (k, m).
        concept: the concept.
        h: number of the coalition.
        s: the state.
        gains: improvements of every coalition, if they are at hand.
    """
    gains = improvements(reach, ranks) if gains is None else gains
    group = reach.coalitions[h]
    ends = gains.moves(h, s)
    ends = ends[np.argsort(-ranks[group[0], ends], kind="stable")]
    answers, moves = [], reach.ends(h, s).size
    own, among = _moving(graph, within=group), _moving(graph, without=group)
    joint = _joint(graph, reach, gains, group)
    brought_to = {i: deterrence(gains, ranks, (i, *group)) for i in group if concept == "cseq"}

    def fails(c: int) -> bool:
        return any(ranks[i, c] <= ranks[i, s] for i in group)

    def deters(c: int) -> bool:
        return fails(c) and (concept != "csmr" or all(fails(d) for d in reach.ends(h, c).tolist()))

    for q in ends.tolist():
        by = shortest(s, own, lambda y, q=q: y == q) or ()  # type: ignore[misc]
        met = None
        if concept == "cseq":
            possible = any(least[q] <= ranks[i, s] for i, least in brought_to.items())
            met = shortest(q, joint, deters) if possible else None
        elif concept != "cnash":
            met = shortest(q, among, deters)
        if met is None:
            return Witness(stable=False, moves=moves, answers=(Answer(q, None, by),))
        answers.append(Answer(q, met, by, met[-1].to))
    return Witness(stable=True, moves=moves, answers=tuple(answers))


def _moving(
    graph: Graph, within: tuple[int, ...] | None = None, without: tuple[int, ...] = ()
) -> Callable[[Node], Iterator[tuple[int, int]]]:
    """Return the moves of everybody within a set, or of everybody outside of one."""
    allowed = set(range(graph.actors) if within is None else within) - set(without)
    rows = [j for j, members in enumerate(graph.movers) if set(members) <= allowed]

    def arcs(node: Node) -> Iterator[tuple[int, int]]:
        x, last = node
        for j in rows:
            if j != last:
                yield from ((j, y) for y in graph.moves(j, x).tolist())

    return arcs


def _joint(
    graph: Graph, reach: Reach, gains: Graph, group: tuple[int, ...]
) -> Callable[[Node], Iterator[tuple[int, int]]]:
    """Return the improvements of coalitions that have no member in a group."""
    among = [n for n, other in enumerate(reach.coalitions) if not set(other) & set(group)]
    offset = len(graph.movers)

    def arcs(node: Node) -> Iterator[tuple[int, int]]:
        x, last = node
        for n in among:
            if offset + n != last:
                yield from ((offset + n, y) for y in gains.moves(n, x).tolist())

    return arcs
