"""Figures: each says what it found, in numbers that its table holds, and can be drawn for any case."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable

import pytest

from detente.catalog import slugs
from detente.report import Brief, Figure
from detente.report.figures.positions import positions
from detente.report.figures.rounds import rounds_figure
from detente.report.figures.scenarios import moves
from detente.show.blocs import blocs, legend
from detente.show.palette import TONES
from detente.show.svg import LETTERS, drawn, dressed, shortened
from detente.show.vega import round_values
from tests.report.conftest import settled
from tests.report.making import edge_cases, numbers_in

NAMES = [*slugs(), *edge_cases()]
COUNTED = {"crossed", "red_lines", "below", "actors", "rounds", "share", "settled", "cap", "cycle", "centre"}


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


def test_drawing_with_letters_in_place_of_texts_gives_the_very_same_picture(
    brief_of: Callable[[str], Brief],
) -> None:
    figure = brief_of("us-russia-2024").figures[0]
    slow = dressed(drawn(figure.spec), prefix="p", title="t", description="d", theme="page")
    spec, letters = shortened(figure.spec)
    fast = dressed(drawn(spec), prefix="p", title="t", description="d", theme="page", letters=letters)
    assert letters
    assert fast == slow


def test_a_chart_with_more_texts_than_letters_is_left_as_it_is(brief_of: Callable[[str], Brief]) -> None:
    spec = copy.deepcopy(brief_of("river-dam").figures[0].spec)
    rows = [{"y": k, "text": f"text {k}"} for k in range(len(LETTERS) + 1)]
    text_layer = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "text")
    text_layer["data"] = {"values": rows}
    assert shortened(spec) == (spec, {})


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
    assert "A whisker spans the middle 80 % of the doubt." in shown
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


# --- what the findings say -----------------------------------------------------------------------
def figure(made: Brief, name: str) -> Figure:
    return next(one for one in made.figures if one.id == name)


def test_the_position_map_names_the_red_lines_that_the_forecast_crosses(
    brief_of: Callable[[str], Brief],
) -> None:
    made = brief_of("us-russia-2024")
    for row in settled(made).forecast_rows:
        shown = figure(made, f"positions-{row.issue}")
        of = made.case.issues[row.issue]
        refusing = []
        for actor, stance in made.case.stances[row.issue].items():
            bounds = stance.accepts.bounds() if stance.accepts else {}
            low, high = (
                bounds[side].within(of.low, of.high).mean if side in bounds else None
                for side in ("lower", "upper")
            )
            if (low is not None and row.mean < low) or (high is not None and row.mean > high):
                refusing.append(made.case.actors[actor].name)
        assert len(refusing) == row.crossed
        assert ("crosses" in shown.title and "none" not in shown.title) == bool(refusing)
        if len(refusing) <= 3:
            assert all(name in shown.title for name in refusing)


def test_the_outcome_figure_says_how_often_nothing_beats_no_deal(brief_of: Callable[[str], Brief]) -> None:
    made = brief_of("us-russia-2024")
    for row in settled(made).forecast_rows:
        title = figure(made, f"outcomes-{row.issue}").title
        said = "nothing better than no deal" in title
        assert said == (row.no_agreement is not None and row.no_agreement >= 0.05)


def test_the_tornado_s_title_shows_the_numbers_of_its_widest_bar(brief_of: Callable[[str], Brief]) -> None:
    made = brief_of("us-russia-2024")
    for row in settled(made).forecast_rows:
        bar = settled(made).tornado.bars[f"{row.issue}.mean"][0]
        shown = numbers_in(figure(made, f"tornado-{row.issue}").message)
        low, high = sorted((bar.at_low, bar.at_high))
        assert shown[-2:] == [pytest.approx(low, abs=0.5), pytest.approx(high, abs=0.5)]


def test_the_scenario_figure_names_the_largest_move_against_its_scale(
    brief_of: Callable[[str], Brief],
) -> None:
    made = brief_of("us-russia-2024")
    comparison = settled(made).comparison
    assert comparison is not None
    moves = {
        (label, outcome): abs(difference.mean)
        for outcome, versions in comparison.differences.items()
        for label, difference in versions.items()
        if outcome.endswith(".mean")
    }
    (label, outcome), _ = max(moves.items(), key=lambda item: item[1])
    title = figure(made, "scenarios").title
    assert made.case.scenarios[label].name in title
    assert made.case.issues[outcome.removesuffix(".mean")].name in title


def test_a_scenario_is_followed_by_the_method_that_leads_on_an_issue(
    brief_of: Callable[[str], Brief],
) -> None:
    # The headline method has no forecast; by the median of two equal weights the lower position decides.
    shown = figure(brief_of("headline method without forecasts"), "scenarios")
    assert shown.title == "No scenario moves any issue by a hundredth of its scale."


def test_moves_that_no_version_has_give_no_figure(brief_of: Callable[[str], Brief]) -> None:
    made = brief_of("headline method without forecasts")
    comparison = settled(made).comparison
    assert comparison is not None
    bare = comparison.model_copy(update={"differences": {}})
    assert moves(bare, settled(made).result) == ()
    chapter = settled(made).model_copy(update={"comparison": bare})
    assert not [one for one in chapter.figures(made.case) if one.id == "scenarios"]


def test_a_scenario_that_changes_nothing_is_said_to_change_nothing(brief_of: Callable[[str], Brief]) -> None:
    title = figure(brief_of("scenario that takes an issue away"), "scenarios").title
    assert title == "No scenario moves any issue by a hundredth of its scale."


def test_the_challenge_figure_follows_the_published_rounds(brief_of: Callable[[str], Brief]) -> None:
    # Median 7 at the start and after ten rounds of the variant that reproduces the published table.
    shown = figure(brief_of("emission-standards-1985"), "rounds-delay")
    assert shown.message == "Challenges leave the weighted median at 7.00 (10 rounds).".replace("10", "ten")
    medians = next(row for row in shown.table.rows if row[0] == "Weighted median")
    assert medians[2] == pytest.approx(8.415932, abs=1e-6)


def test_the_challenge_figure_says_how_often_the_game_finds_no_rest(brief_of: Callable[[str], Brief]) -> None:
    made = brief_of("emission-standards-1985")
    rounds = settled(made).result.rounds["delay"].model_copy(update={"stopped": {"cycle": 0.25, "cap": 0.01}})
    result = settled(made).result.model_copy(update={"rounds": {"delay": rounds}})
    said = rounds_figure(made.case, result, "delay").finding
    assert said.sentence.endswith("In 25\N{NO-BREAK SPACE}% of draws an earlier state returns.")
    assert "limit" not in said.sentence
    assert said.numbers["cycle"] == 0.25


def test_a_scale_s_anchors_are_numbered_where_there_is_room(brief_of: Callable[[str], Brief]) -> None:
    picture = figure(brief_of("crowded anchors"), "positions-peace").svg("page")
    shown = re.findall(r">([\d,]+)</text>", picture)
    assert {"1000", "2000"} <= set(shown)
    assert "1010" not in shown


def test_an_issue_without_doubt_says_that_nothing_moves_it(brief_of: Callable[[str], Brief]) -> None:
    shown = figure(brief_of("doubt on one issue only"), "tornado-arms")
    assert shown.message == "No input in doubt moves the forecast from 35."
    assert "No input in doubt moves this forecast." in shown.svg("page")


def test_only_the_heaviest_actors_are_drawn_where_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch, brief_of: Callable[[str], Brief]
) -> None:
    monkeypatch.setattr("detente.report.figures.positions.MOST_ROWS", 5)
    made = brief_of("forty actors")
    shown = positions(made.case, settled(made).result, "peace")
    bubbles = next(layer for layer in shown.spec["layer"] if layer["mark"]["type"] == "point")
    assert len(bubbles["data"]["values"]) == 5
    assert len(shown.table.rows) == 40


# --- blocs and scales ----------------------------------------------------------------------------
def test_blocs_beyond_the_sixth_and_actors_of_none_are_drawn_together(
    brief_of: Callable[[str], Brief],
) -> None:
    found = blocs(brief_of("seven blocs and some of none").case)
    assert [bloc.name for bloc in found] == [*(f"Bloc {k}" for k in range(6)), "Others"]
    assert len({(bloc.look.shape) for bloc in found}) == 7
    assert found[-1].actors == ("m6", "m7", "m8")
    assert "circle Bloc 0" in legend(brief_of("seven blocs and some of none").case)


def test_a_case_without_groups_has_no_blocs(brief_of: Callable[[str], Brief]) -> None:
    assert blocs(brief_of("one actor").case) == ()
    assert legend(brief_of("one actor").case) == ""


def test_round_values_lie_inside_and_are_round() -> None:
    assert round_values(43.2, 61.7) == [45.0, 50.0, 55.0, 60.0]
    assert round_values(5, 5) == [5]
    assert round_values(-0.013, 0.02) == [-0.01, 0.0, 0.01, 0.02]
