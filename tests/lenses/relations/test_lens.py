"""The lens on cases: a made-up chronology, the published case since 1946, and a store of event data beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.case import Case, StateGroup
from detente.case.countries import country_code
from detente.catalog import open_case
from detente.errors import CaseError, MissingPartError, NotFoundError
from detente.events.load import load
from detente.events.store import Store
from detente.lenses import Effort, lens
from detente.lenses.relations.figures import multiples, timeline, whole_years
from detente.lenses.relations.result import PairRecord, RelationsResult
from detente.show.page import blocks_html
from detente.show.screen import section_lines
from tests.lenses.relations.published import DATA, needs_data, rows_of

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


def test_years_are_whole_on_the_axis_and_dates_stand_as_dates_in_the_table() -> None:
    assert whole_years(2001.1, 2015.4, 5) == [2005.0, 2010.0, 2015.0]
    result = solved(made())
    (pair,) = result.pairs
    table = timeline.figure(result, pair).table
    assert "time" not in table.columns
    assert table.to_columns()["date"][0] == "2001"
    assert multiples.figure(result, [pair]).table.to_columns()["date"][-2:] == ["2012", "2013-01"]


def test_the_standing_is_the_literal_weighted_mean() -> None:
    (pair,) = solved(made()).pairs
    today = 2013.0 + 14.5 / 365
    weights = [abs(grade) * 2 ** (-(today - 2001.5 - at) / 3) for at, grade in enumerate(GRADES)]
    assert pair.standing is not None
    assert pair.standing.mean == pytest.approx(np.average(GRADES, weights=weights), abs=1e-3)
    earlier = [one.standing for one in pair.events[2:]]
    assert pair.worse_before == np.mean([one < pair.standing.mean for one in earlier])


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


@pytest.fixture(scope="module")
def icews_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return ICEWS 2005 to 2015 between states, a fact a day."""
    folder = tmp_path_factory.mktemp("icews")
    codes: dict[str, str | None] = {}
    lines = ["date,source,target,code"]
    for row in rows_of("icews/icews0515_events_named.tsv.gz", "\t"):
        for side in ("source_country", "target_country"):
            codes.setdefault(row[side], country_code(row[side]))
        a, b = codes[row["source_country"]], codes[row["target_country"]]
        if a and b and a != b:
            lines.append(f"{row['date']},{a},{b},{row['cameo']}")
    (folder / "icews.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    store = Store.at(folder / "store", make=True)
    load(store, [folder / "icews.csv"], stated="cameo")
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


def test_a_group_and_everyone_are_sides_like_any_other() -> None:
    """Three states; events of the group's members with c are the group's, and c's with anybody are c's."""

    def event(between: list[str], year: int, grade: float, **more: Any) -> dict[str, Any]:
        return {
            "name": f"{between} {year}",
            "date": year,
            "between": between,
            "kind": "talks",
            "grade": grade,
            **more,
        }

    chronology = {
        "one": event(["a", "c"], 2001, 4, by="a"),
        "two": event(["b", "c"], 2002, -5, by="c"),
        "both": event(["a", "b"], 2003, 6),
        "far": event(["c", "d"], 2004, 2),
    }
    case = Case.from_dict(
        {
            "title": "Sides",
            "actors": {key: {"name": key.upper()} for key in "abcd"},
            "relations": {
                "groups": {"ab": {"name": "The two", "members": ["a", "b"]}},
                "dyads": {"group": {"between": ["ab", "c"]}, "all": {"between": ["c", "everyone"]}},
                "chronology": chronology,
            },
        }
    )
    group, everyone = solved(case).pairs
    assert (group.name, everyone.name) == ("The two and C", "C and everyone")
    assert [one.id for one in group.events] == ["one", "two"]
    assert [one.id for one in everyone.events] == ["one", "two", "far"]
    assert [(one.source, one.events) for one in group.directed] == [("The two", 1), ("C", 1)]
    assert [(one.source, one.events) for one in everyone.directed] == [("C", 2), ("everyone", 2)]
    faulty = case.to_dict()
    faulty["relations"]["dyads"]["all"]["between"] = ["ab", "a"]
    with pytest.raises(CaseError, match="names the same side twice"):
        Case.from_dict(faulty)


def test_resets_are_told_by_kind_and_a_mediator_is_one() -> None:
    data = made((4, 4, 4, -9, -9, -8, 6, 8, 8, 8, 8, 8)).to_dict()
    data["relations"]["chronology"]["e6"]["mediators"] = ["Norway"]
    result = solved(Case.from_dict(data))
    (reset,) = result.pairs[0].resets
    assert reset.kinds == ("with a mediator", "after a war")
    own = {one.kind: (one.cases, one.ended) for one in result.settlements if one.where == "this case"}
    assert own == {"all": (1, 0), "with a mediator": (1, 0), "after a war": (1, 0)}
    chapter = lens("relations").chapter(result)
    text = "\n".join(line for one in chapter.sections for line, _ in section_lines(one, titled=True))
    assert "Too few for shares" in " ".join(text.split())


@needs_data
def test_a_store_gives_base_rates_and_analogues_over_all_its_pairs(icews_store: Store) -> None:
    actors = {"iran": {"name": "Iran", "country": "IRN"}}
    part = {
        "groups": {"three": {"name": "Three of Europe", "members": ["DEU", "FRA", "GBR"]}},
        "dyads": {"three": {"between": ["three", "IRN"]}, "all": {"between": ["RUS", "everyone"]}},
        "store": str(icews_store.folder),
        "by": "year",
    }
    case = Case.from_dict({"title": "Iran", "actors": actors, "relations": part})
    assert case.relations is not None
    assert isinstance(case.relations.groups["three"], StateGroup)
    result = solved(case)
    rate = result.store_rate
    assert rate is not None
    assert (rate.first, rate.last, rate.pairs) == (2005, 2015, 15)
    assert 0 < rate.low95 < rate.share < rate.high95 < 1
    for pair in result.pairs:
        for way in pair.counted:
            assert len(way.analogues) == 5
            assert all(4 < len(one.shares) <= 7 for one in way.analogues)
            assert [one.ahead for one in way.ahead] == [1, 2, 3, 6, 12][: len(way.ahead)]
            assert all(0 <= one.low80 <= one.median <= one.high80 <= 1 for one in way.ahead)
    members = {"DEU", "FRA", "GBR"}
    for one in result.pairs[0].counted[0].analogues:
        source, target = one.pair.split(" to ")
        assert not ({source, target} & members and "IRN" in (source, target))
    figures = {one.id for one in lens("relations").chapter(result).figures}
    assert {"directions-three", "alike-three-Iran", "alike-three-Three-of-Europe"} <= figures
