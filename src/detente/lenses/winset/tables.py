"""How does the win-set lens give its numbers away? One tidy table per kind of answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from detente.lenses.summary import LEVELS
from detente.lenses.winset.answers import Demand
from detente.show.table import Cell, Table

if TYPE_CHECKING:
    from detente.lenses.winset.result import WinsetResult

Rows = list[tuple[Cell, ...]]


def probabilities(result: WinsetResult) -> Table:
    """Return how likely every deal is, in every scenario."""
    columns = {
        "scenario": "id, or as_it_stands",
        "deal": "issue or package",
        "probability": "share of draws with a deal",
        "low95": "95 % Wilson interval",
        "high95": "its upper end",
        "touching": "share of draws in which a deal leaves somebody just as well off as none",
        "unknown": "share of draws that could not be decided",
        "least": "if every undecided draw had no deal",
        "most": "if every undecided draw had one",
        "draws": "how many",
    }
    rows: Rows = [
        (scenario, deal, c.probability, c.low95, c.high95, c.touching, c.unknown, c.least, c.most, c.draws)
        for scenario, deals in result.deal_probability.items()
        for deal, c in deals.items()
    ]
    return Table("deal_probability", columns, tuple(rows))


def terms(result: WinsetResult) -> Table:
    """Return where the named solutions put every issue, over the draws with a deal."""
    columns = {
        "deal": "issue or package",
        "solution": "name",
        "issue": "id",
        "mean": "over the draws with a deal, on the issue's scale",
        "median": "of the same draws",
        "sd": "standard deviation",
        "mc_error": "standard error of the mean",
        **{f"{end}{level}": f"{level} % interval" for level in LEVELS for end in ("low", "high")},
    }
    rows: Rows = []
    for deal, solutions in result.solutions.items():
        for name, issues in solutions.items():
            for issue, d in issues.items():
                ends = [end for level in LEVELS for end in d.intervals[str(level)]]
                rows.append((deal, name, issue, d.mean, d.median, d.sd, d.mc_error, *ends))
    return Table("solutions", columns, tuple(rows))


def demand_text(demand: Demand) -> str:
    """Return a demand by its ids: ``kyiv territory ceiling``, ``congress no_deal``."""
    where = "" if demand.issue is None else f"{demand.issue} "
    return f"{demand.actor} {where}{demand.kind}"


def conflicts(result: WinsetResult) -> Table:
    """Return the demands that cannot all be met."""
    columns = {
        "deal": "issue or package",
        "demands": "actor, issue and kind of each, joined by +",
        "share": "of the failed draws that were examined",
        "examined": "failed draws",
    }
    rows: Rows = [
        (deal, " + ".join(demand_text(d) for d in conflict.demands), conflict.share, found.examined)
        for deal, found in result.blockers.items()
        for conflict in found.conflicts
    ]
    return Table("conflicts", columns, tuple(rows))


def blockers(result: WinsetResult) -> Table:
    """Return who stands in the way."""
    columns = {
        "deal": "issue or package",
        "actor": "id",
        "involved": "share of examined draws in which it is part of a conflict",
        "alone": "share of examined draws that its consent alone would open",
        "examined": "failed draws",
    }
    rows: Rows = [
        (deal, actor, share, found.alone.get(actor, 0.0), found.examined)
        for deal, found in result.blockers.items()
        for actor, share in found.actors.items()
    ]
    return Table("blockers", columns, tuple(rows))


def levers(result: WinsetResult) -> Table:
    """Return what would change the probability of a deal."""
    columns = {
        "deal": "issue or package",
        "kind": "lift or soften a red line, or waive a consent",
        "actor": "whose",
        "issue": "of the red line",
        "side": "floor or ceiling",
        "by": "softened by, in the issue's units",
        "probability": "of a deal then",
        "change": "from before, on the same draws",
        "mc_error": "standard error of the change",
        "draws": "how many",
    }
    rows: Rows = [
        (deal, x.kind, x.actor, x.issue, x.side, x.by, x.probability, x.change, x.mc_error, x.draws)
        for deal, found in result.levers.items()
        for x in found
    ]
    return Table("levers", columns, tuple(rows))


def concessions(result: WinsetResult) -> Table:
    """Return the cheapest way to a deal, all inputs at their means."""
    columns = {
        "deal": "package",
        "actor": "who gives way",
        "kind": "which demand",
        "issue": "of the red line",
        "by": "in the issue's units; for no_deal a share of the whole scale",
        "cost": "weighted by salience or by the stated cost",
        "total": "of all concessions",
        "bound": "no set costs less",
    }
    rows: Rows = [
        (deal, s.actor, s.kind, s.issue, s.by, s.cost, answer.opening.total, answer.opening.bound)
        for deal, answer in result.deals.items()
        if answer.opening is not None
        for s in answer.opening.steps
    ]
    return Table("concessions", columns, tuple(rows))


def sufficing(result: WinsetResult) -> Table:
    """Return which single demand, given way on, is enough, over the draws without a deal."""
    columns = {
        "deal": "package",
        "actor": "who gives way",
        "kind": "which demand",
        "issue": "of the red line",
        "share": "of the examined draws in which that alone opens the zone",
        "by": "how far on average; for no_deal a share of the whole scale",
        "examined": "draws without a deal",
    }
    rows: Rows = [
        (deal, s.actor, s.kind, s.issue, s.share, s.by, answer.opening.examined)
        for deal, answer in result.deals.items()
        if answer.opening is not None
        for s in answer.opening.suffices
    ]
    return Table("sufficing", columns, tuple(rows))


def leverage(result: WinsetResult) -> Table:
    """Return how much worse no deal would have to be for one actor alone."""
    columns = {
        "deal": "issue or package",
        "actor": "id",
        "worse": "how much worse no deal must be for it, share of the whole scale; empty where that is not enough",
    }
    rows: Rows = [
        (deal, actor, change) for deal, a in result.deals.items() for actor, change in a.leverage.items()
    ]
    return Table("leverage", columns, tuple(rows))


def payments(result: WinsetResult) -> Table:
    """Return the cheapest side payment that makes a deal, all inputs at their means."""
    columns = {
        "deal": "package",
        "status": "open where none is needed, found, impossible, or unknown",
        "total": "paid in all, in the unit",
        "bound": "no payment of less opens the zone",
        "unit": "of the payment",
        "actor": "who pays or is paid",
        "receives": "in the unit; negative for who pays",
    }
    rows: Rows = []
    for deal, answer in result.deals.items():
        if (paid := answer.payment) is not None:
            facts = (deal, paid.status, paid.total, paid.bound, paid.unit)
            rows += [(*facts, *one) for one in paid.transfers.items() or ((None, None),)]
    return Table("payments", columns, tuple(rows))


def extents(result: WinsetResult) -> Table:
    """Return how much of every issue can be agreed."""
    columns = {
        "deal": "issue or package",
        "issue": "id",
        "low": "least value in the zone, inputs at their means",
        "high": "greatest value",
        "share": "of the issue's range between the two, mean over draws",
    }
    rows: Rows = [
        (deal, issue, e.low, e.high, e.share)
        for deal, answer in result.deals.items()
        for issue, e in answer.extents.items()
    ]
    return Table("extents", columns, tuple(rows))


def bands(result: WinsetResult) -> Table:
    """Return what every actor accepts on every issue alone."""
    columns = {
        "issue": "id",
        "actor": "id",
        "low": "least acceptable, inputs at their means",
        "high": "greatest acceptable",
        "ideal": "what it wants",
        "floor": "red line from below",
        "ceiling": "red line from above",
        "required": "whether no deal on the issue can do without it",
    }
    rows: Rows = [
        (issue, actor, b.low, b.high, b.ideal, b.floor, b.ceiling, b.required)
        for issue, found in result.bands.items()
        for actor, b in found.items()
    ]
    return Table("bands", columns, tuple(rows))


def linking(result: WinsetResult) -> Table:
    """Return what linking issues gives and takes."""
    columns = {
        "deal": "package",
        "actor": "id",
        "gives": "issues on which it is worse off than alone",
        "gets": "issues on which it is better off",
        "gain": "of the package over issue by issue, share of the whole scale",
    }
    rows: Rows = [
        (deal, swap.actor, _listed(swap.gives), _listed(swap.gets), swap.gain)
        for deal, answer in result.deals.items()
        if answer.linking is not None
        for swap in answer.linking.swaps
    ]
    return Table("linking", columns, tuple(rows))


def _listed(issues: Iterable[str]) -> str:
    return ", ".join(issues)


def sides(result: WinsetResult) -> Table:
    """Return every side's domestic win-set."""
    columns = {
        "deal": "package",
        "side": "body or actor",
        "size": "share of all packages that it would consent to",
        "error": "standard error of the size",
        "issue": "id",
        "low": "least value that it would consent to",
        "high": "greatest value",
    }
    rows: Rows = []
    for deal, answer in result.deals.items():
        for side in (*answer.sides, *([answer.together] if answer.together else [])):
            facts = (deal, side.name, side.size, side.error)
            if not side.extents:
                rows.append((*facts, None, None, None))
            rows += [(*facts, issue, low, high) for issue, (low, high) in side.extents.items()]
    return Table("sides", columns, tuple(rows))


