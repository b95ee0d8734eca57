"""Where actors value each settlement by itself: positions follow, and Nash bargaining uses the values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case import Case
from detente.lenses import run
from detente.lenses.bargaining.nash import Valued, nash_table
from detente.lenses.bargaining.result import BargainingResult
from detente.lenses.bargaining.view import BargainingView
from tests.lenses.bargaining.literal_nash_table import Party, solution

SHARE = st.integers(0, 20).map(lambda n: n / 20)


@st.composite
def bargains(draw: st.DrawFn) -> tuple[list[Party], list[float], float, float, float]:
    """Return parties, settlements, no-deal point, cost of failure and exponent."""
    settlements = sorted(draw(st.lists(st.integers(-5, 20), min_size=2, max_size=5, unique=True)))
    low, high = settlements[0], settlements[-1]
    point = st.integers(0, 8).map(lambda n: low + (high - low) * n / 8)
    values = st.lists(SHARE, min_size=len(settlements), max_size=len(settlements))
    party = st.builds(Party, SHARE, st.none() | point, values, st.none() | SHARE)
    parties = draw(st.lists(party, min_size=1, max_size=4).filter(lambda of: any(one.weight for one in of)))
    cost, exponent = draw(st.sampled_from([0.0, 0.05, 0.5])), draw(st.sampled_from([1.0, 2.0, 1.5]))
    return parties, [float(one) for one in settlements], float(draw(point)), cost, exponent


@given(bargains())
def test_nash_over_settlements_is_as_defined(
    made: tuple[list[Party], list[float], float, float, float],
) -> None:
    """A settlement of the greatest product; the no-deal point where no settlement is better for all."""
    parties, settlements, no_deal, cost, exponent = made
    nan = float("nan")
    own = [party.position is None for party in parties]
    values = [
        party.values if mine else [nan] * len(settlements) for party, mine in zip(parties, own, strict=True)
    ]
    stated = [
        party.without if mine and party.without is not None else nan
        for party, mine in zip(parties, own, strict=True)
    ]
    best = [
        settlements[int(np.argmax(party.values))] if mine else party.position
        for party, mine in zip(parties, own, strict=True)
    ]
    outcome, agreed = nash_table(
        Valued(np.array(settlements), np.array([values]), np.array([stated])),
        np.array([best], dtype=np.float64),
        np.array([[party.weight for party in parties]]),
        np.ones((1, len(parties))),
        np.array([no_deal]),
        np.array([cost]),
        settlements[-1] - settlements[0],
        exponent=exponent,
    )
    products, without = solution(parties, settlements, no_deal, cost, exponent)
    assert bool(agreed[0]) == bool(products)
    if not products:
        assert outcome[0] == without
    else:
        assert products[float(outcome[0])] == pytest.approx(max(products.values()), abs=1e-9)


def case(**stances: object) -> Case:
    """Return a case of one discrete issue."""
    return Case.from_dict(
        {
            "title": "Seat",
            "actors": {key: {"name": key.title(), "influence": 1} for key in stances},
            "issues": {
                "seat": {
                    "name": "Seat",
                    "scale": {0: "north", 50: "isle", 100: "south"},
                    "discrete": True,
                    "no_deal": 0,
                }
            },
            "stances": {"seat": {key: {"salience": 1, **of} for key, of in stances.items()}},  # type: ignore[dict-item]
        }
    )


def test_values_tie_a_position_to_the_best_settlement_draw_by_draw() -> None:
    opened = case(a={"values": {0: "0.4..0.6", 50: 0.5, 100: 0}}, b={"position": 100})
    view = BargainingView(opened)
    values = view.table.sample(1, 0, 500)
    position = view.inputs(values).position[:, 0, 0]
    first = values[:, view.table.column("stances.seat.a.values.0")]
    assert (position == np.where(first >= 0.5, 0, 50)).all()
    assert 0.3 < (position == 0).mean() < 0.7


def test_a_valued_settlement_wins_that_no_position_would_give() -> None:
    """Both like an end best and the isle nearly as much: there is a settlement that both gain by."""
    opened = case(
        a={"values": {0: 1, 50: 0.9, 100: 0}, "no_deal": 0.2},
        b={"values": {0: 0, 50: 0.9, 100: 1}, "no_deal": 0.2},
    )
    answer = run(opened, "bargaining", draws=50, seed=1)
    assert isinstance(answer, BargainingResult)
    assert answer.issues["seat"]["nash"].mean == 50
    (told,) = (one.sentence for one in answer.findings if one.id == "values.seat")
    assert told == (
        "Seat: A and B value each settlement by itself, and count as wanting the best; "
        "only Nash bargaining uses the other values."
    )
