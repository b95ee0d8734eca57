"""When? Every date in a text as an interval of days, with how fine it is and what it counts from.

A value is [lo, hi), either end may be open. A relative date needs the date of its document; without one it is
found and left unresolved: today's date is never used. `detente.evidence.intervals.to_edtf` writes a date in EDTF
(ISO 8601-2). The expressions stand in ``lists/dates.toml``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from detente.evidence.intervals import Value, ago, days_of, grain, part, season_of, unit_of
from detente.evidence.lists import expressions, table, toml
from detente.evidence.records import DateFound, Document, Span
from detente.evidence.table import Table, tables

_LIST, _AROUND = toml("dates"), expressions("dates")
_ORDINALS: list[str] = _LIST["words"]["ordinals"].split()
_NUMBERS = _LIST["numbers"] | {word: n for n, word in enumerate(_LIST["words"]["counts"].split(), 1)}
_VAGUE, _SPECIALS = _LIST["vague"], _LIST["specials"]
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_RELATIVE = frozenset(("month", "day", "relative", "of_the", "weekday", "ago", "in", "past"))
_NEAR, _WHOLE = ("this", "last", "next"), ("decade", "century", "quarter")
_QUARTERS = ("first", "second", "third", "fourth", "last")
_CALENDAR = date(1100, 1, 1), date(8900, 1, 1)  # from which one can count without leaving it
_LINE = 2_000  # characters of a line in which the day of speaking is looked for
_DIGITS = re.compile(r"\d(?:\d{3}|0s)")


class _Read(NamedTuple):
    """Where a date stands, its shape, the words, and what it means (None: nothing to count from)."""

    span: Span
    shape: str
    match: re.Match[str]
    value: Value | None
    relative: bool
    """Whether it counts from a base."""


def dates(document: Document) -> tuple[DateFound, ...]:
    """Return every date of a document, in order; of two that overlap the longer one."""
    kept, today = list[_Read](), document.date
    if today and not _CALENDAR[0] <= today <= _CALENDAR[1]:
        today = None
    shaped = [one for table in tables(document) for one in candidates(table)]
    for read in sorted(_all(shaped, today), key=lambda read: (read.span.start, -read.span.end)):
        if kept and read.span.start < kept[-1].span.end:
            if read.span.end - read.span.start <= kept[-1].span.end - kept[-1].span.start:
                continue
            kept.pop()
        kept.append(read)
    return tuple(_spoken(kept, document.text, today))


class Shape(NamedTuple):
    """An expression; whatever it matches has one of some words more than that by which it is looked up."""

    name: str
    pattern: re.Pattern[str]
    also: frozenset[str]


@cache
def shapes() -> tuple[dict[str, list[Shape]], dict[str, Value]]:
    """Return the shapes of a date by the words of which each has one, and what the names of periods mean."""
    periods = {
        row["name"]: Value(
            date.fromisoformat(row["start"]), date.fromisoformat(row["end"]) if row["end"] else None, "period"
        )
        for row in table("periods")
    }
    counts = "|".join([r"\d{1,3}", *sorted([*_NUMBERS, *_VAGUE], key=len, reverse=True)])
    names = "|".join(re.escape(name) for name in sorted(periods, key=len, reverse=True))
    listed = toml(
        "dates", COUNT=counts, ORDINALS="|".join(_ORDINALS), SPECIALS="|".join(_SPECIALS), NAMES=names
    )
    groups = {name: words.split() for name, words in listed["groups"].items()}
    groups["periods"] = [re.split(r"\W", name.lower())[-1] for name in periods]
    by_word: dict[str, list[Shape]] = {}
    for name, shape in listed["shapes"].items():
        first, also = (groups[one] for one in (shape["with"], shape.get("also", shape["with"])))
        for word in dict.fromkeys(first):
            by_word.setdefault(word, []).append(Shape(name, re.compile(shape["pattern"]), frozenset(also)))
    return by_word, periods


def candidates(table: Table) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield whatever has the shape of a date; most sentences are passed over by their words."""
    by_word = shapes()[0]
    for sentence, words in table.worded:
        if _DIGITS.search(table.text, *sentence):
            words |= {"0000"}
        for shape in dict.fromkeys(shape for word in by_word.keys() & words for shape in by_word[word]):
            if not words.isdisjoint(shape.also):
                yield from ((shape.name, match) for match in shape.pattern.finditer(table.text, *sentence))


