"""What would it take? The cheapest set of concessions that opens the zone, and proof that nothing cheaper does.

A voter concedes by putting up with more loss than without a deal, or by moving a red line. Least total cost is a
linear program where everybody needed is sure and losses are city-block, one with integers where a tree leaves a
choice, and one with tangents where losses are quadratic; its dual bound is the certificate. Units of putting up
are those of the loss: with quadratic losses they are not distances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from detente.errors import OptionError
from detente.lenses.winset.deal import TOLERANCE, Array, Deal
from detente.lenses.winset.exact.fault import fault
from detente.lenses.winset.exact.program import DealProgram, deal_program
from detente.lenses.winset.exact.zone import Acceptance, zone
from detente.lenses.winset.unblock.demands import Demand, Mask, demands, dropped, softened
from detente.lenses.winset.unblock.oracle import holds

SECONDS = 30.0
"""For one program; when time is up, what was found stands with the bound that was proven."""
EDGE = 1e-6
"""How much better than no deal a concession must leave everybody under strict acceptance."""

Status = Literal["open", "found", "impossible", "unknown"]


@dataclass(frozen=True, eq=False)
class Prices:
    """What concessions cost; ``inf`` where one is out of the question.

    Attributes:
        no_deal: (V,), per unit of loss that a voter puts up with beyond no deal.
        floor: (V, d), per whole scale that a red line from below moves.
        ceiling: (V, d), the same from above.
    """

    no_deal: Array
    floor: Array
    ceiling: Array

    @classmethod
    def of(cls, costs: Array) -> Prices:
        """Price by what a voter's move over the whole scale of each issue costs, (V, d).

        To put up with the loss of a whole scale on every issue, 1 in all, then costs the sum over issues; with
        normalised saliences as costs it costs 1.
        """
        return cls(costs.sum(axis=1), costs, costs)

    @classmethod
    def only(cls, demand: Demand, deal: Deal) -> Prices:
        """Let nothing move but one demand, at price 1."""
        shape = (deal.voters, deal.issues)
        prices = cls(np.full(deal.voters, np.inf), np.full(shape, np.inf), np.full(shape, np.inf))
        prices._of(demand)[...] = 1.0
        return prices

    def __post_init__(self) -> None:
        if not all((prices >= 0).all() for prices in (self.no_deal, self.floor, self.ceiling)):
            raise OptionError("the cost of a concession must be a number of at least 0")

    def price(self, demand: Demand) -> float:
        """Return the price of a demand."""
        return float(self._of(demand))

    def _of(self, demand: Demand) -> Array:
        """Return the place of a demand's price, an array of no dimensions."""
        if demand.issue is None:
            return self.no_deal[demand.voter, ...]
        return (self.floor if demand.kind == "floor" else self.ceiling)[demand.voter, demand.issue, ...]


@dataclass(frozen=True, slots=True)
class Concession:
    """One step: which demand gives way, by how much (share of the scale, or loss), and at what cost."""

    demand: Demand
    by: float
    cost: float


@dataclass(frozen=True, eq=False)
class Opening:
    """The cheapest set of concessions of one draw.

    Attributes:
        status: ``open``: there is a deal as it stands; ``found``; ``impossible``: no allowed concessions suffice;
            ``unknown``: the solver failed.
        total: cost of the steps; ``inf`` when impossible, NaN when unknown.
        bound: the certificate: no set costs less than this and opens the zone by ``EDGE`` (under weak acceptance:
            at all). Below ``total`` by more than 1e-5 only where time was up.
        steps: the concessions, the dearest first.
        package: (d,) that they make a deal, or ``None``.
        agreed: (V,): who is counted on to consent.
        reason: of a failure, in the solver's words.
    """

    status: Status
    total: float
    bound: float
    steps: tuple[Concession, ...] = ()
    package: Array | None = None
    agreed: Mask | None = None
    reason: str = ""


def conceded(deal: Deal, steps: Sequence[Concession]) -> Deal:
    """Return the deal after concessions."""
    for step in steps:
        deal = softened(deal, step.demand, step.by)
    return deal


