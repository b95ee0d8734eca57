"""How is one round of the challenge model played, for a block of draws?

The compiled loop over games: the order of the steps is here, the steps are in ``challenge_kernels.py``,
``challenge_printed.py`` and ``challenge_table.py``. Everything is compiled into one function, :func:`play_round`,
which is kept on disk.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from detente.lenses.bargaining.challenge_kernels import (
    TIE,
    Indices,
    expected_utility,
    fill_bases,
    foreseen_utility,
    raise_bases,
    set_exponents,
    stand,
    sum_security,
)
from detente.lenses.bargaining.challenge_printed import choose_offer, fill_chances, fill_others
from detente.lenses.bargaining.challenge_table import choose_reaction, fill_pairs, fill_shares
from detente.lenses.bargaining.compiled import inside, kept
from detente.lenses.bargaining.weights import SAME_PLACE, Array

_FILES = (
    "challenge_kernels.py",
    "challenge_printed.py",
    "challenge_table.py",
    "compiled.py",
    "powers.py",
    "weights.py",
)
_SOURCES = crc32(b"".join(Path(__file__).with_name(name).read_bytes() for name in _FILES))


class Rules(NamedTuple):
    """The switches of ``challenge.challenge``, as the compiled loop reads them.

    Attributes:
        published: play the variant of the published table; else the printed one.
        own_view: both sides count with their own exponents; else the one that may move with its own for both.
        loser_moves: in a conflict the weaker side moves to the stronger; else nobody moves.
        strongest: an actor takes the offer that its proposer gains most by; else the one of the least move.
        risk: exponents follow security; else all are 1.
        stay: probability Q that the challenged stays put when nobody challenges it.
    """

    published: bool
    own_view: bool
    loser_moves: bool
    strongest: bool
    risk: bool
    stay: float


@kept
def play_round(
    games: NDArray[np.int64],
    position: Array,
    salience: Array,
    weight: Array,
    span: Array,
    width: float,
    rules: Rules,
    exponent: Array,
    sources: int = _SOURCES,  # noqa: ARG001  part of the key on disk: a change in any of the files compiles anew
) -> None:
    """Move the actors of the chosen games, all at once.

    Args:
        games: which draws are played; nobody else moves.
        position: draws × actors, NaN where an actor has no stance; is overwritten.
        salience: the same shape.
        weight: the same shape, influence × salience.
        span: per draw, the range that distances are measured in; 0 for the range of this round.
        width: of the issue's scale.
        rules: how to play.
        exponent: draws × actors, filled with the risk exponents of this round.
        sources: not read.
    """
    actors = position.shape[1]
    present = np.empty(actors, dtype=np.int64)
    for game in games:
        n = 0
        for i in range(actors):
            present[n] = i
            n += not np.isnan(position[game, i])
        floats, order, group = np.empty((7, n)), np.empty(n, dtype=np.uintp), np.empty(n, dtype=np.uintp)
        here, attention, power, risk = floats[0], floats[1], floats[2], floats[3]
        for k in range(n):
            i = present[k]
            here[k], attention[k], power[k], risk[k] = (
                position[game, i],
                salience[game, i],
                weight[game, i],
                1.0,
            )
        count = stand(here, power, SAME_PLACE * width, order, group, floats[4:])
        value, size, crowd = floats[4, :count], floats[5, :count], floats[6, :count]
        unit = span[game] if span[game] > 0.0 else value[count - 1] - value[0]
        tie = TIE * max(1.0, width / unit)
        for g in range(count - 1, -1, -1):
            value[g] = (value[g] - value[0]) / unit
        target = _play(here, attention, power, group, value, size, crowd, rules, tie, risk)
        for k in range(n):
            position[game, present[k]], exponent[game, present[k]] = target[k], risk[k]


@inside
def _play(
    position: Array,
    salience: Array,
    weight: Array,
    group: Indices,
    place: Array,
    size: Array,
    crowd: Array,
    rules: Rules,
    tie: float,
    exponent: Array,
) -> Array:
    """Return where everybody goes, and set the exponents.

    Args:
        position: n, on the issue's own scale; equal within a group.
        salience: n.
        weight: n.
        group: n, which of G groups each is in.
        place: G, distance from the leftmost group in units of the range.
        size: G, number of actors.
        crowd: G, their weight.
        rules: how to play.
        tie: what counts as equal, in utility and in ``place``.
        exponent: n, given as 1; is overwritten.
    """
    n, count, stay, tables = group.size, place.size, rules.stay, 2
    if rules.published or (stay < 1.0 and rules.own_view):
        tables = 3
    elif stay < 1.0:
        tables = 4
    bases, raised = np.empty((tables, count, count)), np.empty((tables, n, count))
    near, far, other, mirror = raised[0], raised[1], raised[min(2, tables - 1)], raised[tables - 1]
    lose, middle, times = np.empty((count, count)), np.empty((1, 1), dtype=np.uintp), np.empty((1, 1))

    if rules.published:  # 1. chances
        middle, times = np.empty((count, count), dtype=np.uintp), np.empty((count, count))
        fill_pairs(place, size, n, bases[2], middle, times)
        for i in range(n):
            for q in range(count):
                other[i, q] = bases[2, group[i], q]
        fill_shares(weight, group, other, middle, times, lose)
    else:
        median = fill_chances(place, crowd, lose)
        if stay < 1.0:
            fill_others(place, median, tie, bases)
    if rules.risk:  # 2. exponents
        security = sum_security(place, size, lose, bases[min(2, tables - 1)], stay, group, salience)
        set_exponents(security, exponent)
    fill_bases(place, bases[0], bases[1])  # 3. expected utilities
    raise_bases(bases, exponent, group, rules.risk, raised)
    if rules.published:
        fill_shares(weight, group, other, middle, times, lose)
    utility = expected_utility(near, far, other, lose, stay, group, salience)
    foreseen = utility
    if rules.published or not rules.own_view:
        foreseen = foreseen_utility(near, far, mirror, lose, stay, group, salience)
    if rules.published:  # 4. moves
        return choose_reaction(utility, foreseen, tie, place, group, position)
    return choose_offer(utility, foreseen, rules.loser_moves, rules.strongest, tie, place, group, position)
