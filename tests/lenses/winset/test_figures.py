"""Figures on deals: each says what it found, in numbers that its table holds, and can be drawn for any case."""

from __future__ import annotations

import copy
import json

import pytest

from detente.lenses.winset.answers import CurvePoint
from detente.lenses.winset.chapter import MOST_ISSUES
from detente.lenses.winset.figures.bands import bands_figure
from detente.lenses.winset.figures.curves import softening_figure, tied_hands_figure
from detente.lenses.winset.figures.shares import blockers_figure, levers_figure
from detente.lenses.winset.figures.winsets import winsets_figure
from detente.lenses.winset.findings import findings
from detente.lenses.winset.lens import LENS
from detente.show.figure import Figure
from tests.lenses.winset.dealing import SPACE, deals, figures, numbers, result

NAMES = list(deals())


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_a_figure_s_finding_stands_in_its_table(name: str) -> None:
    for figure in figures(name).values():
        for key, number in figure.finding.numbers.items():
            assert pytest.approx(number) in numbers(figure.table), (figure.id, key)
        assert figure.table.name == figure.finding.table
        assert figure.title.endswith((".", ".”"))
        assert "nan" not in figure.title.lower().split()


@pytest.mark.parametrize("name", NAMES)
def test_every_chart_is_made_of_finite_numbers(name: str) -> None:
    for figure in figures(name).values():
        json.dumps(figure.spec, allow_nan=False)


@pytest.mark.parametrize("name", ["no deal at all", "long names"])
def test_every_kind_of_chart_is_valid_vega_lite(name: str) -> None:
    for figure in {one.id.split("-")[0]: one for one in figures(name).values()}.values():
        spec = copy.deepcopy(figure.spec)
        for layer in spec["layer"]:
            del layer["data"]["values"][1:]
        chart = Figure(**{**vars(figure), "spec": spec}).chart
        assert len(chart.to_dict(validate=True)["layer"]) == len(figure.spec["layer"])


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_drawn_outside_the_frame(name: str) -> None:
    for figure in figures(name).values():
        height, width = figure.spec["height"], figure.spec["width"]
        for layer in figure.spec["layer"]:
            y = layer["encoding"].get("y", {})
            for row in layer["data"]["values"]:
                at = y.get("value", row.get(y.get("field", ""), 0))
                assert -1 <= at <= height + 1, (figure.id, layer["mark"])
            x = layer["encoding"].get("x", {})
            if "scale" in x and x["scale"] is None:
                assert all(-1 <= row[x["field"]] <= width + 1 for row in layer["data"]["values"])


# --- figures -------------------------------------------------------------------------------------
def test_bands_say_what_is_accepted_or_who_stand_apart() -> None:
    message = {name: figures(name)["bands-trade"].message for name in ("no deal at all", "weak")}
    assert "no less than 70 for North" in message["no deal at all"].lower().replace("north", "North")
    assert "no more than 30 for South" in message["no deal at all"]
    assert "everybody needed accepts" in message["weak"].lower()
    assert "nothing is better than no deal for North" in (
        figures("accepts nothing")["bands-trade"].title.replace("Nothing", "nothing")
    )


def test_bands_without_two_who_are_needed_say_only_that_nothing_is_accepted() -> None:
    found = result("no deal at all")
    free = {
        actor: band.model_copy(update={"required": False}) for actor, band in found.bands["trade"].items()
    }
    shown = bands_figure(found.model_copy(update={"bands": {"trade": free}}), "trade")
    assert "no value is accepted by all who are needed" in shown.title.replace("No value", "no value")
    wide = {
        actor: band.model_copy(update={"low": 0.0, "high": 100.0})
        for actor, band in found.bands["trade"].items()
    }
    shown = bands_figure(found.model_copy(update={"bands": {"trade": wide}}), "trade")
    assert "better than no deal for all who are needed" in shown.title


def test_the_map_is_of_the_issues_that_the_case_names() -> None:
    shown = figures("named map")["winsets"]
    assert shown.subject == "Arms and Trade"
    assert "egalitarian terms" in shown.title
    assert result("named map").plane is not None
    assert "winsets" not in figures("one issue")


def test_the_map_says_whether_win_sets_overlap_touch_or_are_empty() -> None:
    assert "overlap; the Nash terms are" in figures("a deal sometimes")["winsets"].title
    assert "do not overlap" in figures("no deal at all")["winsets"].title
    assert "nothing on these two alone satisfies North" in figures("accepts nothing")["winsets"].title
    found = result("a deal sometimes")
    assert found.plane is not None
    touching = found.model_copy(update={"plane": found.plane.model_copy(update={"solutions": {}})})
    assert touching.plane is not None
    assert "only touch" in winsets_figure(touching, touching.plane).title


