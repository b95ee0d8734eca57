"""Which coalitions are just enough, to carry and to block? Minimal ones, and the indices that only look at them.

A minimal winning coalition loses with any one member less; a minimal blocking coalition is one of the dual rule.
Deegan & Packel (1978, International Journal of Game Theory 7:113-123) share the power of a minimal winning
coalition equally, Holler (1982, Political Studies 30:262-271) gives each of its members all of it, Johnston (1978,
Environment and Planning A 10:907-914) shares that of every winning coalition among those without whom it loses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice, product
from math import comb, prod

import numpy as np

from detente.case.voting import profiles
from detente.case.voting.compound import Compound
from detente.case.voting.profiles import Mask
from detente.lenses.power.result import Share, Shares

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Coalitions:
    """Minimal coalitions: how many there are and, where they were not only counted, what they look like.

    Attributes:
        shapes: (how many of each kind, how many coalitions look so), the smallest coalitions first.
        listed: indexes of the members of each, the smallest first; the first `MOST_LISTED` of them.
    """

    count: int
    shapes: tuple[tuple[tuple[int, ...], int], ...]
    listed: tuple[tuple[int, ...], ...]


def minimal_winning(game: Compound, wins: Mask) -> Coalitions:
    """Return the minimal winning coalitions of a rule; ``wins`` says of each profile whether it wins."""
    held = np.argwhere(profiles.minimal(wins))
    held = held[np.argsort(held.sum(axis=1), kind="stable")]
    shapes = tuple((tuple(row), _ways(game, row)) for row in held.tolist())
    every = (coalition for shape, _ in shapes for coalition in _expanded(game, shape))
    return Coalitions(sum(ways for _, ways in shapes), shapes, tuple(islice(every, MOST_LISTED)))


def minimal_blocking(game: Compound, wins: Mask) -> Coalitions:
    """Return the minimal coalitions without which everybody else together loses."""
    return minimal_winning(game, ~np.flip(wins))


def _ways(game: Compound, held: Sequence[int]) -> int:
    return prod(comb(kind.size, number) for kind, number in zip(game.kinds, held, strict=True))


def _expanded(game: Compound, shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield the coalitions of a shape, as sorted indexes; not more than are listed."""
    chosen: list[tuple[int, ...]] = [()]
    for kind, number in zip(game.kinds, shape, strict=True):
        some = list(islice(combinations(kind.members, number), MOST_LISTED))
        chosen = list(islice((one + more for one, more in product(chosen, some)), MOST_LISTED))
    yield from (tuple(sorted(coalition)) for coalition in chosen)


def shares(game: Compound, wins: Mask, minimal: Coalitions) -> tuple[Shares, ...]:
    """Return the indices of one voter of each kind; ``wins`` says of each profile whether it wins."""
    held = [0] * len(game.kinds)
    equal = [Fraction(0)] * len(game.kinds)
    for shape, ways in minimal.shapes:
        for k, number in enumerate(shape):
            holding = ways * number // game.kinds[k].size
            held[k] += holding
            equal[k] += Fraction(holding, sum(shape))
    public = sum(kind.size * number for kind, number in zip(game.kinds, held, strict=True))
    blamed = _johnston(game, wins)
    whole = sum(kind.size * part for kind, part in zip(game.kinds, blamed, strict=True))
    return tuple(
        Shares(
            deegan_packel=Share.of(equal[k] / minimal.count),
            holler=Share.of(Fraction(held[k], public)),
            johnston=Share.of(blamed[k] / whole),
        )
        for k in range(len(game.kinds))
    )


def _johnston(game: Compound, wins: Mask) -> list[Fraction]:
    """Return, for a voter of each kind, the sum over winning coalitions of its share in their vulnerability."""
    critical, members = [], np.zeros(wins.shape, dtype=np.int64)
    for axis in range(len(game.kinds)):
        needed = np.zeros_like(wins)
        needed[profiles.along(axis, slice(1, None))] = profiles.flips(wins, axis)
        critical.append(needed)
        members += needed * profiles.held(axis, game)
    sums = [Fraction(0)] * len(game.kinds)
    for many in np.unique(members[members > 0]):
        at = members == many
        for axis in range(len(game.kinds)):
            # A coalition that holds one voter of the kind, without it: one less of the kind to choose from.
            one_less = (at & critical[axis])[profiles.along(axis, slice(1, None))]
            others = tuple(other.size - (k == axis) for k, other in enumerate(game.kinds))
            counts = profiles.by_size(one_less, others, game.voters)
            sums[axis] += Fraction(sum(counts), int(many))
    return sums
