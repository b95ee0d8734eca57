"""Of what is the answer of the win-set lens made? Small frozen records, on the issues' own scales."""

from __future__ import annotations

from detente.lenses.summary import Distribution
from detente.lenses.winset.agreements import Linking, Proof
from detente.quantity.shares import wilson
from detente.show.record import Record


def interval(share: float, draws: int, *, exact: bool) -> tuple[float, float]:
    """Return the 95 % interval of a share of some draws, the share itself where nothing carries doubt."""
    return (share, share) if exact else wilson(round(share * draws), draws)


class Chance(Record):
    """How likely a deal is.

    Attributes:
        probability: share of draws with a deal among those decided, 0..1.
        low95: Wilson interval of that share, from the finite number of draws; the share itself where it is exact.
        high95: its upper end.
        touching: share of draws in which the best package leaves somebody exactly as well off as no deal.
        unknown: share of draws that no solver could decide; never counted as no deal.
        least: share if every undecided draw had no deal.
        most: share if every undecided draw had one.
        draws: how many draws were made.
    """

    probability: float
    low95: float
    high95: float
    touching: float
    unknown: float
    least: float
    most: float
    draws: int


class Insisted(Record):
    """What one actor insists on.

    Attributes:
        actor: id.
        kind: ``floor`` or ``ceiling`` of a red line, or ``no_deal``: no worse than without a deal.
        issue: of the red line; ``None`` for ``no_deal``.
    """

    actor: str
    kind: str
    issue: str | None

    @property
    def path(self) -> str | None:
        """Path of the red line in the case; ``None`` for ``no_deal``."""
        if self.issue is None:
            return None
        return f"stances.{self.issue}.{self.actor}.accepts.{'lower' if self.kind == 'floor' else 'upper'}"

    def __str__(self) -> str:
        """Return what it is by ids: ``kyiv territory ceiling``, ``congress no_deal``."""
        return " ".join(part for part in (self.actor, self.issue, self.kind) if part is not None)


class Demand(Insisted):
    """A demand that conflicts with others.

    Attributes:
        value: of the red line, all inputs at their means, on the issue's scale.
    """

    value: float | None


class Conflict(Record):
    """Demands that cannot all be met, though any of them less can.

    Attributes:
        demands: the demands.
        share: of the failed draws that were examined, those in which this conflict stands.
        low95: Wilson interval of that share, from the few draws that were examined; the share itself where it is
            exact.
        high95: its upper end.
    """

    demands: tuple[Demand, ...]
    share: float
    low95: float
    high95: float


class Blockers(Record):
    """Who stands in the way.

    Attributes:
        examined: failed draws whose conflicts were looked for.
        found: how many different conflicts were found; there may be more where ``unfinished`` is above 0.
        conflicts: the most frequent first, a dozen at most.
        actors: id → share of the examined draws in which it is part of a conflict, the most frequent first.
        alone: id → share of the examined draws in which the zone opens if this actor always says yes.
        unfinished: share of the examined draws in which not every conflict was listed.
        unknown: share of the examined draws in which a solver failed; they count nowhere else.
    """

    examined: int
    found: int
    conflicts: tuple[Conflict, ...]
    actors: dict[str, float]
    alone: dict[str, float]
    unfinished: float
    unknown: float


class Lever(Record):
    """What one change would do to the probability of a deal, on the same draws.

    Attributes:
        kind: ``lift`` or ``soften`` a red line, ``waive`` a consent.
        actor: whose.
        issue: of the red line; ``None`` for a consent.
        side: ``floor`` or ``ceiling``; ``None`` for a consent.
        by: softened by this much of the scale, in the issue's units.
        probability: of a deal then.
        change: from before.
        mc_error: standard error of the change from the finite number of draws.
        draws: how many draws were used.
        margin: what it does to the margin, all inputs at their means; only where no draw has a deal as it stands,
            so that the probability may tell nothing of it.
    """

    kind: str
    actor: str
    issue: str | None = None
    side: str | None = None
    by: float | None = None
    probability: float
    change: float
    mc_error: float
    draws: int
    margin: float | None = None

    @property
    def line(self) -> Insisted | None:
        """The red line; ``None`` for a consent."""
        return (
            None
            if self.issue is None
            else Insisted(actor=self.actor, kind=self.side or "floor", issue=self.issue)
        )


