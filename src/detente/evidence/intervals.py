"""Which days is that? Intervals of days by unit, their parts and bounds, and how ISO 8601-2 (EDTF) writes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from detente.evidence.records import DateFound, Granularity

_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
UNITS: dict[str, Granularity] = {
    "day": "day", "week": "week", "weekend": "week", "month": "month", "quarter": "quarter", "year": "year",
    "decade": "decade", "century": "century",
}  # fmt: skip
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}  # first month, in the northern hemisphere
_EARLY = {"early", "early in", "beginning", "start", "beginning of", "start of"}
_MIDDLE = {"mid", "mid in", "middle", "middle of"}


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from ``lo`` (included) to ``hi`` (excluded; None is open)."""

    lo: date
    hi: date | None
    granularity: Granularity
    relative: bool = False
    """Counted from the date of the document."""

    @property
    def last(self) -> date:
        """The last day; an open interval ends for practical purposes at the end of the calendar."""
        return self.hi - timedelta(1) if self.hi else date.max


def shift(day: date, months: int) -> date:
    """Return the same day some months later, or the last of its month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = min(max(index // 12, 1), 9998), index % 12 + 1
    return date(year, month, min(day.day, (date(year + month // 12, month % 12 + 1, 1) - timedelta(1)).day))


def ago(unit: str, count: int, base: date) -> date:
    """Return the day so many units before a base (after it where the count is negative)."""
    months = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
    if unit in months:
        return shift(base, -count * months[unit])
    return base - timedelta(count * (7 if unit == "week" else 1))


def unit_of(unit: Granularity, day: date) -> Interval:
    """Return the whole unit in which a day falls; a week begins on Monday."""
    if unit == "day":
        return Interval(day, day + timedelta(1), unit)
    if unit == "week":
        monday = day - timedelta(day.weekday())
        return Interval(monday, monday + timedelta(7), unit)
    months = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[unit]
    index = (day.year * 12 + day.month - 1) // months * months
    lo = date(max(index // 12, 1), index % 12 + 1, 1)
    return Interval(lo, shift(lo, months), unit)


def day_of(year: int, month: int, first: int, last: int) -> Interval | None:
    """Return the days of a month from first to last, None where there are no such days."""
    try:
        lo, hi = date(year, month, first), date(year, month, last) + timedelta(1)
    except (ValueError, OverflowError):
        return None
    return Interval(lo, hi, "day") if lo < hi else None


def season_of(name: str, year: int) -> Interval:
    """Return a season of the northern hemisphere; the winter of a year begins in its December."""
    lo = date(year, _SEASONS[name.replace("fall", "autumn")], 1)
    return Interval(lo, shift(lo, 3), "season")


def part(value: Interval, word: str) -> Interval:
    """Return the early, middle or late third of an interval, or a half; whole months where it has enough."""
    word = " ".join(word.split()).removeprefix("the ")
    if value.hi is None:
        return value
    thirds = _cuts(value.lo, value.hi, 2 if "half" in word else 3)
    if "half" in word:
        index = 0 if word.startswith("first") else 1
    else:
        index = 0 if word in _EARLY else 1 if word in _MIDDLE else 2
    return replace(value, lo=thirds[index], hi=thirds[index + 1])


def _cuts(lo: date, hi: date, pieces: int) -> list[date]:
    years = hi.year - lo.year
    if years >= 10:
        return [date(lo.year + round(years * i / pieces), lo.month, lo.day) for i in range(pieces)] + [hi]
    months = years * 12 + hi.month - lo.month
    if months >= pieces:
        return [shift(lo, round(months * i / pieces)) for i in range(pieces)] + [hi]
    days = (hi - lo).days
    if pieces == 3 and days in (28, 29, 30, 31):
        return [lo, lo + timedelta(10), lo + timedelta(20), hi]
    return [lo + timedelta(round(days * i / pieces)) for i in range(pieces)] + [hi]


def edge(value: Interval, word: str, today: date | None) -> tuple[date | None, date | None]:
    """Return what "before", "until", "since" or "after" leaves of an interval; itself without such a word.

    Args:
        value: the date.
        word: in lower case; empty for none.
        today: the date of the document, at which "since" ends.
    """
    if word in ("before", "prior to"):
        return None, value.lo
    if word in ("until", "till", "up to", "by", "no later than"):
        return None, value.hi
    if word in ("since", "ever since"):
        end, lo = today + timedelta(1) if today else None, value.lo
        if value.granularity == "period" and value.hi:  # "since the Gulf War" is since its end
            lo = value.hi
        return lo, end if end and end > lo else None
    if word == "after":
        return value.hi, None
    if word == "from":
        return value.lo, None
    return value.lo, value.hi


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
    start = _write(lo, _fine(lo, found.granularity)) if lo else ".."
    end = _write(hi - timedelta(1), _fine(hi, found.granularity)) if hi else ".."
    if lo and end != start and end.startswith(start):  # the first days of a month: both ends as days
        start = lo.isoformat()[: len(end)]
    first, last = (bound + mark * (bound != "..") for bound in (start, end))
    return first if first == last else f"{first}/{last}"


def _whole(lo: date, hi: date, unit: Granularity) -> str | None:
    """Return how an interval is written that is one unit, None where it is none."""
    if unit == "season":
        named = {month: 21 + i for i, month in enumerate(_SEASONS.values())}.get(lo.month)
        return f"{lo.year:04}-{named}" if named and hi == shift(lo, 3) else None
    if unit in ("week", "period") or unit_of(unit, lo) != Interval(lo, hi, unit):
        return None
    if unit == "quarter":
        return f"{lo.year:04}-{33 + lo.month // 3}"
    if unit in ("decade", "century"):
        return f"{lo.year // 10:03}X" if unit == "decade" else f"{lo.year // 100:02}XX"
    return _write(lo, unit)


def _fine(bound: date, unit: Granularity) -> Granularity:
    """Return the coarsest of year, month and day that a bound needs."""
    if bound.day != 1 or unit == "day":
        return "day"
    return "year" if bound.month == 1 and unit in ("year", "decade", "century", "period") else "month"


def _write(day: date, unit: Granularity) -> str:
    return day.isoformat()[: {"year": 4, "month": 7}.get(unit, 10)]


__all__ = ["MONTHS", "UNITS", "Interval", "ago", "day_of", "edge", "part", "season_of", "to_edtf", "unit_of"]
