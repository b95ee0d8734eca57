"""How is one round of position exchange played out fast enough for thousands of draws?

The compiled half of ``exchange.py``, which describes the model; here is only how its steps are computed.

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
from numba import njit
from numpy.typing import NDArray

from detente.lenses.bargaining.weights import Array

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

# Columns of the log of trades; the effect on each actor follows, one column per actor.
DRAW, ORDER, DEMANDER, SUPPLIER, DEMANDED, RETURNED = 0, 1, 2, 3, 4, 5
GAIN, DEMANDED_REACH, RETURNED_REACH = 6, 7, 8
SUPPLIER_FROM, SUPPLIER_TO, DEMANDED_SHIFT = 9, 10, 11
DEMANDER_FROM, DEMANDER_TO, RETURNED_SHIFT = 12, 13, 14
EFFECT = 15


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
    ``first[k + 1]`` of the other arrays. ``forth`` is demander × n + supplier, ``back`` the reverse.
    """

    demanded: Indices
    returned: Indices
    first: Indices
    forth: Indices
    back: Indices
    per_demanded: Array
    per_returned: Array


class Played(NamedTuple):
    """What rounds leave behind; ``play_round`` adds one to it.

    Attributes:
        voting: draws × issues × actors, on the scale 0..100; the round's start before, its end after.
        n_candidates: per draw, pairs of actors on opposite sides on both issues of a pair.
        n_trades: per draw.
        gain: per draw, sum over trades of the gain that each of the two traders has.
        broken_off: per draw, whether trades were left when a round ended.
        own_gain: draws × actors, from trades that the actor took part in.
        effect: draws × actors, of all trades, its own and others'.
    """

    voting: Array
    n_candidates: Indices
    n_trades: Indices
    gain: Array
    broken_off: NDArray[np.bool_]
    own_gain: Array
    effect: Array


@njit(nogil=True, cache=True, error_model="numpy")
def play_round(
    start: Array, salience: Array, share: Array, max_trades: int, keep: bool, played: Played
) -> tuple[Array, Index]:
    """Play one round in every draw.

    Args:
        start: draws × issues × actors on the scale 0..100, NaN without a stance.
        salience: the same shape.
        share: the same shape, weights that sum to 1 over the actors of an issue, 0 without a stance.
        max_trades: trades after which a draw is broken off.
        keep: whether to log the trades.
        played: the round is added to it; its ``voting`` must equal ``start``.

    Returns:
        The log of trades, at least so many rows × (``EFFECT`` + actors), and how many rows of it count.
    """
    draws, issues, actors = start.shape
    log = np.empty((64 if keep else 1, EFFECT + actors))
    used = np.int64(0)
    nothing = np.int64(-1)
    opening = np.empty(issues)
    mean = np.empty(issues)
    side = np.empty((issues, actors))
    reach = np.empty((issues, actors * actors))
    candidates = _room_for_candidates(issues, actors)
    best = np.empty(len(candidates.demanded))
    for d in range(draws):
        draw = Draw(start[d], played.voting[d], salience[d], share[d], mean, side, reach)
        _open(draw, opening)
        played.n_candidates[d] += _collect(draw, candidates)
        pair, entry, gain = _find_best(draw, candidates, best, nothing)
        trades = 0
        while pair >= 0 and trades < max_trades:
            if keep:
                log = _with_room(log, used)
                log[used, DRAW] = d
                log[used, ORDER] = trades
            i, j = _realise(draw, candidates, pair, entry, gain, log, used, keep)
            used += keep
            trades += 1
            played.own_gain[d, i] += gain
            played.own_gain[d, j] += gain
            played.gain[d] += gain
            pair, entry, gain = _find_best(draw, candidates, best, pair)
        played.n_trades[d] += trades
        played.broken_off[d] |= pair >= 0
        for p in range(issues):
            _add_effect(draw, p, opening[p], played.effect[d])
    return log, used


