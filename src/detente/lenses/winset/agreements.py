"""What does a deal change, who signs it, and where is it on a plane? Small frozen records, on issues' scales."""

from __future__ import annotations

from pydantic import Field

from detente.show.ladder import Size, Vote
from detente.show.record import Record

CLEAR = 0.5  # a deal in more than this share of draws is called agreed; a half is a coin's toss


class Moved(Record):
    """Where a deal puts one issue, beside today and no deal. Means over the draws with a deal.

    Attributes:
        value: on the issue's scale.
        low80: least value of the middle 80 % of those draws.
        high80: greatest value of them.
        without: where the issue ends without a deal, mean of what the case states; ``None`` where it says only
            what that is worth to whom.
        today: where it stands today; ``None`` where the case says nothing else than ``without``.
        change: from today, else from no deal, on the issue's scale; ``None`` where neither is known.
        share: the change as a share of the scale, negative where the value falls; where it is not known, the most
            that it is worth to anybody.
        toward: ids of those with a say who want it to move that way.
        nearer: actor → how much nearer to what it wants than today, else than without a deal, as a share of the
            scale, negative where it is farther; only actors with a say who care.
    """

    value: float
    low80: float
    high80: float
    without: float | None
    today: float | None
    change: float | None
    share: float
    toward: tuple[str, ...]
    nearer: dict[str, float]

    def noticed(self, threshold: float, width: float) -> bool:
        """Tell whether a reader would notice: it is neither as today nor as without a deal.

        Args:
            threshold: share of the scale from which a change is worth the name.
            width: of the scale.
        """
        beyond = (
            self.today is None or self.without is None or abs(self.value - self.without) / width >= threshold
        )
        return abs(self.share) >= threshold and beyond


class Ballot(Vote):
    """A vote that a deal has to carry, on the leading package; of all ways to carry it.

    Attributes:
        actors: ids of who votes in it, those that are bodies themselves left out.
        least: fewest votes in any of the draws with a deal.
    """

    actors: tuple[str, ...]
    least: float


class Margin(Record):
    """How far inside or outside agreement a deal is: by how much all demands could be tightened, or must give way.

    Attributes:
        mean: over the draws examined, a share of the scale; above 0 inside, below 0 outside.
        low80: least of the middle 80 % of them.
        high80: greatest of them.
        mc_error: standard error of the mean from the finite number of draws.
        draws: how many were examined.
    """

    mean: float
    low80: float
    high80: float
    mc_error: float
    draws: int


class Agreement(Record):
    """What a deal would be: how much it changes, what each side gains, who signs and who stops it.

    Attributes:
        size: ``agreed``; ``little``: agreed, and little changes; ``seldom``: a deal in half of the draws or fewer;
            ``none``: in no draw; ``undecided``.
        notable: whether some issue moves by at least ``threshold`` toward those who want that change.
        threshold: share of a scale from which a change is worth the name (``options.winset.notable``).
        margin: how far inside or outside agreement it is.
        draws: with a deal and a leading package; what follows are means over them.
        terms: issue → where the leading package puts it; empty without such draws.
        gains: actor → gain over no deal, what failing costs included, as a share of the deal's whole scale.
        by_terms: actor → the part of it that the terms alone give; the rest is what failing would have cost.
        no_better: ids of those who are needed and want a change of ``threshold`` or more on some issue, whom the
            terms give nothing over today all the same: they sign because no deal would be worse.
        signs: actor → share of those draws in which it accepts the leading package.
        ballots: the votes of bodies.
        stops: actor → share of all draws in which there is no deal and its demands are part of why, the most
            frequent first.
    """

    size: Size
    notable: bool
    threshold: float
    margin: Margin
    draws: int
    terms: dict[str, Moved]
    gains: dict[str, float]
    by_terms: dict[str, float]
    no_better: tuple[str, ...] = ()
    signs: dict[str, float]
    ballots: tuple[Ballot, ...]
    stops: dict[str, float] = Field(default_factory=dict)


class Reliance(Record):
    """What a deal owes to a cost of failure, or to several set aside together.

    Attributes:
        kind: ``failure_cost``; of several ``failure_costs_of_actors``, ``failure_costs_of_issues`` or, all of
            them, ``failure_costs``.
        actor: id of whose it is; ``None`` where it is of an issue, or of several.
        issue: id; ``None`` where it is of an actor, or of several.
        path: in the case; ``None`` where several are set aside together.
        low: probability of a deal where it is set aside.
        high: as it is.
        change: from the one to the other, on the same draws.
        mc_error: standard error of the change from the finite number of draws.
        draws: how many were used.
    """

    kind: str
    actor: str | None
    issue: str | None
    path: str | None
    low: float
    high: float
    change: float
    mc_error: float
    draws: int


