"""On what do the numbers rest? Each source with the numbers that cite it, and the numbers that cite none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from detente.case import Case
from detente.case.text import sources_of
from detente.case.words import assertions
from detente.evidence.trail import Contradiction, Ground, Trail
from detente.show import words
from detente.show.record import Record
from detente.show.table import Table


class Cited(Record):
    """What rests on a source: one part of the case with its numbers.

    Attributes:
        path: of the part in the case (``stances.sanctions.kremlin``).
        about: whose numbers, in words.
        numbers: name → as written in the case; what is no number has no name.
        grounds: statements of the source that it cites, with their words where the document is at hand.
    """

    path: str
    about: str
    numbers: dict[str, str]
    grounds: tuple[Ground, ...] = ()


class SourceUse(Record):
    """A source and what rests on it; ``rests`` is empty where nothing cites it."""

    id: str
    title: str
    author: str | None
    publisher: str | None
    date: str | None
    url: str | None
    note: str | None
    grade: str | None = None
    """Reliability of the source and credibility of what it says, such as ``B2``."""
    rests: tuple[Cited, ...]

    @property
    def count(self) -> int:
        """Return how many numbers rest on it."""
        return sum(len(cited.numbers) for cited in self.rests)


class Evidence(Record):
    """The sources of a case, and the numbers without one.

    Attributes:
        sources: in the order of the case.
        unsupported: parts with numbers that cite no source.
        numbers: how many numbers the case states.
        contradictions: between statements of one speaker, in the documents that are at hand.
    """

    sources: tuple[SourceUse, ...]
    unsupported: tuple[Cited, ...]
    numbers: int
    contradictions: tuple[Contradiction, ...] = ()

    @cached_property
    def without_source(self) -> int:
        """Return how many numbers cite no source."""
        return sum(len(cited.numbers) for cited in self.unsupported)

    def table(self) -> Table:
        """Return one row per source and part that cites it, and per part that cites none."""
        columns = {
            "source": "id of the source, empty for numbers without one",
            "title": "of the source",
            "date": "of the source",
            "path": "part of the case that rests on it",
            "about": "the same in words",
            "numbers": "as written in the case",
            "statements": "of the source that it rests on",
            "words": "of these statements, where the document is at hand",
        }
        resting = [(use.id, use.title, use.date, cited) for use in self.sources for cited in use.rests]
        alone = [("", "", None, cited) for cited in self.unsupported]
        rows = tuple(
            (
                *(*source, cited.path, cited.about, _joined(cited.numbers)),
                "; ".join(ground.citation for ground in cited.grounds),
                " | ".join(ground.words for ground in cited.grounds if ground.words),
            )
            for *source, cited in (*resting, *alone)
        )
        return Table("evidence", columns, rows)


def evidence(case: Case, found: Trail | None = None) -> Evidence:
    """Return what rests on what in a case.

    Args:
        case: with its sources.
        found: what a store has of the statements that it cites; without it references remain.
    """
    grounds = found.grounds if found is not None else {}
    parts = [
        (Cited(path=one.path, about=one.about, numbers=_written(one.numbers)), one.because)
        for one in assertions(case)
    ]
    resting: dict[str, list[Cited]] = {source: [] for source in case.sources}
    for cited, because in parts:
        for source in sources_of(because):
            own = tuple(grounds[one] for one in because if one in grounds and one.startswith(f"{source}#"))
            resting[source].append(cited.model_copy(update={"grounds": own}))
    return Evidence(
        sources=tuple(
            SourceUse.like(
                of,
                id=source,
                grade=f"{of.reliability or ''}{of.credibility or ''}" or None,
                rests=tuple(resting[source]),
            )
            for source, of in case.sources.items()
        ),
        unsupported=tuple(cited for cited, because in parts if not because),
        numbers=sum(len(cited.numbers) for cited, _ in parts),
        contradictions=found.contradictions if found is not None else (),
    )


def _written(numbers: Mapping[str, object]) -> dict[str, str]:
    """Return numbers as they are written in a case; what is told in words as it is."""
    return {name: _text(number) if name else str(number) for name, number in numbers.items()}


def _text(number: object) -> str:
    return words.plain_number(number) if isinstance(number, float) else words.quantity_text(number)


def _joined(numbers: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {number}".strip() for name, number in numbers.items())
