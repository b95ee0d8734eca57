"""What is the smallest change that flips an answer? In units of the inputs' own doubt, one input alone or several.

The score of an input says how many of its own standard deviations it lies from its middle. The joint flip is the
point of least norm on the other side (Hasofer & Lind 1974, *Journal of the Engineering Mechanics Division* 100):
the likeliest way in which the answer would be another one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.optimize import nnls

from detente.lenses.summary import Array

REACH = 3.0
"""Scores beyond which no single input is moved."""
FURTHEST = 6.0
"""Length of a joint move beyond which there is no flip in reach."""
STEP = 0.1
ROUNDS = 40
TOLERANCE = 1e-3
LEAST_PART = 0.02
"""Of a joint move's square: inputs with less are not named."""

Margin = Callable[[Array], Array]
"""Scores, shape (rows, inputs) → margin, shape (rows,); its sign is the answer."""


class Flip(NamedTuple):
    """The smallest joint move that flips an answer.

    Attributes:
        length: of the move, in units of the inputs' own doubt.
        scores: of every input at the flip, shape (inputs,).
        named: places of the inputs that make up the move, the largest first.
    """

    length: float
    scores: Array
    named: tuple[int, ...]


def single(margin: Margin, inputs: int) -> Array:
    """Return the least score of each input alone at which the answer flips, NaN where it does not within ±3."""
    start = float(margin(np.zeros((1, inputs)))[0])
    found = np.full(inputs, np.nan)
    ends = np.concatenate([np.eye(inputs) * REACH, -np.eye(inputs) * REACH])
    flipped = np.sign(margin(ends)) != np.sign(start)
    low, high = np.zeros(2 * inputs), np.full(2 * inputs, REACH)
    direction = np.concatenate([np.eye(inputs), -np.eye(inputs)])
    open_rows = np.flatnonzero(flipped)
    for _ in range(12):
        if not len(open_rows):
            break
        middle = (low[open_rows] + high[open_rows]) / 2
        other = np.sign(margin(direction[open_rows] * middle[:, None])) != np.sign(start)
        high[open_rows] = np.where(other, middle, high[open_rows])
        low[open_rows] = np.where(other, low[open_rows], middle)
    for row in open_rows:
        place, sign = row % inputs, 1 if row < inputs else -1
        if np.isnan(found[place]) or high[row] < abs(found[place]):
            found[place] = sign * high[row]
    return found


def joint(margin: Margin, inputs: int, starts: Array | None = None) -> Flip | None:
    """Return the smallest joint move that flips the answer, ``None`` where none is in reach.

    1. From a no to a yes the margin is concave along good moves: every gradient cuts off a half-space, and the
       next point is the one of least norm in all of them.
    2. From a yes to a no: steps onto the linearised boundary with a line search, from several starts.
    3. The best point is pulled back along its ray to where the sign turns.

    Args:
        margin: scores → margin.
        inputs: how many.
        starts: further starting points, such as the mean score of the draws that flipped, shape (starts, inputs).
    """
    origin = np.zeros(inputs)
    start = float(margin(origin[None])[0])
    if not np.isfinite(start) or start == 0:
        return None
    sign = np.sign(start)

    def g(rows: Array) -> Array:
        same: Array = sign * margin(rows)  # above 0 where the answer is the same
        return same

    tried = [origin, *(starts if starts is not None else [])]
    found = [_cut(g, origin), *(_stepped(g, np.asarray(one, float)) for one in tried)]
    best = min((point for point in found if point is not None), key=lambda p: float(p @ p), default=None)
    if best is None:
        return None
    best = _pulled_back(g, best)
    length = float(np.sqrt(best @ best))
    if length > FURTHEST or length == 0:
        return None
    part = best**2 / length**2
    order = np.argsort(-part, kind="stable")
    return Flip(length, best, tuple(int(i) for i in order if part[i] > LEAST_PART))


def _gradient(g: Margin, at: Array) -> Array:
    steps = np.eye(len(at)) * STEP
    values = g(np.concatenate([at + steps, at - steps]))
    up, down = values[: len(at)], values[len(at) :]
    return np.where(np.isfinite(up) & np.isfinite(down), (up - down) / (2 * STEP), 0.0)


def _cut(g: Margin, origin: Array) -> Array | None:
    """Return a point beyond the boundary by cutting planes: least norm under all cuts so far."""
    cuts: list[Array] = []
    bounds: list[float] = []
    at = origin
    for _ in range(ROUNDS):
        value = float(g(at[None])[0])
        if value <= TOLERANCE * (1 if cuts else 0) and cuts:
            return at
        slope = _gradient(g, at)
        if not np.any(slope):
            return None
        cuts.append(-slope)  # wanted: value + slope · (z − at) ≤ 0
        bounds.append(value - float(slope @ at))
        at = _least_norm(np.array(cuts), np.array(bounds))
        if float(at @ at) > FURTHEST**2:
            return None
    return at if float(g(at[None])[0]) <= TOLERANCE else None


def _least_norm(rows: Array, bounds: Array) -> Array:
    """Return the point of least norm with ``rows · z ≥ bounds``, by its dual (Lawson & Hanson 1974, ch. 23)."""
    system = np.concatenate([rows.T, bounds[None]])
    target = np.zeros(len(system))
    target[-1] = 1.0
    weights, _ = nnls(system, target)
    rest = system @ weights - target
    return np.asarray(-rest[:-1] / rest[-1] if abs(rest[-1]) > 1e-12 else np.full(rows.shape[1], np.inf))


def _stepped(g: Margin, start: Array) -> Array | None:
    """Return a point on the boundary by steps onto its tangent (Rackwitz & Fiessler), shortened where needed."""
    at = start
    for _ in range(ROUNDS):
        value, slope = float(g(at[None])[0]), _gradient(g, at)
        norm = float(slope @ slope)
        if norm <= 1e-16 or not np.isfinite(value):
            return None
        wanted = ((float(slope @ at) - value) / norm) * slope
        for part in (1.0, 0.5, 0.25, 0.125):
            after = at + part * (wanted - at)
            if abs(float(g(after[None])[0])) <= abs(value) + 1e-12 or part == 0.125:
                break
        if float(after @ after) > (2 * FURTHEST) ** 2:
            return None
        if float(np.abs(after - at).max()) < TOLERANCE:
            at = after
            break
        at = after
    return at if abs(float(g(at[None])[0])) <= 50 * TOLERANCE or float(g(at[None])[0]) <= 0 else None


def _pulled_back(g: Margin, point: Array) -> Array:
    """Return the first point on the ray at which the sign has turned."""
    low, high = 0.0, 1.0
    while float(g((point * high)[None])[0]) > 0:
        high *= 1.05
        if high > 2:
            return point
    for _ in range(30):
        middle = (low + high) / 2
        if float(g((point * middle)[None])[0]) <= 0:
            high = middle
        else:
            low = middle
    return point * high