def _all(shaped: Sequence[tuple[str, re.Match[str]]], base: date | None) -> Iterator[_Read]:
    """Yield every date that has a value or waits for a base."""
    slashes = [(int(match["a"]), int(match["b"])) for shape, match in shaped if shape == "slash"]
    order = {a > 12 for a, b in slashes if max(a, b) > 12}
    day_first = order.pop() if len(order) == 1 else None
    for shape, match in shaped:
        named = match.groupdict()
        span, lead = Span(*match.span("whole" if "whole" in named else 0)), _lower(match, "lead")
        numbered = _AROUND["no_year"].search(match.string, max(0, span.start - 14), span.start)
        if numbered and shape in ("year", "modifier", "years"):
            continue
        if shape == "month" and lead not in ("", *_NEAR):
            span = Span(match.end("lead") + 1, span.end)
        if shape not in _RELATIVE and (named.get("y") or shape in ("decade", "century", "period")):
            if value := _stated(shape, match, day_first):
                yield _Read(span, shape, match, value, relative=False)
        elif base is not None:
            if value := _counted(shape, match, base):
                yield _Read(span, shape, match, value, relative=True)
        elif shape != "season" or lead in _NEAR:
            yield _Read(span, shape, match, None, relative=True)


def _lower(match: re.Match[str], name: str) -> str:
    """Return the words of a part in lower case, ``""`` where it is none."""
    return " ".join((match.groupdict().get(name) or "").lower().replace("-", " ").split())


def _stated(shape: str, match: re.Match[str], day_first: bool | None) -> Value | None:
    """Return the days of a date that names its year; None where there are none such."""
    get = match.groupdict().get
    if shape == "period":
        return shapes()[1][match["n"]]
    year, month = int(get("y") or 0), _month_of(match) or int(get("mm") or 1)
    if get("d"):
        return days_of(year, month, *_numbers(match))
    if shape == "iso" and month == (year + 1) % 100:
        return None  # 2011-12: years
    if shape == "slash":  # where nothing tells the order only the year is sure
        a, b = int(match["a"]), int(match["b"])
        order = True if a == b else a > 12 if max(a, b) > 12 else day_first
        if order is None:
            return unit_of("year", date(year, 1, 1))._replace(certainty="approximate") if a and b else None
        return days_of(year, b, a, a) if order else days_of(year, a, b, b)
    if shape == "years":
        last = int(match["y2"]) if len(match["y2"]) == 4 else year // 100 * 100 + int(match["y2"])
        return Value(date(year, 1, 1), date(last + 1, 1, 1), "year") if year <= last <= year + 300 else None
    if shape == "quarter":
        month = 3 * min(int(get("q") or _QUARTERS.index(match["w"]) + 1), 4) - 2
    elif shape == "decade":
        year = year or (1900 if int(match["s"]) > 20 else 2000) + int(match["s"])
    elif shape == "century":  # the nineteenth begins in 1800, as EDTF writes it: 18XX
        year = 100 * int(get("c") or _ORDINALS.index(match["w"]) + 1) - 100
    if not year:
        return None
    if shape == "season":
        return _parted(match, season_of(match["n"], year))
    unit = {"my": "month", "iso": "month"}.get(shape, shape if shape in _WHOLE else "year")
    return _parted(match, unit_of(unit, date(year, month, 1)))


