"""Situations for the tests of position exchange: drawn, real and made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from hypothesis import assume, settings
from hypothesis import strategies as st

from detente.lenses.bargaining.averages import Array
from detente.lenses.bargaining.exchange import ExchangeOutcome, Trades, exchange
from tests.lenses.bargaining import literal_exchange as literal

SMALL = settings(max_examples=80, deadline=None)


class Situation(NamedTuple):
    """One draw: position, salience, influence, each issues × actors; positions on 0..100."""

    position: Array
    salience: Array
    influence: Array

    @property
    def weight(self) -> Array:
        return np.nan_to_num(self.salience * self.influence)


def solve(situation: Situation, **options: Any) -> ExchangeOutcome:
    issues = len(situation.position)
    position, salience, influence = (values[None] for values in situation)
    return exchange(position, salience, influence, np.zeros(issues), np.full(issues, 100.0), **options)


def by_hand(situation: Situation, rounds: int = 1) -> list[literal.LiteralRound]:
    position, salience, influence = (values.tolist() for values in situation)
    return literal.literal_exchange(position, salience, influence, rounds)


def keys(trades: Trades) -> list[tuple[int, ...]]:
    columns = trades.demander, trades.supplier, trades.demanded, trades.returned
    return list(zip(*(column.tolist() for column in columns), strict=True))


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Few actors and issues; round numbers, hence ties and zeros, or arbitrary ones; stances missing."""
    issues, actors = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = issues, actors
    if draw(st.booleans()):
        position, salience = rng.choice([0.0, 25, 40, 75, 100], shape), rng.choice([0.0, 0.25, 0.5, 1], shape)
        influence = rng.choice([0.0, 1, 2], shape)
    else:
        position, salience, influence = rng.uniform(0, 100, shape), rng.random(shape), rng.pareto(1.5, shape)
    missing = rng.random(shape) < draw(st.sampled_from([0.0, 0.2]))
    salience[missing] = influence[missing] = position[missing] = np.nan
    situation = Situation(position, salience, influence)
    assume((situation.weight.sum(axis=1) > 0).all())
    return situation


def arbitrary(seed: int, issues: int = 3, actors: int = 6) -> Situation:
    rng = np.random.default_rng(seed)
    shape = issues, actors
    return Situation(rng.uniform(0, 100, shape), rng.uniform(0.1, 1, shape), rng.uniform(0.2, 1, shape))


def read_decide(path: Path) -> tuple[list[str], list[str], Situation]:
    """Read actors, issues and stances (rescaled to 0..100) from a tab-separated DECIDE file."""
    rows = [
        [cell.strip().strip("'") for cell in line.split("\t")]
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    actors = [row[1] for row in rows if row[0] == "#A"]
    issues = [row[1] for row in rows if row[0] == "#P"]
    values = np.full((3, len(issues), len(actors)), np.nan)
    for _, actor, issue, *numbers in (row for row in rows if row[0] == "#D"):
        points = [float(row[2]) for row in rows if row[:2] == ["#M", issue]] or [0.0, 100.0]
        x, s, c = map(float, numbers)
        x = (x - min(points)) / (max(points) - min(points)) * 100
        values[:, issues.index(issue), actors.index(actor)] = x, s, c
    return actors, issues, Situation(*values)


TWO_ACTORS = Situation(
    np.array([[0.0, 100.0], [0.0, 100.0]]), np.array([[10.0, 60.0], [90.0, 50.0]]), np.ones((2, 2))
)
"""The worked example of the reference implementation's tests: saliences 10, 90 and 60, 50."""
