"""How many alternatives can a rule choose among without going round in circles? The Nakamura number.

It is the least number of winning coalitions that have no member in common; with fewer alternatives than that the
core is never empty (Nakamura 1979, International Journal of Game Theory 8:55-61). What winning coalitions leave
out has to cover everybody, so it is the least number of minimal winning coalitions whose complements do.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.case.thresholds import Node, wins
from detente.case.voting.compound import Compound
from detente.lenses.power.minimal_coalitions import Coalitions
from detente.lenses.programs import Program

MOST_SHAPES = 3_000
_SECONDS = 2.0


def nakamura(game: Compound, minimal: Coalitions) -> int | None:
    """Return the Nakamura number of a rule without vetoers.

    Members of a kind are interchangeable, so coalitions can be laid out such that their complements cover a kind
    as soon as they leave out as many of it, together, as there are: an integer program over shapes. ``None`` where
    there are too many shapes, or it was not settled in time.
    """
    sizes = np.array([kind.size for kind in game.kinds])
    left_out = sizes - np.array([shape for shape, _ in minimal.shapes])
    if len(left_out) > MOST_SHAPES:
        return None
    program = Program()
    columns = [program.column(0.0, float(sizes.sum()), cost=1.0, integer=True) for _ in left_out]
    for size, spared in zip(sizes, left_out.T, strict=True):
        program.at_least(((columns[k], float(spared[k])) for k in np.flatnonzero(spared)), float(size))
    answer = program.solve(_SECONDS)
    if answer.columns is None:
        return None
    chosen = np.rint(answer.columns).astype(np.int64)
    number = int(chosen.sum())
    covers = bool((left_out.T @ chosen >= sizes).all())
    return number if covers and number - answer.bound < 1 - 1e-6 else None


def of_three(rule: Node, weight: Sequence[int]) -> int | None:
    """Return 3 for a rule without vetoers or two disjoint winning coalitions, if it is soon found to be 3.

    Everybody is put, the mightiest first, into the lightest of three groups without which the others still win.
    It must be known that the number is 3 at least; ``weight`` is the might of each voter.
    """
    groups = np.zeros((3, len(weight)), dtype=np.bool_)
    load = [0, 0, 0]
    for voter in sorted(range(len(weight)), key=lambda v: -weight[v]):
        tried = groups.copy()
        tried[:, voter] = True
        spared = wins(rule, ~tried)
        free = [g for g in range(3) if spared[g]]
        if not free:
            return None
        lightest = min(free, key=lambda g: load[g])
        groups[lightest, voter] = True
        load[lightest] += weight[voter]
    return 3
