"""How is one round of position exchange played out fast enough for thousands of draws?

The compiled half of ``exchange.py``, which describes the model and numbers its steps.

What a trade can do to the mean of an issue depends on one issue at a time: ``reach[p, i, j]`` is the largest
shift of M_p towards demander i that supplier j can bring about, whether the supplier's road or the demander's
own position ends it first. A candidate then costs two look-ups and two products,

    gain = min(reach[p, i, j] · per_demanded, reach[q, j, i] · per_returned),
    per_demanded = Δ/(s_iq + s_jq),  per_returned = Δ/(s_ip + s_jp),  Δ = s_ip s_jq − s_iq s_jp > 0,

because equal gain fixes the ratio of the two shifts. A trade moves the means of its two issues, so only the
``reach`` of those issues and the best candidates of the issue pairs that contain one of them are worked out
again. (Measured against this: evaluating all candidates before every trade, an indexed heap, and dropping
exhausted candidates as one goes; each was slower.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.compiled import inside, kept
from detente.lenses.bargaining.averages import Array

Indices = NDArray[np.int64]
Index = int | np.int64

SIDE_TOLERANCE = 1e-9
"""An actor this close to the mean, on the scale 0..100, counts as standing on it."""
SMALLEST_GAIN = 1e-10
"""A trade that brings less is no trade. With saliences up to 1, every move of a trade is then larger still."""
TIE_RELATIVE = 1e-9
TIE_ABSOLUTE = 1e-12
"""A gain that lacks at most ``TIE_RELATIVE`` × the best + ``TIE_ABSOLUTE`` is as good as the best."""
ARRIVED = 1.0 - 1e-12
"""Share of the road to the demander after which the supplier takes over the demander's very number."""
MOVE = 9
"""Columns of the log of moves: draw, issue, demander, supplier, gain; vote and mean before the move and after."""


class Draw(NamedTuple):
    """One draw in mid-round; arrays of issues × actors, positions on the scale 0..100.

    Attributes:
        start: where actors stand, NaN without a stance.
        voting: where they vote; the trades move it.
        salience: of every issue to every actor.
        share: every actor's part of the weight on an issue, 0 without a stance.
        mean: where the vote would end now (one entry per issue).
        side: -1 for actors on or left of the mean when the round began, 1 right of it, 0 without a stance.
        reach: largest shift of the mean by trade; actors as demander × n + supplier.
    """

    start: Array
    voting: Array
    salience: Array
    share: Array
    mean: Array
    side: Array
    reach: Array


class Candidates(NamedTuple):
    """Pairs of actors on opposite sides on both issues of a pair, sorted by issue pair.

    Issue pair number k, with issues ``demanded[k]`` < ``returned[k]``, owns entries ``first[k]`` to
    ``first[k + 1]`` of the arrays after it, and ``best[k]`` is the largest gain among them. ``forth`` is
    demander × n + supplier, ``back`` the reverse.
    """

    demanded: Indices
    returned: Indices
    best: Array
    first: Indices
    forth: Indices
    back: Indices
    per_demanded: Array
    per_returned: Array


class Played(NamedTuple):
    """What rounds leave behind; ``play_round`` adds one to it."""

    voting: Array  # draws × issues × actors, on the scale 0..100; the round's start before, its end after
    n_candidates: Indices  # per draw, pairs of actors on opposite sides on both issues of a pair
    n_trades: Indices  # per draw
    broken_off: NDArray[np.bool_]  # per draw, whether trades were left when a round ended


