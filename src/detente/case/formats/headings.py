"""What does each column hold? By its heading: usual words of nine languages."""

from __future__ import annotations

import csv
import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from unicodedata import combining, normalize

from detente.case.formats.sheet import MAX_HEADING, Sheet

NEEDED = ("actor", "position")
LANGUAGES = "Dutch, French, German, Italian, Polish, Portuguese, Russian or Spanish"
_NUMBER = re.compile(r"[-+−]?\d+(?:[.,]\d+)?%?")
_UNITS = "percentage|per ?cent|pct|prozent|score|level|rating"
_AROUND = re.compile(rf"^(?:level|degree|size) of |(?:,? in)? (?:{_UNITS})$|,? in %$")


def canonical(heading: str) -> str:
    """Return a heading in small plain letters, joined by ``_``: ``Scale low (%)`` → ``scale_low``."""
    return _canonical(heading[:MAX_HEADING])


@lru_cache(1_024)
def _canonical(heading: str) -> str:
    bare = re.sub(r"\([^()]*\)|\[[^][]*\]", "", heading.casefold()).strip()
    bare = _AROUND.sub("", bare).strip(" .:'\"%")
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
_ALL = {name: dict.fromkeys(word for by in _IN.values() for word in by[name]) for name in _IN["en"]}
SYNONYMS = {name: tuple(words) for name, words in _ALL.items() if not name.startswith("(")}
WORDS = {name: set(words) for name, words in _ALL.items() if name.startswith("(")}  # no headings
_KNOWN = {word for name, others in SYNONYMS.items() for word in (name, *others)}
_OWN = {language: {word for words in by.values() for word in words} for language, by in _IN.items()}
_ENDINGS = (("", ""), ("s", ""), ("ies", "y"), ("es", ""), ("en", ""), ("e", ""), ("n", ""))
_WANTED = {
    language: {name: tuple(dict.fromkeys((name, *by[name], *_IN["en"][name]))) for name in SYNONYMS}
    for language, by in _IN.items()
}
MEASURES = ("position", "salience", "influence")
_MEASURE_OF = {word: name for name in MEASURES for word in {name, *SYNONYMS[name]} - WORDS["(loose)"]}
_TELLING = dict.fromkeys(("actor", "issue", "position", "salience", "influence"))


def _singulars(word: str) -> list[str]:
    """Return the known headings of which one is the plural, or itself: ``parties`` → ``party``."""
    singulars = (word.removesuffix(end) + instead for end, instead in _ENDINGS if word.endswith(end))
    return [one for one in singulars if one in _KNOWN] or [word]


def recognised(headings: Sequence[str]) -> dict[str, int]:
    """Return canonical heading → index.

    English words are always known; those of one other language are if they name two columns, or one that a table
    cannot do without: ``Land`` beside English headings may be an issue, ``mandate`` no German for influence.
    """
    return {**_recognised(tuple(map(canonical, headings)))}


@lru_cache(64)
def _recognised(plain: tuple[str, ...]) -> dict[str, int]:
    forms = [[[word] for word in plain], [_singulars(word) for word in plain]]
    said = {word for words in forms for one in words for word in one}
    columns = english = _columns(forms, said, "en")
    for language in list(_IN)[1:]:
        if not _OWN[language].isdisjoint(said):
            also = _columns(forms, said, language)
            new = also.keys() - english.keys()
            if len(also) > len(columns) and (set(NEEDED) & new or len(_TELLING.keys() & new) > 1):
                columns = also
    if "country" in columns:  # of states the names
        columns.setdefault("actor", columns["country"])
    return columns


def _columns(forms: Sequence[Sequence[Sequence[str]]], said: set[str], language: str) -> dict[str, int]:
    """Return canonical heading → index of its column, by the words as they stand, else in the singular."""
    columns: dict[str, int] = {}
    for name, wanted in _WANTED[language].items():
        for words in forms if not said.isdisjoint(wanted) else ():
            taken = columns.values()
            free = {word: at for at in reversed(range(len(words))) if at not in taken for word in words[at]}
            if (found := next((free[word] for word in wanted if word in free), None)) is not None:
                columns[name] = found
                break
    return columns


def unread(headings: Sequence[str], read: Container[int]) -> list[str]:
    """Return the headings of columns that were not read."""
    return [text[:MAX_HEADING] or f"(column {n + 1})" for n, text in enumerate(headings) if n not in read]


def singular(headings: Sequence[str]) -> list[str]:
    """Return headings in canonical form and, where their plural is known, in the singular."""
    return [_singulars(canonical(heading))[0] for heading in headings]


def measure_of(heading: str) -> str:
    """Return which of positions, saliences and influences a heading means, ``""`` where it means none."""
    return _MEASURE_OF.get(singular([heading])[0], "")


def known_headings(sheet: Sheet) -> str:
    """Return which headings are known for what a sheet lacks."""
    columns = recognised(sheet.rows[0].cells)
    others = {name: ", ".join(_IN["en"][name]) for name in NEEDED if name not in columns}
    told = "; ".join(f"{name} may be called {words}" for name, words in others.items())
    return f"{told}; or so in {LANGUAGES}" if told else ""


def meant(sheet: Sheet) -> Sheet:
    """Return a sheet with the headings that its own may be meant as: known ones for those that are misspelt.

    A first column of texts, each another, beside one of numbers may be the actors; two columns of numbers or more
    that nothing else is known of may be positions on an issue each.
    """
    first = sheet.rows[0]
    words = [word for name in _TELLING for word in (name, *_IN["en"][name])]
    cut = [cell[:40] for cell in first.cells]
    close = ((get_close_matches(canonical(cell), words, 1, 0.8) or [cell])[0] for cell in cut)
    like = zip(cut, singular(cut), close, strict=True)
    heads = tuple(cell if one in _KNOWN else near for cell, one, near in like)
    columns = [[row.cell(at) for row in sheet.rows[1:]] for at in range(len(heads))]
    numbers = [at for at, column in enumerate(columns) if all(map(_NUMBER.fullmatch, column))]
    names = columns[0] if singular(heads[:1])[0] not in _KNOWN and numbers else []
    if len(set(names)) == len(names) > 1 and all(re.search(r"[^\W\d]", name) for name in names):
        heads = ("actor", *heads[1:])
    known = recognised(heads)
    free = [at for at in numbers if at not in known.values() and heads[at]]
    if "position" not in known and len(free) > 1 and {"actor", "issue"} & set(known):
        heads = tuple(f"position: {one}" if at in free else one for at, one in enumerate(heads))
    return replace(sheet, rows=(replace(first, cells=heads), *sheet.rows[1:]))


def listed(names: Iterable[str], most: int = 12) -> str:
    """Return names, and beyond ``most`` of them how many more."""
    told = list(names)
    more = f" and {len(told) - most} more" if len(told) > most else ""
    return ", ".join(told[:most]) + more
