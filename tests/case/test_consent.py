"""Who must consent: rules, bodies, deals and payments are read, written, changed, and checked in their place."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from detente.case import Body, Case, Payment, Payments, Rule, StatedDeal, Votes
from detente.case.checked import check_text
from detente.case.consent import checked_quota, needed, share, whole_weights
from detente.case.electorate import Electorate, Member
from detente.case.formats import export_case, import_case
from detente.case.model import case_schema
from detente.case.reading import read_yaml
from detente.case.thresholds import Threshold, Voter, wins
from detente.errors import CaseError

FILE = Path("c.yaml")
BASE = """\
detente: 1
title: Two at a table
sources:
  law: {title: A law}
actors:
  a: {name: A, influence: 1, failure_cost: 0.05 ± 0.02, because: law}
  b: {name: B, influence: 2, failure_cost: -0.1}
  c: {name: C, influence: 3}
issues:
  x: {name: X, scale: {0: low, 1: high}, because: law, discrete: true, consent: chamber}
  y: {name: Y, scale: {0: low, 10: high}, because: law}
stances:
  x:
    a: {position: 0, salience: 1, concession_cost: 2 ± 1, because: law}
    b: {position: 1, salience: 0.5, because: law}
  y:
    b: {position: 2, salience: 1, because: law}
    c: {position: 9, salience: 1, because: law}
"""
GOOD = """\
consent:
  all_of:
    - a
    - any_of: [b, {at_least: 2/3, of: [{actor: c, count: 5, apart: true}, b]}]
bodies:
  chamber:
    name: The chamber
    rule: {votes: {quota: 3, weights: {a: 2, b: 1.5}}, headcount: 2}
    because: [law]
  senate:
    name: The senate
    rule: {body: us-treaty, members: {president: a, senator: [{actor: b, count: 40}], others: c}}
deals:
  both: {name: Both together, issues: [x, y], because: law}
payments:
  unit: million
  actors:
    a: {gives: 100 ± 20, worth: 0.001}
    b: {takes: 50, worth: 0.002, because: [law]}
