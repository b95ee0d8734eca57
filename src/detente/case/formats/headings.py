"""Where on a sheet is the table? By its headings: usual words of five languages, a column per issue or actor too.

Rows that are none of it (totals, means, footnotes, another table) are told and left out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path
from unicodedata import combining, normalize

from detente.case.formats import cells
from detente.case.formats.draft import folded
from detente.case.formats.sheet import MAX_HEADING, Row, Sheet, trimmed
from detente.case.formats.table import NUMBERS, UNTOLD, Choices, Table
from detente.case.validation import shown

NEEDED = ("actor", "position")
HEADINGS_WITHIN = 20  # rows; titles may stand above them
SPLIT = "put it on a sheet or in a file of its own, or both into one table with a column 'issue'"
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")


def canonical(heading: str) -> str:
    """Return a heading in small plain letters, joined by ``_``: ``Scale low (%)`` → ``scale_low``."""
    bare = re.sub(r"\([^()]*\)|\[[^][]*\]", "", heading[:MAX_HEADING].casefold()).strip(" .:'\"%")
    letters = "".join(one for one in normalize("NFKD", bare) if not combining(one))
    return re.sub(r"[\s\-_.]+", "_", letters).strip("_")


def _words() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return language → canonical heading → other headings that mean the same, the most telling first."""
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in rows:
        for language in list(row)[1:]:
            words = tuple(canonical(word) for word in row[language].split(";") if word)
            by = found.setdefault(language, {})
            by[row["heading"]] = (*by.get(row["heading"], ()), *words)
    return found


_IN = _words()
SYNONYMS = {
    name: tuple(dict.fromkeys(word for by in _IN.values() for word in by[name])) for name in _IN["en"]
}
_KNOWN = {word for name, others in SYNONYMS.items() for word in (name, *others)}
_OWN = {language: {word for words in by.values() for word in words} for language, by in _IN.items()}
_ENDINGS = (("", ""), ("s", ""), ("ies", "y"), ("es", ""), ("en", ""), ("e", ""), ("n", ""))
_TELLING = dict.fromkeys(("actor", "issue", "position", "salience", "influence"))


def _singular(word: str) -> str:
    """Return a heading that is known, for its plural: ``parties`` → ``party``, ``Stimmen`` → ``stimme``."""
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and word.removesuffix(ending) + instead in _KNOWN:
            return word.removesuffix(ending) + instead
    return word


