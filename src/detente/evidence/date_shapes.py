"""Which days does a match of a shape mean? By itself where it names a year, else counted from a base."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal, TypeAlias

from detente.evidence.date_words import AHEAD, FORENAME, NUMBERS, ORDINALS, SPECIALS, VAGUE
from detente.evidence.intervals import MONTHS, UNITS, Interval, ago, day_of, part, season_of, unit_of

Certainty: TypeAlias = Literal["stated", "approximate", "inferred"]
Result: TypeAlias = tuple[Interval, Certainty] | None
Match: TypeAlias = re.Match[str]


def _year(year: int) -> Interval:
    return unit_of("year", date(year, 1, 1))


def _parted(match: Match, value: Interval, certainty: Certainty = "stated") -> Result:
    word = (match.group("part") or "").strip(" -").lower()
    return (part(value, word), "approximate") if word else (value, certainty)


def _stated(value: Interval | None, certainty: Certainty = "stated") -> Result:
    return (value, certainty) if value else None


def _days(match: Match) -> list[int]:
    return [int(re.sub(r"\D", "", d)) for d in match.group("d", "d2") if d]


def _day(match: Match) -> Result:
    days = _days(match)
    return _stated(day_of(int(match["y"]), MONTHS[match["m"][:3]], days[0], days[-1]))


def _day_near(match: Match, base: date) -> Result:
    month, days = MONTHS[match["m"][:3]], _days(match)
    year = _nearest_year(month, days[0], base, looks_ahead(match))
    return _stated(day_of(year, month, days[0], days[-1]), "inferred")


def _nearest_year(month: int, day: int, base: date, ahead: bool) -> int:
    """Return the year of a day without one: within six weeks the nearest, else the last, or the next if ahead."""
    around = [v for y in (base.year - 1, base.year, base.year + 1) if (v := day_of(y, month, day, day))]
    nearest = min(around, key=lambda v: abs((v.lo - base).days), default=unit_of("day", base))
    if abs((nearest.lo - base).days) > 45:
        side = [v for v in around if (v.lo > base) == ahead]
        nearest = min(side, key=lambda v: abs((v.lo - base).days), default=nearest)
    return nearest.lo.year


def _iso(match: Match) -> Result:
    year, month, day = int(match["y"]), int(match["m"]), match["d"]
    if not day and month == (year + 1) % 100:
        return None  # 2011-12 are two years
    return _stated(day_of(year, month, int(day), int(day)) if day else unit_of("month", date(year, month, 1)))


def _month_year(match: Match) -> Result:
    return _parted(match, unit_of("month", date(int(match["y"]), MONTHS[match["m"][:3]], 1)))


def _month(match: Match, base: date) -> Result:
    """A month without a year: last, next and this say which; otherwise the nearest that fits."""
    month, lead = MONTHS[match["m"][:3]], match["lead"].lower()
    if lead in ("of", "by", "from") and FORENAME.match(match.string, match.start("m")):
        return None
    told = {
        "this": base.year,
        "last": base.year - (month >= base.month),
        "next": base.year + (month <= base.month),
    }
    year = told.get(lead) or _nearest_year(month, 15, base, looks_ahead(match))
    return _parted(match, unit_of("month", date(year, month, 1)), "stated" if lead in told else "inferred")


def slashed(match: Match, day_first: bool | None) -> Result:
    """Return a date in numbers; those whose order nothing tells leave only the year."""
    a, b, year = int(match["a"]), int(match["b"]), int(match["y"])
    order = True if a == b else a > 12 if max(a, b) > 12 else day_first
    if order is None:
        return (_year(year), "approximate") if a and b else None
    return _stated(day_of(year, b, a, a) if order else day_of(year, a, b, b))


def _quarter(match: Match) -> Result:
    words = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
    number = int(match["q"] or words[match["w"]])
    return unit_of("quarter", date(int(match["y"]), 3 * number - 2, 1)), "stated"


def _season(match: Match) -> Result:
    return _parted(match, season_of(match["n"].lower(), int(match["y"])))


def _season_near(match: Match, base: date) -> Result:
    lead, name = (match["lead"] or "").strip().lower(), match["n"].lower()
    near = season_of(name, base.year)
    back = (lead == "last" and near.last >= base) or (lead == "this" and name == "winter" and base.month < 3)
    year = base.year - back + (lead == "next" and near.lo <= base)
    return _parted(match, season_of(name, year)) if lead in ("this", "last", "next") else None


def _decade(match: Match) -> Result:
    start = int(match["y"]) if match["y"] else (1900 if int(match["s"]) > 20 else 2000) + int(match["s"])
    return _parted(match, unit_of("decade", date(start, 1, 1)))


def _century(match: Match) -> Result:
    """The nineteenth begins in 1800, as EDTF writes it: 18XX."""
    number = int(match["n"]) if match["n"] else ORDINALS.index(match["w"]) + 1
    return _parted(match, unit_of("century", date(100 * number - 100, 1, 1))) if number > 1 else None


def _years(match: Match) -> Result:
    first, second = int(match["y"]), match["y2"]
    last = int(second) if len(second) == 4 else first // 100 * 100 + int(second)
    right = first <= last <= first + 300
    return (Interval(date(first, 1, 1), date(last + 1, 1, 1), "year"), "stated") if right else None


def _special(match: Match, base: date) -> Result:
    return unit_of("day", base + timedelta(SPECIALS[match["n"].lower()])), "stated"


def _relative(match: Match, base: date) -> Result:
    which, unit = match["dir"].lower().removeprefix("the "), match["u"]
    step = {"this": 0, "last": -1, "past": -1, "previous": -1}.get(which, 1)
    if unit == "weekend":
        saturday = base + timedelta(5 - base.weekday() + 7 * step)
        return Interval(saturday, saturday + timedelta(2), "week"), "inferred"
    if which == "past":
        return Interval(ago(unit, 1, base), base + timedelta(1), UNITS[unit]), "stated"
    return _parted(match, unit_of(UNITS[unit], ago(unit, -step, base)))


def _of_the(match: Match, base: date) -> Result:
    return part(unit_of(UNITS[match["u"]], base), match["e"]), "approximate"


def _weekday(match: Match, base: date) -> Result:
    """A day of the week without direction was the last one, or comes next where the clause looks ahead."""
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    back = (base.weekday() - names.index(match["n"][:3])) % 7
    which = (match["dir"] or "").strip().lower()
    if which in ("last", "this past"):
        back = back or 7
    elif which == "next" or (back and (which == "this" or (not which and looks_ahead(match)))):
        back -= 7
    return unit_of("day", base - timedelta(back)), "stated" if which else "inferred"


def looks_ahead(match: Match) -> bool:
    """Tell whether the clause round a day looks ahead; "said on Tuesday" does not."""
    text, start, end = match.string, match.start(), match.end()
    before = text[max(0, start - 60) : start]
    if re.search(r"\b(?:by|until|till)\s\Z", before):
        return True
    if re.search(r"\b(?:said|says|told|announced|wrote|met|\w{3,}ed)(?:\son)?\s\Z", before):
        return False
    clause = re.split(r"[.;:!?]\s|,\s", before)[-1]
    return bool(AHEAD.search(clause) or AHEAD.search(re.split(r"[.;!?]\s", text[end : end + 60])[0]))


def _counted(match: Match, base: date, forward: bool) -> tuple[date, str] | None:
    words = " ".join(match["c"].lower().split())
    count = int(words) if words.isdigit() else NUMBERS.get(words) or VAGUE[words]
    day = ago(match["u"], -count if forward else count, base)
    return (day, words) if 1000 < day.year < 9000 else None


def _ago(match: Match, base: date) -> Result:
    """So many units ago or from now, as fine as the unit."""
    counted = _counted(match, base, (match.groupdict().get("dir") or "in") in ("in", "from now", "hence"))
    if counted is None:
        return None
    rough = counted[1] in VAGUE or match["u"] == "decade"
    unit = "year" if match["u"] == "decade" else UNITS[match["u"]]
    return unit_of(unit, counted[0]), "approximate" if rough else "stated"


def _past(match: Match, base: date) -> Result:
    counted = _counted(match, base, match["dir"] in ("next", "coming"))
    if counted is None:
        return None
    lo, last = sorted((base, counted[0]))
    return Interval(lo, last + timedelta(1), UNITS[match["u"]]), "stated"


EXPLICIT: dict[str, Callable[[Match], Result]] = {
    "iso": _iso, "dmy": _day, "mdy": _day, "my": _month_year, "quarter": _quarter, "season": _season,
    "decade": _decade, "century": _century, "years": _years,
    "year": lambda match: _parted(match, _year(int(match["y"]))),
    "modifier": lambda match: (_year(int(match["y"])), "stated"),
}  # fmt: skip
RELATIVE: dict[str, Callable[[Match, date], Result]] = {
    "dmy": _day_near, "mdy": _day_near, "month": _month, "season": _season_near, "day": _special,
    "relative": _relative, "of_the": _of_the, "weekday": _weekday, "ago": _ago, "in": _ago, "past": _past,
}  # fmt: skip

__all__ = ["EXPLICIT", "RELATIVE", "Certainty", "slashed"]