class Obstacle(Record):
    """What stands in the way of one deal.

    Attributes:
        conflict: the most frequent conflict of demands; ``None`` where most draws have a deal, or all examined.
        levers: the changes that would help most, those that chance alone sets apart; empty where none does, and
            where most draws have a deal.
        terms: issue → where the leading package puts it, mean over the examined draws with a deal; empty without.
        gains: actor → gain over no deal, as a share of the deal's whole scale, over the same draws.
    """

    conflict: Conflict | None
    levers: tuple[Lever, ...]
    terms: dict[str, float]
    gains: dict[str, float]


class CurvePoint(Record):
    """Probability of a deal at one strength of a change.

    Attributes:
        strength: of the change.
        probability: of a deal.
        mc_error: its standard error.
        terms: issue → mean of the leading package, given a deal; empty where none was sought.
        gains: side → mean gain of its members given a deal, as a share of the whole scale.
        draws: how many draws were used.
    """

    strength: float
    probability: float
    mc_error: float
    terms: dict[str, float]
    gains: dict[str, float]
    draws: int


class Concession(Insisted):
    """One step of the cheapest way to a deal.

    Attributes:
        by: in the issue's units; for ``no_deal`` the loss it accepts beyond no deal, a share of the whole scale.
        cost: weighted by salience or by the stated cost.
    """

    by: float
    cost: float


class Sufficing(Insisted):
    """One demand that by itself is enough to give way on.

    Attributes:
        share: of the examined draws in which giving way on it alone opens the zone.
        low95: Wilson interval of that share; the share itself where it is exact.
        high95: its upper end.
        by: how far it then has to go on average; in the issue's units, for ``no_deal`` a share of the whole scale.
    """

    share: float
    low95: float
    high95: float
    by: float


class Opening(Record):
    """The cheapest set of concessions that opens the zone.

    Attributes:
        status: ``open`` when there is a deal already, ``found``, ``impossible`` or ``unknown``.
        total: cost of all concessions, all inputs at their means.
        bound: no set costs less than this.
        proof: of the bound; ``None`` where none is needed, and where the rule or discrete issues leave choices, so
            that it took a search.
        steps: the concessions.
        package: issue → value that they make possible.
        examined: failed draws in which it was asked which demands suffice.
        suffices: demands that are enough by themselves, the most often first.
    """

    status: str
    total: float | None
    bound: float | None
    proof: Proof | None
    steps: tuple[Concession, ...]
    package: dict[str, float]
    examined: int
    suffices: tuple[Sufficing, ...]


class SidePayment(Record):
    """The cheapest side payment that opens the zone, all inputs at their means.

    Attributes:
        status: ``open`` when none is needed, ``found``, ``impossible`` or ``unknown``.
        unit: of the payment.
        total: paid in all; ``None`` unless found.
        bound: no payment of less opens the zone: the certificate; ``None`` unless found.
        transfers: actor → what it receives; negative for who pays.
    """

    status: str
    unit: str | None
    total: float | None
    bound: float | None
    transfers: dict[str, float]


class Package(Record):
    """A package and what it means to those who must consent.

    Attributes:
        terms: issue → value, on its scale.
        gains: actor → gain over no deal, as a share of the whole scale; ``None`` outside its red lines.
        agreed: actors that accept it; those who gain nothing only under weak acceptance.
        one_of_many: whether other packages, next to it along some issue, are as good by the same solution.
    """

    terms: dict[str, float]
    gains: dict[str, float | None]
    agreed: tuple[str, ...]
    one_of_many: bool = False


