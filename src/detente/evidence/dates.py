"""When? Every date in a text as an interval of days, with how fine it is and what it counts from.

A value is [lo, hi), either end may be open. A relative date needs the date of its document; without one it is
found and left unresolved: today's date is never used. `to_edtf` writes the Extended Date/Time Format (ISO 8601-2).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias

from detente.evidence.date_words import (
    ABOUT,
    AHEAD,
    BOUND,
    COMPILED,
    FORENAME,
    MONTH,
    NO_YEAR,
    NUMBERS,
    ONWARDS,
    ORDINALS,
    QUOTES,
    SEASON,
    SPECIALS,
    VAGUE,
    candidates,
)
from detente.evidence.intervals import (
    MONTHS,
    UNITS,
    Interval,
    ago,
    day_of,
    edge,
    month_of,
    part,
    season_of,
    to_edtf,
    unit_of,
    year_of,
)
from detente.evidence.records import DateFound, Document, Granularity, Span

Certainty: TypeAlias = Literal["stated", "approximate", "inferred"]
Anchor: TypeAlias = Literal["explicit", "document", "none"]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the handlers know of a document."""

    day: date | None
    day_first: bool | None
    """Whether numbers stand as day/month/year; None where nothing in the text tells."""


def dates(document: Document) -> tuple[DateFound, ...]:
    """Return every date of a document, in order; of two that overlap the longer one.

    Args:
        document: its text; `Document.date` is what relative dates count from.
    """
    text = document.text
    found: list[tuple[Span, DateFound]] = []
    reading = _Reading(document.date, _day_first(text))
    for span, value, certainty in _all(text, reading):
        found.append((span, _record(text, span, value, certainty, document)))
    quotes = [Span(*m.span()) for m in QUOTES.finditer(text)]
    kept: list[DateFound] = []
    for span, record in sorted(found, key=lambda item: (item[0].start, -item[0].end)):
        if kept and span.start < kept[-1].span.end:
            if span.end - span.start <= kept[-1].span.end - kept[-1].span.start:
                continue
            kept.pop()
        if not any(f.start <= span.start < f.end for f in document.furniture):
            kept.append(record)
    return tuple(_spoken(kept, quotes, text))


def _all(text: str, reading: _Reading) -> Iterator[tuple[Span, Interval | None, Certainty]]:
    for shape, match in candidates(text):
        year = shape in ("year", "modifier", "years")
        span = Span(*match.span("whole" if shape in ("year", "modifier") else 0))
        if year and NO_YEAR.search(text, max(0, span.start - 14), span.start):
            continue
        result = _HANDLERS[shape](match, reading)
        if result is not None:
            if shape == "month" and match["lead"].lower() not in ("", "this", "last", "next"):
                span = Span(match.end("lead") + 1, span.end)
            yield span, *result
    yield from _periods(text)


Result: TypeAlias = tuple[Interval | None, Certainty] | None


def _parted(match: re.Match[str], value: Interval) -> Result:
    word = (match.group("part") or "").strip(" -").lower()
    return (part(value, word), "approximate") if word else (value, "stated")


def _day(match: re.Match[str], reading: _Reading) -> Result:
    group = match.groupdict()
    month = MONTHS[group["m"][:3]]
    days = [int(re.sub(r"\D", "", d)) for d in (group["d"], group["d2"]) if d]
    if group["y"] is None:
        if reading.day is None:
            return None, "stated"
        year, sure = _nearest_year(month, days[0], reading.day, _ahead(match)), False
    else:
        year, sure = int(group["y"]), True
    value = day_of(year, month, days[0], days[-1])
    if value is None:
        return None
    return (value if sure else value.counted()), "stated" if sure else "inferred"


def _nearest_year(month: int, day: int, base: date, ahead: bool) -> int:
    """Return the year of a day without one: within six weeks the nearest, else the last, or the next if ahead."""
    around = [v for y in (base.year - 1, base.year, base.year + 1) if (v := day_of(y, month, day, day))]
    if not around:
        return base.year
    nearest = min(around, key=lambda v: abs((v.lo - base).days))
    if abs((nearest.lo - base).days) > 45:
        side = [v for v in around if (v.lo > base) == ahead]
        nearest = min(side, key=lambda v: abs((v.lo - base).days), default=nearest)
    return nearest.lo.year


