"""The published series that the methods are held against; read where they lie, never copied."""

from __future__ import annotations

import csv
import gzip
import os
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

Array = NDArray[np.float64]
DATA = (
    Path(os.environ.get("DETENTE_SHARED_DATA", Path(__file__).resolve().parents[4] / "shared/data"))
    / "events"
)
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="published event data are not there (DETENTE_SHARED_DATA)"
)
FIRST, LAST = (1979, 4), (2011, 11)
MONTHS = [f"{m // 12}-{m % 12 + 1:02d}" for m in range(FIRST[0] * 12 + 3, LAST[0] * 12 + 11)]


def rows_of(name: str, separator: str = ",") -> Iterator[dict[str, str]]:
    """Yield the rows of a file."""
    with gzip.open(DATA / name, "rt", encoding="utf-8") as stream:
        yield from csv.DictReader(stream, delimiter=separator)


@cache
def levant(source: str, target: str) -> tuple[Array, Array]:
    """Return conflict and all events of every month, by the common rule of classes; PAL and PSE are one."""
    conflict, events = Counter[str](), Counter[str]()
    for row in rows_of("keds/levant.cameo.csv.gz"):
        sides = [one[:3].replace("PSE", "PAL") for one in (row["source"], row["target"])]
        if sides == [source, target]:
            month = row["date"][:7]
            events[month] += 1
            conflict[month] += row["code"][:2] >= "09"
    return (
        np.array([float(conflict[one]) for one in MONTHS]),
        np.array([float(events[one]) for one in MONTHS]),
    )


@cache
def icews() -> tuple[dict[tuple[str, str], int], Array, Array]:
    """Return (source, target) → row, then conflict and all events, shape (dyads, 13), for 2002 to 2014."""
    found: dict[tuple[str, str], tuple[Array, Array]] = {}
    for row in rows_of("icews/icews_netify_dyadyear_2002_2014.csv.gz"):
        pair = row["i_iso3c"] or row["i"], row["j_iso3c"] or row["j"]
        k, n = found.setdefault(pair, (np.zeros(13), np.zeros(13)))
        t = int(float(row["year"])) - 2002
        vc, mc, vf, mf = (float(row[c]) for c in ("verbCoop", "matlCoop", "verbConf", "matlConf"))
        k[t], n[t] = vf + mf, vc + mc + vf + mf
    rows = {pair: number for number, pair in enumerate(found)}
    k, n = (np.array([one[side] for one in found.values()]) for side in (0, 1))
    return rows, k, n
