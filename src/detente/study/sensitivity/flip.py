"""What is the smallest change that flips an answer? In units of the inputs' own doubt, one input alone or several.

The score of an input says how many of its own standard deviations it lies from its middle. The joint flip is the
point of least norm on the other side (Hasofer & Lind 1974, *Journal of the Engineering Mechanics Division* 100):
the likeliest way in which the answer would be another one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import nnls

from detente.lenses.summary import Array

REACH = 3.0
"""Scores beyond which no single input is moved."""
FURTHEST = 6.0
"""Length of a joint move beyond which there is no flip in reach."""
STEP, WIDE = 0.1, 1.0
"""Scores over which a slope is taken: the wide one for inputs that count in whole numbers only."""
ROUNDS, STEPS = 40, 15
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


def named(squares: Array) -> tuple[int, ...]:
    """Return the places of the inputs that make up a move, by their parts of its square, the largest first."""
    part = squares / squares.sum()
    return tuple(int(i) for i in np.argsort(-part, kind="stable") if part[i] > LEAST_PART)


def single(margin: Margin, inputs: int) -> Array:
    """Return the least score of each input alone at which the answer flips, NaN where it does not within ±3."""
    start = np.sign(margin(np.zeros((1, inputs)))[0])
    ways = np.concatenate([np.eye(inputs), -np.eye(inputs)])
    rows = np.flatnonzero(np.sign(margin(ways * REACH)) != start)
    low, high = np.zeros(len(rows)), np.full(len(rows), REACH)
    for _ in range(12 if len(rows) else 0):
        middle = (low + high) / 2
        other = np.sign(margin(ways[rows] * middle[:, None])) != start
        low, high = np.where(other, low, middle), np.where(other, middle, high)
    found = np.full(inputs, np.nan)
    for row, far in zip(rows, high, strict=True):
        if not abs(found[row % inputs]) <= far:
            found[row % inputs] = far if row < inputs else -far
    return found


class _Boundary:
    """Where an answer flips: the margin with its sign turned so that it is above 0 here, and its slope.

    A margin hangs on few inputs. The slope is taken over those on which it was seen to hang, and over all where it
    hangs on none of these.
    """

    def __init__(self, margin: Margin, inputs: int, sign: float) -> None:
        self.margin, self.sign, self.hangs = margin, sign, np.zeros(inputs, np.bool_)
        self.steps, origin = np.full(inputs, STEP), np.zeros(inputs)
        fine, self.steps = self.slope(origin, of_all=True)[1], np.full(inputs, WIDE)
        self.steps = np.where((fine == 0) & (self.slope(origin, of_all=True)[1] != 0), WIDE, STEP)

    def __call__(self, rows: Array) -> Array:
        return np.asarray(self.sign * self.margin(np.atleast_2d(rows)))

    def slope(self, at: Array, *, of_all: bool = False) -> tuple[float, Array]:
        """Return the margin at a point, and its slope."""
        moved = np.diag(self.steps)[self.hangs | of_all]
        value, *pairs = self(np.concatenate([at[None], at + moved, at - moved]))
        up, down = np.where(np.isfinite(ends := np.reshape(pairs, (2, -1))).all(axis=0), ends, 0.0)
        found = (up - down) @ moved / (2 * self.steps**2)
        self.hangs |= found != 0
        return (float(value), found) if found.any() or of_all else self.slope(at, of_all=True)


def joint(margin: Margin, inputs: int, starts: Sequence[Array] = ()) -> Flip | None:
    """Return the smallest joint move that flips the answer, ``None`` where none is in reach.

    1. From a no to a yes the margin is concave along good moves: every gradient cuts off a half-space, and the
       next point is the one of least norm in all of them.
    2. From a yes to a no: steps onto the linearised boundary with a line search, from several starts.
    3. Every point is pulled back along its ray to where the sign turns, the best then input by input.
    4. Where the margin hangs on more inputs there than was seen on the way, all is done again.

    Further points to start from, (inputs,), may be such as the mean score of the draws that flipped.
    """
    origin = np.zeros(inputs)
    sign = np.sign(margin(origin[None])[0])
    if not np.isfinite(sign) or sign == 0:
        return None
    g, known, best = _Boundary(margin, inputs, sign), -1, origin
    for start in starts:
        g.slope(start, of_all=True)
    while known < (known := int(g.hangs.sum())):
        found = [*starts, _cut(g, origin), *(_stepped(g, one) for one in (origin, *starts))]
        points = [_pulled_back(g, one) for one in found if one is not None]
        best = min(
            (one for one in points if one is not None), key=lambda one: float(one @ one), default=origin
        )
        best = _trimmed(g, best) if best.any() else best
        g.slope(best, of_all=True)
    length = float(np.sqrt(best @ best))
    return Flip(length, best, named(best**2)) if 0 < length <= FURTHEST else None


def _cut(g: _Boundary, origin: Array) -> Array | None:
    """Return a point beyond the boundary by cutting planes: least norm under all cuts so far."""
    cuts: list[Array] = []
    bounds: list[float] = []
    at = origin
    for _ in range(ROUNDS):
        value, slope = g.slope(at)
        if cuts and value <= TOLERANCE:
            return at
        if not slope.any():
            return None
        cuts.append(-slope)  # wanted: value + slope · (z − at) ≤ 0
        bounds.append(value - float(slope @ at))
        at = _least_norm(np.array(cuts), np.array(bounds))
        if float(at @ at) > FURTHEST**2:
            return None
    return at


def _least_norm(rows: Array, bounds: Array) -> Array:
    """Return the point of least norm with ``rows · z ≥ bounds``, by its dual (Lawson & Hanson 1974, ch. 23)."""
    system = np.concatenate([rows.T, bounds[None]])
    target = np.append(np.zeros(rows.shape[1]), 1.0)
    weights, _ = nnls(system, target)
    rest = system @ weights - target
    return np.asarray(-rest[:-1] / rest[-1] if abs(rest[-1]) > 1e-12 else np.full(rows.shape[1], np.inf))


def _stepped(g: _Boundary, at: Array) -> Array | None:
    """Return a point on the boundary by steps onto its tangent (Rackwitz & Fiessler), shortened where needed."""
    for _ in range(STEPS):
        value, slope = g.slope(at)
        norm = float(slope @ slope)
        if norm <= 1e-16 or not np.isfinite(value):
            return None
        wanted, before = ((float(slope @ at) - value) / norm) * slope, at
        tried = before + np.array([[1.0], [0.5], [0.25], [0.125]]) * (wanted - before)
        near = np.abs(g(tried)) <= abs(value) + 1e-12
        at = tried[int(np.argmax(near)) if near.any() else -1]
        if float(at @ at) > (2 * FURTHEST) ** 2:
            return None
        if float(np.abs(at - before).max()) < TOLERANCE:
            break
    return at


def _pulled_back(g: Margin, point: Array) -> Array | None:
    """Return the first point on the ray, up to twice as far, where the sign has turned; ``None`` without one."""
    low, high = 0.0, 2.0
    for _ in range(5):
        at = np.linspace(low, high, 17)
        beyond = np.flatnonzero(g(at[:, None] * point) <= 0)
        if not len(beyond):
            return None
        low, high = at[beyond[0] - 1], at[beyond[0]]
    return point * high


def bared(margin: Margin, point: Array) -> Array:
    """Return a point with every input put back to its middle that it can do without to keep its sign."""
    sign = np.sign(margin(point[None])[0])
    order = np.argsort(np.abs(point), kind="stable")
    while len(order):
        tried = np.repeat(point[None], len(order), axis=0)
        for row in range(len(order)):
            tried[row, order[: row + 1]] = 0.0
        still = np.append(np.sign(margin(tried)) == sign, False)
        most = int(
            np.argmin(still)
        )  # so many, the nearest first, can be put back at once; the next one cannot
        point = tried[most - 1] if most else point
        order = order[most + 1 :]
    return point


def _trimmed(g: Margin, point: Array) -> Array:
    """Return the point with each input moved no further than it takes, the others as they are."""
    for place in named(point**2):
        tried = np.repeat(point[None], 33, axis=0)
        tried[:, place] *= np.linspace(0, 1, 33)
        enough = np.flatnonzero(g(tried) <= 0)
        point = tried[enough[0]] if len(enough) else point
    return point
