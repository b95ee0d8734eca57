"""The brief: an answer that follows from its numbers, and the same bytes from the same seed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from detente.case import Case
from detente.catalog import open_case, slugs
from detente.errors import OutputError
from detente.lenses import lens
from detente.report import Brief, brief
from tests.report.making import case_of, edge_cases, stance
from tests.schemas import validate
from tests.solving import DRAWS

NAMES = [*slugs(), *edge_cases()]
COUNTED = {"issues", "open", "crossed", "red_lines", "agreeing", "apart"}


@pytest.fixture(params=NAMES)
def made(request: pytest.FixtureRequest, brief_of: Callable[[str], Brief]) -> Brief:
    return brief_of(request.param)


def stands(case: Case, path: str) -> bool:
    """Say whether something stands at a path of a case."""
    here: object = case.to_dict()
    for part in path.split("."):
        here = here.get(part) if isinstance(here, dict) else None
    return here is not None


def test_what_is_too_large_for_one_lens_is_answered_by_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """The question that is left open stands in the answer with why, and on the page."""
    monkeypatch.setattr("detente.lenses.winset.view.MOST_ASKED", 1)
    made = brief(open_case("linked-issues"), draws=60)
    assert set(made.results) == {"bargaining"}
    ((question, why),) = made.unanswered.items()
    assert question == lens("winset").question
    assert "too many to search; leave out" in why
    assert Brief.from_dict(json.loads(json.dumps(made.to_dict()))).unanswered == made.unanswered
    assert re.search(rf"Not answered: .*{re.escape(question)}.*too many to search", made.to_html())


# --- every case ----------------------------------------------------------------------------------
def test_every_number_of_the_ladder_stands_in_the_table_it_names(made: Brief) -> None:
    tables = made.tables()
    for finding in (made.verdict, *(rung.finding for rung in made.ladder)):
        cells = [cell for row in tables[finding.table].rows for cell in row if isinstance(cell, int | float)]
        for name, number in finding.numbers.items():
            if name.partition(".")[0] not in COUNTED:
                assert any(cell == pytest.approx(number) for cell in cells), (finding.id, name)


def test_every_driver_of_the_ladder_is_a_place_in_the_case(made: Brief) -> None:
    for finding in (rung.finding for rung in made.ladder):
        for path in finding.drivers:
            assert path in made.case.quantities or stands(made.case, path), path


def test_a_brief_can_be_written_as_json_and_read_back(made: Brief) -> None:
    data = json.loads(json.dumps(made.to_dict()))
    validate(data, Brief)
    again = Brief.from_dict(data)
    assert again.to_dict() == made.to_dict()
    assert again.ladder == made.ladder
    assert again.to_html() == made.to_html()


# --- one case ------------------------------------------------------------------------------------
def test_the_same_seed_gives_the_same_bytes_for_any_number_of_workers(
    brief_of: Callable[[str], Brief], page_of: Callable[[str], str]
) -> None:
    again = brief(open_case("river-dam"), draws=DRAWS, workers=3)
    assert again.to_dict() == brief_of("river-dam").to_dict()
    assert again.to_html() == page_of("river-dam")


def test_progress_counts_over_the_case_and_all_its_scenarios() -> None:
    told: list[tuple[int, int]] = []
    brief(open_case("river-dam"), draws=50, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (100, 100)


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
    assert '<dl class="ladder">' in shown
    assert "<svg" in shown