"""


def case() -> Case:
    return check_text(BASE + GOOD, FILE).require()


def told(text: str, base: str = BASE) -> list[str]:
    return [f"{p.line}: {p.path}: {p.message}" for p in check_text(base + text, FILE).errors]


# --- read and written ---------------------------------------------------------------------------------


def test_the_parts_are_read_and_written_as_they_were() -> None:
    found = case()
    assert isinstance(found.consent, Rule)
    assert isinstance(found.bodies["chamber"], Body)
    assert isinstance(found.bodies["chamber"].rule.votes, Votes)
    assert isinstance(found.deals["both"], StatedDeal)
    assert isinstance(found.payments, Payments)
    assert isinstance(found.payments.actors["a"], Payment)
    assert found.issues["x"].discrete
    data = found.to_dict()
    assert data["consent"] == {
        "all_of": [
            "a",
            {"any_of": ["b", {"at_least": "2/3", "of": [{"actor": "c", "count": 5, "apart": True}, "b"]}]},
        ]
    }
    assert data["issues"]["x"]["consent"] == "chamber"
    assert data["bodies"]["chamber"]["rule"] == {
        "votes": {"quota": 3, "weights": {"a": 2, "b": 1.5}},
        "headcount": 2,
    }
    assert data["bodies"]["senate"]["rule"]["members"] == {
        "president": "a",
        "senator": {"actor": "b", "count": 40},
        "others": "c",
    }
    assert Case.from_dict(data) == found
    again = check_text(Case.from_dict(data).to_yaml(), FILE).require()
    assert again == found
    assert again.fingerprint == found.fingerprint


def test_editors_are_told_the_form_of_the_new_parts() -> None:
    validator = Draft202012Validator(case_schema())
    validator.validate(case().to_dict())
    validator.validate(read_yaml(BASE + GOOD).data)
    assert not validator.is_valid({**case().to_dict(), "consent": {"any_off": ["a"]}})
    assert not validator.is_valid({**case().to_dict(), "consent": {"all_of": []}})


def test_every_number_has_a_path_and_its_bounds() -> None:
    quantities = case().quantities
    assert quantities["actors.a.failure_cost"].mean == pytest.approx(0.05)
    assert quantities["actors.b.failure_cost"].mean == -0.1
    assert quantities["stances.x.a.concession_cost"].low == 0
    assert quantities["payments.actors.a.gives"].mean == pytest.approx(100, abs=0.01)
    assert quantities["payments.actors.b.takes"].mean == 50
    assert quantities["payments.actors.b.worth"].mean == 0.002


def test_scenarios_and_changes_reach_the_new_parts() -> None:
    changed = case().with_(
        {
            "consent": "b",
            "issues.x.consent": {"any_of": ["a", "c"]},
            "actors.c.failure_cost": 0.2,
            "stances.x.b.concession_cost": 3,
            "payments.actors.a.gives": "50..60",
            "deals.third": {"name": "Third", "issues": ["y"]},
            "bodies.senate": None,
        }
    )
    assert changed.consent == Rule(actor="b")
    assert changed.issues["x"].consent == Rule(any_of=(Rule(actor="a"), Rule(actor="c")))
    assert changed.quantities["payments.actors.a.gives"].mean == 55
    assert list(changed.deals) == ["both", "third"]
    assert "senate" not in changed.bodies
    assert case().with_({"consent": None, "deals": None}).consent is None
    scenario = "scenarios:\n  s: {name: S, changes: {consent: {all_of: [a, zz]}, issues.x.consent: null}}\n"
    assert told(GOOD + scenario) == [
        "39: scenarios.s.changes.consent: consent.all_of[1]: no actor or body is called 'zz'"
    ]


def test_an_edit_keeps_the_rest_of_the_file() -> None:
    text = BASE + GOOD + "# the end\n"
    edited = check_text(text, FILE).require().with_({"consent": "c", "actors.a.failure_cost": 0.3})
    assert "consent: c\n" in edited.to_yaml()
    assert edited.to_yaml().endswith("# the end\n")
    assert "influence: 1, failure_cost: 0.3, because: law" in edited.to_yaml()
    assert check_text(edited.to_yaml(), FILE).require() == edited


def test_a_scenario_may_not_take_the_last_voice_from_a_deal() -> None:
    silent = "scenarios:\n  s: {name: S, changes: {stances.x.a: null, stances.x.b: null}}\n"
    assert "nobody who must consent has a stance on 'x'" in told(GOOD + silent)[0]
    heard = "scenarios:\n  s: {name: S, changes: {stances.x.a: null}}\n"
    assert told(GOOD + heard) == []


def test_correlations_may_name_the_new_quantities() -> None:
    pair = "correlations:\n  - {between: [actors.a.failure_cost, payments.actors.a.gives], rank: 0.5}\n"
    assert told(GOOD + pair) == []
    assert len(check_text(BASE + GOOD + pair, FILE).require().rank_correlations) == 1
    wrong = "correlations:\n  - {between: [actors.a.failure_cots, stances.x.a.concession_cost], rank: 0.5}\n"
    assert told(GOOD + wrong) == ["39: correlations[0].between[0]: no quantity at 'actors.a.failure_cots'"]


@pytest.mark.parametrize("ending", ["xlsx", "json", "yaml"])
def test_formats_that_hold_everything_hold_the_new_parts(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"case.{ending}"
    assert export_case(case(), path) == []
    assert import_case(path).case == case()


def test_a_table_tells_what_of_the_new_parts_it_does_not_keep(tmp_path: Path) -> None:
    lost = {
        problem.message.split(" is not kept")[0] for problem in export_case(case(), tmp_path / "case.csv")
    }
    parts = {"consent", "bodies", "deals", "payments", "issues.*.consent", "issues.*.discrete"}
    assert parts | {"actors.*.failure_cost", "stances.*.*.concession_cost"} <= lost


_ids = st.sampled_from("abc")
_quotas = st.sampled_from([1, "majority", "1/2", "65 %"])


def _is_group(rule: object) -> bool:
    return isinstance(rule, dict) and "actor" not in rule


@st.composite
def stated(draw: st.DrawFn, depth: int = 2) -> Any:
    """Return a rule as a file has it, over three actors; an actor stands once in a list."""
    forms = ["actor", "member", "votes"] + (["all_of", "any_of", "at_least"] if depth else [])
    form = draw(st.sampled_from(forms))
    if form == "actor":
        return draw(_ids)
    if form == "member":
        return {"actor": draw(_ids), "count": draw(st.integers(1, 9)), "apart": True}
    if form == "votes":
        weights = draw(st.dictionaries(_ids, st.integers(1, 5) | st.just(0.5), min_size=1))
        return {"votes": {"quota": "majority", "weights": weights}, "headcount": "1/2"}
    parts = draw(st.lists(_ids, min_size=1, unique=True))
    groups = stated(depth - 1).map(
        lambda rule: rule if _is_group(rule) else {"all_of": ["b", {"any_of": ["a"]}]}
    )
    inner = draw(st.lists(groups, max_size=2))
    if form == "at_least":
        return {"at_least": draw(_quotas), "of": [*parts, *inner]}
    return {form: [*parts, *inner]}


@given(stated())
@settings(max_examples=50, deadline=None)
def test_any_rule_is_written_as_it_was_read_and_nobody_alone_never_meets_it(rule: Any) -> None:
    data = check_text(BASE.replace(", consent: chamber", ""), FILE).require().to_dict()
    found = Case.from_dict({**data, "consent": rule})
    assert found.to_dict()["consent"] == rule
    assert check_text(found.to_yaml(), FILE).require() == found
    electorate = Electorate(found)
    members = electorate.members(["y"])
    everybody = np.ones(len(members), dtype=np.bool_)
    assert wins(electorate.rule(["y"]), everybody)
    assert not wins(electorate.rule(["y"]), ~everybody)
    assert {member.actor for member in members} <= set("abc")


# --- what a rule comes to -----------------------------------------------------------------------------


def test_a_deal_needs_its_own_rule_and_those_of_its_issues() -> None:
    found = Electorate(case())
    both, every = found.rule(["x", "y"]), found.rule(["y"])
    assert isinstance(both, Threshold)
    assert both.quota == 2
    assert [part for _, part in both.parts] == [every, both.parts[1][1]]
    assert both.parts[1][1] == Electorate(case().with_({"consent": None})).rule(["x"])
    assert Electorate(case().with_({"consent": None})).members(["y"]) == ()


def rule_of(found: Case) -> tuple[Threshold, tuple[Member, ...]]:
    """Return what the consent of a case comes to, over members in the order in which it names them."""
    electorate = Electorate(found)
    rule = electorate.rule(["y"])
    assert isinstance(rule, Threshold)
    return rule, electorate.members(["y"])


def test_rules_come_to_thresholds_over_members() -> None:
    whole, members = rule_of(case())
    assert members == (Member("a"), Member("b"), *(Member("c", number) for number in range(1, 6)))
    assert whole.quota == 2
    inner = whole.parts[1][1]
    assert isinstance(inner, Threshold)
    a, b, *several = map(Voter, range(7))
    assert inner.parts[1][1] == Threshold(4, (*((1, one) for one in several), (1, b)))
    chamber, members = rule_of(case().with_({"consent": "chamber"}))
    assert members == (Member("a"), Member("b"))
    vote, heads = Threshold(6, ((4, a), (3, b)), unit=0.5), Threshold(2, ((1, a), (1, b)))
    assert chamber == Threshold(2, ((1, vote), (1, heads)), "The chamber")


def test_a_ready_made_body_of_a_case_comes_to_its_rule_over_those_who_fill_it() -> None:
    senate, members = rule_of(case().with_({"consent": "senate"}))
    assert members == (Member("a"), Member("b"), Member("c"))
    assert senate == Threshold(
        2, ((1, Voter(0)), (1, Threshold(67, ((1, Voter(1, 40)), (1, Voter(2, 60)))))), "The senate"
    )
    assert wins(senate, np.array([[True, True, True], [True, False, True]])).tolist() == [True, False]


def test_quotas_are_counted_from_the_total() -> None:
    assert needed("majority", 100) == 51
    assert needed("majority", 101) == 51
    assert needed("2/3", 100) == 67
    assert needed("55 %", 27) == 15
    assert needed(2.5, 7, 2) == 5
    assert share("7/3") is None
    assert share("0 %") is None
    assert share("1/0") is None
    assert checked_quota("65 %") == "65 %"
    assert whole_weights({"a": 0.25, "b": 0.5}) == ({"a": 1, "b": 2}, Fraction(4))
    with pytest.raises(ValueError, match="differ too much"):
        whole_weights({"a": 1e30, "b": 1})


# --- what is wrong ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("aa", "consent: no actor or body is called 'aa'"),
        ("us-treaty", "consent: no actor or body is called 'us-treaty'"),
        ("{all_of: [a, a]}", "consent.all_of[1]: 'a' stands twice in one rule"),
        ("{all_of: [a, {actor: d}]}", "consent.all_of[1].actor: no actor or body is called 'd'"),
        (
            "{at_least: 4, of: [a, {actor: b, count: 2}]}",
            "consent.at_least: is more than the 3 members that there are",
        ),
        ("{at_least: 0, of: [a, b]}", "consent.at_least: is met when nobody agrees"),
        ("{at_least: most, of: [a, b]}", "consent.at_least: 'most' is no quota"),
        ("{at_least: 2}", "consent: 'at_least' needs 'of' beside it"),
        ("{at_least: true, of: [a]}", "consent.at_least: must be a number of at least 0"),
        (
            "{votes: {quota: 9, weights: {a: 2, d: 1}}}",
            "consent.votes.quota: is more than the 3 votes that there are",
        ),
        (
            "{votes: {quota: 9, weights: {a: 2, d: 1}}}",
            "consent.votes.weights.d: no actor or body is called 'd'",
        ),
        ("{votes: {quota: 1, weights: {a: -2}}}", "consent.votes.weights.a: a weight is a finite number"),
        ("{votes: {quota: 1, weights: {a: 0}}}", "consent.votes.weights: nobody has any weight"),
        (
            "{votes: {quota: 1, weights: {a: 1.0e30, b: 1}}}",
            "consent.votes.weights: the weights differ too much",
        ),
        (
            "{votes: {quota: 1, weights: {a: 1}}, headcount: 2}",
            "consent.headcount: is more than the 1 members",
        ),
        ("{all_of: [a], any_of: [b]}", "consent: a rule has exactly one of"),
        ("{count: 3}", "consent: a rule has exactly one of"),
        ("{all_of: []}", "consent.all_of: is empty"),
        ("{actor: a, count: 0}", "consent.count: input should be greater than or equal to 1"),
        ("{actor: a, of: [b]}", "consent: 'of' stands only beside 'at_least'"),
        ("{actor: chamber, count: 3}", "consent: 'chamber' is a body and stands for itself alone"),
        ("{any_off: [a]}", "consent.any_off: unknown key 'any_off'"),
        ("3", "consent: must be a mapping"),
        (
            "{body: us-treety, members: {president: a}}",
            "consent.body: no ready-made body is called 'us-treety'",
        ),
        ("{body: us-treaty}", "consent: 'body' needs 'members' beside it"),
        (
            "{body: us-treaty, members: {presidnt: a, others: b}}",
            "consent.members.presidnt: us-treaty has no role",
        ),
        (
            "{body: us-treaty, members: {president: [a, b], others: c}}",
            "consent.members.president: 'president' has 1 seat, and 2 are filled",
        ),
        (
            "{body: us-treaty, members: {president: a, senator: {actor: b, count: 7}}}",
            "consent.members.senator: 'senator' has 100 seats, and 7 are filled",
        ),
        (
            "{body: us-treaty, members: {president: a}}",
            "consent.members: 'senator' has 100 seats, and 0 are filled",
        ),
        (
            "{body: us-treaty, members: {president: a, others: [b, c]}}",
            "consent.members.others: the rest of the seats is filled by one actor",
        ),
        (
            "{body: us-treaty, members: {president: a, senator: {actor: b, count: 100}, others: c}}",
            "consent.members.others: no seat is left",
        ),
        (
            "{body: us-treaty, members: {president: d, others: b}}",
            "consent.members.president: no actor or body is called 'd'",
        ),
        (
            "{body: us-treaty, members: {president: a, senator: [{actor: b, count: 50}, {actor: b, count: 50}]}}",
            "consent.members.senator[1]: 'b' stands twice",
        ),
    ],
)
def test_a_wrong_rule_is_told_where_it_stands(rule: str, expected: str) -> None:
    bodies = GOOD[GOOD.index("bodies:") :]
    problems = told(f"consent: {rule}\n{bodies}")
    assert any(expected in problem for problem in problems), problems
    assert all(problem.startswith("19: ") for problem in problems if "consent" in problem), problems


def test_rules_may_not_be_nested_too_deep() -> None:
    deep: Any = "a"
    for _ in range(20):
        deep = {"all_of": [deep]}
    data = case().to_dict()
    assert Case.from_dict({**data, "consent": deep}).consent is not None
    with pytest.raises(CaseError, match="rules are nested more than 20 deep"):
        Case.from_dict({**data, "consent": {"all_of": [{"all_of": [deep]}]}})


def test_a_body_may_not_hold_itself_nor_take_an_id() -> None:
    text = """\
