"""Strength of preference and the unknown, written down one by one for clarity, slow.

A preference is a table: how state q compares with state s for an actor, one of ``>>``, ``>``, ``=``, ``<``, ``<<``
and ``?``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.lenses.stability.literal_definitions import Arcs

Table = tuple[tuple[str, ...], ...]  # row s, column q
OPPOSITE = {">>": "<<", ">": "<", "=": "=", "<": ">", "<<": ">>", "?": "?"}


@dataclass(frozen=True)
class Compared:
    """A graph whose movers are sets of actors, and how states compare for each actor."""

    states: int
    movers: tuple[frozenset[int], ...]
    arcs: tuple[Arcs, ...]  # of each mover
    tables: tuple[Table, ...]  # of each actor

    def moves(self, i: int, s: int) -> set[int]:
        return {
            q
            for mover, arcs in zip(self.movers, self.arcs, strict=True)
            if mover == {i}
            for x, q in arcs
            if x == s
        }

    def is_(self, i: int, q: int, s: int, signs: str) -> bool:
        return self.tables[i][s][q] in signs.split()

    def reach(self, without: int, s: int, pays: Callable[[int, int, int], bool]) -> set[int]:
        """Where legal sequences of at least one move of everybody but one actor lead."""
        seen: set[tuple[int, int]] = set()
        waiting = [(s, -1)]
        while waiting:
            x, last = waiting.pop()
            for number, (mover, arcs) in enumerate(zip(self.movers, self.arcs, strict=True)):
                if number == last or without in mover:
                    continue
                for a, y in arcs:
                    if a == x and (y, number) not in seen and all(pays(i, x, y) for i in mover):
                        seen.add((y, number))
                        waiting.append((y, number))
        return {y for y, _ in seen}


LEAVES = {"a": "> >> ?", "b": "> >>", "c": "> >> ?", "d": "> >>"}
DETERRED = {"a": "= < <<", "b": "= < <<", "c": "= < << ?", "d": "= < << ?"}
STRONGLY = {"a": "<<", "b": "<<", "c": "<< ?", "d": "<< ?"}


def stable(model: Compared, concept: str, variant: str, i: int, s: int, *, strong: bool = False) -> bool:
    """Whether s is stable for i by a reading of the unknown (with nothing unknown all four are the same)."""
    deters = (STRONGLY if strong else DETERRED)[variant]

    def pays(j: int, x: int, y: int) -> bool:
        return concept != "seq" or model.is_(j, y, x, "> >> ?")

    def sanctions(c: int) -> bool:
        if not model.is_(i, c, s, deters):
            return False
        return concept != "smr" or all(model.is_(i, d, s, deters) for d in model.moves(i, c))

    def deterred(q: int) -> bool:
        return concept != "nash" and any(sanctions(c) for c in model.reach(i, q, pays))

    return all(deterred(q) for q in model.moves(i, s) if model.is_(i, q, s, LEAVES[variant]))


def everything(
    model: Compared, concepts: Iterable[str], variant: str, actors: int, *, strong: bool = False
) -> dict[str, list[list[bool]]]:
    """What is stable for whom, by several concepts."""
    return {
        concept: [
            [stable(model, concept, variant, i, s, strong=strong) for s in range(model.states)]
            for i in range(actors)
        ]
        for concept in concepts
    }
