"""When? Every date in a text as an interval of days, with how fine it is and what it counts from.

A value is [lo, hi), either end may be open. A relative date needs the date of its document; without one it is
found and left unresolved: today's date is never used. `to_edtf` writes the Extended Date/Time Format (ISO 8601-2).
The expressions stand in ``lists/dates.toml``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Literal, NamedTuple

from detente.evidence import intervals
from detente.evidence.intervals import Value, ago, days_of, grain, part, season_of, to_edtf, unit_of
from detente.evidence.lists import expressions, table, toml
from detente.evidence.records import DateFound, Document, Granularity, Span

_LIST, _AROUND = toml("dates"), expressions("dates")
_ORDINALS: list[str] = _LIST["words"]["ordinals"].split()
_NUMBERS = _LIST["numbers"] | {word: n for n, word in enumerate(_LIST["words"]["counts"].split(), 1)}
_VAGUE, _SPECIALS = _LIST["vague"], _LIST["specials"]
_MONTHS = {name: number for number, name in enumerate(_LIST["letters"]["months"], 1)}
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_RELATIVE = frozenset(("month", "day", "relative", "of_the", "weekday", "ago", "in", "past"))
_NEAR = ("this", "last", "next")
_CALENDAR = date(1100, 1, 1), date(8900, 1, 1)  # from which one can count without leaving it
_LINE = 2_000  # characters of a line in which the day of speaking is looked for
_REACH = 64  # characters before and after its letters that a date may take


class _Read(NamedTuple):
    """Where a date stands, what it means (None: nothing to count from), and whether it counts from a base."""

    span: Span
    value: Value | None
    relative: bool


def dates(document: Document) -> tuple[DateFound, ...]:
    """Return every date of a document, in order; of two that overlap the longer one.

    Args:
        document: its text; `Document.date` is what relative dates count from.
    """
    text, kept, today = document.text, list[_Read](), document.date
    if today and not _CALENDAR[0] <= today <= _CALENDAR[1]:
        today = None
    for read in sorted(_all(text, today), key=lambda r: (r.span.start, -r.span.end)):
        if kept and read.span.start < kept[-1].span.end:
            if read.span.end - read.span.start <= kept[-1].span.end - kept[-1].span.start:
                continue
            kept.pop()
        if not any(f.start <= read.span.start < f.end for f in document.furniture):
            kept.append(read)
    return tuple(_spoken([_record(text, read, today) for read in kept], text))


@cache
def shapes() -> dict[str, tuple[list[str], re.Pattern[str] | None, re.Pattern[str]]]:
    """Return of each shape the letters that every match holds, the cheap test at them, and the expression."""
    counts = "|".join([r"\d{1,3}", *sorted([*_NUMBERS, *_VAGUE], key=len, reverse=True)])
    listed = toml("dates", COUNT=counts, ORDINALS="|".join(_ORDINALS), SPECIALS="|".join(_SPECIALS))
    return {
        name: (
            listed["letters"][shape["letters"]],
            re.compile(shape["near"]) if "near" in shape else None,
            re.compile(shape["pattern"], re.MULTILINE),
        )
        for name, shape in listed["shapes"].items()
    }


def candidates(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield whatever has the shape of a date, shape by shape; most text is passed over by its letters."""
    there: dict[str, list[int]] = {}
    for shape, (letters, near, pattern) in shapes().items():
        if letters[0] not in there:
            there[letters[0]] = sorted(at for word in letters for at in _places(text, word))
        places = there[letters[0]]
        for start, end in _windows(text, [at for at in places if near.match(text, at)] if near else places):
            for match in pattern.finditer(text, start, end):
                yield shape, match


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _windows(text: str, places: Sequence[int]) -> list[tuple[int, int]]:
    """Return the stretches round some places, joined where they touch and cut at blanks."""
    merged: list[tuple[int, int]] = []
    for at in places:
        start, end = max(0, at - _REACH), min(len(text), at + _REACH * 2)
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return [(_blank(text, start), _blank(text, end)) for start, end in merged]


