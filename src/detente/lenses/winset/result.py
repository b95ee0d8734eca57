"""Is there a deal, which, who blocks it, and what it takes: a frozen record that computes and plots nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from pydantic import Field

from detente.lenses.lens import LensResult
from detente.lenses.summary import Distribution
from detente.lenses.winset import agreements as signed
from detente.lenses.winset import answers as told
from detente.show.table import Cell, Table, table_of

AS_IT_STANDS = "as_it_stands"


class WinsetResult(LensResult):
    """Answer of the win-set lens. A deal is an issue alone, by the issue's id, or a package of the case.

    Attributes:
        headline: id of the deal that leads: the first package, or the only issue.
        deal_probability: scenario (``as_it_stands`` for the case itself) → deal → how likely it is.
        solutions: deal → name of the solution → issue → distribution over the draws with a deal.
        blockers: deal → who stands in the way, over the draws without a deal.
        levers: deal → what would change its probability, the strongest first.
        agreements: deal → terms beside what there is without it, gains, who signs and who stops it, and its size.
        rests: deal → on which inputs of the case it rests.
        deals: deal → everything else about it.
        bands: issue → actor → what it accepts there.
        plane: win-sets on the two most contested issues of the leading package, or on those that the case names;
            ``None`` without a package.
        leading: name of the solution that is shown first.
        skipped: deal → why it is not examined.
        obstacles: scenario → deal → what stands in its way there, and what would help most; in an answer for a
            brief, for every scenario with deals.
    """

    headline: str
    deal_probability: dict[str, dict[str, told.Chance]]
    solutions: dict[str, dict[str, told.Terms]]
    blockers: dict[str, told.Blockers]
    levers: dict[str, tuple[told.Lever, ...]]
    agreements: dict[str, signed.Agreement]
    rests: dict[str, signed.Rests]
    deals: dict[str, told.DealAnswer]
    bands: dict[str, dict[str, told.Band]]
    plane: signed.Plane | None
    leading: str
    skipped: dict[str, str]
    obstacles: dict[str, dict[str, told.Obstacle]] = Field(default_factory=dict)

    @property
    def version(self) -> str:
        """Return the label of the version that all but ``deal_probability`` speaks of."""
        return self.record.scenario or AS_IT_STANDS

    def version_name(self, version: str) -> str:
        """Return what a version of the case is called: a scenario by its name."""
        return self.case.scenarios[version].name if version in self.case.scenarios else "as it stands"

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Return id → name of every actor and issue."""
        parts = (self.case.actors, self.case.issues)
        return {key: one.name for part in parts for key, one in part.items()}

    def chance(self, deal: str, scenario: str | None = None) -> told.Chance:
        """Return how likely a deal is, in a scenario or in the version that the result is about."""
        return self.deal_probability[scenario or self.version][deal]

    @property
    def packages(self) -> tuple[str, ...]:
        """Return the deals of more than one issue."""
        return tuple(deal for deal, answer in self.deals.items() if not answer.single)

    def tables(self) -> Mapping[str, Table]:
        """Return the tables: how likely first, then terms, who stands in the way, what it takes, and the sides."""
        return self._tables

    @cached_property
    def _tables(self) -> Mapping[str, Table]:
        return {table.name: table for table in _every(self)}


# --- its tables --------------------------------------------------------------------------------

KEYS = {
    "deal": "issue or package, by its id",
    "issue": "id",
    "actor": "id",
    "scenario": "id, or as_it_stands",
    "examined": "draws without a deal that were examined",
    "low95": "95 % interval of that share, from the few draws that were examined",
    "high95": "its upper end",
    "gain": "over no deal, share of the whole scale; empty outside its red lines",
}
"""What columns hold that stand in several tables."""


def _columns(names: str, **own: str) -> dict[str, str]:
    """Return columns and what they hold, in the order of their names."""
    return {name: own.get(name) or KEYS[name] for name in names.split()}


def _every(result: WinsetResult) -> Iterator[Table]:
    """Yield how likely deals are first, then terms, who stands in the way, what it takes, and the sides."""
    for group in (_deals, _obstacles, _openings, _agreements, _proofs, _agreeable, _sides, _packages):
        yield from group(result)