def recognised(headings: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Return canonical heading → index, and the headings that were not used.

    English words are always known; those of one other language are if they name two columns, or one that a table
    cannot do without: ``Land`` beside English headings may be an issue, ``mandate`` no German for influence.
    """
    forms = [[canonical(heading) for heading in headings], singular(headings)]
    columns = english = _columns(forms, "en")
    for language in list(_IN)[1:]:
        if not _OWN[language].isdisjoint(word for words in forms for word in words):
            also = _columns(forms, language)
            new = also.keys() - english.keys()
            if len(also) > len(columns) and (set(NEEDED) & new or len(_TELLING.keys() & new) > 1):
                columns = also
    told = [heading[:MAX_HEADING] or f"(column {n})" for n, heading in enumerate(headings, start=1)]
    return columns, [one for index, one in enumerate(told) if index not in columns.values()]


def _columns(forms: Sequence[Sequence[str]], language: str) -> dict[str, int]:
    """Return canonical heading → index of its column, by the words as they stand, else in the singular."""
    columns: dict[str, int] = {}
    for name, others in _IN["en"].items():
        wanted = dict.fromkeys((name, *_IN[language][name], *others))
        for words in forms:
            taken = columns.values()
            free = {words[at]: at for at in reversed(range(len(words))) if at not in taken}
            if (found := next((free[word] for word in wanted if word in free), None)) is not None:
                columns[name] = found
                break
    return columns


def singular(headings: Sequence[str]) -> list[str]:
    """Return headings in canonical form and, where their plural is known, in the singular."""
    return [_singular(canonical(heading)) for heading in headings]


def lacking(sheet: Sheet, needed: Iterable[str] = NEEDED) -> str:
    """Say what the first row of a sheet lacks and what it has."""
    if not sheet.rows:
        return "is empty"
    columns, _ = recognised(sheet.rows[0].cells)
    missing = [name for name in needed if name not in columns]
    seen = listed(repr(heading[:60]) for heading in sheet.rows[0].cells)
    return f"no column {', '.join(repr(name) for name in missing)} among the headings {seen}"


def known_headings(sheet: Sheet) -> str:
    """Return which headings are known for what a sheet lacks."""
    columns, _ = recognised(sheet.rows[0].cells)
    missing = [name for name in NEEDED if name not in columns]
    told = "; ".join(f"{name} may be called {', '.join(_IN['en'][name])}" for name in missing)
    return f"{told}; or so in German, French, Spanish or Russian" if told else ""


def meant(sheet: Sheet) -> Sheet:
    """Return a sheet with the headings that its own may be meant as: known ones for those that are misspelt.

    A first column of texts, each another, beside one of numbers may be the actors.
    """
    first = sheet.rows[0]
    words = [word for name in _TELLING for word in (name, *_IN["en"][name])]
    cut = [cell[:40] for cell in first.cells]
    close = [get_close_matches(canonical(cell), words, 1, 0.8) or [cell] for cell in cut]
    heads = tuple(
        cell if one in _KNOWN else near[0] for cell, one, near in zip(cut, singular(cut), close, strict=True)
    )
    if "actor" not in recognised(heads)[0] and _lists_names(sheet.rows[1:], len(heads)):
        heads = ("actor", *heads[1:])
    return replace(sheet, rows=(replace(first, cells=heads), *sheet.rows[1:]))


def _lists_names(rows: Sequence[Row], width: int) -> bool:
    names = [row.cell(0) for row in rows]
    columns = ([row.cell(at) for row in rows] for at in range(1, width))
    different = len(set(names)) == len(names) > 1 and all(re.search(r"[^\W\d]", name) for name in names)
    return different and any(all(_NUMBER.fullmatch(cell) for cell in column) for column in columns)


def listed(names: Iterable[str], most: int = 12) -> str:
    """Return names, and beyond ``most`` of them how many more."""
    told = list(names)
    more = f" and {len(told) - most} more" if len(told) > most else ""
    return ", ".join(told[:most]) + more


# --- the table -----------------------------------------------------------------------------------


def table_in(sheet: Sheet, needed: Iterable[str] = NEEDED, choices: Choices = UNTOLD) -> Table | None:
    """Return the table in a sheet, or ``None`` when none of its first rows has the columns that are needed."""
    for number, header in enumerate(sheet.rows[:HEADINGS_WITHIN]):
        columns, unused = recognised(header.cells)
        if set(needed) <= set(columns):
            table = Table(sheet, header, columns, sheet.rows[number + 1 :])
            _tell_headings(table, unused)
        else:
            wide = melted(header, sheet.rows[number + 1 :], columns)
            if wide is None or "salience" in needed:
                continue
            table = Table(sheet, header, *wide)
            table.warn("a wide table: its headings were read as actors or issues", row=header.number)
        if number:
            table.warn("the headings were found here; what stands above was not read", row=header.number)
        if set(NEEDED) <= set(table.columns):
            table.rows = _stances_of(table)
        width = len(header.cells)
        for row in dict.fromkeys(table.rows):
            if len(row.cells) > width:
                place = sheet.place(row.number, width)
                table.told.refuse(place, "a cell beyond the last heading", "is a separator too many?")
        table.settle(choices)
        return table
    return None


# --- headings ------------------------------------------------------------------------------------


def _tell_headings(table: Table, unused: Sequence[str]) -> None:
    """Tell which columns were not read, those that would have fitted, and headings that stand twice."""
    header, words = table.header, singular(table.header.cells)
    beside = _stand_again(words)
    if beside:
        told = listed((repr(header.cell(index)[:40]) for index in beside), 4)
        message = f"a second table begins here, beside the first: {told} stand again"
        table.told.refuse(table.sheet.place(header.number, beside[0]), message, SPLIT)
        words, unused = words[: beside[0]], recognised(trimmed(header.cells[: beside[0]]))[1]
    for name, index in table.columns.items():
        again = [number for number, word in enumerate(words) if word == words[index]]
        if len(again) > 1:
            message = f"stands twice (columns {again[0] + 1} and {again[1] + 1})"
            table.refuse(header, name, message, "keep one")
        free = [n for n in range(len(words)) if n not in table.columns.values() and n not in again]
        for other in (n for n in free if words[n] in SYNONYMS[name]):
            taken, left = header.cell(index), header.cell(other)
            why = "rename one of them, if that is wrong"
            table.warn(
                f"{taken!r} was taken for the {name}, not {left!r}, which fits less closely", why, name
            )
    if unused:
        table.warn(f"not read: {listed(repr(heading) for heading in unused)}", row=header.number)


def _stand_again(words: Sequence[str]) -> list[int]:
    """Return the indices of headings that stand again, if those that a table needs do: on the right is another."""
    known = recognised(words)[0]
    again = [index for index, word in enumerate(words) if word and word in words[:index]]
    needed = {words[known[name]] for name in NEEDED if name in known}
    return again if len(needed) == len(NEEDED) and needed <= {words[index] for index in again} else []


# --- a column per issue or per actor -------------------------------------------------------------

_MEASURES = ("position", "salience", "influence")
_LETTERS = {"p": "position", "s": "salience"}


def melted(
    header: Row, rows: Sequence[Row], columns: Mapping[str, int]
) -> tuple[dict[str, int], tuple[Row, ...]] | None:
    """Return the columns and rows of a table with one column per issue or per actor, as if it were tidy.

    Headings name what stands there and the issue (``Position Quota``, ``Quota: salience``), with one row per
    actor; or, with one row per issue, ``p`` or ``s`` and the actor (``pnorth``), as in the data set of Thomson et
    al. (2006, *The European Union Decides*).
    """
    across = "issue" if "actor" in columns else "actor"
    found: dict[str, dict[str, int]] = {}
    names: dict[str, str] = {}
    for index, heading in enumerate(header.cells):
        measure, name = _measured(heading) if across == "issue" else _lettered(heading)
        if measure:
            found.setdefault(folded(name), {}).setdefault(measure, index)
            names.setdefault(folded(name), name)
    needed = {"position"} if across == "issue" else {"position", "salience"}
    found = {name: at for name, at in found.items() if needed <= set(at)}
    if not found or (across == "actor" and ("issue" not in columns or len(found) < 2)):
        return None
    measured = {index for at in found.values() for index in at.values()}
    kept = {name: index for name, index in columns.items() if index not in measured}
    whole = {**kept, **next(iter(found.values()))}
    tidy = tuple(
        Row(row.number, row.cells, at, {across: names[name]}) for row in rows for name, at in found.items()
    )
    return {**whole, across: min(measured)}, tidy


def _measured(heading: str) -> tuple[str, str]:
    """Return what a heading such as ``Position Quota`` or ``Quota (salience)`` measures, and of which issue."""
    parts = [part for part in re.split(r"[\s_:()\[\]/-]+", heading[:MAX_HEADING]) if part]
    for at, rest in ((0, parts[1:]), (-1, parts[:-1])) if len(parts) > 1 else ():
        word = singular([parts[at]])[0]
        for name in _MEASURES:
            if word == name or word in SYNONYMS[name]:
                return name, " ".join(rest)
    return "", ""


def _lettered(heading: str) -> tuple[str, str]:
    measure = _LETTERS.get(heading[:1].casefold(), "")
    return (measure, heading[1:MAX_HEADING].strip(" _-")) if len(heading) > 1 else ("", "")


# --- rows that are none of the table -------------------------------------------------------------

_SUMMARIES = re.compile(
    "totals?|sum|average|mean|gesamt|insgesamt|summe|durchschnitt|mittelwert|totaux|somme|ensemble|moyenne|totales|"
    "suma|promedio|media|итого|всего|сумма|среднее"
)
_NEAR = 0.01  # totals and means are rounded


def _stances_of(table: Table) -> tuple[Row, ...]:
    """Return the rows that are stances, and warn of the others: totals, footnotes, a second table further down.

    A total or mean lacks a position, or has in some column the sum or the mean of the rows above. A footnote, or
    a title between rows, is one cell alone. Headings begin another table.
    """
    kept: list[Row] = []
    before = table.header.number
    for number, group in groupby(table.rows, key=lambda row: row.number):
        rows = list(group)  # several where a table is wide
        said = [cell for cell in rows[0].cells if cell]
        if _is_heading(table, rows, number > before + 1):
            _tell_second(table, number)
            break
        if len(said) == 1 and len(table.columns) > 1 and _bare(table, rows):
            table.warn(f"not read, as nothing else stands in the row: {shown(said[0])}", row=number)
        elif _SUMMARIES.fullmatch(canonical(table.text(rows[0], "actor"))) and _sums_up(table, rows, kept):
            table.warn(f"not read, as it sums up others: {shown(said[0])}", row=number)
        else:
            kept += rows
        before = number
    return tuple(kept)


def _tell_second(table: Table, start: int) -> None:
    """Refuse a second table of stances, and warn of another one: neither is read."""
    rest = [row for row in dict.fromkeys(table.rows) if row.number >= start]
    again = next((row for row in rest if set(NEEDED) <= set(recognised(row.cells)[0])), None)
    if again is not None:
        table.told.refuse(table.sheet.place(again.number), "a second table begins here", SPLIT)
    else:
        said = "what stands from here on was not read: it is another table, with headings of its own"
        table.warn(said, row=start)


def _bare(table: Table, rows: Sequence[Row]) -> bool:
    return not any(table.text(row, name) for row in rows for name in NUMBERS)


def _is_heading(table: Table, rows: Sequence[Row], below_blank: bool) -> bool:
    words = [cell for cell in rows[0].cells if cell]
    found = recognised(words)[0]
    if any(table.number_in(word) for word in words):
        return False
    return set(NEEDED) <= set(found) or bool(below_blank and len(words) > 1 and found)


def _sums_up(table: Table, rows: Sequence[Row], above: Sequence[Row]) -> bool:
    """Tell whether a row that is called a total or a mean is one: an actor may be called Media, or Ensemble."""
    if all(cells.is_blank(table.text(row, "position")) for row in rows):
        return True

    def number(row: Row, name: str) -> float | None:
        found = table.number_in(table.text(row, name))
        return found.mean if found is not None and found.is_exact else None

    sums, means = dict[str, bool](), list[bool]()
    for name in ("position", "salience", "influence"):
        own = number(rows[0], name)
        known = [one for row in above if (one := number(row, name)) is not None]
        if own and len(known) > 1:
            total, mean = sum(known), sum(known) / len(known)
            sums[name] = abs(own - total) <= _NEAR * abs(total)
            means.append(abs(own - mean) <= _NEAR * abs(mean) and min(known) < max(known))
    return (
        sums.get("influence", False) or (bool(sums) and all(sums.values())) or (len(means) > 1 and all(means))
    )
