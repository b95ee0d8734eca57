"""What the page on bargaining says of the switches of the challenge model holds for all of their settings."""

from __future__ import annotations

from itertools import product

import numpy as np

import detente
from docs.tools.examples import REPOSITORY

PAGE = " ".join((REPOSITORY / "docs" / "lenses" / "bargaining.md").read_text(encoding="utf-8").split())
# Scholz, Calbert & Smith 2011, doi:10.5220/0003121500180030, table 2: medians of rounds 1 to 8.
PUBLISHED = (8.4, 9.9, 9.9, 9.9, 9.9, 7.4, 8.8, 9.6)
SWITCHES = {
    "view": ("own", "mover"),
    "conflict": ("none", "loser"),
    "choice": ("strongest", "least"),
    "span": ("dynamic", "fixed"),
    "stay": (1.0, 0.7, 0.5, 0.0),
    "risk": (True, False),
}


def test_no_setting_of_the_switches_gives_the_published_table() -> None:
    """The nearest of them misses one of the eight medians by more than a year and a half."""
    case = detente.load("emission-standards-1985")
    misses = []
    for values in product(*SWITCHES.values()):
        game = {"variant": "printed", "rounds": len(PUBLISHED), **dict(zip(SWITCHES, values, strict=True))}
        options = {"methods": ["challenge"], "challenge": game}
        path = detente.bargaining(case, changes={"options.bargaining": options}).rounds["delay"].median
        medians = [*path, *[path[-1]] * (len(PUBLISHED) + 1 - len(path))][1:]
        misses.append(float(np.abs(np.subtract(medians, PUBLISHED)).max()))
    assert f"{len(misses)} settings" in PAGE
    assert f"off by {min(misses):.1f} years" in PAGE
