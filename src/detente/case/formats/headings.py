"""What are the columns of a table called? Headings in usual words, in the singular or the plural."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from detente.case.formats.sheet import Sheet

NEEDED = ("actor", "position")
MAX_HEADING = 200
# Canonical heading → other headings that mean the same, the most telling first.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "actor": (
        "actor_id",
        "stakeholder",
        "player",
        "party",
        "organisation",
        "organization",
        "member",
        "delegation",
        "name",
    ),
    "issue": ("issue_id", "isnrnmc", "topic", "dimension", "question"),
    "position": (
        "pos",
        "stance",
        "preference",
        "ideal",
        "ideal_point",
        "preferred_position",
        "preferred_outcome",
    ),
    "salience": ("saliency", "importance", "priority", "emphasis"),
    "influence": (
        "capability",
        "power",
        "clout",
        "leverage",
        "voting_power",
        "weight",
        "resource",
        "seat",
        "vote",
        "strength",
    ),
    "actor_name": ("stakeholder_name", "player_name", "name"),
    "issue_name": ("topic_name", "dimension_name"),
    "country": (),
    "groups": ("group", "bloc"),
    "accepts": ("red_line",),
    "because": ("sources", "source"),
    "note": ("notes", "comment"),
    "scale_low": ("scale_min",),
    "scale_high": ("scale_max",),
    "no_deal": (),
}


def canonical(heading: str) -> str:
    """Return a heading in the form of the table above: ``Scale low (%)`` → ``scale_low``."""
    bare = re.sub(r"\([^()]*\)|\[[^][]*\]", "", heading[:MAX_HEADING].casefold()).strip(" .:'\"%")
    return re.sub(r"[\s\-_.]+", "_", bare).strip("_")


_KNOWN = {word for name, others in SYNONYMS.items() for word in (name, *others)}


def _singular(word: str) -> str:
    """Return a heading that is known, for its plural: ``parties`` → ``party``."""
    for ending, instead in (("", ""), ("s", ""), ("ies", "y")):
        if word.endswith(ending) and word.removesuffix(ending) + instead in _KNOWN:
            return word.removesuffix(ending) + instead
    return word


def recognised(headings: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Return canonical heading → index, and the headings that were not used."""
    exact, single = [canonical(heading) for heading in headings], singular(headings)
    columns: dict[str, int] = {}
    for name, others in SYNONYMS.items():
        found = None
        for words in (exact, single):
            free = {
                word: index
                for index, word in reversed(list(enumerate(words)))
                if index not in columns.values()
            }
            found = next((free[word] for word in (name, *others) if word in free), None)
            if found is not None:
                break
        if found is not None:
            columns[name] = found
    used = set(columns.values())
    unused = [
        heading[:MAX_HEADING] or f"(column {index + 1})"
        for index, heading in enumerate(headings)
        if index not in used
    ]
    return columns, unused


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
    return "; ".join(f"{name} may be called {', '.join(SYNONYMS[name])}" for name in missing)


def listed(names: Iterable[str], most: int = 12) -> str:
    """Return names, and beyond ``most`` of them how many more."""
    told = list(names)
    more = f" and {len(told) - most} more" if len(told) > most else ""
    return ", ".join(told[:most]) + more
