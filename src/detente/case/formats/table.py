"""What stands in the columns of a table? Texts, numbers with doubt and red lines, with what is wrong with them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from detente.case.acceptance import Acceptance
from detente.case.formats import cells
from detente.case.formats.draft import UNKNOWN, Draft
from detente.case.formats.sheet import MAX_HEADING, Row, Sheet
from detente.case.reading import Place
from detente.errors import Problem, QuantityError
from detente.quantity import Quantity, parse
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
        offered: whether whoever reads may choose, which messages tell then.
    """

    salience_scale: tuple[float, float] | None = None
    decimal_mark: str | None = None
    offered: bool = True


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


def _shares(told: Mapping[Key, str], stored: Mapping[Key, str]) -> dict[Key, str]:
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
    if by == 1:
        return value

    def share(number: float) -> float:
        return float(Decimal(repr(float(number))) / Decimal(repr(by)))

    return Quantity(tuple(Statement(one.kind, tuple(map(share, one.parameters))) for one in value.statements))


NUMBERS = ("position", "salience", "influence", "accepts", "scale_low", "scale_high", "no_deal")
_PER_CENT = re.compile("%|per ?cent|pct|prozent|pourcent|por ?cent|porcien|procent|процент", re.IGNORECASE)
_WITH_GROUPS = re.compile(r"\d[.,’' \u00a0\u202f]\d{3}(?!\d)")
_Spot = tuple[int, str]  # number of a row in the table, name of a column
_Cell = tuple[int, int | None]  # number of a row on the sheet, index of a column


