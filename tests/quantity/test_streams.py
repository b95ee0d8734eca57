"""Draw k of a quantity depends on the seed, on k and on its path, and on nothing else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from detente.errors import QuantityError
from detente.quantity import QuantityTable, RankCorrelation, parse
from detente.quantity.streams import uniform_rows, uniforms

QUANTITIES = {
    "a.exact": parse(7),
    "a.normal": parse("40 ± 10").within(0, 100),
    "b.normal": parse("95 ± 10").within(0, 100),
    "a.interval": parse("20..60"),
    "a.triangle": parse("20..35..60"),
    "a.experts": parse("[30, 45 ± 5, 20..60]").within(0, 100),
    "a.weight": parse("3 ± 2").within(0, float("inf")),
}
CORRELATIONS = [
    RankCorrelation("a.normal", "b.normal", 0.6),
    RankCorrelation("a.experts", "b.normal", -0.3),
    RankCorrelation("a.interval", "a.weight", 0.9),
]
SEEDS = st.integers(-(2**80), 2**80)


@given(SEEDS, st.text("abc._", max_size=8), st.integers(0, 50), st.lists(st.integers(0, 40), max_size=5))
def test_a_stream_is_the_same_in_any_blocks(seed: int, path: str, start: int, sizes: list[int]) -> None:
    whole = uniforms(seed, path, start, sum(sizes))
    parts, at = [np.empty(0)], start
    for size in sizes:
        parts.append(uniforms(seed, path, at, size))
        at += size
    assert np.concatenate(parts).tolist() == whole.tolist()


@given(SEEDS, st.integers(0, 30), st.lists(st.integers(1, 30), min_size=1, max_size=4))
def test_a_table_is_the_same_in_any_blocks_bit_for_bit(seed: int, start: int, sizes: list[int]) -> None:
    table = QuantityTable(QUANTITIES, CORRELATIONS)
    whole = table.sample(seed, start, sum(sizes))
    at, row = start, 0
    for size in sizes:
        assert table.sample(seed, at, size).tolist() == whole[row : row + size].tolist()
        at, row = at + size, row + size


def test_a_table_is_the_same_from_any_number_of_threads() -> None:
    table = QuantityTable(QUANTITIES, CORRELATIONS)
    whole = table.sample(3, 0, 8_000)
    for workers in (1, 2, 7):
        with ThreadPoolExecutor(workers) as pool:
            blocks = list(pool.map(lambda start: table.sample(3, start, 500), range(0, 8_000, 500)))
        assert np.array_equal(np.concatenate(blocks), whole)


def test_a_table_draws_what_each_quantity_draws_alone() -> None:
    drawn = QuantityTable(QUANTITIES).sample(-5, 17, 1_000)
    for column, (path, quantity) in enumerate(QUANTITIES.items()):
        assert drawn[:, column].tolist() == quantity.sample(-5, path, 17, 1_000).tolist()


@given(st.permutations(list(QUANTITIES)), st.integers(1, len(QUANTITIES)))
def test_other_quantities_and_their_order_change_nothing(order: list[str], kept: int) -> None:
    drawn = QuantityTable(QUANTITIES).sample(9, 3, 20)
    some = QuantityTable({path: QUANTITIES[path] for path in order[:kept]}).sample(9, 3, 20)
    for column, path in enumerate(order[:kept]):
        assert some[:, column].tolist() == drawn[:, list(QUANTITIES).index(path)].tolist()


def test_further_columns_do_not_change_correlated_ones() -> None:
    """A block of correlated quantities is untouched by columns, and by other blocks, that come to the table."""
    first = CORRELATIONS[:2]
    paths = ["a.experts", "b.normal", "a.normal"]
    few = QuantityTable({path: QUANTITIES[path] for path in paths}, reversed(first)).sample(1, 0, 500)
    more = {f"z.{k}": parse("1 ± 1") for k in range(9)}
    chain = [RankCorrelation(f"z.{k}", f"z.{k + 1}", 0.4) for k in range(8)]
    many = QuantityTable({**more, **QUANTITIES}, [*chain, *CORRELATIONS])
    drawn = many.sample(1, 0, 500)
    for column, path in enumerate(paths):
        assert few[:, column].tolist() == drawn[:, many.column(path)].tolist()


def test_the_stream_is_as_it_always_was() -> None:
    """A change here changes every published result: it belongs into the changelog."""
    assert uniforms(0, "stances.a.b.position", 0, 3).tolist() == PINNED[0]
    assert uniforms(-1, "stances.a.b.position", 6, 3).tolist() == PINNED[1]


def test_seeds_and_paths_give_unrelated_streams() -> None:
    """Seed 0 is a seed like another, and minus one is not one."""
    rows = [
        uniforms(seed, path, 0, 4_000) for seed in (0, 1, -1, 2**64, -(2**64)) for path in ("a", "b", "ab")
    ]
    for i, one in enumerate(rows):
        assert stats.kstest(one, "uniform").pvalue > 1e-3
        for other in rows[:i]:
            assert abs(np.corrcoef(one, other)[0, 1]) < 0.07
    assert np.array_equal(uniform_rows(0, ["a", "b"], 0, 4_000), rows[:2])


def test_draws_of_one_stream_are_unrelated_to_each_other() -> None:
    stream = uniforms(0, "x", 0, 100_000)
    for lag in (1, 2, 4, 7):
        assert abs(np.corrcoef(stream[:-lag], stream[lag:])[0, 1]) < 0.012


def test_far_draws_can_be_had_directly() -> None:
    assert uniforms(1, "x", 2**62, 3).tolist() == uniforms(1, "x", 2**62 - 5, 8)[5:].tolist()


def test_no_uniform_is_0_or_1(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even from the extreme words of the generator: at 1 an unbounded normal would be infinite."""

    class Extreme:
        def __init__(self, **_: int) -> None:
            self.state: dict[str, dict[str, object]] = {"state": {}}

        def random_raw(self, count: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
            return np.resize(np.array([0, 2**64 - 1], dtype=np.uint64), count)

    monkeypatch.setattr(np.random, "Philox", Extreme)
    low, high = uniforms(0, "x", 0, 2)
    assert 0 < low < 1e-15
    assert 1 - 1e-15 < high < 1
    assert np.isfinite(parse("40 ± 10").sample(0, "x", 0, 2)).all()
    table = QuantityTable(QUANTITIES, CORRELATIONS)
    assert np.isfinite(table.sample(0, 0, 2)).all()


@pytest.mark.parametrize(("start", "count"), [(-1, 5), (0, -1), (2**64, 5)])
def test_draws_that_do_not_exist_are_refused(start: int, count: int) -> None:
    for sample in (parse(7).sample, parse("20..60").sample):
        with pytest.raises(QuantityError, match="draws are counted from 0"):
            sample(1, "x", start, count)
    with pytest.raises(QuantityError, match="draws are counted from 0"):
        QuantityTable(QUANTITIES).sample(1, start, count)


def test_no_draws_are_an_empty_block() -> None:
    assert QuantityTable(QUANTITIES, CORRELATIONS).sample(1, 3, 0).shape == (0, len(QUANTITIES))
    assert QuantityTable({}).sample(1, 0, 5).shape == (5, 0)


PINNED = [
    [0.4581671703976474, 0.5140264400731541, 0.18779935247780533],
    [0.3181326261605163, 0.5009051835461914, 0.7336857422283433],
]
