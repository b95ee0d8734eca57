"""Which judgement is worth settling, whose disagreement matters, and which source carries most? In bits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from detente.case.text import sources_of
from detente.case.words import input_name
from detente.lenses.crossimpact.balances import Scenarios
from detente.lenses.crossimpact.records import Worth
from detente.lenses.crossimpact.survival import information
from detente.lenses.crossimpact.view import EXPERT, CrossImpactView, Found
from detente.lenses.summary import Array

MOST_TOLD = 20
MOST_WEIGHED = 60
LEAST_BITS = 1e-6


def worth(
    view: CrossImpactView,
    scenarios: Scenarios,
    tested: NDArray[np.bool_],
    found: Found,
    experts: NDArray[np.int64],
) -> tuple[Worth, ...]:
    """Return what is worth settling: judgements one by one, then sources, then which expert is right.

    What a source is worth is the sum over the judgements that rest on it: like theirs a figure to screen by.

    Args:
        view: the futures.
        scenarios: over which the doubt counts, shape (s, n).
        tested: whether each descriptor must be consistent.
        found: consistent scenarios of every draw.
        experts: who was asked in every draw.
    """
    rows = list(_experts(view, scenarios, found, experts))
    if view.doubt is None or not len(scenarios):
        return tuple(rows)
    weighed = scenarios[:MOST_WEIGHED]
    bits = information(view.doubt, weighed, view.shape, tested, view.options.tolerance)
    return (*_judgements(view, bits), *_sources(view, bits), *rows)


def _judgements(view: CrossImpactView, bits: Array) -> Iterator[Worth]:
    found = [(float(bits[place]), path) for place, path in view.paths.items() if bits[place] > LEAST_BITS]
    for value, path in sorted(found, key=lambda one: (-one[0], one[1]))[:MOST_TOLD]:
        yield Worth(kind="judgement", what=input_name(view.case, path), path=path, bits=value)


def _sources(view: CrossImpactView, bits: Array) -> Iterator[Worth]:
    carried: dict[str, float] = {}
    for (row, on), (_, judgement) in view.rows.items():
        cells = dict(zip(view.variants[on], bits[row, view.shape.block(on)], strict=True))
        resting = [(judgement.because, float(sum(cells.values())))]
        resting += [(judgement.because_each[one], float(cells[one])) for one in judgement.because_each]
        for because, value in resting:
            for source in sources_of(because):
                carried[source] = carried.get(source, 0.0) + value
    for source, value in sorted(carried.items(), key=lambda one: (-one[1], one[0]))[:MOST_TOLD]:
        if value > LEAST_BITS:
            yield Worth(kind="source", what=view.case.sources[source].title, path=source, bits=value)


def _experts(
    view: CrossImpactView, scenarios: Scenarios, found: Found, experts: NDArray[np.int64]
) -> Iterator[Worth]:
    """Yield what it is worth to know which expert is right, from the draws."""
    names, draws = list(view.futures.experts.values()), len(found.counts)
    if len(names) < 2 or not len(scenarios):
        return
    asked = np.bincount(experts, minlength=len(names)) / draws
    total = 0.0
    numbers = view.shape.numbered(found.scenarios)
    for number in view.shape.numbered(scenarios[:MOST_WEIGHED]).tolist():
        held = np.bincount(experts[found.draw[numbers == number]], minlength=len(names))
        given = np.divide(held, asked * draws, out=np.zeros(len(names)), where=asked > 0)
        total += _entropy(float(held.sum()) / draws) - float(
            sum(share * _entropy(float(p)) for share, p in zip(asked, given, strict=True))
        )
    if total > LEAST_BITS:
        named = ", ".join(one.name for one in names)
        yield Worth(kind="expert", what=f"which of them is right: {named}", path=EXPERT, bits=total)


def _entropy(p: float) -> float:
    if p <= 0 or p >= 1:
        return 0.0
    return float(-p * np.log2(p) - (1 - p) * np.log2(1 - p))