def _counted(shape: str, match: re.Match[str], base: date) -> Value | None:
    """Return the days of a date that counts from a base."""
    lead, which = _lower(match, "lead"), _lower(match, "dir").removeprefix("the ")
    unit = match.groupdict().get("u") or ""
    if match.groupdict().get("m"):
        return _month(match, base, lead)
    if shape == "season":
        near = season_of(match["n"], base.year)
        winter = match["n"].lower() == "winter" and base.month < 3
        back = (lead == "last" and near.hi is not None and near.hi > base) or (lead == "this" and winter)
        year = base.year - back + (lead == "next" and near.lo <= base)
        return _parted(match, season_of(match["n"], year)) if lead in _NEAR else None
    if shape == "day":
        return unit_of("day", base + timedelta(_SPECIALS[match["n"].lower()]))
    if shape == "weekday":
        return _weekday(match, base, which)
    if shape == "of_the":
        return part(unit_of(unit, base), match["e"])._replace(certainty="approximate")
    if shape == "relative":
        step = {"this": 0, "last": -1, "past": -1, "previous": -1}.get(which, 1)
        if unit == "weekend":
            saturday = base + timedelta(5 - base.weekday() + 7 * step)
            return Value(saturday, saturday + timedelta(2), "week", "inferred")
        if which == "past":
            return Value(ago(unit, 1, base), base + timedelta(1), grain(unit))
        return _parted(match, unit_of(unit, ago(unit, -step, base)))
    words = _lower(match, "c")  # "three years ago", "in two weeks", "over the past two days"
    count = int(words) if words.isdigit() else _NUMBERS.get(words) or _VAGUE[words]
    forward = shape == "in" or which in ("from now", "hence", "next", "coming")
    day = ago(unit, -count if forward else count, base)
    if not 1000 < day.year < 9000:
        return None
    if shape == "past":
        return Value(min(base, day), max(base, day) + timedelta(1), grain(unit))
    value = unit_of("year" if unit == "decade" else unit, day)
    return value._replace(certainty="approximate") if words in _VAGUE or unit == "decade" else value


def _weekday(match: re.Match[str], base: date, which: str) -> Value:
    """Return a day of the week: without direction the last one, or the next where the clause looks ahead."""
    back = (base.weekday() - _WEEKDAYS.index(match["n"][:3])) % 7
    if which in ("last", "this past"):
        back = back or 7
    elif which == "next" or (back and (which == "this" or (not which and _looks_ahead(match)))):
        back -= 7
    return unit_of("day", base - timedelta(back))._replace(certainty="stated" if which else "inferred")


def _parted(match: re.Match[str], value: Value) -> Value:
    """Return the part of a value that a match names, "early" or "the end of"; without such words the whole."""
    word = _lower(match, "part")
    return part(value, word)._replace(certainty="approximate") if word else value


def _numbers(match: re.Match[str]) -> tuple[int, int]:
    days = [int(re.sub(r"\D", "", day)) for name in ("d", "d2") if (day := match.groupdict().get(name))]
    return days[0], days[-1]


def _month_of(match: re.Match[str]) -> int:
    name = match.groupdict().get("m")
    return _MONTHS.index(name[:3]) + 1 if name else 0


def _month(match: re.Match[str], base: date, lead: str) -> Value | None:
    """Return a month or a day without a year: last, next and this say which.

    Otherwise within six weeks the nearest, else the last one, or the next where the clause looks ahead.
    """
    month = _month_of(match)
    days = _numbers(match) if "d" in match.groupdict() else None
    if lead in ("of", "by", "from") and _AROUND["forename"].match(match.string, match.start("m")):
        return None
    told = {"this": 0, "last": -(month >= base.month), "next": month <= base.month}.get(lead)
    year = base.year + (told or 0)
    if told is None:
        day = days[0] if days else 15
        around = [v.lo for y in (-1, 0, 1) if (v := days_of(base.year + y, month, day, day))]
        near = sorted(around, key=lambda lo: abs((lo - base).days)) or [base]
        ahead = _looks_ahead(match)
        fits = [lo for lo in near if (lo > base) == ahead] if abs((near[0] - base).days) > 45 else []
        year = (fits or near)[0].year
    value = days_of(year, month, *days) if days else _parted(match, unit_of("month", date(year, month, 1)))
    return value and (
        value._replace(certainty="inferred") if told is None and value.certainty == "stated" else value
    )


