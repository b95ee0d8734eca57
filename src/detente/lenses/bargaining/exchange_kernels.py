"""How is one round of position exchange played out fast enough for thousands of draws?

The compiled half of ``exchange.py``, which describes the model and numbers its steps.

What a trade can do to the mean of an issue depends on one issue at a time: the *reach* of demander i with supplier
j is the largest shift of M_p towards i that j can bring about, until j's road or i's own position ends it. So

    gain = min(reach of i with j on p · per_demanded, reach of j with i on q · per_returned),
    per_demanded = Δ/(s_iq + s_jq),  per_returned = Δ/(s_ip + s_jp),  Δ = s_ip s_jq − s_iq s_jp > 0,

because equal gain fixes the ratio of the two shifts. A trade moves the means of its two issues, so only the best
candidates of the issue pairs that contain one of them are worked out again. (Measured against this: evaluating all
candidates before every trade, an indexed heap, and dropping exhausted candidates as one goes; each was slower.)
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
    """

    start: Array
    voting: Array
    salience: Array
    share: Array
    mean: Array
    side: Array


class Candidates(NamedTuple):
    """Pairs of actors on opposite sides on both issues of a pair, sorted by issue pair.

    Issue pair number k, with issues ``demanded[k]`` < ``returned[k]``, owns entries ``first[k]`` to
    ``first[k + 1]`` of the arrays after it, and ``best[k]`` is the largest gain among them.
    """

    demanded: Indices
    returned: Indices
    best: Array
    first: Indices
    demander: Indices
    supplier: Indices
    per_demanded: Array
    per_returned: Array


class Played(NamedTuple):
    """What rounds leave behind; ``play_round`` adds one to it."""

    voting: Array  # draws × issues × actors, on the scale 0..100; the round's start before, its end after
    n_candidates: Indices  # per draw, pairs of actors on opposite sides on both issues of a pair
    n_trades: Indices  # per draw


