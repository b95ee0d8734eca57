"""What would one hand to the person who asked? The answer, what leads to it, how sure it is, and on what it rests.

Every lens whose part the case states writes a chapter, on the case as it stands and on every scenario; the
findings lead, and each number can be followed to its table and its sources.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import PrivateAttr

from detente.case import Case
from detente.errors import MissingPartError
from detente.lenses.blocks import Progress
from detente.lenses.lens import DEFAULT_DRAWS, DEFAULT_SEED, Finding, RunRecord
from detente.lenses.published import Published
from detente.lenses.table import Table
from detente.report.bargaining.chapter import BargainingChapter
from detente.report.chapter import AS_IT_STANDS, Chapter, Effort
from detente.report.evidence import Evidence, evidence
from detente.report.figure import Figure
from detente.report.stability.chapter import StabilityChapter
from detente.report.winset.chapter import WinsetChapter
from detente.study.compare import shifted

KINDS: tuple[type[Chapter], ...] = (BargainingChapter, WinsetChapter, StabilityChapter)
"""The chapters that a brief may have, in their order."""


class Brief(Published):
    """A case, answered.

    Attributes:
        title: of the case.
        question: that the case asks.
        as_of: date of the case.
        answer: the answer in one or two sentences: that of the first chapter.
        headlines: what a reader should know first: the answers of the other chapters, then what else the first
            found.
        bargaining: where each issue settles; ``None`` where nobody has a stance on anything.
        winset: whether there is a deal, and who blocks it; ``None`` where nobody's consent is stated.
        stability: what holds; ``None`` where the case has no game.
        evidence: what rests on which source, and what on none.
    """

    title: str
    question: str | None
    as_of: str | None
    answer: Finding
    headlines: tuple[Finding, ...]
    bargaining: BargainingChapter | None = None
    winset: WinsetChapter | None = None
    stability: StabilityChapter | None = None
    evidence: Evidence

    _case: Case | None = PrivateAttr(default=None)

    @property
    def case(self) -> Case:
        """Return the case; a brief that was read back from JSON has none.

        Raises:
            MissingPartError: there is none.
        """
        if self._case is None:
            raise MissingPartError(
                "a brief read back from its data has no case to draw from; make it again with brief(case)"
            )
        return self._case

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """Return the chapters that the brief has, the one that answers first."""
        found = (getattr(self, kind.lens) for kind in KINDS)
        return tuple(chapter for chapter in found if chapter is not None)

    @property
    def record(self) -> RunRecord:
        """Return how the answer was made."""
        return self.chapters[0].record

    def tables(self) -> Mapping[str, Table]:
        """Return every table of the brief by name; the numbers of each finding stand in the table it names."""
        told = {name: table for chapter in self.chapters for name, table in chapter.tables().items()}
        named = {finding.table for finding in self.headlines} - set(told)
        drawn = {one.table.name: one.table for one in self.figures if one.table.name in named}
        return {**told, **drawn, "evidence": self.evidence.table()}

    @cached_property
    def figures_of(self) -> Mapping[str, tuple[Figure, ...]]:
        """Return name of a lens → the figures of its chapter."""
        return {chapter.lens: chapter.figures(self.case) for chapter in self.chapters}

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Return all figures, in the order of the page."""
        return tuple(figure for figures in self.figures_of.values() for figure in figures)

    def to_html(self) -> str:
        """Return the brief as one page of HTML that needs nothing else: no script, no network, no other file."""
        from detente.report.html import page

        return page(self)

    def save(self, path: str | Path) -> None:
        """Write the page, whole or not at all.

        Raises:
            OutputError: it cannot be written there.
        """
        from detente.case.files import write_whole

        write_whole(Path(path), self.to_html())

    def _repr_html_(self) -> str:
        """Show answer and headlines in a notebook; `to_html` has the whole page."""
        from html import escape

        items = "".join(f"<li>{escape(finding.sentence)}</li>" for finding in self.headlines)
        tables = "".join(next(iter(one.tables().values()))._repr_html_() for one in self.chapters)
        return f"<h3>{escape(self.title)}</h3><p>{escape(self.answer.sentence)}</p><ul>{items}</ul>{tables}"


def brief(
    case: Case,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Brief:
    """Answer a case: where each issue settles, what holds, how sure that is, and what would change it.

    Args:
        case: the case.
        draws: of everything that carries doubt.
        seed: of the draws; the same seed gives the same bytes for any number of workers.
        workers: threads; all processors when ``None``.
        progress: called with (draws done, draws in all), counted over all lenses and scenarios.

    Raises:
        MissingPartError: the case states nothing that a lens reads.
        NoWeightError: on some issue all weights are zero.
        CaseError: the game contradicts itself, with every problem.
        OptionError: a number of draws that cannot be made.
    """
    kinds = [kind for kind in KINDS if kind.reads(case)]
    if not kinds:
        raise MissingPartError(
            "a brief is made from 'stances' or from 'game' and the case has neither; add who wants what, or what "
            "each actor can do and prefers"
        )
    # A scenario that was applied is the case that is asked about; others would be applied on top of it.
    stated = case.scenarios.items() if case.scenario is None else ()
    scenarios = {name: case.with_(scenario=name) for name, one in stated if one.changes}
    versions = {AS_IT_STANDS: case, **scenarios}
    chapters: dict[str, Any] = {  # every chapter has a field of its lens's name
        kind.lens: kind.of(versions, Effort(draws, seed, workers, shifted(progress, number, len(kinds))))
        for number, kind in enumerate(kinds)
    }
    first, *others = chapters.values()
    made = Brief(
        title=case.title,
        question=case.question,
        as_of=case.as_of,
        answer=first.answer,
        headlines=(*(chapter.answer for chapter in others), *first.headlines),
        **chapters,
        evidence=evidence(case),
    )
    made._case = case
    return made
