"""What must be written down before an outcome, so that it can be checked years later? Questions and forecasts.

All numbers are decimal texts, since these records are hashed.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from detente.errors import LedgerError, OptionError
from detente.record.chain import is_time
from detente.show.record import Record
from detente.study.outlook.mixed import MixedDistribution

ARRAYS = ("points", "masses", "knots", "smooth")
REASONS = ("unclear-criteria", "false-premise", "source-gone", "condition-not-met", "irreconcilable-coders")
"""For which a question may be annulled."""


def _decimal(text: str) -> str:
    try:
        if Decimal(text).is_finite():
            return text
    except InvalidOperation:
        pass
    raise ValueError("must be a decimal number, written as text")


def _time(text: str) -> str:
    if not is_time(text):
        raise ValueError("must be a time such as 2026-12-31T23:59:59Z")
    return text


DecimalText = Annotated[str, AfterValidator(_decimal)]
Moment = Annotated[str, AfterValidator(_time)]
Stated = Annotated[str, Field(min_length=1)]


def as_text(number: float) -> str:
    """Return a number as the shortest decimal text of at most 15 digits."""
    return f"{number:.15g}" if number else "0"


class Scale(Record):
    """On what a position is measured: its ends, its unit, and what some values mean."""

    low: DecimalText
    high: DecimalText
    unit: str = ""
    anchors: dict[str, str] = Field(default_factory=dict)


class Rule(Record):
    """How the outcome is read: what counts as which, the source of record, one in its place, and who decides."""

    criteria: Stated
    source: Stated
    fallback: str = ""
    decides: str = ""


class Condition(Record):
    """What must come true for the forecast to count: a scenario of the case, declared true by these criteria."""

    scenario: str
    criteria: Stated


class Question(Record):
    """A question with its outcomes, its times and its rule.

    Attributes:
        about: id of the issue or deal in the case.
        outcome: ``position``: a value of the scale, or no agreement by the deadline; ``event``: yes or no.
        opened: when forecasts may be made.
        deadline: by which it comes true, or not.
        latest: by which it must be resolved.
        condition: under which alone it counts.
        counting: which of several forecasts counts.
        cluster: the case; questions of one case share their errors.
    """

    text: Stated
    about: Stated
    outcome: Literal["position", "event"]
    scale: Scale | None = None
    opened: Moment
    deadline: Moment
    latest: Moment
    rule: Rule
    condition: Condition | None = None
    counting: Literal["first", "last", "average"] = "first"
    cluster: Stated

    @model_validator(mode="after")
    def _sound(self) -> Question:
        if (self.outcome == "position") != (self.scale is not None):
            raise ValueError("a position has a scale, an event has none")
        if not self.opened <= self.deadline <= self.latest:
            raise ValueError("the deadline lies before the opening, or the latest date before the deadline")
        return self


class Distribution(Record):
    """A `MixedDistribution` in decimal texts."""

    low: DecimalText
    high: DecimalText
    points: tuple[DecimalText, ...]
    masses: tuple[DecimalText, ...]
    knots: tuple[DecimalText, ...]
    smooth: tuple[DecimalText, ...]

    @classmethod
    def of(cls, one: MixedDistribution) -> Distribution:
        """Return a distribution in texts."""
        texts = {name: tuple(map(as_text, getattr(one, name).tolist())) for name in ARRAYS}
        return cls(low=as_text(one.low), high=as_text(one.high), **texts)

    def mixed(self) -> MixedDistribution:
        """Return the distribution.

        Raises:
            OptionError: it is none.
        """
        arrays = (np.array([float(text) for text in getattr(self, name)], float) for name in ARRAYS)
        return MixedDistribution(float(self.low), float(self.high), *arrays)


class Forecast(Record):
    """What one forecaster says of a question.

    Attributes:
        chance: of an event; of a question with a position, that there is an agreement by the deadline.
        position: where it settles, given an agreement.
    """

    chance: DecimalText | None = None
    position: Distribution | None = None

    @model_validator(mode="after")
    def _proper(self) -> Forecast:
        if self.chance is None and self.position is None:
            raise ValueError("says nothing: give a chance, a distribution, or both")
        if self.chance is not None and not 0 <= Decimal(self.chance) <= 1:
            raise ValueError(f"a chance lies from 0 to 1, not at {self.chance}")
        if self.position is not None:
            try:
                self.position.mixed()
            except OptionError as error:
                raise ValueError(str(error)) from None
        return self


Forecasts = dict[str, Forecast]
"""Who says so (``model``, ``own``, or the name of a baseline) → what."""


class Provenance(Record):
    """From what a forecast was made, so that it can be made again.

    Attributes:
        case: its fingerprint as it was asked about.
        files: name → SHA-256 of the case's file and of the evidence beside it.
        constants: of the outlook's distribution.
        libraries: SHA-256 of the list of installed versions.
    """

    case: str
    files: dict[str, str] = Field(default_factory=dict)
    scenario: str | None = None
    draws: int
    seed: int
    constants: dict[str, DecimalText] = Field(default_factory=dict)
    version: str
    libraries: str
    platform: str


class Reading(Record):
    """What one reader found: whether an event happened, or there was an agreement, and its value on the scale."""

    coder: str
    value: DecimalText | None = None
    happened: bool

    @model_validator(mode="after")
    def _sound(self) -> Reading:
        if self.value is not None and not self.happened:
            raise ValueError("has a value though there was no agreement")
        return self


class Resolution(Record):
    """What came out, and who says so.

    Attributes:
        known: when the outcome was known.
        quotation: of the words that decide.
        accessed: when they were read.
        saved: SHA-256 of a saved copy.
        clause: of the rule that was applied.
        condition: whether the condition came true, where there is one.
    """

    readings: Annotated[tuple[Reading, ...], Field(min_length=1)]
    known: Moment
    source: Stated
    quotation: str = ""
    accessed: str = ""
    saved: str = ""
    clause: str = ""
    condition: bool | None = None

    @property
    def values(self) -> list[float]:
        """Return what was agreed, by every reader who says that something was."""
        return [float(one.value) for one in self.readings if one.value is not None]


def body(record: Record) -> dict[str, Any]:
    """Return a record as plain data, without what is empty."""
    return record.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


def of_body(kind: type[Record], data: Any, what: str) -> Any:
    """Return the record that plain data hold.

    Raises:
        LedgerError: all that is wrong with it.
    """
    from pydantic import ValidationError

    if not isinstance(data, Mapping):
        raise LedgerError(f"{what} is no mapping")
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        found = [(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors()]
        told = "; ".join(": ".join(filter(None, one)).replace("Value error, ", "") for one in found)
        raise LedgerError(f"{what}: {told}") from None
