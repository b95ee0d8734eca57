"""How are the numbers of a table written? Decimal marks, thousands, per cent, and the scale of its saliences."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
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
_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}([.,])\d{3}(?![\d.])")
_SIMPLE = {mark: re.compile(rf"\d+(?:\{mark}\d+)?") for mark in MARKS}
_GROUPED = {mark: re.compile(rf"[1-9]\d{{0,2}}(?:\{mark}\d{{3}})+(?!\d)") for mark in MARKS}
_COMMA_IN_NUMBER = re.compile(r"\d,\d")
_NO_SHARE = re.compile(r"%|(?<!\d)(?<!\d[.,])(?:[2-9]|1\d)")
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
    """Some cells (``keys``) can be read in several ways, or do not go with others; the hint says what to write."""

    def __init__(self, message: str, hint: str, *keys: Any, option: str = "") -> None:
        """Say what can be understood by which cells, and how to choose: by what is written, or by an option."""
        super().__init__(message)
        self.keys, self.hint, self.option = keys, hint, option


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

    ``told``: the mark, if it is known; ``comma``: whether it is as likely as a point, as it is unless commas part
    the cells.
    """
    tokens = {
        token
        for text in set(texts)
        if not text.startswith("[")  # in a list of experts commas part them
        for token in _TOKEN.findall(text)
        if any(read_as(token, mark) for mark in MARKS)
    }
    fits = [mark for mark in MARKS if all(read_as(token, mark) for token in tokens)]
    if told is not None or len(fits) == 1:
        return told or fits[0]
    return "." if fits and not comma and not any("." in token for token in tokens) else None


def plainly(key: object, text: str, mark: str | None) -> str:
    """Return a cell with decimal points, without marks of thousands, currencies and per cent.

    Raises:
        Ambiguous: a number can be read in two ways, and ``mark`` does not say in which; or a date.
    """
    if re.match(r"\d{4}-\d\d-\d\d", text):
        how = "write a number, such as the year; was it a range, of which a program made a date? that is 3..4"
        raise Ambiguous("is a date", how, key)
    if text.startswith("["):
        if mark != "." and _COMMA_IN_NUMBER.search(text):
            told = f"{text[:40]!r} can be read in two ways"
            raise Ambiguous(told, "write experts as [30, 45.5], with a point", key)
        return text

    def one(found: re.Match[str]) -> str:
        readings = {other: number for other in MARKS if (number := read_as(found[0], other))}
        chosen = readings.get(mark or "")
        if chosen is None and len(set(readings.values())) > 1:
            ways = " or ".join(number_text(float(number)) for number in readings.values())
            clear = " or ".join(f"{number}0" if "." in number else number for number in readings.values())
            option = "--decimal-mark '.' (or ',')"
            raise Ambiguous(f"{found[0]!r} can be read as {ways}", f"write {clear}", key, option=option)
        return chosen or next(iter(readings.values()), found[0])

    return _TOKEN.sub(one, _PERCENT.sub("", _CURRENCY.sub("", text))).strip()


def with_point(text: str, comma: bool) -> str:
    """Return the text of a number with a decimal point; in a list of experts commas part them."""
    return re.sub(r"(?<=\d),(?=\d)", ".", text) if comma and not text.startswith("[") else text


def check_column(texts: Mapping[Any, str], name: str) -> None:
    """Refuse a column whose cells are marked in ways that do not go together.

    Raises:
        Ambiguous: two currencies, two marks of thousands, or numbers with a sign of per cent and without one.
    """
    told = {key: text for key, text in texts.items() if re.search("[1-9]", text)}  # 0 is 0 in both
    signed = {key: "%" in text for key, text in told.items() if not text.startswith("[")}
    if name != "salience" and len(set(signed.values())) > 1:  # `divisor` tells shares from per cent
        one, other = (next(key for key in signed if signed[key] is so) for so in (True, False))
        kinds = f"in per cent, as {texts[one]!r}, and without a sign, as {texts[other]!r}"
        raise Ambiguous(f"the column mixes numbers {kinds}", "write all in one way", other)
    for what, pattern in (("amounts in", _CURRENCY), ("numbers of thousands with", _THOUSANDS)):
        first: str | None = None
        for key, text in texts.items():
            found = None if text.startswith("[") else pattern.search(text)
            mark = found and found[found.re.groups]
            first = first or mark
            if mark and mark != first:
                message = f"the column mixes {what} {first!r} and {mark!r}"
                raise Ambiguous(message, "write all numbers in one way", key)


