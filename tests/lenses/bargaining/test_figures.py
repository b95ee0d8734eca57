"""Figures of the bargaining lens: each says what it found, in numbers that its table holds."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from detente.case.electorate import Electorate
from detente.lenses.bargaining import LENS, findings
from detente.lenses.bargaining.figures import positions
from detente.quantity import QuantityTable
from detente.show.blocs import blocs, legend
from tests.lenses.bargaining.answered import NAMES, answered, figure, told
from tests.report.making import numbers_in

COUNTED = {
    "crossed",
    "red_lines",
    "below",
    "actors",
    "rounds",
    "share",
    "settled",
    "cap",
    "cycle",
    "centre",
    "agreeing",
    "issues",
}
every_case = pytest.mark.parametrize("name", NAMES)


@every_case
def test_every_number_of_a_figure_s_finding_stands_in_its_table(name: str) -> None:
    for shown in told(name).figures:
        cells = [cell for row in shown.table.rows for cell in row if isinstance(cell, int | float)]
        for what, number in shown.finding.numbers.items():
            if what.partition(".")[0] in COUNTED or what == "forecast":
                continue
            assert any(cell == pytest.approx(number) for cell in cells), (shown.id, what)


@every_case
def test_a_finding_is_a_sentence_and_never_a_label(name: str) -> None:
    ids = [shown.id for shown in told(name).figures]
    assert len(ids) == len(set(ids))
    for shown in told(name).figures:
        assert shown.title.endswith((".", ".”")), shown.title
        assert len(shown.title.split()) >= 5
        assert shown.title.startswith(shown.subject)
        assert "nan" not in shown.title.lower().split()
        assert shown.table.name == shown.finding.table


@pytest.mark.parametrize("name", ["us-russia-2024", "outcome and no deal close together", "hostile names"])
def test_every_kind_of_figure_is_drawn_with_its_title_and_no_script(name: str) -> None:
    for shown in {one.id.split("-")[0]: one for one in told(name).figures}.values():
        picture = shown.svg("page")
        assert picture.startswith("<svg")
        assert "<script" not in picture
        assert "NaN" not in picture
        assert "nan" not in re.findall(r'="(\w+)"', picture)


def test_the_position_map_names_the_red_lines_that_the_forecast_crosses() -> None:
    made = answered("us-russia-2024")
    drawn = LENS.simulate(made.case, draws=made.record.draws, seed=made.record.seed).outcomes()
    seldom = 0
    for row in made.settlements:
        shown = figure("us-russia-2024", f"positions-{row.id}")
        forecast = drawn[f"{row.id}.{row.method}"]
        consent = {member.actor for member in Electorate(made.case).members((row.id,))}
        refusing = []
        for actor in made.case.stances[row.id]:
            beyond = np.zeros(len(forecast), dtype=np.bool_)
            for side, sign in (("lower", 1), ("upper", -1)):
                path = f"stances.{row.id}.{actor}.accepts.{side}"
                if path in made.case.quantities:
                    line = QuantityTable({path: made.case.quantities[path]}).sample(1, 0, len(forecast))[:, 0]
                    beyond |= sign * forecast < sign * line
            if actor in consent and beyond.mean() >= 0.05:
                refusing.append((made.case.actors[actor].name, beyond.mean()))
        assert len(refusing) == row.crossed
        assert (" crosses " in shown.title and "crosses no" not in shown.title) == bool(refusing)
        if len(refusing) <= 3:
            assert all(name in shown.title for name, _ in refusing)
            some = [share for _, share in refusing if share < 1]
            assert shown.title.count("of draws") == len(some)
            seldom += len(some)
    assert seldom > 0


def test_the_position_map_of_a_forecast_within_all_red_lines_names_the_heaviest() -> None:
    title = figure("one actor", "positions-peace").title
    assert title == "Peace: only A has a stance, so the forecast is that position, 40."
    shown = figure("nothing in doubt", "positions-peace").title.replace("\N{NO-BREAK SPACE}", " ")
    assert (
        shown
        == "Peace: most weight lies with B, 75 % of it. One of two actors stands below the forecast of 75."
    )


def test_the_outcome_figure_says_how_often_nothing_beats_no_deal() -> None:
    for row in answered("us-russia-2024").settlements:
        title = figure("us-russia-2024", f"outcomes-{row.id}").title
        assert ("no outcome is better than no deal" in title.lower()) == (
            row.no_agreement is not None and row.no_agreement >= 0.05
        )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("one method", "Peace: the weighted median puts it at 30, between “none” and “all”."),
        ("everybody in one place", "Peace: all four methods put it at 50."),
        (
            "nothing in doubt",
            "Peace: the methods disagree, from 75 (weighted mean) to 100 (weighted median).",
        ),
        (
            "emission-standards-1985",
            "Years until the standards take effect: all four methods agree to within a tenth of the scale, from "
            "7.00 to 7.39.",
        ),
    ],
)
def test_the_outcome_figure_says_whether_the_methods_agree(name: str, said: str) -> None:
    assert next(one.title for one in told(name).figures if one.id.startswith("outcomes-")) == said


def test_the_tornado_s_title_shows_the_numbers_of_its_widest_bar() -> None:
    made = answered("us-russia-2024")
    assert made.tornado is not None
    for row in made.settlements:
        bar = made.tornado.bars[f"{row.id}.mean"][0]
        shown = numbers_in(figure("us-russia-2024", f"tornado-{row.id}").message)
        low, high = sorted((bar.at_low, bar.at_high))
        assert shown[-2:] == [pytest.approx(low, abs=0.5), pytest.approx(high, abs=0.5)]


def test_the_scenario_figure_names_the_largest_move_against_its_scale() -> None:
    made = answered("us-russia-2024")
    assert made.comparison is not None
    moves = {
        (label, outcome): abs(difference.mean)
        for outcome, versions in made.comparison.differences.items()
        for label, difference in versions.items()
        if outcome.endswith(".mean")
    }
    (label, outcome), _ = max(moves.items(), key=lambda item: item[1])
    title = figure("us-russia-2024", "scenarios").title
    assert made.case.scenarios[label].name in title
    assert made.case.issues[outcome.removesuffix(".mean")].name in title


def test_a_scenario_is_followed_by_the_method_that_leads_on_an_issue() -> None:
    # The headline method has no forecast; by the median of two equal weights the lower position decides.
    shown = figure("headline method without forecasts", "scenarios")
    assert shown.title == "No scenario moves any issue by a hundredth of its scale."


def test_moves_that_no_version_has_give_no_figure() -> None:
    made = answered("headline method without forecasts")
    assert made.comparison is not None
    bare = made.model_copy(update={"comparison": made.comparison.model_copy(update={"differences": {}})})
    assert findings.moves(bare) == ()
    assert not [one for one in LENS.chapter(bare).figures if one.id == "scenarios"]


def test_a_scenario_that_changes_nothing_is_said_to_change_nothing() -> None:
    title = figure("scenario that takes an issue away", "scenarios").title
    assert title == "No scenario moves any issue by a hundredth of its scale."


def test_the_challenge_figure_follows_the_published_rounds() -> None:
    # Median 7 at the start and after ten rounds of the variant that reproduces the published table.
    shown = figure("emission-standards-1985", "rounds-delay")
    assert shown.message == "Challenges leave the weighted median at 7.00 (ten rounds)."
    medians = next(row for row in shown.table.rows if row[0] == "Weighted median")
    assert medians[2] == pytest.approx(8.415932, abs=1e-6)


def test_the_challenge_figure_says_how_often_the_game_finds_no_rest() -> None:
    made = answered("emission-standards-1985")
    rounds = made.rounds["delay"].model_copy(update={"stopped": {"cycle": 0.25, "cap": 0.01}})
    said = findings.rounds(made.model_copy(update={"rounds": {"delay": rounds}}), "delay")
    assert said.sentence.endswith("In 25\N{NO-BREAK SPACE}% of draws an earlier state returns.")
    assert "limit" not in said.sentence
    assert said.numbers["cycle"] == 0.25


def test_a_scale_s_anchors_are_numbered_where_there_is_room() -> None:
    picture = figure("crowded anchors", "positions-peace").svg("page")
    shown = re.findall(r">([\d,]+)</text>", picture)
    assert {"1000", "2000"} <= set(shown)
    assert "1010" not in shown


def test_an_issue_without_doubt_says_that_nothing_moves_it() -> None:
    shown = figure("doubt on one issue only", "tornado-arms")
    assert shown.message == "No input in doubt moves the forecast from 35."
    assert "No input in doubt moves it." in shown.svg("page")


def test_only_the_heaviest_actors_are_drawn_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(positions, "MOST_ROWS", 5)
    made = answered("forty actors")
    shown = positions.figure(made, made.settlements[0])
    bubbles = next(layer for layer in shown.spec["layer"] if layer["mark"]["type"] == "point")
    assert len(bubbles["data"]["values"]) == 5
    assert len(shown.table.rows) == 40


def marks(name: str, which: str, kind: str) -> list[dict[str, Any]]:
    """The rows of a figure's layers of one kind."""
    layers = (one for one in figure(name, which).spec["layer"] if one["mark"]["type"] == kind)
    return [row for one in layers for row in one["data"]["values"]]