@dataclass
class Table:
    """A sheet whose columns are known.

    Attributes:
        sheet: where it stands.
        header: its first row.
        columns: canonical heading → index of the column, from 0.
        rows: the rows below the header.
        problems: what was found while reading; filled by the readers of the table.
        divisor: by what saliences are divided to become shares; ``None`` where that was refused.
        refused: rows and columns of the numbers that were refused, so that each is told once.
        word: what a column is called in messages.
    """

    sheet: Sheet
    header: Row
    columns: dict[str, int]
    rows: tuple[Row, ...]
    problems: list[Problem] = field(default_factory=list)
    divisor: float | None = 1.0
    refused: set[_Cell] = field(default_factory=set)
    word: str = "column"

    def __post_init__(self) -> None:
        used = {index + 1 for index in self.columns.values()}
        self.problems += [problem for problem in self.sheet.problems if problem.column in (None, *used)]

    def text(self, row: Row, name: str) -> str:
        """Return the cell of a row in a named column, ``""`` where there is none."""
        if name in row.said:
            return row.said[name]
        index = self.index(name, row)
        return "" if index is None else row.cell(index)

    def index(self, name: str, row: Row | None = None) -> int | None:
        """Return the index of a column from 0, ``None`` where there is none."""
        return row.at.get(name, self.columns.get(name)) if row is not None else self.columns.get(name)

    def heading(self, name: str, row: Row | None = None) -> str:
        """Return a heading as the file has it."""
        return self.header.cell(self.index(name, row) or 0)[:MAX_HEADING]

    def place(self, row: Row, name: str) -> Place:
        """Return where a cell stands; with the names of sheet and column, which messages tell."""
        index = self.index(name, row)
        called = f"{self.word} {self.heading(name, row)!r}" if index is not None else ""
        return self.sheet.place(row.number, index, called)

    def refuse(
        self, row: Row, name: str, message: str, hint: str | None = None, value: str | None = None
    ) -> None:
        """Note an error in a cell."""
        self.told.refuse(self.place(row, name), message, hint, value)

    def warn(
        self, message: str, hint: str | None = None, name: str | None = None, row: int | None = None
    ) -> None:
        """Note a warning about the table or one of its columns."""
        self.told.warn(message, hint, self.sheet.place(row, self.index(name) if name else None))

    @property
    def told(self) -> Draft:
        """Where problems are noted."""
        draft = Draft(file=self.sheet.file)
        draft.document.problems = self.problems
        return draft

    def quantity(self, row: Row, name: str) -> Quantity | str | None:
        """Return the number in a cell, the text of one that is not readable, ``None`` where it is blank."""
        text = self.text(row, name)
        return None if cells.is_blank(text) else self.number_in(text) or text

    def number_in(self, text: str) -> Quantity | None:
        """Return the number that a text says, if it says one."""
        try:
            return parse(with_point(text, self.sheet.separator == ";"))
        except QuantityError:
            return None

    def number(self, row: Row, name: str) -> float | None:
        """Return a number without doubt of a cell; ``None`` where it is blank or, with an error, none."""
        value = self.quantity(row, name)
        if isinstance(value, Quantity) and value.is_exact:
            return value.mean
        if value is not None and self._at(row, name) not in self.refused:
            self.refuse(row, name, "must be a number without doubt", value=self.text(row, name))
        return None

    def acceptance(self, row: Row) -> Acceptance | str | None:
        """Return the red line of a row, the text of one that is not readable, ``None`` where it is blank."""
        text = self.text(row, "accepts")
        if cells.is_blank(text) or self._at(row, "accepts") in self.refused:
            return None
        try:
            return Acceptance.parse(text)
        except QuantityError:
            return text

    def agreed(
        self, rows: Iterable[tuple[str, Row]], column: str, read: Callable[[Row], Any] | None = None
    ) -> dict[str, tuple[Row, Any]]:
        """Return what a column says of each actor or issue (``read``: how), with the first row that says it.

        Rows may leave the cell blank; a row that says something else than an earlier one is an error.
        """
        found: dict[str, tuple[Row, Any]] = {}
        for key, row in rows if column in self.columns else ():
            value = self.text(row, column) if read is None else read(row)
            if value is None or value == "":
                continue
            first, known = found.setdefault(key, (row, value))
            if str(known) != str(value):
                message = f"says otherwise than row {first.number} ({self.text(first, column)!r})"
                hint = "write the same in both, or leave one blank"
                self.refuse(row, column, message, hint, self.text(row, column))
        return found

    # --- how numbers are meant -------------------------------------------------------------------

    def settle(self, choices: Choices) -> None:
        """Write the numbers of all columns plainly and find the unit of saliences, or refuse what is ambiguous."""
        spots: dict[_Spot, str] = {
            (number, name): text
            for name in NUMBERS
            for number, row in enumerate(self.rows)
            if (text := self.text(row, name)) and not cells.is_blank(text) and name not in row.said
        }
        places = {spot: self._at(self.rows[spot[0]], spot[1]) for spot in spots}
        stored = {spot: told for spot, at in places.items() if (told := self.sheet.stored.get(at))}
        typed = (text for spot, text in spots.items() if spot not in stored)
        mark = decimal_mark(typed, choices.decimal_mark, comma=self.sheet.separator != ",")
        spots |= stored
        spots |= _shares({spot: text for spot, text in spots.items() if spot[1] == "salience"}, stored)
        plain, known = dict(spots), dict[tuple[str, str | None], str]()
        for name in NUMBERS:
            column = {spot: text for spot, text in spots.items() if spot[1] == name}
            before = len(self.problems)
            with self._refusing(choices):
                check_column(column, name)
            mixed = len(self.problems) > before
            for spot, text in column.items():
                plain[spot] = UNKNOWN
                with self._refusing(choices, quietly=mixed):
                    way = "." if spot in stored else mark
                    if (text, way) not in known:
                        known[text, way] = plainly(spot, text, way)
                    plain[spot] = known[text, way]
        self.refused |= {places[spot] for spot, text in plain.items() if text == UNKNOWN != spots[spot]}
        self.divisor, self.sheet = None, replace(self.sheet, separator=",")
        with self._refusing(choices):
            self._settle_salience(spots, plain, choices)
        changed = (spot for spot, text in plain.items() if text not in (spots[spot], UNKNOWN))
        grouped = next((spot for spot in changed if _WITH_GROUPS.search(spots[spot])), None)
        if grouped and not any(problem.severity == "error" for problem in self.problems):
            hint = "numbers like it were read in the same way"
            self.warn(f"{spots[grouped]!r} was read as {plain[grouped]}", hint)
        rows = [list(row.cells) for row in self.rows]
        for (number, name), text in plain.items():
            rows[number][self.index(name, self.rows[number]) or 0] = text
        self.rows = tuple(replace(row, cells=tuple(said)) for row, said in zip(self.rows, rows, strict=True))

    @contextmanager
    def _refusing(self, choices: Choices, *, quietly: bool = False) -> Iterator[None]:
        try:
            yield
        except Ambiguous as error:
            offered = f", or choose with: detente import {error.option}"
            hint = error.hint + offered * bool(error.option and choices.offered)
            for number, name in () if quietly else error.keys:
                row = self.rows[number]
                self.refuse(row, name, str(error), hint, self.text(row, name))

    def _at(self, row: Row, name: str) -> _Cell:
        return row.number, self.index(name, row)

    def _settle_salience(
        self, spots: Mapping[_Spot, str], plain: Mapping[_Spot, str], choices: Choices
    ) -> None:
        read = {spot: self.number_in(text) for spot, text in plain.items() if spot[1] == "salience"}
        values = {spot: cells.stated(value) for spot, value in read.items() if value is not None}
        named = next(iter(values), None)
        heading = "" if named is None else self.heading("salience", self.rows[named[0]])
        told = choices.salience_scale or cells.ends_in(heading)
        marked = {spot for spot in values if "%" in spots[spot]}
        headed = _PER_CENT.search(heading) is not None

        def where(spot: _Spot) -> str:
            return f"{spots[spot]!r} in row {self.rows[spot[0]].number}"

        self.divisor = divisor(values, told, marked, headed=headed, where=where)
        if self.divisor != 1 and named is not None:
            way = "per cent" if self.divisor == 100 else f"marks up to {number_text(self.divisor)}"
            said = f"{self.word} {heading!r} was taken as {way}: divided by {number_text(self.divisor)}"
            self.warn(said, name="salience")