def _iso(match: re.Match[str], _reading: _Reading) -> Result:
    if not match["d"] and int(match["m"]) == (int(match["y"]) + 1) % 100:
        return None  # 2011-12 are two years
    year, month = int(match["y"]), int(match["m"])
    value = day_of(year, month, int(match["d"]), int(match["d"])) if match["d"] else month_of(year, month)
    return (value, "stated") if value else None


def _month_year(match: re.Match[str], _reading: _Reading) -> Result:
    return _parted(match, month_of(int(match["y"]), MONTHS[match["m"][:3]]))


def _month(match: re.Match[str], reading: _Reading) -> Result:
    """A month without a year: last, next and this say which; otherwise the nearest."""
    month, base = MONTHS[match["m"][:3]], reading.day
    lead = match["lead"].lower()
    if lead in ("of", "by", "from") and FORENAME.match(match.string, match.start("m")):
        return None
    if base is None:
        return None, "stated"
    year = {"this": base.year, "last": base.year - (month >= base.month)}.get(lead)
    if lead == "next":
        year = base.year + (month <= base.month)
    value, _ = _parted(match, month_of(year or _nearest_year(month, 15, base, _ahead(match)), month)) or (
        None,
        None,
    )
    certainty: Certainty = "approximate" if match["part"] else ("stated" if year else "inferred")
    return (value.counted() if value else None), certainty


def _slash(match: re.Match[str], reading: _Reading) -> Result:
    """Numbers whose order nothing tells leave only the year."""
    a, b, year = int(match["a"]), int(match["b"]), int(match["y"])
    order = a > 12 if max(a, b) > 12 else reading.day_first
    if a == b:
        order = True
    if order is None:
        return (year_of(year), "approximate") if 1 <= a <= 12 and 1 <= b <= 12 else None
    value = day_of(year, b, a, a) if order else day_of(year, a, b, b)
    return (value, "stated") if value else None


def _day_first(text: str) -> bool | None:
    seen = {int(m["a"]) > 12 for m in COMPILED["slash"].finditer(text) if max(int(m["a"]), int(m["b"])) > 12}
    return seen.pop() if len(seen) == 1 else None


def _quarter(match: re.Match[str], _reading: _Reading) -> Result:
    words = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
    number = int(match["q"] or words[match["w"]])
    return unit_of("quarter", date(int(match["y"]), 3 * number - 2, 1)), "stated"


def _season(match: re.Match[str], reading: _Reading) -> Result:
    lead, name = (match["lead"] or "").strip().lower(), match["n"].lower().replace("fall", "autumn")
    if match["y"]:
        return _parted(match, season_of(name, int(match["y"])))
    if lead not in ("this", "last", "next"):
        return None
    base = reading.day
    if base is None:
        return None, "stated"
    near = season_of(name, base.year)
    year = base.year
    if lead == "last" and near.last >= base:
        year -= 1
    elif lead == "next" and near.lo <= base:
        year += 1
    elif lead == "this" and name == "winter" and base.month < 3:
        year -= 1
    value, certainty = _parted(match, season_of(name, year)) or (near, "stated")
    return (value.counted() if value else None), certainty


def _decade(match: re.Match[str], _reading: _Reading) -> Result:
    start = int(match["y"]) if match["y"] else (1900 if int(match["s"]) > 20 else 2000) + int(match["s"])
    return _parted(match, Interval(date(start, 1, 1), date(start + 10, 1, 1), "decade"))


def _century(match: re.Match[str], _reading: _Reading) -> Result:
    number = int(match["n"]) if match["n"] else ORDINALS.index(match["w"]) + 1
    start = (number - 1) * 100  # as EDTF writes it: 19XX; the pedant's century begins a year later
    if start == 0:
        return None
    return _parted(match, Interval(date(start, 1, 1), date(start + 100, 1, 1), "century"))


def _years(match: re.Match[str], _reading: _Reading) -> Result:
    first, second = int(match["y"]), match["y2"]
    last = int(second) if len(second) == 4 else first // 100 * 100 + int(second)
    if not first <= last <= first + 300:
        return None
    return Interval(date(first, 1, 1), date(last + 1, 1, 1), "year"), "stated"


def _year(match: re.Match[str], _reading: _Reading) -> Result:
    return _parted(match, year_of(int(match["y"])))