def room(present: Indices) -> tuple[Candidates, Array, Array]:
    """Return room for the most candidates of those ``present`` (issues × actors), and for mean and side."""
    issues, both = len(present), present @ present.T
    demanded, returned = (np.ascontiguousarray(one, np.int64) for one in np.triu_indices(issues, 1))
    pairs, most = len(demanded), int((both[demanded, returned] ** 2 // 4).sum())  # half on either side
    first, demander, supplier = (np.empty(size, np.int64) for size in (pairs + 1, most, most))
    best, per_demanded, per_returned = (np.empty(size) for size in (pairs, most, most))
    candidates = Candidates(demanded, returned, best, first, demander, supplier, per_demanded, per_returned)
    return candidates, np.empty(issues), np.empty(present.shape)


@kept
def play_round(
    start: Array,
    salience: Array,
    share: Array,
    keep: bool,
    played: Played,
    candidates: Candidates,
    mean: Array,
    side: Array,
) -> tuple[Array, Array, Index]:
    """Play one round in every draw (steps 1 to 6).

    Arrays are draws × issues × actors, the start on the scale 0..100, shares with a sum of 1 over the actors of
    an issue; ``played.voting`` must equal ``start``. For candidates, mean and side see :func:`room`.

    Returns:
        The log, two moves per trade (on the demanded issue first), what each trade does to every actor, trades ×
        actors (0 for the two traders), and how many rows of the log count.
    """
    actors, used = start.shape[2], np.int64(0)
    log = np.empty((128 if keep else 2, MOVE))
    externality = np.empty((len(log) // 2, actors))
    for d in range(len(start) if len(candidates.best) else 0):  # one issue leaves nothing to trade
        draw = Draw(start[d], played.voting[d], salience[d], share[d], mean, side)
        _open(draw)
        played.n_candidates[d] += _collect(draw, candidates)
        pair, entry, gain = _find_best(draw, candidates, np.int64(-1))
        trades = 0
        while pair >= 0:
            if used + 2 > len(log):
                log, externality = _longer(log), _longer(externality)
            i, j = candidates.demander[entry], candidates.supplier[entry]
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
    """Work out means and sides from the starting positions (step 1)."""
    issues, actors = draw.start.shape
    for p in range(issues):
        _update_mean(draw, p)
        for k in range(actors):
            x = draw.start[p, k]
            draw.side[p, k] = 0.0 if np.isnan(x) else (-1.0 if x <= draw.mean[p] + SIDE_TOLERANCE else 1.0)


@inside
def _update_mean(draw: Draw, p: int) -> None:
    """Put the mean of issue ``p`` where the votes have it; who has no weight may have no vote."""
    mean = 0.0
    for k in range(draw.start.shape[1]):
        if draw.share[p, k] > 0.0:
            mean += draw.share[p, k] * draw.voting[p, k]
    draw.mean[p] = mean


@inside
def _reach(draw: Draw, p: int, i: int, j: int) -> float:
    """Return how far supplier ``j`` can shift the mean of issue ``p`` towards ``i`` on the other side (step 4)."""
    target, towards, mean = draw.start[p, i], draw.side[p, i], draw.mean[p]
    # A mean that has come past the supplier is one that both now want to pull the same way (step 3).
    if (mean - draw.start[p, j]) * towards < -SIDE_TOLERANCE:
        return 0.0
    return float(min((target - draw.voting[p, j]) * towards * draw.share[p, j], (target - mean) * towards))


@inside
def _gain(draw: Draw, candidates: Candidates, k: int, c: int) -> float:
    """Return what candidate ``c``, of issue pair ``k``, would bring either trader now."""
    i, j = candidates.demander[c], candidates.supplier[c]
    demanded = _reach(draw, candidates.demanded[k], i, j) * candidates.per_demanded[c]
    return float(min(demanded, _reach(draw, candidates.returned[k], j, i) * candidates.per_returned[c]))


@inside
def _collect(draw: Draw, candidates: Candidates) -> int:
    """List the candidates with their roles and their gain per unit of shift (step 2); return how many oppose.

    Left out are pairs that no trade could serve: an actor without weight has nothing to supply, and equal
    ratios of saliences leave nothing to gain.
    """
    actors = draw.start.shape[1]
    s, side, both = draw.salience, draw.side, np.empty(actors, np.int64)
    opposed = c = 0
    for k in range(len(candidates.demanded)):
        p, q = candidates.demanded[k], candidates.returned[k]
        candidates.first[k], met = c, 0
        for a in range(actors):  # who has a stance on both
            both[met] = a
            met += side[p, a] * side[q, a] != 0.0
        for m in range(met):
            for n in range(m + 1, met):
                a, b = both[m], both[n]
                if side[p, a] == side[p, b] or side[q, a] == side[q, b]:
                    continue
                opposed += 1
                unlike = s[p, a] * s[q, b] - s[p, b] * s[q, a]
                i, j = (a, b) if unlike > 0.0 else (b, a)
                if unlike != 0.0 and draw.share[p, j] > 0.0 and draw.share[q, i] > 0.0:
                    candidates.demander[c], candidates.supplier[c] = i, j
                    candidates.per_demanded[c] = abs(unlike) / (s[q, a] + s[q, b])
                    candidates.per_returned[c] = abs(unlike) / (s[p, a] + s[p, b])
                    c += 1
    candidates.first[len(candidates.demanded)] = c
    return opposed


@inside
def _renew(draw: Draw, candidates: Candidates, k: int) -> None:
    """Work out anew what the best candidate of issue pair ``k`` would bring."""
    best = 0.0
    for c in range(candidates.first[k], candidates.first[k + 1]):
        best = max(best, _gain(draw, candidates, k, c))
    candidates.best[k] = best


@inside
def _find_best(draw: Draw, candidates: Candidates, traded: Index) -> tuple[int, int, float]:
    """Return issue pair, entry and gain of the best candidate after a trade on issue pair ``traded`` (step 6).

    The best gains of issue pairs that share an issue with ``traded`` are worked out again, all of them if it is
    negative. The issue pair returned is negative if no candidate is valid.
    """
    best, first, i, j = candidates.best, candidates.first, candidates.demander, candidates.supplier
    issues = len(draw.mean)
    for k in range(len(best) if traded < 0 else 0):
        _renew(draw, candidates, k)
    for p in (candidates.demanded[traded], candidates.returned[traded]):
        for q in range(issues if traded >= 0 else 0):
            if p != q:
                a, b = min(p, q), max(p, q)
                _renew(draw, candidates, a * (2 * issues - a - 1) // 2 + b - a - 1)
    pair, entry, found, highest = -1, -1, 0.0, best.max()
    if highest >= SMALLEST_GAIN:
        enough = highest * (1.0 - TIE_RELATIVE) - TIE_ABSOLUTE
        for k in range(len(best)):
            if best[k] >= enough:
                for c in range(first[k], first[k + 1]):
                    # Issue pairs come in order, so a later one must win on the actors alone.
                    if entry < 0 or (i[c], j[c]) < (i[entry], j[entry]):
                        gain = _gain(draw, candidates, k, c)
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


@inside
def _longer(log: Array) -> Array:
    """Return a copy of a log that is twice as long."""
    longer = np.empty((2 * len(log), log.shape[1]))
    # Written out: assigning a slice would have the compiler build the texts of its error messages.
    for row in range(len(log)):
        for column in range(log.shape[1]):
            longer[row, column] = log[row, column]
    return longer
