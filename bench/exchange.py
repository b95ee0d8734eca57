"""How fast is position exchange, against its longhand definition and against what evaluating candidates costs?

Random stances, 15 actors, 6 and 13 issues (the size of the Paris case). The limit is the number of candidates
that have to be evaluated (all once, then after each trade those that share an issue with it) times what one
evaluation costs in a bare loop over data in the first-level cache: two look-ups, two products, a comparison.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import combinations
from time import perf_counter

import numpy as np
from numba import njit

from detente.lenses.bargaining.averages import Array, weighted_mean
from detente.lenses.bargaining.exchange import ExchangeOutcome, exchange
from tests.lenses.bargaining.literal_exchange import literal_exchange

ACTORS = 15
THREADS = 2
Stances = tuple[Array, Array, Array]


def main() -> None:
    """Print one row per size of problem."""
    start = perf_counter()
    play(stances(1, 2))
    print(f"first call, compiling or loading from the cache: {perf_counter() - start:.1f} s")
    cost = bare_cost()
    print(f"bare cost of a candidate: {cost * 1e9:.2f} ns")
    print(
        f"{'issues':>6} {'draws':>6} {'trades':>7} {'evaluated':>10} | draws/s: {'longhand':>8} {'1 thread':>9}"
        f" {THREADS:>2} threads {'limit':>8} | {'of limit':>8} {'× longhand':>10} | one draw"
    )
    for issues, draws in (6, 10_000), (13, 1_000):
        row(issues, draws, cost)


def row(issues: int, draws: int, cost: float) -> None:
    """Measure one size of problem."""
    values = stances(draws, issues)
    outcome = play(values)
    trades, evaluated = outcome.n_trades.mean(), evaluations(values, outcome) / draws
    one = draws / best_of(3, partial(play, values, keep_trades=False))
    several = draws / best_of(3, partial(play_in_threads, values))
    few = stances(2, issues)
    longhand = len(few[0]) / best_of(1, partial(play_longhand, few))
    alone = best_of(20, partial(play, stances(1, issues)))
    ratios = f"{one * evaluated * cost:>8.0%} {one / longhand:>10.0f} | {alone * 1e3:.2f} ms"
    speeds = f"{longhand:>8.2f} {one:>9.0f} {several:>10.0f} {1 / (evaluated * cost):>8.0f}"
    print(f"{issues:>6} {draws:>6} {trades:>7.1f} {evaluated:>10.0f} |          {speeds} | {ratios}")


def stances(draws: int, issues: int) -> Stances:
    """Return random positions on 0..100, saliences and influences."""
    rng = np.random.default_rng(0)
    shape = draws, issues, ACTORS
    return rng.uniform(0, 100, shape), rng.random(shape), rng.random(shape)


def play(values: Stances, *, keep_trades: bool = True) -> ExchangeOutcome:
    """Run the compiled model."""
    issues = values[0].shape[1]
    return exchange(*values, np.zeros(issues), np.full(issues, 100.0), keep_trades=keep_trades)


def play_in_threads(values: Stances) -> None:
    """Run the compiled model without keeping trades, blocks of draws side by side."""
    parts = zip(*(np.array_split(part, 4 * THREADS) for part in values), strict=True)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(partial(play, keep_trades=False), parts))


def play_longhand(values: Stances) -> None:
    """Run the longhand model."""
    for position, salience, influence in zip(*(part.tolist() for part in values), strict=True):
        literal_exchange(position, salience, influence)


def evaluations(values: Stances, outcome: ExchangeOutcome) -> int:
    """Count the candidates that must be evaluated: all, then those that share an issue with each trade."""
    position = values[0]
    left = position <= weighted_mean(*values)[..., None]
    pairs = list(combinations(range(position.shape[1]), 2))
    opposed = left[..., :, None] != left[..., None, :]
    of_pair = np.stack([(opposed[:, p] & opposed[:, q]).sum(axis=(1, 2)) // 2 for p, q in pairs], axis=1)
    shares = np.array([[bool(set(one) & set(other)) for other in pairs] for one in pairs])
    number = {pair: k for k, pair in enumerate(pairs)}
    trades = outcome.trades
    if trades is None:
        raise ValueError("count on an outcome that keeps its trades")
    traded = [number[pair] for pair in zip(trades.demanded.tolist(), trades.returned.tolist(), strict=True)]
    return int(of_pair.sum() + (of_pair[trades.draw] * shares[traded]).sum())


def bare_cost(size: int = 400, times: int = 20_000) -> float:
    """Return seconds per candidate of the bare loop."""
    rng = np.random.default_rng(0)
    reach, rates = rng.random((2, ACTORS**2)), rng.random((2, size))
    places = rng.integers(0, ACTORS**2, (2, size))
    bare_loop(reach, rates, places, 1)
    return best_of(3, partial(bare_loop, reach, rates, places, times)) / (size * times)


@njit(nogil=True)
def bare_loop(
    reach: Array, rates: Array, places: np.ndarray[tuple[int, int], np.dtype[np.int64]], times: int
) -> float:
    """Find the best of the candidates, over and over."""
    total = 0.0
    for k in range(times):
        reach[0, k % reach.shape[1]] += 1e-9  # or the compiler would do it only once
        best = 0.0
        for c in range(rates.shape[1]):
            gain = min(reach[0, places[0, c]] * rates[0, c], reach[1, places[1, c]] * rates[1, c])
            if gain > best:
                best = gain
        total += best
    return total


def best_of(times: int, action: Callable[[], object]) -> float:
    """Return the shortest of several run times, in seconds."""
    durations = []
    for _ in range(times):
        start = perf_counter()
        action()
        durations.append(perf_counter() - start)
    return min(durations)


if __name__ == "__main__":
    main()