def cheapest(
    deal: Deal,
    prices: Prices | None = None,
    *,
    acceptance: Acceptance = "strict",
    seconds: float = SECONDS,
) -> Opening:
    """Return the cheapest set of concessions.

    Args:
        deal: one draw.
        prices: of concessions; by normalised salience when ``None``.
        acceptance: under strict acceptance everybody who is counted on ends better off than without a deal by
            ``EDGE``, as concessions leave it.
        seconds: time for the solver.
    """
    if wrong := fault(deal):
        return Opening("unknown", np.nan, -np.inf, reason=wrong)
    prices = prices or Prices.of(deal.salience[0])
    edge = EDGE if acceptance == "strict" else 0.0
    model = deal_program(deal, deal.rule, top=edge)
    _allow(model, prices, edge)
    answer = model.program.solve(seconds)
    if answer.status == "infeasible":
        return _impossible(deal, prices, acceptance)
    package = model.read(answer)
    if package is None:
        return Opening("unknown", np.nan, answer.bound, reason=answer.reason)
    package = _on_the_lines(deal, package, model.counted(answer))
    steps = _steps(deal, prices, edge, package, model.counted(answer))
    total = sum(step.cost for step in steps)
    if not np.isfinite(total) or not holds(conceded(deal, steps), package, acceptance):
        return Opening("unknown", np.nan, answer.bound, reason="the concessions found fail when checked")
    status: Status = "found" if steps else "open"
    return Opening(status, total, min(answer.bound, total), steps, package, model.counted(answer))


def _impossible(deal: Deal, prices: Prices, acceptance: Acceptance) -> Opening:
    """Believe that nothing suffices only if there is no deal either when all that may move is given up."""
    given_up = [demand for demand in demands(deal) if np.isfinite(prices.price(demand))]
    if zone(dropped(deal, given_up), acceptance=acceptance).status in ("none", "touching"):
        return Opening("impossible", np.inf, np.inf)
    return Opening("unknown", np.nan, -np.inf, reason="one solver finds a way, another none")


def _allow(model: DealProgram, prices: Prices, edge: float) -> None:
    """Add a slack to every demand that may give way, and ask for the edge."""
    program = model.program
    rows = [(Demand(voter, "no_deal"), row) for voter, row in model.accepts.items()]
    rows += [(Demand(voter, "floor", issue), row) for (voter, issue), row in model.floors.items()]
    rows += [(Demand(voter, "ceiling", issue), row) for (voter, issue), row in model.ceilings.items()]
    for demand, row in rows:
        if demand.issue is None:
            program.right[row] -= edge
            if not np.isfinite(model.deal.radius[0, demand.voter]):
                continue
        if np.isfinite(price := prices.price(demand)):
            program.term(row, program.column(cost=price), -1.0)


def _steps(deal: Deal, prices: Prices, edge: float, package: Array, counted: Mask) -> tuple[Concession, ...]:
    """Read the concessions off the package rather than off the slacks: they are then exactly what it takes."""
    short = deal.losses(package[None, None])[0, 0] - deal.radius[0] + edge
    needed: list[tuple[Demand, float]] = []
    for voter in np.flatnonzero(counted).tolist():
        if short[voter] > max(edge, TOLERANCE) / 2:
            needed.append((Demand(voter, "no_deal"), float(short[voter])))
        below, above = deal.floor[0, voter] - package, package - deal.ceiling[0, voter]
        needed += [(Demand(voter, "floor", i), float(below[i])) for i in np.flatnonzero(below > 0).tolist()]
        needed += [(Demand(voter, "ceiling", i), float(above[i])) for i in np.flatnonzero(above > 0).tolist()]
    steps = [Concession(demand, by, by * prices.price(demand)) for demand, by in needed]
    return tuple(sorted(steps, key=lambda step: -step.cost))


def _on_the_lines(deal: Deal, package: Array, counted: Mask) -> Array:
    """Move a package onto the red lines that it misses by no more than what solvers overlook."""
    package = package.copy()
    for issue in range(deal.issues):
        if deal.levels[issue] is None:
            missed = deal.floor[0, counted, issue] - package[issue]
            package[issue] += missed[(missed > 0) & (missed <= TOLERANCE)].max(initial=0.0)
            missed = package[issue] - deal.ceiling[0, counted, issue]
            package[issue] -= missed[(missed > 0) & (missed <= TOLERANCE)].max(initial=0.0)
    return package
