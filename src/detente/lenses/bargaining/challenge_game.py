"""How are whole games of the challenge model played, for a block of draws?

The compiled loop over draws, issues and rounds of ``challenge.py``: who takes part, what is recorded, when to stop.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from detente.lenses.bargaining.challenge_kernels import (
    SAME_PLACE,
    TIE,
    Actors,
    Groups,
    Indices,
    Room,
    average,
    make_groups,
    make_room,
    measure,
    stand,
)
from detente.lenses.bargaining.challenge_printed import Switches, play_printed
from detente.lenses.bargaining.challenge_table import play_table
from detente.lenses.bargaining.weights import Array

FIXED, SETTLED, CAP, CONVERGED, CYCLE = 0, 1, 2, 3, 4
"""Reasons for stopping, in the order of ``challenge.Stop``."""


class Rules(NamedTuple):
    """What holds for all games of a block.

    Attributes:
        published: play the variant of the published table; else the printed one.
        first_range: distances are measured by the range of round 0; else by that of each round.
        rounds: how many rounds at most.
        fixed: play all of them, unless everybody stands in one place.
    """

    published: bool
    first_range: bool
    rounds: int
    fixed: bool


class Record(NamedTuple):
    """What is written down of every game; draws × issues × what is named.

    Attributes:
        median: rounds + 1, weighted median.
        mean: rounds + 1, weighted mean.
        final: actors, position when the game stops.
        exponent: actors, risk exponents of the first round.
        used: rounds played.
        stopped: reason for stopping.
        path: rounds + 1 × actors, all positions; no draws where the path is not kept.
    """

    median: Array
    mean: Array
    final: Array
    exponent: Array
    used: Indices
    stopped: Indices
    path: Array


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def play_block(
    position: Array,
    salience: Array,
    weight: Array,
    width: Array,
    settled: Array,
    rules: Rules,
    switches: Switches,
    record: Record,
) -> None:
    """Play every draw and issue and fill the record.

    Args:
        position: draws × issues × actors, NaN where an actor has no stance.
        salience: the same shape.
        weight: the same shape, 0 where there is no stance.
        width: per issue, width of its scale.
        settled: per issue, the change of the median that counts as none.
        rules: which variant, how long.
        switches: what the printed variant leaves open.
        record: is filled.
    """
    draws, issues, n = position.shape
    present = np.empty(n, dtype=np.int64)
    groups, room, history = make_groups(n), make_room(n), np.empty((rules.rounds + 1, n))
    memory = np.empty((4, n))
    whole = np.empty((2, n), dtype=np.int64)
    for d in range(draws):
        for p in range(issues):
            count = 0
            for i in range(n):
                if not np.isnan(position[d, p, i]):
                    present[count] = i
                    memory[0, count] = position[d, p, i]
                    memory[1, count] = salience[d, p, i]
                    memory[2, count] = weight[d, p, i]
                    memory[3, count] = 1.0
                    whole[1, count] = count
                    count += 1
            actors = Actors(
                position=memory[0, :count],
                salience=memory[1, :count],
                weight=memory[2, :count],
                exponent=memory[3, :count],
                group=whole[0, :count],
                order=whole[1, :count],
            )
            _write_exponents(actors, present, record.exponent[d, p])
            used, stopped = _play_game(
                actors, groups, room, history, width[p], settled[p], rules, switches,
                record.median[d, p], record.mean[d, p], present, record.exponent[d, p],
            )
            record.used[d, p], record.stopped[d, p] = used, stopped
            for k in range(count):
                record.final[d, p, present[k]] = history[used, k]
            if record.path.shape[0]:
                for r in range(rules.rounds + 1):
                    for k in range(count):
                        record.path[d, p, r, present[k]] = history[min(r, used), k]


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _play_game(
    actors: Actors,
    groups: Groups,
    room: Room,
    history: Array,
    width: float,
    settled: float,
    rules: Rules,
    switches: Switches,
    medians: Array,
    means: Array,
    present: Indices,
    exponent: Array,
) -> tuple[int, int]:
    """Play one game; return the rounds played and why it stopped."""
    same, calm = SAME_PLACE * width, 0
    count = stand(actors, groups, same)
    span = groups.value[count - 1] - groups.value[0]
    means[0], median = average(actors, groups, count)
    medians[0] = groups.value[median]
    history[0, : actors.position.size] = actors.position
    used, stopped = 0, FIXED if rules.fixed else CAP
    for r in range(1, rules.rounds + 1):
        if count == 1:
            stopped = CONVERGED
            break
        if not rules.first_range:
            span = groups.value[count - 1] - groups.value[0]
        measure(groups, count, median, span)
        tie = TIE * max(1.0, width / span)
        if rules.published:
            play_table(actors, groups, room, count, switches.risk, tie)
        else:
            play_printed(actors, groups, room, count, switches, tie)
        if r == 1:
            _write_exponents(actors, present, exponent)
        actors.position[:] = room.target[: actors.position.size]
        count = stand(actors, groups, same)
        means[r], median = average(actors, groups, count)
        medians[r] = groups.value[median]
        history[r, : actors.position.size] = actors.position
        used = r
        if not rules.fixed:
            calm = calm + 1 if abs(medians[r] - medians[r - 1]) < settled else 0
            back = _rounds_since(history, r, actors.position.size)
            if calm == 2 or back == 1:
                stopped = SETTLED
                break
            if back > 1:
                stopped = CYCLE
                break
    medians[used + 1 :] = medians[used]
    means[used + 1 :] = means[used]
    return used, stopped


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _write_exponents(actors: Actors, present: Indices, exponent: Array) -> None:
    """Write the exponents of the actors that take part."""
    for k in range(actors.exponent.size):
        exponent[present[k]] = actors.exponent[k]


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _rounds_since(history: Array, now: int, n: int) -> int:
    """Return how many rounds ago everybody last stood where they stand now; 0 if never."""
    for r in range(now - 1, -1, -1):
        same = True
        for k in range(n):
            if history[r, k] != history[now, k]:
                same = False
                break
        if same:
            return now - r
    return 0
