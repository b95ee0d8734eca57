"""What are the columns of a table called? Headings in usual words of five languages, singular or plural."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from unicodedata import combining, normalize

from detente.case.formats.sheet import Row, Sheet

NEEDED = ("actor", "position")
MAX_HEADING = 200
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
    used = set(columns.values())
    unused = [
        heading[:MAX_HEADING] or f"(column {index + 1})"
        for index, heading in enumerate(headings)
        if index not in used
    ]
    return columns, unused


def _columns(forms: Sequence[Sequence[str]], language: str) -> dict[str, int]:
    """Return canonical heading → index of its column, by the words as they stand, else in the singular."""
    columns: dict[str, int] = {}
    for name, others in _IN["en"].items():
        wanted = dict.fromkeys((name, *_IN[language][name], *others))
        for words in forms:
            free = {
                word: index
                for index, word in reversed(list(enumerate(words)))
                if index not in columns.values()
            }
            found = next((free[word] for word in wanted if word in free), None)
            if found is not None:
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


def known_headings(sheet: Sheet, needed: Iterable[str] = NEEDED) -> str:
    """Return which headings are known for what a sheet lacks."""
    columns = recognised(sheet.rows[0].cells)[0] if sheet.rows else {}
    missing = [name for name in needed if name not in columns]
    told = "; ".join(f"{name} may be called {', '.join(_IN['en'][name])}" for name in missing)
    return f"{told}; or so in German, French, Spanish or Russian" if told else ""


def meant(sheet: Sheet) -> Sheet:
    """Return a sheet with the headings that its own may be meant as: known ones for those that are misspelt.

    A first column of texts, each another, beside one of numbers may be the actors.
    """
    first = sheet.rows[0]
    words = [word for name in _TELLING for word in (name, *_IN["en"][name])]
    cells = tuple(
        cell
        if singular([cell])[0] in _KNOWN
        else next(iter(get_close_matches(canonical(cell), words, 1, 0.8)), cell)
        for cell in (cell[:40] for cell in first.cells)
    )
    if "actor" not in recognised(cells)[0] and _lists_names(sheet.rows[1:], len(cells)):
        cells = ("actor", *cells[1:])
    return replace(sheet, rows=(replace(first, cells=cells), *sheet.rows[1:]))


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