def _looks_ahead(match: re.Match[str]) -> bool:
    """Tell whether the clause round a day looks ahead; "said on Tuesday" does not."""
    text, start, end = match.string, match.start(), match.end()
    before, ahead = text[max(0, start - 60) : start], _AROUND["ahead"]
    if _AROUND["by"].search(before) or _AROUND["told"].search(before):
        return bool(_AROUND["by"].search(before))
    clause = re.split(r"[.;:!?]\s|,\s", before)[-1]
    return bool(ahead.search(clause) or ahead.search(re.split(r"[.;!?]\s", text[end : end + 60])[0]))


def _edge(value: Value, word: str, today: date | None) -> tuple[date | None, date | None]:
    """Return what "before", "until", "since" or "after" leaves of an interval; "since" ends today."""
    lo, hi = value.lo, value.hi
    if word.endswith("since"):
        lo = hi if value.grain == "period" and hi else lo  # "since the Gulf War" is since its end
        return lo, today + timedelta(1) if today and today >= lo else None
    edges = {
        "before": (None, lo),
        "prior to": (None, lo),
        "after": (hi, None),
        "from": (lo, None),
        "": (lo, hi),
    }
    return edges.get(word, (None, hi))  # until, till, up to, by, no later than


def _record(read: _Read, today: date | None) -> DateFound:
    """Return the record, with "before", "since" and their like taken into the span and the interval."""
    text, span, value, word = read.match.string, read.span, read.value, ""
    before = text[max(0, span.start - 16) : span.start]
    about = _AROUND["about"].search(before)
    noun = value is not None and value.grain == "year" and before.endswith("the ")  # after the 2017 vote
    bound = None if about or noun else _AROUND["bound"].search(before)
    onwards = _AROUND["onwards"].match(text, span.end) if bound and bound["b"].lower() == "from" else None
    if bound and (bound["b"].lower() != "from" or onwards):
        word = bound["b"].lower()
        span = Span(span.start - len(bound[0]), onwards.end() if onwards else span.end)
    elif about:
        span = Span(span.start - len(about[0]), span.end)
    certainty = "approximate" if about else value.certainty if value else "stated"
    if value is None:  # it cannot be resolved
        fine = read.match.groupdict().get("u") or (read.shape if read.shape in ("season", "month") else "day")
        return DateFound(
            span=span, lo=None, hi=None, granularity=grain(fine), anchor="none", certainty=certainty
        )
    lo, hi = _edge(value, word, today)
    counts = read.relative or (word.endswith("since") and hi is not None)
    anchor = "document" if counts else "explicit"
    return DateFound(span=span, lo=lo, hi=hi, granularity=value.grain, anchor=anchor, certainty=certainty)  # type: ignore[arg-type]


def _spoken(kept: Sequence[_Read], text: str, today: date | None) -> Iterator[DateFound]:
    """Yield the dates; a relative one in a quotation counts from the day of speaking, if the line names it."""
    quotes = [Span(*m.span()) for m in _AROUND["quotation"].finditer(text)] if kept else []
    for read in kept:
        record, at = _record(read, today), bisect_right(quotes, (read.span.start,)) - 1
        if at < 0 or quotes[at].end <= record.span.start or record.anchor == "explicit":
            yield record
            continue
        quote = quotes[at]
        low, high = text.rfind("\n", 0, quote.start), text.find("\n", quote.end, quote.end + _LINE)
        line = range(max(low, quote.start - _LINE), high if high > 0 else quote.end + _LINE)
        near = (
            one for one in kept if one.span.start in line and not quote.start < one.span.start < quote.end
        )
        said = next((one.value.lo for one in near if one.value and one.value.grain == "day"), None)
        again = _counted(read.shape, read.match, said) if said and read.relative else None
        if again:
            record = replace(_record(read._replace(value=again), said), anchor="document")
        yield replace(record, certainty="inferred")
