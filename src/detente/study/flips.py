"""What would flip an answer? The smallest change of the inputs, alone and together, in their own numbers.

The score of an input says how many of its own standard deviations it lies from its middle. The joint flip is the
point of least norm on the other side (Hasofer & Lind 1974, *Journal of the Engineering Mechanics Division* 100):
the likeliest way in which the answer would be another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls
from scipy.special import ndtr, ndtri

from detente.lenses.summary import Array
from detente.show.words import input_value
from detente.study.chapter import spoken
from detente.study.records import Flip, Move
from detente.study.sampled import BLOCK, Sampled

FAR = 8.0
"""Scores beyond which no number is asked for: there a uniform is 1, and a normal number infinite."""
REACH, FURTHEST = 3.0, 6.0
"""Scores beyond which no single input is moved, and length of a joint move beyond which no flip is in reach."""
STEP, WIDE = 0.1, 1.0
"""Scores over which a slope is taken: the wide one for inputs that count in whole numbers only."""
CUTS, STEPS, TOLERANCE = 40, 10, 1e-3
STRETCHED = (1.5, 2.0, 2.5)
"""By how much draws are stretched, one after the other, where none of them flips the answer."""
TRIED, CHANCES = 3, 12
NEARER = 0.99
"""Part of a far move's length under which a move that was found by chance takes its place."""
LEAST_PART = 0.02
"""Of a joint move's square: inputs with less are not named."""

Margin = Callable[[Array], Array]
"""Scores, shape (rows, inputs) → margin, shape (rows,); its sign is the answer."""
Side = Callable[[Array], NDArray[np.bool_]]


def flip(one: Sampled, label: str, at: float | None = None) -> dict[str, Any] | None:
    """Return the smallest change that flips an answer, and its moves; ``None`` for an outcome without a margin.

    An input that moves alone leaves those correlated with it where they are; a joint move counts how likely it is
    that they move together. Of an outcome on a scale it is asked whether it is above ``at``.
    """
    of, count = one.told[label], len(one.paths)
    share = of.kind == "share"
    if at is None and not share:
        return None
    level = 0.0 if at is None or share else at
    if share and not one.margins(np.full((1, count), 0.5), (label,)):
        return None

    def measured(find: Callable[[Array, Sequence[str]], dict[str, Array]]) -> Margin:
        return lambda scores: find(ndtr(np.clip(scores, -FAR, FAR)), (label,))[label] - level

    margin, outcome = measured(one.margins if share else one.again), measured(one.again)

    def side(scores: Array) -> Array:  # where the answer alone is asked for, which is found sooner
        return np.where(outcome(scores) > 0, 1.0, -1.0)

    answer = float(side(np.zeros((1, count)))[0]) > 0
    flipped = (one.outcomes[label] > level) != answer
    alone, root = single(side, count), one.root()
    free = np.linalg.pinv(root)  # from scores to those of which none hangs on another
    starts = [start @ free for start in _starts(one, margin, side, alone, flipped)]
    best = joint(lambda z: margin(z @ root), count, starts, lambda z: side(z @ root))
    length = None if best is None else float(np.linalg.norm(best))
    chance = None if length is None else float(ndtr(-length))
    asked = f"{of.subject} above {level:g}" if level else of.subject
    found = Flip(asked=asked, answer=answer, length=length, chance=chance, share=float(flipped.mean()))
    order = [int(i) for i in np.argsort(np.abs(alone), kind="stable") if not np.isnan(alone[i])]
    moves = [*_moves(one, alone, order, alone=True)]
    if best is not None:
        scores = best @ root
        made = named(scores * (scores @ free @ free))  # without those that only go along
        moves = [*_moves(one, scores, made, alone=False), *moves]
    return {"flips": (found,), "moves": tuple(moves)}


