"""Which records are meant, and what does a correction change? As people say it: a name, some words, a month."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from detente.errors import CaseError, OptionError, Problem
from detente.evidence.anchors import find_normalised, normalised
from detente.evidence.exports import who, words
from detente.evidence.held import Held, dumped
from detente.evidence.records import Actor, Position, Span

_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}")


class Filter(NamedTuple):
    """What a record must be like; an empty text asks for nothing.

    Attributes:
        who: part of the name of its speaker, holder or actor.
        on: part of its words.
        since: first year, month or day of its document, as in ISO 8601.
        until: last.
        state: as the store has it.
    """

    who: str
    on: str
    since: str
    until: str
    state: str | None

    @classmethod
    def of(
        cls, who: str | None = None, on: str | None = None, when: str | None = None, state: str | None = None
    ) -> Filter:
        """Return the filter that some options ask for.

        Raises:
            OptionError: a date that cannot be read.
        """
        return cls(_plain(who), _plain(on), *(interval(when) if when else ("", "")), state)

    def takes(self, held: Held) -> bool:
        """Tell whether a record is wanted; one of an undated document is not, where a date is asked for."""
        since, until, day = self.since, self.until, str(held.document.date or "")
        within = day[: len(since)] >= since and day[: len(until)] <= until if since or until else True
        state = self.state in {None, held.state} and (day != "" or not (since or until))
        return state and within and self.who in _plain(_names(held)) and self.on in _plain(_words(held))


def _plain(text: str | None) -> str:
    return " ".join(normalised(text or "").split())


def _names(held: Held) -> str:
    mentions = held.record.mentions if isinstance(held.record, Actor) else ()
    return "\n".join([who(held), *(span.of(held.document.text) for span in mentions)])


def _words(held: Held) -> str:
    issue = held.record.issue if isinstance(held.record, Position) else ()
    return "\n".join([words(held), *(span.of(held.document.text) for span in issue)])


def interval(told: str) -> tuple[str, str]:
    """Return the first and the last year, month or day of what is asked for, of two with ``..`` between.

    >>> interval("2024-11..2025"), interval("2024-11"), interval("..2025")
    (('2024-11', '2025'), ('2024-11', '2024-11'), ('', '2025'))

    Raises:
        OptionError: it cannot be read.
    """
    low, dots, high = told.replace(" ", "").partition("..")
    for end in (low, high) if dots else (low,):
        try:
            if end:
                date.fromisoformat(end + "-01-01"[len(end) - 4 :] if _DATE.fullmatch(end) else "")
        except ValueError:
            way = "write 2024, 2024-11, 2024-11-07, or 2024-10..2025-01"
            raise OptionError(f"--when is {told!r}; {way}") from None
    return low, high if dots else low


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