def _blank(text: str, at: int) -> int:
    found = max(text.rfind(" ", at - _REACH // 2, at), text.rfind("\n", at - _REACH // 2, at)) if at else 0
    return found if found >= 0 and at < len(text) else at


def _all(text: str, base: date | None) -> Iterator[_Read]:
    """Yield every date that has a value or waits for a base."""
    shaped = [*candidates(text)]
    slashes = [(int(match["a"]), int(match["b"])) for shape, match in shaped if shape == "slash"]
    order = {a > 12 for a, b in slashes if max(a, b) > 12}
    day_first = order.pop() if len(order) == 1 else None
    for shape, match in shaped:
        named = match.groupdict()
        span = Span(*match.span("whole" if "whole" in named else 0))
        lead = (named.get("lead") or "").strip().lower()
        numbered = _AROUND["no_year"].search(text, max(0, span.start - 14), span.start)
        if numbered and shape in ("year", "modifier", "years"):
            continue
        if shape == "month" and lead not in ("", *_NEAR):
            span = Span(match.end("lead") + 1, span.end)
        relative = shape in _RELATIVE or not (named.get("y") or shape in ("decade", "century"))
        if relative and base is None:
            if shape != "season" or lead in _NEAR:
                yield _Read(span, None, relative)
            continue
        value = _counted(shape, match, base, lead) if relative and base else _stated(shape, match, day_first)
        if value:
            yield _Read(span, value, relative)
    any_name, pattern, known = _named()
    for match in pattern.finditer(text) if any_name.search(text) else ():
        yield _Read(Span(*match.span("whole")), known[match["n"]], False)


@cache
def _named() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, Value]]:
    """Return expressions for the names of periods, and what each means."""
    known = {
        row["name"]: Value(
            date.fromisoformat(row["start"]), date.fromisoformat(row["end"]) if row["end"] else None, "period"
        )
        for row in table("periods")
    }
    names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    leads = r"(?i:in|during|since|before|after|until|throughout|of)"
    pattern = rf"\b{leads}\s(?P<whole>(?:the\s)?(?P<n>{names}))\b(?![-–]|\s[a-z]+s\b)"
    return re.compile(names), re.compile(pattern), known


def _stated(shape: str, match: re.Match[str], day_first: bool | None) -> Value | None:
    """Return the days of a date that names its year; None where there are none such."""
    get = match.groupdict().get
    year, month = int(get("y") or 0), _MONTHS[match["m"][:3]] if get("m") else int(get("mm") or 1)
    if shape in ("dmy", "mdy"):
        return days_of(year, month, *_numbers(match))
    if shape == "iso":
        if get("d"):
            return days_of(year, month, int(match["d"]), int(match["d"]))
        return None if month == (year + 1) % 100 else unit_of("month", date(year, month, 1))  # 2011-12: years
    if shape == "slash":  # where nothing tells the order only the year is sure
        a, b = int(match["a"]), int(match["b"])
        order = True if a == b else a > 12 if max(a, b) > 12 else day_first
        if order is None:
            return unit_of("year", date(year, 1, 1)).sure("approximate") if a and b else None
        return days_of(year, b, a, a) if order else days_of(year, a, b, b)
    if shape == "years":
        last = int(match["y2"]) if len(match["y2"]) == 4 else year // 100 * 100 + int(match["y2"])
        return Value(date(year, 1, 1), date(last + 1, 1, 1), "year") if year <= last <= year + 300 else None
    if shape == "quarter":
        number = int(get("q") or ("first", "second", "third", "fourth", "last").index(match["w"]) + 1)
        return unit_of("quarter", date(year, 3 * min(number, 4) - 2, 1))
    if shape == "decade":
        year = year or (1900 if int(match["s"]) > 20 else 2000) + int(match["s"])
    if shape == "century":  # the nineteenth begins in 1800, as EDTF writes it: 18XX
        year = 100 * int(get("c") or _ORDINALS.index(match["w"]) + 1) - 100
    if not year:
        return None
    if shape == "season":
        return _parted(match, season_of(match["n"], year))
    unit = {"my": "month", "decade": "decade", "century": "century"}.get(shape, "year")
    return _parted(match, unit_of(unit, date(year, month, 1)))


