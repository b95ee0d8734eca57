"""What would have to change in a case: changes made in the case itself and judged anew, costs, known examples."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.case import Case
from detente.catalog import check_reference
from detente.errors import CaseError, OptionError
from detente.lenses.stability import LENS
from detente.lenses.stability import inverse as module
from detente.lenses.stability.inverse import KINDS, inverses, what_would_hold
from detente.lenses.stability.levers import Change, Inverse, Lever, Undeterred, levers_table
from detente.lenses.stability.solve import judge
from detente.lenses.stability.view import StabilityView

EVERY_PART = Path(__file__).parents[2] / "contract" / "every_part.yaml"
CONCEPTS = ("nash", "gmr", "smr", "seq")


def prisoners(**game: Any) -> Case:
    """Return the dilemma; silence is better together, talking is better alone."""
    return Case.from_dict(
        {
            "title": "Two prisoners",
            "actors": {"a": {"name": "A"}, "b": {"name": "B"}},
            "game": {
                "options": {"a-talks": {"actor": "a"}, "b-talks": {"actor": "b"}},
                "preferences": {"a": ["not b-talks", "a-talks"], "b": ["not a-talks", "b-talks"]},
                **game,
            },
        }
    )


def weighing() -> Case:
    """Return the dilemma with weights, doubtful ones of A and exact ones of B."""
    a = {
        "mate": {"statement": "not b-talks", "weight": "4 ± 1"},
        "deal": {"statement": "a-talks", "weight": "3 ± 0.5"},
    }
    b = {
        "mate": {"statement": "not a-talks", "weight": 6},
        "deal": {"statement": "b-talks", "weight": 4},
    }
    return prisoners(preferences={"a": {"weights": a}, "b": {"weights": b}})


def listed() -> Case:
    """Return the dilemma as four states."""
    ranks = {"a": ["dc", "cc", "dd", "cd"], "b": ["cd", "cc", "dd", "dc"]}
    moves = {
        "a": [["cc", "dc"], ["dc", "cc"], ["cd", "dd"], ["dd", "cd"]],
        "b": [["cc", "cd"], ["cd", "cc"], ["dc", "dd"], ["dd", "dc"]],
    }
    states = {name: {"name": f"State {name}"} for name in ("cc", "cd", "dc", "dd")}
    preferences = {actor: {"ranking": order} for actor, order in ranks.items()}
    game = {"states": states, "moves": moves, "preferences": preferences}
    return Case.from_dict(
        {"title": "Listed", "actors": {"a": {"name": "A"}, "b": {"name": "B"}}, "game": game}
    )


def by_kind(found: Inverse) -> dict[str, Lever]:
    return {lever.kind: lever for lever in found.levers}


def holds_in(case: Case, found: Inverse, concept: str) -> bool:
    """Judge the state anew in a case."""
    view = LENS.view(case)
    mask = judge(view.conflict, view.relations(view.table.means)[0], [concept])[concept]
    return bool(mask[:, view.states.find(found.state)].all())


def test_what_makes_silence_a_nash_equilibrium_by_hand() -> None:
    """Each must come to like it as much as talking alone (½ + ½), or one state each, one option each, be out."""
    found = by_kind(what_would_hold(LENS.view(prisoners()), "NN", "nash"))
    costs = {kind: lever.cost for kind, lever in found.items()}
    assert costs == {
        "promote": 1.0,
        "demote": 2.0,
        "orders": 1.0,
        "reorder": None,
        "top": 2.0,
        "weights": None,
        "moves": 2.0,
    }
    assert found["reorder"].status == "none"
    assert found["weights"].status == "skipped"
    assert {change.after for change in found["moves"].changes} == {"back"}, "no more than is needed"
    assert [change.after for change in found["top"].changes] == ["not a-talks", "not b-talks"]
    assert found["promote"].changes[0].without == Undeterred(
        actor="a", to="YN", words="a-talks", step="take up “a-talks”"
    )


def test_the_least_weights_by_hand() -> None:
    """Talking must count for nothing: 3 less in units of 0.5 for A, and for B 4 less of 10, in hundredths."""
    found = by_kind(what_would_hold(LENS.view(weighing()), [], "nash"))["weights"]
    assert found.cost == pytest.approx(6 + 40, rel=1e-3)
    assert [(change.actor, change.what, change.after) for change in found.changes] == [
        ("a", "deal", "0"),
        ("b", "deal", "0"),
    ]
    assert found.status == "exact"


@pytest.mark.parametrize("case", [prisoners(), weighing(), listed()], ids=["stated", "weighed", "listed"])
@pytest.mark.parametrize("concept", CONCEPTS)
def test_changes_made_in_the_case_make_the_state_hold(case: Case, concept: str) -> None:
    view = LENS.view(case)
    for state in view.texts:
        found = what_would_hold(view, state, concept)
        assert found.holds == holds_in(case, found, concept) == (not found.against)
        _check(case, found, concept)


@pytest.mark.parametrize("concept", CONCEPTS)
def test_every_part_of_a_real_game_can_be_changed(concept: str) -> None:
    case = check_reference(str(EVERY_PART)).require()
    view = LENS.view(case)
    kinds = [kind for kind in KINDS if kind != "orders"]  # which may not be settled for 24 states
    for state in ("guarantee+lend", "fill_fast+court", "NNNNN"):
        _check(case, what_would_hold(view, state, concept, {"remove": 0.5}, kinds=kinds), concept)


def _check(case: Case, found: Inverse, concept: str) -> None:
    for lever in found.levers:
        if lever.cost is None:
            assert lever.status in ("none", "skipped")
            continue
        assert lever.status == "exact"
        assert lever.holds
        assert lever.bound == pytest.approx(lever.cost)
        assert lever.cost == pytest.approx(sum(change.cost for change in lever.changes))
        assert bool(lever.changes) != found.holds
        assert all(change.without for change in lever.changes), "every change is needed"
        if lever.changes:
            assert holds_in(case.with_(lever.edits), found, concept), lever.kind


@pytest.mark.parametrize("name", ["Elmira", "Cuban", "SyriaIraq", "Prisoners"])
def test_published_conflicts_are_turned_round(name: str, shared_data: Path) -> None:
    """Every equilibrium of the published table needs nothing; every other state gets levers that hold."""
    case = check_reference(str(shared_data / "stability" / f"{name}.gmcr")).require()
    view = LENS.view(case)
    relation, _ = view.relations(view.table.means)
    for concept in ("nash", "seq"):
        held = np.asarray(judge(view.conflict, relation, [concept])[concept].all(axis=0))
        for s, text in enumerate(view.texts):
            kinds: Any = ("promote", "demote", "moves")
            found = what_would_hold(view, text, concept, kinds=kinds)
            assert found.holds == held[s]
            assert all((lever.cost == 0) == held[s] and lever.holds for lever in found.levers)


def test_a_state_that_is_ruled_out_leaves_the_rankings() -> None:
    rankings = {"a": {"ranking": ["YN", ["NN", "YY"], "NY"]}, "b": {"ranking": ["NY", "NN", "YY", "YN"]}}
    case = prisoners(preferences=rankings)
    costs = {"remove": math.inf, "one_way": math.inf}
    found = what_would_hold(LENS.view(case), "NN", "nash", costs, kinds=["moves"])
    assert set(found.levers[0].edits) == {"game.infeasible", "game.preferences.a", "game.preferences.b"}
    assert holds_in(case.with_(found.levers[0].edits), found, "nash")


def test_what_is_out_of_the_question_is_not_proposed() -> None:
    view = LENS.view(prisoners())
    costs = {"remove.a-talks": math.inf, "one_way.a-talks": math.inf, "ban": 5.0}
    moves = by_kind(what_would_hold(view, "NN", "nash", costs))["moves"]
    assert moves.cost == 6
    assert {change.what for change in moves.changes} == {"YN", "b-talks"}
    never = {"preferences.a": math.inf}
    assert {lever.kind: lever.status for lever in what_would_hold(view, "NN", "nash", never).levers} == {
        **dict.fromkeys(("promote", "demote", "orders", "reorder", "top"), "none"),
        "weights": "skipped",
        "moves": "exact",
    }


def test_states_that_today_depends_on_are_not_ruled_out() -> None:
    costs = {"remove": math.inf, "one_way": math.inf}
    view = LENS.view(prisoners(status_quo="YN"))
    assert what_would_hold(view, "NN", "nash", costs, kinds=["moves"]).levers[0].status == "none"


def test_prices_that_name_nothing_are_told_at_once() -> None:
    costs = {
        "sell.a": 1.0,
        "remove.a-walks": 1.0,
        "ban": 0.0,
        "demote.a.NN.x": 1.0,
        "weights.c": 1.0,
        "bar.a": 2.0,
    }
    with pytest.raises(OptionError) as told:
        what_would_hold(LENS.view(prisoners()), "NN", "nash", costs)
    for part in (
        "no kind of change 'sell'",
        "'a-talks'",
        "above 0",
        "too many parts",
        "no actor is called 'c'",
    ):
        assert part in str(told.value)
    view = LENS.view(weighing())
    assert (
        what_would_hold(view, "NN", "nash", {"weights.a.deal": 3.0, "demote.a.YN": 2.0}).levers[1].cost == 3
    )


def test_a_state_can_be_named_in_several_ways() -> None:
    view = LENS.view(prisoners())
    find = view.states.find
    assert find("NY") == find("b-talks") == find(["b-talks"]) == 2
    assert find("-") == find([]) == 0
    assert find("a-talks + b-talks") == 3
    assert LENS.view(listed()).states.find("dc") == 2
    with pytest.raises(OptionError, match="did you mean 'a-talks'"):
        find("a-talk")
    with pytest.raises(OptionError, match="no state 'ee'"):
        LENS.view(listed()).states.find(["ee"])
    with pytest.raises(OptionError, match="not feasible"):
        LENS.view(prisoners(infeasible=["a-talks and b-talks"])).states.find("YY")


def test_merged_states_and_common_moves_have_levers_too() -> None:
    preferences = {
        "a": ["not b-talks", "a-talks and not b-talks"],
        "b": ["b-talks", "not a-talks and not b-talks"],
    }
    case = prisoners(merged=["b-talks"], preferences=preferences)
    view = LENS.view(case)
    for state in view.texts:
        found = what_would_hold(view, state, "nash", {"remove": 1.0})
        assert view.states.find(state) == view.texts.index(state)
        assert all(lever.holds for lever in found.levers if lever.changes)
    joint = {"c-talks": {"actors": ["a", "b"]}, "a-talks": {"actor": "a"}, "b-talks": {"actor": "b"}}
    case = prisoners(options=joint)
    found = what_would_hold(LENS.view(case), "NNN", "gmr")
    _check(case, found, "gmr")


def test_moves_of_teams_between_listed_states_have_no_edits() -> None:
    data = listed().to_dict()
    data["game"]["together"] = [{"actors": ["a", "b"], "moves": [["cc", "dd"]]}]
    view = LENS.view(Case.from_dict(data))
    for concept in CONCEPTS:
        for state in view.texts:
            lever = what_would_hold(view, state, concept, {"bar": 1.0}, kinds=["moves"]).levers[0]
            assert lever.holds
    costs = {"bar.a": math.inf, "bar.b": math.inf, "ban": 1.0}
    found = what_would_hold(view, "dc", "nash", costs, kinds=["moves"]).levers[0]
    assert [change.what for change in found.changes] == ["dd"]
    assert found.edits == {}


def test_the_wanted_state_of_a_case_comes_with_the_result() -> None:
    case = prisoners(wanted="NN")
    result = LENS.simulate(case).result()
    assert result.wanted == "NN"
    assert set(result.inverse) == set(CONCEPTS)
    assert not result.inverse["nash"].holds
    assert result.inverse["seq"].holds
    table = result.tables()["changes_needed"]
    assert table.rows == levers_table(result.inverse).rows
    assert {row[2] for row in table.rows} == set(KINDS)
    again = type(result).from_dict(json.loads(json.dumps(result.to_dict())))
    assert again == result
    change = result.inverse["nash"].levers[0].changes[0]
    assert isinstance(change, Change)


def test_a_case_that_wants_nothing_has_no_levers() -> None:
    view = LENS.view(prisoners())
    assert view.states.wanted is None
    assert inverses(view) == {}
    assert "changes_needed" not in LENS.simulate(prisoners()).result().tables()


def test_a_wanted_state_that_cannot_be_is_an_error() -> None:
    with pytest.raises(CaseError, match="the wanted state is not feasible"):
        LENS.view(prisoners(infeasible=["a-talks and b-talks"], wanted=["a-talks", "b-talks"]))
    with pytest.raises(CaseError, match="no option is called 'a-talk'"):
        prisoners(wanted=["a-talk"])


def test_what_is_unknown_cannot_be_turned_round() -> None:
    wishes = {"a": [{"statement": "not b-talks", "unknown": True}], "b": ["not a-talks"]}
    view = LENS.view(prisoners(preferences=wishes, wanted="NN"))
    assert inverses(view) == {}
    with pytest.raises(OptionError, match="every preference is known"):
        what_would_hold(view, "NN", "nash")


def test_kinds_of_change_are_checked() -> None:
    kinds: Any = ["bribe"]
    with pytest.raises(OptionError, match="no kind of change 'bribe'"):
        what_would_hold(LENS.view(prisoners()), "NN", "nash", kinds=kinds)


def test_large_games_tell_the_rise_and_what_was_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    small = what_would_hold(LENS.view(prisoners()), "NN", "nash")
    monkeypatch.setattr(module, "MOST_STATES", 3)
    large = what_would_hold(LENS.view(prisoners()), "NN", "nash")
    assert (large.levers[0].cost, large.levers[0].holds, large.holds) == (small.levers[0].cost, True, False)
    assert {lever.status for lever in large.levers[1:]} == {"skipped"}
    never = what_would_hold(LENS.view(prisoners()), "NN", "nash", {"preferences": math.inf})
    assert never.levers[0].status == "none"
    assert {lever.status for lever in what_would_hold(LENS.view(listed()), "cc", "nash").levers} == {
        "skipped"
    }
    monkeypatch.setattr(module, "MOST_AT_ONCE", 3)
    at_once = inverses(LENS.view(prisoners(wanted="NN")))["nash"]
    assert [lever.status for lever in at_once.levers][:2] == ["exact", "skipped"]


def test_a_hasty_answer_has_a_gap() -> None:
    view: StabilityView = LENS.view(prisoners())
    hasty = by_kind(what_would_hold(view, "NN", "nash", effort=0))
    exact = by_kind(what_would_hold(view, "NN", "nash"))
    assert hasty["demote"] == exact["demote"], "by Nash there is nothing to search for"
    for kind in ("orders", "top"):
        assert hasty[kind].holds, kind
        assert (hasty[kind].bound or 0.0) <= (exact[kind].cost or 0.0) <= (hasty[kind].cost or 0.0)
    assert hasty["orders"].status == "gap"
    assert "at least" in hasty["orders"].sentence
    assert hasty["reorder"].sentence.endswith("none was found; it costs 0 or more.")
    hasty = by_kind(what_would_hold(LENS.view(weighing()), "YN", "smr", effort=0))
    assert (hasty["weights"].status, hasty["weights"].holds) == ("gap", True)
    assert hasty["demote"].holds


@pytest.mark.parametrize("concept", CONCEPTS)
def test_a_rise_is_found_in_a_large_game_that_is_listed_too(concept: str) -> None:
    """By Nash the state rises to the best that an actor can move to; what does by Nash does by any concept."""
    drawn, count = np.random.default_rng(7), 700
    states, actors = [f"s{n}" for n in range(count)], ("a", "b", "c")
    ways = {i: [drawn.choice(count - 1, 3, replace=False).tolist() for _ in states] for i in actors}
    moves = {
        i: [[states[s], states[t + (t >= s)]] for s, to in enumerate(some) for t in to]
        for i, some in ways.items()
    }
    ranks = {i: drawn.permutation(count).tolist() for i in actors}
    orders = {i: {"ranking": sorted(states, key=lambda s: -rank[int(s[1:])])} for i, rank in ranks.items()}
    game = {"states": {s: {"name": s} for s in states}, "moves": moves, "preferences": orders}
    people = {i: {"name": i.upper()} for i in actors}
    view: StabilityView = LENS.view(Case.from_dict({"title": "Large", "actors": people, "game": game}))
    lever = what_would_hold(view, "s7", concept, kinds=["promote"], effort=module.SHORT).levers[0]
    tops = {i: max(ranks[i][t + (t >= 7)] for t in to[7]) for i, to in ways.items()}
    by_nash = sum(top - ranks[i][7] - 0.5 for i, top in tops.items() if top > ranks[i][7])
    assert lever.holds
    assert (lever.cost or 0.0) <= by_nash
    if concept != "seq":
        assert (lever.status, lever.bound) == ("exact", lever.cost)
    if concept == "nash":
        assert lever.cost == by_nash > 0


def test_priorities_are_rearranged_as_well_as_may_be_where_the_search_is_given_up() -> None:
    """B's list does as it is; the best order for the state is put back to it, and A's is put back by no step."""
    preferences = {
        "a": ["a-talks", "b-talks", "not b-talks", "not a-talks"],
        "b": ["a-talks", "not b-talks", "b-talks"],
    }
    case = prisoners(preferences=preferences)
    for concept in CONCEPTS:
        costs = {"preferences.b": 0.5}
        exact = what_would_hold(LENS.view(case), "NN", concept, costs, kinds=["reorder", "top"])
        hasty = what_would_hold(LENS.view(case), "NN", concept, costs, kinds=["reorder", "top"], effort=0)
        for best, quick in zip(exact.levers, hasty.levers, strict=True):
            assert quick.holds
            assert holds_in(case.with_(quick.edits), hasty, concept)
            assert (quick.bound or 0.0) <= (best.cost or 0.0) <= (quick.cost or 0.0)
    hasty = what_would_hold(LENS.view(case), "NN", "nash", kinds=["reorder"], effort=0)
    assert [change.after for change in hasty.levers[0].changes] == [
        "not b-talks > not a-talks > a-talks > b-talks"
    ]
    assert (hasty.levers[0].cost, hasty.levers[0].bound, hasty.levers[0].status) == (4.0, 0.0, "gap")


@pytest.mark.parametrize("concept", CONCEPTS[1:])
def test_the_nearest_of_many_priorities_are_proven_at_the_effort_of_every_run(concept: str) -> None:
    """What leaves nobody anything better to move to is more than is needed, and no order of priorities does it."""
    preferences = {
        "a": [
            "not c2 or not c1",
            "a2",
            "b2 or not b2",
            "a2 and a2",
            "a1 or c1",
            "a1",
            "a2",
            "not c1 and not c2",
        ],
        "b": ["not c2", "not b2", "a2", "c1 and not c1", "b1 and b1", "a2", "not a1", "c1 and not b1"],
        "c": ["not b2", "a2", "b2", "c1", "c1", "not a1 or a1", "not b1", "not c1 and c2"],
    }
    options = {f"{i}{n}": {"actor": i} for i in "abc" for n in (1, 2)}
    people = {i: {"name": i.upper()} for i in "abc"}
    game = {"options": options, "preferences": preferences}
    view: StabilityView = LENS.view(Case.from_dict({"title": "Many", "actors": people, "game": game}))
    lever = what_would_hold(view, "NNNYNY", concept, kinds=["reorder"], effort=module.SHORT).levers[0]
    assert (lever.status, lever.cost, lever.bound) == ("exact", 7.0, 7.0)


def test_wishes_and_outcomes_are_told_in_the_words_of_the_options() -> None:
    options = {
        name: {"actor": name[0], "name": f"{name[0].upper()} talks"} for name in ("a-talks", "b-talks")
    }
    weights = {"deal": {"statement": "not (a-talks iff b-talks)", "weight": "3 ± 1"}}
    wishes = {"a": {"weights": weights}, "b": {"ranking": ["NN", "NY", "YN", "YY"]}}
    found = by_kind(what_would_hold(LENS.view(prisoners(options=options, preferences=wishes)), "NN", "nash"))
    assert found["weights"].changes[0].sentence == (
        "A would have to give a weight of 0 instead of 3 to: not (“A talks” if and only if “B talks”)."
    )
    assert found["demote"].changes[0].sentence == (
        "A would have to stop preferring “A talks” to this outcome."
    )
    options["b-talks"]["name"] = "B tells all that there is to be told"
    back = what_would_hold(LENS.view(prisoners(options=options, preferences=wishes)), "YY", "nash")
    assert back.against[0].step == "give up “A talks”"
    assert by_kind(back)["demote"].changes[0].sentence == (
        "A would have to stop preferring the same without “A talks” to this outcome."
    )


def test_only_what_the_clock_stopped_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    view = LENS.view(prisoners())
    assert not any(lever.late for lever in what_would_hold(view, "NN", "nash", effort=0).levers)
    monkeypatch.setattr(module, "GUARD", -1.0)
    late = by_kind(what_would_hold(view, "YN", "smr"))
    assert late["demote"].late
    assert late["demote"].status == "gap"
    assert "the clock stopped the search" in late["demote"].sentence


def test_the_same_question_has_the_same_answer_to_the_last_byte() -> None:
    for effort in (0.0, 0.002, 1.0):
        told = {
            json.dumps(what_would_hold(LENS.view(weighing()), "YN", "seq", effort=effort).to_dict())
            for _ in range(3)
        }
        assert len(told) == 1
