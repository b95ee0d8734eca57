"""How long does it take to find every consistent scenario, and how does that compare with trying them all?

For Somewhereland, 2,000 redrawn Somewhereland matrices, and random matrices of up to 10^15 scenarios
(judgements from -3 to 3, rows that add up to 0, a share of the blocks filled): processor time, nodes of the
search, and the ratio to a compiled loop that tries every scenario. That loop is timed in the same run, on as
many scenarios as it does in two seconds; for larger matrices its time is extrapolated, and said to be. With
the folder of published data, the 22,674,816 scenarios of a published matrix are searched too. Where OR-tools is
installed (``pip install ortools``), its CP-SAT solver, one worker, enumerates the same scenarios in the same run.

Run: ``python -m bench.crossimpact``
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numba
import numpy as np

TARGETS = {
    "Somewhereland": 0.001,
    "2,000 redrawn": 0.5,
    "published, 2.3e7": 0.06,
    "15 x 4, 0.6": 2.0,
    "20 x 4, 0.3": 5.0,
}
RANDOM = [
    *[(15, 4, 0.3), (15, 4, 0.6), (20, 4, 0.3), (20, 4, 0.6), (25, 3, 0.3), (25, 4, 0.3)],
    *[(30, 4, 0.2), (40, 3, 0.15), (50, 3, 0.1), (15, 8, 0.3)],
]
SEEDS = range(3)
MOST_NODES = 50_000_000
TRIED = 20_000_000


@numba.njit(cache=True, nogil=True)
def try_all(cells: Any, offsets: Any, most: int) -> tuple[int, int]:
    """Return how many of the first scenarios are consistent, and how many were tried."""
    n = offsets.size - 1
    balance = np.zeros((n + 1, cells.shape[1]), np.int64)
    scenario = np.full(n, -1, np.int64)
    depth, found, tried = 0, 0, 0
    while depth >= 0 and tried < most:
        scenario[depth] += 1
        if scenario[depth] >= offsets[depth + 1] - offsets[depth]:
            scenario[depth] = -1
            depth -= 1
            continue
        row = cells[offsets[depth] + scenario[depth]]
        for c in range(row.size):
            balance[depth + 1, c] = balance[depth, c] + row[c]
        if depth + 1 < n:
            depth += 1
            continue
        tried += 1
        consistent = True
        for j in range(n):
            own = balance[n, offsets[j] + scenario[j]]
            for c in range(offsets[j], offsets[j + 1]):
                consistent &= balance[n, c] <= own
            if not consistent:
                break
        found += consistent
    return found, tried


def random_matrix(n: int, size: int, density: float, seed: int) -> Any:
    """Return a matrix whose rows add up to 0 in every block."""
    rng = np.random.default_rng(seed)
    cells = np.zeros((n * size, n * size), np.int64)
    for i in range(n):
        for j in range(n):
            if i == j or rng.random() >= density:
                continue
            for k in range(size):
                row = rng.integers(-3, 4, size)
                while abs(row[:-1].sum()) > 3:
                    row = rng.integers(-3, 4, size)
                row[-1] = -row[:-1].sum()
                cells[i * size + k, j * size : (j + 1) * size] = row
    return cells


def searched(cells: Any, shape: Any, most: int = 100_000) -> tuple[float, int, int, bool]:
    """Return seconds of the processor, nodes, scenarios found, and whether these are all."""
    from detente.lenses.crossimpact.search import search

    start = np.repeat(((1 << shape.sizes) - 1)[None], len(cells), axis=0)
    tested, bans = np.ones(shape.count, np.bool_), np.zeros((0, shape.count), np.int64)
    began = time.process_time()
    _, counts, nodes, complete = search(cells, shape.offsets, tested, start, bans, 0, MOST_NODES, most)
    return time.process_time() - began, int(nodes.sum()), int(counts.sum()), bool(complete.all())


def constrained(cells: Any, shape: Any) -> tuple[float, int] | None:
    """Return seconds of the processor and scenarios found by CP-SAT, or None without OR-tools."""
    try:
        from ortools.sat.python import cp_model  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return None

    class Count(cp_model.CpSolverSolutionCallback):  # type: ignore[misc,unused-ignore]
        found = 0

        def on_solution_callback(self) -> None:
            self.found += 1

    model, first, rows = cp_model.CpModel(), shape.offsets, range(len(cells))
    chosen = [model.new_bool_var(str(r)) for r in rows]
    for j in range(shape.count):
        own = range(first[j], first[j + 1])
        model.add_exactly_one(chosen[k] for k in own)
        for k in own:
            for other in own:
                if other != k:
                    lead = [int(one) for one in cells[:, k] - cells[:, other]]
                    terms = sum(by * chosen[r] for r, by in enumerate(lead) if by)
                    model.add(terms >= 0).only_enforce_if(chosen[k])
    solver, count = cp_model.CpSolver(), Count()
    solver.parameters.enumerate_all_solutions = True
    solver.parameters.num_workers = 1
    began = time.process_time()
    solver.solve(model, count)
    return time.process_time() - began, count.found


def tell(name: str, cells: Any, shape: Any, matrices: int = 1) -> None:
    """Print a line for one task."""
    seconds, nodes, found, complete = min((searched(cells, shape) for _ in range(3)), key=lambda one: one[0])
    began = time.process_time()
    _, tried = try_all(cells[0], shape.offsets, TRIED)
    trying = (time.process_time() - began) / tried * shape.states * matrices
    peer = constrained(cells[0], shape) if matrices == 1 else None
    if peer:
        assert peer[1] == found, f"CP-SAT finds {peer[1]}"
    beside = f"  CP-SAT {peer[0]:.3g} s, {peer[0] / max(seconds, 1e-7):.2g} times" if peer else ""
    how = "measured" if tried == shape.states and matrices == 1 else "extrapolated"
    target = TARGETS.get(name)
    goal = f" (at most {target:g})" if target else ""
    print(
        f"{name:18} {shape.states:9.2e} scenarios  {seconds:10.6f} s{goal:16}  {nodes:9,} nodes  "
        f"{found:6,} found{'' if complete else ', stopped'}  trying all: {trying:9.3g} s {how}, "
        f"{trying / max(seconds, 1e-7):9.3g} times{beside}"
    )


def main() -> None:
    """Measure and print."""
    from detente.case.formats import import_case
    from detente.catalog import open_case
    from detente.lenses.crossimpact.balances import Shape
    from detente.lenses.crossimpact.view import CrossImpactView

    view = CrossImpactView(open_case("somewhereland"))
    one = view.central[None]
    searched(one, view.shape)
    try_all(one[0], view.shape.offsets, 10)
    tell("Somewhereland", one, view.shape)
    moves = np.random.default_rng(1).integers(-1, 2, (2000, *view.central.shape))
    tell("2,000 redrawn", view.central + moves * (view.central != 0), view.shape, 2000)
    folder = Path(os.environ.get("DETENTE_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
    path = folder / "crossimpact" / "CIB_natl_regional.scw"
    if path.is_file():
        large = CrossImpactView(import_case(path).require())
        tell("published, 2.3e7", large.central[None], large.shape)
    for n, size, density in RANDOM:
        for seed in SEEDS:
            tell(
                f"{n} x {size}, {density}", random_matrix(n, size, density, seed)[None], Shape.of([size] * n)
            )


if __name__ == "__main__":
    main()
