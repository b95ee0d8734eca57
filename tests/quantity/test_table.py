"""A table of quantities answers for each of its columns, and correlated columns rise and fall together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from detente.errors import QuantityError
from detente.quantity import Quantity, QuantityTable, RankCorrelation, parse
from tests.quantity.strategies import quantities

DRAWS = 40_000
MARGINS = {
    "normal": parse("40 ± 10").within(0, 100),
    "cut": parse("95 ± 10").within(0, 100),
    "interval": parse("20..60"),
    "triangle": parse("20..35..60"),
    "weight": parse("3 ± 2").within(0, float("inf")),
}


def spearman(drawn: np.ndarray[tuple[int, int], np.dtype[np.float64]], i: int, j: int) -> float:
    """Return the rank correlation of two columns."""
    return float(stats.spearmanr(drawn[:, i], drawn[:, j]).statistic)


@given(st.lists(quantities(st.integers(0, 100).map(float)), max_size=4))
def test_a_table_answers_as_its_quantities_do(columns: list[Quantity]) -> None:
    named = {f"q{k}": quantity.within(-10, 110) for k, quantity in enumerate(columns)}
    table = QuantityTable(named)
    assert (len(table), table.paths, table.quantities) == (len(named), tuple(named), tuple(named.values()))
    np.testing.assert_allclose(table.means, [q.mean for q in named.values()], rtol=1e-12)
    np.testing.assert_allclose(table.sds, [q.sd for q in named.values()], rtol=1e-9, atol=1e-12)
    for u in (0.0, 0.025, 0.5, 1.0):
        assert table.quantiles(u).tolist() == [float(q.quantile(u)) for q in named.values()]
    assert table.uncertain == tuple(path for path, quantity in named.items() if not quantity.is_exact)
    assert table.is_exact == (not table.uncertain)


def test_many_columns_are_drawn_in_several_groups() -> None:
    """More columns than are drawn or integrated at once give the same as one at a time."""
    named = {f"q{k}": parse(f"{k % 90} ± 7").within(0, 100) for k in range(2_500)}
    table = QuantityTable(named)
    drawn = table.sample(1, 0, 60)
    for k in (0, 1_091, 1_092, 2_499):
        assert drawn[:, k].tolist() == named[f"q{k}"].sample(1, f"q{k}", 0, 60).tolist()
        assert table.means[k] == pytest.approx(named[f"q{k}"].mean, rel=1e-12)
        assert table.sds[k] == pytest.approx(named[f"q{k}"].sd, rel=1e-12)


def test_an_exact_table_draws_the_same_row_every_time() -> None:
    table = QuantityTable({"a": parse(1), "b": parse([2, 2])})
    assert table.is_exact
    assert table.sample(5, 2, 3).tolist() == [[1, 2]] * 3


def test_a_column_is_found_by_its_path() -> None:
    table = QuantityTable(MARGINS)
    assert table.column("interval") == 2
    with pytest.raises(QuantityError, match=r"no quantity at 'intervall'; did you mean 'interval'\?"):
        table.column("intervall")
    with pytest.raises(QuantityError, match=r"no quantity at 'x'$"):
        QuantityTable({}).column("x")


@pytest.mark.parametrize("u", [-0.1, 1.5, float("nan")])
def test_a_table_refuses_an_impossible_probability(u: float) -> None:
    with pytest.raises(QuantityError, match="a probability must lie between 0 and 1"):
        QuantityTable(MARGINS).quantiles(u)


@pytest.mark.parametrize("rank", [-1, -0.9, -0.5, 0, 0.3, 0.7, 0.95, 1])
@pytest.mark.parametrize(
    ("first", "second"), [("normal", "interval"), ("cut", "weight"), ("triangle", "cut")]
)
def test_the_stated_rank_correlation_is_achieved(first: str, second: str, rank: float) -> None:
    table = QuantityTable(MARGINS, [RankCorrelation(second, first, rank)])
    drawn = table.sample(4, 0, DRAWS)
    i, j = table.column(first), table.column(second)
    error = 1.1 * (1 - rank**2) / np.sqrt(DRAWS) + 1e-9
    assert abs(spearman(drawn, i, j) - rank) < 4 * error
    others = [table.column(path) for path in MARGINS if path not in (first, second)]
    assert all(abs(spearman(drawn, i, other)) < 4.4 / np.sqrt(DRAWS) for other in others)


def test_several_correlations_are_achieved_together() -> None:
    stated = {
        ("cut", "normal"): 0.8,
        ("interval", "normal"): -0.5,
        ("cut", "interval"): -0.6,
        ("triangle", "weight"): 0.4,
    }
    table = QuantityTable(MARGINS, [RankCorrelation(*pair, rank) for pair, rank in stated.items()])
    drawn = table.sample(2, 0, DRAWS)
    for pair, rank in stated.items():
        assert spearman(drawn, *(table.column(path) for path in pair)) == pytest.approx(rank, abs=0.02)
    assert spearman(drawn, table.column("cut"), table.column("weight")) == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("seed", [0, 6])
def test_correlation_leaves_every_distribution_as_it_was(seed: int) -> None:
    pairs = [
        ("cut", "normal", 0.6),
        ("interval", "normal", -0.5),
        ("triangle", "cut", 0.3),
        ("weight", "cut", 0.1),
    ]
    drawn = QuantityTable(MARGINS, [RankCorrelation(*pair) for pair in pairs]).sample(seed, 0, DRAWS)
    for column, quantity in enumerate(MARGINS.values()):
        assert stats.kstest(drawn[:, column], quantity.cdf).pvalue > 1e-3


def test_a_mixture_keeps_its_bare_numbers_under_correlation() -> None:
    named = {"a": parse("[30, 45 ± 5, 20..60]").within(0, 100), "b": parse("50 ± 9").within(0, 100)}
    drawn = QuantityTable(named, [RankCorrelation("a", "b", 0.9)]).sample(1, 0, DRAWS)
    assert np.mean(drawn[:, 0] == 30) == pytest.approx(1 / 3, abs=0.01)
    assert 0.75 < spearman(drawn, 0, 1) < 0.9  # ties cost a little


def test_complete_correlation_makes_one_a_function_of_the_other() -> None:
    named = {"a": parse("10..20"), "b": parse("0..100"), "c": parse("5 ± 1")}
    pairs = [RankCorrelation("a", "b", 1), RankCorrelation("a", "c", -1), RankCorrelation("b", "c", -1)]
    drawn = QuantityTable(named, pairs).sample(1, 0, 1_000)
    np.testing.assert_allclose(drawn[:, 0] * 10 - 100, drawn[:, 1], atol=1e-6)
    assert spearman(drawn, 0, 2) == pytest.approx(-1)


@given(st.permutations(["cut", "interval", "normal", "triangle"]), st.permutations([0, 1, 2]), st.booleans())
def test_neither_the_order_of_columns_nor_of_correlations_matters(
    columns: list[str], order: list[int], swapped: bool
) -> None:
    pairs = [("cut", "normal", 0.6), ("interval", "normal", -0.5), ("triangle", "cut", 0.3)]
    reference = QuantityTable(MARGINS, [RankCorrelation(*pair) for pair in pairs]).sample(1, 0, 50)
    stated = [pairs[k] if not swapped else (pairs[k][1], pairs[k][0], pairs[k][2]) for k in order]
    table = QuantityTable(
        {path: MARGINS[path] for path in columns}, [RankCorrelation(*pair) for pair in stated]
    )
    drawn = table.sample(1, 0, 50)
    for column, path in enumerate(columns):
        assert drawn[:, column].tolist() == reference[:, list(MARGINS).index(path)].tolist()


CONTRADICTIONS = [
    (
        [("normal", "cut", 0.9), ("cut", "interval", 0.9), ("normal", "interval", -0.9)],
        "contradict each other",
    ),
    ([("normal", "cut", 0.9), ("cut", "interval", 0.9)], "weaken one of them or state the missing pairs"),
    ([("normal", "cut", 0.9), ("cut", "normal", 0.6)], "the correlation of cut with normal is stated twice"),
    ([("normal", "exact", 0.9)], "exact carries no doubt, so nothing can be correlated with it"),
    ([("normal", "cutt", 0.9)], "no quantity at 'cutt'; did you mean 'cut'?"),
]


@pytest.mark.parametrize(("pairs", "message"), CONTRADICTIONS)
def test_correlations_that_cannot_be_are_refused(pairs: list[tuple[str, str, float]], message: str) -> None:
    with pytest.raises(QuantityError) as caught:
        QuantityTable({**MARGINS, "exact": parse(3)}, [RankCorrelation(*pair) for pair in pairs])
    assert message in str(caught.value)


def test_a_contradiction_names_only_the_quantities_in_it() -> None:
    named = {f"q{k:02}": parse("1 ± 1") for k in range(20)}
    ring = [RankCorrelation(f"q{k:02}", f"q{k + 1:02}", 0.9) for k in range(9)]
    with pytest.raises(QuantityError) as caught:
        QuantityTable(named, [*ring, RankCorrelation("q18", "q19", 0.5)])
    assert "q18" not in str(caught.value)
    assert "and 4 more contradict each other" in str(caught.value)


def test_more_correlations_than_can_be_meant_are_refused() -> None:
    named = {f"q{k}": parse("1 ± 1") for k in range(40)}
    pairs = [RankCorrelation(f"q{i}", f"q{j}", 0.01) for i in range(40) for j in range(i)]
    with pytest.raises(QuantityError, match="more than 500 correlations"):
        QuantityTable(named, pairs)


@pytest.mark.parametrize("rank", [1.01, -2, float("nan")])
def test_a_rank_correlation_lies_between_minus_one_and_one(rank: float) -> None:
    with pytest.raises(QuantityError, match="a rank correlation lies between -1 and 1"):
        RankCorrelation("a", "b", rank)


def test_nothing_is_correlated_with_itself() -> None:
    with pytest.raises(QuantityError, match="a cannot be correlated with itself"):
        RankCorrelation("a", "a", 0.5)
