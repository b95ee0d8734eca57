"""What is negotiated? The issues, each on a scale of numbers with their meanings."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, PlainSerializer

from detente.case.consent import RuleOf
from detente.case.fields import (
    MOST_COST,
    Asserts,
    Citations,
    Doubtful,
    FrozenDict,
    Number,
    Part,
    PartialDate,
    Stated,
)
from detente.case.text import Name, Text
from detente.case.validation import Fault, as_mapping, entries, shortened
from detente.quantity import Quantity
from detente.quantity.quantity import number_text

MAX_ISSUES = 200


def _anchored(scale: Mapping[float, str]) -> Mapping[float, str]:
    if len(scale) < 2:
        two = "its lowest and its highest value with their meanings"
        raise ValueError(f"a scale needs at least two anchors, {two}")
    return FrozenDict(sorted(scale.items()))


Scale = Annotated[
    Mapping[float, Text],
    AfterValidator(_anchored),
    PlainSerializer(lambda scale: {number_text(anchor): meaning for anchor, meaning in scale.items()}),
]
NoDeal = Annotated[Quantity, Doubtful("no-deal point", on_scale=True, brief="no deal", owner="{issues}")]

Today = Annotated[Quantity, Doubtful("value of today", on_scale=True, brief="today", owner="{issues}")]
_WIDTH = f"1 is the whole width of the scale; use a number from 0 to {MOST_COST:g}"
Cost = Annotated[Quantity, Doubtful("cost of failure", 0, MOST_COST, hint=_WIDTH, owner="{issues}")]


class Outcome(Part):
    """What really happened on an issue, where it is known."""

    value: Annotated[Number, Stated("outcome", on_scale=True, owner="{issues}")]
    date: PartialDate | None = None
    because: Citations = ()


class Issue(Part):
    """What is negotiated."""

    name: Name
    question: Text | None = None
    scale: Scale
    unit: Name | None = None
    no_deal: NoDeal | None = None
    today: Today | None = None
    failure_cost: Cost | None = None
    discrete: bool = False
    consent: RuleOf | None = None
    outcome: Annotated[Outcome, Asserts("{issues}")] | None = None
    because: Citations = ()

    @property
    def low(self) -> float:
        """Lowest position on the scale."""
        return min(self.scale)

    @property
    def high(self) -> float:
        """Highest position on the scale."""
        return max(self.scale)


def anchor_number(text: object) -> float | None:
    """Return the number that the key of an anchor says, if it says a finite one."""
    try:
        number = float(str(text))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def scale_bounds(issue: object) -> tuple[float, float] | None:
    """Return the lowest and highest anchor of an issue as stated, or ``None`` when its scale cannot be read."""
    anchors = [anchor_number(anchor) for anchor in as_mapping(issue, "scale")]
    known = [anchor for anchor in anchors if anchor is not None]
    readable = len(known) == len(anchors) and len(set(known)) > 1
    return (min(known), max(known)) if readable else None


def issue_faults(_: Any, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a case without issues, a game, futures or relations, and anchors that are the same number."""
    bare = all(data.get(part) is None for part in ("game", "futures", "relations"))
    if bare and "issues" not in data:
        yield Fault((), "'issues' is missing", "add 'issues: …'")
    elif bare and data["issues"] == {}:
        yield Fault(("issues",), "is empty")
    for path, scale in entries(data, "issues", "*", "scale"):
        first: dict[float, str] = {}
        for text in scale:
            number = anchor_number(text)
            if number is not None and first.setdefault(number, text) != text:
                message = f"the anchor {shortened(text)} is the same number as {shortened(first[number])}"
                yield Fault((*path, text), message, "keep one", at_key=True)
