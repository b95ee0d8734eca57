"""Rows of event data that the tests make up."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def gdelt(
    event: int = 1,
    day: str = "20180326",
    source: str = "USA",
    target: str = "RUS",
    code: str = "043",
    added: str = "20180326044500",
    url: str = "http://example.org/a",
    **more: str,
) -> str:
    """Return a row of GDELT 2.0 with 61 fields."""
    cells = [""] * 61
    stated: Mapping[int, str] = {
        0: str(event),
        1: day,
        5: source,
        6: more.get("source_name", source),
        7: source[:3],
        15: target,
        16: more.get("target_name", target),
        17: target[:3],
        26: code,
        27: code[:3],
        28: code[:2],
        29: more.get("quad", "1"),
        30: more.get("score", "2.8"),
        31: "5",
        59: added,
        60: url,
    }
    for place, cell in stated.items():
        cells[place] = cell
    return "\t".join(cells)


def written(path: Path, rows: list[str]) -> Path:
    """Write rows into a file and return it."""
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path
