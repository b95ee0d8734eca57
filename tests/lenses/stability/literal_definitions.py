"""The definitions of stability, written down one by one for clarity, slow, and independent of the package.

A model is a number of states, for each actor a set of arcs (from, to), and for each actor a rank per state. Moves
of coalitions are legal sequences: no actor moves twice in a row; A-B-A is legal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

Arcs = frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Model:
    """A graph model: states 0..m-1."""

    states: int
    arcs: tuple[Arcs, ...]
    ranks: tuple[tuple[int, ...], ...]

    @property
    def actors(self) -> range:
        return range(len(self.arcs))

    @cached_property
    def _after(self) -> list[dict[int, set[int]]]:
        return [{s: {q for x, q in arcs if x == s} for s, _ in arcs} for arcs in self.arcs]

    def moves(self, i: int, s: int) -> set[int]:
        return self._after[i].get(s, set())

    def better(self, i: int, q: int, s: int) -> bool:
        return self.ranks[i][q] > self.ranks[i][s]

    def improvements(self, i: int, s: int) -> set[int]:
        return {q for q in self.moves(i, s) if self.better(i, q, s)}

    def reach(self, group: Iterable[int], s: int, *, improving: bool = False) -> set[int]:
        """R_H(s) or R_H⁺(s): where legal sequences of at least one move lead."""
        step = self.improvements if improving else self.moves
        group = list(group)
        seen: set[tuple[int, int]] = set()
        waiting = [(q, j) for j in group for q in step(j, s)]
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            state, last = node
            waiting += [(q, j) for j in group if j != last for q in step(j, state)]
        return {state for state, _ in seen}

    def others(self, group: Iterable[int]) -> list[int]:
        return [j for j in self.actors if j not in set(group)]


def nash(model: Model, i: int, s: int) -> bool:
    return not model.improvements(i, s)


def gmr(model: Model, i: int, s: int) -> bool:
    return all(
        any(not model.better(i, c, s) for c in model.reach(model.others([i]), q))
        for q in model.improvements(i, s)
    )


def smr(model: Model, i: int, s: int) -> bool:
    return all(
        any(
            not model.better(i, c, s) and all(not model.better(i, d, s) for d in model.moves(i, c))
            for c in model.reach(model.others([i]), q)
        )
        for q in model.improvements(i, s)
    )


def seq(model: Model, i: int, s: int) -> bool:
    return all(
        any(not model.better(i, c, s) for c in model.reach(model.others([i]), q, improving=True))
        for q in model.improvements(i, s)
    )


CONCEPTS = {"nash": nash, "gmr": gmr, "smr": smr, "seq": seq}


def limited(model: Model, h: int) -> list[list[bool]]:
    """L_h for two actors: stable iff G_h(i, s) = s, by plain recursion."""

    def end(h: int, i: int, s: int) -> int:
        if h == 0:
            return s
        moves = sorted(model.moves(i, s))
        if not moves:
            return s
        ends = {q: end(h - 1, 1 - i, q) for q in moves}
        best = max(moves, key=lambda q: (model.ranks[i][ends[q]], -q))
        return ends[best] if model.better(i, ends[best], s) else s

    return [[end(h, i, s) == s for s in range(model.states)] for i in model.actors]


def coalitions(model: Model) -> list[tuple[int, ...]]:
    return [group for size in model.actors for group in combinations(model.actors, size + 1)]


def group_improvements(model: Model, group: Sequence[int], s: int) -> set[int]:
    """CI_H(s): reachable by the group and better for every member."""
    return {q for q in model.reach(group, s) if all(model.better(i, q, s) for i in group)}


def fails(model: Model, group: Sequence[int], c: int, s: int) -> bool:
    return any(not model.better(i, c, s) for i in group)


def cnash(model: Model, group: Sequence[int], s: int) -> bool:
    return not group_improvements(model, group, s)


def cgmr(model: Model, group: Sequence[int], s: int) -> bool:
    rest = model.others(group)
    return all(
        any(fails(model, group, c, s) for c in model.reach(rest, q))
        for q in group_improvements(model, group, s)
    )


def csmr(model: Model, group: Sequence[int], s: int) -> bool:
    rest = model.others(group)
    return all(
        any(
            fails(model, group, c, s) and all(fails(model, group, d, s) for d in model.reach(group, c))
            for c in model.reach(rest, q)
        )
        for q in group_improvements(model, group, s)
    )


def cseq(model: Model, group: Sequence[int], s: int) -> bool:
    rest = model.others(group)
    return all(
        any(fails(model, group, c, s) for c in coalitional_reach(model, rest, q))
        for q in group_improvements(model, group, s)
    )


def coalitional_reach(model: Model, among: Sequence[int], s: int) -> set[int]:
    """R⁺⁺: legal sequences of improvements by any coalitions among some actors, none twice in a row."""
    groups = [g for size in range(1, len(among) + 1) for g in combinations(among, size)]
    seen: set[tuple[int, tuple[int, ...]]] = set()
    waiting = [(q, g) for g in groups for q in group_improvements(model, g, s)]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        state, last = node
        waiting += [(q, g) for g in groups if g != last for q in group_improvements(model, g, state)]
    return {state for state, _ in seen}


COALITION_CONCEPTS = {"cnash": cnash, "cgmr": cgmr, "csmr": csmr, "cseq": cseq}


# --- option form ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Options:
    """A game in option form: states are tuples of booleans in the stated order of the options."""

    owners: tuple[int, ...]
    directions: tuple[int, ...]  # 0 both, 1 may only be taken, 2 may only be dropped
    actors: int
    feasible: tuple[tuple[bool, ...], ...]

    def arcs(self) -> tuple[Arcs, ...]:
        number = {state: n for n, state in enumerate(self.feasible)}
        return tuple(
            frozenset(
                (number[a], number[b]) for a in self.feasible for b in self.feasible if self.can(i, a, b)
            )
            for i in range(self.actors)
        )

    def can(self, i: int, a: tuple[bool, ...], b: tuple[bool, ...]) -> bool:
        changed = [o for o in range(len(a)) if a[o] != b[o]]
        return bool(changed) and all(
            self.owners[o] == i
            and not (self.directions[o] == 1 and a[o])
            and not (self.directions[o] == 2 and b[o])
            for o in changed
        )

    def model(self, ranks: Sequence[Sequence[int]]) -> Model:
        return Model(len(self.feasible), self.arcs(), tuple(tuple(rank) for rank in ranks))


def sim(options: Options, model: Model, i: int, s: int) -> bool:
    """Every improvement is met by some simultaneous improvements of others that make it no better."""
    number = {state: n for n, state in enumerate(options.feasible)}

    def replaced(state: tuple[bool, ...], j: int, source: tuple[bool, ...]) -> tuple[bool, ...]:
        return tuple(source[o] if options.owners[o] == j else state[o] for o in range(len(state)))

    def met(q: int) -> bool:
        others = model.others([i])
        answers = [[s, *model.improvements(j, s)] for j in others]
        for choice in product(*answers):
            state = options.feasible[q]
            for j, answer in zip(others, choice, strict=True):
                state = replaced(state, j, options.feasible[answer])
            if state in number and not model.better(i, number[state], s):
                return True
        return False

    return all(met(q) for q in model.improvements(i, s))