def tied_hands(result: WinsetResult) -> Table:
    """Return what happens to a deal as one side's hands are tied."""
    columns = {
        "deal": "package",
        "side": "whose hands are tied",
        "strength": "how much more than no deal its members demand, share of the whole scale",
        "probability": "of a deal",
        "mc_error": "its standard error",
        "gains": "mean gain of each side given a deal",
    }
    rows: Rows = []
    for deal, answer in result.deals.items():
        for side in answer.sides:
            for point in side.curve:
                gains = ", ".join(f"{name} {gain:.3f}" for name, gain in point.gains.items())
                rows.append((deal, side.name, point.strength, point.probability, point.mc_error, gains))
    return Table("tied_hands", columns, tuple(rows))


def frontier(result: WinsetResult) -> Table:
    """Return the Pareto frontier where two parties bargain."""
    columns = {
        "deal": "package",
        "point": "number along the frontier",
        "actor": "id",
        "gain": "over no deal, share of the whole scale",
    }
    rows: Rows = [
        (deal, number, actor, gain)
        for deal, answer in result.deals.items()
        for number, package in enumerate(answer.frontier, 1)
        for actor, gain in package.gains.items()
    ]
    return Table("frontier", columns, tuple(rows))


def plane(result: WinsetResult) -> Table:
    """Return the points of the map of two issues."""
    columns = {
        "point": "no_deal, name of a solution, actor, or frontier",
        "issue_across": "id",
        "across": "value on its scale",
        "issue_upwards": "id",
        "upwards": "value on its scale",
    }
    found = result.plane
    if found is None:
        return Table("plane", columns, ())
    x, y = found.issues
    points = {"no_deal": found.no_deal, **found.solutions, **found.ideals}
    rows: Rows = [(name, x, at[0], y, at[1]) for name, at in points.items()]
    rows += [("frontier", x, at[0], y, at[1]) for at in found.frontier]
    return Table("plane", columns, tuple(rows))
