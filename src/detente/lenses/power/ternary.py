"""How much power does each vote have where members may abstain? The indices of a ternary voting game, exactly.

Felsenthal & Machover (1997), *Ternary voting games*, International Journal of Game Theory 26:335-351: each of n
members votes yes, abstains or votes no. With all 3^(n-1) ways of the others alike, the Banzhaf measure is the
share of them in which a vote of yes carries and a vote of no does not. For the Shapley-Shubik index members vote
one after the other, in all n! orders and 3^n ways alike; the pivot is the one after whose vote the outcome is
settled, whatever the rest do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import Node, Voter, passes
from detente.case.voting.compound import Compound
from detente.lenses.power.result import AbstentionPower, Share

MOST_CELLS = 40_000
MOST_VOTES = 20_000_000
Sizes = dict[tuple[int, int], int]
"""(number of votes of one sort, of another) → number of ways."""


def abstention(rule: Node, game: Compound, labels: Sequence[str]) -> tuple[AbstentionPower, ...] | None:
    """Return the power of one voter of each kind of a rule that says what abstaining does; else ``None``.

    ``None`` too where there are too many ways for the kinds to vote.
    """
    cells = prod((kind.size + 1) ** 2 for kind in game.kinds)
    if not _says(rule) or cells > MOST_CELLS or cells * game.voters > MOST_VOTES:
        return None
    carried = _carried(rule, game)
    decided, pivots = [], []
    for k in range(len(game.kinds)):
        ways = list(_others(game, carried, k))
        decided.append(sum(many for many, _, yes, _, no in ways if yes and not no))
        pivots.append(_pivot(ways, game.voters - 1))
    everyone = sum(kind.size * own for kind, own in zip(game.kinds, decided, strict=True))
    return tuple(
        AbstentionPower(
            members=tuple(dict.fromkeys(labels[v] for v in kind.members)),
            count=kind.size,
            banzhaf=Share.of(Fraction(own, 3 ** (game.voters - 1))),
            banzhaf_normalised=Share.of(Fraction(own, everyone)),
            shapley_shubik=Share.of(pivot),
        )
        for kind, own, pivot in zip(game.kinds, decided, pivots, strict=True)
    )


def _says(rule: Node) -> bool:
    """Tell whether a rule anywhere says what abstaining does."""
    if isinstance(rule, Voter):
        return False
    return rule.abstention is not None or any(_says(part) for _, part in rule.parts)


def _carried(rule: Node, game: Compound) -> NDArray[np.bool_]:
    """Return whether a motion is carried, by how many of each kind vote yes and abstain.

    Its shape is (s₁ + 1, s₁ + 1, s₂ + 1, s₂ + 1 …) for kinds of s₁, s₂ … members. Where more than all of a kind
    vote, no entry is meant.
    """
    shape = [kind.size + 1 for kind in game.kinds for _ in range(2)]
    held = np.indices(shape).reshape(len(shape), -1)
    yes, no = (np.zeros((held.shape[1], game.voters), dtype=np.bool_) for _ in range(2))
    for k, kind in enumerate(game.kinds):
        order = np.arange(kind.size)
        agreed, silent = held[2 * k][:, None], held[2 * k + 1][:, None]
        yes[:, list(kind.members)] = order < agreed
        no[:, list(kind.members)] = order >= agreed + silent
    return passes(rule, yes, no).reshape(shape)


Way = tuple[int, tuple[int, int], bool, bool, bool]


def _others(game: Compound, carried: NDArray[np.bool_], k: int) -> Iterator[Way]:
    """Yield the ways in which the others of a voter of kind k may vote.

    That is how many look alike, their numbers of yes and of abstentions, and whether the motion is carried if the
    voter says yes, abstains, says no.
    """
    sizes = [kind.size - (j == k) for j, kind in enumerate(game.kinds)]
    room = np.indices([size + 1 for size in sizes for _ in range(2)]).reshape(2 * len(sizes), -1).T
    fits = (room[:, 0::2] + room[:, 1::2] <= np.array(sizes)).all(axis=1)
    for cell in room[fits].tolist():
        ways = prod(
            comb(size, cell[2 * j]) * comb(size - cell[2 * j], cell[2 * j + 1])
            for j, size in enumerate(sizes)
        )
        one, other = list(cell), list(cell)
        one[2 * k] += 1
        other[2 * k + 1] += 1
        votes = (bool(carried[tuple(one)]), bool(carried[tuple(other)]), bool(carried[tuple(cell)]))
        yield ways, (sum(cell[0::2]), sum(cell[1::2])), *votes


def _pivot(ways: Sequence[Way], others: int) -> Fraction:
    """Return how often a voter's vote settles the outcome, when all vote one after the other.

    Settled for: carried even if all who have not voted say no. Settled against: not carried even if they say
    yes. Of the ways in which k others have voted before, those settled before its vote are taken from those
    settled after it.
    """
    settled = [0] * (others + 1)  # three times the gain, by how many have voted before
    for many, (agreed, silent), yes, middle, no in ways:
        against = others - agreed - silent
        won = (yes + middle + no) - 3 * no  # one of three votes is cast; before it the voter counts as a no
        lost = (3 - yes - middle - no) - 3 * (not yes)
        for before in range(others + 1):
            if won and agreed + silent <= before:
                settled[before] += won * many * comb(against, before - agreed - silent)
            if lost and against + silent <= before:
                settled[before] += lost * many * comb(agreed, before - against - silent)
    return sum(
        (Fraction(gain, 3 ** (before + 1) * comb(others, before)) for before, gain in enumerate(settled)),
        Fraction(0),
    ) / (others + 1)
