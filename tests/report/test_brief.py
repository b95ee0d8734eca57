"""The brief: an answer that follows from its numbers, and the same bytes from the same seed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from detente.case import Case
from detente.catalog import open_case, slugs
from detente.errors import MissingPartError, OutputError
from detente.report import Brief, brief
from detente.report.bargaining.chapter import MOST_ISSUES
from detente.report.bargaining.sections import doubts, doubts_finding, pulls, trades
from detente.show.finding import Finding
from tests.report.conftest import DRAWS, settled
from tests.report.making import case_of, edge_cases, numbers_in, stance

NAMES = [*slugs(), *edge_cases()]
SETTLED = [name for name in NAMES if name in edge_cases() or any(open_case(name).stances.values())]
COUNTED = {"issues", "open", "crossed", "red_lines", "agreeing", "apart"}


@pytest.fixture(params=NAMES)
def made(request: pytest.FixtureRequest, brief_of: Callable[[str], Brief]) -> Brief:
    return brief_of(request.param)


@pytest.fixture(params=SETTLED)
def settled_brief(request: pytest.FixtureRequest, brief_of: Callable[[str], Brief]) -> Brief:
    return brief_of(request.param)


def stands(case: Case, path: str) -> bool:
    """Say whether something stands at a path of a case."""
    here: object = case.to_dict()
    for part in path.split("."):
        here = here.get(part) if isinstance(here, dict) else None
    return here is not None


def headline(made: Brief, name: str) -> Finding:
    return next(finding for finding in made.headlines if finding.id == name)


# --- every case ----------------------------------------------------------------------------------
def test_every_number_of_a_headline_stands_in_the_table_it_names(made: Brief) -> None:
    tables = made.tables()
    for finding in (made.answer, *made.headlines):
        cells = [cell for row in tables[finding.table].rows for cell in row if isinstance(cell, int | float)]
        for name, number in finding.numbers.items():
            if name.partition(".")[0] not in COUNTED:
                assert any(cell == pytest.approx(number) for cell in cells), (finding.id, name)


def test_every_driver_of_a_headline_is_a_place_in_the_case(made: Brief) -> None:
    for finding in made.headlines:
        for path in finding.drivers:
            assert path in made.case.quantities or stands(made.case, path), path


def test_a_brief_can_be_written_as_json_and_read_back(made: Brief) -> None:
    data = json.loads(json.dumps(made.to_dict()))
    jsonschema.validate(data, Brief.published_schema())
    again = Brief.from_dict(data)
    assert again.to_dict() == made.to_dict()
    assert [finding.sentence for finding in again.headlines] == [one.sentence for one in made.headlines]
    with pytest.raises(MissingPartError, match="make it again"):
        again.to_html()


def test_a_row_says_of_each_issue_what_its_distribution_says(settled_brief: Brief) -> None:
    made = settled_brief
    assert [row.issue for row in settled(made).forecast_rows] == list(settled(made).result.issues)
    for row in settled(made).forecast_rows:
        forecast = settled(made).result.issues[row.issue][row.method]
        assert (row.mean, row.low80, row.high80) == (forecast.mean, *forecast.intervals["80"])
        assert row.low <= row.mean <= row.high
        assert row.lowest <= row.mean <= row.highest
        assert row.spread == pytest.approx(row.highest - row.lowest)
        assert 0 <= row.crossed <= row.red_lines
        assert row.crossed == len(row.crossed_by)


def test_shares_of_weight_add_up_to_all_of_it(settled_brief: Brief) -> None:
    made = settled_brief
    for k, shares in enumerate(settled(made).result.pull.values()):
        total = sum(pull.position for pull in shares.values())
        assert total == pytest.approx(1)
        assert sum(1 for _, cells in pulls(settled(made)) if cells[k] is not None) == len(shares)


def test_the_doubts_table_has_all_four_kinds_for_every_issue(settled_brief: Brief) -> None:
    made = settled_brief
    rows = doubts(settled(made)).to_records()
    assert len(rows) == len(settled(made).forecast_rows)
    apart = sum(1 for row in rows if float(str(row["methods"])) > float(str(row["inputs"])))
    assert doubts_finding(settled(made)).numbers["apart"] == apart


# --- one case ------------------------------------------------------------------------------------
def test_the_same_seed_gives_the_same_bytes_for_any_number_of_workers(
    brief_of: Callable[[str], Brief], page_of: Callable[[str], str]
) -> None:
    again = brief(open_case("river-dam"), draws=DRAWS, workers=3)
    assert again.to_dict() == brief_of("river-dam").to_dict()
    assert again.to_html() == page_of("river-dam")


def test_another_seed_gives_another_answer() -> None:
    case = open_case("river-dam")
    first, second = (brief(case, draws=50, seed=seed) for seed in (1, 2))
    assert settled(first).forecast_rows != settled(second).forecast_rows


def test_progress_counts_over_the_case_and_all_its_scenarios() -> None:
    told: list[tuple[int, int]] = []
    brief(open_case("river-dam"), draws=50, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (100, 100)


def test_the_answer_to_one_issue_says_where_it_settles() -> None:
    # Weights 1 and 3: the compromise is (0 + 3 * 100) / 4.
    made = brief(case_of({"peace": {"a": stance(0), "b": stance(100, 3)}}))
    assert made.answer.sentence == "Peace: settles at 75, below “all”."
    assert headline(made, "pull").sentence.replace("\N{NO-BREAK SPACE}", " ") == (
        "B pulls hardest, with 75 % of all weight."
    )
    assert "No input carries doubt" in headline(made, "input").sentence


def test_the_answer_to_one_issue_counts_the_red_lines_it_crosses() -> None:
    made = brief(case_of({"peace": {"a": stance(0, accepts="<= 20"), "b": stance(100, 3, accepts=">= 90")}}))
    assert made.answer.sentence == "Peace: settles at 75, below “all”. That crosses two red lines."
    assert headline(made, "red_lines").sentence == "The forecast crosses 2 of 2 red lines: B and A."


def test_an_issue_that_nobody_would_settle_is_told_as_such() -> None:
    blocked = {"name": "Peace", "scale": {0: "none", 100: "all"}, "no_deal": 40}
    made = brief(case_of({"peace": {"a": stance(0), "b": stance(100, 3)}}, issues={"peace": blocked}))
    assert "in 100 % of draws nothing is better" in made.answer.sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert not [finding for finding in made.headlines if finding.id == "distance"]


def test_the_answer_to_many_issues_parts_open_ones_from_the_others(brief_of: Callable[[str], Brief]) -> None:
    made = brief_of("us-russia-2024")
    rows = settled(made).forecast_rows
    free = [row.name for row in rows if not row.blocked and not row.crossed]
    assert made.answer.numbers["open"] == len(free)
    first, *rest = made.answer.sentence.split(". ")
    assert all((row.name in first) == (row.name in free) for row in rows)
    assert all(row.name in " ".join(rest) for row in rows if row.name not in free)


@pytest.mark.parametrize(
    ("red_lines", "expected"),
    [
        (
            (None, None),
            "The two issues would settle at Peace at 50, above “none”; and Arms at 50, above “none”.",
        ),
        (("<= 60", None), "Both issues look open to a settlement: "),
        (("<= 60", "<= 40"), "Of two issues, one looks open to a settlement: Peace at 50"),
        (("<= 40", "<= 40"), "Neither of the two issues looks open to a settlement. On Peace and Arms, "),
    ],
)
def test_the_answer_depends_on_red_lines(red_lines: tuple[str | None, str | None], expected: str) -> None:
    lines = [{"accepts": line} if line else {} for line in red_lines]
    made = brief(
        case_of(
            {
                "peace": {"a": stance(0, **lines[0]), "b": stance(100)},
                "arms": {"a": stance(0, **lines[1]), "b": stance(100)},
            }
        )
    )
    assert made.answer.sentence.startswith(expected)


def test_a_known_outcome_is_set_against_the_forecast(brief_of: Callable[[str], Brief]) -> None:
    made = brief_of("emission-standards-1985")
    finding = headline(made, "outcome.delay")
    # The published outcome is 8.833 years, the weighted mean 7.389956.
    assert finding.numbers["error"] == pytest.approx(7.389956 - 8.833, abs=1e-6)
    assert finding.sentence.startswith("What happened: 8.833; the forecast was off by −1.44")


def test_the_input_that_matters_most_is_the_widest_bar_against_its_scale(
    brief_of: Callable[[str], Brief],
) -> None:
    made = brief_of("us-russia-2024")
    widest = max(
        (abs(bar.swing) / (row.high - row.low), bar.path, row.issue)
        for row in settled(made).forecast_rows
        for bar in settled(made).tornado.bars[f"{row.issue}.{row.method}"]
    )
    finding = headline(made, "input")
    assert finding.drivers == (widest[1],)
    assert numbers_in(finding.sentence)[-2:] == [
        pytest.approx(finding.numbers["widest_from"], abs=0.5),
        pytest.approx(finding.numbers["widest_to"], abs=0.5),
    ]


def test_a_case_without_scenarios_is_compared_with_nothing(brief_of: Callable[[str], Brief]) -> None:
    made = brief_of("one actor")
    assert settled(made).comparison is None
    assert "differences" not in made.tables()
    assert not [figure for figure in made.figures if figure.id == "scenarios"]


@pytest.mark.parametrize("methods", [["challenge", "median"], ["nash", "exchange", "median"], ["mean"]])
def test_scenarios_are_compared_by_the_method_that_leads_on_the_page(methods: list[str]) -> None:
    up = {"up": {"name": "Up", "changes": {"stances.peace.a.position": "60 ± 5"}}}
    bargaining = {"methods": methods, "headline": methods[0]}
    case = case_of(
        {"peace": {"a": stance("30 ± 5", 3), "b": stance(80)}},
        scenarios=up,
        options={"bargaining": bargaining},
    )
    made = brief(case, draws=50)
    finding = headline(made, "scenarios")
    assert finding.numbers["difference"] > 15
    comparison = settled(made).comparison
    assert comparison is not None
    assert f"peace.{settled(made).forecast_rows[0].method}" in comparison.differences


def test_only_so_many_issues_get_figures_of_their_own(brief_of: Callable[[str], Brief]) -> None:
    made = brief_of("thirty issues")
    assert sum(figure.id.startswith("positions-") for figure in made.figures) == MOST_ISSUES
    assert len(settled(made).forecast_rows) == 30


def test_trades_are_told_with_who_gives_what_and_who_is_hurt(brief_of: Callable[[str], Brief]) -> None:
    made = brief_of("us-russia-2024")
    rows = trades(made.case, settled(made).result).to_records()
    first = settled(made).result.trades[0]
    assert str(rows[0]["gives"]).startswith(f"{settled(made).result.names[first.first]} on ")
    assert rows[0]["share"] == first.share
    assert all(settled(made).result.names[actor] in str(rows[0]["hurt"]) for actor in list(first.hurt)[:2])


# --- evidence ------------------------------------------------------------------------------------
def test_every_number_of_a_case_rests_on_its_sources_or_is_listed_as_resting_on_none() -> None:
    case = case_of(
        {
            "peace": {
                "a": stance("40 ± 5", because=["letter"], accepts="<= 60"),
                "b": {"position": "20..30", "salience": 0.5},
            }
        },
        actors={"b": {"name": "B", "influence": 2, "because": ["letter"]}},
        issues={
            "peace": {
                "name": "Peace",
                "scale": {0: "none", 100: "all"},
                "no_deal": 10,
                "outcome": {"value": 3, "because": ["book"]},
            }
        },
        sources={"letter": {"title": "A letter"}, "book": {"title": "A book"}, "unread": {"title": "Unread"}},
        correlations=[
            {
                "between": ["stances.peace.a.position", "stances.peace.b.position"],
                "rank": 0.5,
                "because": ["book"],
            }
        ],
        scenarios={"up": {"name": "Up", "changes": {"stances.peace.a.position": 50}}},
    )
    found = brief(case, draws=20).evidence
    rests = {use.id: [cited.path for cited in use.rests] for use in found.sources}
    assert rests == {
        "letter": ["actors.b", "stances.peace.a"],
        "book": ["issues.peace.outcome", "correlations.0"],
        "unread": [],
    }
    assert [cited.path for cited in found.unsupported] == ["issues.peace", "stances.peace.b", "scenarios.up"]
    assert found.sources[0].rests[1].numbers == {
        "position": "40 ± 5",
        "salience": "1",
        "influence": "1",
        "red line": "<= 60",
    }
    assert found.sources[0].count == 5
    assert found.without_source == 1 + 2 + 1
    assert found.numbers == 5 + 2 + 4
    assert len(found.table().rows) == 4 + 3


# --- files and notebooks -------------------------------------------------------------------------
def test_a_page_is_saved_whole(tmp_path: Path, brief_of: Callable[[str], Brief]) -> None:
    path = tmp_path / "brief.html"
    brief_of("one actor").save(path)
    assert path.read_text(encoding="utf-8") == brief_of("one actor").to_html()
    with pytest.raises(OutputError):
        brief_of("one actor").save(tmp_path / "nowhere" / "brief.html")


def test_a_brief_shows_itself_in_a_notebook(brief_of: Callable[[str], Brief]) -> None:
    made = brief_of("hostile names")
    shown = made._repr_html_()
    assert "<script" not in shown
    assert "<table>" in shown
