"""Does a table have a column per issue or per actor? Then its rows are taken apart, as if it were tidy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from detente.case.formats.headings import MAX_HEADING, SYNONYMS, _singular, canonical
from detente.case.formats.sheet import Row

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
        word = _singular(canonical(parts[at]))
        for name in _MEASURES:
            if word == name or word in SYNONYMS[name]:
                return name, " ".join(rest)
    return "", ""


def _lettered(heading: str) -> tuple[str, str]:
    measure = _LETTERS.get(heading[:1].casefold(), "")
    return (measure, heading[1:MAX_HEADING].strip(" _-")) if len(heading) > 1 else ("", "")


def folded(text: str) -> str:
    """Return a name without what does not tell names apart: capitals and the width of blanks."""
    return re.sub(r"\s+", " ", text).strip().casefold()
