"""Whose doubt is it, and what would it be worth to find that out? Estimators on the draws of a lens.

The share of *single inputs* is found from the draws that were made, sorted by an input and cut into equal
groups: the variance between the groups' means, less what chance makes of it (Plischke, Borgonovo & Smith 2013,
*European Journal of Operational Research* 226, with the bias taken out). That of *groups* such as an actor is
found by an additive fit in Legendre polynomials of the uniforms: *at least* so much, where inputs work together;
it is shrunk by what it explains, so that noise is worth nothing (Strong, Oakley & Brennan 2014, *Medical
Decision Making* 34, for the idea). *Further runs* need no model: rows A and B are two stretches of draws of one
seed, and a run takes A with a group's columns from B. Outcomes are of shape (…, draws): one, or many at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array
from scipy.special import betaincinv, factorial, fdtrc, ndtri

from detente.lenses.summary import Array

SIGNIFICANCE = 0.01
DEGREE, RIDGE = 4, 1e-9
SPARE = 100
"""Draws beyond its polynomials, from which a fit is worth telling."""
TERMS = 6  # Hermite polynomials by which an imperfect report is followed
PLANNED, NEXT, TRIED, TOGETHER = 5, 4, 8, 4
"""Questions of a plan; tried next; of which sets are tried, with a budget; and how many of these together."""


class Estimate(NamedTuple):
    """A share of an outcome's variance, and its standard error."""

    share: float
    error: float


class Shares(NamedTuple):
    """What each input explains of outcomes, shapes (…, inputs): of the variance, and the standard error of that.

    It is unbiased, so it may lie a little below 0. What ``matters`` is beyond chance, all inputs taken together
    (Holm, 1 %). The ``means`` of the outcome in each group are of shape (…, inputs, groups).
    """

    share: Array
    error: Array
    matters: NDArray[np.bool_]
    means: Array


def groups(draws: int) -> int:
    """Return into how many groups so many draws are cut."""
    return max(2, int(np.rint(float(draws) ** 0.375)))


def shares(u: Array, y: Array) -> Shares:
    """Return what each input, by its uniforms, explains of outcomes, (…, draws); 0 where one never changes."""
    (n, d), of, m = u.shape, y.shape[:-1], groups(len(u))
    order = np.argsort(np.ascontiguousarray(u.T), axis=1)
    cuts = np.linspace(0, n, m + 1).astype(int)
    size = np.diff(cuts)
    mean = y.mean(axis=-1).reshape(-1)
    r = y.reshape(-1, n).T - mean
    starts = np.append((n * np.arange(d)[:, None] + cuts[:-1]).ravel(), n * d)
    into = csr_array((np.ones(n * d), order.ravel(), starts), shape=(d * m, n))  # sums over groups of draws
    powers = (into @ np.concatenate([r, r**2, r**3], axis=1)).reshape(d, m, 3, -1) / size[:, None, None]
    first, second, third = np.moveaxis(powers, 2, 0)  # means of groups, shape (inputs, groups, outcomes)
    total, weight = (r**2).sum(axis=0), size[:, None] / n
    still = total <= 1e-12 * np.maximum(1.0, mean**2) * n
    total = np.where(still, 1.0, total)
    explained = n * (weight * first**2).sum(axis=1)
    between, within = explained / (m - 1), np.maximum(0.0, total - explained) / (n - m)
    share = (m - 1) * (between - within) / total
    s = share[:, None]
    square = (4 + 2 * s) * first**2 * second - 3 * first**4 - 4 * s * first * third
    psi = (weight * square).sum(axis=1) + share**2 * (r**4).mean(axis=0)  # its second moment, times V²
    spread = psi * (n / total) ** 2 - (explained / total - share) ** 2
    error = np.sqrt(np.maximum(0.0, spread) / n + 2 * (m - 1) * (1 - share) ** 2 / n**2)
    ratio = np.divide(between, within, out=np.full(between.shape, np.inf), where=within > 0)
    chance = np.where(still, 1.0, fdtrc(m - 1, n - m, ratio)).T
    matters, moved = np.array([holm(one) for one in chance]), (mean + first).transpose(2, 0, 1)
    share, error = (np.where(still, 0.0, one).T.reshape(*of, d) for one in (share, error))
    return Shares(share, error, matters.reshape(*of, d), moved.reshape(*of, d, m))