def _counted(shape: str, match: re.Match[str], base: date, lead: str) -> Value | None:
    """Return the days of a date that counts from a base."""
    get = match.groupdict().get
    which, unit = (get("dir") or "").strip().lower().removeprefix("the "), get("u") or ""
    if shape in ("dmy", "mdy"):
        month, days = _MONTHS[match["m"][:3]], _numbers(match)
        near = days_of(_nearest_year(month, days[0], base, _looks_ahead(match)), month, *days)
        return near and near.sure("inferred")
    if shape == "month":
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
        return part(unit_of(unit, base), match["e"]).sure("approximate")
    if shape == "relative":
        step = {"this": 0, "last": -1, "past": -1, "previous": -1}.get(which, 1)
        if unit == "weekend":
            saturday = base + timedelta(5 - base.weekday() + 7 * step)
            return Value(saturday, saturday + timedelta(2), "week", "inferred")
        if which == "past":
            return Value(ago(unit, 1, base), base + timedelta(1), grain(unit))
        return _parted(match, unit_of(unit, ago(unit, -step, base)))
    words = " ".join(
        match["c"].lower().split()
    )  # "three years ago", "in two weeks", "over the past two days"
    count = int(words) if words.isdigit() else _NUMBERS.get(words) or _VAGUE[words]
    forward = shape == "in" or " ".join(which.split()) in ("from now", "hence", "next", "coming")
    day = ago(unit, -count if forward else count, base)
    if not 1000 < day.year < 9000:
        return None
    if shape == "past":
        lo, last = sorted((base, day))
        return Value(lo, last + timedelta(1), grain(unit))
    value = unit_of("year" if unit == "decade" else unit, day)
    return value.sure("approximate") if words in _VAGUE or unit == "decade" else value


def _parted(match: re.Match[str], value: Value) -> Value:
    """Return the part of a value that a match names, "early" or "the end of"; without such words the whole."""
    word = " ".join((match.groupdict().get("part") or "").replace("-", " ").lower().split())
    return part(value, word).sure("approximate") if word else value


def _numbers(match: re.Match[str]) -> tuple[int, int]:
    days = [int(re.sub(r"\D", "", day)) for day in match.group("d", "d2") if day]
    return days[0], days[-1]


def _month(match: re.Match[str], base: date, lead: str) -> Value | None:
    """Return a month without a year: last, next and this say which; otherwise the nearest that fits."""
    month = _MONTHS[match["m"][:3]]
    if lead in ("of", "by", "from") and _AROUND["forename"].match(match.string, match.start("m")):
        return None
    told = {"this": 0, "last": -(month >= base.month), "next": month <= base.month}.get(lead)
    year = base.year + told if told is not None else _nearest_year(month, 15, base, _looks_ahead(match))
    value = unit_of("month", date(year, month, 1))
    return _parted(match, value if told is not None else value.sure("inferred"))


def _weekday(match: re.Match[str], base: date, which: str) -> Value:
    """Return a day of the week: without direction the last one, or the next where the clause looks ahead."""
    back = (base.weekday() - _WEEKDAYS.index(match["n"][:3])) % 7
    if which in ("last", "this past"):
        back = back or 7
    elif which == "next" or (back and (which == "this" or (not which and _looks_ahead(match)))):
        back -= 7
    return unit_of("day", base - timedelta(back)).sure("stated" if which else "inferred")