def room(present: Indices) -> tuple[Candidates, Array, Array, Array]:
    """Return room for the most candidates of those ``present`` (issues × actors), and for mean, side and reach."""
    (issues, actors), both = present.shape, present @ present.T
    demanded, returned = (np.ascontiguousarray(one, np.int64) for one in np.triu_indices(issues, 1))
    pairs, most = len(demanded), int((both[demanded, returned] ** 2 // 4).sum())  # half on either side
    first, forth, back = (np.empty(size, np.int64) for size in (pairs + 1, most, most))
    best, per_demanded, per_returned = (np.empty(size) for size in (pairs, most, most))
    candidates = Candidates(demanded, returned, best, first, forth, back, per_demanded, per_returned)
    return candidates, np.empty(issues), np.empty((issues, actors)), np.empty((issues, actors * actors))


@kept
def play_round(
    start: Array,
    salience: Array,
    share: Array,
    max_trades: int,
    keep: bool,
    played: Played,
    candidates: Candidates,
    mean: Array,
    side: Array,
    reach: Array,
) -> tuple[Array, Array, Index]:
    """Play one round in every draw (steps 1 to 6).

    Arrays are draws × issues × actors, the start on the scale 0..100, shares with a sum of 1 over the actors of
    an issue; ``played.voting`` must equal ``start``. For candidates, mean, side and reach see :func:`room`.

    Returns:
        The log, two moves per trade (on the demanded issue first), what each trade does to every actor, trades ×
        actors (0 for the two traders), and how many rows of the log count.
    """
    actors, used = start.shape[2], np.int64(0)
    log = np.empty((128 if keep else 2, MOVE))
    externality = np.empty((len(log) // 2, actors))
    for d in range(len(start)):
        draw = Draw(start[d], played.voting[d], salience[d], share[d], mean, side, reach)
        _open(draw)
        played.n_candidates[d] += _collect(draw, candidates)
        pair, entry, gain = _find_best(draw, candidates, np.int64(-1))
        trades = 0
        while pair >= 0 and trades < max_trades:
            if used + 2 > len(log):
                log, externality = _longer(log), _longer(externality)
            i, j = candidates.forth[entry] // actors, candidates.forth[entry] % actors
            p, q = candidates.demanded[pair], candidates.returned[pair]
            for row, issue, demander, supplier, shift in (
                (used, p, i, j, gain / candidates.per_demanded[entry]),
                (used + 1, q, j, i, gain / candidates.per_returned[entry]),
            ):
                vote, before = draw.voting[issue, supplier], mean[issue]
                _move(draw, issue, demander, supplier, shift)
                log[row, 0], log[row, 1], log[row, 2], log[row, 3] = d, issue, demander, supplier
                log[row, 4], log[row, 5], log[row, 6] = gain, vote, draw.voting[issue, supplier]
                log[row, 7], log[row, 8] = before, mean[issue]
            if keep:
                _externality(draw, log[used : used + 2], externality[used // 2])
                used += 2
            trades += 1
            pair, entry, gain = _find_best(draw, candidates, pair)
        played.n_trades[d] += trades
        played.broken_off[d] |= pair >= 0
    return log, externality, used


@inside
def _externality(draw: Draw, moves: Array, found: Array) -> None:
    """Fill in by how much the two moves of a trade bring the means nearer to everybody else, times salience."""
    for k in range(found.size):
        found[k] = 0.0
        if k == moves[0, 2] or k == moves[0, 3]:
            continue
        for row in range(2):
            p = int(moves[row, 1])
            at = draw.start[p, k]
            nearer = draw.salience[p, k] * (abs(moves[row, 7] - at) - abs(moves[row, 8] - at))
            if not np.isnan(nearer):
                found[k] += nearer


@inside
def _open(draw: Draw) -> None:
    """Work out means, sides and reach from the starting positions (step 1)."""
    issues, actors = draw.start.shape
    for p in range(issues):
        _update_mean(draw, p)
        for k in range(actors):
            x = draw.start[p, k]
            draw.side[p, k] = 0.0 if np.isnan(x) else (-1.0 if x <= draw.mean[p] + SIDE_TOLERANCE else 1.0)
        _update_reach(draw, p)


@inside
def _update_mean(draw: Draw, p: int) -> None:
    """Put the mean of issue ``p`` where the votes have it; who has no weight may have no vote."""
    mean = 0.0
    for k in range(draw.start.shape[1]):
        if draw.share[p, k] > 0.0:
            mean += draw.share[p, k] * draw.voting[p, k]
    draw.mean[p] = mean


@inside
def _update_reach(draw: Draw, p: int) -> None:
    """Work out the reach of all pairs on issue ``p``; entries of actors on the same side mean nothing (step 4)."""
    actors = draw.start.shape[1]
    mean = draw.mean[p]
    for i in range(actors):
        target, towards = draw.start[p, i], draw.side[p, i]
        gap = (target - mean) * towards
        for j in range(actors):
            road = (target - draw.voting[p, j]) * towards * draw.share[p, j]
            # A mean that has come past the supplier is one that both now want to pull the same way (step 3).
            between = (mean - draw.start[p, j]) * towards >= -SIDE_TOLERANCE
            draw.reach[p, i * actors + j] = min(road, gap) if between else 0.0


@inside
def _collect(draw: Draw, candidates: Candidates) -> int:
    """List the candidates with their roles and their gain per unit of shift (step 2); return how many oppose.

    Left out are pairs that no trade could serve: an actor without weight has nothing to supply, and equal
    ratios of saliences leave nothing to gain.
    """
    actors = draw.start.shape[1]
    s, side = draw.salience, draw.side
    opposed = c = 0
    for k in range(len(candidates.demanded)):
        p, q = candidates.demanded[k], candidates.returned[k]
        candidates.first[k] = c
        for a in range(actors):
            for b in range(a + 1, actors):
                if side[p, a] * side[p, b] >= 0.0 or side[q, a] * side[q, b] >= 0.0:
                    continue
                opposed += 1
                unlike = s[p, a] * s[q, b] - s[p, b] * s[q, a]
                i, j = (a, b) if unlike > 0.0 else (b, a)
                if unlike != 0.0 and draw.share[p, j] > 0.0 and draw.share[q, i] > 0.0:
                    candidates.forth[c], candidates.back[c] = i * actors + j, j * actors + i
                    candidates.per_demanded[c] = abs(unlike) / (s[q, a] + s[q, b])
                    candidates.per_returned[c] = abs(unlike) / (s[p, a] + s[p, b])
                    c += 1
    candidates.first[len(candidates.demanded)] = c
    return opposed


@inside
def _find_best(draw: Draw, candidates: Candidates, traded: Index) -> tuple[int, int, float]:
    """Return issue pair, entry and gain of the best candidate after a trade on issue pair ``traded`` (step 6).

    The best gains of issue pairs that share an issue with ``traded`` are worked out again, all of them if it is
    negative. The issue pair returned is negative if no candidate is valid.
    """
    demanded, returned, best, first, to, back, per_demanded, per_returned = candidates
    highest = 0.0
    for k in range(len(best)):
        if traded < 0 or (
            demanded[k] in (demanded[traded], returned[traded])
            or returned[k] in (demanded[traded], returned[traded])
        ):
            top, p, q = 0.0, draw.reach[demanded[k]], draw.reach[returned[k]]
            for c in range(first[k], first[k + 1]):
                top = max(top, min(p[to[c]] * per_demanded[c], q[back[c]] * per_returned[c]))
            best[k] = top
        highest = max(highest, best[k])
    pair, entry, found = -1, -1, 0.0
    if highest >= SMALLEST_GAIN:
        enough = highest * (1.0 - TIE_RELATIVE) - TIE_ABSOLUTE
        for k in range(len(best)):
            if best[k] >= enough:
                p, q = draw.reach[demanded[k]], draw.reach[returned[k]]
                for c in range(first[k], first[k + 1]):
                    # Issue pairs come in order, so a later one must win on the actors alone.
                    if entry < 0 or to[c] < to[entry]:
                        gain = min(p[to[c]] * per_demanded[c], q[back[c]] * per_returned[c])
                        if gain >= enough:
                            pair, entry, found = k, c, gain
    return pair, entry, found


@inside
def _move(draw: Draw, p: int, demander: int, supplier: int, shift: float) -> None:
    """Move the supplier's vote on ``p`` towards the demander so far that the mean shifts by ``shift``."""
    target, at = draw.start[p, demander], draw.voting[p, supplier]
    step = shift / draw.share[p, supplier]
    if step >= ARRIVED * abs(target - at):
        draw.voting[p, supplier] = target
    else:
        draw.voting[p, supplier] = at + step if target > at else at - step
    _update_mean(draw, p)
    _update_reach(draw, p)


@inside
def _longer(log: Array) -> Array:
    """Return a copy of a log that is twice as long."""
    longer = np.empty((2 * len(log), log.shape[1]))
    # Written out: assigning a slice would have the compiler build the texts of its error messages.
    for row in range(len(log)):
        for column in range(log.shape[1]):
            longer[row, column] = log[row, column]
    return longer
