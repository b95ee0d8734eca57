"""Which judgement is worth settling, whose disagreement matters, and which source carries most? In bits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from detente.case.text import sources_of
from detente.case.words import input_name
from detente.lenses.crossimpact.balances import Scenarios
from detente.lenses.crossimpact.records import Worth
from detente.lenses.crossimpact.survival import entropy, information
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
    weighed, case = scenarios[:MOST_WEIGHED], view.case
    bits = information(view.doubt, weighed, view.shape, tested, view.options.tolerance)
    judged = {path: float(bits[place]) for place, path in view.paths.items()}
    return (
        *_most("judgement", judged, lambda path: input_name(case, path)),
        *_most("source", _carried(view, bits), lambda source: case.sources[source].title),
        *rows,
    )


def _most(kind: str, found: Mapping[str, float], named: Callable[[str], str]) -> Iterator[Worth]:
    for path, value in sorted(found.items(), key=lambda one: (-one[1], one[0]))[:MOST_TOLD]:
        if value > LEAST_BITS:
            yield Worth(kind=kind, what=named(path), path=path, bits=value)


def _carried(view: CrossImpactView, bits: Array) -> dict[str, float]:
    """Return source → bits of all judgements that rest on it."""
    carried: dict[str, float] = {}
    for (row, on), judgement in view.rows.items():
        cells = dict(zip(view.variants[on], bits[row, view.shape.block(on)].tolist(), strict=True))
        resting = [(judgement.because, sum(cells.values()))]
        resting += [(because, cells[one]) for one, because in judgement.because_each.items()]
        for because, value in resting:
            for source in sources_of(because):
                carried[source] = carried.get(source, 0.0) + value
    return carried


def _experts(
    view: CrossImpactView, scenarios: Scenarios, found: Found, experts: NDArray[np.int64]
) -> Iterator[Worth]:
    """Yield what it is worth to know which expert is right, from the draws."""
    names, draws = list(view.futures.experts.values()), len(found.counts)
    if len(names) < 2 or not len(scenarios):
        return
    asked, total = np.bincount(experts, minlength=len(names)), 0.0
    numbers = view.shape.numbered(found.scenarios)
    for number in view.shape.numbered(scenarios[:MOST_WEIGHED]).tolist():
        held = np.bincount(experts[found.draw[numbers == number]], minlength=len(names))
        left = sum(
            n / draws * entropy(h / n) for h, n in zip(held.tolist(), asked.tolist(), strict=True) if n
        )
        total += entropy(float(held.sum()) / draws) - left
    if total > LEAST_BITS:
        named = ", ".join(one.name for one in names)
        yield Worth(kind="expert", what=f"which of them is right: {named}", path=EXPERT, bits=total)