def holm(chance: Array, level: float = SIGNIFICANCE) -> NDArray[np.bool_]:
    """Return which of several tests hold together (Holm 1979, *Scandinavian Journal of Statistics* 6)."""
    order, found = np.argsort(chance, kind="stable"), np.zeros(len(chance), np.bool_)
    found[order] = np.logical_and.accumulate(chance[order] <= level / np.arange(len(chance), 0, -1))
    return found


# --- groups of inputs -----------------------------------------------------------------------------


class Basis:
    """Outcomes in polynomials of every input: made once, for all groups."""

    def __init__(self, u: Array, y: Array) -> None:
        """Make them of the inputs' uniforms, shape (draws, inputs), for outcomes of shape (…, draws)."""
        self.inputs, x = u.shape[1], 2 * u.T - 1
        made, before, now = np.empty((self.inputs, DEGREE, len(u))), np.ones_like(x), x
        for k in range(1, DEGREE + 1):  # Bonnet's recursion, each of length 1
            made[:, k - 1] = np.sqrt(2 * k + 1) * now
            before, now = now, ((2 * k + 1) * x * now - k * before) / (k + 1)
        self.columns = made.reshape(-1, len(u))  # an input's polynomials stand together
        self.columns -= self.columns.mean(axis=1, keepdims=True)
        self.gram = self.columns @ self.columns.T
        self.mean, self.variance = y.mean(axis=-1, keepdims=True), y.var(axis=-1)
        self.still = self.variance <= 1e-12 * np.maximum(1.0, self.mean[..., 0] ** 2)
        self.pull = (y - self.mean) @ self.columns.T
        self.enough = len(self.columns) + SPARE  # draws that it takes to tell what all inputs do together
        self._factors: dict[tuple[int, ...], tuple[Array, bool]] = {}

    def share(self, group: Sequence[int], of: Any = ...) -> Array:
        """Return the share of the variance, 0..1, that goes at least once the inputs at some places are known.

        Its shape is (…,), or that of the outcomes at the index ``of``; 0 where there are too few draws to tell.
        """
        return self._solved(group, of)[0]

    def fit(self, group: Sequence[int], of: Any = ...) -> Array:
        """Return outcomes as the inputs at some places alone tell them, (…, draws): an additive fit, shrunk."""
        share, chosen, weights, explained = self._solved(group, of)
        shrunk = np.sqrt(share / np.where(share > 0, explained, 1.0))[..., None] * weights
        return np.asarray(self.mean[of] + shrunk @ self.columns[chosen])

    def joint_play(self) -> Array | None:
        """Return the share of the variance that no sum over single inputs explains; ``None`` of few draws."""
        few = self.columns.shape[1] < self.enough
        return None if few else np.asarray(1.0 - self.share(range(self.inputs)))

    def _solved(self, group: Sequence[int], of: Any) -> tuple[Array, NDArray[np.intp], Array, Array]:
        """Return the adjusted share, the rows of the group, their weights, and the raw share."""
        n, still, variance = self.columns.shape[1], self.still[of], self.variance[of]
        chosen = (DEGREE * np.array(group, dtype=np.intp)[:, None] + np.arange(DEGREE)).ravel()
        right = self.pull[of][..., chosen]
        if not len(chosen) or n < len(chosen) + SPARE:
            return np.zeros(still.shape), chosen, np.zeros_like(right), np.zeros(still.shape)
        key = tuple(group)
        if key not in self._factors:
            part = self.gram[np.ix_(chosen, chosen)]
            part[np.diag_indices_from(part)] += RIDGE * n
            self._factors[key] = cho_factor(part, overwrite_a=True, check_finite=False)
        weights = cho_solve(self._factors[key], right.T, check_finite=False).T
        raised = (weights * right).sum(axis=-1) - RIDGE * n * (weights**2).sum(axis=-1)
        explained = np.where(still, 0.0, raised / n / np.where(still, 1.0, variance))
        share = 1 - (1 - np.minimum(1.0, explained)) * (n - 1) / (n - len(chosen) - 1)
        return np.maximum(0.0, share), chosen, weights, explained


