"""How long does one wait for a command? Whole processes, against an interpreter that does nothing.

The limit of ``--help`` is starting Python and importing click. The limit of ``brief`` is what its two parts
cannot avoid: solving the draws, measured in this process once everything is compiled and loaded, and drawing
the figures, one call of the renderer per figure.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

CASE = "us-russia-2024"
RUNS = 5


def seconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """Return the shortest of some runs: what the machine takes when nobody disturbs it."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def process(*arguments: str) -> Callable[[], object]:
    """Return a run of Python as a whole process."""
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def main() -> None:
    """Print what the commands take and how that compares with their limits."""
    bare = seconds(process("-c", "pass"))
    click = seconds(process("-c", "import click"))
    shown = seconds(process("-m", "detente", "--help"))
    print(f"{'command':34} {'seconds':>8}  {'limit':>7}  ratio")
    print(f"{'python -c pass':34} {bare:8.3f}")
    print(f"{'detente --help':34} {shown:8.3f}  {click:7.3f}  {shown / click:5.2f}")
    with tempfile.TemporaryDirectory() as folder:
        page = str(Path(folder) / "report.html")
        taken = seconds(process("-m", "detente", "brief", CASE, "--output", page), 3)
    solving, drawing = parts()
    limit = solving + drawing
    print(f"{f'detente brief {CASE}':34} {taken:8.3f}  {limit:7.3f}  {taken / limit:5.2f}")
    print(f"  of the limit, solving 10,000 draws {solving:.3f} s, drawing the figures {drawing:.3f} s")


def parts() -> tuple[float, float]:
    """Return the seconds that solving and drawing take in a process where all is compiled and loaded."""
    from detente.catalog import open_case
    from detente.lenses import run
    from detente.report import brief

    case = open_case(CASE)
    run(case, draws=100)
    solving = seconds(lambda: run(case), 3)
    answered = brief(case, draws=100)
    specs = [figure.svg() for figure in answered.figures]  # the renderer is warm from here on
    drawing = seconds(lambda: [figure.svg() for figure in answered.figures], 3)
    if not specs:
        raise RuntimeError("the brief has no figures to draw")
    return solving, drawing


if __name__ == "__main__":
    main()