def _starts(
    one: Sampled, margin: Margin, side: Margin, alone: Array, flipped: NDArray[np.bool_]
) -> list[Array]:
    """Return scores from which a joint flip is sought.

    Those are the mean of the draws that flip, or of those nearest to it, as far as it is more than chance; the
    least move of a single input; and, where no draw flips, draws stretched until some do.
    """
    scores, near = ndtri(np.clip(one.u, 1e-9, 1 - 1e-9)), np.flatnonzero(flipped)
    far = np.abs(np.nan_to_num(alone, nan=np.inf))
    starts = [np.where(far == far.min(), alone, 0.0)] if np.isfinite(far.min()) else []
    if not len(near):
        near = np.argsort(np.abs(margin(scores[:BLOCK])))[: BLOCK // 50]
        wide = np.random.default_rng(1).standard_normal((4 * BLOCK, len(alone))) @ one.root()
        here = side(np.zeros((1, len(alone))))
        for by in STRETCHED:
            if len(other := np.flatnonzero(side(wide * by) != here)):
                bare = [bared(side, point) for point in wide[other[: 3 * TRIED]] * by]
                starts += sorted(bare, key=lambda point: float(point @ point))[:TRIED]
                break
    toward = scores[near].mean(axis=0)
    return [np.where(np.abs(toward) > 2 / np.sqrt(len(near)), toward, 0.0), *starts]


def _moves(one: Sampled, scores: Array, chosen: Sequence[int], *, alone: bool) -> Iterator[Move]:
    """Yield moves in the inputs' own numbers."""
    starts, ends = one.numbers(ndtr(np.stack([np.zeros(len(scores)), np.nan_to_num(scores)])))
    for place in chosen:
        path, start, end = one.paths[place], float(starts[place]), float(ends[place])
        words = [input_value(one.case, path.partition("#")[0], value) for value in (start, end)]
        if words[0] == words[1]:  # the words of the case cannot tell them apart
            words = [f"{value:.3g}" for value in (start, end)]
        moved, score, told = " to ".join(words), float(scores[place]), spoken(one.case, path)
        yield Move(input=path, told=told, start=start, end=end, moved=moved, score=score, alone=alone)


def named(squares: Array) -> list[int]:
    """Return the places of the inputs that make up a move, by their parts of its square, the largest first."""
    part = squares / squares.sum()
    return [int(i) for i in np.argsort(-part, kind="stable") if part[i] > LEAST_PART]


def single(margin: Margin, inputs: int) -> Array:
    """Return the least score of each input alone at which the answer flips, NaN where it does not within ±3."""
    beyond, found = _other_side(margin, inputs), np.full(inputs, np.nan)
    ways = REACH * np.concatenate([np.eye(inputs), -np.eye(inputs)])
    for point in _pulled_back(beyond, ways[beyond(ways)] / 2):
        place = int(np.argmax(np.abs(point)))
        if not abs(found[place]) <= abs(point[place]):
            found[place] = point[place]
    return found


def _other_side(side: Margin, inputs: int) -> Side:
    """Return a function that tells which points, shape (…, inputs), lie on another side than the middle, (…,)."""
    here = np.sign(side(np.zeros((1, inputs)))[0])
    return lambda points: (np.sign(side(points.reshape(-1, inputs))) != here).reshape(points.shape[:-1])


# --- the joint flip -------------------------------------------------------------------------------


class _Boundary:
    """Where an answer flips: the margin with its sign turned so that it is above 0 here, and its slope.

    The slope is taken over the few inputs on which it was seen to hang, and over all where it hangs on none.
    """

    def __init__(self, margin: Margin, inputs: int, sign: float) -> None:
        self.margin, self.sign = margin, sign
        self.hangs, self.steps = np.zeros(inputs, np.bool_), np.full(inputs, STEP)
        _, fine = self.slope(np.zeros(inputs), of_all=True)
        self.steps = np.full(inputs, WIDE)
        _, wide = self.slope(np.zeros(inputs), of_all=True)
        self.steps = np.where((fine == 0) & (wide != 0), WIDE, STEP)

    def slope(self, at: Array, *, of_all: bool = False) -> tuple[float, Array]:
        """Return the margin at a point, and its slope."""
        moved = np.diag(self.steps)[self.hangs | of_all]
        value, *pairs = self.sign * self.margin(np.concatenate([at[None], at + moved, at - moved]))
        up, down = np.where(np.isfinite(ends := np.reshape(pairs, (2, -1))).all(axis=0), ends, 0.0)
        found = (up - down) @ moved / (2 * self.steps**2)
        self.hangs |= found != 0
        return (float(value), found) if found.any() or of_all else self.slope(at, of_all=True)


def joint(
    margin: Margin, inputs: int, starts: Sequence[Array] = (), side: Margin | None = None
) -> Array | None:
    """Return the smallest joint move that flips the answer, (inputs,); ``None`` where none is in reach.

    1. From a no to a yes the margin is concave along good moves: every gradient cuts off a half-space, and the
       next point is the one of least norm in all of them.
    2. From a yes to a no: steps onto the linearised boundary, from several starts.
    3. Every point is pulled back along its ray to where the sign turns, and the best is rid of what it can do
       without; a far one, or one by jumps, is brought nearer by chance, since there slopes mislead.
    4. Where the margin hangs on more inputs there than was seen on the way, all is done again.

    Further points to start from are of shape (inputs,); ``side`` has the margin's sign, and is found sooner.
    """
    origin = np.zeros(inputs)
    sign = np.sign(margin(origin[None])[0])
    if not np.isfinite(sign) or sign == 0:
        return None
    g, known, best = _Boundary(margin, inputs, sign), -1, origin
    beyond = _other_side(side or margin, inputs)
    for start in starts:
        g.slope(start, of_all=True)
    while known < (known := int(g.hangs.sum())):
        walked = [_walked(g, point, 1) for point in (origin, *starts)]
        found = _pulled_back(beyond, np.stack([*starts, *walked, _walked(g, origin, CUTS)]))
        if not len(found):
            return None
        best = bared(side or margin, min(found, key=np.linalg.norm))
        if float(best @ best) > REACH**2 or (g.steps == WIDE).any():
            nearer = bared(side or margin, _nearer(beyond, best, g.hangs))
            best = nearer if float(nearer @ nearer) < NEARER**2 * float(best @ best) else best
        g.slope(best, of_all=True)
    return best if float(best @ best) <= FURTHEST**2 else None


def _walked(g: _Boundary, at: Array, cuts: int) -> Array:
    """Return a point on the boundary, if all goes well: each step to the point of least norm beyond the last cuts.

    A cut is the boundary's tangent; with one it is a step onto that (Rackwitz & Fiessler). The least norm is found
    by its dual (Lawson & Hanson 1974, ch. 23).
    """
    system = np.empty((len(at) + 1, 0))
    for _ in range(max(cuts, STEPS)):
        value, slope = g.slope(at)
        if (system.size and abs(value) <= TOLERANCE) or not slope.any() or not np.isfinite(value):
            break
        cut = np.append(-slope, value - float(slope @ at))  # wanted: value + slope · (z − at) ≤ 0
        system = np.column_stack([system, cut])[:, -cuts:]
        target = np.append(np.zeros(len(at)), 1.0)
        rest = system @ nnls(system, target)[0] - target
        if abs(rest[-1]) < 1e-12 or float(rest[:-1] @ rest[:-1]) > (2 * FURTHEST * rest[-1]) ** 2:
            break
        at = -rest[:-1] / rest[-1]
    return at


def _pulled_back(beyond: Side, points: Array) -> Array:
    """Return the first point on each ray, up to twice as far, where the sign has turned, if there is one."""
    low, high = np.zeros(len(points)), np.full(len(points), 2.0)
    for _ in range(5 if len(points) else 0):
        at = np.linspace(low, high, 17)
        turned = beyond(at[..., None] * points)
        if not (there := turned.any(axis=0)).any():
            return points[:0]
        at, points, first = at[:, there], points[there], turned.argmax(axis=0)[there]
        low, high = (at[place, np.arange(len(points))] for place in (first - 1, first))
    return np.asarray(points * high[:, None])


def bared(margin: Margin, point: Array) -> Array:
    """Return a point with every input put back to its middle that it can do without to keep its sign."""
    sign = np.sign(margin(point[None])[0])
    order = np.argsort(np.abs(point), kind="stable")
    while len(order):
        tried = np.repeat(point[None], len(order), axis=0)
        tried[:, order] *= np.triu(np.ones((len(order), len(order))), 1)
        still = np.append(np.sign(margin(tried)) == sign, False)
        most = int(np.argmin(still))  # so many can be put back at once, the nearest first; the next cannot
        point = tried[most - 1] if most else point
        order = order[most + 1 :]
    return point


def _nearer(beyond: Side, point: Array, hangs: NDArray[np.bool_]) -> Array:
    """Return a nearer point beyond the boundary, of those tried at random round the nearest so far."""
    random, far = np.random.default_rng(1), 0.3
    for _ in range(CHANCES):
        length = np.linalg.norm(point)
        noise = random.standard_normal((BLOCK // 2, len(point))) * hangs / np.sqrt(hangs.sum())
        tried = point + far * length * noise
        short = random.uniform(0.9, 1.0, len(tried)) * length / np.linalg.norm(tried, axis=1)
        tried = tried * short[:, None]
        found = tried[beyond(tried)]
        point, far = (min(found, key=np.linalg.norm), far) if len(found) else (point, far / 2)
    return point
