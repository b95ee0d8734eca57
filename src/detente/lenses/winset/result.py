"""Is there a deal, which, who blocks it, and what it takes: a frozen record that computes and plots nothing."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any

from pydantic import Field

from detente.lenses.lens import LensResult
from detente.lenses.summary import Distribution
from detente.lenses.winset import agreements as signed
from detente.lenses.winset import answers as told
from detente.lenses.winset.answers import interval
from detente.show.record import Record
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
        return self._made

    @cached_property
    def _made(self) -> Mapping[str, Table]:
        return {table.name: table for table in _tables(self)}


# --- its tables --------------------------------------------------------------------------------

MEANS = {
    "deal": "issue or package, by its id",
    "issue": "id",
    "actor": "id",
    "scenario": "id, or as_it_stands",
    "examined": "draws without a deal that were examined",
    "low95": "95 % interval of that share, from the few draws that were examined",
    "high95": "its upper end",
    "gain": "over no deal, share of the whole scale; empty outside its red lines",
    "solutions.solution": "name",
    "deals.issues": "ids",
    "deals.required": "actors without whom there is no deal",
    "deals.parties": "whose gains the named solutions share: those required; else the best winning coalition",
    "deals.status": "all inputs at their means: deal, touching, none, or unknown",
    "deals.margin": "least gain in the best package of those who are needed; empty if red lines alone conflict",
    "conflicts.demands": "actor, issue and kind of each, joined by +",
    "demands.conflict": "number of the conflict, the most frequent first",
    "blockers.involved": "share of examined draws in which it is part of a conflict",
    "blockers.alone": "share of examined draws that its consent alone would open",
    "concessions.total": "of all concessions",
    "concessions.bound": "no set costs less",
    "leverage.worse": "how much worse no deal must be for it, share of the whole scale; empty if not enough",
    "payments.actor": "who pays or is paid",
    "payments.receives": "in the unit; negative for who pays",
    "nearer.actor": "id, with a say and a stance there",
    "nearer.nearer": "to what it wants than today, share of the scale; negative where it is farther",
    "signing.signs": "share of the draws with a deal in which it accepts the leading package",
    "signing.gain": "over no deal, share of the deal's whole scale, mean over the draws with a deal",
    "signing.by_terms": "the part of it that the terms give; the rest is what failing would have cost",
    "stopping.stops": "share of all draws in which there is no deal and its demands are part of why",
    "proofs.proves": "no_deal, or the bound of the cheapest concessions",
    "proofs.part": "actor, actor with its red line, issue, or total",
    "proofs.weight": "of the actor or the red line",
    "proofs.value": "what no deal costs the actor; the red line; least of the weighted sum; the total",
    "proofs.low": "least value of the issue that is looked at",
    "proofs.high": "greatest value",
    "linked.alone": "issues on which there is a deal alone",
    "linking.gives": "issues on which it is worse off than alone, and by how much, share of the whole scale",
    "linking.gets": "issues on which it is better off, and by how much",
    "sides.side": "body or actor, or all together",
    "sides.low": "least value that it would consent to",
    "sides.high": "greatest value",
    "tied_hands.side": "whose hands are tied",
    "tied_hands.gains": "mean gain of each side given a deal",
    "tied_hands.terms": "mean of the leading package, given a deal, on the scales of its issues",
    "gains.package": "best, for the one that makes the least gain greatest, or name of a solution",
    "gains.accepts": "whether it would say yes",
    "packages.package": "best, name of a solution, what concessions make possible, or number along the frontier",
    "packages.value": "on the issue's scale",
    "frontier.point": "number along the frontier",
    "plane.point": "no_deal, name of a solution, actor, or frontier",
    "plane.issue_across": "id",
    "plane.across": "value on its scale",
    "plane.issue_upwards": "id",
    "plane.upwards": "value on its scale",
}
"""What a column before a record's own holds, in several tables or in one."""

Cells = tuple[Cell, ...]
Here = Callable[[str], Iterator[tuple[Cells, Any]]]
"""What stands at a path of the result, see `_found`."""


def _table(
    name: str, columns: str, rows: Iterable[Any], of: type[Record] | None = None, leave: Container[str] = ()
) -> Table:
    """Return rows of cells, or of cells and a record of a kind, whose fields are the columns that follow."""
    heads = {one: MEANS.get(f"{name}.{one}") or MEANS[one] for one in columns.split()}
    return Table(name, heads, tuple(rows)) if of is None else table_of(rows, of, name, heads, leave)


