"""What kind of act is an event? Codes of CAMEO, WEIS and PLOVER, their classes and their scores.

A score belongs to an action's code in one named table; tables differ and are never mixed. CAMEO 0.5B1 (Schrodt),
ICEWS (doi:10.7910/DVN/28075), GDELT (codes seen in its files), WEIS (Goldstein 1992, *Journal of Conflict
Resolution* 36:369–385, as extended by KEDS).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Literal

from detente.errors import OptionError, offering

Ontology = Literal["cameo", "weis", "plover"]
QUADS = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")

# Last root of verbal cooperation, of material cooperation and of verbal conflict; the rest is material conflict.
QUAD_RULES = {
    "A": (
        5,
        8,
        13,
    ),  # as in most of the literature: to investigate (09) is conflict, to protest (14) is material
    "B": (5, 9, 14),  # as in GDELT's own column
}
WEIS_QUADS = {  # root → class: words and deeds, by Goldstein's sign
    **dict.fromkeys((2, 3, 4, 5, 8, 9, 10), 1),
    **dict.fromkeys((1, 6, 7), 2),
    **dict.fromkeys((11, 12, 13, 14, 15, 16, 17), 3),
    **dict.fromkeys((18, 19, 20, 21, 22), 4),
}
PLOVER = {  # event type → class
    **dict.fromkeys(("AGREE", "CONSULT", "SUPPORT", "CONCEDE"), 1),
    **dict.fromkeys(("COOPERATE", "AID", "RETREAT"), 2),
    **dict.fromkeys(("REQUEST", "ACCUSE", "REJECT", "THREATEN"), 3),
    **dict.fromkeys(("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"), 4),
}
TABLES = {"cameo-0.5b1": "cameo", "icews": "cameo", "gdelt": "cameo", "weis": "weis"}
"""Score table → ontology of its codes."""
DEFAULT_TABLE: dict[str, str | None] = {"cameo": "cameo-0.5b1", "weis": "weis", "plover": None}


@cache
def scores(table: str) -> dict[str, float]:
    """Return code → score of one table.

    Raises:
        OptionError: there is no such table.
    """
    if table not in TABLES:
        raise OptionError(offering(f"there is no score table {table!r}", table, TABLES))
    text = files("detente.events").joinpath("data/scores.csv").read_text(encoding="utf-8")
    return {
        row["code"]: float(row["score"]) for row in csv.DictReader(text.splitlines()) if row["table"] == table
    }


def score(code: str, table: str) -> tuple[float | None, bool]:
    """Return the score of a code, and whether it is that of the code itself, not of its parent."""
    known, own = scores(table), True
    while len(code) >= 2:
        if code in known:
            return known[code], own
        code, own = code[:-1], False
    return None, False


def quad(code: str, ontology: str, rule: str = "A") -> int | None:
    """Return the class of an act, 1 to 4 as in `QUADS`; ``None`` for a code that has none."""
    if ontology == "plover":
        return PLOVER.get(code.upper())
    if not code[:2].isdecimal():
        return None
    root = int(code[:2])
    if ontology == "weis":
        return WEIS_QUADS.get(root)
    if not 1 <= root <= 20:
        return None
    return 1 + sum(root > last for last in QUAD_RULES[rule])


def detected(codes: Iterable[str]) -> Ontology | None:
    """Return the ontology that some codes prove, ``None`` where they prove none.

    Roots 21 and 22 exist in WEIS alone, codes of four digits in CAMEO alone, words in PLOVER alone.

    Raises:
        OptionError: they contradict each other.
    """
    found = {one for code in codes if (one := proven(code)) is not None}
    if len(found) > 1:
        raise OptionError(f"codes of {' and '.join(sorted(found))} stand in one file; split it")
    return next(iter(found), None)


def proven(code: str) -> Ontology | None:
    """Return the ontology that a code proves, ``None`` for none."""
    if code.upper() in PLOVER:
        return "plover"
    if not code.isdecimal():
        return None
    if len(code) == 4:
        return "cameo"
    return "weis" if code[:2] in ("21", "22") else None
