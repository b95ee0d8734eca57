"""What is a case? The negotiation as frozen data: who wants what, how much they care, what weight they have.

Every number that can be in doubt is a `Quantity`; everything that is asserted can carry ``because``, the ids
of the sources it rests on. There are no algorithms here: a lens reads the case through its own view.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from numbers import Real
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    WrapSerializer,
)

from detente.case.acceptance import Acceptance
from detente.case.consent import MAX_BODIES, MAX_DEALS, Body, Payments, RuleOf, StatedDeal
from detente.case.countries import checked_country
from detente.case.frozen import FrozenDict, frozen
from detente.case.game import Game
from detente.case.options import Options
from detente.case.parts import Frozen, Ids, Part, empty, unwrapped
from detente.case.text import Name, Text
from detente.quantity import Quantity
from detente.quantity.quantity import number_text

MAX_ACTORS = 500
MAX_ISSUES = 200
MAX_SCENARIOS = 100
MAX_SOURCES = 5_000
RESERVED_PARTS = ("futures", "relations")


def _anchor_texts(scale: Mapping[float, str]) -> dict[str, str]:
    return {number_text(anchor): meaning for anchor, meaning in scale.items()}


def _checked_date(text: object) -> str:
    """Accept a year, a month or a day (``2024``, ``2024-11``, ``2024-11-06``) and keep its precision."""
    if isinstance(text, date):
        return (text.date() if isinstance(text, datetime) else text).isoformat()
    text = str(text) if isinstance(text, int) and not isinstance(text, bool) else text
    if isinstance(text, str) and re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        try:
            date.fromisoformat(text + "-01-01"[len(text) - 4 :])
        except ValueError:
            pass
        else:
            return text
    raise ValueError("not a date; write 2024, 2024-11 or 2024-11-06")


def _checked_url(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"']+", text):
        raise ValueError("a link starts with http:// or https:// and has no spaces or quotes")
    return text


def _real(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ValueError("must be a number")
    return value


def _anchored(scale: Mapping[float, str]) -> Mapping[float, str]:
    if len(scale) < 2:
        raise ValueError(
            "a scale needs at least two anchors, its lowest and its highest value with their meanings"
        )
    return FrozenDict(sorted(scale.items()))


PartialDate = Annotated[str, BeforeValidator(_checked_date, json_schema_input_type=str | int)]
Link = Annotated[Text, AfterValidator(_checked_url)]
Number = Annotated[float, BeforeValidator(_real, json_schema_input_type=float)]
Scale = Annotated[
    Mapping[float, Text], AfterValidator(_anchored), PlainSerializer(_anchor_texts, when_used="always")
]


class Source(Part):
    """Where an assertion comes from."""

    title: Name
    publisher: Name | None = None
    author: Name | None = None
    date: PartialDate | None = None
    url: Link | None = None


class Group(Part):
    """A bloc of actors."""

    name: Name


class Actor(Part):
    """Who takes part.

    Attributes:
        country: ISO 3166-1 alpha-3 code, for actors that belong to a state.
        groups: ids of the blocs it belongs to; the first one colours it in figures.
        influence: weight on every issue where its stance gives none (≥ 0; only ratios matter).
        failure_cost: what having no deal costs this actor, as a share of the whole range of its loss; less than 0
            for one that gains from failure.
    """

    name: Name
    country: Annotated[str, AfterValidator(checked_country)] | None = None
    groups: Ids = ()
    influence: Quantity | None = None
    failure_cost: Quantity | None = None
    because: Ids = ()


class Outcome(Part):
    """What really happened on an issue, where it is known."""

    value: Number
    date: PartialDate | None = None
    because: Ids = ()


class Issue(Part):
    """What is negotiated.

    Attributes:
        scale: anchors, number → meaning; the lowest and the highest bound the positions.
        unit: what the numbers count.
        no_deal: where the issue ends without agreement, on the scale.
        failure_cost: what failing to agree costs everyone, in utility units (positions scaled to 0..1).
        discrete: whether only the anchors of the scale can be agreed, nothing between them.
        consent: who must agree to whatever touches this issue, besides the consent that every deal needs.
        outcome: what really happened, where it is known.
    """

    name: Name
    question: Text | None = None
    scale: Scale
    unit: Name | None = None
    no_deal: Quantity | None = None
    failure_cost: Quantity | None = None
    discrete: bool = False
    consent: RuleOf | None = None
    outcome: Outcome | None = None
    because: Ids = ()

    @property
    def low(self) -> float:
        """Lowest position on the scale."""
        return min(self.scale)

    @property
    def high(self) -> float:
        """Highest position on the scale."""
        return max(self.scale)


class Stance(Part):
    """What an actor wants on an issue.

    Attributes:
        position: on the issue's scale.
        salience: share of attention or resources it would spend here, 0..1.
        influence: its weight here (≥ 0; only ratios matter); the actor's own where left out.
        accepts: red line.
        concession_cost: what it costs to move this actor's red line or demand here by the whole scale (≥ 0); its
            salience as a share of all its saliences where left out.
    """

    position: Quantity
    salience: Quantity
    influence: Quantity | None = None
    accepts: Acceptance | None = None
    concession_cost: Quantity | None = None
    because: Ids = ()


class StatedCorrelation(Part):
    """Two quantities, named by their paths, that rise or fall together.

    Attributes:
        rank: Spearman correlation, -1..1.
    """

    between: tuple[Text, Text]
    rank: Annotated[float, Field(ge=-1, le=1), BeforeValidator(_real)]
    because: Ids = ()


class Scenario(Part):
    """A named set of changes to the case: path → new value (``null`` removes what stands there)."""

    name: Name
    changes: Annotated[
        Mapping[str, Any], AfterValidator(frozen), WrapSerializer(unwrapped, when_used="always")
    ] = Field(default_factory=dict, validate_default=True)
    because: Ids = ()


class CaseModel(Part):
    """The parts of a case file, in the order in which one writes them."""

    detente: Annotated[Literal[1], BeforeValidator(_real)] = 1
    title: Name
    question: Text | None = None
    as_of: PartialDate | None = None
    sources: Annotated[Frozen[Source], Field(max_length=MAX_SOURCES)] = empty(Source)
    groups: Frozen[Group] = empty(Group)
    actors: Annotated[Frozen[Actor], Field(min_length=1, max_length=MAX_ACTORS)]
    issues: Annotated[Frozen[Issue], Field(max_length=MAX_ISSUES)] = empty(Issue)
    stances: Frozen[Frozen[Stance]] = empty(Stance)
    consent: RuleOf | None = None
    bodies: Annotated[Frozen[Body], Field(max_length=MAX_BODIES)] = empty(Body)
    deals: Annotated[Frozen[StatedDeal], Field(max_length=MAX_DEALS)] = empty(StatedDeal)
    payments: Payments | None = None
    game: Game | None = None
    correlations: tuple[StatedCorrelation, ...] = ()
    scenarios: Annotated[Frozen[Scenario], Field(max_length=MAX_SCENARIOS)] = empty(Scenario)
    options: Options = Options()
