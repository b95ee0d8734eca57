"""Slow, literal answers to who blocks and what it takes, by looking at every package, coalition and subset."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import combinations, product
from unittest import mock

import numpy as np
from hypothesis import strategies as st

from detente.case.thresholds import Node, Threshold, Voter, all_of, any_of, voters, wins
from detente.lenses.winset.deal import TOLERANCE, Acceptance, Array, Deal, Loss
from detente.lenses.winset.engine import STATUSES, Verdicts, verdicts
from detente.lenses.winset.unblock import concessions, conflicts, levers
from detente.lenses.winset.unblock.cheapest_change import Opening, Prices, cheapest_change, priced
from detente.lenses.winset.unblock.demands import Demand
from tests.oracles import zone as oracle


def by_oracle(deal: Deal, *, acceptance: Acceptance | None = None) -> Verdicts:
    """Answer draw by draw with the oracle, which solves every piece of a zone by itself."""
    acceptance = acceptance or deal.acceptance
    found = [oracle.most_margin(deal.draw(k)) for k in range(deal.draws)]
    told = [oracle.status(margin) for margin, _ in found]
    if acceptance == "weak":
        told = ["deal" if status == "touching" else status for status in told]
    nowhere = np.full(deal.issues, np.nan)
    return replace(
        verdicts(deal, acceptance=acceptance),
        status=np.array([STATUSES.index(status) for status in told], dtype=np.int8),
        package=np.reshape([nowhere if at is None else at for _, at in found], (-1, deal.issues)),
    )


@contextmanager
def answered_by(decider: Callable[..., Verdicts]) -> Iterator[None]:
    """Let something else than the engine tell whether a package exists."""
    with ExitStack() as patched:
        for asking in (concessions, conflicts, levers):
            patched.enter_context(mock.patch.object(asking, "verdicts", decider))
        yield


def cheapest(deal: Deal, prices: Prices | None = None, *, acceptance: Acceptance = "strict") -> Opening:
    """Return the cheapest concessions, priced by salience unless told otherwise."""
    deal = replace(deal, acceptance=acceptance)
    return cheapest_change(deal, priced(deal, deal.salience[0]) if prices is None else prices)


def least(deal: Deal, demand: Demand, *, acceptance: Acceptance = "strict") -> Opening:
    """Return by how much one demand must give way when no other does."""
    return cheapest_change(replace(deal, acceptance=acceptance), {demand: 1.0})


def shadow_price(
    deal: Deal, voter: int, cost: Callable[[Deal], float], step: float = 1e-4
) -> tuple[float, float]:
    """Return what a unit more of a voter's radius saves of a least cost, and what one less loses."""

    def shifted(by: float) -> Deal:
        radius = deal.radius.copy()
        radius[:, voter] += by
        return replace(deal, radius=radius)

    here = cost(deal)
    return (here - cost(shifted(step))) / step, (cost(shifted(-step)) - here) / step


def one(
    ideal: object,
    salience: object,
    radius: object,
    rule: Node,
    *,
    floor: object = 0.0,
    ceiling: object = 1.0,
    levels: tuple[Array | None, ...] | None = None,
    loss: Loss = "city_block",
) -> Deal:
    """Return a deal of one draw from plain lists."""
    wanted = np.array(ideal, dtype=float)[None]
    low, high = (
        np.broadcast_to(np.array(line, dtype=float), wanted.shape).copy() for line in (floor, ceiling)
    )
    return Deal(
        ideal=wanted,
        salience=np.array(salience, dtype=float)[None],
        radius=np.array(radius, dtype=float)[None],
        floor=low,
        ceiling=high,
        no_deal=np.full((1, wanted.shape[2]), np.nan),
        levels=levels or (None,) * wanted.shape[2],
        rule=rule,
        loss=loss,
    )


def stacked(deals: Iterable[Deal]) -> Deal:
    """Put deals of one draw on top of each other."""
    listed = list(deals)
    return replace(
        listed[0],
        ideal=np.concatenate([deal.ideal for deal in listed]),
        salience=np.concatenate([deal.salience for deal in listed]),
        radius=np.concatenate([deal.radius for deal in listed]),
        floor=np.concatenate([deal.floor for deal in listed]),
        ceiling=np.concatenate([deal.ceiling for deal in listed]),
        no_deal=np.concatenate([deal.no_deal for deal in listed]),
    )


