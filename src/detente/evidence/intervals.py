"""Which days is that? Intervals of days by unit, their parts, and how ISO 8601-2 (EDTF) writes them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, NamedTuple

from detente.evidence.records import DateFound, Granularity

_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # in the northern hemisphere
_IN_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}


class Value(NamedTuple):
    """Days from ``lo`` (included) to ``hi`` (excluded; None is open)."""

    lo: date
    hi: date | None
    grain: Granularity
    certainty: Literal["stated", "approximate", "inferred"] = "stated"


def grain(unit: str) -> Granularity:
    """Return how fine a unit is."""
    return "week" if unit == "weekend" else unit  # type: ignore[return-value]


def shift(day: date, months: int) -> date:
    """Return the same day some months later, or the last of its month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = min(max(index // 12, 1), 9998), index % 12 + 1
    return date(year, month, min(day.day, (date(year + month // 12, month % 12 + 1, 1) - timedelta(1)).day))


def ago(unit: str, count: int, base: date) -> date:
    """Return the day so many units before a base (after it where the count is negative)."""
    if unit in _IN_MONTHS:
        return shift(base, -count * _IN_MONTHS[unit])
    return base - timedelta(count * (7 if unit == "week" else 1))


def unit_of(unit: str, day: date) -> Value:
    """Return the whole unit in which a day falls; a week begins on Monday."""
    if unit in _IN_MONTHS:
        months = _IN_MONTHS[unit]
        index = (day.year * 12 + day.month - 1) // months * months
        lo = date(max(index // 12, 1), index % 12 + 1, 1)
        return Value(lo, shift(lo, months), grain(unit))
    lo = day - timedelta(day.weekday()) if unit == "week" else day
    return Value(lo, lo + timedelta(7 if unit == "week" else 1), grain(unit))


def days_of(year: int, month: int, first: int, last: int) -> Value | None:
    """Return the days of a month from first to last, None where there are no such days."""
    try:
        lo, hi = date(year, month, first), date(year, month, last) + timedelta(1)
    except (ValueError, OverflowError):
        return None
    return Value(lo, hi, "day") if lo < hi else None


def season_of(name: str, year: int) -> Value:
    """Return a season of the northern hemisphere; the winter of a year begins in its December."""
    lo = date(year, _SEASONS[name.lower()], 1)
    return Value(lo, shift(lo, 3), "season")


def part(value: Value, word: str) -> Value:
    """Return the early, middle or late third of an interval, or a half; of whole months or years if it can."""
    word, (lo, hi) = word.removeprefix("the "), value[:2]
    if hi is None:
        return value
    pieces = 2 if "half" in word else 3
    first = word.startswith(("first", "early", "beginning", "start"))
    place = 0 if first else 1 if word.startswith(("second", "mid")) else 2
    months, days = (hi.year - lo.year) * 12 + hi.month - lo.month, (hi - lo).days
    unit = 12 if months >= 120 else 1

    def cut(i: int) -> date:
        if i == pieces:
            return hi
        if months >= pieces:
            return shift(lo, round(months // unit * i / pieces) * unit)
        return lo + timedelta(10 * i if days >= 28 and pieces == 3 else round(days * i / pieces))

    return value._replace(lo=cut(place), hi=cut(place + 1))


def to_edtf(found: DateFound) -> str:
    """Return a date in EDTF (ISO 8601-2): ``2011-03``, ``../2014``, ``199X``, ``2014-21``, ``2024-11-05~``.

    A date that cannot be resolved is ``XXXX``.
    """
    lo, hi = found.lo, found.hi
    mark = "~" if found.certainty == "approximate" else ""
    if lo is None and hi is None:
        return "XXXX"
    if lo and hi and (whole := _whole(lo, hi, found.granularity)):
        return whole + mark

    def written(day: date, bound: date) -> str:  # as fine as the bound needs
        years = found.granularity in ("year", "decade", "century", "period")
        size = 10 if bound.day != 1 or found.granularity == "day" else 4 if bound.month == 1 and years else 7
        return day.isoformat()[:size]

    start = written(lo, lo) if lo else ".."
    end = written(hi - timedelta(1), hi) if hi else ".."
    if lo and end != start and end.startswith(start):  # the first days of a month: both ends as days
        start = lo.isoformat()[: len(end)]
    first, last = (bound + mark * (bound != "..") for bound in (start, end))
    return first if first == last else f"{first}/{last}"


def _whole(lo: date, hi: date, unit: Granularity) -> str | None:
    """Return how an interval is written that is one unit, None where it is none."""
    if unit == "season":
        return f"{lo.year:04}-{20 + lo.month // 3}" if lo.month % 3 == 0 and hi == shift(lo, 3) else None
    if unit in ("week", "period") or unit_of(unit, lo)[:2] != (lo, hi):
        return None
    names = {"quarter": f"{lo.year:04}-{33 + lo.month // 3}", "decade": f"{lo.year // 10:03}X"}
    names |= {"century": f"{lo.year // 100:02}XX", "year": f"{lo.year:04}", "month": lo.isoformat()[:7]}
    return names.get(unit, lo.isoformat())
