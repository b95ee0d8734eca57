"""The stability lens on cases: what it reads, what it refuses, and what it tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.case import Case, Statement
from detente.case.checked import check_text
from detente.catalog import open_case
from detente.errors import CaseError, MissingPartError, OptionError
from detente.lenses.stability import LENS, StabilityLens, StabilityResult, StabilityView, solve
from detente.lenses.stability.inverse import what_would_hold
from detente.lenses.stability.orders import TIE, prioritised, score_ranks
from detente.lenses.stability.relation import Ordered
from detente.lenses.stability.solve import judge
from detente.lenses.stability.space import Space
from detente.lenses.stability.summarise import MOST_SHARED, _most
from tests.lenses.stability.playing import explained
from tests.lenses.stability.presence import present


def case_of(game: dict[str, Any], actors: str = "ab") -> Case:
    named = {actor: {"name": actor.upper()} for actor in actors}
    return Case.from_dict({"title": "t", "actors": named, "game": game})


def dilemma(**changes: Any) -> Case:
    """Two prisoners: each would rather the other stayed silent, and rather talked itself."""
    game = {
        "options": {"x": {"actor": "a", "name": "A is silent"}, "y": {"actor": "b", "name": "B is silent"}},
        "preferences": {"a": ["y", "not x"], "b": ["x", "not y"]},
        "status_quo": [],
    }
    return case_of({**game, **changes})


# Listed states of Elmira with their moves and orders: Fang, Hipel & Kilgour (1993), Interactive Decision Making.
ELMIRA = {
    "states": {f"s{n}": {"name": f"State {n}"} for n in range(1, 10)},
    "moves": {
        "ministry": ["12", "34", "56", "78"],
        "company": ["13", "24", "57", "68", *(f"{n}9" for n in range(1, 9))],
        "town": ["15", "26", "37", "48", "51", "62", "73", "84"],
    },
    "preferences": {"ministry": "734851269", "company": "148593726", "town": "735186429"},
    "status_quo": "s1",
}


def elmira(**changes: Any) -> Case:
    game = {
        **ELMIRA,
        "moves": {a: [[f"s{m[0]}", f"s{m[1]}"] for m in moves] for a, moves in ELMIRA["moves"].items()},  # type: ignore[attr-defined]
        "preferences": {
            a: {"ranking": [f"s{n}" for n in order]}
            for a, order in ELMIRA["preferences"].items()  # type: ignore[attr-defined]
        },
    }
    names = {actor: {"name": actor.capitalize()} for actor in ("ministry", "company", "town")}
    return Case.from_dict({"title": "Elmira", "actors": names, "game": {**game, **changes}})


def solved(case: Case, **settings: Any) -> StabilityResult:
    return LENS.simulate(case, **settings).result()


def test_the_dilemma_holds_where_both_talk_and_where_both_are_afraid() -> None:
    result = solved(dilemma())
    assert result.equilibria["nash"] == ("NN",)
    assert result.equilibria["seq"] == ("NN", "YY")
    assert result.equilibria["cnash"] == ()
    assert [(jump.coalition, jump.to) for jump in present(result.jumps)] == [(("a", "b"), "YY")]


def test_a_state_made_as_good_as_what_is_better_holds() -> None:
    """In state YY actor a prefers NY; made as good as that one state, YY is Nash-stable."""
    order = {"a": {"ranking": ["NY", "YY", "NN", "YN"]}, "b": ["x", "not y"]}
    assert "YY" not in present(solved(dilemma(preferences=order)).equilibria["nash"])
    raised = {
        "a": {"ranking": [["YY", "NY"], "NN", "YN"]},
        "b": {"ranking": [["YY", "YN"], "NN", "NY"]},
    }
    assert "YY" in present(solved(dilemma(preferences=raised)).equilibria["nash"])


def test_elmira_holds_as_published() -> None:
    """Nash and SEQ 5, 8, 9; GMR and SMR also 1 and 4 (Fang, Hipel & Kilgour 1993)."""
    result = solved(elmira())
    assert result.equilibria["nash"] == result.equilibria["seq"] == ("s5", "s8", "s9")
    assert result.equilibria["gmr"] == result.equilibria["smr"] == ("s1", "s4", "s5", "s8", "s9")
    assert result.equilibria["cnash"] == ("s8", "s9")
    assert "sim" in result.skipped
    ways = {(reached.state, reached.by): reached for reached in present(result.reached)}
    assert [move.actor for move in ways["s5", "improvements"].paths[0]] == ["town"]
    assert ways["s8", "improvements"].length is None
    assert ways["s8", "moves"].length == 3
    assert any("not all of which pay" in finding.sentence for finding in result.findings)


def test_a_state_out_of_reach_is_told() -> None:
    result = solved(elmira(status_quo="s9"))
    assert any("cannot be reached from today" in finding.sentence for finding in result.findings)


def test_verdicts_are_told_in_words() -> None:
    case = dilemma()
    view = LENS.view(case)
    told = {
        (concept, state): explained(view, concept, "a", state).sentence
        for concept in ("nash", "gmr", "smr", "seq")
        for state in ("NN", "YY", "YN")
    }
    both = "“A is silent + B is silent”"
    assert told["nash", "NN"] == "A would gain nothing by moving from “nothing is done”."
    assert told["nash", "YY"] == f"A would gain by moving from {both}: no more “A is silent”."
    assert told["seq", "YY"] == (
        f"A would stay at {both}: no more “A is silent” would be answered by B (no more “B is silent”), "
        "which is no better for A."
    )
    assert told["smr", "YY"].endswith("which is no better for A, and there is no way out of that.")
    assert told["gmr", "YN"] == (
        "A would gain by moving from “A is silent”: no more “A is silent”, and no answer of the others would undo "
        "that."
    )
    assert "no answer of the others that pays for them" in told["seq", "YN"]


def test_an_actor_that_cannot_move_is_told_apart_from_one_that_does_not_want_to() -> None:
    case = dilemma(options={"x": {"actor": "a", "moves": "forward"}, "y": {"actor": "b"}})
    view = LENS.view(case)
    why = explained(view, "nash", "a", "YN")
    assert why.moves == 0
    assert why.sentence == "A cannot move away from “x”."


def test_a_case_without_a_game_is_refused() -> None:
    with pytest.raises(MissingPartError, match="reads 'game'"):
        StabilityLens().view(open_case("emission-standards-1985"))


def test_a_contradiction_is_refused() -> None:
    with pytest.raises(CaseError, match="no state is feasible"):
        StabilityView(dilemma(infeasible=["x", "not x"]))


def test_rankings_and_a_status_quo_that_do_not_fit_are_refused_all_at_once() -> None:
    wrong = {"a": {"ranking": ["YY", "NN"]}, "b": {"ranking": ["NN"]}}
    with pytest.raises(CaseError) as caught:
        StabilityView(dilemma(infeasible=["x and y"], preferences=wrong, status_quo="YY"))
    told = [str(problem) for problem in caught.value.problems]
    assert told[0].startswith("game.status_quo: the status quo is not feasible (got YY)")
    assert told[1].startswith("game.preferences.a.ranking: state 'YY' is not feasible")
    assert told[2].startswith("game.preferences.a.ranking: 2 feasible states are not ranked (YN, NY)")
    assert told[3].startswith("game.preferences.b.ranking: 2 feasible states are not ranked")


def test_listed_states_cannot_be_ordered_by_statements_about_options() -> None:
    with pytest.raises(CaseError, match="no option is called 'x'"):
        elmira(preferences={"ministry": ["x"], "company": ["x"], "town": ["x"]})


@pytest.mark.parametrize("draws", [0, 10**8])
def test_an_impossible_number_of_draws_is_refused(draws: int) -> None:
    with pytest.raises(OptionError, match="draws"):
        LENS.simulate(dilemma(), draws=draws)


def test_doubt_in_weights_becomes_shares_of_draws() -> None:
    """A stays silent when that counts for more than talking: half of all draws."""
    weights = {
        "keep": {"statement": "x", "weight": "1..3"},
        "talk": {"statement": "not x", "weight": 2},
    }
    case = dilemma(preferences={"a": {"weights": weights}, "b": ["y"]})
    result = solved(case, draws=2000)
    assert result.shares["nash"]["YY"].share == pytest.approx(0.5, abs=0.05)
    assert result.shares["nash"]["YY"].mc_error == pytest.approx((0.25 / 2000) ** 0.5, rel=0.05)
    sway = result.sways["game.preferences.a.weights.keep.weight"]
    assert abs(sway.above - sway.below) > 0.95
    assert (sway.above > sway.below) == sway.state.startswith(
        "Y"
    )  # the more silence counts, the more it is kept
    assert any("Worth knowing" in finding.sentence for finding in result.findings)


def test_weights_that_differ_by_rounding_only_are_equal() -> None:
    space = Space.build([0, 0], 1)
    truth = np.array([space.where(Statement.parse(text), ["x", "y"]) for text in ("x", "y", "x")])
    scores = np.array([0.1, 0.3, 0.2]) @ truth
    assert score_ranks(scores, 0.6 * TIE).tolist() == [0, 1, 1, 2]
    several = score_ranks(
        np.array([scores, -scores]), np.array([0.6 * TIE, 0.0])
    )  # each row with its own tie
    assert several[0].tolist() == [0, 1, 1, 2]
    assert sorted(several[1].tolist()) == [0, 1, 2, 3]


def test_very_many_statements_order_like_their_truth_values() -> None:
    """Seventy statements do not fit into a whole number of 64 bits."""
    random = np.random.default_rng(2)
    truths = random.random((70, 128)) < 0.5
    found = prioritised(np.arange(128) % 5 != 0, truths)
    codes = [tuple(column) for column in truths.T.tolist()]
    feasible = [c for c in range(128) if c % 5]
    levels = sorted({codes[c] for c in feasible})
    assert [found[c] for c in feasible] == [levels.index(codes[c]) for c in feasible]
    assert (found[::5] == -1).all()


def many(count: int, actors: str = "abc") -> Case:
    options = {f"o{n}": {"actor": actors[n % len(actors)]} for n in range(count)}
    preferences: dict[str, Any] = {
        a: [f"o{n} iff o{(n * 3 + i) % count}" for n in range(count)] for i, a in enumerate(actors)
    }
    return case_of({"options": options, "preferences": preferences, "status_quo": []}, actors)


def test_a_large_game_is_counted_and_its_equilibria_listed() -> None:
    result = solved(many(11))
    assert result.state_count == 2048
    assert "cnash" in result.skipped
    assert result.tables()["concepts"].rows[0][0] == "nash"
    assert len(present(result.equilibria["gmr"])) == result.counts["gmr"]
    simulation = LENS.simulate(many(11))
    assert simulation.outcomes()["gmr.count"].tolist() == [result.counts["gmr"]]


def test_a_very_large_game_leaves_out_what_would_not_fit() -> None:
    result = solved(many(17).with_({"options.stability.concepts": ["nash", "sim"]}))
    assert result.state_count == 2**17
    assert result.states is None
    assert result.why is None
    assert "at most 65,536" in result.skipped["sim"]
    assert result.findings


def test_looking_far_ahead_is_left_out_in_very_large_games() -> None:
    result = solved(many(17, "ab").with_({"options.stability.concepts": ["nash"]}))
    assert "at most 65,536" in result.skipped["l2"]
    assert result.limit is None


def test_a_settled_question_moves_no_share() -> None:
    """With both weights far apart the doubt changes nothing, and nothing is told of it."""
    weights = {"keep": {"statement": "x", "weight": "1..2"}, "talk": {"statement": "not x", "weight": 5}}
    result = solved(dilemma(preferences={"a": {"weights": weights}, "b": ["y"]}), draws=200)
    sway = result.sways["game.preferences.a.weights.keep.weight"]
    assert sway.below == sway.above
    assert not any("Worth knowing" in finding.sentence for finding in result.findings)


def test_one_draw_tells_nothing_of_what_sways() -> None:
    weights = {"keep": {"statement": "x", "weight": "1..3"}, "talk": {"statement": "not x", "weight": 2}}
    assert not solved(dilemma(preferences={"a": {"weights": weights}, "b": ["y"]}), draws=1).sways


def test_a_game_in_which_nothing_holds_says_so() -> None:
    """Matching pennies: wherever the two stand, one of them wants to leave."""
    pennies = dilemma(preferences={"a": ["x iff y"], "b": ["not (x iff y)"]})
    case = pennies.with_({"options.stability": {"concepts": ["nash"], "horizon": 1, "coalitions": False}})
    (finding,) = [found for found in solved(case).findings if found.id == "holds"]
    assert finding.sentence == "Nothing holds: each of 4 outcomes is one that somebody would leave."


def test_a_large_doubtful_game_is_counted_draw_by_draw_and_state_by_state() -> None:
    data = many(10).to_dict()
    data["game"]["preferences"]["a"] = {
        "weights": {f"w{n}": {"statement": f"o{n} iff o{n + 1}", "weight": f"{n + 1} ± 1"} for n in range(9)}
    }
    only = {"concepts": ["nash", "gmr"], "horizon": 1, "coalitions": False}
    case = Case.from_dict(data).with_({"options.stability": only})
    simulation = LENS.simulate(case, draws=20, workers=2)
    counts = simulation.outcomes()
    assert set(counts) == {"nash.count", "gmr.count"}
    assert (counts["nash.count"] <= counts["gmr.count"]).all()
    result = simulation.result()
    for concept in ("nash", "gmr"):
        assert sum(one.share for one in result.shares[concept].values()) == pytest.approx(
            counts[f"{concept}.count"].mean()
        )
    view = simulation.view
    drawn = [view.ranks(row) for row in view.table.sample(simulation.seed, 0, 20)]
    held = np.mean(
        [judge(view.conflict, Ordered.of(ranks), ["nash"])["nash"].all(axis=0) for ranks in drawn], axis=0
    )
    told = {view.text(s): held[s] for s in np.flatnonzero(held).tolist()}
    assert {state: one.share for state, one in result.shares["nash"].items()} == pytest.approx(told)
    assert 0 < len({way.state for way in present(result.reached)}) <= 64


def test_listed_states_of_the_dilemma_agree_with_its_options() -> None:
    listed = {
        "states": {"cc": {}, "cd": {}, "dc": {}, "dd": {}},
        "moves": {
            "a": [["cc", "dc"], ["dc", "cc"], ["cd", "dd"], ["dd", "cd"]],
            "b": [["cc", "cd"], ["cd", "cc"], ["dc", "dd"], ["dd", "dc"]],
        },
        "preferences": {
            "a": {"ranking": ["dc", "cc", "dd", "cd"]},
            "b": {"ranking": ["cd", "cc", "dd", "dc"]},
        },
    }
    result = solved(case_of(listed))
    assert result.equilibria["nash"] == ("dd",)
    assert result.equilibria["l2"] == ("cc", "dd")
    assert result.reached == ()


def test_of_very_many_states_those_with_the_largest_shares_are_told() -> None:
    shares = np.zeros(10_000)
    shares[::2] = np.linspace(0.1, 1.0, 5_000)
    told = _most(shares)
    assert len(told) == MOST_SHARED
    assert told == sorted(told)
    assert min(shares[told]) == shares[::2][-MOST_SHARED]


@pytest.mark.parametrize("name", ["elmira-1991", "elmira-1991-graph", "us-russia-2024"])
def test_a_game_is_judged_alike_whichever_way_is_taken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By sweeps or along arcs: the same states hold in the same draws, also strongly."""
    case = open_case(name)
    assert case.game is not None
    weighing = [actor for actor, preference in case.game.preferences.items() if preference.weights]
    case = case.with_({f"game.preferences.{actor}.strong_gap": 1 for actor in weighing})
    by_arcs = LENS.simulate(case, draws=100).outcomes()
    monkeypatch.setattr(solve, "MOST_MOVES", 0)
    other = LENS.simulate(case, draws=100).outcomes()
    assert set(by_arcs) == set(other)
    assert any(label.startswith("strong_seq") for label in other) == bool(weighing)
    for label, column in by_arcs.items():
        np.testing.assert_array_equal(column, other[label], label)


