"""The ready-made bodies: each says where its rule stands, and its rule is the one of the law."""

from __future__ import annotations

import numpy as np
import pytest

from detente.case import Case
from detente.case.bodies import EVERYONE, Law, ReadyBody, Role, ready_bodies, ready_body
from detente.case.electorate import body_rule
from detente.case.thresholds import Threshold, voters, wins
from detente.errors import NotFoundError

SEATS = {
    "ec9-1973": 9, "eec6-1958": 6, "eu15-1995": 15, "eu27-nice-votes": 27, "eu27-qualified-majority": 27,
    "eu27-unanimity": 27, "nassau-county-1958": 6, "nato": 32, "osce": 57, "three-party-majority": 3,
    "un-general-assembly-two-thirds": 193, "un-security-council-1945": 11, "un-security-council-1966": 15,
    "us-statute": 536, "us-statute-vp": 537, "us-treaty": 101, "wto": 166,
}  # fmt: skip


def test_all_bodies_are_there_with_their_seats() -> None:
    assert {slug: ready_body(slug).seats for slug in ready_bodies()} == SEATS


@pytest.mark.parametrize("slug", SEATS)
def test_every_body_cites_its_law_and_every_role_has_a_say(slug: str) -> None:
    body = ready_body(slug)
    assert isinstance(body, ReadyBody)
    assert all(isinstance(law, Law) and law.title for law in body.law)
    assert all(isinstance(role, Role) for role in body.roles.values())
    assert EVERYONE not in body.roles
    whole, roles = body_rule(body)
    assert {roles[voter] for voter in voters(whole)} == set(body.roles)
    assert wins(whole, np.ones(len(roles), dtype=np.bool_))
    assert not wins(whole, np.zeros(len(roles), dtype=np.bool_))


@pytest.mark.parametrize("slug", SEATS)
def test_every_body_can_be_filled_by_actors_of_a_case(slug: str) -> None:
    body = ready_body(slug)
    first, *others = body.roles
    members = {first: [{"actor": "a", "count": body.roles[first].seats, "apart": True}]}
    if others:
        members["others"] = [{"actor": "b"}]
    case = Case.from_dict(
        {
            "title": "t",
            "actors": {"a": {"name": "A", "influence": 1}, "b": {"name": "B", "influence": 1}},
            "issues": {"x": {"name": "X", "scale": {0: "low", 1: "high"}}},
            "stances": {"x": {"a": {"position": 0, "salience": 1}, "b": {"position": 1, "salience": 1}}},
            "consent": {"body": slug, "members": members},
        }
    )
    assert Case.from_dict(case.to_dict()) == case


def quotas(slug: str) -> list[int]:
    """Return every quota of a body's rule, from the outside in."""
    found = []

    def walk(node: object) -> None:
        if isinstance(node, Threshold):
            found.append(node.quota)
            for _, part in node.parts:
                walk(part)

    walk(body_rule(ready_body(slug))[0])
    return found


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("us-treaty", [2, 67]),
        ("us-statute", [1, 3, 51, 218, 2, 67, 290]),
        ("us-statute-vp", [1, 3, 51, 218, 2, 67, 290]),
        ("un-security-council-1945", [2, 5, 7]),
        ("un-security-council-1966", [2, 5, 9]),
        ("un-general-assembly-two-thirds", [129]),
        ("eu27-qualified-majority", [1, 2, 15, 6501, 24]),
        ("eu27-unanimity", [27]),
        ("nato", [32]),
    ],
)
def test_quotas_are_those_of_the_law(slug: str, expected: list[int]) -> None:
    assert quotas(slug) == expected


def test_the_security_council_needs_its_permanent_members() -> None:
    council, roles = body_rule(ready_body("un-security-council-1966"))
    for role in ("elected", "permanent"):
        assert not wins(council, np.array([one == role for one in roles]))


def test_an_unknown_body_is_refused_with_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="did you mean 'us-treaty'"):
        ready_body("us-treatie")
