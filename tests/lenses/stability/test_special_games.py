"""Games with merged states, blind spots, common moves, strength and the unknown, from case to answer."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detente.case import Case
from detente.catalog import open_case
from detente.errors import CaseError
from detente.lenses.stability import LENS, StabilityResult
from detente.show.words import input_phrase
from tests.lenses.stability.literal_games import State, Told, in_order, written
from tests.lenses.stability.literal_preferences import stable
from tests.lenses.stability.presence import present

CONCEPTS = ("nash", "gmr", "smr", "seq")
YES = st.booleans()


@st.composite
def told_games(draw: st.DrawFn, *, unknown: bool) -> Told:
    k = draw(st.integers(2, 3))
    n = draw(st.integers(2, 3))
    everybody = [frozenset[int](), *(frozenset([i]) for i in range(k)), frozenset([0, 1])]
    owners = tuple(draw(st.lists(st.sampled_from(everybody), min_size=n, max_size=n)))
    directions = tuple(
        draw(st.lists(st.sampled_from(["both", "both", "forward", "back"]), min_size=n, max_size=n))
    )
    every: list[State] = list(product([False, True], repeat=n))
    some = st.frozensets(st.sampled_from(every), max_size=2)
    banned = draw(some)
    wishes = []
    for _ in range(k):
        order: list[int] = draw(st.permutations(list(range(n))))[: draw(st.integers(1, n))]
        flags: list[Any] = draw(st.lists(st.tuples(YES, YES, YES), min_size=len(order), max_size=len(order)))
        marked = zip(order, flags, strict=True)
        wishes.append(tuple((o, want, strong, unknown and open_) for o, (want, strong, open_) in marked))
    pair = st.tuples(st.sampled_from(every), st.sampled_from(every)).filter(lambda p: p[0] != p[1])
    pairs = tuple(tuple(draw(st.lists(pair, max_size=2 if unknown else 0))) for _ in range(k))
    idle = [o for o in range(n) if all(o != wish[0] for own in wishes for wish in own)]
    one = frozenset[State]()
    if draw(YES) and idle:  # states that differ on what nobody cares about
        first = draw(st.sampled_from(every))
        one = frozenset(s for s in every if all(s[o] == first[o] for o in range(n) if o != idle[0]))
    unseen = tuple(draw(some) for _ in range(k))
    found = Told(owners, directions, k, banned, one, unseen, tuple(wishes), pairs)
    assume(all(state in found.feasible for own in pairs for two in own for state in two))
    assume(not one or one & set(found.feasible))
    return found


def agrees(told: Told, result: StabilityResult) -> None:
    model = told.compared()
    numbers = in_order(told, present(result.states), result.merged)
    assert sorted(numbers) == list(range(model.states))

    def held(concept: str, variant: str, i: int, *, strong: bool = False) -> tuple[str, ...]:
        found = zip(present(result.states), numbers, strict=True)
        return tuple(text for text, s in found if stable(model, concept, variant, i, s, strong=strong))

    strength = any(wish[2] for own in told.wishes for wish in own)
    for concept, (i, actor) in product(CONCEPTS, enumerate(result.actors)):
        assert result.stable[concept][actor] == held(concept, "a", i)
        for variant, reading in result.unknown.items():
            assert reading.stable[concept][actor] == held(concept, variant, i)
            if strength and concept != "nash":
                assert reading.strong[concept][actor] == held(concept, variant, i, strong=True)
        if strength and concept != "nash":
            assert result.strong[concept][actor] == held(concept, "a", i, strong=True)
            both = {*present(result.strong_equilibria[concept]), *present(result.weak_equilibria[concept])}
            assert both == set(present(result.equilibria[concept]))
    assert bool(result.strong) == strength
    for why in present(result.why):
        assert why.stable == (why.state in present(result.stable[why.concept][why.actor]))


@given(told_games(unknown=False))
@settings(max_examples=40)
def test_a_game_is_judged_as_its_data_say(told: Told) -> None:
    result = LENS.simulate(Case.from_dict(written(told))).result()
    agrees(told, result)
    assert not result.unknown


@given(told_games(unknown=True))
@settings(max_examples=40)
def test_a_game_with_unknown_preferences_is_judged_as_its_data_say(told: Told) -> None:
    result = LENS.simulate(Case.from_dict(written(told))).result()
    agrees(told, result)
    if result.unknown:
        assert set(result.unknown) == set("abcd")
        assert result.skipped["l2"] == "needs every preference known"
        assert "unknown" in result.tables()


# --- published -----------------------------------------------------------------------------------


def test_elmira_with_one_abandonment_is_the_published_nine(shared_data: Path) -> None:
    """Four states in which the company has left are one: Nash and SEQ 5, 8, 9; GMR and SMR also 1 and 4."""
    case = open_case(shared_data / "stability" / "Elmira.gmcr")
    assert case.game is not None
    (leave,) = [name for name in case.game.options if "bandon" in name]
    result = LENS.simulate(case.with_({"game.merged": [{"statement": leave, "name": "Gone"}]})).result()
    (gone,) = result.merged
    assert len(result.merged[gone]) == 4
    twelve = LENS.simulate(case).result()
    to_nine = {**{n: str(n) for n in (1, 2, 3, 4)}, 7: "5", 8: "6", 9: "7", 10: "8"}
    name = {present(twelve.states)[n - 1]: to for n, to in to_nine.items()} | {gone: "9"}
    found = {c: sorted(name[s] for s in present(result.equilibria[c])) for c in CONCEPTS}
    assert found["nash"] == found["seq"] == ["5", "8", "9"]
    assert found["gmr"] == found["smr"] == ["1", "4", "5", "8", "9"]
    assert sorted(name[s] for s in present(result.equilibria["cnash"])) == ["8", "9"]
    assert result.words[gone] == "Gone"
    assert "merged" in result.tables()
    assert "merged" in result.skipped["sim"]


# --- what the lens tells -------------------------------------------------------------------------


def case_of(game: dict[str, Any], **parts: Any) -> Case:
    named = {actor: {"name": actor.upper()} for actor in "abc"}
    return Case.from_dict({"title": "t", "actors": named, "game": game, **parts})


TREATY: dict[str, Any] = {
    "options": {"sign": {"actors": ["a", "b"], "name": "Sign"}, "arm": {"actor": "c", "name": "Arm"}},
    "preferences": {"a": ["sign", "not arm"], "b": ["sign"], "c": ["arm iff not sign", "not sign"]},
    "status_quo": ["arm"],
}


def test_what_needs_two_is_done_by_no_one_alone() -> None:
    """A and B both want the treaty; neither leaves alone, but together they do, and C follows."""
    result = LENS.simulate(case_of(TREATY)).result()
    assert "NY" in present(result.equilibria["nash"])
    assert result.equilibria["cnash"] == ("YN",)
    assert ("a", "b") in {jump.coalition for jump in present(result.jumps)}
    (way,) = [way for way in present(result.reached) if way.state == "YN" and way.by == "improvements"]
    assert [(move.actor, move.to) for move in way.paths[0]] == [("a+b", "YY"), ("c", "YN")]
    assert "need several" in result.skipped["sim"]
    assert "need several" in result.skipped["l2"]
    told = {(why.concept, why.actor, why.state): why for why in present(result.why)}
    leaving = told["cnash", "a+b", "NY"]
    assert not leaving.stable
    assert leaving.answers[0].by[-1].actor == "a+b"
    assert leaving.sentence == "A and B would gain by moving from “Arm”: “Sign”."


def test_an_option_that_several_take_can_be_answered_only_by_all_of_them() -> None:
    """C's improvement to arm is deterred by the treaty that A and B can only make together."""
    game = {**TREATY, "preferences": {**TREATY["preferences"], "c": ["not sign", "arm"]}, "status_quo": "NN"}
    result = LENS.simulate(case_of(game)).result()
    assert "NN" not in present(result.equilibria["nash"])
    assert "NN" in present(result.stable["seq"]["c"])
    (why,) = [w for w in present(result.why) if (w.concept, w.actor, w.state) == ("seq", "c", "NN")]
    assert why.sentence == (
        "C would stay at “nothing is done”: “Arm” would be answered by A and B (“Sign”), which is no better for C."
    )


