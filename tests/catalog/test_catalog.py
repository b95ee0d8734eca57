"""Cases that come with the package, and the one way to open any case."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from detente.case import Case, Checked
from detente.catalog import Entry, check_reference, entries, open_case, slugs
from detente.errors import CaseError, NotFoundError


@pytest.mark.parametrize("slug", slugs())
def test_every_case_is_valid_and_leaves_nothing_to_question(slug: str) -> None:
    checked = check_reference(slug)
    assert isinstance(checked, Checked)
    assert [str(problem) for problem in checked.problems] == []


@pytest.mark.parametrize("slug", slugs())
def test_every_scenario_of_every_case_applies(slug: str) -> None:
    case = open_case(slug)
    for scenario in case.scenarios:
        assert case.with_(scenario=scenario).scenario == scenario


def test_entries_tell_what_each_case_is() -> None:
    found = entries()
    assert tuple(entry.slug for entry in found) == slugs()
    assert all(isinstance(entry, Entry) and entry.path.is_file() for entry in found)
    reset = next(entry for entry in found if entry.slug == "us-russia-2024")
    assert (reset.actors, reset.issues) == (16, 7)
    assert "reset" in reset.title


def test_a_file_that_is_not_there_offers_the_nearest_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "iran.yaml").touch()
    with pytest.raises(NotFoundError, match=r"did you mean '.*iran\.yaml'\?"):
        open_case(tmp_path / "iran.yml")


def test_an_unknown_name_offers_the_nearest_slug() -> None:
    with pytest.raises(NotFoundError, match="did you mean 'us-russia-2024'"):
        open_case("us-rusia-2024")


@pytest.mark.parametrize("name", ["x" * 5000, "nul\0byte", ""])
def test_a_name_that_no_file_can_have_is_not_found(name: str) -> None:
    with pytest.raises((NotFoundError, CaseError)):
        open_case(name)


def test_files_folders_and_other_formats_open_alike(tmp_path: Path) -> None:
    case = open_case("river-dam")
    file = tmp_path / "dam.yaml"
    case.save(file)
    folder = tmp_path / "dam"
    folder.mkdir()
    case.save(folder / "case.yaml")
    table = tmp_path / "table.csv"
    table.write_text("actor,issue,position,salience,influence\nA,I,20,0.5,1\nB,I,80,1,2\n", "utf-8")
    assert open_case(file) == case == open_case(folder)
    assert open_case(str(table)).title == "table"


# --- us-russia-2024 ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reset() -> Case:
    return open_case("us-russia-2024")


def test_no_capital_speaks_with_one_voice(reset: Case) -> None:
    for country, voices in {"USA": 5, "RUS": 3}.items():
        assert sum(actor.country == country for actor in reset.actors.values()) >= voices
    assert sum("europe" in actor.groups for actor in reset.actors.values()) >= 4


def test_every_contentious_issue_is_there(reset: Case) -> None:
    assert {"territory", "nato_membership", "sanctions", "aid", "us_nato", "economy"} <= set(reset.issues)


def test_every_stance_has_doubt_a_reason_and_a_dated_source_of_its_time(reset: Case) -> None:
    for issue, stances in reset.stances.items():
        for actor, stance in stances.items():
            assert not stance.aim.is_exact, (issue, actor)
            assert stance.note, (issue, actor)
            assert stance.because, (issue, actor)
    for source in reset.sources.values():
        assert source.date is not None
        assert source.date <= "2024-11-08"


def test_the_file_says_that_its_numbers_are_judgements(reset: Case) -> None:
    assert "Illustrative judgements" in (reset.note or "")


def test_moscow_and_kyiv_draw_red_lines_on_territory_that_do_not_meet(reset: Case) -> None:
    least, most = (reset.stances["territory"][actor].accepts for actor in ("kremlin", "kyiv"))
    assert least is not None
    assert most is not None
    assert least.lower is not None
    assert most.upper is not None
    assert least.lower.mean > most.upper.mean


def test_three_scenarios_as_is_congress_firm_and_aid_ends(reset: Case) -> None:
    assert list(reset.scenarios) == ["as-is", "congress-holds-firm", "us-aid-ends"]
    assert reset.with_(scenario="as-is").to_dict() == reset.to_dict()
    assert len(reset.scenarios["congress-holds-firm"].changes) >= 5


def test_no_sentence_of_the_article_stands_in_the_case(shared_data: Path, reset: Case) -> None:
    article = (shared_data / "evidence" / "article-us-russia-reset.txt").read_text("utf-8")

    def runs(text: str, length: int = 7) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.casefold())
        return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}

    assert not runs(article) & runs(reset.to_yaml())


# --- emission-standards-1985 ---------------------------------------------------------------------


def test_the_emission_case_carries_its_published_outcome() -> None:
    issue = open_case("emission-standards-1985").issues["delay"]
    assert issue.outcome is not None
    assert math.isclose(issue.outcome.value, 8.833)
    assert issue.outcome.because
