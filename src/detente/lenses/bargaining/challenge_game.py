"""How are whole games of the challenge model played, for a block of draws?

The compiled loop over draws, issues and rounds of ``challenge.py``: who takes part, the order of the steps of a
round, what is recorded, and when to stop.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.lenses.bargaining.challenge_kernels import (
    SAME_PLACE,
    TIE,
    Indices,
    average,
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
from detente.lenses.bargaining.powers import INSIDE
from detente.lenses.bargaining.weights import Array

FIXED, SETTLED, CAP, CONVERGED, CYCLE = 0, 1, 2, 3, 4
"""Reasons for stopping, numbered as in ``challenge.Stop``."""


class Rules(NamedTuple):
    """What holds for all games of a block; the switches are those of ``challenge.challenge``.

    Attributes:
        published: play the variant of the published table; else the printed one.
        own_view: switch ``view``; the next four are ``conflict``, ``choice``, ``span`` and ``risk``.
        loser_moves: in a conflict the weaker side moves.
        strongest: the offer that its proposer gains most by is taken.
        first_range: distances are in units of the range of round 0.
        risk: exponents follow security.
        stay: probability Q.
        rounds: how many rounds at most.
        fixed: play all of them, unless everybody stands in one place.
    """

    published: bool
    own_view: bool
    loser_moves: bool
    strongest: bool
    first_range: bool
    risk: bool
    stay: float
    rounds: int
    fixed: bool


class Record(NamedTuple):
    """What is written down of every game: draws × issues × what is named.

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
    used: NDArray[np.int64]
    stopped: NDArray[np.int64]
    path: Array


class Game(NamedTuple):
    """One game in mid-round: n actors in their given order, up to n groups from left to right.

    Attributes:
        position: n, on the issue's own scale.
        salience: n.
        weight: n.
        exponent: n, risk exponents.
        order: n, the actors from left to right.
        group: n, which group each is in.
        value: positions of the groups.
        size: how many actors they have.
        crowd: their weights.
        below: weight to the left of each; one more.
    """

    position: Array
    salience: Array
    weight: Array
    exponent: Array
    order: Indices
    group: Indices
    value: Array
    size: Array
    crowd: Array
    below: Array


class Room(NamedTuple):
    """Working memory of a round, flat; :func:`_table` gives it shape.

    Attributes:
        bases: up to four tables G × G of what is raised to powers: near, far, others.
        raised: as many tables n × G of the powers.
        power: for taking powers.
        scale: for taking powers.
        lose: G × G, chances 1 − P.
        times: G × G, published variant only.
        votes: (G + 1) × G, likewise.
        middle: G × G, likewise.
        moment: G + 1, printed variant only.
        utility: n × n, what challenges are worth to the challenger.
        foreseen: n × n, what the challenged thinks of that.
        place: G.
        target: n, where everybody goes.
    """

    bases: Array
    raised: Array
    power: Array
    scale: Array
    lose: Array
    times: Array
    votes: Array
    middle: Indices
    moment: Array
    utility: Array
    foreseen: Array
    place: Array
    target: Array


@njit(**INSIDE)  # type: ignore[untyped-decorator]
def _make_room(n: int) -> Room:
    """Allocate for rounds of up to n actors."""
    return Room(
        bases=np.empty(4 * n * n),
        raised=np.empty(4 * n * n),
        power=np.empty(4 * n * n),
        scale=np.empty(4 * n * n),
        lose=np.empty(n * n),
        times=np.empty(n * n),
        votes=np.empty(n * n + n),
        middle=np.empty(n * n, dtype=np.uintp),
        moment=np.empty(n + 1),
        utility=np.empty(n * n),
        foreseen=np.empty(n * n),
        place=np.empty(n),
        target=np.empty(n),
    )


@njit(**INSIDE)  # type: ignore[untyped-decorator]
def _play_round(game: Game, room: Room, count: int, median: int, span: float, tie: float, rules: Rules) -> None:
    """Fill ``room.target`` with where every actor goes from here."""
    n, group, salience = game.position.size, game.group, game.salience
    published, stay, last = rules.published, rules.stay, 1
    if published:
        last = 2
    elif stay < 1.0:
        last = 2 if rules.own_view else 3
    bases = room.bases[: (last + 1) * count * count].reshape(last + 1, count, count)
    raised = room.raised[: (last + 1) * n * count].reshape(last + 1, n, count)
    near, far, other, mirror = raised[0], raised[1], raised[min(last, 2)], raised[last]
    lose, times = _table(room.lose, count, count), _table(room.times, count, count)
    votes = _table(room.votes, count + 1, count)
    middle = room.middle[: count * count].reshape(count, count)
    utility, foreseen = _table(room.utility, n, n), _table(room.foreseen, n, n)
    place = room.place[:count]
    for g in range(count):
        place[g] = (game.value[g] - game.value[0]) / span

    if published:  # 1. chances
        fill_pairs(place, game.size, n, bases[2], middle, times)
        for i in range(n):
            for q in range(count):
                other[i, q] = bases[2, group[i], q]
        fill_shares(game.weight, group, other, middle, times, votes, lose)
    else:
        fill_chances(place, game.crowd, game.below, room.moment, lose)
        if stay < 1.0:
            fill_others(place, median, tie, bases[2], bases[last])
    if rules.risk:  # 2. exponents
        fill_security(place, game.size, lose, bases[min(last, 2)], stay, group, salience, room.target)
        set_exponents(room.target, game.exponent)
    fill_bases(place, bases[0], bases[1])  # 3. expected utilities
    raise_bases(bases, game.exponent, group, rules.risk, raised, room.power, room.scale)
    if published:
        fill_shares(game.weight, group, other, middle, times, votes, lose)
    fill_utility(near, far, other, lose, stay, group, salience, utility)
    if published or not rules.own_view:
        fill_foreseen(near, far, mirror, lose, stay, group, salience, foreseen)
    else:
        for i in range(n):
            for j in range(n):
                foreseen[j, i] = utility[i, j]
    if published:  # 4. moves
        choose_reaction(utility, foreseen, tie, place, group, game.position, room.target)
    else:
        switches = rules.loser_moves, rules.strongest
        choose_offer(utility, foreseen, switches, tie, place, group, game.position, room.target)


