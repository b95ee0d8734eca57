"""How long does it take to find what would have to change for a state to hold?

For random games of 16 to 1,024 states: seconds of each kind of change by SEQ, the hardest of the concepts, for the
state of which the fewest concepts hold; and of all that comes along with a run of the lens.

Run: ``python -m bench inverse``
"""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np

SIZES = [(4, 2), (5, 3), (8, 6), (10, 4)]
STATEMENTS = 6


def game(options: int, actors: int, seed: int = 0) -> Any:
    """Return a random case: half of the actors have priorities, half have doubtful weights."""
    from detente.case import Case

    random = np.random.default_rng(seed)
    names = [f"o{o}" for o in range(options)]

    def statement() -> str:
        a, b = random.choice(names, 2, replace=False)
        word = random.choice(["and", "or", "if", "iff"])
        return f"{a} {word} {'not ' if random.random() < 0.5 else ''}{b}"

    preferences: dict[str, Any] = {}
    for actor in range(actors):
        wishes = [statement() for _ in range(STATEMENTS)]
        if actor % 2:
            weighed = {f"w{n}": {"statement": w, "weight": f"{n + 1} ± 1"} for n, w in enumerate(wishes)}
            preferences[f"a{actor}"] = {"weights": weighed}
        else:
            preferences[f"a{actor}"] = wishes
    return Case.from_dict(
        {
            "title": "inverse",
            "actors": {f"a{actor}": {"name": f"A{actor}"} for actor in range(actors)},
            "game": {
                "options": {name: {"actor": f"a{o % actors}"} for o, name in enumerate(names)},
                "preferences": preferences,
            },
        }
    )


def main() -> None:
    from detente.lenses.stability import LENS
    from detente.lenses.stability.inverse import KINDS, inverses, what_would_hold
    from detente.lenses.stability.solve import judge

    what_would_hold(LENS.view(game(3, 2)), "YYY", "seq")  # compiled, or read from the cache
    print("states actors " + " ".join(f"{kind:>14}" for kind in KINDS) + "  with every run")
    for options, actors in SIZES:
        case = game(options, actors)
        view = LENS.view(case)
        held = judge(view.conflict, view.relations(view.table.means)[0], ["seq"])["seq"]
        state = view.text(int(held.sum(axis=0).argmin()))
        cells = []
        for kind in KINDS:
            began = perf_counter()
            lever = what_would_hold(view, state, "seq", kinds=[kind]).levers[0]
            cells.append(f"{perf_counter() - began:7.3f} {lever.status:>6}")
        wanting = LENS.view(case.with_({"game.wanted": state}))
        began = perf_counter()
        inverses(wanting)
        print(f"{view.count:6} {actors:6} {' '.join(cells)}  {perf_counter() - began:14.3f}")


if __name__ == "__main__":
    main()
