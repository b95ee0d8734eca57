"""What is the cheapest change that opens the zone, and what proves that nothing cheaper does?

One program for three questions; they differ only in what may change and at what price:

- *concessions*: a voter puts up with more loss than without a deal, or moves a red line, each at its price;
- *leverage*: how much worse no deal must be for one voter alone (``leverage``);
- *side payments*: ``Money`` offsets a stated loss of whoever gets it and costs the payer as stated for it.

Least total cost is a linear program where everybody needed is sure and losses are city-block, one with integers
where a tree leaves a choice, and one with tangents where losses are quadratic; its dual bound is the
certificate. Units of putting up are those of the loss: with quadratic losses they are not distances.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from detente.case.thresholds import margin
from detente.lenses.programs import Answer
from detente.lenses.winset.deal import TOLERANCE, Array, Deal
from detente.lenses.winset.deal_program import DealProgram, deal_program, worst_loss
from detente.lenses.winset.engine import NONE, TOUCHING, verdicts
from detente.lenses.winset.engine.kernel import healthy
from detente.lenses.winset.unblock.demands import Demand, Mask, demands, dropped, softened

SECONDS = 5.0
"""For one program; when time is up, what was found stands with the bound that was proven."""
EDGE = 1e-6
"""How much better than no deal a change must leave everybody under strict acceptance."""

Status = Literal["open", "found", "impossible", "unknown"]


Prices = Mapping[Demand, float]
"""What the concessions that may be made cost: per unit of loss beyond no deal, or per scale that a line moves."""


def priced(deal: Deal, costs: Array) -> Prices:
    """Price every demand by what a voter's move over the whole scale of each issue costs, (V, d).

    To put up with the loss of a whole scale on every issue, 1 in all, then costs the sum over issues; with
    normalised saliences as costs it costs 1.
    """
    whole = costs.sum(axis=1)
    return {
        one: float(whole[one.voter] if one.issue is None else costs[one.voter, one.issue])
        for one in demands(deal)
    }


class Money(NamedTuple):
    """Who may pay and be paid, in one draw.

    Attributes:
        gives: (V,): the most that a voter can pay; 0 for who pays nothing.
        takes: (V,): the most that it can be paid.
        worth: (V,): the loss that one unit offsets.
    """

    gives: Array
    takes: Array
    worth: Array


class Concession(NamedTuple):
    """One step: which demand gives way, by how much (share of the scale, or loss), and at what cost."""

    demand: Demand
    by: float
    cost: float


class Multipliers(NamedTuple):
    """Weights that prove a bound on the cost of concessions, none above its price; see ``proofs``.

    Attributes:
        voters: (V,), of the demand to be no worse off than without a deal.
        lines: red line → weight, those with one.
        edge: what everybody must gain at least.
    """

    voters: Array
    lines: dict[Demand, float]
    edge: float


@dataclass(frozen=True, eq=False)
class Opening:
    """The cheapest change of one draw.

    Attributes:
        status: ``open``: there is a deal as it stands; ``found``; ``impossible``: no allowed change suffices;
            ``unknown``: the solver failed.
        total: cost of the concessions and the money moved; ``inf`` when impossible, NaN when unknown.
        bound: the certificate: no change costs less than this and opens the zone by ``EDGE`` (under weak
            acceptance: at all). Below ``total`` by more than 1e-5 only where time was up.
        steps: the concessions, the dearest first.
        transfers: (V,): money that each receives; negative for who pays. ``None`` without a package.
        package: (d,) that is then a deal, or ``None``.
        agreed: (V,): who is counted on to consent.
        reason: of a failure, in the solver's words.
        multipliers: that prove the bound; ``None`` where it took a search over integers, and with payments.
    """

    status: Status
    total: float
    bound: float
    steps: tuple[Concession, ...] = ()
    transfers: Array | None = None
    package: Array | None = None
    agreed: Mask | None = None
    reason: str = ""
    multipliers: Multipliers | None = None


def cheapest_change(
    deal: Deal,
    prices: Prices,
    money: Money | None = None,
) -> Opening:
    """Return the cheapest concessions and payments that open the zone.

    Only who is counted on to consent pays: nobody pays for a deal against its will. A row that the rule does not
    name is an outsider whose consent is not asked, and who pays as far as it gives. Under strict acceptance
    everybody who is counted on ends better off than without a deal by ``EDGE``, as the change leaves it.

    Args:
        deal: one draw.
        prices: of concessions.
        money: limits and worths of payments, none allowed when ``None``; moving a unit costs 1.
    """
    if not healthy(deal).all():
        return Opening("unknown", np.nan, -np.inf, reason="a number of the deal is missing or not finite")
    edge = EDGE if deal.acceptance == "strict" else 0.0
    model = deal_program(deal, deal.rule, top=edge)
    for row in model.accepts.values():
        model.program.most[row] -= edge
    _allow_concessions(model, prices)
    flows = None if money is None else _allow_payments(model, money, edge)
    answer = model.program.solve(SECONDS)
    if answer.status == "infeasible":
        return _impossible(deal, prices) if money is None else Opening("impossible", np.inf, np.inf)
    package = model.read(answer)
    if package is None or answer.columns is None:
        return Opening("unknown", np.nan, answer.bound, reason=answer.reason)
    found = _checked(model, answer, package, prices, money, flows, edge)
    if money is None and found.status == "found" and answer.prices is not None:
        found = replace(found, multipliers=_multipliers(model, answer.prices, edge))
    return found


def leverage(deal: Deal, voters: Iterable[int]) -> dict[int, Opening]:
    """Return, per voter, how much worse no deal must be for it alone for the zone to open.

    Args:
        deal: one draw.
        voters: whose; those who mind no deal (an infinite radius) are left out.

    Returns:
        Voter → the opening: its ``total`` is the change of the radius, ``impossible`` where no change suffices and
        somebody else blocks as well.
    """
    return {
        voter: cheapest_change(deal, {Demand(voter, "no_deal"): 1.0})
        for voter in voters
        if np.isfinite(deal.radius[0, voter])
    }


def conceded(deal: Deal, steps: Sequence[Concession]) -> Deal:
    """Return the deal after concessions."""
    for step in steps:
        deal = softened(deal, step.demand, step.by)
    return deal


def paid(deal: Deal, transfers: Array, worth: Array) -> Deal:
    """Return the deal after transfers, (V,): who is paid puts up with more, who pays with less."""
    return replace(deal, radius=deal.radius + transfers * worth)


def holds(deal: Deal, package: Array) -> bool:
    """Return whether a package, (d,), is a deal in the only draw: the check that trusts no solver."""
    least = float(margin(deal.rule, deal.margins(package[None, None]))[0, 0])
    return least > TOLERANCE if deal.acceptance == "strict" else least >= -TOLERANCE


# --- what may change -----------------------------------------------------------------------------------------


def _allow_concessions(model: DealProgram, prices: Prices) -> None:
    """Add a slack to every demand that may give way."""
    rows = {Demand(voter, "no_deal"): row for voter, row in model.accepts.items()}
    for demand, row in (rows | _lines(model)).items():
        if (price := prices.get(demand)) is not None:
            model.program.term(row, model.program.column(cost=price), -1.0)


def _lines(model: DealProgram) -> dict[Demand, int]:
    """Return red line → its row."""
    floors = {Demand(voter, "floor", issue): row for (voter, issue), row in model.floors.items()}
    return floors | {Demand(voter, "ceiling", issue): row for (voter, issue), row in model.ceilings.items()}


class _Flows(NamedTuple):
    """The columns of what each voter gets and pays, ``None`` where it can be nothing."""

    gets: list[int | None]
    pays: list[int | None]

    def read(self, columns: Array) -> Array:
        """Return what each receives, (V,); negative for who pays."""
        got, spent = (
            np.array([0.0 if k is None else columns[k] for k in flow]) for flow in (self.gets, self.pays)
        )
        return np.asarray(got - spent)


def _allow_payments(model: DealProgram, money: Money, edge: float) -> _Flows:
    """Add what each voter gets and pays, in balance."""
    program, deal = model.program, model.deal
    short = [worst_loss(deal, v) - float(deal.radius[0, v]) + edge for v in range(deal.voters)]
    with np.errstate(divide="ignore", invalid="ignore"):  # nobody need be paid more than the worst costs it
        useful = np.where(money.worth > 0, np.minimum(money.takes, np.maximum(short, 0.0) / money.worth), 0.0)
    gets = [program.column(0.0, most) if most > 0 else None for most in useful.tolist()]
    able = np.minimum(money.gives, useful.sum()).tolist()
    pays = [program.column(0.0, most, cost=1.0) if most > 0 else None for most in able]
    for voter, row in model.accepts.items():
        for column, sign in ((gets[voter], -1.0), (pays[voter], 1.0)):
            if column is not None and money.worth[voter] > 0:
                program.term(row, column, sign * float(money.worth[voter]))
    for voter, yes in model.yes.items():
        if (column := pays[voter]) is not None:
            program.at_most([(column, 1.0), (yes, -program.upper[column])], 0.0)
    balance = [(k, 1.0) for k in gets if k is not None] + [(k, -1.0) for k in pays if k is not None]
    program.exactly(balance, 0.0)
    return _Flows(gets, pays)


def _multipliers(model: DealProgram, row: Array, edge: float) -> Multipliers:
    """Read the weights off the prices of the rows, which are at most 0."""
    voters = np.zeros(model.deal.voters)
    for voter, k in model.accepts.items():
        voters[voter] = max(-row[k], 0.0)
    lines = {demand: float(-row[k]) for demand, k in _lines(model).items() if row[k] < -1e-12}
    return Multipliers(voters, lines, edge)


# --- what was found, checked ---------------------------------------------------------------------------------


def _impossible(deal: Deal, prices: Prices) -> Opening:
    """Believe that nothing suffices only if there is no deal either when all that may move is given up."""
    if verdicts(dropped(deal, prices)).status[0] in (NONE, TOUCHING):
        return Opening("impossible", np.inf, np.inf)
    return Opening("unknown", np.nan, -np.inf, reason="one solver finds a way, another none")


def _checked(
    model: DealProgram,
    answer: Answer,
    package: Array,
    prices: Prices,
    money: Money | None,
    flows: _Flows | None,
    edge: float,
) -> Opening:
    """Read the change off an answer; whether it opens the zone is judged by true margins."""
    deal, counted, none = model.deal, model.counted(answer), np.zeros(model.deal.voters)
    package = _on_the_lines(deal, package, counted)
    if money is not None and holds(deal, package):
        return Opening("open", 0.0, min(answer.bound, 0.0), (), none, package, counted)
    transfers, after = none, deal
    if money is not None and flows is not None and answer.columns is not None:
        transfers = flows.read(answer.columns)
        after = paid(deal, transfers, money.worth)
    steps = _steps(after, prices, edge, package, counted)
    total = sum(step.cost for step in steps) + float(np.maximum(-transfers, 0.0).sum())
    if not np.isfinite(total) or not holds(conceded(after, steps), package):
        what = "concessions" if money is None else "payment"
        reason = f"the {what} found {'fail' if money is None else 'fails'} when checked"
        return Opening("unknown", np.nan, answer.bound, reason=reason)
    status: Status = "found" if steps or transfers.any() else "open"
    return Opening(status, total, min(answer.bound, total), steps, transfers, package, counted)


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
    steps = [Concession(demand, by, by * prices.get(demand, np.inf)) for demand, by in needed]
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