def test_only_changes_that_help_are_drawn_and_all_stand_in_the_table() -> None:
    shown = levers_figure(result("no deal at all"), "all")
    levers = result("no deal at all").levers["all"]
    drawn = next(layer for layer in shown.spec["layer"] if layer["mark"]["type"] == "point")["data"]["values"]
    assert len(drawn) == sum(lever.change > 0 for lever in levers)
    assert len(shown.table.rows) == len(levers)
    helpless = [lever.model_copy(update={"change": 0.0}) for lever in levers]
    bare = result("no deal at all").model_copy(update={"levers": {"all": tuple(helpless)}})
    shown = levers_figure(bare, "all")
    assert "no single red line or consent" in shown.title.lower()


def test_blockers_without_an_isolated_conflict_say_so() -> None:
    found = result("no deal at all")
    bare = found.blockers["all"].model_copy(update={"conflicts": (), "unfinished": 0.5})
    shown = blockers_figure(found.model_copy(update={"blockers": {"all": bare}}), "all")
    assert "no conflict of demands could be isolated" in shown.title.lower()
    assert any("only the smallest conflicts were listed" in note for note in shown.how)
    assert "North’s minimum and South’s maximum on Trade cannot both hold" in (
        figures("no deal at all")["blockers-all"].title
    )


def test_a_softened_red_line_has_a_curve_from_its_first_to_its_best() -> None:
    shown = figures("no deal at all")["softening-all"]
    curve = result("no deal at all").deals["all"].softening
    assert "softening South’s maximum on Trade" in shown.title.replace("Softening", "softening")
    assert shown.finding.numbers["most"] == max(point.probability for point in curve or ())
    with pytest.raises(ValueError, match="no red line to soften"):
        softening_figure(result("one issue"), "price")


def test_tied_hands_gain_while_there_is_a_deal() -> None:
    found = result("a deal sometimes")
    side = (found.deals["all"].sides or ())[0]
    rising = (
        CurvePoint(strength=0.0, probability=1.0, gains={side.name: 0.1}, mc_error=0.0, terms={}, draws=300),
        CurvePoint(strength=0.1, probability=0.5, gains={side.name: 0.3}, mc_error=0.0, terms={}, draws=300),
        CurvePoint(strength=0.2, probability=0.0, gains={}, mc_error=0.0, terms={}, draws=300),
    )
    shown = tied_hands_figure(found, "all", side.model_copy(update={"curve": rising}))
    assert shown.finding.numbers == {"first": 1.0, "last": 0.0, "gain": 0.3}
    assert "its own gain rises to 30 %" in shown.title.replace(SPACE, " ")
    whole = found.model_copy(update={"record": found.record.model_copy(update={"draws": 5_000})})
    fewer = tied_hands_figure(whole, "all", side.model_copy(update={"curve": rising}))
    assert "n the first 300 draws, tying" in fewer.title  # beside another probability over all draws
    flat = tied_hands_figure(found, "all", side.model_copy(update={"curve": rising[:1]}))
    assert "gain" not in flat.finding.numbers
    assert flat.svg("page")


def test_two_sides_whose_names_differ_in_other_letters_have_figures_of_their_own() -> None:
    tied = [name for name in figures("right to left") if name.startswith("tied-")]
    assert len(tied) == len(set(tied)) == 2


def test_only_so_many_issues_get_bands_of_their_own() -> None:
    assert sum(name.startswith("bands-") for name in figures("thirty issues")) == MOST_ISSUES
    assert len(result("thirty issues").bands) == 30


def test_a_chapter_draws_only_what_there_is() -> None:
    name = "no deal at all"
    found = result(name)
    bare = dict.fromkeys(found.blockers["all"].actors, 0.0)
    nobody = found.blockers["all"].model_copy(update={"actors": {}, "alone": bare})
    still = tuple(side.model_copy(update={"curve": ()}) for side in (found.deals["all"].sides or ()))
    less = found.model_copy(
        update={
            "plane": None,
            "levers": {},
            "blockers": {"all": nobody},
            "deals": {"all": found.deals["all"].model_copy(update={"softening": (), "sides": still})},
            "bands": {},
        }
    )
    drawn = LENS.chapter(less)
    assert [figure.id for figure in drawn.figures] == ["chances"]
    told = {finding.id for finding in findings(less)}
    assert "lever.all" not in told
    assert "alone.all" not in told
    assert "blocked.all" in told


def test_a_finding_tells_what_could_not_be_decided() -> None:
    found = result("one issue")
    shaky = found.chance("price").model_copy(update={"unknown": 0.2})
    less = found.model_copy(update={"deal_probability": {"as_it_stands": {"price": shaky}}})
    first = next(iter(findings(less)))
    assert first.numbers["unknown"] == 0.2
    assert "undecided in 20 %" in first.sentence.replace(SPACE, " ")


def test_a_case_without_no_deal_points_has_no_chapter_on_deals() -> None:
    case = deals()["one issue"].with_({"issues.price.no_deal": None})
    assert not LENS.reads(case)
