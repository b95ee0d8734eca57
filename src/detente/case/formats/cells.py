"""What does one cell of a table say? Text kept from being run, lists, numbers with doubt, percentages.

A spreadsheet program takes a text that begins with ``= + - @`` for a formula. Such texts are written with an
apostrophe before them, which reading takes off again; bare numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from itertools import product

from detente.case.countries import ENTRIES, country_code, plain_name
from detente.case.text import IDENTIFIER, normal
from detente.quantity import Quantity
from detente.quantity.quantity import number_text

_RUNNABLE = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_ENTRY = re.compile(rf"({IDENTIFIER.pattern}): (\S.*)", re.DOTALL)
_END = r"([-+−]?\d{1,3})"
_ENDS = re.compile(rf"[(\[]\s*{_END} ?(?:-|–|\.\.|to|bis|à|a) ?{_END}\s*[)\]]")
_NO_VALUE = {"", "na", "n/a", "nan", "-", "–", "—"}

Cell = str | int | float | None


def guarded(text: str) -> str:
    """Return a text that no spreadsheet program runs.

    >>> guarded("=1+1"), guarded("Oslo")
    ("'=1+1", 'Oslo')
    """
    return "'" + text if _RUNNABLE.match(text) else text


def unguarded(text: str) -> str:
    """Return the text that was guarded: the inverse of `guarded` on everything that it returns."""
    return text[1:] if _GUARDED.match(text) else text


def content(text: str) -> str:
    """Return what a cell says: trimmed, in Unicode normal form C, without its guard."""
    if not text.isascii():
        with suppress(ValueError):  # too many marks on a letter: the check of the case tells
            text = normal(text)
    return unguarded(text.strip())


def written(cell: Cell) -> str | int | float:
    """Return a cell as it is written: numbers bare, texts trimmed, with unified line ends, and guarded."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(cell.replace("\r\n", "\n").replace("\r", "\n").strip())
    return cell


def one_line(text: str | None, longest: int = 20_000) -> str:
    """Return a text on one line, cut to ``longest`` characters."""
    return re.sub(r"\s+", " ", text or "").strip()[:longest].rstrip()


def is_blank(text: str) -> bool:
    """Tell whether a cell of a column of numbers says that there is no number."""
    return text.casefold() in _NO_VALUE


# --- lists ---------------------------------------------------------------------------------------


def entries(text: str) -> list[str]:
    """Return the entries of a list in one cell, separated by ``;`` (or by commas, when all are ids).

    >>> entries('nato, eu'), entries('a: "x; y";b')
    (['nato', 'eu'], ['a: "x', 'y"', 'b'])
    >>> entries('"a: x; y";b')
    ['a: x; y', 'b']
    """
    stream = io.StringIO(text, newline="")
    rows = csv.reader(stream, delimiter=";", skipinitialspace=True)
    listed = [part.strip() for row in rows for part in row]
    listed = [part for part in listed if part]
    if len(listed) == 1 and ";" not in text:
        parts = [part.strip() for part in text.split(",")]
        if all(IDENTIFIER.fullmatch(part) for part in parts):
            return parts
    return listed


def joined(listed: Iterable[str]) -> str:
    """Return one cell that `entries` reads back."""
    parts = [part.replace("\r\n", "\n").replace("\r", "\n").strip() for part in listed]
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";", lineterminator="\n").writerow(parts)
    text = stream.getvalue().removesuffix("\n")
    return text if entries(text) == parts else text + ";"


def labelled(entry: str) -> tuple[str, str | None]:
    """Return the id and the name that an entry gives (``washington: Washington DC``), or it and ``None``."""
    match = _ENTRY.fullmatch(entry)
    return (match[1], match[2]) if match else (entry, None)


# --- countries -----------------------------------------------------------------------------------


def country(text: str) -> str | None:
    """Return the code of a country by its code or name, in English or, where Babel is there, as in headings."""
    return country_code(text) or _codes_elsewhere().get(plain_name(text))


@cache
def _codes_elsewhere() -> dict[str, str]:
    """Return plain name → alpha-3 by Unicode's CLDR, of names that mean one country and look like no code."""
    try:
        from babel import Locale
    except ImportError:
        return {}
    spoken = [Locale(language).territories for language in ("de", "fr", "es", "ru", "pt", "it", "nl", "pl")]
    meant: dict[str, set[str]] = {}
    for said, (alpha_3, alpha_2, _) in product(spoken, ENTRIES):
        meant.setdefault(plain_name(said.get(alpha_2, "")), set()).add(alpha_3)
    begun = {name.partition(" ")[0] for name in meant if " " in name}  # there are two of Kongo
    names = (name for name in meant.keys() - begun if not re.match("[a-z]{0,3}$", name))
    return {name: meant[name].pop() for name in names if len(meant[name]) == 1}


# --- numbers -------------------------------------------------------------------------------------


def stated(value: Quantity) -> list[float]:
    """Return the numbers that a quantity names, without standard deviations."""
    numbers: list[float] = []
    for statement in value.statements:
        numbers += statement.parameters[:1] if statement.kind == "normal" else statement.parameters
    return numbers


def plain(value: Quantity) -> str | int | float:
    """Return a quantity as one cell: a number if it is exact, else a text."""
    bare = value.to_plain()
    return str(value) if isinstance(bare, list) else bare


def meaning_of(value: float, low: float, high: float) -> str:
    """Return the meaning of an anchor in files that give only numbers."""
    if value == low:
        return "lowest position"
    return "highest position" if value == high else f"position {number_text(value)}"


def scale_of(anchors: Iterable[float]) -> dict[str, str]:
    """Return a scale of bare numbers as a case holds it."""
    values = sorted(anchors)
    return {number_text(value): meaning_of(value, values[0], values[-1]) for value in values}


def ends_in(heading: str) -> tuple[float, float] | None:
    """Return the ends of a scale that a heading says in brackets, if it says them, the lower one first.

    >>> ends_in("Importance (1-10)"), ends_in("Position (-3 to +3)"), ends_in("(5-1)"), ends_in("(Art. 5 to 7)")
    ((1.0, 10.0), (-3.0, 3.0), None, None)
    """
    found = _ENDS.search(heading)
    low, high = (float(end.replace("−", "-")) for end in found.groups()) if found else (0.0, 0.0)
    return (low, high) if low < high else None