def _modifier(match: re.Match[str], _reading: _Reading) -> Result:
    return year_of(int(match["y"])), "stated"


def _special(match: re.Match[str], reading: _Reading) -> Result:
    if reading.day is None:
        return None, "stated"
    return unit_of("day", reading.day + timedelta(SPECIALS[match["n"].lower()])).counted(), "stated"


def _relative(match: re.Match[str], reading: _Reading) -> Result:
    if reading.day is None:
        return None, "stated"
    which, unit = match["dir"].lower().removeprefix("the "), match["u"]
    step = {"this": 0, "last": -1, "past": -1, "previous": -1}.get(which, 1)
    if unit == "weekend":
        saturday = reading.day + timedelta(5 - reading.day.weekday() + 7 * step)
        return Interval(saturday, saturday + timedelta(2), "week", relative=True), "inferred"
    if which == "past":
        return Interval(
            ago(unit, 1, reading.day), reading.day + timedelta(1), UNITS[unit], relative=True
        ), "stated"
    value, certainty = _parted(match, unit_of(UNITS[unit], ago(unit, -step, reading.day))) or (None, "stated")
    return (value.counted() if value else None), certainty


def _of_the(match: re.Match[str], reading: _Reading) -> Result:
    if reading.day is None or match["u"] == "day":
        return None if match["u"] == "day" else (None, "stated")
    return part(unit_of(UNITS[match["u"]], reading.day), match["e"]).counted(), "approximate"


def _weekday(match: re.Match[str], reading: _Reading) -> Result:
    """A day of the week without direction was the last one, or comes next where the clause looks ahead."""
    if reading.day is None:
        return None, "stated"
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    back = (reading.day.weekday() - names.index(match["n"][:3])) % 7
    which = (match["dir"] or "").strip().lower()
    if which in ("last", "this past"):
        back = back or 7
    elif which == "next" or (back and (which == "this" or (not which and _ahead(match)))):
        back -= 7
    day = reading.day - timedelta(back)
    return unit_of("day", day).counted(), "stated" if which else "inferred"


def _ahead(match: re.Match[str]) -> bool:
    """Tell whether the clause round a day looks ahead; "said on Tuesday" does not."""
    text, start, end = match.string, match.start(), match.end()
    before = text[max(0, start - 60) : start]
    if re.search(r"\b(?:by|until|till)\s\Z", before):
        return True
    if re.search(r"\b(?:said|says|told|announced|wrote|met|\w{3,}ed)(?:\son)?\s\Z", before):
        return False
    clause = re.split(r"[.;:!?]\s|,\s", before)[-1]
    return bool(AHEAD.search(clause) or AHEAD.search(re.split(r"[.;!?]\s", text[end : end + 60])[0]))


def _ago(match: re.Match[str], reading: _Reading) -> Result:
    """So many units ago or from now, as fine as the unit."""
    words = " ".join(match["c"].lower().split())
    count = int(words) if words.isdigit() else NUMBERS.get(words) or VAGUE[words]
    if reading.day is None:
        return None, "stated"
    forward = match.re is COMPILED["in"] or match.groupdict().get("dir") in ("from now", "hence")
    day = ago(match["u"], -count if forward else count, reading.day)
    if not 1000 < day.year < 9000:
        return None
    certainty: Certainty = "approximate" if words in VAGUE or match["u"] == "decade" else "stated"
    return unit_of("year" if match["u"] == "decade" else UNITS[match["u"]], day).counted(), certainty


def _past(match: re.Match[str], reading: _Reading) -> Result:
    words = " ".join(match["c"].lower().split())
    count = int(words) if words.isdigit() else NUMBERS.get(words) or VAGUE[words]
    if reading.day is None:
        return None, "stated"
    forward = match["dir"] in ("next", "coming")
    far = ago(match["u"], -count if forward else count, reading.day)
    if not 1000 < far.year < 9000:
        return None
    ends = (reading.day, far) if forward else (far, reading.day)
    return Interval(ends[0], ends[1] + timedelta(1), UNITS[match["u"]], relative=True), "stated"