def divisor(
    values: Mapping[Key, list[float]],
    told: tuple[float, float] | None,
    marked: set[Key],
    *,
    headed: bool,
    where: Callable[[Key], str] = repr,
) -> float:
    """Return what saliences are to be divided by to become shares, 0..1.

    Args:
        values: key of each cell → the numbers that it names.
        told: the scale, if it is known.
        marked: the cells with a sign of per cent.
        headed: whether the heading has one.
        where: what a cell says, and in which row.

    Raises:
        Ambiguous: there are several readings, or none.

    >>> divisor({1: [80], 2: [5]}, None, set(), headed=False), divisor({1: [0.5]}, None, set(), headed=False)
    (100.0, 1.0)
    """
    values = {key: listed for key, listed in values.items() if listed}  # not what nobody has judged yet
    largest = max((number for listed in values.values() for number in listed), default=0.0)
    if told is not None:
        _within(values, told, f"the scale that was told is {number_text(told[0])}..{number_text(told[1])}")
        return told[1]
    if not marked and not headed and largest <= 1:
        return 1.0
    _within(values, (-math.inf, 100), "use 0..1 or 0..100")
    small = 1 if marked else math.nextafter(1, 0)  # 1 is 1 % where others say how they are meant, or all
    shares = [key for key, of in values.items() if key not in marked and any(0 < n <= small for n in of)]
    if marked or largest > MOST_POINTS:
        cents = [key for key, of in values.items() if key in marked or max(of) > 1]
        if shares and not headed:
            kinds = f"shares (0..1), as {where(shares[0])}, and per cent (0..100), as {where(cents[0])}"
            place = min(shares, cents, key=len)[0]  # the rarer kind is the likelier slip
            option = "--salience-scale 0..100"
            raise Ambiguous(f"the column mixes {kinds}", "write all in one way", place, option=option)
        return 100.0
    if headed and largest > 1:
        return 100.0
    ways, scales = "shares, or per cent", "0..1 or 0..100"
    if largest > 1:
        ways = f"marks from 1 to {number_text(largest)} or to {MOST_POINTS}, or per cent"
        scales = f"1..{max(int(largest), 5)}, 1..{MOST_POINTS} or 0..100"
    place = next(key for key, listed in values.items() if largest in listed)
    hint, option = "write the scale into the heading, as in 'salience (0-100)'", f"--salience-scale {scales}"
    raise Ambiguous(f"saliences of at most {number_text(largest)} can be {ways}", hint, place, option=option)


def _within(values: Mapping[Key, list[float]], scale: tuple[float, float], hint: str) -> None:
    """Refuse what lies above a scale, or below it."""
    low, high = scale
    if above := [key for key, listed in values.items() if max(listed) > high]:
        raise Ambiguous(f"above {number_text(high)}", hint, *above)
    if below := [key for key, listed in values.items() if min(listed) < low]:
        raise Ambiguous(f"below {number_text(low)}", hint, *below)


def shares_shown(told: Mapping[Key, str], stored: Mapping[Key, str]) -> dict[Key, str]:
    """Return the saliences that a workbook shows in per cent as it holds them, where the others are shares too."""
    held = {key: Decimal(text[:-1]) / 100 for key, text in stored.items() if key in told and "%" in text}
    others = [text for key, text in told.items() if key not in held]
    shares = all(share <= 1 for share in held.values()) and not any(map(_NO_SHARE.search, others))
    return {key: str(share) for key, share in held.items()} if shares and others else {}


def divided(value: Quantity, by: float) -> Quantity:
    """Return a quantity divided by a number, exact in decimals.

    >>> divided(Quantity.exact(3), 5).mean, divided(Quantity.exact(7), 100).mean
    (0.6, 0.07)
    """
    parts = ((one.kind, (float(exact(n) / exact(by)) for n in one.parameters)) for one in value.statements)
    return value if by == 1 else Quantity(tuple(Statement(kind, tuple(of)) for kind, of in parts))


def exact(value: float) -> Decimal:
    """Return the shortest decimal that reads back as ``value``."""
    return Decimal(repr(float(value)))