NOBODY: dict[str, dict[str, Any]] = {
    "options that nobody owns": {
        "options": {"x": {}, "y": {}},
        "preferences": {"a": ["x"], "b": {"weights": {"w": {"statement": "y", "weight": "1..2"}}}},
    },
    "options that nobody owns, in the algebra": {
        "options": {f"o{n}": {} for n in range(9)},
        "preferences": {"a": [{"statement": "o0", "strong": True}], "b": ["o1"]},
    },
    "unknown preferences of those who own nothing": {
        "options": {"x": {}},
        "preferences": {"a": [{"statement": "x", "unknown": True}], "b": ["x"]},
    },
    "an option that needs both": {
        "options": {"x": {"actors": ["a", "b"]}},
        "preferences": {"a": ["x"], "b": ["not x"]},
    },
    "listed states without moves": {
        "states": {"s": {}, "t": {}},
        "preferences": {"a": {"ranking": ["s", "t"]}, "b": {"ranking": ["t", "s"]}},
    },
    "one listed state": {"states": {"s": {}}, "preferences": {"a": {"ranking": ["s"]}}},
    "one feasible state": {
        "options": {"x": {"actor": "a"}, "y": {"actor": "b"}},
        "infeasible": ["x", "y"],
        "preferences": {"a": ["x"], "b": ["y"]},
    },
}