def _tables(result: WinsetResult) -> Iterator[Table]:
    """Yield how likely deals are first, then terms, who stands in the way, what it takes, and the sides."""
    for group in (_likely, _in_the_way, _agreed, _agreeable, _packages):
        yield from group(result, partial(_found, result))


def _likely(result: WinsetResult, here: Here) -> Iterator[Table]:
    """Yield how likely every deal is, where named solutions put every issue, and what holds at mean inputs."""
    yield _table("deal_probability", "scenario deal", here("deal_probability.*.*"), told.Chance)
    terms = here("solutions.*.*.*")
    yield _table("solutions", "deal solution issue", terms, Distribution, leave=("no_agreement",))
    joined = ", ".join
    about = (
        ((d, joined(a.issues), joined(a.required), joined(a.parties), a.centre.status, a.centre.margin), a)
        for d, a in result.deals.items()
    )
    yield _table("deals", "deal issues required parties status margin", about, told.DealAnswer)


def _in_the_way(result: WinsetResult, here: Here) -> Iterator[Table]:
    """Yield the demands that cannot all be met, whose they are, and what would open the way."""
    deals, blocked = result.deals.items(), result.blockers.items()
    rows: Iterable[Any] = (
        ((d, " + ".join(map(str, one.demands)), b.examined), one) for d, b in blocked for one in b.conflicts
    )
    yield _table("conflicts", "deal demands examined", rows, told.Conflict)
    yield _table("demands", "deal conflict", here("blockers.*.conflicts.#.demands.+"), told.Demand)
    rows = (
        (
            d,
            actor,
            p,
            b.alone.get(actor, 0.0),
            *interval(p, b.examined, exact=result.record.exact),
            b.examined,
        )
        for d, b in blocked
        for actor, p in b.actors.items()
    )
    yield _table("blockers", "deal actor involved alone low95 high95 examined", rows)
    yield _table("examined", "deal", here("blockers.*"), told.Blockers)
    yield _table("levers", "deal", here("levers.*.+"), told.Lever)
    yield _table("softening", "deal", here("deals.*.softening.+"), told.CurvePoint)
    yield _table("openings", "deal", here("deals.*.opening"), told.Opening)
    found = [(deal, of.opening) for deal, of in deals if of.opening is not None]
    rows = (((deal, o.total, o.bound), step) for deal, o in found for step in o.steps)
    yield _table("concessions", "deal total bound", rows, told.Concession)
    rows = (((deal, o.examined), one) for deal, o in found for one in o.suffices)
    yield _table("sufficing", "deal examined", rows, told.Sufficing)
    yield _table("leverage", "deal actor worse", _plain(here("deals.*.leverage.*")))
    rows = (
        ((deal, *one), of.payment)
        for deal, of in deals
        if of.payment is not None
        for one in of.payment.transfers.items() or ((None, None),)
    )
    yield _table("payments", "deal actor receives", rows, told.SidePayment)


def _agreed(result: WinsetResult, here: Here) -> Iterator[Table]:
    """Yield what every deal changes, what each gains, who signs, the votes of bodies, and what it rests on."""
    yield _table("agreements", "deal", here("agreements.*"), signed.Agreement)
    yield _table("margins", "deal", here("agreements.*.margin"), signed.Margin)
    yield _table("moved", "deal issue", here("agreements.*.terms.*"), signed.Moved)
    yield _table("nearer", "deal issue actor nearer", _plain(here("agreements.*.terms.*.nearer.*")))
    rows = (
        (deal, actor, share, a.gains[actor], a.by_terms[actor])
        for deal, a in result.agreements.items()
        for actor, share in a.signs.items()
    )
    yield _table("signing", "deal actor signs gain by_terms", rows)
    yield _table("stopping", "deal actor stops", _plain(here("agreements.*.stops.*")))
    yield _table("ballots", "deal", here("agreements.*.ballots.+"), signed.Ballot)
    yield _table("reliance", "deal", here("rests.*.failure_costs.+"), signed.Reliance)
    yield _table("overlaps", "deal", here("rests.*.overlaps.+"), signed.Overlap)
    yield _table("proofs", "deal proves part weight value low high", _proofs(result))


