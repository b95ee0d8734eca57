"""Figures: each says what it found, in numbers that its table holds, and can be drawn for any case."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable

import pytest

from detente.catalog import slugs
from detente.report import Brief
from detente.show.figure import Figure
from detente.show.palette import TONES
from detente.show.svg import dressed
from detente.show.vega import round_values
from tests.report.making import edge_cases

NAMES = [*slugs(), *edge_cases()]
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


@pytest.fixture(params=NAMES)
def made(request: pytest.FixtureRequest, brief_of: Callable[[str], Brief]) -> Brief:
    return brief_of(request.param)


def test_every_number_of_a_figure_s_finding_stands_in_its_table(made: Brief) -> None:
    for figure in made.figures:
        cells = [cell for row in figure.table.rows for cell in row if isinstance(cell, int | float)]
        for name, number in figure.finding.numbers.items():
            if name.partition(".")[0] in COUNTED or name == "forecast":
                continue
            assert any(cell == pytest.approx(number) for cell in cells), (figure.id, name)


def test_a_finding_is_a_sentence_and_never_a_label(made: Brief) -> None:
    for figure in made.figures:
        assert figure.title.endswith((".", ".”")), figure.title
        assert len(figure.title.split()) >= 5
        assert figure.title.startswith(figure.subject)
        assert "nan" not in figure.title.lower().split()
        assert figure.table.name == figure.finding.table


@pytest.mark.parametrize("name", ["us-russia-2024", "outcome and no deal close together", "nothing in doubt"])
def test_every_kind_of_chart_is_valid_vega_lite(brief_of: Callable[[str], Brief], name: str) -> None:
    made = brief_of(name)
    for one in {figure.id.split("-")[0]: figure for figure in made.figures}.values():
        spec = copy.deepcopy(one.spec)
        for layer in spec["layer"]:  # rows are nothing to the schema, and validating them takes long
            del layer["data"]["values"][1:]
        chart = Figure(**{**vars(one), "spec": spec}).chart
        assert len(chart.to_dict(validate=True)["layer"]) == len(one.spec["layer"])


def test_the_chart_is_an_altair_object_with_all_its_rows(brief_of: Callable[[str], Brief]) -> None:
    figure = brief_of("one actor").figures[0]
    assert figure.chart.to_dict(validate=False)["layer"][0]["data"] == figure.spec["layer"][0]["data"]


def test_a_figure_for_a_page_has_a_name_a_description_and_the_page_s_colours(
    brief_of: Callable[[str], Brief],
) -> None:
    figure = brief_of("river-dam").figures[0]
    picture = figure.svg("page")
    assert 'role="img"' in picture
    assert f'aria-labelledby="fig-{figure.id}.title fig-{figure.id}.desc"' in picture
    assert f'<title id="fig-{figure.id}.title">{figure.title}</title>' in picture
    assert figure.definition in picture
    assert "style=" not in picture
    assert "var(--fig-ink," in picture
    bare = re.sub(r"var\(--fig-[\w-]+,#\w+\)", "", picture)
    assert not [tone.name for tone in TONES if tone.light in bare]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_figure_that_stands_alone_carries_its_title_and_plain_colours(
    brief_of: Callable[[str], Brief], theme: str
) -> None:
    figure = brief_of("river-dam").figures[0]
    picture = figure.svg("dark" if theme == "dark" else "light")
    assert "var(" not in picture
    assert "Filling time" in re.sub(r"<(title|desc).*?</\1>", "", picture)
    ground = {"light": "#fffffe", "dark": "#15191d"}[theme]
    assert ground in picture


def test_a_figure_draws_the_same_bytes_whatever_was_drawn_before(brief_of: Callable[[str], Brief]) -> None:
    first, *_, last = brief_of("river-dam").figures
    before = first.svg("page")
    last.svg("light")
    assert first.svg("page") == before


def test_a_picture_file_is_a_png(brief_of: Callable[[str], Brief]) -> None:
    assert brief_of("river-dam").figures[0].png(1).startswith(b"\x89PNG")


def test_a_figure_shows_itself_in_a_notebook_without_a_script(brief_of: Callable[[str], Brief]) -> None:
    figure = brief_of("river-dam").figures[0]
    shown = figure._repr_html_()
    assert figure._repr_svg_() in shown
    assert "<table>" in shown
    assert "Line: 80 % of draws." in shown
    assert "<script" not in shown
    assert "http" not in shown.replace("http://www.w3.org/", "")


def test_hostile_names_stay_text_in_every_figure(brief_of: Callable[[str], Brief]) -> None:
    for figure in brief_of("hostile names").figures:
        assert "<script" not in figure.svg("page")
        assert "<script" not in figure._repr_html_()


def test_no_figure_of_a_report_shares_an_id_with_another(made: Brief) -> None:
    ids = [figure.id for figure in made.figures]
    assert len(ids) == len(set(ids))


def test_ids_and_references_inside_a_picture_carry_the_name_of_the_figure() -> None:
    raw = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">'
        '<clipPath id="clip1"><path d="M0,0.123456h-0.0001"/></clipPath>'
        '<g clip-path="url(#clip1)" transform="translate(0,0)" role="x" aria-label="y">'
        '<path class="background" d="M0,0" display="none" fill="red"/><use xlink:href="#clip1" stroke="#1D232A"/>'
        "</g><g/></svg>"
    )
    picture = dressed(raw, prefix="p", title="t", description="d", theme="dark")
    assert 'id="p.clip1"' in picture
    assert 'clip-path="url(#p.clip1)"' in picture
    assert 'href="#p.clip1"' in picture
    assert 'd="M0,0.12h0"' in picture
    assert 'stroke="#e6e8ea"' in picture
    assert "aria-label=" not in picture
    assert "background" not in picture


# --- scales ---------------------------------------------------------------------------------------
def test_round_values_lie_inside_and_are_round() -> None:
    assert round_values(43.2, 61.7) == [45.0, 50.0, 55.0, 60.0]
    assert round_values(5, 5) == [5]
    assert round_values(-0.013, 0.02) == [-0.01, 0.0, 0.01, 0.02]