def _deals(result: WinsetResult) -> Iterator[Table]:
    """Yield how likely every deal is, where the named solutions put every issue, and what holds at mean inputs."""
    chances = (((v, d), c) for v, deals in result.deal_probability.items() for d, c in deals.items())
    yield table_of(chances, told.Chance, "deal_probability", _columns("scenario deal"))
    terms = (
        ((deal, name, issue), spread)
        for deal, solutions in result.solutions.items()
        for name, issues in solutions.items()
        for issue, spread in issues.items()
    )
    columns = _columns("deal solution issue", solution="name")
    yield table_of(terms, Distribution, "solutions", columns, leave=("no_agreement",))
    columns = _columns(
        "deal issues required parties status margin",
        issues="ids",
        required="actors without whom there is no deal",
        parties="whose gains the named solutions share: those required; else the best winning coalition",
        status="all inputs at their means: deal, touching, none, or unknown",
        margin="least gain in the best package of those who are needed; empty if red lines alone conflict",
    )
    joined = ", ".join
    deals = (
        ((d, joined(a.issues), joined(a.required), joined(a.parties), a.centre.status, a.centre.margin), a)
        for d, a in result.deals.items()
    )
    yield table_of(deals, told.DealAnswer, "deals", columns)


def _obstacles(result: WinsetResult) -> Iterator[Table]:
    """Yield the demands that cannot all be met, whose they are, and what would change that."""
    blocked = result.blockers.items()
    columns = _columns("deal demands examined", demands="actor, issue and kind of each, joined by +")
    conflicts = (
        ((d, " + ".join(map(str, one.demands)), b.examined), one) for d, b in blocked for one in b.conflicts
    )
    yield table_of(conflicts, told.Conflict, "conflicts", columns)
    columns = _columns("deal conflict", conflict="number of the conflict, the most frequent first")
    demands = (((d, k), one) for d, b in blocked for k, c in enumerate(b.conflicts, 1) for one in c.demands)
    yield table_of(demands, told.Demand, "demands", columns)
    columns = _columns(
        "deal actor involved alone low95 high95 examined",
        involved="share of examined draws in which it is part of a conflict",
        alone="share of examined draws that its consent alone would open",
    )
    actors = (
        (
            d,
            actor,
            share,
            b.alone.get(actor, 0.0),
            *told.interval(share, b.examined, exact=result.record.exact),
            b.examined,
        )
        for d, b in blocked
        for actor, share in b.actors.items()
    )
    yield Table("blockers", columns, tuple(actors))
    yield _by_deal("examined", told.Blockers, result.blockers)
    yield _by_deal("levers", told.Lever, result.levers)
    curves = {deal: of.softening or () for deal, of in result.deals.items()}
    yield _by_deal("softening", told.CurvePoint, curves)


def _by_deal(name: str, of: type[Any], found: Mapping[str, Any]) -> Table:
    """Return a table of one record for each deal, or of several."""
    listed = {deal: one if isinstance(one, tuple) else (one,) for deal, one in found.items()}
    return table_of(
        (((deal,), one) for deal, own in listed.items() for one in own), of, name, _columns("deal")
    )


def _openings(result: WinsetResult) -> Iterator[Table]:
    """Yield what it would take to open the way to a deal: concessions, a worse lack of a deal, payments."""
    found = {deal: of.opening for deal, of in result.deals.items() if of.opening is not None}
    yield _by_deal("openings", told.Opening, found)
    columns = _columns("deal total bound", total="of all concessions", bound="no set costs less")
    steps = (((deal, o.total, o.bound), step) for deal, o in found.items() for step in o.steps)
    yield table_of(steps, told.Concession, "concessions", columns)
    alone = (((deal, o.examined), one) for deal, o in found.items() for one in o.suffices)
    yield table_of(alone, told.Sufficing, "sufficing", _columns("deal examined"))
    worse = (
        (deal, actor, by) for deal, of in result.deals.items() for actor, by in (of.leverage or {}).items()
    )
    meaning = "how much worse no deal must be for it, share of the whole scale; empty if not enough"
    yield Table("leverage", _columns("deal actor worse", worse=meaning), tuple(worse))
    columns = _columns(
        "deal actor receives", actor="who pays or is paid", receives="in the unit; negative for who pays"
    )
    paid = (
        ((deal, *one), of.payment)
        for deal, of in result.deals.items()
        if of.payment is not None
        for one in of.payment.transfers.items() or ((None, None),)
    )
    yield table_of(paid, told.SidePayment, "payments", columns)