class Overlap(Record):
    """Two red lines of actors who are needed, which do not meet in every draw.

    Attributes:
        issue: id.
        floor: id of the actor whose red line from below is the highest, on average.
        ceiling: id of the actor whose red line from above is the lowest.
        probability: share of draws in which they leave room for each other.
        mc_error: its standard error.
        with_deal: share of those draws that have a deal; ``None`` where they never meet.
        decides: whether the probability of the deal is but that of the overlap: they never meet, or there is a
            deal in at least three quarters of the draws in which they do.
    """

    issue: str
    floor: str
    ceiling: str
    probability: float
    mc_error: float
    with_deal: float | None
    decides: bool


class Rests(Record):
    """On what that is but assumed a deal rests.

    Attributes:
        failure_costs: each cost of failure set aside, then several together.
        overlaps: red lines that must meet.
    """

    failure_costs: tuple[Reliance, ...]
    overlaps: tuple[Overlap, ...]


class WeightedLine(Record):
    """A red line in a proof: what a package breaks it by counts with its weight.

    Attributes:
        actor: id.
        kind: ``floor`` or ``ceiling``.
        issue: id.
        value: of the red line, on the issue's scale.
        weight: of the red line.
    """

    actor: str
    kind: str
    issue: str
    value: float
    weight: float


class Proof(Record):
    """Weights that prove something at mean inputs, and the sum with which to check it.

    With λ the weights, s saliences that add up to 1 over the deal's issues, p positions, and widths of scales as
    units, the total is the sum over issues of the least that Σ λ s |x - p| can be (squares where losses are), x
    within bounds and, where the issue is discrete, among its settlements, less the sum of weight times
    ``without``. A weighted red line adds its weight times how far x is beyond it, negative where x is inside.
    Above 0: no package leaves all of them better off than without a deal.
    In the proof of a cheapest concession no weight is above the price, and no set of concessions costs less.

    Attributes:
        weights: actor → λ.
        without: actor → what no deal costs it, what failing costs included; in the proof of a cheapest concession
            less what it must gain at least.
        lines: red lines that may give way, with their weights.
        within: issue → bounds of x: red lines of those who are needed, else the ends of the scale. Bounds that do
            not leave anything between them prove it by themselves.
        least: issue → least of the weighted sum.
        total: of ``least``, less the weighted ``without``; ``None`` where bounds prove it.
    """

    weights: dict[str, float]
    without: dict[str, float]
    lines: tuple[WeightedLine, ...]
    within: dict[str, tuple[float, float]]
    least: dict[str, float]
    total: float | None


class Swap(Record):
    """What one party gives and gets by linking issues.

    Attributes:
        actor: id.
        gives: issue → how much worse for it than alone, as a share of the whole scale.
        gets: issue → how much better.
        gain: of the package over issue by issue.
    """

    actor: str
    gives: dict[str, float]
    gets: dict[str, float]
    gain: float


class Linking(Record):
    """What a package does that its issues one by one do not, all inputs at their means.

    Attributes:
        alone: issue → whether a deal on it alone exists.
        opens: whether the package has a deal and no issue alone has.
        least_gain: difference in the least gain; ``None`` without a deal on the package.
        total_gain: difference in the sum of gains.
        swaps: per party.
    """

    alone: dict[str, bool]
    opens: bool
    least_gain: float | None
    total_gain: float | None
    swaps: tuple[Swap, ...]


Points = tuple[tuple[float, float], ...]


class Region(Record):
    """A set of packages on two issues, by its outlines.

    Attributes:
        name: of the side, in words.
        actors: its members.
        outlines: polygons of points on the scales of the two issues; none when the set is empty.
    """

    name: str
    actors: tuple[str, ...]
    outlines: tuple[Points, ...]


class Plane(Record):
    """Win-sets on two issues alone, all inputs at their means.

    Attributes:
        issues: ids of the issue across and the issue upwards.
        sides: what each side would consent to.
        zone: what all of them would.
        frontier: packages of the zone that nobody can better without another losing, in order; few or none.
        solutions: name → package.
        no_deal: where the two end without a deal.
        ideals: actor → what it wants.
        probability: share of draws with a deal on the two alone.
    """

    issues: tuple[str, str]
    sides: tuple[Region, ...]
    zone: Region
    frontier: Points
    solutions: dict[str, tuple[float, float]]
    no_deal: tuple[float, float]
    ideals: dict[str, tuple[float, float]]
    probability: float
