"""What a game of options says, worked out state by state from its plain data, slow and independent of the package.

Wishes are pairs (option, whether it should be taken) with the marks ``strong`` and ``unknown``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from tests.lenses.stability.literal_preferences import Compared, Table

State = tuple[bool, ...]  # one value per option, in their order


@dataclass(frozen=True)
class Told:
    """A game before it is worked out.

    Attributes:
        owners: of every option, who can change it: one actor, several together, or nobody.
        directions: of every option, ``both``, ``forward`` or ``back``.
        actors: how many there are.
        banned: states that cannot be.
        one: states that count as one.
        unseen: per actor, states that it does not perceive.
        wishes: per actor, (option, wanted, strong, unknown), the most important first.
        pairs: per actor, pairs of states of which it is not known which is better.
    """

    owners: tuple[frozenset[int], ...]
    directions: tuple[str, ...]
    actors: int
    banned: frozenset[State]
    one: frozenset[State]
    unseen: tuple[frozenset[State], ...]
    wishes: tuple[tuple[tuple[int, bool, bool, bool], ...], ...]
    pairs: tuple[tuple[tuple[State, State], ...], ...]

    @property
    def feasible(self) -> list[State]:
        every = [tuple(reversed(bits)) for bits in product([False, True], repeat=len(self.owners))]
        return [state for state in every if state not in self.banned]

    @property
    def classes(self) -> list[frozenset[State]]:
        merged = frozenset(state for state in self.feasible if state in self.one)
        found: list[frozenset[State]] = []
        for state in self.feasible:
            cls = merged if state in merged else frozenset([state])
            if cls not in found:
                found.append(cls)
        return found

    def sign(self, i: int, q: State, s: State) -> str:
        """How state q compares with state s for actor i."""
        if (q, s) in self.pairs[i] or (s, q) in self.pairs[i]:
            return "?" if q != s else "="
        last = max((n for n, wish in enumerate(self.wishes[i]) if wish[2]), default=-1)
        for number, (option, wanted, _, unknown) in enumerate(self.wishes[i]):
            if q[option] != s[option]:
                if unknown:
                    return "?"
                better = q[option] == wanted
                return (">" if better else "<") * (2 if number <= last else 1)
        return "="

    def can(self, mover: frozenset[int], a: State, b: State) -> bool:
        changed = [o for o in range(len(a)) if a[o] != b[o]]
        return bool(changed) and all(
            self.owners[o] == mover and self.directions[o] != ("back" if b[o] else "forward") for o in changed
        )

    def compared(self) -> Compared:
        """Return the game as a graph with comparisons; states in the order of `classes`."""
        movers = [frozenset([i]) for i in range(self.actors)]
        movers += list(dict.fromkeys(owner for owner in self.owners if len(owner) > 1))
        number = {state: n for n, cls in enumerate(self.classes) for state in cls}
        arcs = []
        for mover in movers:
            blind = {state for i in mover for state in self.unseen[i]}
            arcs.append(
                frozenset(
                    (number[a], number[b])
                    for a, b in product(self.feasible, repeat=2)
                    if self.can(mover, a, b) and not {a, b} & blind and number[a] != number[b]
                )
            )
        tables = tuple(self._table(i) for i in range(self.actors))
        return Compared(len(self.classes), tuple(movers), tuple(arcs), tables)

    def _table(self, i: int) -> Table:
        def sign(q: frozenset[State], s: frozenset[State]) -> str:
            signs = {self.sign(i, one, other) for one in q for other in s}
            if q == s:
                return "="
            return "?" if "?" in signs else min(signs)

        return tuple(tuple(sign(q, s) for q in self.classes) for s in self.classes)


def letters(state: State) -> str:
    return "".join("Y" if taken else "N" for taken in state)


def written(told: Told) -> dict[str, Any]:
    """Return the plain data of a case with the game."""
    actors = [f"a{i}" for i in range(told.actors)]
    options: dict[str, dict[str, Any]] = {}
    for o, owner in enumerate(told.owners):
        option: dict[str, Any] = {"moves": told.directions[o]}
        if len(owner) == 1:
            option["actor"] = actors[min(owner)]
        elif owner:
            option["actors"] = [actors[i] for i in sorted(owner)]
        options[f"o{o}"] = option
    game = {
        "options": options,
        "infeasible": [letters(state) for state in sorted(told.banned)],
        "misperceives": {
            actor: [letters(state) for state in sorted(states)]
            for actor, states in zip(actors, told.unseen, strict=True)
            if states
        },
        "preferences": {actor: _wants(told, i) for i, actor in enumerate(actors)},
    }
    merged = [letters(state) for state in sorted(told.one) if state in told.feasible]
    if merged:
        game["merged"] = [" or ".join(f"({_spelt(state)})" for state in merged)]
    return {"title": "t", "actors": {actor: {"name": actor} for actor in actors}, "game": game}


def _spelt(state: str) -> str:
    return " and ".join(f"o{o}" if letter == "Y" else f"not o{o}" for o, letter in enumerate(state))


def _wants(told: Told, i: int) -> dict[str, Any]:
    return {
        "statements": [
            {"statement": f"{'' if wanted else 'not '}o{option}", "strong": strong, "unknown": unknown}
            for option, wanted, strong, unknown in told.wishes[i]
        ],
        "unknown": [[letters(one), letters(other)] for one, other in told.pairs[i]],
    }


def in_order(told: Told, texts: Sequence[str], members: Mapping[str, tuple[str, ...]]) -> list[int]:
    """Return which of the literal states each of the package's states is."""
    number: Callable[[str], int] = lambda text: next(  # noqa: E731
        n for n, cls in enumerate(told.classes) if text in {letters(state) for state in cls}
    )
    return [number(members[text][0] if text in members else text) for text in texts]
