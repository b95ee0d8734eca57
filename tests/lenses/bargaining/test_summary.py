"""What a result keeps of all draws: trades counted by draw, agreement of methods, rounds, stances."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from detente.case import Case
from detente.lenses.bargaining import LENS, BargainingResult
from detente.lenses.bargaining.exchange import Trades
from detente.lenses.bargaining.lens import within_tenth
from detente.lenses.bargaining.trades import add_trades, sum_trades, trade_records

ISSUES, ACTORS = ("i", "j"), ("a", "b", "c")


def trades(*rows: tuple[int, int, int, float, float, float, float]) -> Trades:
    """Trades on the issues i and j, rows of draw, demander, supplier, gain, both shifts, and the effect on c."""
    draw, demander, supplier = np.array(rows)[:, :3].astype(np.int64).T
    gain, demanded_shift, returned_shift, effect = np.array(rows)[:, 3:].T
    n, nothing = len(rows), np.zeros(len(rows))
    return Trades(
        draw=draw,
        round=np.zeros(n, np.int64),
        demander=demander,
        supplier=supplier,
        supplier_from=nothing,
        supplier_to=nothing,
        demander_from=nothing,
        demander_to=nothing,
        demanded=np.zeros(n, np.int64),
        returned=np.ones(n, np.int64),
        gain=gain,
        demanded_shift=demanded_shift,
        returned_shift=returned_shift,
        externality=np.stack([nothing, nothing, effect], axis=1),
    )


def test_a_pair_that_trades_twice_in_one_draw_counts_once_and_with_both_gains() -> None:
    twice = trades(
        (0, 0, 1, 3, 1, -1, -2), (0, 0, 1, 1, 2, -2, -4), (2, 0, 1, 2, 3, -3, 0), (2, 1, 0, 1, 1, 1, 5)
    )
    sums = sum_trades(twice, len(ISSUES), len(ACTORS))
    often, once = trade_records(sums, 4, {next(iter(sums))}, ISSUES, ACTORS)
    assert (often.first, often.second, often.gives_first, often.gives_second) == ("b", "a", "i", "j")
    assert often.share == 2 / 4
    assert often.gain == (3 + 1 + 2) / 2
    assert (often.shift_first, often.shift_second) == ((1 + 2 + 3) / 2, -(1 + 2 + 3) / 2)
    assert often.hurt == {"c": (2 + 4) / 2}
    assert often.helped == {}
    assert (once.first, once.share, once.helped, once.central) == ("a", 1 / 4, {"c": 5}, False)
    assert often.central


def test_trades_of_two_blocks_add_up() -> None:
    first, second = trades((0, 0, 1, 3, 1, -1, -2)), trades((5, 0, 1, 1, 3, -1, 0), (6, 2, 1, 9, 1, 1, 0))
    sums = sum_trades(first, 2, 3)
    add_trades(sums, sum_trades(second, 2, 3))
    other, pair = trade_records(sums, 10, set(), ISSUES, ACTORS)
    assert (pair.share, pair.gain, pair.shift_first) == (0.2, 2, 2)
    assert (other.second, other.share, other.gain) == ("c", 0.1, 9)


def test_no_trades_are_no_sums() -> None:
    none = trades((0, 0, 1, 3, 1, -1, -2))
    empty = Trades(*(getattr(none, name)[:0] for name in Trades.__slots__))
    assert sum_trades(empty, 2, 3) == {}


@pytest.mark.parametrize(
    ("values", "share"),
    [
        ([[10, 10, 10], [20, 20.001, 12]], 2 / 3),  # 10 apart on a scale of 100 still agree, more do not
        ([[10, 10, 10], [15, 15, 30], [19, 21, 10]], 1 / 3),
        ([[3, 4, 5]], 1),
    ],
)
def test_methods_agree_in_the_draws_where_all_lie_within_a_tenth_of_the_scale(
    values: list[list[float]], share: float
) -> None:
    assert within_tenth(np.array(values), 100) == pytest.approx(share)


def solved(**parts: Any) -> BargainingResult:
    data: dict[str, Any] = {
        "title": "T",
        "groups": {"west": {"name": "The West"}, "east": {"name": "The East"}},
        "actors": {
            "a": {"name": "A", "influence": 3, "groups": ["west"]},
            "b": {"name": "B", "influence": 1, "groups": ["east", "west"]},
            "c": {"name": "C", "influence": 1},
        },
        "issues": {
            "i": {
                "name": "Issue i",
                "scale": {0: "none", 40: "some", 100: "all"},
                "unit": "tonnes",
                "no_deal": 10,
            }
        },
        "stances": {
            "i": {
                "b": {"position": "40..60", "salience": 0.5, "accepts": ">= 30"},
                "a": {"position": 20, "salience": 0.5, "accepts": "10 to 35"},
            }
        },
    }
    return LENS.simulate(Case.from_dict({**data, **parts}), draws=200).result()


def test_a_result_tells_who_stands_where_with_what_weight_and_which_red_line() -> None:
    a, b = solved().stances["i"]
    assert (a.actor, a.position, a.low80, a.high80, a.salience, a.influence) == ("a", 20, 20, 20, 0.5, 3)
    assert (a.weight, b.weight) == (0.75, 0.25)
    assert (a.accepts_from, a.accepts_to, b.accepts_from, b.accepts_to) == (10, 35, 30, None)
    assert (b.low80, b.high80) == pytest.approx((42, 58))  # of a uniform 40..60
    assert (a.crossed, b.crossed) == (0, 1)  # the forecast, 15 + b / 4, lies between 25 and 30
    assert a.influence_path == "actors.a.influence"


def test_what_is_read_back_tells_the_same() -> None:
    result = solved()
    again = BargainingResult.from_dict(json.loads(json.dumps(result.to_dict())))
    assert again == result
    assert again.tables() == result.tables()
    assert again.forecast("i") == result.issues["i"]["mean"]


def test_a_method_that_cannot_lead_an_issue_gives_way_to_the_first_that_can() -> None:
    issues = {"i": {"name": "I", "scale": {0: "none", 100: "all"}}}
    result = solved(
        issues=issues, options={"bargaining": {"headline": "nash", "methods": ["median", "nash"]}}
    )
    assert result.headline == "nash"
    assert result.leading("i") == "median"
    assert result.forecast("i") == result.issues["i"]["median"]
    assert result.skipped == {"i": {"nash": "the issue does not say where it ends without a deal (no_deal)"}}


def test_rounds_are_those_of_the_mean_inputs_and_their_ends_are_shares_of_draws() -> None:
    result = solved(options={"bargaining": {"methods": ["challenge"], "challenge": {"rounds": 3}}})
    rounds = result.rounds["i"]
    assert len(rounds.median) == len(rounds.median_over_draws) <= 4
    assert rounds.positions["a"][0] == 20
    assert rounds.positions["b"][0] == pytest.approx(50)
    assert sum(rounds.stopped.values()) == pytest.approx(1)
    assert list(rounds.stopped.values()) == sorted(rounds.stopped.values(), reverse=True)


def test_sums_over_several_blocks_of_draws_are_those_of_all_draws() -> None:
    stances = {
        "i": {"a": {"position": 20, "salience": 0.5}, "b": {"position": "40..60", "salience": "0.2..0.9"}},
        "j": {"a": {"position": 90, "salience": "0.2..0.9"}, "b": {"position": "10..20", "salience": 0.5}},
    }
    issues = {name: {"name": name, "scale": {0: "none", 100: "all"}} for name in "ij"}
    case = Case.from_dict({**solved().case.to_dict(), "issues": issues, "stances": stances})
    simulation = LENS.simulate(case, draws=2500, workers=1)
    result, forecasts = simulation.result(), simulation.outcomes()
    assert {len(values) for values in forecasts.values()} == {2500} == {result.record.draws}
    for issue, pulls in result.pull.items():
        assert sum(pull.position for pull in pulls.values()) == pytest.approx(1)
        assert sum(result.rounds[issue].stopped.values()) == pytest.approx(1)
        assert result.issues[issue]["mean"].mean == pytest.approx(forecasts[f"{issue}.mean"].mean())
        assert (
            0
            <= min(result.rounds[issue].median_over_draws)
            <= max(result.rounds[issue].median_over_draws)
            <= 100
        )
    assert result.trades
    assert all(0 < trade.share <= 1 for trade in result.trades)
