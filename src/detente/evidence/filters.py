"""Which records are meant, and what does a correction change? As people say it: a name, some words, a month."""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from detente.errors import CaseError, OptionError, Problem
from detente.evidence.anchors import find_normalised, normalised
from detente.evidence.exports import who, words
from detente.evidence.held import Held, dumped
from detente.evidence.records import Actor, Position, Span

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a record must be like.

    Attributes:
        who: part of the name of its speaker, holder or actor.
        on: part of its words.
        since: first day of its document.
        until: last day.
        state: as the store has it.
    """

    who: str = ""
    on: str = ""
    since: date | None = None
    until: date | None = None
    state: str | None = None

    @classmethod
    def of(
        cls, who: str | None = None, on: str | None = None, when: str | None = None, state: str | None = None
    ) -> Filter:
        """Return the filter that some options ask for.

        Raises:
            OptionError: a date that cannot be read.
        """
        since, until = interval(when) if when else (None, None)
        return cls(_plain(who), _plain(on), since, until, state)

    def takes(self, held: Held) -> bool:
        """Tell whether a record is wanted; one of an undated document is not, where a date is asked for."""
        day = held.document.date
        if self.state not in {None, held.state}:
            return False
        if (self.since or self.until) and (
            day is None or not (self.since or day) <= day <= (self.until or day)
        ):
            return False
        if self.who and self.who not in _plain(_names(held)):
            return False
        return not self.on or self.on in _plain(_words(held))


def _plain(text: str | None) -> str:
    return " ".join(normalised(text or "").split())


def _names(held: Held) -> str:
    mentions = held.record.mentions if isinstance(held.record, Actor) else ()
    return "\n".join([who(held), *(span.of(held.document.text) for span in mentions)])


def _words(held: Held) -> str:
    issue = held.record.issue if isinstance(held.record, Position) else ()
    return "\n".join([words(held), *(span.of(held.document.text) for span in issue)])


def interval(told: str) -> tuple[date | None, date | None]:
    """Return the first and the last day of a year, a month, a day, or of two of them with ``..`` between.

    >>> interval("2024-11..2025")
    (datetime.date(2024, 11, 1), datetime.date(2025, 12, 31))

    Raises:
        OptionError: it cannot be read.
    """
    low, dots, high = told.strip().partition("..")
    since = _bounds(low, told)[0] if low or not dots else None
    last = high if dots else low
    return since, _bounds(last, told)[1] if last or not dots else None


def _bounds(text: str, told: str) -> tuple[date, date]:
    match = _DATE.fullmatch(text.strip())
    with suppress(ValueError):
        if match is not None:
            year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
            last = calendar.monthrange(year, month or 12)[1]
            return date(year, month or 1, day or 1), date(year, month or 12, day or last)
    raise OptionError(f"--when is {told!r}; write 2024, 2024-11, 2024-11-07, or 2024-10..2025-01")


def changed(held: Held, changes: Iterable[str]) -> dict[str, Any]:
    """Return what ``FIELD=VALUE`` changes in a record; words become the span where they stand, nearest to it.

    Raises:
        CaseError: no ``=``, no such field, or words that do not stand in the document; told all at once.
    """
    record = held.record
    known = [name for name in json.loads(dumped(record)) if name not in {"confidence", "witnesses"}]
    made: dict[str, Any] = {}
    faults = []
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals or name not in known:
            told = f"--set {change!r} names no field of a {record.record}"
            faults.append(Problem(told, hint=f"known: {', '.join(known)}"))
            continue
        kind = str(type(record).__dataclass_fields__[name].type)
        if not kind.startswith("Span"):
            made[name] = {"true": True, "yes": True, "false": False, "no": False}.get(value.casefold(), value)
            continue
        found = _nearest(held, value)
        if value.strip() and found is None:
            told = f"--set {name}: {value!r} does not stand in {held.document.id}"
            faults.append(Problem(told, hint="write its words as they are"))
        made[name] = found if kind != "Spans" else [found] if found else []
    if faults:
        raise CaseError(faults)
    return made


def _nearest(held: Held, value: str) -> Span | None:
    at = min((span.start for span in held.record.spans()), default=0)
    found = find_normalised(held.document.text, value)
    return min(found, key=lambda span: abs(span.start - at), default=None)