def news(y: Array, told: Array, share: Array | float) -> dict[str, Array]:
    """Return what knowing a group would do, by the names in `detente.study.records.Asking`, shapes (…,).

    Outcomes ``y`` are (…, draws), 0 and 1 alone a yes or no; ``told`` are the same as the group alone tells them,
    and ``share`` is what goes of the variance, (…,).
    """
    mean, call = y.mean(axis=-1), ((y == 0) | (y == 1)).all(axis=-1)
    after, before = np.clip(told, 0.0, 1.0), np.maximum(mean, 1 - mean)
    flips = ((after > 0.5) != (mean > 0.5)[..., None]).mean(axis=-1)
    right = np.maximum(before, np.maximum(after, 1 - after).mean(axis=-1))
    calls = {"flips": flips, "right_before": before, "right_after": right}
    left = y.std(axis=-1) * np.sqrt(np.maximum(0.0, 1 - np.asarray(share)))
    change = np.abs(told - mean[..., None]).mean(axis=-1)
    spans = {"share": np.asarray(share), "spread_left": left, "expected_change": change}
    return spans | {name: np.where(call, of, 0.0) for name, of in calls.items()}


def by_beta(y: Array, share: float) -> Array:
    """Return what one would know of an outcome in many worlds, (draws,), where only the share that goes is known.

    Of what is so or not, p after asking is spread as a Beta distribution with that variance R V: ν = 1/R − 1. Of
    a number, normally around its mean.
    """
    levels, mean = (np.arange(len(y)) + 0.5) / len(y), float(y.mean())
    if not np.isin(y, (0.0, 1.0)).all():
        return np.asarray(mean + float(y.std()) * np.sqrt(share) * ndtri(levels))
    if share >= 1:
        return np.asarray((levels > 1 - mean).astype(float))
    size = 1 / max(share, 1e-9) - 1
    return np.asarray(betaincinv(mean * size, (1 - mean) * size, levels))


def reported(u: Array, y: Array, reliability: float) -> Array:
    """Return the share of the variance of outcomes that goes after an imperfect report on each input, (…, inputs).

    ``R(r) = Σ_k r^k c_k² / V`` with the coefficients of the outcome in Hermite polynomials of the input's score
    (Mehler 1866), each squared without bias. A report with error e on an input of spread s has the reliability
    r = s²/(s² + e²). Inputs were drawn from uniforms of shape (draws, inputs).
    """
    (n, d), centred, variance = u.shape, y - y.mean(axis=-1, keepdims=True), y.var(axis=-1)[..., None]
    square, found = centred**2, np.zeros((*y.shape[:-1], d))
    z = ndtri(np.clip(u, 1e-12, 1 - 1e-12))
    before, h = np.ones_like(z), z
    for k in range(1, TERMS + 1):
        c, noise = centred @ h / n, square @ (h * h) / n
        found += reliability**k * (n * c * c - noise) / ((n - 1) * factorial(k))
        before, h = h, z * h - k * before
    found = np.divide(found, variance, out=np.zeros_like(found), where=variance > 0)
    return np.asarray(np.clip(found, 0.0, 1.0))


# --- whom to ask first ----------------------------------------------------------------------------

Told = Callable[[Sequence[int]], Any]
"""Places of inputs → share of the variance that goes once they are known."""
Questions = Mapping[str, Sequence[int]]
"""Whom or what one can ask → places of the inputs that one learns."""
Plan = list[tuple[str, float]]
"""Whom or what to ask, and the share of the variance that is gone after it; never less than before."""


def forward(share: Told, asked: Questions, costs: Mapping[str, float], most: int, least: float = 0.0) -> Plan:
    """Return whom to ask next, and then whom: each time the one that adds most per cost, at least ``least``.

    Of those who are left, the `NEXT` that tell most alone per cost are tried together with what is known.
    Whoever is ``asked`` tells the inputs at some places; a cost that is left out is 1; ``most`` are named.
    """
    known, found, reached = set[int](), Plan(), 0.0
    left = sorted(asked, key=lambda name: (-float(share(asked[name])) / costs.get(name, 1.0), name))
    while left and len(found) < most:
        options = {name: float(share(sorted(known | set(asked[name])))) for name in left[:NEXT]}
        best = max(options, key=lambda name: ((options[name] - reached) / costs.get(name, 1.0), name))
        if options[best] - reached < least:
            break
        known |= set(asked[best])
        reached = max(reached, options[best])
        found.append((best, reached))
        left.remove(best)
    return found


