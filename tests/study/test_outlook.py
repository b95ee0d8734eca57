"""The distributions of an outlook: numbers worked by hand, a slow literal twin, and what must not matter."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import OptionError
from detente.lenses.summary import Array
from detente.study.outlook.foothold import (
    PRIOR,
    PUBLISHED,
    Constants,
    chance_of_cell,
    fitted,
    foothold,
    footholds,
    sharpened_pool,
)
from detente.study.outlook.mixed import MixedDistribution, mixture, over_draws, point, uniform

FINE = 4000
X, W = np.array([[0.0, 0.0, 50.0, 100.0]]), np.array([[0.4, 0.2, 0.3, 0.1]])


def made(reference: float | None = None, cells: int = FINE) -> MixedDistribution:
    """Return the distribution of the worked example on 0..100."""
    at = None if reference is None else np.array([reference])
    return foothold(footholds(X, W, at), 0.0, 100.0, cells=cells)


# Worked from the definition of the distribution by numerical integration, to the digits printed.
WORKED = [
    (None, {0: 0.284478, 50: 0.264158, 100: 0.051364}, (0.427660, 0.570842, 0.835000, 0.909090)),
    (
        80.0,
        {0: 0.241316, 50: 0.224079, 80: 0.091034, 100: 0.043571},
        (0.384498, 0.527680, 0.751759, 0.825850),
    ),
]
# Elsewhere 70.921, 2.096 and 43.691 were printed: the least thousandth at which the distribution function has
# reached the level. In closed form it reaches it at 70.9202, 2.0952 and 43.6902, which are therefore right.
SCORED = [
    (None, (0, 0, 35.574, 50, 70.920), (17.29802, 9.08829, 10.06399, 50.40635)),
    (80.0, (0, 2.095, 43.690, 50, 80), (20.63784, 8.97517, 9.08763, 44.74728)),
]


@pytest.mark.parametrize(("reference", "atoms", "upto"), WORKED)
def test_the_worked_example_has_these_atoms_and_chances(
    reference: float | None, atoms: dict[float, float], upto: tuple[float, ...]
) -> None:
    of = made(reference)
    assert dict(zip(of.points.tolist(), of.masses.round(6).tolist(), strict=True)) == atoms
    at25, below50, at50, at75 = upto
    assert of.at(np.array([25.0, 50.0, 75.0])) == pytest.approx([at25, at50, at75], abs=6e-7)
    assert float(of.below(np.array(50.0))) == pytest.approx(below50, abs=6e-7)


@pytest.mark.parametrize(("reference", "quantiles", "scores"), SCORED)
def test_the_worked_example_has_these_quantiles_and_scores(
    reference: float | None, quantiles: tuple[float, ...], scores: tuple[float, ...]
) -> None:
    of = made(reference)
    found = of.quantile(np.array([0.1, 0.25, 0.5, 0.75, 0.9]))
    assert found == pytest.approx(quantiles, abs=6e-4)
    printed = (0, 0, 35.574, 50, 70.921) if reference is None else (0, 2.096, 43.691, 50, 80)
    assert np.ceil(found * 1000 - 1e-6) / 1000 == pytest.approx(printed, abs=1e-9)
    assert [of.crps(y) for y in (0, 40, 50, 100)] == pytest.approx(scores, abs=6e-6)
    coarse = made(reference, cells=400)
    assert [coarse.crps(y) for y in (0, 40, 50, 100)] == pytest.approx(scores, abs=5e-5)


def test_two_sides_share_the_atoms_by_their_distance_from_the_compromise() -> None:
    for weight, shares in (((1.0, 1.0), (0.30, 0.30)), ((3.0, 1.0), (0.491, 0.109))):
        of = foothold(footholds(np.array([[20.0, 80.0]]), np.array([weight])), 0.0, 100.0)
        assert of.masses == pytest.approx(shares, abs=5e-4)


def test_where_all_agree_there_is_one_atom_and_a_small_surprise() -> None:
    of = foothold(footholds(np.array([[30.0, 30.0]]), np.array([[1.0, 0.0]])), 0.0, 100.0)
    assert of.points.tolist() == [30.0]
    assert of.masses == pytest.approx([0.98])
    assert float(of.at(np.array(10.0))) == pytest.approx(0.002)


def test_nobody_with_weight_counts_as_everybody_alike() -> None:
    none, alike = (footholds(X, np.full(X.shape, of)) for of in (0.0, 2.0))
    assert none.centre == pytest.approx(alike.centre)
    assert none.votes == pytest.approx(alike.votes)


# Issues: up to six actors on tens, so that places coincide; weights with zeros; a reference point or none.
ISSUES = st.tuples(
    st.lists(st.tuples(st.integers(0, 10), st.integers(0, 5)), min_size=2, max_size=6),
    st.one_of(st.none(), st.integers(0, 10)),
)
Issue = tuple[list[tuple[int, int]], int | None]


def arrays(issue: Issue) -> tuple[Array, Array, Array | None]:
    """Return position, weight (one draw) and reference of an issue."""
    stances, reference = issue
    position = np.array([[10.0 * x for x, _ in stances]])
    weight = np.array([[float(w) for _, w in stances]])
    return position, weight, None if reference is None else np.array([10.0 * reference])


def literal(issue: Issue, z: float) -> float:
    """Return the foothold distribution at z, step by step as it is defined, in plain Python."""
    stances, reference = issue
    total = sum(w for _, w in stances)
    held = [(10.0 * x, w / total if total else 1 / len(stances)) for x, w in stances]
    centre = sum(w * x for x, w in held)
    if reference is not None:
        held.append((10.0 * reference, 0.2))
    low, high = min(x for x, _ in held), max(x for x, _ in held)
    surprise = 0.02 * z / 100
    if low == high:
        return 0.98 * (z >= low) + surprise
    half, bloc = (high - low) / 4, (high - low) / 5
    votes = [
        w
        / (sum(v * max(0.0, 1 - abs(x - y) / bloc) for y, v in held) + 0.05)
        * 2 ** (-abs(x - centre) / half)
        for x, w in held
    ]
    atoms = sum(0.6 * vote / sum(votes) for vote, (x, _) in zip(votes, held, strict=True) if x <= z)
    places = np.linspace(low, high, 20_001)
    density = 2 ** (-np.abs(places - centre) / half)
    areas = (density[1:] + density[:-1]) / 2
    reached = float(areas[places[1:] <= z + 1e-9].sum() / areas.sum())
    return atoms + 0.38 * reached + surprise


@given(ISSUES)
def test_the_distribution_is_what_its_definition_says(issue: Issue) -> None:
    of = foothold(footholds(*arrays(issue)), 0.0, 100.0, cells=1000)
    for z in (0.0, 10.0, 25.0, 50.0, 90.0, 100.0):
        assert float(of.at(np.array(z))) == pytest.approx(literal(issue, z), abs=2e-4)


@given(ISSUES)
def test_reflection_units_order_and_twins_change_nothing(issue: Issue) -> None:
    position, weight, reference = arrays(issue)
    z = np.array([0.0, 17.0, 50.0, 83.0, 100.0])
    plain = foothold(footholds(position, weight, reference), 0.0, 100.0)
    turned = foothold(
        footholds(100 - position, weight, None if reference is None else 100 - reference), 0.0, 100.0
    )
    assert turned.at(100 - z) == pytest.approx(1 - plain.below(z), abs=1e-9)
    scaled = foothold(
        footholds(2 * position - 7, 3 * weight, None if reference is None else 2 * reference - 7), -7.0, 193.0
    )
    assert scaled.at(2 * z - 7) == pytest.approx(plain.at(z), abs=1e-9)
    ordered = foothold(footholds(position[:, ::-1], weight[:, ::-1], reference), 0.0, 100.0)
    assert ordered.at(z) == pytest.approx(plain.at(z), abs=1e-9)
    if weight.sum() > 0:
        twins = np.concatenate([position, position[:, :1]], axis=1)
        halves = np.concatenate([weight[:, :1] / 2, weight[:, 1:], weight[:, :1] / 2], axis=1)
        split = foothold(footholds(twins, halves, reference), 0.0, 100.0)
        assert split.at(z) == pytest.approx(plain.at(z), abs=1e-9)


@given(ISSUES, st.integers(0, 10), st.integers(0, 10))
def test_given_where_the_outcome_lies_it_is_the_part_that_lies_there(
    issue: Issue, one: int, other: int
) -> None:
    floor, roof = sorted((10.0 * one, 10.0 * other))
    of = footholds(*arrays(issue))
    whole = foothold(of, 0.0, 100.0, cells=1000)
    part = foothold(of, 0.0, 100.0, within=(np.array([floor]), np.array([roof])), cells=1000)
    inside = whole.mass(floor, roof)
    if inside < 1e-6:  # a single value that nobody holds: nothing to condition on
        return
    for z in (floor, (floor + roof) / 2, roof):
        assert float(part.at(np.array(z))) == pytest.approx(whole.mass(floor, z) / inside, abs=1e-3)


@given(ISSUES, st.integers(0, 5), st.integers(1, 10))
def test_the_pool_follows_whoever_moves_and_whoever_gains_weight(issue: Issue, actor: int, step: int) -> None:
    """F falls everywhere when one actor moves up: the whole distribution moves up, never against the mover."""
    position, weight, _ = arrays(issue)
    z = np.linspace(0, 100, 21)
    before = sharpened_pool(position, weight, 0.0, 100.0).at(z)
    moved = position.copy()
    who = actor % position.shape[1]
    moved[0, who] = min(100.0, moved[0, who] + 10 * step)
    assert (sharpened_pool(moved, weight, 0.0, 100.0).at(z) <= before + 1e-9).all()


@given(ISSUES)
def test_the_pool_is_what_its_formula_says(issue: Issue) -> None:
    position, weight, _ = arrays(issue)
    share = weight / weight.sum() if weight.sum() else np.full(weight.shape, 1 / weight.size)
    z = np.linspace(0, 100, 41)
    empirical = np.array([share[position <= at].sum() for at in z])
    pooled = np.clip(0.55 * empirical + 0.45 * z / 100, 0, 1)
    with np.errstate(divide="ignore"):
        formula = 1 / (1 + np.exp(-1.6 * np.log(pooled / (1 - pooled))))
    assert sharpened_pool(position, weight, 0.0, 100.0).at(z) == pytest.approx(formula, abs=1e-9)


def test_an_atom_that_every_draw_has_stays_one_and_one_in_doubt_becomes_smooth() -> None:
    random = np.random.default_rng(1)
    draws = 4000
    position = np.column_stack([np.full(draws, 20.0), random.uniform(60, 80, draws)])
    of = foothold(footholds(position, np.ones((draws, 2))), 0.0, 100.0)
    assert of.points.tolist() == [20.0]
    one_by_one = [foothold(footholds(position[[k]], np.ones((1, 2))), 0.0, 100.0) for k in range(200)]
    assert of.masses[0] == pytest.approx(np.mean([one.masses[0] for one in one_by_one]), abs=0.01)
    z = np.array([30.0, 65.0, 75.0])
    assert of.at(z) == pytest.approx(np.mean([one.at(z) for one in one_by_one], axis=0), abs=0.03)


def shapes() -> st.SearchStrategy[MixedDistribution]:
    """Distributions with atoms and densities at tens."""
    masses = st.lists(st.integers(0, 4), min_size=11, max_size=11)
    rises = st.lists(st.integers(0, 4), min_size=10, max_size=10)

    def build(parts: tuple[list[int], list[int]]) -> MixedDistribution:
        atoms, rise = np.array(parts[0], float), np.array(parts[1], float)
        total = atoms.sum() + rise.sum()
        tens = np.arange(0, 101, 10.0)
        smooth = np.concatenate([[0.0], np.cumsum(rise)]) / total
        kept = atoms > 0
        return MixedDistribution(0.0, 100.0, tens[kept], atoms[kept] / total, tens, smooth)

    return st.tuples(masses, rises).filter(lambda p: sum(p[0]) + sum(p[1]) > 0).map(build)


@given(shapes(), st.floats(-20, 120))
def test_the_score_is_the_integral_of_its_definition(of: MixedDistribution, outcome: float) -> None:
    z = np.linspace(-30, 130, 160_001)
    integrand = (of.at(z) - (z >= outcome)) ** 2
    assert of.crps(outcome) == pytest.approx(float(np.trapezoid(integrand, z)), abs=5e-3)


@given(shapes(), st.floats(0, 1))
def test_a_quantile_is_the_least_value_that_holds_its_share(of: MixedDistribution, share: float) -> None:
    value = float(of.quantile(share))
    assert float(of.at(np.array(value))) >= share - 1e-9
    if value > of.quantile(0.0):
        assert float(of.at(np.array(value - 1e-6))) <= share + 1e-6


@given(shapes(), st.sampled_from([0.5, 0.8, 0.95]))
def test_no_interval_is_shorter_and_holds_as_much(of: MixedDistribution, level: float) -> None:
    low, high, holds = of.shortest(level)
    assert holds == pytest.approx(of.mass(low, high))
    assert holds >= level - 1e-9
    grid = np.arange(0, 100.5, 0.5)
    start, end = np.meshgrid(grid, grid, indexing="ij")
    enough = (of.at(end) - of.below(start) >= level + 1e-9) & (end >= start)
    assert high - low <= float((end - start)[enough].min()) + 1e-9


@given(shapes())
def test_quantiles_of_equal_steps_have_the_mean(of: MixedDistribution) -> None:
    steps = (np.arange(20_000) + 0.5) / 20_000
    mean = of.points @ of.masses + (of.knots[1:] + of.knots[:-1]) / 2 @ np.diff(of.smooth)
    assert mean == pytest.approx(float(of.quantile(steps).mean()), abs=0.02)


@given(st.lists(shapes(), min_size=1, max_size=3))
def test_a_pool_is_the_mean_of_its_parts(parts: list[MixedDistribution]) -> None:
    z = np.linspace(-5, 105, 23)
    assert mixture(parts).at(z) == pytest.approx(np.mean([part.at(z) for part in parts], axis=0))


def test_the_log_score_is_of_the_cell_in_which_the_outcome_is_coded() -> None:
    of = uniform(0.0, 100.0)
    assert of.log_score(40.0) == pytest.approx(-np.log(0.01))
    assert [of.log_score(0.0), of.log_score(100.0)] == pytest.approx([-np.log(0.005)] * 2)
    assert point(40.0, 0.0, 100.0).log_score(50.0) == pytest.approx(-np.log(1e-6))
    cells = [np.exp(-made().log_score(float(k))) for k in range(101)]
    assert sum(cells) == pytest.approx(1.0)


WRONG = [
    ({"masses": np.array([0.5]), "smooth": np.array([0.0, 0.4])}, "its mass is 0.9, not 1"),
    ({"low": 1.0, "high": 1.0}, "a lower and a higher end"),
    ({"points": np.array([2.0, 1.0]), "masses": np.array([0.2, 0.3])}, "do not ascend"),
    ({"masses": np.array([0.0]), "smooth": np.array([0.0, 1.0])}, "an atom has no mass"),
    ({"smooth": np.array([0.5, 0.0])}, "its distribution function falls"),
]


@pytest.mark.parametrize(("change", "told"), WRONG)
def test_what_is_no_distribution_is_refused(change: dict[str, Array | float], told: str) -> None:
    right = {
        "low": 0.0,
        "high": 1.0,
        "points": np.array([0.5]),
        "masses": np.array([0.5]),
        "knots": np.array([0.0, 1.0]),
        "smooth": np.array([0.0, 0.5]),
    }
    with pytest.raises(OptionError, match=told):
        MixedDistribution(**{**right, **change})  # type: ignore[arg-type]


def test_the_constants_are_found_again_in_issues_that_follow_them() -> None:
    """Simulated outcomes of known constants: the fit lies within three standard errors."""
    random = np.random.default_rng(3)
    true = Constants(share=0.4, half=0.15)
    position: Array = random.integers(0, 11, (600, 8)).astype(float) * 10
    of = footholds(position, random.random((600, 8)))
    outcome = np.array(
        [
            float(foothold(of.only([i]), 0.0, 100.0, constants=true).quantile(random.random()))
            for i in range(600)
        ]
    )
    ends = np.zeros(600), np.full(600, 100.0)
    found = fitted(of, outcome, ends)
    assert found.share == pytest.approx(true.share, abs=0.07)
    assert found.half == pytest.approx(true.half, abs=0.04)
    likelihoods = [
        float(np.log(chance_of_cell(of, outcome, ends, Constants(found.share + d, found.half))).sum())
        for d in (-0.05, 0.0, 0.05)
    ]
    assert likelihoods[1] > max(likelihoods[0], likelihoods[2])


def test_few_own_issues_hardly_move_the_published_constants_and_many_do() -> None:
    """The prior is that of the published record, which 245 issues made."""
    few = footholds(X, W)
    ends = np.zeros(1), np.full(1, 100.0)
    assert fitted(few, np.empty(0), (np.empty(0), np.empty(0))) == PUBLISHED
    start = fitted(few.only([]), np.empty(0), (np.empty(0), np.empty(0)), PRIOR)
    assert (round(start.share, 2), round(start.half, 2)) == (0.61, 0.23)
    one = fitted(few, np.array([33.0]), ends, PRIOR)
    assert one.share < start.share
    assert one.share == pytest.approx(start.share, abs=0.03)
    many = fitted(few.only([0] * 500), np.full(500, 33.0), (np.zeros(500), np.full(500, 100.0)), PRIOR)
    assert many.share < 0.45


def test_a_cell_has_the_chance_that_the_distribution_gives_it() -> None:
    of = footholds(X, W, np.array([80.0]))
    whole = made(80.0)
    for outcome in (0.0, 13.0, 50.0, 80.0, 100.0):
        chance = chance_of_cell(of, np.array([outcome]), (np.zeros(1), np.full(1, 100.0)), PUBLISHED)
        assert -np.log(chance[0]) == pytest.approx(whole.log_score(outcome), abs=1e-4)


def test_an_atom_that_moves_onto_the_end_of_the_scale_keeps_its_mass() -> None:
    points = np.array([[0.0, 5.0], [10.0, 6.0]])
    of = over_draws(points, np.full((2, 2), 0.5), lambda knots: np.zeros((len(knots), 2)), 0.0, 10.0)
    assert len(of.points) == 0
    assert float(of.at(np.array(0.0))) == pytest.approx(0.25)
    assert all(a <= b + 1e-12 for a, b in pairwise(of.smooth.tolist()))