def _agreeable(result: WinsetResult, here: Here) -> Iterator[Table]:
    """Yield how much of every issue can be agreed, what each accepts, what linking does, and the sides."""
    deals, joined = result.deals.items(), ", ".join
    yield _table("extents", "deal issue", here("deals.*.extents.*"), told.Extent)
    yield _table("bands", "issue actor", here("bands.*.*"), told.Band)
    rows = (
        ((*key, joined(issue for issue, there in one.alone.items() if there)), one)
        for key, one in here("deals.*.linking")
    )
    yield _table("linked", "deal alone", rows, signed.Linking)
    rows = (
        ((*key, _joined(swap.gives, "{:.4g}"), _joined(swap.gets, "{:.4g}")), swap)
        for key, swap in here("deals.*.linking.swaps.+")
    )
    yield _table("linking", "deal gives gets", rows, signed.Swap)
    sides = [(d, side) for d, of in deals for side in (*(of.sides or ()), of.together) if side is not None]
    rows = (
        ((deal, side.name, issue, low, high), side)
        for deal, side in sides
        for issue, (low, high) in side.extents.items() or ((None, (None, None)),)
    )
    yield _table("sides", "deal side issue low high", rows, told.Side, leave=("name",))
    rows = (
        ((deal, side.name, _joined(point.gains, "{:.3f}"), _joined(point.terms, "{:.4g}")), point)
        for deal, side in sides
        for point in side.curve
    )
    yield _table("tied_hands", "deal side gains terms", rows, told.CurvePoint)


def _packages(result: WinsetResult, here: Here) -> Iterator[Table]:
    """Yield what packages at mean inputs give to whom, and the points of the map."""
    deals = result.deals.items()
    rows = (
        (deal, name, actor, own, actor in package.agreed)
        for deal, of in deals
        for name, package in {"best": of.centre.best, **of.centre.solutions}.items()
        if package is not None
        for actor, own in package.gains.items()
    )
    yield _table("gains", "deal package actor gain accepts", rows)
    terms = (
        (deal, name, *one) for deal, of in deals for name, at in _terms(of).items() for one in at.items()
    )
    yield _table("packages", "deal package issue value", terms)
    yield _table("frontier", "deal point actor gain", _plain(here("deals.*.frontier.#.gains.*")))
    yield _table("plane", "point issue_across across issue_upwards upwards", _points(result.plane))


def _found(result: WinsetResult, path: str) -> Iterator[tuple[Cells, Any]]:
    """Yield what stands at a path, with the keys on the way.

    A step is a field, ``*`` every key, ``+`` all of several, ``#`` each with its number; nothing where a field is
    empty.
    """
    here: list[tuple[Cells, Any]] = [((), result)]
    for step in path.split("."):
        if step == "*":
            here = [((*keys, key), one) for keys, at in here for key, one in at.items()]
        elif step == "#":
            here = [((*keys, number), one) for keys, at in here for number, one in enumerate(at, 1)]
        elif step == "+":
            here = [(keys, one) for keys, at in here for one in at]
        else:
            here = [(keys, one) for keys, at in here if (one := getattr(at, step)) is not None]
    yield from here


def _plain(found: Iterable[tuple[Cells, Cell]]) -> Iterator[Cells]:
    """Yield keys and the number that stands there as cells."""
    yield from ((*keys, number) for keys, number in found)


def _proofs(result: WinsetResult) -> Iterator[Cells]:
    """Yield the numbers of every proof, in the order in which they are added up."""
    for deal, of in result.deals.items():
        found = {"no_deal": of.centre.proof, "concessions": None if of.opening is None else of.opening.proof}
        for proves, proof in found.items():
            if proof is None:
                continue
            parts: list[Cells] = [
                *((actor, w, proof.without[actor], None, None) for actor, w in proof.weights.items()),
                *((f"{o.actor} {o.issue} {o.kind}", o.weight, o.value, None, None) for o in proof.lines),
                *((issue, None, proof.least.get(issue), *ends) for issue, ends in proof.within.items()),
            ]
            if proof.total is not None:
                parts.append(("total", None, proof.total, None, None))
            yield from ((deal, proves, *part) for part in parts)


def _points(plane: signed.Plane | None) -> Iterator[Cells]:
    """Yield the points of the map."""
    if plane is not None:
        across, upwards = plane.issues
        points = [("no_deal", plane.no_deal), *plane.solutions.items(), *plane.ideals.items()]
        for name, (x, y) in (*points, *(("frontier", at) for at in plane.frontier)):
            yield name, across, x, upwards, y


def _terms(of: told.DealAnswer) -> dict[str, dict[str, float]]:
    """Return package → terms, of all packages at mean inputs."""
    found = {} if of.centre.best is None else {"best": of.centre.best.terms}
    found |= {name: package.terms for name, package in of.centre.solutions.items()}
    if of.opening is not None and of.opening.package:
        found["concessions"] = of.opening.package
    return found | {f"frontier {number}": one.terms for number, one in enumerate(of.frontier or (), 1)}


def _joined(numbers: Mapping[str, float], form: str) -> str:
    return ", ".join(f"{name} {form.format(number)}" for name, number in numbers.items())
