"""A small case that is right in every part, and what the tests of the case room do with it."""

from __future__ import annotations

from pathlib import Path

from detente.case import Case, Checked
from detente.case.checked import check_text
from detente.errors import Problem

SMALL = """\
detente: 1
title: A small reset
question: Will the border open?
as_of: 2024-11-07
sources:
  speech: {title: A speech, publisher: Daily, author: N. N., date: 2024-11-06, url: "https://example.org/a?b=1"}
  law: {title: A law, date: 2017}
groups:
  east: {name: East}
actors:
  norway: {name: Norway, country: NOR, groups: [east], influence: 10 ± 2, because: [law]}
  russia: {name: Russia, country: RUS, influence: 60}
  council: {name: Council, note: sits rarely}
issues:
  border:
    name: The border
    question: How open?
    scale: {0: closed, 50: by permit, 100: open}
    unit: openness
    no_deal: 20 ± 5
    failure_cost: 0.1..0.2
    because: [law]
  trade:
    name: Trade
    scale: {-1: none, 1.5: free}
    outcome: {value: 0.5, date: 2025-01, because: [speech]}
stances:
  border:
    norway: {position: 80 ± 8, salience: 0.8, accepts: ">= 40", because: [speech]}
    russia: {position: 10..20, salience: 0.5, because: [speech]}
    council: {position: [30, 45 ± 5], salience: 0.3, influence: 5, because: law}
  trade:
    norway: {position: 1, salience: 0.4 ± 0.1, because: [law]}
    russia: {position: -0.5, salience: 0.6, because: [law]}
correlations:
  - {between: [stances.border.norway.position, stances.border.russia.position], rank: -0.4, because: [speech]}
scenarios:
  open-door:
    name: Open door
    because: [speech]
    changes:
      stances.border.russia.position: 60
      stances.trade.norway: null
options:
  bargaining: {methods: [mean, challenge], challenge: {rounds: 3}}
"""
FILE = Path("small.yaml")


def changed(old: str, new: str, text: str = SMALL) -> str:
    """Return the text with one passage replaced, which must stand in it exactly once."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def checked(text: str) -> Checked:
    """Check a text."""
    return check_text(text, FILE)


def small() -> Case:
    """Return the small case, read from its text."""
    return checked(SMALL).require()


def place_of(marker: str, text: str) -> tuple[int, int]:
    """Return line and column at which the first occurrence of ``marker`` begins."""
    before = text[: text.index(marker)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def told(problem: Problem) -> str:
    """Return what a problem says, without its place."""
    return str(problem).split(": ", 1)[-1]
