"""Mean, median and Nash bargaining of many draws: against plain loops, and against reading the inputs once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bench.clock import best, in_threads, seconds, table
from detente.lenses.bargaining.averages import weighted_mean, weighted_median
from detente.lenses.bargaining.nash import nash_bargain
from tests.lenses.bargaining.literal import literal_mean, literal_median

Array = npt.NDArray[np.float64]
DRAWS, ACTORS, BLOCK, LITERAL = 100_000, 20, 1024, 2000
BLOCKS = -(-DRAWS // BLOCK)


def main() -> None:
    rng = np.random.default_rng(0)
    dense = rng.uniform(1.0, 100.0, (3, DRAWS, 1, ACTORS))
    gaps = dense.copy()
    gaps[:, rng.uniform(size=(DRAWS, 1, ACTORS)) < 0.1] = np.nan
    gaps[:, :, :, 0] = dense[:, :, :, 0]
    limit = best(lambda: (dense[0].sum(), dense[1].sum(), dense[2].sum()))
    print(f"{DRAWS} draws of {ACTORS} actors, in blocks of {BLOCK} draws")
    print(f"limit: reading {dense.nbytes / 1e6:.0f} MB once takes {1e3 * limit:.2f} ms", end="")
    print(f" ({dense.nbytes / limit / 1e9:.0f} GB/s, one thread)\n")
    rows = []
    for name, solver, literal in (
        ("mean", weighted_mean, literal_mean),
        ("median", weighted_median, literal_median),
    ):

        def plain(literal=literal) -> None:  # type: ignore[no-untyped-def]
            for d in range(LITERAL):
                literal(dense[0, d, 0].tolist(), (dense[1, d, 0] * dense[2, d, 0]).tolist())

        slow = seconds(plain) / LITERAL * DRAWS
        for label, data in (("", dense), (", a tenth missing", gaps)):

            def block(k: int, solver=solver, data=data) -> None:  # type: ignore[no-untyped-def]
                solver(*(array[k * BLOCK : (k + 1) * BLOCK] for array in data))

            one = best(lambda block=block: [block(k) for k in range(BLOCKS)])  # type: ignore[misc]
            two = best(in_threads(block, BLOCKS))
            rows.append(
                (
                    name + label,
                    f"{1e3 * one:.1f}",
                    f"{1e3 * two:.1f}",
                    f"{1e3 * slow:.0f}",
                    f"{slow / one:.0f}×",
                    f"{one / limit:.1f}×",
                )
            )
    table(("", "1 thread ms", "2 threads ms", "plain loops ms", "faster", "of limit"), rows)
    print()
    _nash()


def _nash() -> None:
    draws, issues, actors = 10_000, 6, 15
    rng = np.random.default_rng(1)
    position, salience, influence = rng.uniform(0.0, 1.0, (3, draws, issues, actors))
    no_deal, low, high = rng.uniform(0.0, 1.0, (draws, issues)), np.zeros(issues), np.ones(issues)
    print(
        f"Nash bargaining, {draws} draws × {issues} issues × {actors} actors; the limit is one look at every"
    )
    print("gain per step of 8 (a division and three multiplications each), by numpy in the same run\n")
    gain = rng.uniform(0.1, 1.0, (512 * issues, actors))
    point = rng.uniform(0.0, 1.0, (512 * issues, 1))

    def look() -> None:
        for _ in range(8 * draws // 512):
            beyond = point - gain
            (beyond / np.maximum(gain - beyond * beyond, 1e-9)).sum(axis=1)

    limit, rows = best(look, 3), []
    for exponent in (1, 2):
        for cost in (0.0, 0.25):
            failure = np.full_like(no_deal, cost)

            def block(k: int, exponent=exponent, failure=failure) -> None:  # type: ignore[no-untyped-def]
                at = slice(k * 1024, (k + 1) * 1024)
                part = position[at], salience[at], influence[at], no_deal[at], failure[at]
                nash_bargain(*part, low, high, exponent=exponent)

            one = best(lambda block=block: [block(k) for k in range(10)], 3)  # type: ignore[misc]
            two = best(in_threads(block, 10), 3)
            rows.append(
                (
                    f"a = {exponent}, κ = {cost:g}",
                    f"{1e3 * one:.0f}",
                    f"{1e3 * two:.0f}",
                    f"{one / limit:.1f}×",
                )
            )
    table(("", "1 thread ms", "2 threads ms", "of limit"), rows)


if __name__ == "__main__":
    main()
