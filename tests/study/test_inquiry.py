"""A study over the lenses of a case: what decides, whom to ask, what is refused, and what is not said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import detente
from detente.case import Case
from detente.errors import CaseError, OptionError
from detente.lenses import lens
from detente.show.blocks import FigureBlock
from detente.study.chapter import ERROR, Study, _moving, blocks, rungs
from detente.study.inquiry import inquire
from detente.study.records import Move
from detente.study.sampled import drawn


@pytest.fixture(scope="module")
def made() -> Study:
    """Return a study of the teaching case."""
    return inquire(detente.load("river-dam"), draws=2_000, flips=0)


def rows_of(made: Study, name: str) -> list[Any]:
    """Return the rows of a kind, of all outcomes."""
    return [row for one in made.outcomes for row in getattr(one, name)]


def explained(made: Study) -> list[float]:
    """Return what every input explains."""
    return [one.share for one in rows_of(made, "inputs")]


def together(made: Study) -> list[Move]:
    """Return the moves of the joint flips."""
    return [move for one in made.outcomes for move in one.together]


def test_uniforms_and_numbers_of_a_table_belong_together() -> None:
    for slug in ("river-dam", "us-russia-2024"):
        table = lens("bargaining").view(detente.load(slug)).table
        u = table.uniforms(3, 5, 20)
        assert u.shape == (20, len(table.uncertain))
        assert table.at(u) == pytest.approx(table.sample(3, 5, 20), rel=1e-12, abs=1e-12)


def test_every_share_stands_in_the_tables_and_the_record_is_read_back(made: Study) -> None:
    assert Study.from_dict(made.to_dict()) == made
    inputs = rows_of(made, "inputs")
    assert len(made.tables()["inputs"].rows) == len(inputs)
    assert inputs
    assert all(0 < one.share <= 1.01 for one in inputs)
    assert {one.kind for one in rows_of(made, "asking")} <= {"actor", "issue", "source"}
    assert "<svg" in made._repr_html_()


def test_what_is_told_first_decides_most(made: Study) -> None:
    for outcome in made.outcomes:
        told = [one.share for one in outcome.inputs]
        assert told == sorted(told, reverse=True)
        reached = [one.reached for one in outcome.plan]
        assert reached == sorted(reached)


def test_the_past_error_of_every_answer_is_told(made: Study) -> None:
    assert all(one.record for one in made.outcomes)
    for one in made.outcomes:
        assert ("245 decided issues" in one.record) == (one.lens == "bargaining")
        assert (f"{ERROR} points of 100" in one.record) == (
            one.lens == "bargaining"
        )  # as the back-test measures


def test_a_figure_says_of_each_of_its_answers_how_such_ones_did() -> None:
    """Where issues settle has a record; deals have none, and do not borrow it."""
    made = inquire(detente.load("us-russia-2024"), draws=800, lens_name="winset", flips=0)
    mixed = inquire(detente.load("us-russia-2024"), draws=800, lens_name="bargaining", flips=0)
    both = mixed.model_copy(update={"outcomes": (*mixed.outcomes, *made.outcomes)})
    figure = next(one.figure for one in blocks(both) if isinstance(one, FigureBlock))
    assert "245 decided issues" in figure.definition
    assert "no record tells yet" in figure.definition


CASE: dict[str, Any] = {
    "detente": 1,
    "title": "Two",
    "actors": {"a": {"name": "A", "influence": 1}, "b": {"name": "B", "influence": 1}},
    "issues": {"x": {"name": "X", "scale": {0: "low", 100: "high"}}},
    "stances": {
        "x": {"a": {"position": "40 ± 10", "salience": 1}, "b": {"position": "60 ± 1", "salience": 1}}
    },
}


def test_asking_the_one_in_doubt_settles_it() -> None:
    """The mean is (a + b)/2: variances 100 to 1, so a tells 99 % of it."""
    found = inquire(Case.from_dict(CASE), draws=4_000, flips=0)
    actors = [one for one in rows_of(found, "asking") if one.kind == "actor"]
    assert actors[0].ask == "a"
    assert actors[0].share == pytest.approx(100 / 101, abs=0.02)
    assert actors[0].reported == pytest.approx(0.5 * 100 / 101, abs=0.05)
    assert all(0 <= one.reported <= one.share <= 1.0 for one in rows_of(found, "asking"))
    assert rows_of(found, "plan")[0].ask == "a"
    assert found.outcomes[0].joint_play == pytest.approx(0.0, abs=0.02)


def test_what_one_hears_is_worth_what_it_is_reliable() -> None:
    """Of a straight line a report of reliability r is worth r times the truth."""
    for reliability in (0.2, 0.8, 1.0):
        found = inquire(Case.from_dict(CASE), draws=8_000, flips=0, reliability=reliability)
        best = next(one for one in rows_of(found, "asking") if one.ask == "a")
        assert best.reported == pytest.approx(reliability * best.share, abs=0.04)


def test_exact_runs_find_the_share_within_their_error() -> None:
    found = inquire(Case.from_dict(CASE), draws=4_000, flips=0, exact=True)
    best = next(one for one in rows_of(found, "asking") if one.ask == "a")
    assert best.error is not None
    assert best.share == pytest.approx(100 / 101, abs=4 * best.error + 0.005)


@pytest.mark.parametrize("rank", [0.5, -0.9])
def test_exact_runs_know_of_what_is_correlated_only_what_the_one_asked_tells_of_it(rank: float) -> None:
    """The mean is (a + b)/2, both ± 10 with correlation r: knowing b, (1 + r)²/4 of 2(1 + r)/4 of V is gone."""
    of = CASE["stances"]["x"]
    stances = {"x": {**of, "b": {**of["b"], "position": "60 ± 10"}}}
    both = ["stances.x.a.position", "stances.x.b.position"]
    tied = {**CASE, "stances": stances, "correlations": [{"between": both, "rank": rank}]}
    found = inquire(Case.from_dict(tied), draws=4_000, flips=0, exact=True, kinds=("actor",))
    r = 2 * np.sin(np.pi * rank / 6)
    for one in rows_of(found, "asking"):
        assert one.error is not None
        assert one.share == pytest.approx((1 + r) / 2, abs=4 * one.error + 0.005), one.told


def test_costs_of_the_case_make_the_plan_and_a_budget_bounds_it() -> None:
    dear = {**CASE, "ask": {"a": {"cost": 500, "note": "a summit"}}}
    found = inquire(Case.from_dict(dear), draws=1_000, flips=0)
    assert {one.cost for one in rows_of(found, "asking") if one.ask == "a"} == {500.0}
    bounded = inquire(Case.from_dict(dear), draws=1_000, flips=0, budget=10)
    assert "a" not in {one.ask for one in rows_of(bounded, "plan")}
    paid = inquire(Case.from_dict(dear), draws=1_000, flips=0, budget=501)
    assert rows_of(paid, "plan")[0].ask == "a"
    assert all(one.spent <= 501 for one in rows_of(paid, "plan"))
    assert (
        rows_of(inquire(Case.from_dict(dear), draws=1_000, flips=0, costs={"a": 1.0}), "plan")[0].ask == "a"
    )


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        ({"a": {"cost": 0}}, "greater than 0|above 0"),
        ({"a": {"cost": -3}}, "greater than 0|above 0"),
        ({"a": {"cost": "much"}}, "number"),
        ({"z": {"cost": 1}}, "no actor, issue or source"),
    ],
)
def test_costs_that_are_none_are_refused_in_the_case(ask: dict[str, Any], said: str) -> None:
    with pytest.raises(CaseError, match=said):
        Case.from_dict({**CASE, "ask": ask})


def test_names_and_order_change_nothing() -> None:
    plain = inquire(Case.from_dict(CASE), draws=1_000, flips=0)
    turned = {**CASE, "actors": dict(reversed(CASE["actors"].items()))}
    other = inquire(Case.from_dict(turned), draws=1_000, flips=0)
    assert explained(other) == pytest.approx(explained(plain))


def test_units_change_nothing() -> None:
    """A scale of 0..1 instead of 0..100 leaves every share, and scales what is on it."""
    small = {
        **CASE,
        "issues": {"x": {"name": "X", "scale": {0: "low", 1: "high"}}},
        "stances": {
            "x": {
                "a": {"position": "0.4 ± 0.1", "salience": 1},
                "b": {"position": "0.6 ± 0.01", "salience": 1},
            }
        },
    }
    large, little = (inquire(Case.from_dict(one), draws=1_000, flips=0) for one in (CASE, small))
    assert explained(little) == pytest.approx(explained(large))
    assert little.outcomes[0].mean == pytest.approx(large.outcomes[0].mean / 100)


def test_what_cannot_be_studied_is_told() -> None:
    case = Case.from_dict(CASE)
    with pytest.raises(OptionError, match="too few draws to tell anything from chance: 1; ask for 200"):
        inquire(case, draws=1)
    with pytest.raises(OptionError, match=r"did you mean 'x\.mean'"):
        inquire(case, draws=500, outcome="x.maen", flips=0)
    with pytest.raises(OptionError, match="a cost lies above 0"):
        inquire(case, draws=500, costs={"a": -1.0})
    with pytest.raises(OptionError, match="nothing that one can ask is called 'c'"):
        inquire(case, draws=500, costs={"c": 1.0})
    with pytest.raises(OptionError, match="reliability"):
        inquire(case, draws=500, reliability=0)
    with pytest.raises(OptionError, match="nan is no value of a scale"):
        inquire(case, draws=500, outcome="x.mean", at=float("nan"))
    (far,) = rows_of(inquire(case, draws=500, outcome="x.mean", at=1e9), "flips")
    assert (far.answer, far.length) == (False, None)
    with pytest.raises(OptionError, match="in doubt"):
        inquire(detente.load("emission-standards-1985"), draws=500)


def test_an_answer_that_never_changes_is_said_to_be_steady() -> None:
    wide = {
        **LINES,
        "stances": {"land": {**LINES["stances"]["land"], "k": {"position": "90 ± 1", "salience": 1}}},
    }
    found = inquire(Case.from_dict(wide), draws=500)
    assert "land.deal" in {one.outcome for one in found.outcomes if not one.spread}
    assert not [one for one in found.outcomes if one.outcome == "land.deal" and one.asking]


def test_a_seed_gives_the_same_study_whoever_works() -> None:
    case = Case.from_dict(CASE)
    one, two = (inquire(case, draws=1_400, seed=4, flips=0, workers=n) for n in (1, 2))
    assert one == two
    assert np.isfinite([row.error for row in rows_of(one, "inputs")]).all()


def test_the_package_can_be_called() -> None:
    case = Case.from_dict(CASE)
    called: Any = detente.study
    assert called(case, draws=300, flips=0) == detente.inquire(case, draws=300, flips=0)


LINES: dict[str, Any] = {
    "detente": 1,
    "title": "Two red lines",
    "actors": {"k": {"name": "K", "influence": 1}, "u": {"name": "U", "influence": 1}},
    "issues": {
        "land": {
            "name": "Land",
            "scale": {0: "low", 100: "high"},
            "no_deal": 50,
            "consent": {"all_of": ["k", "u"]},
            "failure_cost": 10,
        }
    },
    "stances": {
        "land": {
            "k": {"position": 90, "salience": 1, "accepts": ">= 60 ± 5"},
            "u": {"position": 10, "salience": 1, "accepts": "<= 45 ± 5"},
        }
    },
}


def test_the_smallest_move_that_makes_a_deal_is_half_way_for_both() -> None:
    """Lines at 60 ± 5 and 45 ± 5 meet at 52.5, 15/√50 times their doubt away."""
    found = inquire(Case.from_dict(LINES), draws=2_000, outcome="land.deal")
    (flip,) = rows_of(found, "flips")
    assert not flip.answer
    assert flip.length == pytest.approx(15 / np.sqrt(50), abs=0.02)
    assert flip.share == pytest.approx(0.0169, abs=0.01)
    ends = {move.input.split(".")[2]: move.end for move in together(found)}
    assert ends == pytest.approx({"k": 52.5, "u": 52.5}, abs=0.2)
    (told,) = [one for one in rungs(found, Case.from_dict(LINES), ["winset"]) if one.step == "change"]
    assert "“Land” has a deal if" in told.finding.sentence
    assert [one.kind for one in blocks(found)].count("figure") == 2


def test_red_lines_that_must_pass_each_other_are_not_told_at_one_number() -> None:
    """A deal that both would just accept is none that is lost: one line goes below 44, the other above."""

    def move(end: str, told: str, start: float, to: float) -> Move:
        path = f"stances.land.{told[0].lower()}.accepts.{end}"
        moved = f"{start:g} to 44"
        return Move(input=path, told=told, start=start, end=to, moved=moved, score=1.0, alone=False)

    two = [move("upper", "Ay’s maximum on Land", 55, 43.9), move("lower", "Bee’s minimum on Land", 40, 44.1)]
    assert [*_moving(two)] == ["Ay’s maximum on Land is below 44", "Bee’s minimum above 44"]
    assert [*_moving(two[:1])] == ["Ay’s maximum on Land is 44"]


def linked(floor: str, ceiling: str) -> Case:
    """Return a case with a package of two issues: on one the lines are far apart, the other is open."""
    land = {"k": {"position": 90, "accepts": floor}, "u": {"position": 10, "accepts": ceiling}}
    arms = {"k": {"position": 60, "accepts": ">= 50 ± 8"}, "u": {"position": 40, "accepts": "<= 50 ± 8"}}
    stances = {"arms": arms, "land": land}
    return Case.from_dict(
        {
            **LINES,
            "issues": {name: {**LINES["issues"]["land"], "name": name.title()} for name in stances},
            "stances": {
                name: {who: {**of, "salience": 1} for who, of in each.items()}
                for name, each in stances.items()
            },
            "deals": {"both": {"name": "Both", "issues": ["arms", "land"]}},
        }
    )


@pytest.mark.parametrize(
    ("floor", "ceiling", "decides", "said"),
    [
        (
            ">= 60 ± 9",
            "<= 40 ± 4",
            "k.accepts.lower",
            "Find out K’s minimum on Land first. It decides most whether",
        ),
        (
            ">= 96 ± 1",
            "<= 40 ± 9",
            "u.accepts.upper",
            "Find out U’s maximum on Land first. It decides most how far",
        ),
    ],
)
def test_what_to_find_out_next_is_about_the_package_that_is_asked_about(
    floor: str, ceiling: str, decides: str, said: str
) -> None:
    """The issue in most doubt is the other one; what decides the package, seldom or never agreed, is on land."""
    case = linked(floor, ceiling)
    made = inquire(case, draws=1_000, kinds=("actor",), flips=0, margins=1)
    (told,) = rungs(made, case, ["winset", "bargaining"])
    assert told.step == "ask"
    assert told.finding.sentence.startswith(said)
    assert "“Both” has a deal: " in told.finding.sentence
    assert told.finding.drivers == (f"stances.land.{decides}",)


def test_what_is_said_to_decide_most_settles_most_once_it_is_certain() -> None:
    (one,) = drawn(linked(">= 96 ± 1", "<= 40 ± 9"), draws=500, lens_name="winset", margins=1).lenses
    left = dict[str, float]()
    for place, path in enumerate(one.paths):
        certain = one.u.copy()
        certain[:, place] = 0.5
        left[path] = float(one.margins(certain, ("both.deal",))["both.deal"].std())
    least, second, *_ = sorted(left.values())
    assert left["stances.land.u.accepts.upper"] == least < 0.4 * second


def test_answers_that_are_asked_about_first_are_told_first() -> None:
    case = linked(">= 60 ± 9", "<= 40 ± 4")
    (one,) = drawn(case, draws=300, lens_name="winset", margins=1).lenses
    assert one.labels[:2] == ["both.deal", "arms.deal"]
    assert one.told["both.deal"].first
    assert not one.told["arms.deal"].first


def test_a_mean_of_a_group_of_draws_lies_where_draws_lie() -> None:
    made = inquire(linked(">= 60 ± 9", "<= 40 ± 4"), draws=1_000, flips=0, lens_name="winset")
    ends = [end for of in made.outcomes if of.share for one in of.inputs for end in (one.low, one.high)]
    assert ends
    assert all(0 <= end <= 1 for end in ends)


def test_a_flip_counts_how_likely_inputs_are_to_move_together() -> None:
    """Both lines have to move towards each other; where they are tied to rise together, that is less likely.

    With correlation r of the normals, K down and U up by 7.5 = 1.5 doubts: 1.5·√(2/(1 − r)).
    """
    lines = ["stances.land.k.accepts.lower", "stances.land.u.accepts.upper"]
    tied = {**LINES, "correlations": [{"between": lines, "rank": 0.5}]}
    found = inquire(Case.from_dict(tied), draws=1_000, outcome="land.deal")
    (flip,) = rows_of(found, "flips")
    r = 2 * np.sin(np.pi * 0.5 / 6)
    assert flip.length == pytest.approx(1.5 * np.sqrt(2 / (1 - r)), abs=0.02)
    ends = {move.input.split(".")[2]: move.end for move in together(found)}
    assert ends == pytest.approx({"k": 52.5, "u": 52.5}, abs=0.2)
    lines[1] = "stances.land.u.position"  # rises with K's line, and has no part in a deal
    doubtful = {
        "k": LINES["stances"]["land"]["k"],
        "u": {**LINES["stances"]["land"]["u"], "position": "10 ± 5"},
    }
    along = {**LINES, "stances": {"land": doubtful}, "correlations": [{"between": lines, "rank": 0.5}]}
    found = inquire(Case.from_dict(along), draws=1_000, outcome="land.deal")
    assert "stances.land.u.position" not in {move.input for move in rows_of(found, "moves")}
    assert rows_of(found, "flips")[0].length == pytest.approx(15 / np.sqrt(50), abs=0.02)


def test_an_outcome_on_a_scale_flips_at_a_value_that_is_asked_about() -> None:
    """(a + b)/2 is 50; above 55 takes a move of 5/√(5² + .5²) of the doubt."""
    found = inquire(Case.from_dict(CASE), draws=500, outcome="x.mean", at=55)
    (flip,) = rows_of(found, "flips")
    assert not flip.answer
    assert flip.length == pytest.approx(5 / np.sqrt(25.25), abs=0.02)


def test_a_flip_that_no_draw_shows_is_found() -> None:
    """12,000 stretched draws, those that flip moved on at random as far as they got: the nearest ended at 3.89."""
    case = detente.load("us-russia-2024")
    found = inquire(case, draws=600, lens_name="winset", outcome="business.deal", kinds=())
    (flip,) = rows_of(found, "flips")
    assert flip.answer
    assert flip.share == 0
    assert flip.length is not None
    assert 3.8 < flip.length < 3.9


def test_few_headlines_stand_for_many_outcomes() -> None:
    case = detente.load("us-russia-2024")
    (one,) = drawn(case, draws=300, lens_name="stability").lenses
    assert len(one.labels) == 8
    assert len({one.told[label].subject for label in one.labels}) == 8
    (one,) = drawn(case, draws=300, lens_name="stability", every=True).lenses
    assert len(one.labels) == len(one.told) == 576
