"""How long does it take to judge every state of a game, and how near is that to moving the numbers once?

For games of 2^10 to 2^24 states with eight two-option statements per actor: seconds for the ranks, for Nash, GMR,
SMR and SEQ of every actor, the peak of memory, and the ratio to the least that any algorithm must move: one
reading and one writing of four bytes a state for each actor and concept, timed in the same run. Each size runs in
a process of its own, so that its peak is its own.

Run: ``python bench/stability.py [largest power of two, 20 by default]``
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from typing import Any

import numpy as np

SIZES = [(6, 3), (10, 3), (16, 4), (20, 4), (22, 4), (24, 4)]
TARGETS = {10: 0.020, 16: 0.3, 20: 2.5, 22: 10.0, 24: 45.0}
STATEMENTS, BANS = 8, 3


def model(options: int, actors: int, seed: int = 0) -> tuple[Any, Any]:
    """Return a random game: its space and ranks."""
    from detente.case import Statement
    from detente.lenses.stability.orders import prioritised
    from detente.lenses.stability.space import Space

    random = np.random.default_rng(seed)

    names = [f"o{o}" for o in range(options)]

    def statement(width: int, joined: str) -> Statement:
        chosen = random.choice(options, width, replace=False)
        return Statement.parse(joined.join(f"{'not ' * random.integers(2)}{names[o]}" for o in chosen))

    space = Space.build([o % actors for o in range(options)], actors)
    space = space.without([space.where(statement(3, " and "), names) for _ in range(BANS)])
    rows = []
    for _ in range(actors):
        wishes = [statement(2, " or ") for _ in range(STATEMENTS)]
        rows.append(prioritised(space.feasible, [space.where(wish, names) for wish in wishes]))
    return space, np.stack(rows)


def measure(options: int, actors: int) -> dict[str, float]:
    """Return seconds and memory of one size."""
    from detente.lenses.stability.algebra import stable
    from detente.lenses.stability.stable import CONCEPTS

    few, some = model(5, actors)
    stable(few, some)  # compiled, or read from the cache
    start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.perf_counter()
    space, ranks = model(options, actors)
    ready = time.perf_counter()
    stable(space, ranks)
    took = [time.perf_counter() - ready]
    for _ in range(20 if options < 18 else 1):
        again = time.perf_counter()
        stable(space, ranks)
        took.append(time.perf_counter() - again)
    moved = np.empty_like(ranks)
    copying = time.perf_counter()
    for _ in range(5):
        np.add(ranks, 1, out=moved)
    copied = (time.perf_counter() - copying) / 5 * len(CONCEPTS) * actors
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "ranks": ready - began,
        "solve": min(took),
        "per_state": min(took) / 2**options,
        "memory": peak,
        "above_start": peak - start,
        "ratio": min(took) / copied,
    }


def draws_per_second(
    actors: int = 3, options: int = 6, count: int = 2000, **marks: Any
) -> tuple[float, float]:
    """Return draws per second of a game of 64 states, without coalitions and with them.

    ``marks`` are further keys of every preference: ``strong_gap``, ``unknown``.
    """
    from detente.case import Case
    from detente.lenses.stability import LENS

    random = np.random.default_rng(1)
    names = [f"o{o}" for o in range(options)]
    preferences = {}
    for actor in range(actors):
        wishes = {}
        for w in range(STATEMENTS):
            a, b = random.choice(names, 2, replace=False)
            word = random.choice(["and", "or", "if", "iff"])
            wishes[f"w{w}"] = {"statement": f"{a} {word} {b}", "weight": f"{w + 1} ± 1"}
        preferences[f"a{actor}"] = {"weights": wishes, **marks}
    case = Case.from_dict(
        {
            "title": "draws",
            "actors": {f"a{actor}": {"name": f"A{actor}"} for actor in range(actors)},
            "game": {
                "options": {name: {"actor": f"a{o % actors}"} for o, name in enumerate(names)},
                "preferences": preferences,
            },
        }
    )
    found = []
    for coalitions in (False, True):
        asked = case.with_({"options.stability.coalitions": coalitions})
        LENS.simulate(asked, draws=10)
        began = time.perf_counter()
        LENS.simulate(asked, draws=count)
        found.append(count / (time.perf_counter() - began))
    return found[0], found[1]


def main() -> None:
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    print(f"{'states':>7} {'actors':>6} {'ranks s':>8} {'solve s':>8} {'target':>7} {'ns/state':>9}", end=" ")
    print(f"{'peak MB':>8} {'of it MB':>8} {'x bytes':>8}")
    for options, actors in SIZES:
        if options > largest:
            continue
        done = subprocess.run(
            [sys.executable, __file__, "--one", str(options), str(actors)],
            capture_output=True,
            text=True,
            check=True,
        )
        m = json.loads(done.stdout)
        target = TARGETS.get(options)
        print(
            f"  2^{options:<3} {actors:>6} {m['ranks']:8.3f} {m['solve']:8.4f} {target or '':>7} "
            f"{1e9 * m['per_state']:9.0f} {m['memory']:8.0f} {m['above_start']:8.0f} {m['ratio']:8.1f}"
        )
    plain, joint = draws_per_second()
    print(f"64 states, 3 actors: {plain:,.0f} draws a second by nash, gmr, smr, seq, sim; ", end="")
    print(f"{joint:,.0f} with cnash, cgmr, csmr, cseq of all coalitions (target 1,000)")
    plain, joint = draws_per_second(5, 8, 500)
    print(f"256 states, 5 actors: {plain:,.0f} draws a second without coalitions, {joint:,.0f} with all 31")
    strong, _ = draws_per_second(strong_gap=4, count=500)
    unknown, _ = draws_per_second(unknown=[["YYYNNN", "NNNYYY"]], count=500)
    print(f"without coalitions, {strong:,.0f} with strength and {unknown:,.0f} with an unknown preference")
    took, used = reset()
    print(f"us-russia-2024, 144 states, 5 actors, 10,000 draws: {took:.1f} s, {used:.1f} s of processor time")


def reset() -> tuple[float, float]:
    """Return seconds and seconds of processor time of 10,000 draws of the first case of the catalog."""
    from detente.catalog import open_case
    from detente.lenses.stability import LENS

    case = open_case("us-russia-2024")
    LENS.simulate(case, draws=10)
    began, used = time.perf_counter(), time.process_time()
    LENS.simulate(case, draws=10_000)
    return time.perf_counter() - began, time.process_time() - used


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]), int(sys.argv[3]))))
    else:
        main()