# --- packages that can be counted -------------------------------------------------------------------


def packages(deal: Deal) -> Iterator[tuple[float, ...]]:
    """Yield every package of a deal whose issues all have levels."""
    return product(*(levels.tolist() for levels in deal.levels if levels is not None))


def loss(deal: Deal, voter: int, package: tuple[float, ...]) -> float:
    """Return what a package costs a voter, term by term."""
    power = 2 if deal.loss == "quadratic" else 1
    return sum(
        float(s) * abs(x - float(p)) ** power
        for s, p, x in zip(deal.salience[0, voter], deal.ideal[0, voter], package, strict=True)
    )


def meets(deal: Deal, demand: Demand, package: tuple[float, ...], acceptance: Acceptance) -> bool:
    """Return whether a package meets a demand."""
    v, i = demand.voter, demand.issue
    if i is None:
        gain = float(deal.radius[0, v]) - loss(deal, v, package)
        return gain > TOLERANCE if acceptance == "strict" else gain >= -TOLERANCE
    if demand.kind == "floor":
        return package[i] >= float(deal.floor[0, v, i]) - 1e-9
    return package[i] <= float(deal.ceiling[0, v, i]) + 1e-9


class Table:
    """For every package of a deal, which of its demands it meets; subsets of demands are then only looked up."""

    def __init__(self, deal: Deal, listed: tuple[Demand, ...], acceptance: Acceptance) -> None:
        self.deal, self.listed = deal, listed
        self.met = [[meets(deal, demand, x, acceptance) for demand in listed] for x in packages(deal)]

    def open(self, kept: Iterable[int]) -> bool:
        """Return whether some package has the consent needed when only these demands bind."""
        binding = set(kept)
        for row in self.met:
            refusing = {self.listed[k].voter for k in binding if not row[k]}
            agreed = np.array([v not in refusing for v in range(self.deal.voters)])
            if wins(self.deal.rule, agreed):
                return True
        return False

    def conflicts(self) -> set[frozenset[Demand]]:
        """Return the minimal sets that cannot all be met: each less one can."""
        everything = range(len(self.listed))
        subsets = (set(s) for size in range(len(self.listed) + 1) for s in combinations(everything, size))
        return {self._named(s) for s in subsets if not self.open(s) and all(self.open(s - {k}) for k in s)}

    def corrections(self) -> set[frozenset[Demand]]:
        """Return the minimal sets without which the rest can be met."""
        everything = set(range(len(self.listed)))
        subsets = (set(s) for size in range(len(self.listed) + 1) for s in combinations(everything, size))
        return {
            self._named(s)
            for s in subsets
            if self.open(everything - s) and not any(self.open(everything - (s - {k})) for k in s)
        }

    def _named(self, chosen: set[int]) -> frozenset[Demand]:
        return frozenset(self.listed[k] for k in chosen)


def coalitions(deal: Deal) -> Iterator[tuple[int, ...]]:
    """Yield every winning coalition among the voters of the rule."""
    members = sorted(voters(deal.rule))
    for size in range(len(members) + 1):
        for coalition in combinations(members, size):
            if wins(deal.rule, np.isin(np.arange(deal.voters), coalition)):
                yield coalition


def yielding_cost(deal: Deal, voter: int, package: tuple[float, ...], prices: Prices, edge: float) -> float:
    """Return what a voter's concessions cost for it to accept a package."""
    short = loss(deal, voter, package) - float(deal.radius[0, voter]) + edge
    cost = prices[Demand(voter, "no_deal")] * short if short > 1e-12 else 0.0
    for i, x in enumerate(package):
        below, above = float(deal.floor[0, voter, i]) - x, x - float(deal.ceiling[0, voter, i])
        cost += prices[Demand(voter, "floor", i)] * below if below > 1e-9 else 0.0
        cost += prices[Demand(voter, "ceiling", i)] * above if above > 1e-9 else 0.0
    return cost


def cheapest_cost(deal: Deal, prices: Prices, edge: float = 0.0) -> float:
    """Return the least cost of concessions over all packages and winning coalitions."""
    return min(
        (
            sum(yielding_cost(deal, v, x, prices, edge) for v in coalition)
            for coalition in coalitions(deal)
            for x in packages(deal)
        ),
        default=np.inf,
    )


# --- packages that cannot ---------------------------------------------------------------------------


