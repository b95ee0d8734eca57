"""Of what does a cross-impact result consist? Readings, futures, arguments, claims, and what is worth settling."""

from __future__ import annotations

from pydantic import Field

from detente.show.record import Record

Points = int | float
"""Of judgements: whole where these are."""


class VariantShare(Record):
    """How often a variant is found among the futures that hold together.

    Attributes:
        descriptor: id.
        variant: id.
        share: of the consistent futures of a draw, averaged over the draws that have any; no probability.
        mc_error: standard error of that average.
        some: share of these draws in which some consistent future has it.
        every: share of these draws in which every consistent future has it.
    """

    descriptor: str
    variant: str
    share: float
    mc_error: float
    some: float
    every: float


class Reading(Record):
    """What holds together on one assumption.

    Attributes:
        name: in words.
        draws: how many draws it rests on: all, or those in which what a descriptor follows is so.
        futures: how many futures hold together, averaged over these draws.
        none: share of these draws in which no future holds together.
        shares: of every variant.
    """

    name: str
    draws: int
    futures: float
    none: float
    shares: tuple[VariantShare, ...] = ()

    def of(self, descriptor: str) -> list[VariantShare]:
        """Return the shares of a descriptor's variants, the largest first."""
        return sorted(
            (one for one in self.shares if one.descriptor == descriptor), key=lambda one: -one.share
        )

    def against(self, other: Reading) -> list[tuple[VariantShare, float]]:
        """Return every variant, and how much larger its share is than in another reading."""
        return [(one, one.share - two.share) for one, two in zip(self.shares, other.shares, strict=True)]


class Future(Record):
    """A scenario: one variant per descriptor.

    Attributes:
        numbers: of the variants, from 1, in the order of the descriptors.
        variants: their names.
        consistent: whether it is so by the best guess of every judgement.
        margin: by how much its weakest variant beats the best other; ``None`` where nothing could.
        weakest: name of the descriptor with that margin.
        margins: of every descriptor; ``None`` where nothing could beat it.
        total_impact: its score, to be compared only with other futures of the same case.
        basin: how many starting points end here by global succession; it depends on the order of the variants.
        basin_error: standard error of the basin where starts are a sample; 0 where all are followed.
        local_basin: the same where one descriptor moves at a time.
        starts: how many starting points were followed.
        survival: probability that it stays consistent when judgements are in doubt as stated.
        survival_error: standard error of it; 0 where it is exact.
        independent: the same with every judgement on its own, exact; ``None`` where it cannot be computed.
        drawn: share of draws in which it was found.
        pressure: points of outside support that what is assumed or given needs to hold; 0 where it holds by
            itself.
        withstands: by how much all doubted judgements may be wrong at once; ``None`` where none bears on it.
        family: futures of one number turn into one another by exchanging variants that tie.
        experts: expert → whether it is consistent by this one's best guesses.
    """

    numbers: tuple[int, ...]
    variants: tuple[str, ...]
    consistent: bool
    margin: Points | None
    weakest: str
    margins: tuple[Points | None, ...]
    total_impact: Points
    basin: int
    basin_error: float
    local_basin: int
    starts: int
    survival: float
    survival_error: float
    independent: float | None
    drawn: float
    pressure: Points
    withstands: Points | None
    family: int
    experts: dict[str, bool] = Field(default_factory=dict)


class Reason(Record):
    """What one descriptor adds to a variant's lead over the runner-up.

    Attributes:
        source: descriptor and variant in words.
        points: in favour where above 0.
        keystone: whether the variant falls short of some other without it.
        because: ids of the sources that the judgement rests on.
    """

    source: str
    points: Points
    keystone: bool
    because: tuple[str, ...] = ()


class Argument(Record):
    """Why a descriptor has its variant in a future.

    Attributes:
        future: number of the future in the list, from 0.
        descriptor: name.
        variant: name.
        runner_up: name of the best other variant, empty where there is none.
        lead: over the runner-up.
        supports: what speaks for it, the strongest first.
        objections: what speaks against it, the strongest first.
    """

    future: int
    descriptor: str
    variant: str
    runner_up: str
    lead: Points
    supports: tuple[Reason, ...]
    objections: tuple[Reason, ...]


class Step(Record):
    """A change of judgements in favour of a variant.

    Attributes:
        descriptor: name.
        variant: name of the variant that has to gain.
        rival: name of the one that it has to reach or beat.
        points: by how much in all.
    """

    descriptor: str
    variant: str
    rival: str
    points: Points


class Breaking(Record):
    """The least that breaks a future.

    Attributes:
        future: number of the future in the list, from 0.
        step: the change.
    """

    future: int
    step: Step


class ClaimFound(Record):
    """Whether something that is said to follow holds together.

    Attributes:
        name: the claim.
        holds: whether some consistent future has it, by the best guess of every judgement.
        shares: reading → share of the consistent futures that have it.
        some: reading → share of draws in which some consistent future has it.
        cost: least points of judgements that have to change for a future with it to be consistent, by the best
            guesses; 0 where one is; ``None`` where there are too many to try, or none that is allowed.
        steps: which.
        objections: what speaks most against it, in words.
    """

    name: str
    holds: bool
    shares: dict[str, float]
    some: dict[str, float]
    cost: Points | None
    steps: tuple[Step, ...] = ()
    objections: tuple[str, ...] = ()


class Apart(Record):
    """Two claims of which each holds together with some futures, but hardly ever both with one.

    Attributes:
        first: name of a claim.
        second: name of another.
        share: of draws in which some consistent future has both.
    """

    first: str
    second: str
    share: float


class Influence(Record):
    """How far one descriptor moves another.

    Attributes:
        source: id of the descriptor that pushes.
        target: id of the one that is pushed.
        strength: largest difference that another variant of the source makes to the lead of one variant of the
            target over another, in points.
    """

    source: str
    target: str
    strength: Points


class Worth(Record):
    """What it is worth to settle something.

    Attributes:
        kind: judgement, source or expert.
        what: in words.
        path: of the judgement, or id of the source or expert.
        bits: of doubt about which futures hold together that it would take away.
    """

    kind: str
    what: str
    path: str
    bits: float


class Cycle(Record):
    """Scenarios that succession goes round without end.

    Attributes:
        length: how many there are.
        least: numbers of the variants of the first, from 1.
        basin: how many starting points end there.
    """

    length: int
    least: tuple[int, ...]
    basin: int
