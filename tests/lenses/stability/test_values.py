"""Whoever values settlements by themselves orders states by these values."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detente.case import Case
from detente.case.formats.gmcr import write_gmcr
from detente.lenses.stability.view import StabilityView


def game(**stance: object) -> Case:
    """Return a game in which two options set where a seat is, and one orders states by its stance on it."""
    return Case.from_dict(
        {
            "title": "Seat",
            "actors": {"a": {"name": "A", "influence": 1}, "b": {"name": "B", "influence": 1}},
            "issues": {
                "seat": {
                    "name": "Seat",
                    "scale": {0: "north", 50: "isle", 100: "south"},
                    "discrete": True,
                    "no_deal": 25,
                }
            },
            "stances": {"seat": {"a": {"salience": 1, "values": {0: 1, 50: 0.2, 100: 0.7}, **stance}}},
            "game": {
                "options": {
                    "north": {"actor": "a", "sets": {"seat": 0}},
                    "isle": {"actor": "b", "sets": {"seat": 50}},
                    "south": {"actor": "b", "sets": {"seat": 100}},
                },
                "infeasible": ["north and isle", "north and south", "isle and south"],
                "preferences": {"a": "stances", "b": ["isle"]},
            },
        }
    )


@pytest.mark.parametrize(
    ("stance", "order"),
    [
        ({}, ["YNN", "NNY", "NNN", "NYN"]),  # today, halfway between 1 and 0.2, is worth 0.6
        ({"no_deal": 0.9}, ["YNN", "NNN", "NNY", "NYN"]),
        ({"no_deal": 0}, ["YNN", "NNY", "NYN", "NNN"]),
    ],
)
def test_states_are_ordered_by_what_they_are_worth(stance: dict[str, object], order: list[str]) -> None:
    case = game(**stance)
    view = StabilityView(case)
    ranks = view.ranks(view.table.means)[0]
    states = sorted(range(view.count), key=lambda s: -ranks[s])
    assert [view.text(s) for s in states] == order
    assert len(set(ranks.tolist())) == 4
    content, _ = write_gmcr(case, Path("x.gmcr"))
    maker = json.loads(content)["decisionMakers"][0]
    assert len(maker["preferenceRanking"]) == 4
    assert all(isinstance(place, int) for place in maker["preferenceRanking"])