bodies:
  chamber: {name: One, rule: {any_of: [a, two]}}
  two: {name: Two, rule: {all_of: [b, three]}}
  three: {name: Three, rule: {votes: {quota: 1, weights: {chamber: 1}}}}
  a: {name: Three, rule: c}
"""
    assert told(text) == [
        "20: bodies.chamber.rule: the body contains itself: chamber → two → three → chamber",
        "23: bodies.a: an actor has this id",
    ]


def test_each_circle_of_bodies_is_told_once_with_those_in_it() -> None:
    text = "bodies:\n" + "".join(
        f"  {name}: {{name: {name.upper()}, rule: {{any_of: [{', '.join(held)}]}}}}\n"
        for name, held in {"p": "rq", "q": "p", "r": "ra", "s": "ta", "t": "s"}.items()
    )
    assert [problem.partition(": ")[2] for problem in told(text) if "itself" in problem] == [
        "bodies.p.rule: the body contains itself: p → q → p",
        "bodies.r.rule: the body contains itself: r → r",
        "bodies.s.rule: the body contains itself: s → t → s",
    ]
    ring = {f"b{n}": f"b{(n + 1) % 200}" for n in range(200)}
    text = "bodies:\n" + "".join(f"  {one}: {{name: {one}, rule: {other}}}\n" for one, other in ring.items())
    (problem,) = (problem for problem in told(text) if "itself" in problem)
    assert problem.endswith(f"contains itself: {' → '.join([*ring][:12])} → … (200 bodies in all)")


def test_deals_and_payments_are_checked_against_the_case() -> None:
    text = """\