def _nearest_year(month: int, day: int, base: date, ahead: bool) -> int:
    """Return the year of a day without one: within six weeks the nearest, else the last, or the next if ahead."""
    around = [v.lo for y in (base.year - 1, base.year, base.year + 1) if (v := days_of(y, month, day, day))]
    near = sorted(around, key=lambda lo: abs((lo - base).days)) or [base]
    fits = [lo for lo in near if (lo > base) == ahead] if abs((near[0] - base).days) > 45 else []
    return (fits or near)[0].year


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
    if word in ("before", "prior to"):
        return None, lo
    if word in ("until", "till", "up to", "by", "no later than"):
        return None, hi
    if word in ("since", "ever since"):
        if value.grain == "period" and hi:  # "since the Gulf War" is since its end
            lo = hi
        return lo, today + timedelta(1) if today and today >= lo else None
    return {"after": (hi, None), "from": (lo, None)}.get(word, (lo, hi))


def _record(text: str, read: _Read, today: date | None) -> DateFound:
    """Return the record, with "before", "since" and their like taken into the span and the interval."""
    span, value = read.span, read.value
    certainty: intervals.Certainty = value.certainty if value else "stated"
    before = text[max(0, span.start - 16) : span.start]
    about = _AROUND["about"].search(before)
    noun = value is not None and value.grain == "year" and before.endswith("the ")  # after the 2017 vote
    bound = None if about or noun else _AROUND["bound"].search(before)
    word = bound["b"].lower() if bound else ""
    onwards = _AROUND["onwards"].match(text, span.end) if word == "from" else None
    if about:
        span, certainty = Span(span.start - len(about[0]), span.end), "approximate"
    elif bound and (word != "from" or onwards):
        span = Span(span.start - len(bound[0]), onwards.end() if onwards else span.end)
    else:
        word = ""
    if value is None:
        fine = _fineness(span.of(text))
        return DateFound(span=span, lo=None, hi=None, granularity=fine, anchor="none", certainty=certainty)
    lo, hi = _edge(value, word, today)
    anchor: Literal["document", "explicit"] = (
        "document" if read.relative or (word.endswith("since") and hi is not None) else "explicit"
    )
    return DateFound(span=span, lo=lo, hi=hi, granularity=value.grain, anchor=anchor, certainty=certainty)


def _fineness(words: str) -> Granularity:
    """Return how fine a date is that cannot be resolved."""
    units = [u for u in ("week", *intervals.IN_MONTHS) if u in words.lower() and "day" not in words]
    season = any(name in words.lower() for name in intervals.SEASONS)
    ends = words.rstrip(".").rpartition(" ")[2][:3] in _MONTHS
    return grain(units[0]) if units else "season" if season else "month" if ends else "day"


def _spoken(found: list[DateFound], text: str) -> Iterator[DateFound]:
    """Yield the dates; a relative one in a quotation counts from the day of speaking, if the line names it."""
    quotes = [Span(*m.span()) for m in _AROUND["quotation"].finditer(text)]
    starts = [d.span.start for d in found]
    for record in found:
        at = bisect_right(quotes, (record.span.start,)) - 1
        if at < 0 or quotes[at].end <= record.span.start or record.anchor == "explicit":
            yield record
            continue
        quote = quotes[at]
        low = max(text.rfind("\n", 0, quote.start) + 1, quote.start - _LINE)
        high = text.find("\n", quote.end, quote.end + _LINE)
        high = high if high > 0 else quote.end + _LINE
        near = found[bisect_right(starts, low - 1) : bisect_right(starts, high)]
        outside = (d for d in near if not quote.start < d.span.start < quote.end)
        said = next((d.lo for d in outside if d.granularity == "day" and d.lo), None)
        again = (
            max(_all(record.span.of(text), said), key=lambda r: r.span.end, default=None) if said else None
        )
        if again and again.value:
            record = replace(record, lo=again.value.lo, hi=again.value.hi, anchor="document")
        yield replace(record, certainty="inferred")


__all__ = ["dates", "to_edtf"]