def open_by_programs(deal: Deal, acceptance: Acceptance = "strict") -> bool:
    """Return whether a city-block deal of one draw has a zone: one plain linear program per winning coalition."""
    best = max((best_margin(deal, coalition) for coalition in coalitions(deal)), default=-np.inf)
    return best > TOLERANCE if acceptance == "strict" else best >= -TOLERANCE


def best_margin(deal: Deal, coalition: tuple[int, ...]) -> float:
    """Return the greatest least margin of a coalition, two rows per distance; columns x, distances, the margin."""
    from scipy.optimize import linprog

    d, k = deal.issues, len(coalition)
    rows, right = [], []
    bounds = [(0.0, 1.0)] * d + [(0.0, 2.0)] * (k * d) + [(-10.0, 10.0)]
    for c, v in enumerate(coalition):
        total = np.zeros(d + k * d + 1)
        for i in range(d):
            bounds[i] = (
                max(float(deal.floor[0, v, i]), bounds[i][0]),
                min(float(deal.ceiling[0, v, i]), bounds[i][1]),
            )
            for sign in (1, -1):
                row = np.zeros(d + k * d + 1)
                row[i], row[d + c * d + i] = sign, -1
                rows.append(row)
                right.append(sign * deal.ideal[0, v, i])
            total[d + c * d + i] = deal.salience[0, v, i]
        if np.isfinite(deal.radius[0, v]):
            total[-1] = 1
            rows.append(total)
            right.append(deal.radius[0, v])
    if any(low > high for low, high in bounds[:d]):
        return -np.inf
    cost = np.zeros(d + k * d + 1)
    cost[-1] = -1
    found = linprog(cost, A_ub=np.array(rows) if rows else None, b_ub=right or None, bounds=bounds)
    assert found.status in (0, 2)
    return -float(found.fun) if found.status == 0 else -np.inf


# --- random deals -----------------------------------------------------------------------------------

EIGHTHS = st.integers(0, 8).map(lambda k: k / 8)


@st.composite
def rules(draw: st.DrawFn, count: int) -> Node:
    """Return rules of all kinds over voters, two levels deep."""
    leaves: list[Node] = [Voter(v) for v in range(count)]
    kind = draw(st.sampled_from(["all", "all", "votes", "veto_and_votes", "any_of_two"]))
    if kind == "votes":
        return Threshold(draw(st.integers(1, count)), tuple((1, leaf) for leaf in leaves))
    if kind == "veto_and_votes" and count > 2:
        weights = draw(st.lists(st.integers(1, 3), min_size=count - 1, max_size=count - 1))
        votes = Threshold(draw(st.integers(1, sum(weights))), tuple(zip(weights, leaves[1:], strict=True)))
        return all_of(leaves[0], votes)
    if kind == "any_of_two" and count > 2:
        return any_of(all_of(*leaves[:2]), all_of(*leaves[1:]))
    return all_of(*leaves)


@st.composite
def deals(
    draw: st.DrawFn,
    *,
    levels: bool,
    most_voters: int = 4,
    most_issues: int = 3,
    losses: tuple[Loss, ...] = ("city_block", "quadratic"),
) -> Deal:
    """Return deals of one draw with numbers in eighths, few of which have a zone."""
    count, issues = draw(st.integers(1, most_voters)), draw(st.integers(1, most_issues))

    def numbers(of: st.SearchStrategy[float], n: int) -> list[float]:
        return draw(st.lists(of, min_size=n, max_size=n))

    size = count * issues
    wanted = np.reshape(numbers(EIGHTHS, size), (count, issues))
    weight = np.reshape(numbers(st.integers(1, 4).map(float), size), (count, issues))
    free = st.sampled_from([0.0, 0.0, 0.0, 0.25, 0.5, 0.625])
    radius = numbers(st.sampled_from([-0.0625, 0.03125, 0.09375, 0.15625, 0.28125, np.inf]), count)
    heard = np.isfinite(radius)[:, None]
    return one(
        wanted,
        heard * weight / weight.sum(axis=1, keepdims=True),
        radius,
        draw(rules(count)),
        floor=np.reshape(numbers(free, size), (count, issues)),
        ceiling=1 - np.reshape(numbers(free, size), (count, issues)),
        levels=(np.array([0.0, 0.25, 0.5, 0.75, 1.0]),) * issues if levels else None,
        loss=draw(st.sampled_from(losses)),
    )
