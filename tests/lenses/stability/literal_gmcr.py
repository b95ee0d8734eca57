"""How GMCR-py, the published program of GMCR+, reads a file: its loader's steps one by one (gmcr-py 0.3.5).

After `ConflictModel.json_import` and what it calls: options are moved into the order of their owners, states are
numbered from 1 with the first option as the lowest bit, a state is worth 2^k by the statements that it meets, or
the place of its number in a ranking. A duplicate of a statement is ignored, and a key that is missing is an error.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import product
from typing import Any


@dataclass(frozen=True)
class Model:
    """What the program makes of a file: letters of states are in the order of the file's options."""

    options: tuple[str, ...]
    makers: tuple[str, ...]
    states: tuple[str, ...]
    payoffs: tuple[dict[str, int], ...]


def read_gmcr(text: str) -> Model:
    given: dict[str, Any] = json.loads(text)
    manual = given["useManualPreferenceRanking"]
    options = [(option["name"], option["permittedDirection"]) for option in given["options"]]
    assert {direction for _, direction in options} <= {"both", "fwd", "back"}
    order = list(range(len(options)))
    moved: list[int] = []
    for maker in given["decisionMakers"]:
        for option in maker["options"]:
            if option not in moved:
                moved.append(option)
                order.remove(option)
                order.insert(len(moved), option)
    states: list[str] = []
    for letters in product("NY", repeat=len(options)):
        taken = dict(zip(reversed(order), letters, strict=True))  # the last option is the highest bit
        if not any(meets(taken, ban) for ban in given["infeasibles"]):
            states.append("".join(taken[number] for number in range(len(options))))
    payoffs = []
    for maker in given["decisionMakers"]:
        if manual:
            ranking = [one if isinstance(one, list) else [one] for one in maker["preferenceRanking"]]
            assert sorted(number for group in ranking for number in group) == list(range(1, len(states) + 1))
            payoffs.append(
                {
                    states[number - 1]: len(ranking) - place
                    for place, group in enumerate(ranking)
                    for number in group
                }
            )
            continue
        wishes: list[Any] = []
        for wish in maker["preferences"]:
            if wish not in wishes:
                wishes.append(wish)
        payoffs.append(
            {
                state: sum(
                    2 ** (len(wishes) - place - 1)
                    for place, wish in enumerate(wishes)
                    if meets(dict(enumerate(state)), wish)
                )
                for state in states
            }
        )
    makers = tuple(maker["name"] for maker in given["decisionMakers"])
    members = [m for one in given.get("coalitions", ()) for m in (one if isinstance(one, list) else [one])]
    assert not members or sorted(members) == list(range(len(makers)))  # else they are reset
    return Model(tuple(name for name, _ in options), makers, tuple(states), tuple(payoffs))


def meets(taken: dict[int, str], condition: Any) -> bool:
    """Whether a state meets a condition: one setting, or some of several."""
    settings = condition["members"] if isinstance(condition, dict) else [condition]
    return any(all(taken[option] == letter for option, letter in setting) for setting in settings)