@pytest.mark.parametrize("game", list(NOBODY.values()), ids=list(NOBODY))
def test_where_nobody_can_move_alone_every_state_holds(game: dict[str, Any]) -> None:
    """Every shape that can be empty is: moves, coalitions of one, words of one state."""
    view = LENS.view(case_of(game))
    result = solved(case_of(game), draws=50)
    for concept in ("nash", "gmr", "smr", "seq"):
        assert result.equilibria[concept] == view.texts
        if not view.orders.has_unknown:
            found = what_would_hold(view, view.text(0), concept)
            assert {lever.cost for lever in found.levers} <= {0.0, None}
    assert solved(case_of({**game, "wanted": view.text(0)})).findings


@pytest.mark.parametrize("game", [{"options": {"o": {}, "p": {}}}, {"states": {"s": {}, "t": {}}}])
def test_a_game_in_which_nobody_wants_anything_is_no_game(game: dict[str, Any]) -> None:
    with pytest.raises(MissingPartError, match=r"'game\.preferences' names nobody"):
        LENS.view(case_of(game))


def test_options_of_one_name_are_told_apart_by_whose_they_are_and_by_their_ids_where_that_is_the_same() -> (
    None
):
    owners = {"s": ("a", "Sign"), "t": ("b", "Sign"), "u": ("b", "Sign"), "v": ("b", "Wait")}
    options = {key: {"actor": actor, "name": name} for key, (actor, name) in owners.items()}
    game = {"options": options, "preferences": {"a": ["s"], "b": ["t", "u"]}}
    data = {"title": "Signing", "actors": {"a": {"name": "North"}, "b": {"name": "South"}}, "game": game}
    found = check_text(json.dumps(data, indent=1), Path("signing.yaml"))
    assert found.case is not None
    warned = [one.path for one in found.warnings if "same name" in one.message]
    assert warned == ["game.options.t.name", "game.options.u.name"]
    result = solved(found.case)
    told = "Sign (North) + Sign (South, t) + Sign (South, u)"
    assert result.named("YYYN") == told
    assert result.place("NNNY") == "Wait"
    assert told in " ".join(finding.sentence for finding in result.findings)


def test_a_doubt_that_never_lies_below_its_median_decides_nothing_and_is_no_fault() -> None:
    """Most of its mass stands on its greatest value, so that no draw lies above the median."""
    first = {"w1": {"statement": "x", "weight": [9, 9, "5..9"]}, "w2": {"statement": "y", "weight": 3}}
    last = {"w3": {"statement": "y", "weight": 2}, "w4": {"statement": "x", "weight": 1}}
    case = case_of(
        {
            "options": {"x": {"actor": "a", "name": "X"}, "y": {"actor": "b", "name": "Y"}},
            "status_quo": "NN",
            "preferences": {"a": {"weights": first}, "b": {"weights": last}},
        }
    )
    assert LENS.simulate(case, draws=200, seed=1).result().record.draws == 200
