"""What the lens answers: with what is assumed and without, with experts, following other lenses draw by draw."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.case import Case, CrossImpactOptions
from detente.case.formats import export_case, import_case
from detente.case.formats.scenariowizard import read_sl
from detente.catalog import open_case
from detente.errors import CaseError, MissingPartError, OptionError
from detente.lenses import Effort, lens, run
from detente.lenses.crossimpact import CrossImpactLens
from detente.lenses.crossimpact.result import FREE, WITH, WITHOUT, CrossImpactResult
from detente.lenses.crossimpact.simulate import simulate
from detente.lenses.crossimpact.view import CrossImpactView
from detente.lenses.join import Joint
from detente.show.screen import section_lines
from tests.lenses.crossimpact import literal_crossimpact as literal

DRAWS = 400
TWO: dict[str, Any] = {
    "title": "T",
    "futures": {
        "descriptors": {
            "sky": {"name": "The sky", "variants": {"clear": "clear", "grey": "grey"}},
            "mood": {"name": "The mood", "variants": {"good": "good", "mixed": "mixed", "bad": "bad"}},
        },
        "judgements": {
            "sky": {
                "clear": {"mood": {"pushes": {"good": 2, "bad": -1}}},
                "grey": {"mood": {"pushes": {"good": -1, "bad": 1}}},
            },
            "mood": {"good": {"sky": {"pushes": {"clear": 1}}}},
        },
    },
}


def case_of(**futures: Any) -> Case:
    data = deepcopy(TWO)
    data["futures"] |= futures
    return Case.from_dict(data)


def answer(case: Case, **settings: Any) -> CrossImpactResult:
    found = run(case, "crossimpact", **settings)
    assert isinstance(found, CrossImpactResult)
    return found


@pytest.fixture(scope="module")
def reset() -> Case:
    return open_case("us-russia-2024")


# --- the join -------------------------------------------------------------------------------------


def test_draws_with_a_deal_are_exactly_those_of_the_win_set(reset: Case) -> None:
    """Draw k of the futures has the variant that the other lens found in draw k of the same seed."""
    case = reset.with_({"game": None, "futures.claims": None})
    joint = Joint(case, ["crossimpact"])
    opened = joint.lens("crossimpact")
    simulation: Any = opened.simulate(case, draws=DRAWS, seed=5)
    deals = lens("winset").simulate(case, draws=DRAWS, seed=5).outcomes()["ukraine.deal"]
    place = list(simulation.view.keys).index("settlement")
    assert 0 < deals.sum() < DRAWS
    np.testing.assert_array_equal(simulation.given[:, 0], deals.astype(int))
    for scenario, draw in zip(simulation.found.scenarios, simulation.found.draw, strict=True):
        assert scenario[place] == deals[draw]
    result = simulation.result()
    assert result.followed == {"settlement": "winset.ukraine"}
    assert result.readings["settlement=deal"].draws == deals.sum()
    assert result.readings["settlement=none"].draws == DRAWS - deals.sum()


def test_a_descriptor_follows_a_forecast_by_cuts_on_its_scale(reset: Case) -> None:
    cuts = [10, 20]
    case = reset.with_(
        {
            "futures.descriptors.sanctions.follows": "bargaining.sanctions",
            "futures.descriptors.sanctions.cuts": cuts,
            "options.bargaining.methods": ["mean"],
        }
    )
    opened = Joint(case, ["crossimpact"]).lens("crossimpact")
    simulation: Any = opened.simulate(case, draws=DRAWS, seed=2)
    forecast = lens("bargaining").simulate(case, draws=DRAWS, seed=2).outcomes()["sanctions.mean"]
    column = list(simulation.view.followers).index(list(simulation.view.keys).index("sanctions"))
    np.testing.assert_array_equal(simulation.given[:, column], np.searchsorted(cuts, forecast, side="right"))


def test_a_descriptor_follows_what_holds_in_a_game_by_patterns_of_options() -> None:
    case = open_case("chicken")
    assert case.game is not None
    first, second = case.game.options
    data = case.to_dict()
    data["futures"] = deepcopy(TWO["futures"])
    data["futures"]["descriptors"]["sky"] = {
        "name": "Who yields",
        "follows": "stability.nash",
        "variants": {
            "clear": {"name": "only the first", "when": f"{first} and not {second}"},
            "grey": "anything else",
        },
    }
    held = lens("stability").simulate(Case.from_dict(data), draws=1).outcomes()
    simulation: Any = (
        Joint(Case.from_dict(data), ["crossimpact"])
        .lens("crossimpact")
        .simulate(Case.from_dict(data), draws=1)
    )
    assert simulation.given.tolist() == [[0 if held["nash.YN"] else 1]]


def test_in_a_brief_nothing_that_is_followed_is_drawn_twice(
    monkeypatch: pytest.MonkeyPatch, reset: Case
) -> None:
    case = reset.with_({"game": None})
    asked: list[int] = []
    joint = Joint(case, ["winset", "crossimpact"])
    opened = joint.lens("winset")
    original = type(lens("winset")).simulate

    def counted(self: Any, case: Case, **settings: Any) -> Any:
        asked.append(settings["draws"])
        return original(self, case, **settings)

    monkeypatch.setattr(type(lens("winset")), "simulate", counted)
    assert joint.order(["crossimpact", "winset"]) == ["winset", "crossimpact"]
    first = opened.simulate(case, draws=50, seed=1)
    joint.lens("crossimpact").simulate(case, draws=50, seed=1)
    assert asked == [50]
    assert first.outcomes()["ukraine.deal"].shape == (50,)


@pytest.mark.parametrize(
    ("follows", "said"),
    [
        ("crossimpact.mood", "follows its own answer, in a circle"),
        ("winsett.ukraine", "did you mean 'winset'"),
    ],
)
def test_a_circle_or_an_unknown_lens_is_refused(follows: str, said: str) -> None:
    data = deepcopy(TWO)
    data["futures"]["descriptors"]["sky"]["follows"] = follows
    with pytest.raises(CaseError, match=said) as caught:
        run(Case.from_dict(data), "crossimpact")
    assert caught.value.problems[0].path == "futures.descriptors.sky.follows"


def test_an_answer_that_the_lens_does_not_give_is_refused(reset: Case) -> None:
    case = reset.with_({"futures.descriptors.settlement.follows": "winset.ukraina"})
    with pytest.raises(CaseError, match=r"names no such answer.*did you mean 'ukraine'"):
        run(case, "crossimpact", draws=20)


def test_a_scenario_is_searched_only_in_the_draws_in_which_it_differs(reset: Case) -> None:
    """And yet finds what searching all of them finds."""
    case = reset.with_({"game": None, "futures.claims": None})
    other = case.with_({"stances.territory.kyiv.accepts": "<= 60"})
    opened = Joint(case, ["crossimpact"]).lens("crossimpact")
    first: Any = opened.simulate(case, draws=DRAWS, seed=5)
    whole: Any = opened.simulate(other, draws=DRAWS, seed=5)
    ask = getattr(opened, "ask")  # noqa: B009 - the door that a joint run opened
    part = simulate(other, DRAWS, 5, ask=ask, like=first)
    assert 0 < (whole.given != first.given).sum() < DRAWS
    assert part.found.nodes < whole.found.nodes
    for name in ("scenarios", "draw", "free", "counts", "complete"):
        np.testing.assert_array_equal(getattr(part.found, name), getattr(whole.found, name))
    again = simulate(case, DRAWS, 5, ask=ask, like=first)
    np.testing.assert_array_equal(again.found.scenarios, first.found.scenarios)


def test_unheard_a_follower_is_judged_like_any_other(reset: Case) -> None:
    simulation: Any = lens("crossimpact").simulate(reset, draws=20)
    assert simulation.given is None
    assert simulation.result().followed == {}


# --- assumptions, fixed variants, constraints -----------------------------------------------------


def test_with_and_without_what_is_assumed_are_interventions() -> None:
    """With: held and not tested. Without: the best of its other variants. All else is tested."""
    case = case_of(assume={"name": "a clear sky", "holds": {"sky": "clear"}})
    view = CrossImpactView(case)
    found = answer(case)
    cells = view.central.tolist()
    held = literal.consistent(cells, [2, 3], fixed={0: 0}), literal.consistent(cells, [2, 3], fixed={0: 1})
    told = {one.numbers for one in found.scenarios}
    assert told == {tuple(k + 1 for k in z) for z in (*held[0], *held[1])}
    free = {tuple(k + 1 for k in z) for z in literal.consistent(cells, [2, 3])}
    assert {one.numbers for one in found.scenarios if not one.pressure} == free
    assert [found.readings[key].futures for key in (FREE, WITH, WITHOUT)] == [len(free), *map(len, held)]
    shares = {one.variant: one.share for one in found.readings[WITH].of("mood")}
    assert shares == {"good": 1.0, "mixed": 0.0, "bad": 0.0}


def test_solutions_leave_as_the_matrix_has_them_whatever_is_assumed(tmp_path: Path) -> None:
    """ScenarioWizard tests every descriptor; so do its solutions, read again beside the matrix."""
    judged = deepcopy(TWO["futures"]["judgements"])
    judged["mood"]["bad"] = {"sky": {"pushes": {"clear": 2}}}
    case = case_of(assume={"name": "a grey sky", "holds": {"sky": "grey"}}, judgements=judged)
    assert {one.numbers: one.pressure for one in answer(case).scenarios} == {(1, 1): 0, (2, 3): 2}
    further = lens("crossimpact").formats()
    export_case(case, tmp_path / "x.scw")
    assert export_case(case, tmp_path / "x.sl", further=further) == []
    found = import_case(tmp_path / "x.sl")
    assert not [one for one in found.problems if one.file == str(tmp_path / "x.sl")]
    told = {one.numbers for one in read_sl((tmp_path / "x.sl").read_text("utf-8"), "x")}
    assert told == {(1, 1)}


def test_fix_takes_ids_names_and_numbers() -> None:
    case = case_of()
    fixing = lens("crossimpact").fixing
    for named in ({"sky": "grey"}, {"The sky": "grey"}, {"sky": "2"}):
        assert fixing(case, named) == {"futures.fixed": {"sky": "grey"}}
    assert fixing(case, {}) == {}
    with pytest.raises(OptionError, match="no descriptor is called 'ski'; did you mean 'sky'"):
        fixing(case, {"ski": "grey"})
    with pytest.raises(OptionError, match="has no variant 'gray'; did you mean 'grey'"):
        fixing(case, {"sky": "gray"})
    with pytest.raises(OptionError, match="nothing to fix"):
        lens("bargaining").fixing(case, {"sky": "grey"})


def test_constraints_leave_out_what_cannot_be() -> None:
    case = case_of(constraints=[{"when": {"sky": "grey"}, "then": {"mood": ["good", "mixed"]}}])
    free = {one.numbers for one in answer(case_of()).scenarios}
    assert {one.numbers for one in answer(case).scenarios} == {z for z in free if z[0] == 1 or z[1] != 3}


def test_more_scenarios_than_can_be_numbered_are_refused_with_what_is_possible() -> None:
    variants = {f"v{k}": f"V{k}" for k in range(8)}
    many = {f"d{n}": {"name": f"D{n}", "variants": variants} for n in range(24)}
    with pytest.raises(CaseError, match="20 of the descriptors can be searched together") as caught:
        run(case_of(descriptors=many, judgements={}), "crossimpact")
    assert caught.value.problems[0].path == "futures.descriptors"


def test_the_options_of_the_lens_reach_its_view() -> None:
    case = case_of().with_({"options.crossimpact": {"tolerance": 2, "effort": 0.5}})
    assert case.options.crossimpact == CrossImpactOptions(tolerance=2, effort=0.5)
    assert CrossImpactView(case).tolerance == 2
    assert isinstance(lens("crossimpact"), CrossImpactLens)


def test_a_case_without_futures_says_so() -> None:
    with pytest.raises(MissingPartError, match="reads 'futures'"):
        run(open_case("chicken"), "crossimpact")


# --- doubt ----------------------------------------------------------------------------------------


def with_experts(**more: Any) -> Case:
    data = deepcopy(TWO)
    futures = data["futures"]
    futures["experts"] = {"anna": {"name": "Anna", "weight": 3}, "ben": {"name": "Ben", "weight": 1}}
    futures["judgements"]["sky"]["clear"]["mood"]["experts"] = {"ben": {"good": -2, "bad": 2}}
    futures["judgements"]["sky"]["grey"]["mood"]["experts"] = {"ben": {"good": 2, "bad": -2}}
    return Case.from_dict({**data, **more})


def test_experts_are_drawn_as_wholes_and_their_disagreement_is_told() -> None:
    case = with_experts()
    view, found = CrossImpactView(case), answer(case, draws=2000)
    of = {
        e: {tuple(k + 1 for k in z) for z in literal.consistent(view.guessed(e).tolist(), [2, 3])}
        for e in ("anna", "ben")
    }
    assert of["anna"] != of["ben"]
    for one in found.listed:
        assert one.experts == {expert: one.numbers in held for expert, held in of.items()}
        weight = 0.75 * one.experts["anna"] + 0.25 * one.experts["ben"]
        assert one.drawn == pytest.approx(weight, abs=0.05)
        assert one.survival == one.drawn
    assert found.survival_by == "drawn"
    assert any(one.independent != pytest.approx(one.survival, abs=0.05) for one in found.listed)
    (worth,) = [one for one in found.worth if one.kind == "expert"]
    assert worth.bits > 0.5  # to know who is right is to know which futures hold together
    assert any(one.id == "experts" for one in found.findings) or len(found.scenarios) == 0


def test_correlated_judgements_are_drawn_and_not_convolved() -> None:
    data = deepcopy(TWO)
    rows = data["futures"]["judgements"]["sky"]
    rows["clear"]["mood"]["pushes"] = {"good": "1 ± 1", "bad": "1 ± 1"}
    paths = [f"futures.judgements.sky.clear.mood.pushes.{one}" for one in ("good", "bad")]
    data["correlations"] = [{"between": paths, "rank": 0.9}]
    found = answer(Case.from_dict(data), draws=2000)
    assert found.survival_by == "drawn"
    apart = [abs(one.survival - one.independent) for one in found.listed if one.independent is not None]
    assert max(apart) > 0.05


def test_judgements_that_are_not_whole_are_drawn() -> None:
    data = deepcopy(TWO)
    data["futures"] |= {"whole": False}
    data["futures"]["judgements"]["sky"]["clear"]["mood"]["pushes"] = {"good": 0.25, "bad": "0.1 ± 0.2"}
    found = answer(Case.from_dict(data), draws=500)
    assert found.survival_by == "drawn"
    assert {one.independent for one in found.listed} == {None}
    assert found.scenarios[0].margin == pytest.approx(0.15)


def test_a_single_variant_has_nothing_to_beat_it() -> None:
    one = {"only": {"name": "Only", "variants": {"this": "this"}}}
    found = answer(case_of(descriptors=one, judgements={"only": {"this": {"only": {"pushes": {"this": 3}}}}}))
    (future,) = found.scenarios
    assert (future.margin, future.weakest, future.margins, future.total_impact) == (None, "", (None,), 3)


# --- claims and what is told ----------------------------------------------------------------------


def test_claims_say_what_holds_and_what_it_would_take() -> None:
    claims = {
        "fine": {"name": "all is fine", "holds": {"sky": "clear", "mood": "good"}},
        "odd": {"name": "a bad mood under a clear sky", "holds": {"sky": "clear", "mood": "bad"}},
    }
    case = case_of(claims=claims)
    found, cells = answer(case), CrossImpactView(case).central.tolist()
    assert (found.claims["fine"].holds, found.claims["fine"].cost) == (True, 0)
    odd = found.claims["odd"]
    allowed = [{0}, {2}]
    assert odd.cost == literal.least_lacking(cells, [2, 3], allowed, [True, True])
    assert sum(step.points for step in odd.steps) == odd.cost
    assert odd.shares[FREE] == 0
    (told,) = [one.sentence for one in found.findings if one.id == "claims"]
    assert told == (
        "Of what is said to follow, most of these futures have: all is fine (50\N{NO-BREAK SPACE}%). "
        "Hardly any have: a bad mood under a clear sky (none)."
    )


def test_the_brief_of_the_reset_answers_every_consequence_that_the_analysis_raises(reset: Case) -> None:
    found = answer(reset.with_({"game": None}), draws=DRAWS)
    assert reset.futures is not None
    assert set(found.claims) == set(reset.futures.claims)
    assert len(reset.futures.descriptors) >= 10
    chapter = lens("crossimpact").chapter(found)
    rungs = {one.finding.id: one.finding.sentence for one in chapter.rungs if one.step == "follow"}
    assert list(rungs)[:2] == ["themes", "claims"]  # those that a brief shows
    for theme in ("Ukraine", "Europe", "Asia", "Middle East", "Washington and Moscow"):
        assert rungs["themes"].count(f" {theme}: ") == 1
    assert rungs["themes"].startswith(
        "Of the futures that hold together with a reset (and without a reset): "
    )
    assert all(one.name in rungs["claims"] for one in found.claims.values())
    assert {one.id for one in chapter.figures} == {"shift", "survival", "network"}
    rows = [*reset.futures.rows()]
    assert all(row.because for *_, row in rows)
    assert sum(not push.is_exact for *_, row in rows for push in row.pushes.values()) > 40


def test_scenarios_that_leave_the_futures_alone_are_not_drawn_again() -> None:
    case = case_of(assume={"name": "a clear sky", "holds": {"sky": "clear"}})
    data = case.to_dict()
    path = "futures.judgements.sky.clear.mood.pushes.good"
    data["scenarios"] = {
        "same": {"name": "Same", "changes": {}},
        "other": {"name": "Other", "changes": {path: -3}},
    }
    case = Case.from_dict(data)
    versions = {"as it stands": case, **{name: case.with_(scenario=name) for name in case.scenarios}}
    found = lens("crossimpact").answer(versions, Effort(draws=10))
    assert found.comparison is not None
    assert set(found.comparison.names) == {"as it stands", "other"}


def test_never_a_future_without_survival_margin_and_basin(reset: Case) -> None:
    found = answer(reset.with_({"game": None}), draws=50)
    lines = [
        line
        for section in lens("crossimpact").chapter(found).sections
        for line, _ in section_lines(section, titled=True)
    ]
    text = " ".join(" ".join(lines).split())
    assert text.count("Future ") >= 2
    assert text.count("Survival ") == text.count("; basin ") >= 2
    table = found.tables()["futures"]
    assert {"survival", "margin", "basin"} <= set(table.columns)


def test_rows_asked_about_again_are_searched_only_where_they_are_told_otherwise(
    reset: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = CrossImpactView(reset)
    values, given = view.table.sample(1, 0, 20), np.zeros((20, len(view.followers)), np.int64)
    first, searched, find = view.outcomes(values, given), list[int](), view.found

    def found(cells: Any, told: Any) -> Any:
        searched.append(len(told))
        return find(cells, told)

    changed = given.copy()
    changed[3:5] = 1
    monkeypatch.setattr(view, "found", found)
    again, other = view.outcomes(values, given), view.outcomes(values, changed)
    assert searched == [2]
    afresh = CrossImpactView(reset).outcomes(values, changed)
    for label, one in first.items():
        np.testing.assert_array_equal(again[label], one)
        np.testing.assert_array_equal(other[label], afresh[label])
