"""One suite over every registered lens: what any lens must keep, whoever wrote it."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.cells import cell_len

from detente.case import Case
from detente.catalog import open_case, slugs
from detente.errors import MissingPartError, NotFoundError, OptionError
from detente.lenses import Effort, LensResult, available, lens
from detente.show.blocks import Chapter
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.page import blocks_html
from detente.show.screen import Styled, block_lines, section_lines
from tests.contract import outside
from tests.report.making import PageReader
from tests.schemas import validate

LENSES = [*available(), outside.NAME]
DRAWS = 300
EVERY_PART = Path(__file__).with_name("every_part.yaml")
HEAVY = {"altair", "jinja2", "numba", "openpyxl", "pandas", "polars", "scipy.optimize", "vl_convert"}


@pytest.fixture(scope="module", autouse=True)
def _outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Install a lens of another package beside those that come with this one."""
    with outside.installed(tmp_path_factory.mktemp("site")):
        yield


@pytest.fixture(scope="module", params=LENSES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def case() -> Case:
    return open_case(EVERY_PART)


def solved(name: str, case: Case, **settings: Any) -> LensResult:
    return lens(name).simulate(case, **{"draws": DRAWS, "seed": 3, "workers": 1, **settings}).result()


@cache
def answers(name: str) -> list[LensResult]:
    """Answer the cases of the catalog that have the part which the lens reads, and one that has every part."""
    found = []
    for one in (EVERY_PART, *slugs()):
        with suppress(MissingPartError):
            lens(name).view(opened := open_case(one))
            found.append(solved(name, opened, draws=200))
    return found


def test_every_case_of_the_catalog_that_has_its_part_is_answered(name: str) -> None:
    lens(name).view(open_case(EVERY_PART))
    for result in answers(name):
        assert result.findings
        assert next(iter(result.tables().values())).rows


def test_the_same_seed_gives_the_same_bytes_for_any_number_of_workers(name: str, case: Case) -> None:
    once, again = (solved(name, case, draws=3000, workers=workers) for workers in (1, 3))
    assert json.dumps(once.to_dict()) == json.dumps(again.to_dict())


def test_another_seed_gives_other_draws(name: str, case: Case) -> None:
    assert solved(name, case).to_dict() != solved(name, case, seed=4).to_dict()


def test_a_result_validates_against_its_published_schema_and_reads_back(name: str, case: Case) -> None:
    result = solved(name, case)
    plain = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    validate(plain, type(result))
    assert type(result).from_dict(plain) == result


def test_outcomes_are_the_draws_behind_the_result(name: str, case: Case) -> None:
    simulation = lens(name).simulate(case, draws=DRAWS, seed=3)
    assert simulation.outcomes()
    for values in simulation.outcomes().values():
        assert values.shape == (DRAWS,)
        assert np.isfinite(values).all()


def test_a_view_turns_the_same_numbers_into_the_same_outcomes(name: str, case: Case) -> None:
    view = lens(name).view(case)
    outcomes = view.outcomes(view.table.sample(3, 0, DRAWS))
    drawn = lens(name).simulate(case, draws=DRAWS, seed=3).outcomes()
    assert outcomes.keys() == drawn.keys()
    for label, values in outcomes.items():
        np.testing.assert_array_equal(values, drawn[label])


def test_a_result_says_how_it_was_made(name: str, case: Case) -> None:
    record = solved(name, case).record
    assert (record.lens, record.title, record.draws, record.seed) == (name, case.title, DRAWS, 3)
    assert record.fingerprint == case.fingerprint


def test_reordering_actors_and_issues_changes_no_forecast(name: str, case: Case) -> None:
    data = case.to_dict()
    data["game"]["preferences"] = dict(reversed(data["game"]["preferences"].items()))
    for part in ("actors", "issues", "stances"):
        data[part] = dict(reversed(data[part].items()))
    data["stances"] = {issue: dict(reversed(s.items())) for issue, s in data["stances"].items()}
    plain, turned = solved(name, case), solved(name, Case.from_dict(data))
    assert_close(_numbers(numbers(turned)), _numbers(numbers(plain)))


def test_renaming_changes_names_only(name: str, case: Case) -> None:
    """With exact inputs (draws are tied to paths) other ids give the same numbers."""
    exact = json.loads(re.sub(r'"[^"]*(±|\.\.)[^"]*"', "0.5", json.dumps(_without_doubt(case))))
    renamed = json.loads(json.dumps(exact).replace('"bank"', '"lender"').replace('"filling"', '"years"'))
    first, second = solved(name, Case.from_dict(exact)), solved(name, Case.from_dict(renamed))
    found = [list(_numbers(numbers(result)).values()) for result in (first, second)]
    assert found[0] == pytest.approx(found[1], nan_ok=True)


def test_more_draws_narrow_the_monte_carlo_error(name: str, case: Case) -> None:
    few, many = (_errors(solved(name, case, draws=draws)) for draws in (100, 6400))
    pairs = [(few[key], many[key]) for key in few if few[key]]
    assert pairs
    assert all(b < a / 4 for a, b in pairs if a)


def test_every_number_of_a_finding_stands_in_its_table(name: str) -> None:
    for result in answers(name):
        tables = result.tables()
        for finding in result.findings:
            cells = {c for row in tables[finding.table].rows for c in row if isinstance(c, (int, float))}
            missing = [v for v in finding.numbers.values() if not _is_in(v, cells)]
            assert not missing, finding
            assert_sentence_is_clean(finding)


def test_every_driver_of_a_finding_is_a_path_of_the_case(name: str, case: Case) -> None:
    for finding in solved(name, case).findings:
        for path in finding.drivers:
            assert path in case.quantities


def test_a_case_without_doubt_is_solved_once_and_exactly(name: str, case: Case) -> None:
    result = solved(name, Case.from_dict(_without_doubt(case)), draws=5000)
    assert result.record.exact
    assert result.record.draws == 1
    assert set(_errors(result).values()) == {0.0}


def test_progress_ends_at_the_number_of_draws(name: str, case: Case) -> None:
    told: list[tuple[int, int]] = []
    solved(name, case, draws=2500, workers=2, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (2500, 2500)
    assert told == sorted(told)


def test_a_missing_part_is_named(name: str, case: Case) -> None:
    data = {**case.to_dict(), "stances": {}, "correlations": [], "deals": {}, "scenarios": {}}
    for part in ("consent", "game", "futures", "relations"):
        del data[part]
    with pytest.raises(MissingPartError, match=lens(name).part):
        solved(name, Case.from_dict(data))


@pytest.mark.parametrize("draws", [0, -5, 10**8])
def test_an_impossible_number_of_draws_is_refused(name: str, case: Case, draws: int) -> None:
    with pytest.raises(OptionError, match="draws"):
        solved(name, case, draws=draws)


def test_an_unknown_lens_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(NotFoundError, match="bargaining"):
        lens("bargainning")


def test_a_result_shows_itself_in_a_notebook(name: str, case: Case) -> None:
    made = answered_in_full(name, case)
    html = made._repr_html_()
    reader = PageReader.of(html)
    assert reader.faults == []
    text = "".join(reader.text)
    assert case.title in text
    assert lens(name).chapter(made).rung.sentence in text
    assert "<script" not in html
    for study in (made.comparison, made.tornado):
        if study is not None:
            assert PageReader.of(study._repr_html_()).faults == []


# --- what a lens tells ----------------------------------------------------------------------------


def answered_in_full(name: str, case: Case) -> LensResult:
    """Return what a brief asks of a lens."""
    scenarios = {key: case.with_(scenario=key) for key in case.scenarios}
    return lens(name).answer({"as it stands": case, **scenarios}, Effort(draws=60, seed=3))


def screen(chapter: Chapter) -> list[Styled]:
    """Return the lines of a chapter on a screen."""
    return [line for section in chapter.sections for line in section_lines(section, titled=True)]


def test_a_result_read_back_shows_itself(name: str, case: Case) -> None:
    for made in (solved(name, case), answered_in_full(name, case)):
        kept = type(made).from_dict(json.loads(json.dumps(made.to_dict())))
        assert kept == made
        told, again = lens(name).chapter(made), lens(name).chapter(kept)
        assert screen(told) == screen(again)
        blocks = [block for section in told.sections for block in section.blocks]
        assert blocks_html(blocks) == blocks_html([b for section in again.sections for b in section.blocks])
        assert told == again


def test_showing_a_result_makes_no_view_and_solves_nothing(
    name: str, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = answered_in_full(name, case)
    for method in ("view", "simulate", "summarise", "answer"):
        monkeypatch.setattr(
            type(lens(name)), method, lambda *_, **__: pytest.fail("the result was not enough")
        )
    chapter = lens(name).chapter(made)
    assert screen(chapter)
    assert blocks_html([block for section in chapter.sections for block in section.blocks])


def test_every_section_that_a_finding_names_is_in_its_chapter(name: str, case: Case) -> None:
    chapter = lens(name).chapter(answered_in_full(name, case))
    named = [one.section for one in (chapter.rung, *chapter.headlines, *map(of_figure, chapter.figures))]
    assert {one for one in named if one} <= {section.id for section in chapter.sections}
    assert chapter.rung.section


def of_figure(figure: Figure) -> Finding:
    """Return the finding that is a figure's title."""
    return figure.finding


def test_a_chapter_says_which_lens_answers_which_question(name: str, case: Case) -> None:
    chapter = lens(name).chapter(solved(name, case))
    assert chapter.lens == name
    assert chapter.question.endswith("?")
    assert chapter.sections
    ids = [section.id for section in chapter.sections]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("columns", [40, 60, 100])
def test_no_line_of_a_chapter_is_wider_than_the_screen(
    name: str, case: Case, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = answered_in_full(name, case)
    monkeypatch.setenv("COLUMNS", str(columns))
    chapter = lens(name).chapter(made)
    studies = [one.blocks() for one in (made.comparison, made.tornado) if one is not None]
    told = [block for blocks in (chapter.overview, *studies) for block in blocks]
    lines = [*screen(chapter), *block_lines(told)]
    assert not [line for line, _ in lines if cell_len(line) > columns]


def test_every_outcome_that_people_are_told_of_is_one_of_the_outcomes(name: str, case: Case) -> None:
    view = lens(name).view(case)
    told = view.told()
    assert told
    assert set(told) <= set(view.outcomes(view.table.means[None]))
    for of in told.values():
        assert of.subject
        assert of.low < of.high


def test_opening_a_lens_imports_nothing_heavy(name: str, tmp_path: Path) -> None:
    program = f"""if True:
        import sys
        sys.path.append({str(tmp_path)!r})
        from detente.lenses import lens
        lens({name!r}).formats()
        print(*sys.modules)
    """
    with outside.installed(tmp_path):
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
        )
    assert not HEAVY & set(done.stdout.split())


# --- helpers -------------------------------------------------------------------------------------


def _without_doubt(case: Case) -> dict[str, Any]:
    data = case.to_dict()
    data.pop("correlations", None)
    data.pop("scenarios", None)
    for path, quantity in case.quantities.items():
        parts = path.split(".")
        if parts[-2] == "accepts":
            continue
        parent: Any = data
        for part in parts[:-1]:
            parent = parent[part]
        parent[parts[-1]] = quantity.mean
    return data


def numbers(result: LensResult) -> list[dict[str, Any]]:
    return result.tables()[lens(result.record.lens).numbers].to_records()


def _key(record: dict[str, Any]) -> tuple[Any, ...]:
    """Return what a row is about: its texts."""
    return tuple(value for value in record.values() if isinstance(value, str))


def _errors(result: LensResult) -> dict[tuple[Any, ...], float]:
    return {_key(record): float(record["mc_error"]) for record in numbers(result)}


def _numbers(records: list[dict[str, Any]]) -> dict[tuple[Any, ...], float]:
    return {
        (*_key(record), column): float(value)
        for record in records
        for column, value in record.items()
        if isinstance(value, float)
    }


def assert_close(found: dict[tuple[Any, ...], float], expected: dict[tuple[Any, ...], float]) -> None:
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        assert math.isclose(found[key], value, rel_tol=1e-9, abs_tol=1e-9), key


def _is_in(value: float, cells: set[int | float]) -> bool:
    return any(math.isclose(value, float(cell), rel_tol=1e-12, abs_tol=1e-12) for cell in cells)


def assert_sentence_is_clean(finding: Finding) -> None:
    assert finding.sentence.endswith(".")
    assert not re.search(r"\b(nan|None|inf)\b|-0(?![.\d])", finding.sentence)


def test_a_margin_has_the_sign_of_its_outcome(name: str, case: Case) -> None:
    """A lens without margins leaves out every label; one with margins answers by them as by its outcomes."""
    opened = lens(name)
    view = opened.view(case)
    values = view.table.sample(3, 0, 60)
    shares = [label for label, of in view.told().items() if of.kind == "share"]
    outcomes, margins = opened.outcomes(view, values), opened.margins(view, values, [*shares, "no.such"])
    assert set(margins) <= set(shares)
    for label, margin in margins.items():
        assert margin.shape == (60,)
        np.testing.assert_array_equal(margin > 0, outcomes[label] > 0, err_msg=label)
    assert bool(margins) == (name in ("winset", "stability", "crossimpact"))


def test_a_lens_answers_the_same_by_the_door_for_numbers(name: str, case: Case) -> None:
    opened = lens(name)
    view = opened.view(case)
    values = view.table.sample(3, 0, 60)
    again = opened.outcomes(view, values)
    for label, outcome in view.outcomes(values).items():
        np.testing.assert_array_equal(outcome, again[label])
