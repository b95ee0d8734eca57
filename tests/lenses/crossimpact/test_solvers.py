"""Search, succession, survival and changes against their definitions, on matrices that Hypothesis makes up."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.lenses.crossimpact.balances import Shape, balances, margins, ties, total_impact
from detente.lenses.crossimpact.changes import breaking, cheapest, contributions, repair, withstands
from detente.lenses.crossimpact.search import NEVER, firmest, search
from detente.lenses.crossimpact.succession import Basins, basins
from detente.lenses.crossimpact.survival import Doubt, information, survival
from tests.lenses.crossimpact import literal_crossimpact as literal
from tests.lenses.crossimpact.matrices import Matrix, found, matrices

NONE = np.zeros((0, 1), np.int64)


@given(matrices(), st.integers(0, 3), st.data())
@settings(max_examples=150)
def test_the_search_finds_what_trying_everything_finds(
    matrix: Matrix, tolerance: int, data: st.DataObject
) -> None:
    """With self-impacts, ties, tolerances, fixed variants and constraints."""
    sizes = matrix.sizes
    fixed = {
        j: data.draw(st.integers(0, sizes[j] - 1))
        for j in data.draw(st.sets(st.integers(0, len(sizes) - 1), max_size=2))
    }
    one_ban = st.dictionaries(st.integers(0, len(sizes) - 1), st.just(0), min_size=1, max_size=2)
    drawn = data.draw(st.lists(one_ban, max_size=3))
    bans = tuple({j: {data.draw(st.integers(0, sizes[j] - 1))} for j in ban} for ban in drawn)
    expected = literal.consistent(matrix.cells, sizes, tolerance, fixed=fixed, bans=bans)
    assert found(matrix, tolerance, fixed=fixed, bans=bans) == (expected, True)


@given(matrices(most=3), st.data())
def test_the_firmest_scenario_is_that_of_the_greatest_least_margin(
    matrix: Matrix, data: st.DataObject
) -> None:
    sizes, count = matrix.sizes, matrix.shape.count
    allowed = [data.draw(st.sets(st.integers(0, size - 1))) for size in sizes]
    start = np.array([[sum(1 << k for k in one) for one in allowed]])
    told = firmest(
        matrix.array[None],
        matrix.shape.offsets,
        np.ones(count, np.bool_),
        start,
        np.zeros((0, count), np.int64),
        10**6,
    )
    least = [
        min(
            (m for j in range(count) if (m := literal.margin(matrix.cells, sizes, z, j)) is not None),
            default=99,
        )
        for z in product(*map(sorted, allowed))
    ]
    if max(least, default=0) < 99:  # else nothing beats it at all
        assert told.tolist() == [max(least, default=NEVER)]


@given(matrices())
def test_the_consistent_are_the_fixed_points_of_both_successions(matrix: Matrix) -> None:
    for local in (False, True):
        still = [
            z
            for z in literal.states(matrix.sizes)
            if literal.succeeded(matrix.cells, matrix.sizes, z, local=local) == z
        ]
        assert found(matrix)[0] == still


@given(matrices(), st.booleans(), st.data())
def test_basins_and_cycles_are_those_of_following_every_start(
    matrix: Matrix, local: bool, data: st.DataObject
) -> None:
    shape = matrix.shape
    ends: dict[tuple[literal.Scenario, ...], list[literal.Scenario]] = {}
    for z in literal.states(matrix.sizes):
        walk = literal.attractor(matrix.cells, matrix.sizes, z, local=local)
        ends.setdefault(tuple(walk), []).append(z)
    told = basins(matrix.array, shape, local=local)
    numbers = {int(shape.numbered(np.array(cycle_[:1], np.int16))[0]): cycle_ for cycle_ in ends}
    assert {n: told.of(n) for n in told.attractors.tolist()} == {n: len(ends[e]) for n, e in numbers.items()}
    assert (told.exact, told.followed) == (True, shape.states)
    assert told.lengths.tolist() == [len(numbers[number]) for number in told.attractors.tolist()]
    sampled = basins(matrix.array, shape, local=local, most=0, seed=data.draw(st.integers(0, 5)))
    assert set(sampled.attractors.tolist()) <= set(numbers)
    for number, end in numbers.items():
        share = len(ends[end]) / shape.states
        spread = np.sqrt(share * (1 - share) / sampled.followed)
        assert abs(sampled.of(number) / sampled.followed - share) <= 6 * spread + 1e-12


def test_a_basin_of_sampled_starts_has_the_error_of_a_count() -> None:
    """A quarter of 100 starts: √(100 · ¼ · ¾)."""
    found = Basins(np.array([3]), np.array([25]), np.array([1]), followed=100, exact=False)
    assert (found.of(3), found.of(2)) == (25, 0)
    assert found.error(3) == pytest.approx(18.75**0.5)
    assert replace(found, exact=True).error(3) == 0


def test_of_two_that_fall_equally_short_the_first_gives_way() -> None:
    """From (0, 0) either could move by one and stay: to (1, 0), or to (0, 1), where (1, 1) ends by the second."""
    cells = np.array([[0, 0, 0, 1], [0, 0, 1, 0], [0, 1, 0, 0], [2, 0, 0, 0]], np.int64)
    told = basins(cells, Shape.of([2, 2]), local=True)
    assert told.attractors.tolist() == [1, 2]  # (0, 1) and (1, 0)
    assert told.sizes.tolist() == [2, 2]


@given(matrices(), st.data())
def test_what_is_held_does_not_move_and_is_counted_among_no_starts(
    matrix: Matrix, data: st.DataObject
) -> None:
    shape = matrix.shape
    held = {
        j: data.draw(st.integers(0, matrix.sizes[j] - 1))
        for j in data.draw(st.sets(st.integers(0, 3)))
        if j < shape.count
    }
    ends: dict[int, int] = {}
    for start in literal.states(matrix.sizes):
        walk = [start]
        while all(start[j] == k for j, k in held.items()):
            after = literal.succeeded(matrix.cells, matrix.sizes, walk[-1], local=False)
            walk.append(tuple(held.get(j, k) for j, k in enumerate(after)))
            if walk[-1] in walk[:-1]:
                least = min(walk[walk.index(walk[-1]) :])
                number = int(shape.numbered(np.array(least)))
                ends[number] = ends.get(number, 0) + 1
                break
    told = basins(matrix.array, shape, fixed=held)
    assert dict(zip(told.attractors.tolist(), told.sizes.tolist(), strict=True)) == ends


@given(matrices())
def test_margins_and_scores_are_as_defined(matrix: Matrix) -> None:
    every = list(literal.states(matrix.sizes))
    scenarios, shape = np.array(every, np.int16), matrix.shape
    balance = balances(matrix.array, scenarios, shape)
    for z, own, total in zip(
        every, margins(balance, scenarios, shape), total_impact(balance, scenarios, shape), strict=True
    ):
        expected = [literal.margin(matrix.cells, matrix.sizes, z, j) for j in range(shape.count)]
        assert [None if size == 1 else int(m) for m, size in zip(own, matrix.sizes, strict=True)] == expected
        assert total == literal.total_impact(matrix.cells, matrix.sizes, z)


@given(matrices(), st.data())
def test_a_constant_on_a_judgement_group_changes_no_verdict(matrix: Matrix, data: st.DataObject) -> None:
    shape = matrix.shape
    row, j = data.draw(st.integers(0, len(matrix.cells) - 1)), data.draw(st.integers(0, shape.count - 1))
    cells = matrix.array
    cells[row, shape.block(j)] += data.draw(st.integers(-5, 5))
    moved = Matrix(matrix.sizes, tuple(map(tuple, cells.tolist())))
    assert found(moved) == found(matrix)


@given(matrices(), st.data())
def test_another_order_of_descriptors_and_variants_gives_the_same_scenarios(
    matrix: Matrix, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(matrix.sizes))))
    turned = [data.draw(st.permutations(range(size))) for size in matrix.sizes]
    at = literal.first_rows(matrix.sizes)
    rows = [at[i] + k for i in order for k in turned[i]]
    moved = Matrix(
        tuple(matrix.sizes[i] for i in order),
        tuple(tuple(matrix.cells[r][c] for c in rows) for r in rows),
    )
    back = []
    for z in found(moved)[0]:
        old = [0] * len(z)
        for place, i in enumerate(order):
            old[i] = turned[i][z[place]]
        back.append(tuple(old))
    assert sorted(back) == found(matrix)[0]


@given(matrices())
def test_more_tolerance_only_adds(matrix: Matrix) -> None:
    sets = [set(found(matrix, tolerance)[0]) for tolerance in range(4)]
    assert all(less <= more for less, more in pairwise(sets))


def test_a_search_that_stops_says_so() -> None:
    rng = np.random.default_rng(1)
    cells = rng.integers(-3, 4, (1, 40, 40))
    shape = Shape.of([4] * 10)
    start = np.full((1, 10), 15)
    bans = np.zeros((0, 10), np.int64)
    every = np.ones(10, np.bool_)
    _, _, nodes, complete = search(cells, shape.offsets, every, start, bans, 0, 5, 100)
    assert (int(nodes[0]), bool(complete[0])) == (5, False)
    zero = np.zeros((1, 40, 40), np.int64)
    told, counts, _, complete = search(zero, shape.offsets, every, start, bans, 0, 10**6, 100)
    assert (len(told), int(counts[0]), bool(complete[0])) == (100, 100, False)


def test_blocks_of_matrices_are_searched_one_by_one() -> None:
    rng = np.random.default_rng(2)
    many = rng.integers(-3, 4, (40, 7, 7))
    shape, tested = Shape.of([3, 2, 2]), np.ones(3, np.bool_)
    start = np.repeat([[7, 3, 3]], 40, axis=0)
    told, counts, _, _ = search(many, shape.offsets, tested, start, np.zeros((0, 3), np.int64), 0, 10**6, 100)
    ends = np.cumsum(counts)
    for number, cells in enumerate(many.tolist()):
        own = told[ends[number] - counts[number] : ends[number]]
        assert sorted(map(tuple, own.tolist())) == literal.consistent(cells, [3, 2, 2])


# --- doubt ----------------------------------------------------------------------------------------


@st.composite
def doubts(draw: st.DrawFn) -> tuple[tuple[int, ...], list[list[literal.Mass]]]:
    """Return small matrices whose cells have distributions with few values, in exact fractions."""
    sizes = tuple(draw(st.lists(st.integers(1, 3), min_size=1, max_size=3)))
    size = sum(sizes)
    cell = st.one_of(
        st.integers(-2, 2).map(lambda value: {value: Fraction(1)}),
        st.tuples(st.integers(-2, 1), st.integers(1, 3)).map(
            lambda pair: {pair[0]: Fraction(pair[1], 4), pair[0] + 2: 1 - Fraction(pair[1], 4)}
        ),
    )
    return sizes, [[draw(cell) for _ in range(size)] for _ in range(size)]


def as_doubt(masses: list[list[literal.Mass]]) -> Doubt:
    return Doubt.of(
        np.array([[[float(m.get(v, 0)) for v in range(-3, 4)] for m in row] for row in masses]), -3
    )


@given(doubts(), st.integers(0, 1))
@settings(max_examples=60)
def test_survival_by_convolution_is_that_of_every_value_of_every_judgement(
    drawn: tuple[tuple[int, ...], list[list[literal.Mass]]], tolerance: int
) -> None:
    sizes, masses = drawn
    every = list(literal.states(sizes))
    shape = Shape.of(list(sizes))
    told = survival(
        as_doubt(masses), np.array(every, np.int16), shape, np.ones(len(sizes), np.bool_), tolerance
    )
    for z, chance in zip(every, told, strict=True):
        assert chance == pytest.approx(float(literal.survival(masses, sizes, z, tolerance)), abs=1e-12)


@given(doubts(), st.data())
@settings(max_examples=40)
def test_what_a_judgement_is_worth_is_the_doubt_that_it_takes_away(
    drawn: tuple[tuple[int, ...], list[list[literal.Mass]]], data: st.DataObject
) -> None:
    sizes, masses = drawn
    every = list(literal.states(sizes))
    shape = Shape.of(list(sizes))
    told = information(as_doubt(masses), np.array(every, np.int16), shape, np.ones(len(sizes), np.bool_))
    row, column = (data.draw(st.integers(0, len(masses) - 1)) for _ in range(2))
    expected = literal.information(masses, sizes, every, row, column)
    assert told[row, column] == pytest.approx(expected, abs=1e-9)
    assert (told >= 0).all()


def test_survival_by_convolution_is_that_of_drawing_within_its_error() -> None:
    rng = np.random.default_rng(7)
    size, sizes, draws = 9, [3, 3, 3], 4_000
    base = rng.integers(-2, 3, (size, size))
    shape = Shape.of(sizes)
    mass = (np.abs(base[:, :, None] - np.arange(-3, 4)) <= 1) / 3
    every = np.array(list(literal.states(sizes)), np.int16)
    exact = survival(Doubt.of(mass, -3), every, shape, np.ones(3, np.bool_))
    cells = base + rng.integers(-1, 2, (draws, size, size))
    start = np.full((draws, 3), 7)
    told, *_ = search(
        cells, shape.offsets, np.ones(3, np.bool_), start, np.zeros((0, 3), np.int64), 0, 10**6, 100
    )
    share = np.bincount(shape.numbered(told), minlength=27) / draws
    error = np.sqrt(exact * (1 - exact) / draws)
    assert (np.abs(share - exact) <= 5 * error + 1e-9).all()


# --- changes --------------------------------------------------------------------------------------


@given(matrices(most=3))
def test_the_repair_makes_a_scenario_consistent_and_nothing_cheaper_does(matrix: Matrix) -> None:
    shape, tested = matrix.shape, np.ones(matrix.shape.count, np.bool_)
    for z in literal.states(matrix.sizes):
        lifts = repair(matrix.array, np.array(z, np.int16), shape, tested)
        lacking = [literal.shortfall(matrix.cells, matrix.sizes, z, j) for j in range(shape.count)]
        assert sum(one.points for one in lifts) == sum(lacking)
        cells = matrix.array
        for one in lifts:  # all of it on one judgement of the scenario
            cells[int(shape.offsets[0]) + z[0], int(shape.offsets[one.descriptor]) + one.variant] += (
                one.points
            )
        assert z in literal.consistent(cells.tolist(), matrix.sizes)


@given(matrices(most=3))
def test_the_least_that_breaks_a_scenario_breaks_it_and_a_point_less_does_not(matrix: Matrix) -> None:
    shape, tested = matrix.shape, np.ones(matrix.shape.count, np.bool_)
    for z in literal.consistent(matrix.cells, matrix.sizes):
        least = breaking(matrix.array, np.array(z, np.int16), shape, tested)
        own = [
            m
            for j in range(shape.count)
            if (m := literal.margin(matrix.cells, matrix.sizes, z, j)) is not None
        ]
        assert (least is None) == (not own)
        if least is None:
            continue
        assert least.points == min(own) + 1
        for less, stays in ((0, False), (1, True)):
            cells = matrix.array
            place = int(shape.offsets[least.descriptor]) + least.variant
            cells[int(shape.offsets[0]) + z[0], place] += least.points - less
            assert (z in literal.consistent(cells.tolist(), matrix.sizes)) == stays


@given(matrices(most=3), st.data())
def test_the_cheapest_scenario_of_a_pattern_is_the_cheapest_of_all(
    matrix: Matrix, data: st.DataObject
) -> None:
    shape = matrix.shape
    allowed = [data.draw(st.sets(st.integers(0, size - 1), min_size=1)) for size in matrix.sizes]
    tested = np.array(data.draw(st.lists(st.booleans(), min_size=shape.count, max_size=shape.count)))
    start = np.array([sum(1 << k for k in one) for one in allowed])
    best = cheapest(matrix.array, shape, tested, start, np.zeros((0, shape.count), np.int64))
    assert best is not None
    scenario, cost = best
    assert cost == literal.least_lacking(matrix.cells, matrix.sizes, allowed, tested.tolist())
    assert all(int(k) in one for k, one in zip(scenario, allowed, strict=True))


def test_a_pattern_that_bans_leave_nothing_of_has_no_cheapest_scenario() -> None:
    shape = Shape.of([2, 2])
    bans = np.array([[1, 3]])
    start = np.array([1, 3])
    assert cheapest(np.zeros((4, 4), np.int64), shape, np.ones(2, np.bool_), start, bans) is None


@given(matrices(most=3, reach=4))
def test_a_scenario_withstands_that_all_doubted_judgements_are_wrong_by_so_much(matrix: Matrix) -> None:
    shape, tested = matrix.shape, np.ones(matrix.shape.count, np.bool_)
    doubted = np.ones(matrix.array.shape, np.bool_)
    for z in literal.consistent(matrix.cells, matrix.sizes):
        most = withstands(matrix.array, np.array(z, np.int16), shape, tested, doubted)
        if most is None:
            assert all(size == 1 for size in matrix.sizes)
            continue
        for delta, stays in ((most, True), (most + 1, False)):
            worst = False
            for j, size in enumerate(matrix.sizes):
                for rival in range(size):
                    if rival != z[j]:  # every judgement on both columns turned against the scenario
                        lead = literal.balance(matrix.cells, matrix.sizes, z, j)
                        worst |= lead[z[j]] - lead[rival] < 2 * delta * shape.count
            assert stays != worst


@given(matrices(most=3))
def test_contributions_add_up_to_the_lead_and_keystones_carry_it(matrix: Matrix) -> None:
    shape = matrix.shape
    for z in literal.consistent(matrix.cells, matrix.sizes):
        for j in range(shape.count):
            rival, told = contributions(matrix.array, np.array(z, np.int16), shape, j)
            if rival < 0:
                assert matrix.sizes[j] == 1
                continue
            assert sum(one.points for one in told) == literal.margin(matrix.cells, matrix.sizes, z, j)
            for one in told:
                cells = matrix.array
                cells[int(shape.offsets[one.source]) + z[one.source], shape.block(j)] = 0
                assert one.keystone == (literal.shortfall(cells.tolist(), matrix.sizes, z, j) > 0)


@given(matrices(most=3))
def test_families_are_what_exchanges_of_tied_variants_connect(matrix: Matrix) -> None:
    every = literal.consistent(matrix.cells, matrix.sizes)
    if not every:
        return
    scenarios, shape = np.array(every, np.int16), matrix.shape
    told = ties(balances(matrix.array, scenarios, shape), scenarios, shape)
    groups = {z: {z} for z in every}
    for first, second in product(every, repeat=2):
        apart = [j for j in range(shape.count) if first[j] != second[j]]
        if len(apart) == 1:
            (j,) = apart
            level = literal.balance(matrix.cells, matrix.sizes, first, j)
            if level[first[j]] == level[second[j]] and groups[first] is not groups[second]:
                joined = groups[first] | groups[second]
                groups.update(dict.fromkeys(joined, joined))
    for (a, first), (b, second) in product(enumerate(every), repeat=2):
        assert (told[a] == told[b]) == (second in groups[first])