consent: a
bodies: {chamber: {name: C, rule: a}}
deals:
  x: {name: X, issues: [x]}
  all: {name: All, issues: [x, y, x, z]}
payments:
  unit: million
  actors:
    q: {takes: 1, worth: 1}
    b: {worth: 0.1}
    c: {gives: -1, worth: -2}
"""
    assert told(text) == [
        "22: deals.x: an issue has this id",
        "23: deals.all.issues[1]: nobody who must consent has a stance on 'y'",
        "23: deals.all.issues[2]: the issue 'x' stands twice",
        "23: deals.all.issues[3]: no issue is called 'z'",
        "27: payments.actors.q: no actor is called 'q'",
        "28: payments.actors.b: can neither give nor take",
        "29: payments.actors.c.gives: -1 is below 0",
        "29: payments.actors.c.worth: -2 is below 0",
    ]


def test_a_deal_without_any_rule_says_what_to_add() -> None:
    without = BASE.replace(", consent: chamber", "")
    problem = check_text(without + "deals: {all: {name: All, issues: [x]}}\n", FILE).errors[0]
    assert problem.hint == "say who must agree under 'consent'"


def test_unknown_keys_are_told_with_those_that_are_known() -> None:
    text = """\
bodies: {chamber: {nam: C, rule: a}}
deals: {all: {name: All, issue: [x]}}
payments: {units: m, actors: {a: {give: 1, worth: 1}}}
consent: {votes: {quotas: 1, weights: {a: 1}}}
"""
    hints = {problem.path: problem.hint for problem in check_text(BASE + text, FILE).errors}
    assert hints["bodies.chamber.nam"] == "did you mean 'name'?"
    assert hints["deals.all.issue"] == "did you mean 'issues'?"
    assert hints["payments.units"] == "did you mean 'unit'?"
    assert hints["payments.actors.a.give"] == "did you mean 'gives'?"
    assert hints["consent.votes.quotas"] == "did you mean 'quota'?"
    issue = BASE.replace("consent: chamber", "consent: {al_of: [a]}")
    assert check_text(issue, FILE).errors[0].hint == "did you mean 'all_of'?"


# --- what looks forgotten -----------------------------------------------------------------------------


def warned(text: str) -> list[str]:
    base = BASE.replace(", consent: chamber", "")
    return [f"{p.path}: {p.message}" for p in check_text(base + text, FILE).warnings]


def test_a_voice_without_a_stance_is_pointed_out() -> None:
    text = "consent: {all_of: [a, b]}\ndeals: {why: {name: Y, issues: [y]}}\n"
    expected = (
        "deals.why: asked for consent, but without a stance here: a; whoever has none agrees to anything"
    )
    assert warned(text) == [expected]


def test_consent_that_only_the_silent_give_is_pointed_out() -> None:
    told = "those whose consent is enough have no stance here, so they agree to anything"
    assert warned("consent: {any_of: [a, b]}\ndeals: {why: {name: Y, issues: [y]}}\n") == [
        f"deals.why: {told}"
    ]
    assert warned("consent: {any_of: [a, b]}\n") == [f"issues.y: {told}"]
    assert warned("consent: {all_of: [a, b]}\n") == []
