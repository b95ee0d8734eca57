"""The lens on cases: a made-up chronology, the published case since 1946, and a store of event data beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.case import Case
from detente.catalog import open_case
from detente.errors import MissingPartError, NotFoundError
from detente.events.load import load
from detente.events.store import Store
from detente.lenses import Effort, lens
from detente.lenses.relations.result import PairRecord, RelationsResult
from detente.show.page import blocks_html
from detente.show.screen import section_lines
from tests.lenses.relations.published import DATA, needs_data

GRADES = (4, 6, 5, 5, 4, 6, -5, -6, -4, -5, -7, -5)


def made(grades: tuple[Any, ...] = GRADES, **relations: Any) -> Case:
    """Return a case of one pair, with an event a year from 2001."""
    chronology = {
        f"e{number}": {
            "name": f"Event {number}", "date": 2001 + number, "between": ["a", "b"],
            "kind": "talks", "grade": grade,
        }
        for number, grade in enumerate(grades)
    }  # fmt: skip
    part = {"dyads": {"ab": {"between": ["a", "b"]}}, "chronology": chronology, **relations}
    actors = {"a": {"name": "Ay"}, "b": {"name": "Bee"}}
    return Case.from_dict({"title": "A pair", "as_of": "2013-01", "actors": actors, "relations": part})


def solved(case: Case, draws: int = 300) -> RelationsResult:
    result = lens("relations").simulate(case, draws=draws, seed=3).result()
    assert isinstance(result, RelationsResult)
    return result


@pytest.fixture(scope="module")
def published_case() -> RelationsResult:
    return solved(open_case("us-russia-2024"), draws=500)


def test_the_turn_is_found_where_the_grades_turn() -> None:
    (pair,) = solved(made()).pairs
    (turn,) = pair.turns
    assert (turn.date, turn.event) == ("2007", "Event 6")
    assert turn.before == pytest.approx(5)
    assert turn.after == pytest.approx(-32 / 6)
    assert turn.early_time <= turn.time <= turn.late_time


def test_the_standing_is_the_literal_weighted_mean() -> None:
    (pair,) = solved(made()).pairs
    today = 2013.0 + 14.5 / 365
    weights = [abs(grade) * 2 ** (-(today - 2001.5 - at) / 3) for at, grade in enumerate(GRADES)]
    assert pair.standing is not None
    assert pair.standing.mean == pytest.approx(np.average(GRADES, weights=weights), abs=1e-3)


def test_doubt_about_grades_becomes_doubt_about_the_standing_and_the_date() -> None:
    (sure,) = solved(made()).pairs
    (unsure,) = solved(made(tuple(f"{grade} ± 3" for grade in GRADES))).pairs
    assert sure.now.sd == 0
    assert unsure.now.sd > 0.3
    width = [one.turns[0].late_time - one.turns[0].early_time for one in (sure, unsure)]
    assert width[0] <= width[1]


def test_an_event_of_one_side_counts_in_its_direction_only() -> None:
    data = made().to_dict()
    data["relations"]["chronology"]["e11"]["by"] = "a"
    (pair,) = solved(Case.from_dict(data)).pairs
    assert [(one.source, one.target, one.events) for one in pair.directed] == [
        ("Ay", "Bee", 12),
        ("Bee", "Ay", 11),
    ]


def test_a_pair_of_which_nothing_is_known_is_a_missing_part() -> None:
    with pytest.raises(MissingPartError, match="no event of the pairs"):
        lens("relations").view(made(()))
    assert not lens("relations").reads(made(()))


def test_a_store_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no event store is there"):
        solved(made(store=str(tmp_path / "nowhere")))


def test_a_scenario_that_changes_no_relation_is_not_compared() -> None:
    case = open_case("us-russia-2024")
    versions = {"as it stands": case, **{key: case.with_(scenario=key) for key in case.scenarios}}
    assert lens("relations").answer(versions, Effort(draws=40)).comparison is None


# --- the published case ---------------------------------------------------------------------------


def pair_of(result: RelationsResult, key: str) -> PairRecord:
    return next(pair for pair in result.pairs if pair.id == key)


def test_the_case_has_an_even_and_sourced_chronology(published_case: RelationsResult) -> None:
    case = published_case.case
    assert case.relations is not None
    events = case.relations.chronology.values()
    assert len(events) >= 60
    assert all(event.because for event in events)
    assert min(event.date for event in events) < "1947"
    assert max(event.date for event in events) == case.as_of
    own = pair_of(published_case, "us_russia").events
    for decade in range(1946, 2024, 10):  # no decade is empty
        assert sum(decade <= one.time < decade + 10 for one in own) >= 5


def test_the_four_resets_of_history_are_found(published_case: RelationsResult) -> None:
    """The thaw of the 1950s, détente, the end of the Cold War, and the reset of 2009; each was lost again."""
    found = pair_of(published_case, "us_russia").resets
    assert [(one.low[:4], one.end[:4]) for one in found] == [
        ("1948", "1960"),
        ("1962", "1981"),
        ("1986", "2008"),
        ("2008", "2012"),
    ]


def test_relations_turned_with_the_end_of_the_cold_war_and_after_the_reset(
    published_case: RelationsResult,
) -> None:
    turns = pair_of(published_case, "us_russia").turns
    assert [one.date[:4] for one in turns] == ["1987", "2012"]
    assert turns[0].after > turns[0].before
    assert turns[1].after < turns[1].before


def test_the_standing_goes_with_votes_in_the_united_nations(published_case: RelationsResult) -> None:
    check = pair_of(published_case, "us_russia").check
    assert check is not None
    assert check.years > 50
    assert check.rank > 0.4


def test_the_rung_compares_with_the_past_names_the_turn_and_the_base_rate(
    published_case: RelationsResult,
) -> None:
    chapter = lens("relations").chapter(published_case)
    (rung,) = chapter.rungs
    assert rung.step == "relation"
    for said in ("lower than after", "turned for the worse", "All four resets", "46 %", "39 % to 53 %"):
        assert said.replace(" %", "\N{NO-BREAK SPACE}%") in rung.finding.sentence


def test_wars_stand_lowest(published_case: RelationsResult) -> None:
    now = {pair.id: pair.now.mean for pair in published_case.pairs}
    assert min(now, key=now.__getitem__) == "russia_ukraine"
    assert now["us_russia"] < 0 < now["us_ukraine"]


# --- with event data ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def levant(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store.at(tmp_path_factory.mktemp("levant") / "store", make=True)
    load(store, [DATA / "keds/levant.cameo.csv.gz"])
    return store


def with_store(store: Store, **more: Any) -> Case:
    actors = {"israel": {"name": "Israel", "country": "ISR"}}
    part = {"dyads": {"pair": {"between": ["ISR", "PSE"]}}, "store": str(store.folder), **more}
    return Case.from_dict({"title": "Levant", "actors": actors, "relations": part})


@needs_data
def test_both_directions_are_read_from_a_store(levant: Store) -> None:
    """Oslo and the second intifada within three months, from the store as from a literal count."""
    result = solved(with_store(levant))
    (pair,) = result.pairs
    there, back = pair.counted
    assert [one.date[:7] for one in there.turns] == ["1993-08", "2000-10"]
    assert [one.date[:7] for one in back.turns] == ["1993-04", "2000-10"]
    assert sum(one.events for one in there.periods) == 10238
    assert (there.pairs, there.higher_elsewhere) == (
        0,
        None,
    )  # too few other pairs in that month to compare with
    assert {one.rule for one in there.rules} >= {"persistence", "local level", "seasonal"}
    assert result.record.exact
    assert result.findings[0].id.startswith("counts.")


@needs_data
def test_event_data_show_themselves_on_page_and_screen(levant: Store) -> None:
    chapter = lens("relations").chapter(solved(with_store(levant, by="quarter")))
    lines = [text for section in chapter.sections for text, _ in section_lines(section, titled=True)]
    assert any("Israel to Palestine" in line for line in lines)
    html = blocks_html([block for section in chapter.sections for block in section.blocks])
    assert "share of conflict" in html


@needs_data
def test_every_figure_s_title_begins_with_its_subject_and_has_its_numbers_in_its_table(
    levant: Store, published_case: RelationsResult
) -> None:
    for result in (solved(with_store(levant)), published_case):
        figures = lens("relations").chapter(result).figures
        assert figures
        for figure in figures:
            cells = [cell for row in figure.table.rows for cell in row if isinstance(cell, float)]
            assert figure.title.startswith(figure.subject)
            assert figure.table.name == figure.finding.table
            assert all(pytest.approx(number) in cells for number in figure.finding.numbers.values())
