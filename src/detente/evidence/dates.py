"""When? Every date in a text as an interval of days, with how fine it is and what it counts from.

A value is [lo, hi), either end may be open. A relative date needs the date of its document; without one it is
found and left unresolved: today's date is never used. `to_edtf` writes the Extended Date/Time Format (ISO 8601-2).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import NamedTuple

from detente.evidence.date_shapes import EXPLICIT, RELATIVE, Certainty, slashed
from detente.evidence.date_words import (
    ABOUT,
    BOUND,
    MONTH,
    NO_YEAR,
    ONWARDS,
    QUOTES,
    SEASON,
    candidates,
)
from detente.evidence.intervals import UNITS, Interval, edge, to_edtf
from detente.evidence.lists import table
from detente.evidence.records import DateFound, Document, Granularity, Span

_DAYS = date(1100, 1, 1), date(8900, 1, 1)  # from which one can count without leaving the calendar
_LINE = 2_000  # characters of a line in which the day of speaking is looked for


class _Read(NamedTuple):
    """Where a date stands and what it means, None where there is nothing to count from."""

    span: Span
    value: Interval | None
    certainty: Certainty


def dates(document: Document) -> tuple[DateFound, ...]:
    """Return every date of a document, in order; of two that overlap the longer one.

    Args:
        document: its text; `Document.date` is what relative dates count from.
    """
    text, kept, today = document.text, list[_Read](), document.date
    if today and not _DAYS[0] <= today <= _DAYS[1]:
        today = None
    for read in sorted(_all(text, today), key=lambda r: (r.span.start, -r.span.end)):
        if kept and read.span.start < kept[-1].span.end:
            if read.span.end - read.span.start <= kept[-1].span.end - kept[-1].span.start:
                continue
            kept.pop()
        if not any(f.start <= read.span.start < f.end for f in document.furniture):
            kept.append(read)
    found = [_record(text, read, today) for read in kept]
    return tuple(_spoken(found, text))


def _all(text: str, base: date | None) -> Iterator[_Read]:
    shaped = [*candidates(text)]
    slashes = [(int(match["a"]), int(match["b"])) for shape, match in shaped if shape == "slash"]
    order = {a > 12 for a, b in slashes if max(a, b) > 12}
    day_first = order.pop() if len(order) == 1 else None
    for shape, match in shaped:
        span = Span(*match.span("whole" if shape in ("year", "modifier") else 0))
        if shape in ("year", "modifier", "years") and NO_YEAR.search(
            text, max(0, span.start - 14), span.start
        ):
            continue
        if shape == "month" and match["lead"].lower() not in ("", "this", "last", "next"):
            span = Span(match.end("lead") + 1, span.end)
        if shape == "slash":
            result = slashed(match, day_first)
        elif shape in EXPLICIT and (shape not in RELATIVE or match["y"]):
            result = EXPLICIT[shape](match)
        elif base is None:
            loose = shape == "season" and (match["lead"] or "").strip().lower() not in (
                "this",
                "last",
                "next",
            )
            if not loose:
                yield _Read(span, None, "stated")
            continue
        elif result := RELATIVE[shape](match, base):
            result = (replace(result[0], relative=True), result[1])
        if result:
            yield _Read(span, *result)
    any_name, pattern, known = _named()
    for match in pattern.finditer(text) if any_name.search(text) else ():
        yield _Read(Span(*match.span("whole")), known[match["n"]], "stated")


@cache
def _named() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, Interval]]:
    known = {
        row["name"]: Interval(
            date.fromisoformat(row["start"]), date.fromisoformat(row["end"]) if row["end"] else None, "period"
        )
        for row in table("periods")
    }
    names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    leads = r"(?i:in|during|since|before|after|until|throughout|of)"
    pattern = rf"\b{leads}\s(?P<whole>(?:the\s)?(?P<n>{names}))\b(?![-–]|\s[a-z]+s\b)"
    return re.compile(names), re.compile(pattern), known


def _record(text: str, read: _Read, today: date | None) -> DateFound:
    """Return the record, with "before", "since" and their like taken into the span and the interval."""
    span, value, certainty = read
    before = text[max(0, span.start - 16) : span.start]
    about = ABOUT.search(before)
    noun = (
        value is not None and value.granularity == "year" and before.endswith("the ")
    )  # after the 2017 vote
    bound = None if about or noun else BOUND.search(before)
    word = bound["b"].lower() if bound else ""
    onwards = ONWARDS.match(text, span.end) if word == "from" else None
    if about:
        span, certainty = Span(span.start - len(about[0]), span.end), "approximate"
    elif bound and (word != "from" or onwards):
        span = Span(span.start - len(bound[0]), onwards.end() if onwards else span.end)
    else:
        word = ""
    if value is None:
        grain = _fineness(span.of(text))
        return DateFound(span=span, lo=None, hi=None, granularity=grain, anchor="none", certainty=certainty)
    lo, hi = edge(value, word, today)
    counted = value.relative or (word.endswith("since") and hi is not None)
    return DateFound(
        span=span, lo=lo, hi=hi, granularity=value.granularity, anchor="document" if counted else "explicit",
        certainty=certainty,
    )  # fmt: skip


def _fineness(words: str) -> Granularity:
    """Return how fine a date is that cannot be resolved."""
    for unit in ("week", "month", "quarter", "year", "decade", "century"):
        if unit in words.lower() and "day" not in words:
            return UNITS[unit]
    if re.search(SEASON, words):
        return "season"
    return "month" if re.search(MONTH + r"$", words) else "day"


def _spoken(found: list[DateFound], text: str) -> Iterator[DateFound]:
    """Yield the dates; a relative one in a quotation counts from the day of speaking, if the line names it."""
    quotes = [Span(*m.span()) for m in QUOTES.finditer(text)]
    starts = [d.span.start for d in found]
    for record in found:
        at = bisect_right(quotes, (record.span.start,)) - 1
        if at < 0 or quotes[at].end <= record.span.start or record.anchor == "explicit":
            yield record
            continue
        quote = quotes[at]
        low = max(text.rfind("\n", 0, quote.start) + 1, quote.start - _LINE)
        high = text.find("\n", quote.end, quote.end + _LINE)
        near = found[
            bisect_right(starts, low - 1) : bisect_right(starts, high if high > 0 else quote.end + _LINE)
        ]
        outside = (d for d in near if not quote.start < d.span.start < quote.end)
        said = next((d.lo for d in outside if d.granularity == "day" and d.lo), None)
        again = (
            max(_all(record.span.of(text), said), key=lambda r: r.span.end, default=None) if said else None
        )
        if again and again.value:
            lo, hi = edge(again.value, "", said)
            yield replace(record, lo=lo, hi=hi, anchor="document", certainty="inferred")
        else:
            yield replace(record, certainty="inferred")


__all__ = ["dates", "to_edtf"]
