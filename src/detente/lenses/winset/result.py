"""Is there a deal, which, who blocks it, and what it takes: a frozen record that computes and plots nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from pydantic import Field

from detente.lenses.lens import LensResult
from detente.lenses.summary import Distribution
from detente.lenses.winset.agreement_tables import DEAL, agreement_tables, proof_table, reliance_tables
from detente.lenses.winset.agreements import Agreement, Linking, Rests, Swap
from detente.lenses.winset.answers import (
    Band,
    Blockers,
    Chance,
    Concession,
    Conflict,
    CurvePoint,
    DealAnswer,
    Demand,
    Extent,
    Lever,
    Obstacle,
    Opening,
    Side,
    SidePayment,
    Sufficing,
    Terms,
)
from detente.lenses.winset.plane import Plane
from detente.quantity.shares import wilson
from detente.show.table import Table, table_of

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
    deal_probability: dict[str, dict[str, Chance]]
    solutions: dict[str, dict[str, Terms]]
    blockers: dict[str, Blockers]
    levers: dict[str, tuple[Lever, ...]]
    agreements: dict[str, Agreement]
    rests: dict[str, Rests]
    deals: dict[str, DealAnswer]
    bands: dict[str, dict[str, Band]]
    plane: Plane | None
    leading: str
    skipped: dict[str, str]
    obstacles: dict[str, dict[str, Obstacle]] = Field(default_factory=dict)

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

    def chance(self, deal: str, scenario: str | None = None) -> Chance:
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
        made = (
            *self._chances(),
            *self._obstacles(),
            *self._openings(),
            *agreement_tables(self.agreements),
            *reliance_tables(self.rests),
            proof_table(self.deals),
            *self._agreeable(),
            *self._sides(),
            *self._packages(),
            self._points(),
        )
        return {table.name: table for table in made}

    def _chances(self) -> Iterator[Table]:
        """Yield how likely every deal is, what it is, and where the named solutions put every issue."""
        chances = [
            ((scenario, deal), chance)
            for scenario, deals in self.deal_probability.items()
            for deal, chance in deals.items()
        ]
        yield table_of(chances, Chance, "deal_probability", {"scenario": "id, or as_it_stands", "deal": DEAL})
        terms = [
            ((deal, name, issue), spread)
            for deal, solutions in self.solutions.items()
            for name, issues in solutions.items()
            for issue, spread in issues.items()
        ]
        keys = {"deal": DEAL, "solution": "name", "issue": "id"}
        yield table_of(terms, Distribution, "solutions", keys, leave=("no_agreement",))
        keys = {
            "deal": DEAL,
            "issues": "ids",
            "required": "actors without whom there is no deal",
            "parties": "whose gains the named solutions share: those required; else the best winning coalition",
            "status": "all inputs at their means: deal, touching, none, or unknown",
            "margin": "least gain in the best package of those who are needed; empty if red lines alone conflict",
        }
        deals = [
            (
                (
                    deal,
                    *(", ".join(listed) for listed in (a.issues, a.required, a.parties)),
                    a.centre.status,
                    a.centre.margin,
                ),
                a,
            )
            for deal, a in self.deals.items()
        ]
        yield table_of(deals, DealAnswer, "deals", keys)

    def _obstacles(self) -> Iterator[Table]:
        """Yield the demands that cannot all be met, whose they are, and what would change that."""
        keys = {
            "deal": DEAL,
            "demands": "actor, issue and kind of each, joined by +",
            "examined": "failed draws that were examined",
        }
        conflicts = [
            ((deal, " + ".join(map(str, conflict.demands)), found.examined), conflict)
            for deal, found in self.blockers.items()
            for conflict in found.conflicts
        ]
        yield table_of(conflicts, Conflict, "conflicts", keys)
        keys = {"deal": DEAL, "conflict": "number of the conflict, the most frequent first"}
        demands = [
            ((deal, number), demand)
            for deal, found in self.blockers.items()
            for number, conflict in enumerate(found.conflicts, 1)
            for demand in conflict.demands
        ]
        yield table_of(demands, Demand, "demands", keys)
        columns = {
            "deal": DEAL,
            "actor": "id",
            "involved": "share of examined draws in which it is part of a conflict",
            "alone": "share of examined draws that its consent alone would open",
            "low95": "95 % interval of the share involved, from the few draws that were examined",
            "high95": "its upper end",
            "examined": "failed draws that were examined",
        }
        actors = [
            (
                deal,
                actor,
                share,
                found.alone.get(actor, 0.0),
                *self._interval(share, found.examined),
                found.examined,
            )
            for deal, found in self.blockers.items()
            for actor, share in found.actors.items()
        ]
        yield Table("blockers", columns, tuple(actors))
        examined = [((deal,), found) for deal, found in self.blockers.items()]
        yield table_of(examined, Blockers, "examined", {"deal": DEAL})
        levers = [((deal,), lever) for deal, found in self.levers.items() for lever in found]
        yield table_of(levers, Lever, "levers", {"deal": DEAL})
        softened = [((deal,), point) for deal, a in self.deals.items() for point in a.softening or ()]
        yield table_of(softened, CurvePoint, "softening", {"deal": DEAL})

    def _interval(self, share: float, draws: int) -> tuple[float, float]:
        """Return the interval of a share of some draws, the share itself where nothing carries doubt."""
        return (share, share) if self.record.exact else wilson(round(share * draws), draws)

    def _openings(self) -> Iterator[Table]:
        """Yield what it would take to open the way to a deal: concessions, a worse lack of a deal, payments."""
        found = {deal: a.opening for deal, a in self.deals.items() if a.opening is not None}
        yield table_of((((deal,), o) for deal, o in found.items()), Opening, "openings", {"deal": DEAL})
        keys = {"deal": DEAL, "total": "of all concessions", "bound": "no set costs less"}
        steps = [((deal, o.total, o.bound), step) for deal, o in found.items() for step in o.steps]
        yield table_of(steps, Concession, "concessions", keys)
        columns = {
            "deal": DEAL,
            "actors": "who concede",
            "share": "of the examined draws in which that is cheapest",
            "low95": "95 % interval of that share",
            "high95": "its upper end",
            "examined": "draws without a deal",
        }
        often = [
            (deal, actors, share, *self._interval(share, o.examined), o.examined)
            for deal, o in found.items()
            for actors, share in o.often.items()
        ]
        yield Table("conceding", columns, tuple(often))
        keys = {"deal": DEAL, "examined": "draws without a deal"}
        alone = [((deal, o.examined), one) for deal, o in found.items() for one in o.suffices]
        yield table_of(alone, Sufficing, "sufficing", keys)
        columns = {
            "deal": DEAL,
            "actor": "id",
            "worse": "how much worse no deal must be for it, share of the whole scale; empty if not enough",
        }
        worse = [
            (deal, actor, change)
            for deal, a in self.deals.items()
            for actor, change in (a.leverage or {}).items()
        ]
        yield Table("leverage", columns, tuple(worse))
        keys = {
            "deal": DEAL,
            "actor": "who pays or is paid",
            "receives": "in the unit; negative for who pays",
        }
        paid = [
            ((deal, *one), a.payment)
            for deal, a in self.deals.items()
            if a.payment is not None
            for one in a.payment.transfers.items() or ((None, None),)
        ]
        yield table_of(paid, SidePayment, "payments", keys)

    def _agreeable(self) -> Iterator[Table]:
        """Yield how much of every issue can be agreed, what each accepts, and what linking issues does."""
        extents = [((deal, i), extent) for deal, a in self.deals.items() for i, extent in a.extents.items()]
        yield table_of(extents, Extent, "extents", {"deal": DEAL, "issue": "id"})
        bands = [
            ((issue, actor), band) for issue, found in self.bands.items() for actor, band in found.items()
        ]
        yield table_of(bands, Band, "bands", {"issue": "id", "actor": "id"})
        linked = {deal: a.linking for deal, a in self.deals.items() if a.linking is not None}
        keys = {"deal": DEAL, "alone": "issues on which there is a deal alone"}
        rows = [
            ((deal, ", ".join(issue for issue, there in found.alone.items() if there)), found)
            for deal, found in linked.items()
        ]
        yield table_of(rows, Linking, "linked", keys)
        keys = {
            "deal": DEAL,
            "gives": "issues on which it is worse off than alone, and by how much, share of the whole scale",
            "gets": "issues on which it is better off, and by how much",
        }
        swaps = [
            ((deal, _joined(swap.gives, "{:.4g}"), _joined(swap.gets, "{:.4g}")), swap)
            for deal, found in linked.items()
            for swap in found.swaps
        ]
        yield table_of(swaps, Swap, "linking", keys)

    def _sides(self) -> Iterator[Table]:
        """Yield every side's domestic win-set, and what happens as its hands are tied."""
        sides = [
            (deal, side)
            for deal, a in self.deals.items()
            for side in (*(a.sides or ()), *([a.together] if a.together else []))
        ]
        keys = {
            "deal": DEAL,
            "side": "body or actor, or all together",
            "issue": "id",
            "low": "least value that it would consent to",
            "high": "greatest value",
        }
        reach = [
            ((deal, side.name, issue, low, high), side)
            for deal, side in sides
            for issue, (low, high) in side.extents.items() or ((None, (None, None)),)
        ]
        yield table_of(reach, Side, "sides", keys, leave=("name",))
        keys = {
            "deal": DEAL,
            "side": "whose hands are tied",
            "gains": "mean gain of each side given a deal",
            "terms": "mean of the leading package, given a deal, on the scales of its issues",
        }
        tied = [
            ((deal, side.name, _joined(point.gains, "{:.3f}"), _joined(point.terms, "{:.4g}")), point)
            for deal, side in sides
            for point in side.curve
        ]
        yield table_of(tied, CurvePoint, "tied_hands", keys)

    def _packages(self) -> Iterator[Table]:
        """Yield what packages at mean inputs say, and what they give to whom."""
        gain = "over no deal, share of the whole scale; empty outside its red lines"
        columns = {
            "deal": DEAL,
            "package": "best, for the one that makes the least gain greatest, or name of a solution",
            "actor": "id",
            "gain": gain,
            "accepts": "whether it would say yes",
        }
        gains = [
            (deal, name, actor, own, actor in package.agreed)
            for deal, a in self.deals.items()
            for name, package in {"best": a.centre.best, **a.centre.solutions}.items()
            if package is not None
            for actor, own in package.gains.items()
        ]
        yield Table("gains", columns, tuple(gains))
        columns = {
            "deal": DEAL,
            "package": "best, name of a solution, what concessions make possible, or number along the frontier",
            "issue": "id",
            "value": "on the issue's scale",
        }
        terms = [
            (deal, name, issue, value)
            for deal, a in self.deals.items()
            for name, package in _terms_of(a).items()
            for issue, value in package.items()
        ]
        yield Table("packages", columns, tuple(terms))
        columns = {"deal": DEAL, "point": "number along the frontier", "actor": "id", "gain": gain}
        frontier = [
            (deal, number, actor, own)
            for deal, a in self.deals.items()
            for number, package in enumerate(a.frontier or (), 1)
            for actor, own in package.gains.items()
        ]
        yield Table("frontier", columns, tuple(frontier))

    def _points(self) -> Table:
        """Return the points of the map of two issues."""
        columns = {
            "point": "no_deal, name of a solution, actor, or frontier",
            "issue_across": "id",
            "across": "value on its scale",
            "issue_upwards": "id",
            "upwards": "value on its scale",
        }
        found = self.plane
        if found is None:
            return Table("plane", columns, ())
        x, y = found.issues
        points = [("no_deal", found.no_deal), *found.solutions.items(), *found.ideals.items()]
        points += [("frontier", at) for at in found.frontier]
        return Table("plane", columns, tuple((name, x, at[0], y, at[1]) for name, at in points))


def _terms_of(of: DealAnswer) -> dict[str, dict[str, float]]:
    """Return package → terms, of all packages at mean inputs."""
    found = {name: package.terms for name, package in of.centre.solutions.items()}
    if of.centre.best is not None:
        found = {"best": of.centre.best.terms, **found}
    if of.opening is not None and of.opening.package:
        found["concessions"] = of.opening.package
    return found | {
        f"frontier {number}": package.terms for number, package in enumerate(of.frontier or (), 1)
    }


def _joined(numbers: Mapping[str, float], form: str) -> str:
    return ", ".join(f"{name} {form.format(number)}" for name, number in numbers.items())
