"""On what would all actors agree, given what happens without a deal and what failure costs?

Nash 1950, *Econometrica* 18:155–162, with weights (asymmetric), a no-deal point and a common cost of failure.
Achen 2006, in *The European Union Decides*, ch. 4, shows that the weighted mean is its limit for quadratic
losses when failure is very costly; for linear losses the limit is the weighted median.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.lenses.bargaining.averages import Array, effective_weight
from detente.lenses.worth import as_loss, worth

_Flags = NDArray[np.bool_]

_FLOOR = 1e-150  # stands for a gain of 0: large enough that its inverse square is finite
_STEPS = 200  # bisection alone needs about 50; never reached
_SAME = 1e-12  # gains that differ by less are equal: rounding must not make somebody gain


class NashOutcome(NamedTuple):
    """The bargaining solution, and whether there is one.

    Attributes:
        outcome: draws × issues, on the issue's own scale: the solution; the no-deal point where no deal is
            better for all; NaN where the issue has no no-deal point.
        agreement: draws × issues; True where some deal is better than no deal for every actor with weight.
    """

    outcome: Array
    agreement: _Flags


@dataclass(frozen=True, slots=True)
class _Bargain:
    """Some bargains, one per row. Everything is measured from the no-deal point, in widths of the scale.

    ``ideal`` and ``weight`` are rows × actors, ``stake`` = |ideal|^a + cost of failure is what an actor loses
    by no deal; ``low``, ``high`` bound the deals that all prefer to it.
    """

    exponent: float
    ideal: Array
    weight: Array
    stake: Array
    low: Array
    high: Array

    def rows(self, chosen: _Flags) -> _Bargain:
        """Return the chosen rows."""
        parts = (of[chosen] for of in (self.ideal, self.weight, self.stake, self.low, self.high))
        return _Bargain(self.exponent, *parts)


def nash_bargain(
    position: Array,
    salience: Array,
    influence: Array,
    no_deal: Array,
    failure_cost: Array,
    scale_low: Array,
    scale_high: Array,
    *,
    exponent: float = 2,
) -> NashOutcome:
    """Return the deal that maximises Σ w_i ln g_i(x), where every gain g_i(x) must be positive.

    On positions scaled to 0..1, with the no-deal point ρ and the cost of failure κ, an actor gains
    g_i(x) = |ρ − x_i|^a − |x − x_i|^a + κ.

    1. Each actor with weight accepts |x − x_i| < h_i = (|ρ − x_i|^a + κ)^(1/a); the deals that all accept lie
       between L = max(x_i − h_i) and H = min(x_i + h_i). Empty: no agreement, the outcome is ρ. With κ = 0 that
       is so when actors stand on both sides of ρ or on it; with κ > 0 it never is.
    2. Between L and H the objective is concave, and its maximum lies between the outermost actors. For a < 2
       it has kinks at positions: find the kink that is the maximum, or the two between which it lies.
    3. There, Newton's method on the derivative, with bisection where a Newton step leaves the bracket or
       shrinks too little.

    The no-deal point and the cost of failure (κ ≥ 0, in utility units on positions scaled to 0..1) are draws ×
    issues, a point NaN where an issue has none; a is the exponent, 1 for linear losses, 2 for quadratic ones.

    Raises:
        NoWeightError: on some issue, in some draw, all weights are zero.
    """
    weight, total = effective_weight(position, salience, influence)
    asked = ~np.isnan(no_deal)
    cost = failure_cost[asked]
    place = np.where(weight > 0.0, position, np.take_along_axis(position, weight.argmax(-1)[..., None], -1))
    place = place[asked]
    width = np.broadcast_to(scale_high - scale_low, no_deal.shape)[asked]
    ideal = (place - no_deal[asked][:, None]) / width[:, None]
    bargain = _set_up(ideal, weight[asked] / total[asked][:, None], cost, float(exponent))

    feasible = bargain.high > bargain.low
    deal = no_deal[asked].astype(np.float64)
    solution, exact = _maximise(bargain.rows(feasible))
    place = place[feasible]
    found = deal[feasible] + width[feasible] * solution
    found = np.clip(found, place.min(axis=-1, initial=np.inf), place.max(axis=-1, initial=-np.inf))
    at_actor = exact >= 0
    found[at_actor] = place[at_actor, exact[at_actor]]  # copy the number: the deal is this actor's position
    deal[feasible] = found

    outcome = np.full(no_deal.shape, np.nan)
    outcome[asked] = deal
    agreement = np.zeros(no_deal.shape, dtype=np.bool_)
    agreement[asked] = feasible | (cost > 0.0)
    return NashOutcome(outcome=outcome, agreement=agreement)


def _set_up(ideal: Array, weight: Array, cost: Array, exponent: float) -> _Bargain:
    """Return the bargains with what each actor has at stake and the bounds L, H (step 1)."""
    distance = np.abs(ideal)
    stake = _power(distance, exponent) + cost[:, None]
    free = (cost == 0.0)[:, None]
    # exact where failure is free: L = H must be seen
    reach = np.where(free, distance, _root(stake, exponent))
    low, high = (ideal - reach).max(axis=-1, initial=-np.inf), (ideal + reach).min(axis=-1, initial=np.inf)
    return _Bargain(exponent, ideal, weight, stake, low, high)


def _maximise(bargain: _Bargain) -> tuple[Array, NDArray[np.intp]]:
    """Return the maximum of each row, and the actor at whose position it is (−1: at nobody's)."""
    ideal = bargain.ideal
    low = np.maximum(bargain.low, ideal.min(axis=-1, initial=np.inf))
    high = np.minimum(bargain.high, ideal.max(axis=-1, initial=-np.inf))
    start = _weighed(bargain.weight, ideal)
    exact = np.full(len(ideal), -1, dtype=np.intp)
    together = ~(low < high)  # all at one place
    exact[together] = 0
    if bargain.exponent < 2:
        low, high, exact = _kinks(bargain, low, high, exact)
    solution = np.where(exact >= 0, np.take_along_axis(ideal, np.maximum(exact, 0)[:, None], -1)[:, 0], 0.0)
    open_rows = exact < 0
    solution[open_rows] = _newton(bargain.rows(open_rows), low[open_rows], high[open_rows], start[open_rows])
    return solution, exact


def _kinks(
    bargain: _Bargain, low: Array, high: Array, exact: NDArray[np.intp]
) -> tuple[Array, Array, NDArray[np.intp]]:
    """Search the sorted positions: narrow each row's bracket to two neighbours, or find the maximum (step 2)."""
    rows, actors = bargain.ideal.shape
    order = np.argsort(bargain.ideal, axis=-1, kind="stable")
    left = np.full(rows, -1)
    right = np.full(rows, actors)
    low, high, exact = low.copy(), high.copy(), exact.copy()
    for _ in range(actors.bit_length()):
        searching = (right - left > 1) & (exact < 0)
        middle = np.clip((left + right) // 2, 0, actors - 1)
        actor = np.take_along_axis(order, middle[:, None], -1)[:, 0]
        point = np.take_along_axis(bargain.ideal, actor[:, None], -1)[:, 0]
        slope, _, jump = _derivatives(bargain, point)
        before, after = slope + jump, slope - jump
        inside = (point > bargain.low) & (point < bargain.high)
        top = searching & inside & (before >= 0.0) & (after <= 0.0)
        exact[top] = actor[top]
        up = searching & ~top & np.where(inside, after > 0.0, point <= bargain.low)
        down = searching & ~top & ~up
        left[up] = middle[up]
        right[down] = middle[down]
        low[up] = np.maximum(low, point)[up]
        high[down] = np.minimum(high, point)[down]
    return low, high, exact


def _newton(bargain: _Bargain, low: Array, high: Array, start: Array) -> Array:
    """Return the root of the derivative between ``low`` and ``high`` (step 3)."""
    solution = np.where((start > low) & (start < high), start, 0.5 * (low + high))
    tolerance = np.maximum(1e-14 * (high - low), 4e-16 * np.maximum(np.abs(low), np.abs(high)))
    settled = 1e-9 * (high - low)  # a Newton step this short leaves an error of about its square
    last = high - low
    alive, open_rows = np.arange(len(low)), np.ones(len(low), np.bool_)
    point = solution.copy()
    for _ in range(_STEPS):  # pragma: no branch
        slope, curvature, _ = _derivatives(bargain, point)
        low, high = np.where(slope > 0.0, point, low), np.where(slope < 0.0, point, high)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            step = -slope / curvature
        newton = point + step
        shrinks = np.abs(step) <= np.maximum(0.5 * np.abs(last), tolerance)
        good = (newton >= low) & (newton <= high) & shrinks & np.isfinite(curvature)
        target = np.where(slope == 0.0, point, np.where(good, newton, 0.5 * (low + high)))
        target = np.where(open_rows, target, point)  # what is found stays, whatever the rows beside it do
        last, point = target - point, target
        going = open_rows & (np.abs(last) > np.where(good, settled, tolerance))
        open_rows = going
        if np.count_nonzero(going) > 0.7 * len(going):  # leaving the finished rows in costs less than copying
            continue
        solution[alive] = point
        if not going.any():
            break
        bargain, alive, point, last = bargain.rows(going), alive[going], point[going], last[going]
        low, high, tolerance, settled = low[going], high[going], tolerance[going], settled[going]
        open_rows = open_rows[going]
    return solution


def _derivatives(bargain: _Bargain, point: Array) -> tuple[Array, Array, Array]:
    """Return the first and second derivative of Σ w ln g at ``point``, and half the kink there (a = 1 only)."""
    a, weight = bargain.exponent, bargain.weight
    beyond = point[:, None] - bargain.ideal
    if a == 2:
        gain = np.maximum(bargain.stake - beyond * beyond, _FLOOR)
        drag = beyond / gain
        slope = -2.0 * _weighed(weight, drag)
        curvature = -2.0 * _weighed(weight, 1.0 / gain + 2.0 * drag * drag)
        return slope, curvature, np.zeros_like(slope)
    distance = np.abs(beyond)
    gain = np.maximum(bargain.stake - _power(distance, a), _FLOOR)
    if a == 1:
        drag = 1.0 / gain
        bend = np.zeros_like(gain)
    else:
        drag = a * distance ** (a - 1) / gain
        with np.errstate(divide="ignore"):
            bend = a * (a - 1) * distance ** (a - 2) / gain
    slope = -_weighed(weight, np.sign(beyond) * drag)
    curvature = -_weighed(weight, bend + drag * drag)
    jump = np.where(beyond == 0.0, weight * drag, 0.0).sum(axis=-1)
    return slope, curvature, jump


def _weighed(weight: Array, of: Array) -> Array:
    """Return Σ_i w_i y_i of every row, added in an order that the other rows have no say in."""
    with np.errstate(invalid="ignore"):  # nobody's weight times an infinite bend
        total: Array = np.add.reduce(np.ascontiguousarray(weight * of), axis=-1)
    return total


def _power(distance: Array, exponent: float) -> Array:
    """Return distance^a, without the slow general power for a = 1 and 2."""
    if exponent == 1:
        return distance
    return distance * distance if exponent == 2 else distance**exponent


def _root(value: Array, exponent: float) -> Array:
    """Return value^(1/a), the inverse of :func:`_power`."""
    if exponent == 1:
        return value
    return np.sqrt(value) if exponent == 2 else value ** (1.0 / exponent)


# --- settlements that are valued one by one -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Valued:
    """The settlements of one issue, and what they are worth to who values them by themselves.

    Attributes:
        settlements: shape (L,), on the issue's own scale, ascending.
        values: draws × actors × L, 0..1; NaN for who has a position.
        no_deal: draws × actors, what no deal is worth, 0..1; NaN where it follows from the no-deal point.
    """

    settlements: Array
    values: Array
    no_deal: Array


def nash_table(
    valued: Valued,
    position: Array,
    salience: Array,
    influence: Array,
    no_deal: Array,
    failure_cost: Array,
    width: float,
    *,
    exponent: float = 2,
) -> tuple[Array, NDArray[np.bool_]]:
    """Return the settlement that maximises Σ w_i ln g_i, where every gain g_i must be positive.

    With values of any shape the objective has no single peak: the few settlements are looked at one by one.

    1. An actor with values loses 1 − v; one with a position |x − p|^a, on the scale brought to 0..1.
    2. It gains g_i(x) = loss without a deal − loss at x + κ, with a position κ^a; without an own value
       of no deal the former is that of the no-deal point, between two settlements in proportion.
    3. Of the settlements at which all with weight gain, the greatest Σ w_i ln g_i wins; of equals the lowest.

    Arrays are draws × actors; the no-deal point and κ ≥ 0, a share of the scale or of what settlements are worth,
    one per draw; a is the exponent.

    Returns:
        Outcome, shape (draws,): the no-deal point where no settlement is better for all; and whether one is.

    Raises:
        NoWeightError: in some draw all weights are zero.
    """
    weight = effective_weight(position[:, None], salience[:, None], influence[:, None])[0][:, 0]
    settlements = np.broadcast_to(valued.settlements, (len(no_deal), len(valued.settlements)))
    points = np.concatenate([settlements, no_deal[:, None]], axis=1)
    # draws × actors × (L + 1)
    losses = (np.abs(points[:, None, :] - position[..., None]) / width) ** exponent
    own = ~np.isnan(valued.values[..., 0])
    at_point = worth(no_deal[:, None, None], valued.settlements, valued.values)[..., 0]
    without = np.where(np.isnan(valued.no_deal), at_point, valued.no_deal)
    losses[own] = 1.0 - np.concatenate([valued.values, without[..., None]], axis=-1)[own]
    cost = np.where(own, failure_cost[:, None], as_loss(failure_cost, exponent)[:, None])
    gains = losses[..., -1:] + cost[..., None] - losses[..., :-1]
    counts = weight > 0.0
    gains = np.where(counts[..., None], gains, 1.0)
    shared = (gains > _SAME).all(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        product = np.where(
            shared, (weight[..., None] * np.log(np.maximum(gains, _SAME))).sum(axis=1), -np.inf
        )
    top = product.max(axis=-1, keepdims=True)
    near = product >= top - _SAME * np.maximum(1.0, np.abs(top))
    agreed: NDArray[np.bool_] = np.asarray(shared.any(axis=-1))
    return np.where(agreed, valued.settlements[near.argmax(axis=-1)], no_deal), agreed
