"""What do the commands print as JSON, where it is not a lens's result? Frozen records with a published schema."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from detente.errors import Problem
from detente.show.record import Published, Record

if TYPE_CHECKING:
    from detente.case import Case
    from detente.case.formats import Imported as Found


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


class CheckReport(Published):
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

    @classmethod
    def of(cls, reference: str, problems: Sequence[Problem], *, strict: bool) -> CheckReport:
        """Return the report on a case."""
        errors = sum(problem.severity == "error" for problem in problems)
        warnings = len(problems) - errors
        return cls(
            case=reference,
            ok=not errors and not (strict and warnings),
            errors=errors,
            warnings=warnings,
            problems=tuple(map(ProblemRecord.of, problems)),
        )


class CatalogCase(Record):
    """One case that comes with the package."""

    name: str
    title: str
    question: str | None
    actors: int
    issues: int
    file: str


class Catalog(Published):
    """What ``cases`` prints."""

    cases: tuple[CatalogCase, ...]

    @classmethod
    def made(cls) -> Catalog:
        """Return all of them."""
        from detente.catalog import entries

        told = ("title", "question", "actors", "issues")
        return cls(
            cases=tuple(
                CatalogCase(name=one.slug, file=str(one.path), **{name: getattr(one, name) for name in told})
                for one in entries()
            )
        )


class QuantitySummary(Record):
    """A number with doubt: as written, and what it comes to within the bounds of its scale."""

    text: str
    mean: float
    sd: float
    low80: float
    high80: float


class ShownCase(Published):
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

    @classmethod
    def of(cls, case: Case) -> ShownCase:
        """Return what a case holds."""
        quantities = {
            path: QuantitySummary(
                text=str(quantity),
                mean=quantity.mean,
                sd=quantity.sd,
                low80=float(quantity.quantile(0.1)),
                high80=float(quantity.quantile(0.9)),
            )
            for path, quantity in case.quantities.items()
        }
        return cls(
            scenario=case.scenario,
            fingerprint=case.fingerprint,
            case=case.to_dict(),
            quantities=quantities,
        )


class Written(Published):
    """What commands that write files print: which they wrote."""

    written: tuple[str, ...]


class Exported(Published):
    """What ``export`` prints.

    Attributes:
        written: the file.
        warnings: what the format does not hold.
    """

    written: str
    warnings: tuple[ProblemRecord, ...]


class Imported(Published):
    """What ``import`` prints.

    Attributes:
        written: the file, or ``None`` when none was asked for.
        format: that the file was in.
        case: the case as a case file would have it.
        warnings: what looks forgotten.
    """

    written: str | None
    format: str
    case: dict[str, Any]
    warnings: tuple[ProblemRecord, ...]

    @classmethod
    def of(cls, found: Found, output: Path | None) -> Imported:
        """Return what was read, and where it was written."""
        return cls(
            written=str(output) if output is not None else None,
            format=found.format,
            case=found.require().to_dict(),
            warnings=tuple(map(ProblemRecord.of, found.warnings)),
        )
