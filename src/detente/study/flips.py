"""What would flip an answer? The smallest change of the inputs, alone and together, in their own numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from detente.lenses.summary import Array
from detente.show.words import input_phrase, input_value
from detente.study.records import Flip, Move
from detente.study.sampled import BLOCK, Sampled
from detente.study.sensitivity.flip import bared, joint, named, single

FAR = 8.0
"""Scores beyond which no number is asked for: there a uniform is 1, and a normal number infinite."""
STRETCHED = (1.5, 2.0, 2.5)
"""By how much draws are stretched, one after the other, where none of them flips the answer."""
TRIED = 3


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
    find = one.margins if share else one.again

    def measure(scores: Array) -> Array:
        return find(ndtr(np.clip(scores, -FAR, FAR)), (label,))[label] - level

    if label not in find(np.full((1, count), 0.5), (label,)):
        return None
    answer = float(measure(np.zeros((1, count)))[0]) > 0
    flipped = (one.outcomes[label] > level) != answer
    alone, root = single(measure, count), one.root()
    order = [int(i) for i in np.argsort(np.abs(alone), kind="stable") if not np.isnan(alone[i])]
    scores = ndtri(np.clip(one.u, 1e-9, 1 - 1e-9))
    starts = [np.eye(count)[place] * alone[place] for place in order[:1]]
    near = np.flatnonzero(flipped)
    if not len(near):
        near = np.argsort(np.abs(measure(scores[:BLOCK])))[: BLOCK // 50]
        far = [bared(measure, point) for point in _stretched(measure, root, answer)]
        starts += sorted(far, key=lambda point: float(point @ point))[:TRIED]
    toward = scores[near].mean(axis=0)
    starts.insert(
        0, np.where(np.abs(toward) > 2 / np.sqrt(len(near)), toward, 0.0)
    )  # what is more than chance
    free = np.linalg.pinv(root)  # from scores to those of which none hangs on another
    best = joint(lambda z: measure(z @ root), count, [y @ free for y in starts])
    found = Flip(
        asked=f"{of.subject} above {level:g}" if level else of.subject,
        answer=answer,
        length=None if best is None else best.length,
        chance=None if best is None else float(ndtr(-best.length)),
        share=float(flipped.mean()),
    )
    moves = [*_moves(one, alone, order, alone=True)]
    if best is not None:
        scores = best.scores @ root
        made = named(scores * (scores @ free @ free))  # without those that only go along
        moves = [*_moves(one, scores, made, alone=False), *moves]
    return {"flips": (found,), "moves": tuple(moves)}


def _stretched(measure: Any, root: Array, answer: bool) -> Array:
    """Return scores, drawn wider and wider until some flip the answer, that do; shape (rows, inputs)."""
    scores = np.random.default_rng(1).standard_normal((4 * BLOCK, len(root))) @ root
    for far in STRETCHED:
        flipped = np.flatnonzero((measure(scores * far) > 0) != answer)
        if len(flipped):
            return np.asarray(scores[flipped[: 3 * TRIED]] * far)
    return scores[:0]


def _moves(one: Sampled, scores: Array, chosen: Sequence[int], *, alone: bool) -> Iterator[Move]:
    """Yield moves in the inputs' own numbers; the ends of a red line are called as one speaks of them."""
    starts, ends = one.numbers(ndtr(np.stack([np.zeros(len(scores)), np.nan_to_num(scores)])))
    for place in chosen:
        path, start, end = one.paths[place], float(starts[place]), float(ends[place])
        told = input_phrase(one.case, path)
        for line, called in (("red line, lower", "minimum"), ("red line, upper", "maximum")):
            told = told.replace(line, called)
        words = [input_value(one.case, path.partition("#")[0], value) for value in (start, end)]
        if words[0] == words[1]:  # the words of the case cannot tell them apart
            words = [f"{value:.3g}" for value in (start, end)]
        yield Move(
            input=path,
            told=told,
            start=start,
            end=end,
            moved=" to ".join(words),
            score=float(scores[place]),
            alone=alone,
        )