_HANDLERS = {
    "iso": _iso, "dmy": _day, "mdy": _day, "my": _month_year, "month": _month, "slash": _slash,
    "quarter": _quarter,
    "season": _season, "decade": _decade, "century": _century, "years": _years, "year": _year,
    "modifier": _modifier, "day": _special, "relative": _relative, "of_the": _of_the, "weekday": _weekday,
    "ago": _ago, "in": _ago, "past": _past,
}  # fmt: skip


@cache
def _named() -> tuple[re.Pattern[str], dict[str, Interval]]:
    rows = csv.DictReader(
        files("detente.evidence").joinpath("lists/periods.csv").read_text(encoding="utf-8").splitlines()
    )
    known = {
        row["name"]: Interval(
            date.fromisoformat(row["start"]), date.fromisoformat(row["end"]) if row["end"] else None, "period"
        )
        for row in rows
    }
    names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    leads = r"[Ii]n|[Dd]uring|[Ss]ince|[Bb]efore|[Aa]fter|[Uu]ntil|[Tt]hroughout|[Oo]f"
    return re.compile(rf"\b(?:{leads})\s(?P<whole>(?:the\s)?(?P<n>{names}))\b(?![-–]|\s[a-z]+s\b)"), known


def _periods(text: str) -> Iterator[tuple[Span, Interval | None, Certainty]]:
    pattern, known = _named()
    for match in pattern.finditer(text):
        yield Span(*match.span("whole")), known[match["n"]], "stated"


def _record(
    text: str, span: Span, value: Interval | None, certainty: Certainty, document: Document
) -> DateFound:
    """Return the record, with "before", "since" and their like taken into the span and the interval."""
    before = text[max(0, span.start - 16) : span.start]
    about = ABOUT.search(before)
    named = (
        value is not None and value.granularity == "year" and before.endswith("the ")
    )  # after the 2017 vote
    bound = None if about or named else BOUND.search(before)
    if about:
        span, certainty = Span(span.start - len(about[0]), span.end), "approximate"
    word = bound["b"].lower() if bound else ""
    onwards = ONWARDS.match(text, span.end) if word == "from" else None
    if word == "from" and not onwards:
        word = ""
    if word and bound:
        span = Span(span.start - len(bound[0]), onwards.end() if onwards else span.end)
    if value is None:
        return DateFound(
            span=span,
            lo=None,
            hi=None,
            granularity=_fineness(span.of(text)),
            anchor="none",
            certainty=certainty,
        )
    lo, hi = edge(value, word, document.date)
    return DateFound(
        span=span,
        lo=lo,
        hi=hi,
        granularity=value.granularity,
        anchor="document" if value.relative or (word.endswith("since") and hi is not None) else "explicit",
        certainty=certainty,
    )


def _fineness(words: str) -> Granularity:
    """Return how fine a date is that cannot be resolved."""
    for unit in ("week", "month", "quarter", "year", "decade", "century"):
        if unit in words.lower():
            return UNITS[unit]
    if re.search(SEASON, words):
        return "season"
    return "month" if re.search(MONTH + r"$", words) else "day"


def _spoken(found: list[DateFound], quotes: list[Span], text: str) -> Iterator[DateFound]:
    """Yield the dates; a relative one inside a quotation counts from the day of speaking, if the line names it."""
    for record in found:
        quote = next((q for q in quotes if q.start < record.span.start < q.end), None)
        if quote is None or record.anchor == "explicit":
            yield record
            continue
        line = Span(text.rfind("\n", 0, quote.start) + 1, text.find("\n", quote.end))
        said = [
            other.lo
            for other in found
            if other.granularity == "day"
            and other.lo
            and line.start <= other.span.start < (line.end if line.end > 0 else len(text))
            and not quote.start < other.span.start < quote.end
        ]
        again = list(_all(record.span.of(text), _Reading(said[0], None))) if said else []
        value = max(again, key=lambda item: item[0].end - item[0].start)[1] if again else None
        if value is None:
            yield _replace(record, record.lo, record.hi, record.anchor)
        else:
            lo, hi = edge(value, "", said[0])
            yield _replace(record, lo, hi, "document")


def _replace(record: DateFound, lo: date | None, hi: date | None, anchor: Anchor) -> DateFound:
    return DateFound(
        span=record.span, lo=lo, hi=hi, granularity=record.granularity, anchor=anchor, certainty="inferred"
    )


__all__ = ["dates", "to_edtf"]
