"""What a game is said to take of memory is what it takes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from detente.case.parts.game.feasible import BYTES_PER_ACTOR, BYTES_PER_STATE

MEASURED = """
from detente.case import Case
from detente.lenses import run

def game(options, actors):
    owned = {f"o{j}": {"name": f"O {j}", "actor": f"a{j % actors}"} for j in range(options)}
    wishes = [f"o{j} or not o{(3 * j + 1) % options}" for j in range(5)]
    weights = {f"w{n}": {"statement": wish, "weight": f"{n + 1} ± 1"} for n, wish in enumerate(wishes)}
    return Case.from_dict({
        "title": "t",
        "actors": {f"a{i}": {"name": f"A {i}"} for i in range(actors)},
        "game": {"options": owned, "preferences": {f"a{i}": {"weights": weights} for i in range(actors)}},
    })

def peak():
    with open("/proc/self/status") as status:  # ru_maxrss begins with what the parent had
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))

run(game(OPTIONS - 1, ACTORS), "stability", draws=3, workers=2)
before = peak()
run(game(OPTIONS, ACTORS), "stability", draws=3, workers=2)
print((peak() - before) / 2 ** (OPTIONS - 1))
"""


@pytest.mark.slow
@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the kernel of Linux tells the peak of memory"
)
@pytest.mark.parametrize("actors", [2, 8])
def test_memory_per_combination_is_what_a_run_takes(actors: int) -> None:
    program = MEASURED.replace("OPTIONS", "20").replace("ACTORS", str(actors))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    said = BYTES_PER_STATE + BYTES_PER_ACTOR * actors
    # never much more than is said; how much less depends on how two workers meet, and on the machine
    assert 0.7 * said < float(done.stdout) < 1.15 * said
