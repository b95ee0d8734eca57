"""What does one lens contribute to a brief? A chapter: its answer, its findings, its figures and its sections.

A brief has a chapter for every lens whose part the case states. The first one answers the question of the case;
each further one gives its answer as a headline.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from detente.case import Case
from detente.lenses.blocks import Progress
from detente.lenses.lens import Finding, RunRecord
from detente.lenses.published import Record
from detente.lenses.table import Table
from detente.report.figure import Figure

AS_IT_STANDS = "as it stands"
Versions = Mapping[str, Case]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is drawn for a chapter.

    Attributes:
        draws: of everything that carries doubt.
        seed: of the draws.
        workers: threads; all processors when ``None``.
        progress: called with (draws done, draws in all), counted over all versions.
    """

    draws: int
    seed: int
    workers: int | None = None
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Figures of one kind.

    Attributes:
        id: of the section on the page.
        title: its heading.
        intro: what the figures show, and how they are read.
        figures: in the order of the page.
    """

    id: str
    title: str
    intro: str
    figures: tuple[Figure, ...]


class Chapter(Record):
    """One lens's part of a brief: data that is written and read back, and how a page shows it.

    Attributes:
        lens: name of the lens; also of the template with the chapter's sections, and of the field in a brief.
        places: kind of a finding → section that shows it.
        answer: to the lens's question, in one or two sentences that stand alone.
        headlines: what else a reader should know first.
    """

    lens: ClassVar[str]
    places: ClassVar[Mapping[str, str]]

    answer: Finding
    headlines: tuple[Finding, ...]

    @classmethod
    @abstractmethod
    def reads(cls, case: Case) -> bool:
        """Say whether a case states what the lens reads."""

    @classmethod
    @abstractmethod
    def of(cls, versions: Versions, effort: Effort) -> Self:
        """Write the chapter.

        Args:
            versions: `AS_IT_STANDS` → the case, then id → scenario.
            effort: how much to draw.
        """

    @property
    @abstractmethod
    def record(self) -> RunRecord:
        """How the answer was made."""

    @abstractmethod
    def tables(self) -> Mapping[str, Table]:
        """Return every table of the chapter, the one to show first before the others.

        No two chapters give a table the same name.
        """

    @abstractmethod
    def figures(self, case: Case) -> tuple[Figure, ...]:
        """Return every figure, in the order of the page; no two chapters give a figure the same id."""

    @abstractmethod
    def contents(self, figures: tuple[Figure, ...]) -> Mapping[str, str]:
        """Return id → title of every section that the page has, in its order."""

    @abstractmethod
    def drawn(self, case: Case, figures: tuple[Figure, ...]) -> dict[str, Any]:
        """Return what the chapter's template reads."""
