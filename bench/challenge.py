"""The challenge model: games per second, against the literal model and against the powers it cannot do without."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from bench.clock import best, in_threads, seconds, table
from detente.lenses.bargaining.challenge import challenge
from detente.lenses.bargaining.powers import exp2, log2
from tests.lenses.bargaining.literal import LiteralChallenge

Array = npt.NDArray[np.float64]
ROUNDS, BLOCKS = 10, 4
GAMES = {10: 4000, 20: 2000, 50: 400, 100: 100}
CASES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("printed", {}),
    ("printed, loser moves", {"conflict": "loser"}),
    ("printed, mover, Q .7", {"view": "mover", "conflict": "loser", "stay": 0.7}),
    ("printed, no risk", {"risk": False}),
    ("published table", {"variant": "published_table"}),
)


def main() -> None:
    bounds: dict[str, Any] = {"scale_low": np.array([0.0]), "scale_high": np.array([100.0]), "rounds": ROUNDS}
    position, salience, influence = _games(5, 2)
    first = seconds(lambda: challenge(position, salience, influence, **bounds))
    print(f"first call {first:.2f} s: compiling, or loading what was compiled before")
    rates = {name: _rate(work) for name, work in (("exp2", _exp2()), ("log2", _log2()), ("pow", _pow()))}
    listed = ", ".join(f"{name} {rate / 1e6:.0f} M/s" for name, rate in rates.items())
    print(f"calls per second and thread: {listed} (exp2 and log2 are ours; pow is the C library's)")
    print("limit: the powers and logarithms of the printed variant if all positions stay apart,")
    print("2n² and n(n−1) a round, at those rates; 'pow limit': 2n(n−1) calls of pow a round instead\n")
    rows = []
    for n, count in GAMES.items():
        games = _games(n, count)
        for name, options in CASES:

            def block(k: int, games=games, options=options, size=count // BLOCKS) -> None:  # type: ignore[no-untyped-def]
                position, salience, influence = (array[k * size : (k + 1) * size] for array in games)
                challenge(position, salience, influence, **bounds, **options)

            one = count / best(lambda block=block: [block(k) for k in range(BLOCKS)], 3)  # type: ignore[misc]
            two = count / best(in_threads(block, BLOCKS), 3)
            row = [f"n = {n}, {name}", f"{one:.0f}", f"{two:.0f}"]
            if options:
                rows.append([*row, "", "", "", ""])
                continue
            slow = _literal(n)
            limit = 1 / ROUNDS / (2 * n * n / rates["exp2"] + n * (n - 1) / rates["log2"])
            pow_limit = rates["pow"] / ROUNDS / (2 * n * (n - 1))
            speeds = f"{slow:.2f}", f"{one / slow:.0f}×", f"{one / limit:.0%}", f"{one / pow_limit:.0%}"
            rows.append([*row, *speeds])
    table(
        ("games/s of 10 rounds", "1 thread", "2 threads", "literal", "faster", "of limit", "of pow limit"),
        rows,
    )


def _games(n: int, count: int) -> Array:
    """Random positions, saliences and influences, draws × 1 × n."""
    games: Array = np.random.default_rng(n).uniform(0.01, 1.0, (3, count, 1, n))
    games[0] *= 100.0  # positions
    return games


def _literal(n: int) -> float:
    """Games per second of the literal model, from two rounds of one game (its rounds cost the same)."""
    position, salience, influence = (array[0, 0].tolist() for array in _games(n, 1))
    weight = [s * c for s, c in zip(salience, influence, strict=True)]
    rounds = 2 if n < 50 else 1
    model = LiteralChallenge(salience, weight)
    return rounds / ROUNDS / seconds(lambda: model.play(position, rounds))


def _rate(work: Any) -> float:
    """Calls per second, 800 numbers at a time as in a round of 20 actors."""
    numbers = np.random.default_rng(0).uniform(0.01, 1.0, 800)
    out, scale, repeats = np.empty(800), np.empty(800), 5000
    return 800 * repeats / best(lambda: work(numbers, out, scale, repeats), 3)


def _exp2() -> Any:
    @numba.njit(nogil=True, error_model="numpy")  # type: ignore[untyped-decorator,unused-ignore]
    def work(numbers: Array, out: Array, scale: Array, repeats: int) -> None:
        for _ in range(repeats):
            exp2(numbers, out, scale)

    return work


def _log2() -> Any:
    @numba.njit(nogil=True, error_model="numpy")  # type: ignore[untyped-decorator,unused-ignore]
    def work(numbers: Array, out: Array, scale: Array, repeats: int) -> None:
        for _ in range(repeats):
            log2(numbers, out, scale)

    return work


def _pow() -> Any:
    @numba.njit(nogil=True, error_model="numpy")  # type: ignore[untyped-decorator,unused-ignore]
    def work(numbers: Array, out: Array, _: Array, repeats: int) -> None:
        for r in range(repeats):
            power = 0.5 + r / repeats
            for i in range(numbers.size):
                out[i] = numbers[i] ** power

    return work


if __name__ == "__main__":
    main()