def test_bubbles_have_areas_in_proportion_to_weights() -> None:
    heavy, light = (  # weights 3 and 1
        row["size"]
        for row in sorted(marks("nothing in doubt", "positions-peace", "point"), key=lambda row: -row["x"])
    )
    assert heavy / light == pytest.approx(3)


def test_ridges_are_as_high_as_their_fullest_bin() -> None:
    heights = [row["y2"] - row["y"] for row in marks("us-russia-2024", "outcomes-territory", "area")]
    assert max(heights) == pytest.approx(20)
    assert min(heights) >= 0


def test_the_line_of_a_scenario_spans_the_difference_from_where_the_case_stands() -> None:
    made = answered("us-russia-2024")
    lines = marks("us-russia-2024", "scenarios", "rule")
    for move in findings.moves(made):
        of = made.case.issues[move.issue]
        width = of.high - of.low
        low, high = (
            min(max((move.base - of.low + end) / width, 0), 1) for end in move.difference.intervals["80"]
        )
        if low < high:
            assert any(
                (row["low"], row["high"]) == pytest.approx((low, high)) for row in lines if "low" in row
            )


def test_bars_of_a_tornado_reach_from_the_forecast_at_all_means_to_each_end() -> None:
    made = answered("river-dam")
    assert made.tornado is not None
    bars, centre = made.tornado.bars["filling.mean"], made.tornado.centre["filling.mean"]
    drawn = sorted((row["low"], row["high"]) for row in marks("river-dam", "tornado-filling", "rect"))
    ends = [end for bar in bars for end in (bar.at_low, bar.at_high)]
    assert np.allclose(drawn, sorted((min(centre, end), max(centre, end)) for end in ends))


def test_texts_over_a_chart_keep_clear_of_each_other() -> None:
    layers = figure("outcome and no deal close together", "positions-peace").spec["layer"]
    told_at = {
        str(layer["data"]["values"][0]["text"]): layer["encoding"]["y"]["value"]
        for layer in layers
        if layer["mark"]["type"] == "text" and "value" in layer["encoding"]["y"]
    }
    above = [y for text, y in told_at.items() if text.startswith(("forecast", "no deal", "outcome"))]
    assert len(above) == len(set(above)) == 3


# --- blocs ---------------------------------------------------------------------------------------
def test_blocs_beyond_the_sixth_and_actors_of_none_are_drawn_together() -> None:
    case = answered("seven blocs and some of none").case
    found = blocs(case)
    assert [bloc.name for bloc in found] == [*(f"Bloc {k}" for k in range(6)), "Others"]
    assert len({(bloc.look.shape) for bloc in found}) == 7
    assert found[-1].actors == ("m6", "m7", "m8")
    assert "circle Bloc 0" in legend(case)


def test_a_case_without_groups_has_no_blocs() -> None:
    assert blocs(answered("one actor").case) == ()
    assert legend(answered("one actor").case) == ""