def test_coalitions_that_cannot_form_are_not_looked_at() -> None:
    result = LENS.simulate(case_of({**TREATY, "coalitions": [["b", "c"]]})).result()
    assert set(result.stable["cnash"]) == {"a", "b", "c", "b+c"}
    assert "NY" in present(result.equilibria["cnash"])


def test_what_is_not_perceived_is_neither_left_nor_entered() -> None:
    plain = {
        "options": {"x": {"actor": "a"}, "y": {"actor": "b"}},
        "preferences": {"a": ["x"], "b": ["y"]},
    }
    result = LENS.simulate(case_of({**plain, "misperceives": {"a": ["YN"]}})).result()
    assert "NN" in present(result.stable["nash"]["a"])  # a does not see where x alone would lead
    assert "NY" not in present(result.stable["nash"]["a"])
    assert "sim" in result.concepts
    listed = {
        "states": {"s": {}, "t": {}},
        "moves": {"a": [["s", "t"]]},
        "together": [{"actors": ["a", "b"], "moves": [["t", "s"]]}],
        "misperceives": {"a": ["t"]},
        "preferences": {"a": {"ranking": ["t", ">>", "s"]}, "b": {"ranking": ["s", "t"]}},
    }
    assert LENS.simulate(case_of(listed)).result().stable["nash"]["a"] == ("s", "t")


