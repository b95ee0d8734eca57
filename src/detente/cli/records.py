"""What do the commands print as JSON, where it is not a lens's result? Frozen records with a published schema."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from detente.errors import Problem


class Record(BaseModel):
    """What all of them share: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data that validates against the schema."""
        return self.model_dump(mode="json")

    @classmethod
    def published_schema(cls) -> dict[str, Any]:
        """Return the JSON Schema of `to_dict`."""
        schema = cls.model_json_schema(mode="serialization")
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


class ProblemRecord(Record):
    """One fault, or one thing that looks forgotten: where it stands, what it is, and the way out."""

    severity: Literal["error", "warning"]
    file: str | None
    line: int | None
    column: int | None
    path: str
    message: str
    value: str | None
    hint: str | None

    @classmethod
    def of(cls, problem: Problem) -> ProblemRecord:
        """Return the record of a problem."""
        return cls.model_validate(problem.to_dict())


class CheckReport(Record):
    """What ``check`` prints.

    Attributes:
        case: as it was named on the command line.
        ok: whether the exit code is 0.
        errors: how many problems keep the case from being used.
        warnings: how many look forgotten.
        problems: all of them, in the order of the file.
    """

    case: str
    ok: bool
    errors: int
    warnings: int
    problems: tuple[ProblemRecord, ...]


class CatalogCase(Record):
    """One case that comes with the package."""

    name: str
    title: str
    question: str | None
    actors: int
    issues: int
    file: str


class Catalog(Record):
    """What ``cases`` prints."""

    cases: tuple[CatalogCase, ...]


class QuantitySummary(Record):
    """A number with doubt: as written, and what it comes to within the bounds of its scale."""

    text: str
    mean: float
    sd: float
    low80: float
    high80: float


class ShownCase(Record):
    """What ``show`` prints.

    Attributes:
        scenario: id of the scenario that was applied, or ``None``.
        fingerprint: of the content, changes included.
        case: the case as a case file would have it.
        quantities: path → number with doubt.
    """

    scenario: str | None
    fingerprint: str
    case: dict[str, Any]
    quantities: dict[str, QuantitySummary]


class Written(Record):
    """What ``new`` and ``export`` print: the files that were written."""

    written: tuple[str, ...]


class Imported(Record):
    """What ``import`` prints.

    Attributes:
        written: the file, or ``None`` when none was asked for.
        case: the case as a case file would have it.
        warnings: what looks forgotten.
    """

    written: str | None
    case: dict[str, Any]
    warnings: tuple[ProblemRecord, ...]