def _agreements(result: WinsetResult) -> Iterator[Table]:
    """Yield what every deal changes, what each gains, who signs, the votes of bodies, and what it rests on."""
    found, rests = result.agreements, result.rests
    yield _by_deal("agreements", signed.Agreement, found)
    yield _by_deal("margins", signed.Margin, {deal: a.margin for deal, a in found.items()})
    moved = [((deal, issue), one) for deal, a in found.items() for issue, one in a.terms.items()]
    yield table_of(moved, signed.Moved, "moved", _columns("deal issue"))
    columns = _columns(
        "deal issue actor nearer",
        actor="id, with a say and a stance there",
        nearer="to what it wants than today, share of the scale; negative where it is farther",
    )
    nearer = ((*where, actor, by) for where, one in moved for actor, by in one.nearer.items())
    yield Table("nearer", columns, tuple(nearer))
    columns = _columns(
        "deal actor signs gain by_terms",
        signs="share of the draws with a deal in which it accepts the leading package",
        gain="over no deal, share of the deal's whole scale, mean over the draws with a deal",
        by_terms="the part of it that the terms give; the rest is what failing would have cost",
    )
    actors = (
        (deal, actor, share, a.gains[actor], a.by_terms[actor])
        for deal, a in found.items()
        for actor, share in a.signs.items()
    )
    yield Table("signing", columns, tuple(actors))
    meaning = "share of all draws in which there is no deal and its demands are part of why"
    stops = ((deal, actor, share) for deal, a in found.items() for actor, share in a.stops.items())
    yield Table("stopping", _columns("deal actor stops", stops=meaning), tuple(stops))
    yield _by_deal("ballots", signed.Ballot, {deal: a.ballots for deal, a in found.items()})
    yield _by_deal("reliance", signed.Reliance, {deal: a.failure_costs for deal, a in rests.items()})
    yield _by_deal("overlaps", signed.Overlap, {deal: a.overlaps for deal, a in rests.items()})


def _proofs(result: WinsetResult) -> Iterator[Table]:
    """Yield the numbers of every proof, in the order in which they are added up."""
    columns = _columns(
        "deal proves part weight value low high",
        proves="no_deal, or the bound of the cheapest concessions",
        part="actor, actor with its red line, issue, or total",
        weight="of the actor or the red line",
        value="what no deal costs the actor; the red line; least of the weighted sum; the total",
        low="least value of the issue that is looked at",
        high="greatest value",
    )
    rows: list[tuple[Cell, ...]] = []
    for deal, of in result.deals.items():
        found = {"no_deal": of.centre.proof, "concessions": None if of.opening is None else of.opening.proof}
        for proves, proof in found.items():
            if proof is None:
                continue
            parts: list[tuple[Cell, ...]] = [
                *((actor, w, proof.without[actor], None, None) for actor, w in proof.weights.items()),
                *((f"{o.actor} {o.issue} {o.kind}", o.weight, o.value, None, None) for o in proof.lines),
                *((issue, None, proof.least.get(issue), *ends) for issue, ends in proof.within.items()),
            ]
            if proof.total is not None:
                parts.append(("total", None, proof.total, None, None))
            rows += [(deal, proves, *part) for part in parts]
    yield Table("proofs", columns, tuple(rows))


def _agreeable(result: WinsetResult) -> Iterator[Table]:
    """Yield how much of every issue can be agreed, what each accepts, and what linking issues does."""
    extents = (((deal, i), one) for deal, of in result.deals.items() for i, one in of.extents.items())
    yield table_of(extents, told.Extent, "extents", _columns("deal issue"))
    bands = (((issue, actor), one) for issue, found in result.bands.items() for actor, one in found.items())
    yield table_of(bands, told.Band, "bands", _columns("issue actor"))
    linked = {deal: of.linking for deal, of in result.deals.items() if of.linking is not None}
    alone = (
        ((deal, ", ".join(issue for issue, there in one.alone.items() if there)), one)
        for deal, one in linked.items()
    )
    columns = _columns("deal alone", alone="issues on which there is a deal alone")
    yield table_of(alone, signed.Linking, "linked", columns)
    columns = _columns(
        "deal gives gets",
        gives="issues on which it is worse off than alone, and by how much, share of the whole scale",
        gets="issues on which it is better off, and by how much",
    )
    swaps = (
        ((deal, _joined(swap.gives, "{:.4g}"), _joined(swap.gets, "{:.4g}")), swap)
        for deal, one in linked.items()
        for swap in one.swaps
    )
    yield table_of(swaps, signed.Swap, "linking", columns)


