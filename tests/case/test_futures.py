"""The futures of a case: what they say, and what is wrong with them, all at once."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from detente import crossimpact
from detente.case import Case
from detente.case.case import examine
from detente.case.words import assertions, input_name, named
from detente.errors import CaseError

Data = dict[str, Any]
START: Data = {
    "title": "After the talks",
    "sources": {"paper": {"title": "A paper"}},
    "futures": {
        "descriptors": {
            "relation": {
                "name": "The relation",
                "variants": {"reset": "reset", "rupture": {"name": "rupture"}},
            },
            "alliance": {
                "name": "The alliance",
                "theme": "Europe",
                "variants": {"strong": "strong", "weak": {"name": "weak", "means": "talks only"}},
            },
        },
        "judgements": {
            "relation": {
                "reset": {"alliance": {"pushes": {"strong": "-2 ± 1", "weak": 1}, "because": ["paper"]}},
                "rupture": {"alliance": {"pushes": {}, "because": ["paper"]}},
            }
        },
    },
}


def changed(**parts: Any) -> Data:
    data = deepcopy(START)
    data["futures"] |= parts
    return data


def refused(data: Data) -> list[str]:
    with pytest.raises(CaseError) as caught:
        Case.from_dict(data)
    return [str(problem) for problem in caught.value.problems]


def judged(row: Any, source: str = "relation", variant: str = "reset", target: str = "alliance") -> Data:
    return changed(judgements={source: {variant: {target: row}}})


def test_a_case_of_futures_needs_neither_actors_nor_issues() -> None:
    case = Case.from_dict(START)
    assert Case.from_dict(case.to_dict()) == case
    path = "futures.judgements.relation.reset.alliance.pushes.strong"
    assert str(case.quantities[path]) == "-2 ± 1"
    assert input_name(case, path) == "The relation, reset: push on The alliance, strong"
    assert named(case, path).phrase == "how far “The relation, reset” pushes The alliance towards “strong”"
    told = {one.path: one for one in assertions(case)}
    row = told["futures.judgements.relation.reset.alliance"]
    assert (row.about, row.because) == ("The relation, reset, on The alliance", ("paper",))
    assert row.numbers == {"": "strong -2 ± 1; weak 1"}
    assert told["futures.judgements.relation.rupture.alliance"].numbers == {"": "none"}
    assert [one.message for one in examine(START)[1]] == ["nothing pushes the descriptor"]


def test_without_futures_actors_and_issues_are_still_needed() -> None:
    told = refused({"title": "T"})
    assert told == ["'actors' is missing; add 'actors: …'", "'issues' is missing; add 'issues: …'"]
    assert "actors: is empty" in refused({"title": "T", "actors": {}, "issues": {}})


def test_experts_are_kept_apart_by_name() -> None:
    data = changed(experts={"anna": {"name": "Anna"}, "ben": {"name": "Ben", "weight": 2}})
    row = data["futures"]["judgements"]["relation"]["reset"]["alliance"]
    row["experts"] = {"anna": {"strong": 3}, "ben": {"weak": "0..2"}}
    case = Case.from_dict(data)
    path = "futures.judgements.relation.reset.alliance.experts.ben.weak"
    assert str(case.quantities[path]) == "0..2"
    assert input_name(case, path) == "The relation, reset: push on The alliance, weak, as Ben has it"
    (told,) = [one for one in assertions(case) if one.path.endswith("reset.alliance")]
    assert told.numbers == {"": "strong -2 ± 1; weak 1; anna: strong 3; ben: weak 0..2"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            judged({"pushes": {"strnog": 1}}),
            "pushes.strnog: the descriptor 'alliance' has no variant 'strnog'; did you mean 'strong'?",
        ),
        (
            judged({"pushes": {"weak": 1}}, variant="rest"),
            "rest: the descriptor 'relation' has no variant 'rest'; did you mean 'reset'?",
        ),
        (
            judged({"pushes": {}}, target="aliance"),
            "no descriptor is called 'aliance'; did you mean 'alliance'?",
        ),
        (
            judged({"pushes": {}}, source="relations"),
            "no descriptor is called 'relations'; did you mean 'relation'?",
        ),
        (
            judged({"pushes": {"weak": 1.5}}),
            "judgements are whole numbers here (got 1.5); round it, or declare futures.whole: false",
        ),
        (judged({"pushes": {"weak": "1.5..2"}}), "judgements are whole numbers here"),
        (
            judged({"pushes": {"weak": 4}}),
            "weak: 4 is above 3 (got 4); judgements run from -3 to 3; declare another futures.scale for more",
        ),
        (judged({"pushes": {"weak": "nonsense"}}), "pushes.weak"),
        (
            judged({"experts": {"anna": {"weak": 1}}}),
            "no expert is called 'anna'; add it under futures.experts",
        ),
        (
            changed(fixed={"relation": "restet"}),
            "futures.fixed.relation: the descriptor 'relation' has no variant 'restet'; did you mean 'reset'?",
        ),
        (changed(assume={"name": "x", "holds": {"relatoin": "reset"}}), "no descriptor is called 'relatoin'"),
        (
            changed(claims={"c": {"name": "x", "holds": {"alliance": ["week"]}}}),
            "has no variant 'week'; did you mean 'weak'?",
        ),
        (
            changed(constraints=[{"when": {"relation": "reset"}}]),
            "says neither what never comes together nor what implies what",
        ),
        (changed(constraints=[{"never": {"relation": "rest"}}]), "has no variant 'rest'"),
        (
            changed(constraints=[{"when": {"relation": "reset"}, "then": {"aliance": "weak"}}]),
            "futures.constraints[0].then.aliance: no descriptor is called 'aliance'; did you mean 'alliance'?",
        ),
        (
            changed(constraints=[{"never": {"relation": "reset"}}, {"never": {"relation": "rupture"}}]),
            "futures.constraints: the constraints contradict each other: they leave no future at all",
        ),
        (
            changed(
                fixed={"relation": "reset"},
                constraints=[
                    {"when": {"relation": "reset"}, "then": {"alliance": "strong"}},
                    {"never": {"alliance": "strong"}},
                ],
            ),
            "the constraints contradict each other",
        ),
    ],
)
def test_what_is_wrong_is_told_with_the_way_out(data: Data, said: str) -> None:
    assert any(said in problem for problem in refused(data)), refused(data)


@pytest.mark.parametrize(
    ("follower", "said"),
    [
        ({"follows": "winset"}, "names an answer as lens.answer (got winset)"),
        ({"cuts": [0.5]}, "cuts: says nothing without 'follows'"),
        (
            {"follows": "a.b", "cuts": [1, 2]},
            "cuts: holds 2 cuts; write 1 cuts, each above the one before, for 2 variants",
        ),
        ({"follows": "a.b", "cuts": [2, 1]}, "cuts are numbers, each above the one before"),
        (
            {"variants": {"reset": {"name": "r", "when": "ease"}, "rupture": "x"}},
            "when: says nothing without 'follows'",
        ),
        (
            {"follows": "a", "variants": {"reset": "r", "rupture": {"name": "x", "when": "ease"}}},
            "reset: has no 'when'; only the last variant, for all other outcomes, may be without",
        ),
        (
            {"follows": "a", "cuts": [1], "variants": {"reset": {"name": "r", "when": "YN"}, "rupture": "x"}},
            "has both cuts and conditions",
        ),
        (
            {"follows": "a", "variants": {"reset": {"name": "r", "when": "ease"}, "rupture": "x"}},
            "when: no option is called 'ease'; the case has no game",
        ),
    ],
)
def test_what_a_descriptor_follows_must_lead_to_a_variant(follower: Data, said: str) -> None:
    data = changed()
    data["futures"]["descriptors"]["relation"] |= follower
    assert any(said in problem for problem in refused(data)), refused(data)


def test_all_that_is_wrong_is_told_at_once() -> None:
    data = judged({"pushes": {"strnog": 1.5, "weak": 9}})
    data["futures"]["fixed"] = {"nobody": "x"}
    assert len(refused(data)) == 4


def test_what_looks_forgotten_is_warned_of() -> None:
    data = changed()
    del data["futures"]["judgements"]["relation"]["rupture"]
    del data["futures"]["judgements"]["relation"]["reset"]["alliance"]["because"]
    told = [fault.message for fault in examine(data)[1]]
    assert "nothing pushes the descriptor" in told
    assert "not judged, though another variant of the descriptor is: relation.rupture.alliance" in told
    assert "the judgement rests on no source" in told


def test_a_scenario_may_change_judgements_and_what_is_fixed() -> None:
    data = changed()
    path = "futures.judgements.relation.reset.alliance.pushes.strong"
    data["scenarios"] = {"s": {"name": "S", "changes": {path: 3, "futures.fixed": {"relation": "reset"}}}}
    case = Case.from_dict(data).with_(scenario="s")
    assert case.quantities[path].mean == 3
    assert case.futures is not None
    assert case.futures.fixed == {"relation": "reset"}


def test_a_single_push_rests_on_its_own_source() -> None:
    data = {
        "detente": 1,
        "title": "x",
        "sources": {key: {"title": key} for key in ("whole", "alone", "rival")},
        "futures": {
            "descriptors": {
                "a": {"name": "A", "variants": {"p": "p", "q": "q"}},
                "b": {"name": "B", "variants": {"r": "r", "s": "s", "t": "t"}},
            },
            "judgements": {
                "a": {
                    "p": {
                        "b": {
                            "pushes": {"r": 2, "s": 1, "t": -3},
                            "because": ["whole"],
                            "because_each": {"r": ["alone"], "s": "rival"},
                        }
                    }
                }
            },
        },
    }
    case = Case.from_dict(data)
    (row,) = assertions(case)
    assert row.because == ("whole", "alone", "rival")
    found = crossimpact(case, draws=100)
    said = [reason for one in found.arguments for reason in one.supports if reason.points > 0]
    assert ("whole", "alone", "rival") in [reason.because for reason in said]
    data["futures"]["judgements"]["a"]["p"]["b"]["because_each"] = {"u": ["whole"], "r": ["nowhere"]}  # type: ignore[index]
    with pytest.raises(CaseError) as told:
        Case.from_dict(data)
    assert "has no variant 'u'" in str(told.value)
    assert "no source is called 'nowhere'" in str(told.value)
