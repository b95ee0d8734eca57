"""What do the commands print as JSON, where it is not a lens's result? Frozen records with a published schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from detente.show.record import Published, Record

if TYPE_CHECKING:
    from detente.case import Case


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
            path: {
                "text": str(of),
                "mean": of.mean,
                "sd": of.sd,
                "low80": float(of.quantile(0.1)),
                "high80": float(of.quantile(0.9)),
            }
            for path, of in case.quantities.items()
        }
        stated = {"scenario": case.scenario, "fingerprint": case.fingerprint, "case": case.to_dict()}
        return cls.from_dict({**stated, "quantities": quantities})


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
