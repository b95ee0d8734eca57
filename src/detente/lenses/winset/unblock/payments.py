"""Can money open the zone, and how little of it? Side payments among those who may pay and be paid.

A unit of money offsets a stated loss of whoever gets it and costs the payer as stated for it. What is least is the
money moved; it is found by the program of the concessions, with its certificate. The Coase test lifts all limits:
transfers inside a winning coalition can make a deal exactly if its gains, in money, can add up to at least 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from detente.errors import OptionError
from detente.lenses.winset.deal import Array, Deal
from detente.lenses.winset.exact.fault import fault
from detente.lenses.winset.exact.program import DealProgram, deal_program, worst_loss
from detente.lenses.winset.exact.zone import Acceptance
from detente.lenses.winset.unblock.concessions import EDGE, SECONDS, Status
from detente.lenses.winset.unblock.demands import Mask
from detente.lenses.winset.unblock.oracle import holds


@dataclass(frozen=True, eq=False)
class Money:
    """Who may pay and be paid, in one draw.

    Attributes:
        gives: (V,): the most that a voter can pay; 0 for who pays nothing.
        takes: (V,): the most that it can be paid.
        worth: (V,): the loss that one unit offsets.
    """

    gives: Array
    takes: Array
    worth: Array

    def __post_init__(self) -> None:
        for name in ("gives", "takes", "worth"):
            values = getattr(self, name)
            if not (values >= 0).all():
                raise OptionError(
                    f"side payments: {name!r} must be numbers of at least 0, not {values.tolist()}"
                )
        if not np.isfinite(self.worth).all():
            raise OptionError("side payments: 'worth' must be finite")


@dataclass(frozen=True, eq=False)
class Payment:
    """The cheapest side payment of one draw.

    Attributes:
        status: ``open``: there is a deal without money; ``found``; ``impossible``; ``unknown``.
        total: money moved; ``inf`` when impossible, NaN when unknown.
        bound: the certificate: no payment of less opens the zone by ``EDGE`` (under weak acceptance: at all).
        transfers: (V,): what each receives; negative for who pays.
        package: (d,) that it makes a deal, or ``None``.
        agreed: (V,): who is counted on to consent.
        reason: of a failure, in the solver's words.
    """

    status: Status
    total: float
    bound: float
    transfers: Array | None = None
    package: Array | None = None
    agreed: Mask | None = None
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Surplus:
    """What the members of the best winning coalition gain together, in money, if they can pay each other freely.

    Attributes:
        status: ``found``; ``impossible``: red lines, or those to whom money is worth nothing, rule out every deal;
            ``unknown``.
        surplus: at least 0 exactly if transfers can make a deal; ``-inf`` when impossible, NaN when unknown.
        bound: the certificate: no package has more.
        package: (d,) with that surplus, or ``None``.
    """

    status: Status
    surplus: float
    bound: float
    package: Array | None = None


def paid(deal: Deal, transfers: Array, worth: Array) -> Deal:
    """Return the deal after transfers, (V,): who is paid puts up with more, who pays with less."""
    return replace(deal, radius=deal.radius + transfers * worth)


def cheapest_payment(
    deal: Deal, money: Money, *, acceptance: Acceptance = "strict", seconds: float = SECONDS
) -> Payment:
    """Return the side payment that opens the zone and moves the least money.

    Only who is counted on to consent pays: nobody pays for a deal against its will. A row that the rule does not
    name is an outsider whose consent is not asked, and who pays as far as it gives.

    Args:
        deal: one draw.
        money: limits and worths.
        acceptance: under strict acceptance everybody who is counted on ends better off than without a deal by
            ``EDGE``, payments included.
        seconds: time for the solver.
    """
    if wrong := fault(deal):
        return Payment("unknown", np.nan, -np.inf, reason=wrong)
    edge = EDGE if acceptance == "strict" else 0.0
    model = deal_program(deal, deal.rule, top=edge)
    gets = [_column(model, limit) for limit in _useful(deal, money, edge)]
    most = float(sum(model.program.upper[column] for column in gets if column is not None))
    pays = [_column(model, min(float(limit), most), cost=1.0) for limit in money.gives]
    for voter, row in model.accepts.items():
        model.program.right[row] -= edge
        for column, sign in ((gets[voter], -1.0), (pays[voter], 1.0)):
            if column is not None and money.worth[voter] > 0:
                model.program.term(row, column, sign * float(money.worth[voter]))
    for voter, yes in model.yes.items():
        if (column := pays[voter]) is not None:
            model.program.at_most([(column, 1.0), (yes, -model.program.upper[column])], 0.0)
    flows = [(column, 1.0) for column in gets if column is not None]
    model.program.exactly([*flows, *((column, -1.0) for column in pays if column is not None)], 0.0)
    return _payment(model, gets, pays, money.worth, acceptance, seconds)


def _column(model: DealProgram, most: float, cost: float = 0.0) -> int | None:
    """Add a column for what somebody gets or pays, if it may be anything."""
    return model.program.column(0.0, most, cost=cost) if most > 0 else None


def _useful(deal: Deal, money: Money, edge: float) -> list[float]:
    """Return the most that it makes sense to pay each voter: what offsets the worst package."""
    useful = []
    for voter in range(deal.voters):
        worth, short = (
            float(money.worth[voter]),
            worst_loss(deal, voter) - float(deal.radius[0, voter]) + edge,
        )
        useful.append(min(float(money.takes[voter]), max(short, 0.0) / worth) if worth > 0 else 0.0)
    return useful


def _payment(
    model: DealProgram,
    gets: list[int | None],
    pays: list[int | None],
    worth: Array,
    acceptance: Acceptance,
    seconds: float,
) -> Payment:
    """Solve, read the transfers and check them."""
    deal = model.deal
    answer = model.program.solve(seconds)
    if answer.status == "infeasible":
        return Payment("impossible", np.inf, np.inf)
    package = model.read(answer)
    if package is None or answer.columns is None:
        return Payment("unknown", np.nan, answer.bound, reason=answer.reason)
    received, spent = (
        np.array([0.0 if column is None else answer.columns[column] for column in columns])
        for columns in (gets, pays)
    )
    if holds(deal, package, acceptance):
        return Payment(
            "open", 0.0, min(answer.bound, 0.0), np.zeros(deal.voters), package, model.counted(answer)
        )
    transfers, moved = received - spent, float(spent.sum())
    if not holds(paid(deal, transfers, worth), package, acceptance):
        return Payment("unknown", np.nan, answer.bound, reason="the payment found fails when checked")
    return Payment("found", moved, min(answer.bound, moved), transfers, package, model.counted(answer))


def surplus(deal: Deal, worth: Array, *, seconds: float = SECONDS) -> Surplus:
    """Return the Coase test: the most that a winning coalition gains together, in money.

    Voters without stances, and those to whom money is worth nothing, neither pay nor are paid: they must accept by
    themselves. Red lines are not for sale.

    Args:
        deal: one draw.
        worth: (V,): the loss that a unit of money offsets.
        seconds: time for the solver.
    """
    if fault(deal):
        return Surplus("unknown", np.nan, np.inf)
    model = deal_program(deal, deal.rule)
    for voter, row in model.accepts.items():
        if worth[voter] > 0:
            yes = model.yes.get(voter)
            most = max(float(deal.radius[0, voter]), 0.0) / float(worth[voter])
            need = model.program.column(-np.inf if yes is None else -most, cost=1.0)
            model.program.term(row, need, -float(worth[voter]))
            if yes is not None:
                model.program.at_most([(need, -1.0), (yes, -most)], 0.0)
    answer = model.program.solve(seconds)
    if answer.status == "infeasible":
        return Surplus("impossible", -np.inf, -np.inf)
    package = model.read(answer)
    if package is None:
        return Surplus("unknown", np.nan, -answer.bound)
    return Surplus("found", -answer.value, -answer.bound, package)
