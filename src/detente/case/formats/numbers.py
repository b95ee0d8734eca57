"""How are the numbers of a table meant? Decimal marks, thousands, percentages and marks: only if one reading fits.

What can be read in two ways is refused with both of them; whoever imports the table chooses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from detente.quantity import Quantity
from detente.quantity.quantity import Statement, number_text

MARKS = (".", ",")
MOST_POINTS = 10  # saliences up to here may be marks of a questionnaire
_CURRENCY = re.compile(r"[$€£¥]")
_PERCENT = re.compile(r"\s*%")
_TOKEN = re.compile(r"\d(?:[.,’' \u00a0\u202f]?\d)*")
_BLANK_GROUP = re.compile(r"(?<=\d)[ \u00a0\u202f’'](?=\d{3}(?!\d))")
_SIMPLE = {mark: re.compile(rf"\d+(?:\{mark}\d+)?") for mark in MARKS}
_GROUPED = {mark: re.compile(rf"[1-9]\d{{0,2}}(?:\{mark}\d{{3}})+(?!\d)") for mark in MARKS}
_OTHER = {".": ",", ",": "."}
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Choices:
    """What is told about a table whose numbers can be read in several ways.

    Attributes:
        salience_scale: lowest and highest mark for the salience; saliences are divided by the highest.
        decimal_mark: ``.`` or ``,``.
    """

    salience_scale: tuple[float, float] | None = None
    decimal_mark: str | None = None


UNTOLD = Choices()


class Ambiguous(Exception):  # noqa: N818 - told where the cell stands, with its row
    """A cell can be read in several ways, or does not go with the others of its column.

    Attributes:
        keys: which cells.
        hint: how to choose.
    """

    def __init__(self, message: str, hint: str, *keys: Any) -> None:
        """Say what can be understood by which cells, and how to choose."""
        super().__init__(message)
        self.keys, self.hint = keys, hint


def read_as(token: str, mark: str) -> str | None:
    """Return a number with a decimal point, or ``None`` if it cannot have this decimal mark.

    >>> read_as("1.200,5", ","), read_as("1.200", "."), read_as("1.200,5", ".")
    ('1200.5', '1.200', None)
    """
    bare, group = _BLANK_GROUP.sub("", token), _OTHER[mark]
    found = _GROUPED[group].match(bare)
    whole = bare[: found.end()].replace(group, "") + bare[found.end() :] if found else bare
    return whole.replace(mark, ".") if _SIMPLE[mark].fullmatch(whole) else None


def decimal_mark(texts: Iterable[str], told: str | None, *, comma: bool) -> str | None:
    """Return the decimal mark with which all numbers can be read; ``None`` where each must tell by itself.

    Args:
        texts: cells of all columns of numbers.
        told: the mark, if it is known.
        comma: whether a comma is as likely as a point, as in files that are separated by semicolons.
    """
    tokens = {token for text in set(texts) for token in _tokens(text)}
    fits = [mark for mark in MARKS if all(read_as(token, mark) for token in tokens)]
    if told is not None or len(fits) == 1:
        return told or fits[0]
    return "." if fits and not comma else None


def _tokens(text: str) -> Iterator[str]:
    """Yield the numbers of a cell that can be read somehow; in a list of experts commas part them."""
    for token in () if text.startswith("[") else _TOKEN.findall(text):
        if any(read_as(token, mark) for mark in MARKS):
            yield token


def plainly(key: object, text: str, mark: str | None) -> str:
    """Return a cell with decimal points, without marks of thousands, currencies and per cent.

    Raises:
        Ambiguous: a number can be read in two ways, and ``mark`` does not say in which.
    """
    if text.startswith("["):
        return text

    def one(found: re.Match[str]) -> str:
        readings = {other: read_as(found[0], other) for other in MARKS}
        chosen = readings[mark] if mark else None
        if chosen is None and len({number for number in readings.values() if number}) > 1:
            ways = " or ".join(number_text(float(number)) for number in readings.values() if number)
            hint = (
                f"write it out, or choose with: detente import --decimal-mark '{MARKS[0]}' (or '{MARKS[1]}')"
            )
            raise Ambiguous(f"{found[0]!r} can be read as {ways}", hint, key)
        return chosen or readings["."] or readings[","] or found[0]

    return _TOKEN.sub(one, _PERCENT.sub("", _CURRENCY.sub("", text))).strip()


def check_column(texts: Mapping[Any, str]) -> None:
    """Refuse a column whose cells are marked in ways that do not go together.

    Raises:
        Ambiguous: two currencies, or two marks of thousands.
    """
    for what, pattern in (
        ("amounts in", _CURRENCY),
        ("numbers of thousands with", re.compile(r"(?<![\d.,])[1-9]\d{0,2}([.,])\d{3}(?![\d.])")),
    ):
        first: str | None = None
        for key, text in texts.items():
            found = None if text.startswith("[") else pattern.search(text)
            mark = found and found[found.re.groups]
            first = first or mark
            if mark and mark != first:
                message = f"the column mixes {what} {first!r} and {mark!r}"
                raise Ambiguous(message, "write all numbers in one way", key)


def divisor(
    values: Mapping[Key, list[float]], told: tuple[float, float] | None, marked: set[Key], *, headed: bool
) -> float:
    """Return what saliences are to be divided by to become shares, 0..1.

    Args:
        values: key of each cell → the numbers that it names.
        told: the scale, if it is known.
        marked: the cells with a sign of per cent.
        headed: whether the heading has one.

    Raises:
        Ambiguous: there are several readings, or none.

    >>> divisor({1: [80], 2: [5]}, None, set(), headed=False), divisor({1: [0.5]}, None, set(), headed=False)
    (100.0, 1.0)
    """
    values = {key: listed for key, listed in values.items() if listed}  # not what nobody has judged yet
    numbers = [number for listed in values.values() for number in listed]
    choose = "say which with: detente import --salience-scale"
    if told is not None:
        _within(values, told, told=True)
        return told[1]
    largest = max(numbers, default=0.0)
    if not marked and not headed and largest <= 1:
        return 1.0
    _within(values, (0, 100))
    where = {number: key for key, listed in values.items() if key not in marked for number in listed}
    key = next((where[number] for number in where if 0 < number < 1), None)
    if marked or largest > MOST_POINTS:
        if key is not None and not headed:
            message = "the column mixes shares (0..1) and per cent (0..100)"
            raise Ambiguous(message, f"write all in one way, or {choose} 0..100", key)
        return 100.0
    if headed and largest > 1:
        return 100.0
    top = number_text(largest) if largest > 1 else "1"
    ways = f"marks from 1 to {top} or to {MOST_POINTS}, or per cent" if largest > 1 else "shares, or per cent"
    place = next(key for key, listed in values.items() if largest in listed)
    scales = f"1..{max(int(largest), 5)}, 1..{MOST_POINTS} or 0..100" if largest > 1 else "0..1 or 0..100"
    raise Ambiguous(f"saliences of at most {number_text(largest)} can be {ways}", f"{choose} {scales}", place)


def _within(values: Mapping[Key, list[float]], scale: tuple[float, float], *, told: bool = False) -> None:
    """Refuse what lies above a scale, and below one that was told."""
    low, high = scale
    above = [key for key, listed in values.items() if max(listed) > high]
    below = [key for key, listed in values.items() if told and min(listed) < low]
    if above:
        raise Ambiguous(
            f"above {number_text(high)}", "use 0..1 or 0..100" if not told else _scale(scale), *above
        )
    if below:
        raise Ambiguous(f"below {number_text(low)}", _scale(scale), *below)


def _scale(scale: tuple[float, float]) -> str:
    return f"the scale that was told is {number_text(scale[0])}..{number_text(scale[1])}"


def divided(value: Quantity, by: float) -> Quantity:
    """Return a quantity divided by a number, exact in decimals.

    >>> divided(Quantity.exact(3), 5).mean, divided(Quantity.exact(7), 100).mean
    (0.6, 0.07)
    """
    if by == 1:
        return value
    return Quantity(
        tuple(
            Statement(
                one.kind, tuple(float(Decimal(repr(float(n))) / Decimal(repr(by))) for n in one.parameters)
            )
            for one in value.statements
        )
    )