def _sides(result: WinsetResult) -> Iterator[Table]:
    """Yield every side's domestic win-set, and what happens as its hands are tied."""
    sides = [
        (deal, side)
        for deal, of in result.deals.items()
        for side in (*(of.sides or ()), *([of.together] if of.together else []))
    ]
    columns = _columns(
        "deal side issue low high",
        side="body or actor, or all together",
        low="least value that it would consent to",
        high="greatest value",
    )
    reach = (
        ((deal, side.name, issue, low, high), side)
        for deal, side in sides
        for issue, (low, high) in side.extents.items() or ((None, (None, None)),)
    )
    yield table_of(reach, told.Side, "sides", columns, leave=("name",))
    columns = _columns(
        "deal side gains terms",
        side="whose hands are tied",
        gains="mean gain of each side given a deal",
        terms="mean of the leading package, given a deal, on the scales of its issues",
    )
    tied = (
        ((deal, side.name, _joined(point.gains, "{:.3f}"), _joined(point.terms, "{:.4g}")), point)
        for deal, side in sides
        for point in side.curve
    )
    yield table_of(tied, told.CurvePoint, "tied_hands", columns)


def _packages(result: WinsetResult) -> Iterator[Table]:
    """Yield what packages at mean inputs say, what they give to whom, and the points of the map."""
    deals = result.deals.items()
    columns = _columns(
        "deal package actor gain accepts",
        package="best, for the one that makes the least gain greatest, or name of a solution",
        accepts="whether it would say yes",
    )
    gains = (
        (deal, name, actor, own, actor in package.agreed)
        for deal, of in deals
        for name, package in {"best": of.centre.best, **of.centre.solutions}.items()
        if package is not None
        for actor, own in package.gains.items()
    )
    yield Table("gains", columns, tuple(gains))
    columns = _columns(
        "deal package issue value",
        package="best, name of a solution, what concessions make possible, or number along the frontier",
        value="on the issue's scale",
    )
    terms = (
        (deal, name, *one) for deal, of in deals for name, at in _terms(of).items() for one in at.items()
    )
    yield Table("packages", columns, tuple(terms))
    frontier = (
        (deal, number, actor, own)
        for deal, of in deals
        for number, package in enumerate(of.frontier or (), 1)
        for actor, own in package.gains.items()
    )
    columns = _columns("deal point actor gain", point="number along the frontier")
    yield Table("frontier", columns, tuple(frontier))
    columns = _columns(
        "point issue_across across issue_upwards upwards",
        point="no_deal, name of a solution, actor, or frontier",
        issue_across="id",
        across="value on its scale",
        issue_upwards="id",
        upwards="value on its scale",
    )
    points = []
    if (found := result.plane) is not None:
        points = [("no_deal", found.no_deal), *found.solutions.items(), *found.ideals.items()]
        points += [("frontier", at) for at in found.frontier]
    across, upwards = found.issues if found is not None else ("", "")
    yield Table("plane", columns, tuple((name, across, x, upwards, y) for name, (x, y) in points))


def _terms(of: told.DealAnswer) -> dict[str, dict[str, float]]:
    """Return package → terms, of all packages at mean inputs."""
    found = {} if of.centre.best is None else {"best": of.centre.best.terms}
    found |= {name: package.terms for name, package in of.centre.solutions.items()}
    if of.opening is not None and of.opening.package:
        found["concessions"] = of.opening.package
    return found | {f"frontier {number}": one.terms for number, one in enumerate(of.frontier or (), 1)}


def _joined(numbers: Mapping[str, float], form: str) -> str:
    return ", ".join(f"{name} {form.format(number)}" for name, number in numbers.items())