def test_strength_tells_firm_equilibria_from_others_and_counts_draws() -> None:
    """In the dilemma YY holds by fear; whether strongly depends on how much worse mutual talk is."""

    def wants(own: str, other: str, gap: str) -> dict[str, Any]:
        weights = {
            "other": {"statement": other, "weight": 3},
            "talk": {"statement": f"not {own}", "weight": 1},
        }
        return {"weights": weights, "strong_gap": gap}

    game = {
        "options": {"x": {"actor": "a"}, "y": {"actor": "b"}},
        "preferences": {"a": wants("x", "y", "1..3"), "b": wants("y", "x", "2")},
    }
    result = LENS.simulate(case_of(game), draws=500).result()
    assert result.equilibria["seq"] == ("NN", "YY")
    assert result.strong_equilibria["seq"] == ("NN", "YY")
    assert result.strong_shares["seq"]["YY"].share == pytest.approx(0.5, abs=0.1)
    assert result.strong_shares["seq"]["NN"].share == 1
    assert any(
        "holds strongly by possible deterrence, by inescapable deterrence and by credible deterrence"
        in finding.sentence
        for finding in result.findings
    )
    assert result.equilibria["nash"] == ("NN",)  # that nobody would leave at all needs no telling
    assert [one.id for one in result.findings if one.id.startswith("strong.")] == ["strong.YY"]
    rows = {row[:2]: row[2:] for row in result.tables()["strength"].rows}
    assert rows["YY", "seq"][0] == "strong"
    assert "game.preferences.a.strong_gap" in result.sways
    weak = LENS.simulate(case_of(game).with_({"game.preferences.b.strong_gap": 2.5}), draws=50).result()
    assert weak.weak_equilibria["seq"] == ("YY",)
    assert all(isinstance(finding.sentence, str) for finding in weak.findings)


STANCES: dict[str, Any] = {
    "issues": {"i": {"name": "I", "scale": {"0": "l", "10": "h"}, "no_deal": "0..4"}},
    "stances": {
        "i": {
            "a": {"position": 5, "salience": 1, "influence": 1},
            "b": {"position": 10, "salience": 0.5, "influence": 1},
        }
    },
}


def test_stances_order_the_states_and_carry_their_doubt() -> None:
    """Left alone the issue ends at 2 ± …, the option brings it to 8: A gains iff it ends below 2."""
    game = {
        "options": {"x": {"actor": "a", "sets": {"i": 8}}, "y": {"actor": "b"}},
        "preferences": {"a": "stances", "b": "stances"},
        "status_quo": "NN",
    }
    simulation = LENS.simulate(case_of(game, **STANCES), draws=500)
    result = simulation.result()
    assert simulation.view.table.paths == (
        "issues.i.no_deal",
        "stances.i.a.position",
        "stances.i.a.salience",
        "stances.i.b.position",
        "stances.i.b.salience",
        "game.options.x.sets.i",
    )
    assert result.shares["nash"]["YN"].share == pytest.approx(0.5, abs=0.1)
    assert result.shares["nash"]["YN"].share + result.shares["nash"]["NN"].share == pytest.approx(1)
    assert list(result.sways) == ["issues.i.no_deal"]
    assert any("holds" in finding.sentence for finding in result.findings)
    ranks = simulation.view.ranks(np.array([1.0, 5, 1, 10, 0.5, 8]))
    assert ranks.tolist() == [[0, 1, 0, 1], [0, 1, 0, 1]]