def planned(
    share: Told, asked: Questions, costs: Mapping[str, float], budget: float | None, least: float = 0.0
) -> Plan:
    """Return the best questions that a budget allows, in the order in which one asks them; see `forward`.

    All sets of at most `TOGETHER` of the `TRIED` best single questions are tried, and the plan that takes the
    best next one per cost as long as it can be paid.
    """
    if budget is None:
        return forward(share, asked, costs, PLANNED, least)
    room = budget + 1e-12

    def cost(names: Iterable[str]) -> float:
        return sum(costs.get(name, 1.0) for name in names)

    def gone(names: Iterable[str]) -> float:
        return float(share(sorted({place for name in names for place in asked[name]})))

    payable = {name: of for name, of in asked.items() if cost([name]) <= room}
    best = sorted(payable, key=lambda name: (-gone([name]), name))[:TRIED]
    sizes = range(1, TOGETHER + 1)
    sets = [some for size in sizes for some in combinations(best, size) if cost(some) <= room]
    greedy: list[str] = []
    for name, _ in forward(share, payable, costs, len(payable)):
        greedy += [name] if cost([*greedy, name]) <= room else []
    chosen = max((*sets, tuple(greedy)), key=lambda some: (round(gone(some), 9), -cost(some), some))
    return forward(share, {name: asked[name] for name in chosen}, costs, len(chosen), least)


# --- by further runs ------------------------------------------------------------------------------


def closed(y: Array, other: Array, with_group: Array) -> Estimate:
    """Return the variance that goes once a group is known: outcomes on A, on B, on A with its columns from B.

    Of Owen & Saltelli's estimator for small shares and Janon & Monod's for large ones, the sharper is taken.
    """
    mean = float(np.concatenate([y, other]).mean())
    small = _ratio((other - mean) * (with_group - y), (y - mean) ** 2)
    middle = float((other + with_group).mean() / 2)
    product = (other - middle) * (with_group - middle)
    large = _ratio(product, ((other - middle) ** 2 + (with_group - middle) ** 2) / 2)
    return small if small.error < large.error else large


def adding_up(
    evaluate: Callable[[Array], Array], a: Array, b: Array, groups: Sequence[Sequence[int]], seed: int = 1
) -> list[Estimate]:
    """Return shares of groups that add to 100 % (Shapley; Goda 2021, *SIAM/ASA J. Uncertainty Quantification* 9).

    In each row the groups are taken over from B in a random order; the j-th one earns
    ``[f(z₀) − (f(z_{j−1}) + f(z_j))/2][f(z_{j−1}) − f(z_j)]``. Groups are places of inputs, each in one, and
    independent of one another; rows are uniforms, (rows, inputs), of which outcomes, (rows,), are found.
    """
    rows, count, z = len(a), len(groups), a.copy()
    orders = np.array([np.random.default_rng([seed, k]).permutation(count) for k in range(rows)])
    start = before = evaluate(z)
    earned = np.zeros((rows, count))
    for step in range(count):
        for number, inputs in enumerate(groups):
            places = np.ix_(np.flatnonzero(orders[:, step] == number), np.array(inputs, dtype=np.intp))
            z[places] = b[places]
        after = evaluate(z)
        earned[np.arange(rows), orders[:, step]] = (start - (before + after) / 2) * (before - after)
        before = after
    spread = (start - start.mean()) ** 2
    return [_ratio(earned[:, number], spread) for number in range(count)]


def _ratio(top: Array, bottom: Array) -> Estimate:
    """Return a ratio of means with its standard error."""
    below = float(bottom.mean())
    if below <= 0:
        return Estimate(0.0, 0.0)
    share = float(top.mean()) / below
    return Estimate(share, float((top - share * bottom).std()) / (below * np.sqrt(len(top))))