@njit(**INSIDE)  # type: ignore[untyped-decorator]
def _table(memory: Array, rows: int, columns: int) -> Array:
    """Return the front of a piece of memory as a table."""
    return memory[: rows * columns].reshape(rows, columns)


@njit(**INSIDE)  # type: ignore[untyped-decorator]
def _play_game(
    game: Game, room: Room, rules: Rules, width: float, settled: float, history: Array, medians: Array, means: Array
) -> tuple[int, int]:
    """Play one game; return the rounds played and why it stopped.

    Args:
        game: the start; is left as the game ends, but for the exponents: those of the first round.
        room: working memory.
        rules: how to play.
        width: of the issue's scale.
        settled: the change of the median that counts as none.
        history: rounds + 1 × n, filled with the positions of all rounds played.
        medians: rounds + 1, filled; after the last round it is repeated.
        means: likewise.
    """
    same, calm, first = SAME_PLACE * width, 0, game.exponent.copy()
    count = stand(game.position, game.weight, same, game.order, game.group, game.value, game.size, game.crowd)
    means[0], median = average(game.value[:count], game.crowd, game.below)
    medians[0], history[0] = game.value[median], game.position
    span = game.value[count - 1] - game.value[0]
    used, stopped = 0, FIXED if rules.fixed else CAP
    for r in range(1, rules.rounds + 1):
        if count == 1:
            stopped = CONVERGED
            break
        if not rules.first_range:
            span = game.value[count - 1] - game.value[0]
        _play_round(game, room, count, median, span, TIE * max(1.0, width / span), rules)
        if r == 1:
            first[:] = game.exponent
        game.position[:] = room.target[: game.position.size]
        count = stand(game.position, game.weight, same, game.order, game.group, game.value, game.size, game.crowd)
        means[r], median = average(game.value[:count], game.crowd, game.below)
        medians[r], history[r] = game.value[median], game.position
        used = r
        if not rules.fixed and count > 1:
            calm = calm + 1 if abs(medians[r] - medians[r - 1]) < settled else 0
            back = _rounds_since(history, r)
            if calm == 2 or back == 1:
                stopped = SETTLED
                break
            if back > 1:
                stopped = CYCLE
                break
    game.exponent[:] = first
    medians[used + 1 :] = medians[used]
    means[used + 1 :] = means[used]
    return used, stopped


@njit(**INSIDE)  # type: ignore[untyped-decorator]
def _rounds_since(history: Array, now: int) -> int:
    """Return how many rounds ago everybody last stood where they stand now; 0 if never."""
    for r in range(now - 1, -1, -1):
        if (history[r] == history[now]).all():
            return now - r
    return 0


@njit(nogil=True, cache=False, error_model="numpy")  # type: ignore[untyped-decorator]
def play_block(
    position: Array, salience: Array, weight: Array, width: Array, settled: Array, rules: Rules, record: Record
) -> None:
    """Play every draw and issue and fill the record.

    Args:
        position: draws × issues × actors, NaN where an actor has no stance.
        salience: the same shape.
        weight: the same shape.
        width: per issue, width of its scale.
        settled: per issue, the change of the median that counts as none.
        rules: how to play.
        record: is filled, but for actors without a stance.
    """
    draws, issues, actors = position.shape
    room, floats, indices = _make_room(actors), np.empty((8, actors + 1)), np.empty((2, actors), dtype=np.uintp)
    history = np.empty((rules.rounds + 1) * actors)
    for d in range(draws):
        for p in range(issues):
            present = np.flatnonzero(~np.isnan(position[d, p]))
            n = present.size
            game = Game(
                position=floats[0, :n],
                salience=floats[1, :n],
                weight=floats[2, :n],
                exponent=floats[3, :n],
                order=indices[0, :n],
                group=indices[1, :n],
                value=floats[4, :n],
                size=floats[5, :n],
                crowd=floats[6, :n],
                below=floats[7, : n + 1],
            )
            for k in range(n):
                i = present[k]
                game.position[k], game.salience[k] = position[d, p, i], salience[d, p, i]
                game.weight[k], game.exponent[k], game.order[k] = weight[d, p, i], 1.0, k
            path = history[: (rules.rounds + 1) * n].reshape(rules.rounds + 1, n)
            medians, means = record.median[d, p], record.mean[d, p]
            used, stopped = _play_game(game, room, rules, width[p], settled[p], path, medians, means)
            record.used[d, p], record.stopped[d, p] = used, stopped
            for k in range(n):
                record.final[d, p, present[k]] = game.position[k]
                record.exponent[d, p, present[k]] = game.exponent[k]
                if record.path.shape[0]:
                    for r in range(rules.rounds + 1):
                        record.path[d, p, r, present[k]] = path[min(r, used), k]
