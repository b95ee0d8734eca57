"""Which states are there, and who can move between which? The option form of the graph model.

Every actor owns some options; a state says of every option whether it is taken. An actor moves by changing any
of its own options at once, in the directions that they allow, to a state that is feasible (Fang, Hipel &
Kilgour 1993; Fraser & Hipel 1984).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.case.parts.game import MAX_GAME_OPTIONS
from detente.case.parts.game.feasible import FEWER, too_many
from detente.case.parts.game.statement import Statement
from detente.errors import OptionError

Bits = NDArray[np.int64]
Mask = NDArray[np.bool_]
Ranks = NDArray[np.int32]

BOTH, FORWARD, BACK = 0, 1, 2
NOBODY = -1
MAX_OPTIONS = MAX_GAME_OPTIONS
LOW, WIDTH, FORWARD_ONLY, BACK_ONLY = 0, 1, 2, 3
"""Columns of `Space.blocks`."""


@dataclass(frozen=True, eq=False)
class Space:
    """A game in option form; options are laid out so that each actor's are neighbouring bits of a state's code."""

    owners: tuple[
        int, ...
    ]  # of every option, in the order in which options are stated; ``NOBODY`` where it stays
    directions: tuple[
        int, ...
    ]  # of every option: ``BOTH``, ``FORWARD`` (may only be taken) or ``BACK`` (dropped)
    actors: int  # how many there are, k
    order: tuple[int, ...]  # the option at each bit: the first actor's lowest, unowned ones highest
    feasible: Mask  # whether each of the 2^n codes may occur

    @classmethod
    def build(cls, owners: Sequence[int], actors: int, directions: Sequence[int] | None = None) -> Space:
        """Return the space in which every combination of options is feasible.

        Raises:
            OptionError: more options than the cap.
        """
        count = len(owners)
        if count > MAX_OPTIONS:
            raise OptionError(f"{too_many(count, actors)}. {FEWER[0].upper()}{FEWER[1:]}")
        order = sorted(range(count), key=lambda o: (owners[o] == NOBODY, owners[o]))
        directions = tuple(directions or [BOTH] * count)
        return cls(tuple(owners), directions, actors, tuple(order), np.ones(1 << count, dtype=np.bool_))

    def without(self, banned: Iterable[Mask]) -> Space:
        """Return the space without the states that the masks (over all codes) name."""
        feasible = self.feasible.copy()
        for mask in banned:
            feasible &= ~mask
        return Space(self.owners, self.directions, self.actors, self.order, feasible)

    @cached_property
    def bit(self) -> tuple[int, ...]:
        """Bit of every option, in the stated order."""
        places = {option: bit for bit, option in enumerate(self.order)}
        return tuple(places[option] for option in range(len(self.owners)))

    @cached_property
    def blocks(self) -> Bits:
        """Where each actor's options stand, shape (k, 4).

        Columns: lowest bit, number of options, and as bits within the actor's own block the options that may only
        be taken and those that may only be dropped.
        """
        found = np.zeros((self.actors, 4), dtype=np.int64)
        for owner in self.owners:
            if owner != NOBODY:
                found[owner, WIDTH] += 1
        found[1:, LOW] = np.cumsum(found[:-1, WIDTH])
        for direction, column in ((FORWARD, FORWARD_ONLY), (BACK, BACK_ONLY)):
            for option, owner in enumerate(self.owners):
                if owner != NOBODY and self.directions[option] == direction:
                    found[owner, column] |= 1 << int(self.bit[option] - found[owner, LOW])
        return found

    @cached_property
    def codes(self) -> Bits:
        """Code of every feasible state, ascending, shape (m,): state number s has ``codes[s]``."""
        return np.flatnonzero(self.feasible).astype(np.int64)

    @cached_property
    def index(self) -> NDArray[np.int32]:
        """Number of the state with each code, -1 where infeasible, shape (2^n,)."""
        index = np.full(self.feasible.size, -1, dtype=np.int32)
        index[self.codes] = np.arange(self.codes.size, dtype=np.int32)
        return index

    @property
    def most_moves(self) -> int:
        """How many moves there are at most."""
        return self.codes.size * int(sum(2 ** int(width) - 1 for width in self.blocks[:, WIDTH]))

    @property
    def is_whole(self) -> bool:
        """Whether every combination of options is feasible."""
        return bool(self.feasible.all())

    def where(self, statement: Statement, names: Sequence[str]) -> Mask:
        """Return where a statement holds about the options, by their names in the stated order; shape (2^n,)."""
        both = np.array(
            [False, True]
        )  # an axis for each bit of the codes, one entry long where it does not matter
        taken = {name: both.reshape(-1, *[1] * self.bit[names.index(name)]) for name in statement.names}
        return np.broadcast_to(statement.holds(taken), (2,) * len(self.owners)).reshape(-1)

    def text(self, state: int) -> str:
        """Return a state as Y and N in the stated order of the options."""
        code = int(self.codes[state])
        return "".join("Y" if code >> bit & 1 else "N" for bit in self.bit)

    def code_of(self, text: str) -> int:
        """Return the code of a state written as Y and N in the stated order of the options."""
        return sum(1 << bit for bit, letter in zip(self.bit, text, strict=True) if letter == "Y")
