"""How is one round of the challenge model played, for a block of draws?

The compiled loop over games of ``challenge.py``; the order of the steps is here, the steps are in
``challenge_kernels.py``, ``challenge_printed.py`` and ``challenge_table.py``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.lenses.bargaining.challenge_kernels import (
    SAME_PLACE,
    TIE,
    fill_bases,
    fill_foreseen,
    fill_security,
    fill_utility,
    raise_bases,
    set_exponents,
    stand,
)
from detente.lenses.bargaining.challenge_printed import choose_offer, fill_chances, fill_others
from detente.lenses.bargaining.challenge_table import choose_reaction, fill_pairs, fill_shares
from detente.lenses.bargaining.weights import Array


class Rules(NamedTuple):
    """x."""

    published: bool
    own_view: bool
    loser_moves: bool
    strongest: bool
    risk: bool
    stay: float


@njit(nogil=True, cache=False, error_model="numpy")  # type: ignore[untyped-decorator]
def play_round(
    games: NDArray[np.int64],
    position: Array,
    salience: Array,
    weight: Array,
    span: Array,
    width: float,
    rules: Rules,
    exponent: Array,
) -> None:
    """Move the actors of the given games."""
    published, stay = rules.published, rules.stay
    tables = 3 if published else 2
    if stay < 1.0:
        tables = 3 if rules.own_view else 4
    other = min(2, tables - 1)
    actors = position.shape[1]
    present = np.empty(actors, dtype=np.int64)
    for game in games:
        n = 0
        for i in range(actors):
            present[n] = i
            n += not np.isnan(position[game, i])
        own, floats = np.empty((2, n), dtype=np.uintp), np.ones((7, n))
        x, s, w, r = floats[0], floats[1], floats[2], floats[3]
        for k in range(n):
            x[k], s[k], w[k] = position[game, present[k]], salience[game, present[k]], weight[game, present[k]]
        group = own[1]
        count = stand(x, w, SAME_PLACE * width, own[0], group, floats[4:])
        size, crowd, place = floats[5, :count], floats[6, :count], np.empty(count)
        unit = span[game] if span[game] > 0.0 else floats[4, count - 1] - floats[4, 0]
        for g in range(count):
            place[g] = (floats[4, g] - floats[4, 0]) / unit
        tie = TIE * max(1.0, width / unit)
        bases, raised, lose = np.empty((tables, count, count)), np.empty((tables, n, count)), np.empty((count, count))
        near, far = raised[0], raised[1]
        utility, foreseen = np.empty((n, n)), np.empty((n, n))
        if published:
            middle, times = np.empty((count, count), dtype=np.uintp), np.empty((count, count))
            fill_pairs(place, size, n, bases[2], middle, times)
            for i in range(n):
                for q in range(count):
                    raised[2, i, q] = bases[2, group[i], q]
            fill_shares(w, group, raised[2], middle, times, lose)
        else:
            median = fill_chances(place, crowd, lose)
            if stay < 1.0:
                fill_others(place, median, tie, bases[2], bases[tables - 1])
        if rules.risk:
            set_exponents(fill_security(place, size, lose, bases[other], stay, group, s), r)
        fill_bases(place, bases[0], bases[1])
        raise_bases(bases, r, group, rules.risk, raised)
        if published:
            fill_shares(w, group, raised[2], middle, times, lose)
        fill_utility(near, far, raised[other], lose, stay, group, s, utility)
        if published or not rules.own_view:
            fill_foreseen(near, far, raised[tables - 1], lose, stay, group, s, foreseen)
        else:
            for i in range(n):
                for j in range(n):
                    foreseen[j, i] = utility[i, j]
        if published:
            target = choose_reaction(utility, foreseen, tie, place, group, x)
        else:
            target = choose_offer(utility, foreseen, rules.loser_moves, rules.strongest, tie, place, group, x)
        for k in range(n):
            position[game, present[k]], exponent[game, present[k]] = target[k], r[k]
