"""From the rules of a case to a tree over voters: who they are, and that the tree means what the rule says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from detente.case import Case
from detente.case.bodies import ready_body
from detente.case.electorate import Electorate, Member, body_rule, weighted
from detente.case.thresholds import Threshold, Voter, voters, wins
from detente.errors import MissingPartError, OptionError


def case(**parts: Any) -> Case:
    actors = {name: {"name": name.upper(), "influence": 1} for name in "abc"}
    issues = {name: {"name": name.upper(), "scale": {0: "low", 1: "high"}} for name in ("x", "y")}
    stances = {issue: {actor: {"position": 0, "salience": 1} for actor in actors} for issue in issues}
    data = {"title": "t", "actors": actors, "issues": issues, "stances": stances, **parts}
    return Case.from_dict(data)


def tree(found: Case, *issues: str) -> tuple[Any, tuple[Member, ...]]:
    electorate = Electorate(found)
    return electorate.rule(issues), electorate.members(issues)


def test_an_actor_is_one_voter_with_the_seats_it_stands_for() -> None:
    found, people = tree(case(consent={"at_least": 51, "of": [{"actor": "a", "count": 49}, "b", "c"]}), "x")
    assert people == (Member("a"), Member("b"), Member("c"))
    assert found == Threshold(51, ((1, Voter(0, 49)), (1, Voter(1)), (1, Voter(2))))


def test_members_apart_are_voters_of_their_own() -> None:
    found, people = tree(
        case(consent={"at_least": 2, "of": [{"actor": "a", "count": 3, "apart": True}]}), "x"
    )
    assert people == (Member("a", 1), Member("a", 2), Member("a", 3))
    assert found == Threshold(2, ((1, Voter(0)), (1, Voter(1)), (1, Voter(2))))


def test_the_same_people_sit_in_the_same_chamber_and_others_elsewhere() -> None:
    senators = [{"actor": "a", "count": 60, "apart": True}, {"actor": "b", "count": 40}]
    treaty = {"body": "us-treaty", "members": {"president": "c", "senator": senators}}
    house = {"actor": "a", "count": 200, "apart": True}
    members_of_both = {"president": "c", "senator": senators, "representative": house, "others": "b"}
    statute = {"body": "us-statute", "members": members_of_both}
    found = case()
    data = found.to_dict()
    data["issues"]["x"]["consent"], data["issues"]["y"]["consent"] = treaty, statute
    found = Case.from_dict(data)
    signed, passed = (set(Electorate(found).members([issue])) for issue in "xy")
    assert signed == {Member("c"), Member("b"), *(Member("a", n) for n in range(1, 61))}
    assert passed == signed | {Member("a", n) for n in range(61, 261)}
    both, people = tree(found, "x", "y")
    assert set(people) == passed
    assert isinstance(both, Threshold)
    assert both.quota == 2
    names = [part.name for _, part in both.parts if isinstance(part, Threshold)]
    assert names == ["United States treaty", "United States statute"]
    row = people.index(Member("b"))
    everyone = np.ones((2, len(people)), dtype=np.bool_)
    everyone[1, row] = False
    assert wins(both, everyone).tolist() == [True, False]


def test_one_actor_in_many_roles_agrees_with_all_of_them() -> None:
    council = {"body": "eu27-qualified-majority", "members": {"hungary": "a", "germany": "b", "others": "c"}}
    found, people = tree(case(consent=council), "x")
    assert people == (Member("b"), Member("c"), Member("a"))
    agreed = np.array([[True, True, False], [False, True, True], [True, False, True]])
    assert wins(found, agreed).tolist() == [True, True, False]


def test_bodies_of_the_case_keep_their_names() -> None:
    bodies = {"side": {"name": "One side", "rule": {"any_of": ["a", "b"]}}}
    found, _ = tree(case(consent={"all_of": ["side", "c"]}, bodies=bodies), "x")
    assert isinstance(found, Threshold)
    assert found.parts[0][1] == Threshold(1, ((1, Voter(0)), (1, Voter(1))), "One side")


def test_a_bare_actor_is_a_rule_and_equal_rules_count_once() -> None:
    data = case(consent="a").to_dict()
    data["issues"]["x"]["consent"] = "a"
    assert tree(Case.from_dict(data), "x", "y") == (Voter(0), (Member("a"),))


def test_a_deal_without_a_rule_says_what_is_missing() -> None:
    nobody = Electorate(case())
    assert nobody.members(["x", "y"]) == ()
    with pytest.raises(MissingPartError, match="no rule says who must consent to x, y; add 'consent:'"):
        nobody.rule(["x", "y"])


def test_voters_get_the_rows_that_are_asked_for() -> None:
    found = Electorate(case(consent={"all_of": ["a", "b"]}))
    assert found.rule(["x"], {Member("b"): 4, Member("a"): 7}) == Threshold(2, ((1, Voter(7)), (1, Voter(4))))


def test_every_seat_of_a_ready_made_body_is_a_voter() -> None:
    found, roles = body_rule(ready_body("us-treaty"))
    assert roles == ("president", *["senator"] * 100)
    assert list(voters(found)) == list(range(101))


@pytest.mark.parametrize(
    ("line", "votes"),
    [
        ("[51; 50, 49,\n 1]", (51, 50, 49, 1)),
        ("[51;50,49,\n1]", (51, 50, 49, 1)),
        ("[51; 50,\t49, 1]", (51, 50, 49, 1)),
        ("[30; 18.645, 15.012, 13.400]", (30_000, 18_645, 15_012, 13_400)),
        ("[30; DE: 18.645, FR: 15.012]", (10_000, 6_215, 5_004)),
    ],
)
def test_a_line_with_one_sound_reading_is_read(line: str, votes: tuple[int, ...]) -> None:
    """White space of any kind follows a comma; thousands would each meet a quota below 1000 alone."""
    tree, _ = weighted(line)
    assert (tree.quota, *(weight for weight, _ in tree.parts)) == votes


@pytest.mark.parametrize("line", ["[51; 50,5, 49, 1]", "[51; 1.200, 300]", "[majority; A: 1.000, B: 2.500]"])
def test_a_line_that_can_be_read_in_two_ways_is_refused(line: str) -> None:
    """A comma may part decimals or votes, a point decimals or thousands."""
    with pytest.raises(OptionError, match="can be read in two ways"):
        weighted(line)
    for plain in (
        "[51;50,49,1]",
        "[1.3; 1.25, 0.125]",
        "[1/2; 1200.5, 10.25]",
        "[65 %; 18.645, 15.012, 13.4]",
    ):
        weighted(plain)
