"""What would flip an answer? The smallest change of the inputs, alone and together, in their own numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr, ndtri

from detente.lenses.summary import Array
from detente.show.words import input_phrase, input_value
from detente.study.inquiry_records import FlipRecord, Move
from detente.study.sampled import BLOCK, Sampled
from detente.study.sensitivity.flip import joint, named, single

FAR = 8.0
"""Scores beyond which no number is asked for: there a uniform is 1, and a normal number infinite."""


def flip(one: Sampled, label: str, at: float | None = None) -> tuple[FlipRecord, list[Move]] | None:
    """Return the smallest change that flips an answer; ``None`` for an outcome that has no margin.

    An input that moves alone leaves those correlated with it where they are; a joint move counts how likely it is
    that they move together.

    Args:
        one: the draws of a lens.
        label: of an outcome.
        at: for an outcome on a scale, the value that is asked about: is it above?
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
    near = np.flatnonzero(flipped)
    if not len(near):
        near = np.argsort(np.abs(measure(scores[:BLOCK])))[: BLOCK // 50]
    toward = scores[near].mean(axis=0)
    starts = [np.where(np.abs(toward) > 2 / np.sqrt(len(near)), toward, 0.0)]  # what is more than chance
    starts += [np.eye(count)[place] * alone[place] for place in order[:1]]
    free = np.linalg.pinv(root)  # from scores to those of which none hangs on another
    best = joint(lambda z: measure(z @ root), count, [y @ free for y in starts])
    record = FlipRecord(
        **one.about(label) | ({} if not level else {"subject": f"{of.subject} above {level:g}"}),
        yes=of.yes,
        no=of.no,
        answer=answer,
        length=None if best is None else best.length,
        chance=None if best is None else float(ndtr(-best.length)),
        share=float(flipped.mean()),
    )
    moves = _moves(one, label, alone, order, alone=True)
    if best is not None:
        scores = best.scores @ root
        made = named(scores * (scores @ free @ free))  # without those that only go along
        moves = [*_moves(one, label, scores, made, alone=False), *moves]
    return record, moves


def _moves(one: Sampled, label: str, scores: Array, chosen: Sequence[int], *, alone: bool) -> list[Move]:
    """Return moves in the inputs' own numbers."""
    starts, ends = one.numbers(ndtr(np.stack([np.zeros(len(scores)), np.nan_to_num(scores)])))
    return [
        Move(
            **one.about(label),
            input=one.paths[place],
            told=_called(one, place),
            start=float(starts[place]),
            end=float(ends[place]),
            moved=_moved(one, place, float(starts[place]), float(ends[place])),
            score=float(scores[place]),
            alone=alone,
        )
        for place in chosen
    ]


def _called(one: Sampled, place: int) -> str:
    """Return an input in words; the ends of a red line as one speaks of them."""
    told = input_phrase(one.case, one.paths[place])
    return told.replace("red line, lower", "minimum").replace("red line, upper", "maximum")


def _moved(one: Sampled, place: int, *ends: float) -> str:
    """Return both ends in words, in three figures where the words of the case cannot tell them apart."""
    path = one.paths[place].partition("#")[0]
    told = [input_value(one.case, path, value) for value in ends]
    return " to ".join(told if told[0] != told[1] else [f"{value:.3g}" for value in ends])
