"""On what do the numbers rest? Each source with the numbers that cite it, and the numbers that cite none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from detente.case import Case
from detente.case.words import assertions
from detente.show import words
from detente.show.record import Record
from detente.show.table import Table


class Cited(Record):
    """What rests on a source: one part of the case with its numbers.

    Attributes:
        path: of the part in the case (``stances.sanctions.kremlin``).
        about: whose numbers, in words.
        numbers: name → as written in the case; what is no number has no name.
    """

    path: str
    about: str
    numbers: dict[str, str]


class SourceUse(Record):
    """A source and what rests on it; ``rests`` is empty where nothing cites it."""

    id: str
    title: str
    author: str | None
    publisher: str | None
    date: str | None
    url: str | None
    note: str | None
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
    """

    sources: tuple[SourceUse, ...]
    unsupported: tuple[Cited, ...]
    numbers: int

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
        }
        rows = [
            (use.id, use.title, use.date, cited.path, cited.about, _joined(cited.numbers))
            for use in self.sources
            for cited in use.rests
        ]
        rows += [
            ("", "", None, cited.path, cited.about, _joined(cited.numbers)) for cited in self.unsupported
        ]
        return Table("evidence", columns, tuple(rows))


def evidence(case: Case) -> Evidence:
    """Return what rests on what in a case."""
    parts = [
        (Cited(path=one.path, about=one.about, numbers=_written(one.numbers)), one.because)
        for one in assertions(case)
    ]
    resting: dict[str, list[Cited]] = {source: [] for source in case.sources}
    for cited, because in parts:
        for source in because:
            resting[source].append(cited)
    return Evidence(
        sources=tuple(
            SourceUse(
                id=source,
                title=of.title,
                author=of.author,
                publisher=of.publisher,
                date=of.date,
                url=of.url,
                note=of.note,
                rests=tuple(resting[source]),
            )
            for source, of in case.sources.items()
        ),
        unsupported=tuple(cited for cited, because in parts if not because),
        numbers=sum(len(cited.numbers) for cited, _ in parts),
    )


def _written(numbers: Mapping[str, object]) -> dict[str, str]:
    """Return numbers as they are written in a case; what is told in words as it is."""
    return {name: _text(number) if name else str(number) for name, number in numbers.items()}


def _text(number: object) -> str:
    return words.plain_number(number) if isinstance(number, float) else words.quantity_text(number)


def _joined(numbers: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {number}".strip() for name, number in numbers.items())
