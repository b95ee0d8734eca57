"""Games to draw and to write: small ones, ones at the edges, and one too large to draw whole."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any

from detente.case import Case
from detente.catalog import open_case
from detente.lenses.stability import LENS, StabilityResult, StabilityView
from detente.lenses.stability.explain import told, why
from detente.lenses.stability.records import Why
from tests.report.making import ARABIC, HOSTILE

EVERY_PART = Path(__file__).parents[2] / "contract" / "every_part.yaml"


def bridge(**parts: Any) -> dict[str, Any]:
    """Return two who can each open a gate; today both are shut, and both open would be better for both.

    Worked by hand: for each, opening alone is worst, being alone shut best, so shut is the one Nash equilibrium,
    and both open holds by GMR, SMR and SEQ, since who shuts its gate again finds the other shutting too.
    """
    return {
        "title": "Two on a bridge",
        "actors": {"north": {"name": "North"}, "south": {"name": "South"}},
        "game": {
            "options": {
                "open_n": {"actor": "north", "name": "Open the north gate"},
                "open_s": {"actor": "south", "name": "Open the south gate"},
            },
            "preferences": {"north": ["open_s", "not open_n"], "south": ["open_n", "not open_s"]},
            "status_quo": "NN",
            **parts,
        },
    }


def large(options: int, actors: int) -> Case:
    """Return a game of many states, its weights in doubt drawn from a fixed seed."""
    draw = random.Random(3)  # noqa: S311 - a game, not a secret
    weights = {
        f"a{a}": {
            f"w{o}": {"statement": f"{draw.choice(['', 'not '])}o{o}", "weight": f"{draw.randint(1, 9)} ± 2"}
            for o in range(options)
        }
        for a in range(actors)
    }
    return Case.from_dict(
        {
            "title": "Large",
            "actors": {f"a{a}": {"name": f"Actor {a}"} for a in range(actors)},
            "game": {
                "options": {f"o{o}": {"actor": f"a{o % actors}"} for o in range(options)},
                "infeasible": ["o0 and o1"],
                "preferences": {actor: {"weights": found} for actor, found in weights.items()},
                "status_quo": "N" * options,
            },
            "options": {"stability": {"coalitions": False}},
        }
    )


@cache
def games() -> dict[str, Case]:
    """Return name → a case with a game and no issues."""
    doubtful = bridge()
    doubtful["game"]["preferences"]["north"] = {
        "weights": {
            "trade": {"statement": "open_s", "weight": "3 ± 1"},
            "calm": {"statement": "not open_n", "weight": "2 ± 1"},
        }
    }
    toll = {"name": "A toll", "changes": {"game.preferences.north.weights.calm.weight": 0.1}}
    hostile = bridge(
        options={"x": {"actor": "north", "name": HOSTILE}, "y": {"actor": "south", "name": ARABIC}}
    )
    hostile["game"]["preferences"] = {"north": ["x"], "south": ["y iff x"]}
    hostile |= {"title": HOSTILE, "actors": {"north": {"name": HOSTILE}, "south": {"name": ARABIC}}}
    listed = bridge(options={}, status_quo="war")
    listed["game"] |= {
        "states": {"war": {"name": "War goes on"}, "truce": {"name": "A truce"}, "peace": {}},
        "moves": {"north": [["war", "truce"], ["truce", "war"]], "south": [["truce", "peace"]]},
        "preferences": {
            "north": {"ranking": ["peace", "truce", "war"]},
            "south": {"ranking": ["peace", ["truce", "war"]]},
        },
    }
    restless = bridge()
    restless["game"]["preferences"] = {"north": ["open_n iff open_s"], "south": ["open_n iff not open_s"]}
    return {
        "bridge": Case.from_dict(bridge()),
        "in doubt": Case.from_dict({**doubtful, "scenarios": {"toll": toll}}),
        "wanted": Case.from_dict(bridge(wanted="YY")),
        "no status quo": Case.from_dict(bridge(status_quo=None)),
        "hostile": Case.from_dict(hostile),
        "listed": Case.from_dict(listed),
        "restless": Case.from_dict(restless),
        "seven options": large(7, 4),
        "nine options": large(9, 4),
    }


@cache
def solved(name: str) -> tuple[Case, StabilityResult]:
    """Return a game and what the lens finds in it."""
    case = games()[name] if name in games() else open_case(name)
    return case, LENS.simulate(case, draws=40, workers=1).result()


def explained(view: StabilityView, concept: str, actor: str, state: str) -> Why:
    """Return why a state is stable for an actor (or several, joined by ``+``), preferences at their means."""
    s = view.states.number(state)
    found = why(view, view.relations(view.table.means)[0], [s], goals=[s])
    one = next(one for one in found if (one.state, one.concept, one.actor) == (view.text(s), concept, actor))
    return one.model_copy(update={"sentence": told(LENS.simulate(view.case, draws=1).result(), one)})