def test_ways_of_improvement_leave_out_what_is_not_known() -> None:
    """Whether A wants x is not known; that it wants y is."""
    game: dict[str, Any] = {
        "options": {"x": {"actor": "a"}, "y": {"actor": "a"}, "z": {"actor": "b"}},
        "preferences": {"a": [{"statement": "x", "unknown": True}, "y"], "b": ["z"]},
        "status_quo": "NNN",
    }
    result = LENS.simulate(case_of(game)).result()
    assert result.unknown["b"].equilibria["nash"] == ("NYY", "YYY")
    assert result.unknown["a"].equilibria["nash"] == result.equilibria["nash"] == ()
    told = {finding.id: finding.sentence for finding in result.findings}
    assert told["unknown"].startswith(
        "Whether “y + z”, “x + y + z” hold by themselves depends on preferences"
    )
    ways = {(way.state, way.by): way.length for way in present(result.reached)}
    assert ways == {}
    other = {**game["options"], "x": {"actor": "c"}}
    wants = {**game["preferences"], "c": ["x"]}
    surely = LENS.simulate(case_of({**game, "options": other, "preferences": wants})).result()
    ways = {(way.state, way.by): way.length for way in present(surely.reached)}
    assert ways["YYY", "improvements"] == 3


@pytest.mark.parametrize(
    ("doubtful", "question"),
    [
        ({"issues.i.no_deal": "0..4"}, "the no-deal point of I"),
        ({"stances.i.a.position": "3..7"}, "A’s position on I"),
        ({"game.options.x.sets.i": "4..12"}, "where “x” puts I"),
    ],
)
def test_what_is_worth_knowing_is_asked_in_words(doubtful: dict[str, Any], question: str) -> None:
    game = {
        "options": {"x": {"actor": "a", "sets": {"i": 8}}},
        "preferences": {"a": "stances"},
    }
    data = {**STANCES, "issues": {"i": {"name": "I", "scale": {"0": "l", "20": "h"}, "no_deal": 2}}}
    result = LENS.simulate(case_of(game, **data).with_(doubtful), draws=400).result()
    (told,) = [finding for finding in result.findings if finding.id == "sway"]
    assert question in told.sentence


def test_a_doubtful_gap_is_asked_for_in_words() -> None:
    game = {
        "options": {"x": {"actor": "a"}, "y": {"actor": "b"}},
        "preferences": {
            "a": {
                "weights": {
                    "w": {"statement": "x", "weight": "1..3"},
                    "v": {"statement": "not x", "weight": 2},
                }
            },
            "b": {"weights": {"w": {"statement": "y", "weight": 1}}, "strong_gap": "0..2"},
        },
    }
    result = LENS.simulate(case_of(game), draws=200).result()
    sentence = input_phrase(result.case, "game.preferences.b.strong_gap")
    assert sentence == "what is strongly better for B"
    outcomes = LENS.view(case_of(game)).outcomes(LENS.view(case_of(game)).table.means[None])
    assert {label.split(".")[0] for label in outcomes} >= {"nash", "strong_gmr"}


def test_very_many_states_cannot_all_be_compared() -> None:
    options = {f"o{n}": {"actor": "abc"[n % 3]} for n in range(11)}
    wants = {"a": [{"statement": "o0", "unknown": True}], "b": ["o1"], "c": ["o2"]}
    with pytest.raises(CaseError, match="partly unknown in games of at most 1,024 states"):
        LENS.view(case_of({"options": options, "preferences": wants}))


def test_very_large_games_are_checked_when_they_are_solved() -> None:
    options = {f"o{n}": {"actor": "abc"[n % 3]} for n in range(19)}
    game = {"options": options, "infeasible": ["o0", "not o0"], "preferences": {a: ["o0"] for a in "abc"}}
    with pytest.raises(CaseError, match=r"game\.infeasible: no state is feasible"):
        LENS.view(case_of(game))


def test_states_that_are_one_can_be_ranked_as_one_and_be_today() -> None:
    game = {
        "options": {"x": {"actor": "a"}, "y": {"actor": "b"}, "z": {"actor": "c"}},
        "merged": ["not x and (y iff z)", "YN-"],
        "preferences": {"a": {"ranking": ["YN-", "YY-", "NNN", ["NYN", "NNY"]]}, "b": ["x"], "c": ["x"]},
        "status_quo": "NYY",
    }
    result = LENS.simulate(case_of(game)).result()
    assert set(result.merged) == {"YN-", "NNN|NYY"}
    assert result.status_quo == "NNN|NYY"
    assert result.words["NNN|NYY"] == "not x and (y iff z)"
    assert "YN-" in present(result.stable["nash"]["a"])
