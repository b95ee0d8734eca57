"""What would flip an answer? The smallest change of the inputs, alone and together, in their own numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import ndtr, ndtri

from detente.case import Case
from detente.lenses.summary import Array
from detente.show.words import input_phrase, input_value
from detente.study.inquiry_records import FlipRecord, Move
from detente.study.sampled import Sampled
from detente.study.sensitivity.flip import Flip, joint, single


def flip(one: Sampled, label: str, at: float | None = None) -> tuple[FlipRecord, list[Move]] | None:
    """Return the smallest change that flips an answer; ``None`` for an outcome that has no margin.

    Args:
        one: the draws of a lens.
        label: of an outcome.
        at: for an outcome on a scale, the value that is asked about: is it above?
    """
    of, count, y = one.told[label], len(one.paths), one.outcomes[label]
    measure: Callable[[Array], Array]
    if of.kind == "share":
        if label not in one.margins(np.full((1, count), 0.5), (label,)):
            return None

        def measure(z: Array) -> Array:
            return one.margins(ndtr(z), (label,))[label]

        holds = y > 0
    elif at is not None:
        level = at

        def measure(z: Array) -> Array:
            return one.again(ndtr(z), (label,))[label] - level

        holds = y > level
    else:
        return None
    answer = float(measure(np.zeros((1, count)))[0]) > 0
    flipped = holds != answer
    starts = None
    if flipped.any():
        starts = ndtri(np.clip(one.u[flipped], 1e-9, 1 - 1e-9)).mean(axis=0)[None]
    alone = single(measure, count)
    best = _least(joint(measure, count, starts), alone)
    record = FlipRecord(
        lens=one.lens,
        outcome=label,
        subject=of.subject if at is None else f"{of.subject} above {at:g}",
        yes=of.yes,
        no=of.no,
        answer=answer,
        length=None if best is None else best.length,
        chance=None if best is None else float(ndtr(-best.length)),
        share=float(flipped.mean()),
    )
    moves = [] if best is None else _moves(one, label, best.scores, best.named, alone=False)
    order = [int(i) for i in np.argsort(np.abs(alone), kind="stable") if not np.isnan(alone[i])]
    return record, moves + _moves(one, label, alone, order, alone=True)


def _called(case: Case, path: str) -> str:
    """Return an input in words; the ends of a red line as one speaks of them."""
    told = input_phrase(case, path)
    return told.replace("red line, lower", "minimum").replace("red line, upper", "maximum")


def _moved(case: Case, path: str, start: float, end: float) -> str:
    """Return both ends in words, in three figures where the words of the case cannot tell them apart."""
    told = [input_value(case, path, value) for value in (start, end)]
    if told[0] == told[1]:
        told = [f"{value:.3g}" for value in (start, end)]
    return " to ".join(told)


def _least(best: Flip | None, alone: Array) -> Flip | None:
    """Return the smaller of a joint move and the smallest single one."""
    if np.isnan(alone).all():
        return best
    place = int(np.nanargmin(np.abs(alone)))
    if best is not None and best.length <= abs(alone[place]) + 1e-3:
        return best
    scores = np.zeros(len(alone))
    scores[place] = alone[place]
    return Flip(abs(float(alone[place])), scores, (place,))


def _moves(one: Sampled, label: str, scores: Array, chosen: Sequence[int], *, alone: bool) -> list[Move]:
    """Return moves in the inputs' own numbers."""
    count = len(one.paths)
    ends = one.numbers(ndtr(np.where(np.isnan(scores), 0.0, scores))[None])[0]
    starts = one.numbers(np.full((1, count), 0.5))[0]
    return [
        Move(
            outcome=label,
            input=one.paths[place],
            told=_called(one.case, one.paths[place]),
            start=float(starts[place]),
            end=float(ends[place]),
            moved=_moved(
                one.case, one.paths[place].partition("#")[0], float(starts[place]), float(ends[place])
            ),
            score=float(scores[place]),
            alone=alone,
        )
        for place in chosen
    ]