class Centre(Record):
    """The deal with every input at its mean.

    Attributes:
        status: ``deal``, ``touching``, ``none`` or ``unknown``.
        margin: the least gain in the best package of those who are needed; ``None`` when red lines alone conflict.
        best: the package that makes the least gain greatest.
        solutions: name → package within the zone; empty without a deal.
        proof: that there is none; ``None`` where there is a deal, and where it took a search.
    """

    status: str
    margin: float | None
    best: Package | None
    solutions: dict[str, Package]
    proof: Proof | None


class Extent(Record):
    """How much of an issue's range can be agreed.

    Attributes:
        low: least value in the zone, all inputs at their means; ``None`` without a deal.
        high: greatest value.
        share: of the issue's range between the two, mean over draws; a draw without a deal counts 0.
    """

    low: float | None
    high: float | None
    share: float


class Band(Record):
    """What one actor accepts on one issue taken alone, all inputs at their means.

    Attributes:
        low: least acceptable; ``None`` when it accepts nothing.
        high: greatest acceptable.
        ideal: what it wants.
        floor: its red line from below, or ``None``.
        ceiling: its red line from above, or ``None``.
        required: whether no deal on the issue can do without it.
    """

    low: float | None
    high: float | None
    ideal: float | None
    floor: float | None
    ceiling: float | None
    required: bool


class Side(Record):
    """One side's domestic win-set.

    Attributes:
        name: of the body or the actor, or ``all together``.
        actors: its members.
        size: share of all packages that it would consent to, all inputs at their means.
        error: standard error of the size.
        extents: issue → least and greatest value that it would consent to; empty when there is none.
        curve: what happens as its hands are tied: strength is how much more than no deal its members demand.
    """

    name: str
    actors: tuple[str, ...]
    size: float
    error: float
    extents: dict[str, tuple[float, float]]
    curve: tuple[CurvePoint, ...]


class DealAnswer(Record):
    """Everything about one deal except its probability, blockers, levers and solutions.

    Attributes:
        name: in words.
        issues: ids.
        single: whether it is one issue alone.
        rule: whose consent is needed, in words.
        required: actors without whom there is no deal.
        parties: actors whose gains the named solutions share: those who are required and have a stance or, where
            nobody is required, the winning coalition whose least gain is greatest, all inputs at their means.
        centre: all inputs at their means.
        extents: issue → how much of it can be agreed.
        opening: the cheapest concessions; ``None`` for issues alone.
        payment: the cheapest side payment; ``None`` where the case allows none.
        leverage: actor → how much worse no deal would have to be for it, as a share of the whole scale, for a deal
            to exist; ``None`` where that alone does not open the zone. Not asked, and ``None``, where there is a
            deal at mean inputs, and for issues alone.
        softening: probability of a deal against the strongest red line softened; empty where lifting none helps;
            ``None`` where not asked, for issues alone.
        softened: the lever of that curve.
        linking: package against issue by issue; ``None`` for issues alone.
        sides: domestic win-sets, empty where the rule has no parts that all must agree; ``None`` for all but the
            leading deal.
        together: the intersection of all sides, which is the zone; of the leading deal only.
        frontier: packages on the Pareto frontier of the parties, from one end to the other: all that were found,
            or a dozen spread over them; ``None`` where not sought: for issues alone, without a deal at means, and
            with fewer than two parties.
        frontier_found: how many were found: of two parties all corners, 64 at most; of more parties some.
    """

    name: str
    issues: tuple[str, ...]
    single: bool
    rule: str
    required: tuple[str, ...]
    parties: tuple[str, ...]
    centre: Centre
    extents: dict[str, Extent]
    opening: Opening | None = None
    payment: SidePayment | None = None
    leverage: dict[str, float | None] | None = None
    softening: tuple[CurvePoint, ...] | None = None
    softened: Lever | None = None
    linking: Linking | None = None
    sides: tuple[Side, ...] | None = None
    together: Side | None = None
    frontier: tuple[Package, ...] | None = None
    frontier_found: int | None = None


Terms = dict[str, Distribution]
"""Issue → distribution of its value over the draws with a deal."""