@njit(nogil=True, cache=True, error_model="numpy")
def _room_for_candidates(issues: int, actors: int) -> Candidates:
    """Allocate for the most candidates that can be: half of the actors on either side, on every pair."""
    pairs = issues * (issues - 1) // 2
    size = pairs * (actors * actors // 4)
    demanded = np.empty(pairs, np.int64)
    returned = np.empty(pairs, np.int64)
    k = 0
    for p in range(issues):
        for q in range(p + 1, issues):
            demanded[k] = p
            returned[k] = q
            k += 1
    return Candidates(
        demanded,
        returned,
        np.zeros(pairs + 1, np.int64),
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        np.empty(size),
        np.empty(size),
    )


@njit(nogil=True, cache=True, error_model="numpy")
def _open(draw: Draw, opening: Array) -> None:
    """Work out means, sides and reach from the starting positions; remember the means in ``opening``."""
    issues, actors = draw.start.shape
    for p in range(issues):
        _update_mean(draw, p)
        opening[p] = draw.mean[p]
        for k in range(actors):
            x = draw.start[p, k]
            draw.side[p, k] = 0.0 if np.isnan(x) else (-1.0 if x <= draw.mean[p] + SIDE_TOLERANCE else 1.0)
        _update_reach(draw, p)


@njit(nogil=True, cache=True, error_model="numpy")
def _update_mean(draw: Draw, p: int) -> None:
    """Put the mean of issue ``p`` where the votes have it; who has no weight may have no vote."""
    mean = 0.0
    for k in range(draw.start.shape[1]):
        if draw.share[p, k] > 0.0:
            mean += draw.share[p, k] * draw.voting[p, k]
    draw.mean[p] = mean


@njit(nogil=True, cache=True, error_model="numpy")
def _update_reach(draw: Draw, p: int) -> None:
    """Work out the reach of all pairs on issue ``p``; entries of actors on the same side mean nothing."""
    actors = draw.start.shape[1]
    mean = draw.mean[p]
    for i in range(actors):
        target = draw.start[p, i]
        towards = draw.side[p, i]
        gap = (target - mean) * towards
        for j in range(actors):
            road = (target - draw.voting[p, j]) * towards * draw.share[p, j]
            # A mean that has come past the supplier is one that both now want to pull the same way.
            between = (mean - draw.start[p, j]) * towards >= -SIDE_TOLERANCE
            draw.reach[p, i * actors + j] = min(road, gap) if between else 0.0


@njit(nogil=True, cache=True, error_model="numpy")
def _collect(draw: Draw, candidates: Candidates) -> int:
    """List the candidates with their roles and their gain per unit of shift; return how many pairs there are.

    Left out are pairs that no trade could serve: an actor without weight has nothing to supply, and equal
    ratios of saliences leave nothing to gain.
    """
    actors = draw.start.shape[1]
    s, side = draw.salience, draw.side
    opposed = 0
    c = 0
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
                    candidates.forth[c] = i * actors + j
                    candidates.back[c] = j * actors + i
                    candidates.per_demanded[c] = abs(unlike) / (s[q, a] + s[q, b])
                    candidates.per_returned[c] = abs(unlike) / (s[p, a] + s[p, b])
                    c += 1
    candidates.first[len(candidates.demanded)] = c
    return opposed


@njit(nogil=True, cache=True, error_model="numpy")
def _gain(draw: Draw, candidates: Candidates, pair: int, c: int) -> float:
    """Return what candidate ``c`` would bring either side now; not positive if it is not valid."""
    forth = draw.reach[candidates.demanded[pair], candidates.forth[c]] * candidates.per_demanded[c]
    back = draw.reach[candidates.returned[pair], candidates.back[c]] * candidates.per_returned[c]
    return float(min(forth, back))


@njit(nogil=True, cache=True, error_model="numpy")
def _find_best(draw: Draw, candidates: Candidates, best: Array, traded: Index) -> tuple[int, int, float]:
    """Return issue pair, entry and gain of the best candidate after a trade on issue pair ``traded``.

    ``best`` holds the best gain of every issue pair; those that share an issue with ``traded`` are worked out
    again, all of them if it is negative. The issue pair returned is negative if no candidate is valid.
    """
    p = candidates.demanded[max(traded, 0)] if len(best) else 0
    q = candidates.returned[max(traded, 0)] if len(best) else 0
    highest = 0.0
    for k in range(len(best)):
        one, other = candidates.demanded[k], candidates.returned[k]
        if traded < 0 or one in (p, q) or other in (p, q):
            best_here = 0.0
            for c in range(candidates.first[k], candidates.first[k + 1]):
                gain = _gain(draw, candidates, k, c)
                if gain > best_here:
                    best_here = gain
            best[k] = best_here
        highest = max(highest, best[k])
    if highest < SMALLEST_GAIN:
        return -1, -1, 0.0
    return _first_of_equals(draw, candidates, best, highest * (1.0 - TIE_RELATIVE) - TIE_ABSOLUTE)


@njit(nogil=True, cache=True, error_model="numpy")
def _first_of_equals(
    draw: Draw, candidates: Candidates, best: Array, enough: float
) -> tuple[int, int, float]:
    """Return the candidate with a gain of ``enough`` that comes first in the declared order."""
    pair, entry, gain = -1, -1, 0.0
    for k in range(len(best)):
        if best[k] >= enough:
            for c in range(candidates.first[k], candidates.first[k + 1]):
                # Issue pairs come in order, so a later one must win on the actors alone.
                if entry < 0 or candidates.forth[c] < candidates.forth[entry]:
                    offer = _gain(draw, candidates, k, c)
                    if offer >= enough:
                        pair, entry, gain = k, c, offer
    return pair, entry, gain


@njit(nogil=True, cache=True, error_model="numpy")
def _realise(
    draw: Draw,
    candidates: Candidates,
    pair: int,
    c: int,
    gain: float,
    log: Array,
    row: Index,
    keep: bool,
) -> tuple[int, int]:
    """Move both suppliers' votes and both means; write the trade to the log; return the two traders."""
    actors = draw.start.shape[1]
    i, j = candidates.forth[c] // actors, candidates.forth[c] % actors
    p, q = candidates.demanded[pair], candidates.returned[pair]
    before_p, before_q = draw.mean[p], draw.mean[q]
    if keep:
        log[row, DEMANDER], log[row, SUPPLIER], log[row, DEMANDED], log[row, RETURNED] = i, j, p, q
        log[row, GAIN] = gain
        log[row, DEMANDED_REACH] = draw.reach[p, candidates.forth[c]]
        log[row, RETURNED_REACH] = draw.reach[q, candidates.back[c]]
        log[row, SUPPLIER_FROM], log[row, DEMANDER_FROM] = draw.voting[p, j], draw.voting[q, i]
    _move(draw, p, i, j, gain / candidates.per_demanded[c])
    _move(draw, q, j, i, gain / candidates.per_returned[c])
    if keep:
        log[row, SUPPLIER_TO], log[row, DEMANDER_TO] = draw.voting[p, j], draw.voting[q, i]
        log[row, DEMANDED_SHIFT] = draw.mean[p] - before_p
        log[row, RETURNED_SHIFT] = draw.mean[q] - before_q
        effect = log[row, EFFECT:]
        for k in range(actors):
            effect[k] = 0.0
        _add_effect(draw, p, before_p, effect)
        _add_effect(draw, q, before_q, effect)
    return i, j


@njit(nogil=True, cache=True, error_model="numpy")
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


@njit(nogil=True, cache=True, error_model="numpy")
def _add_effect(draw: Draw, p: int, before: float, effect: Array) -> None:
    """Add what each actor wins by the mean of ``p`` having gone from ``before`` to where it is."""
    for k in range(len(effect)):
        x = draw.start[p, k]
        if not np.isnan(x):
            effect[k] += draw.salience[p, k] * (abs(before - x) - abs(draw.mean[p] - x))


@njit(nogil=True, cache=True, error_model="numpy")
def _with_room(log: Array, used: Index) -> Array:
    """Return the log itself, or a copy twice as long when it is full."""
    if used < len(log):
        return log
    longer = np.empty((2 * used, log.shape[1]))
    # Written out: assigning a slice would have the compiler build the texts of its error messages.
    for row in range(used):
        for column in range(log.shape[1]):
            longer[row, column] = log[row, column]
    return longer
