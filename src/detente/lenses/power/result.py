"""What is there to know of a rule? The power of its members and its coalitions; exact numbers are text in JSON."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

from detente.show.record import Published, Record


def _digits(number: int | Fraction) -> str:
    """Return a number in full; `str` gives up at 4,300 digits, which 2,000 members exceed."""
    parts = (number.numerator, number.denominator)
    return "/".join(format(Decimal(part), "f") for part in parts[: 1 if parts[1] == 1 else 2])


def _number(text: object) -> object:
    """Return the number that `_digits` wrote."""
    if not isinstance(text, str):
        return text
    above, _, below = text.partition("/")
    return Fraction(int(Decimal(above)), int(Decimal(below or "1")))


def _whole(text: object) -> object:
    return int(Decimal(text)) if isinstance(text, str) else text


_TEXT = PlainSerializer(_digits, return_type=str)
Exact = Annotated[Fraction, BeforeValidator(_number, json_schema_input_type=str), _TEXT]
Whole = Annotated[int, BeforeValidator(_whole, json_schema_input_type=str), _TEXT]


class Share(Record):
    """A share of 1.

    Attributes:
        exact: as a fraction, ``None`` where it was sampled.
        value: as a number.
        error: standard error, 0 where exact; ``None`` where sampled and never seen.
        below: where sampled and never seen, what the share is below in 95 of 100 samples: 3 in the number of
            draws (rule of three; Hanley & Lippman-Hand 1983).
        within: where it was computed in floating point, not sampled, the most by which it can be off.
    """

    exact: Exact | None
    value: float
    error: float | None
    below: float | None = None
    within: float | None = None

    @classmethod
    def of(cls, share: Fraction) -> Share:
        """Return the record of an exact share."""
        return cls(exact=share, value=float(share), error=0.0)

    @classmethod
    def near(cls, share: float, within: float) -> Share:
        """Return the record of a share that is off by at most so much."""
        return cls(exact=None, value=float(share), error=0.0, within=float(within))

    @classmethod
    def sampled(cls, share: float, error: float, most: float) -> Share:
        """Return the record of a share that was estimated; ``most`` is told where it was never seen."""
        if share > 0:
            return cls(exact=None, value=share, error=error)
        return cls(exact=None, value=0.0, error=None, below=most)


class Alike(Record):
    """Some members who are alike.

    Attributes:
        members: who they are; one name for seats that differ in nothing.
        count: how many they are.
    """

    members: tuple[str, ...]
    count: int


class Power(Record):
    """How often one member decides; fractions where exact.

    Attributes:
        swings: coalitions of the others that it turns from losing to winning, in full; ``None`` where sampled.
        banzhaf: share of the others' coalitions that it turns (absolute; Penrose).
        banzhaf_normalised: its share of all swings.
        shapley_shubik: share of orders of joining in which it is the pivot.
        coleman_prevent: share of winning coalitions that lose without it; ``None`` where sampled.
        coleman_initiate: share of losing coalitions that win with it; ``None`` where sampled.
        coleman_shapley: its part in the power to act, which is the sum over all members (Casajus & Huettner 2019);
            ``None`` where not counted by size.
    """

    swings: Whole | None
    banzhaf: Share
    banzhaf_normalised: Share
    shapley_shubik: Share
    coleman_prevent: Share | None = None
    coleman_initiate: Share | None = None
    coleman_shapley: Share | None = None


class Shares(Record):
    """Indices of one member that look at minimal or vulnerable coalitions; ``None`` with too many kinds.

    Attributes:
        deegan_packel: of minimal winning coalitions, shared equally.
        holler: the public good index.
        johnston: of vulnerable coalitions.
    """

    deegan_packel: Share | None = None
    holler: Share | None = None
    johnston: Share | None = None


class MemberPower(Shares, Power, Alike):
    """Power of one of some members who are alike.

    Attributes:
        veto: whether nothing passes without it.
        dummy: whether it never matters.
    """

    veto: bool
    dummy: bool


class AbstentionPower(Alike):
    """Power of one of some members who are alike, where each may vote yes, abstain or vote no.

    Attributes:
        banzhaf: share of the 3^(n-1) ways in which the others may vote where its vote decides (absolute).
        banzhaf_normalised: its share of the sum over all members.
        shapley_shubik: share of the 3^n n! roll calls in which its vote settles the matter.
    """

    banzhaf: Share
    banzhaf_normalised: Share
    shapley_shubik: Share


class BlocPower(Record):
    """Power of one member where some vote as blocs.

    Attributes:
        member: who it is.
        bloc: all members of its bloc; empty for one who is in none.
        owen: the Owen value; all together are 1.
        banzhaf_owen: the Banzhaf-Owen value.
    """

    member: str
    bloc: tuple[str, ...]
    owen: Share
    banzhaf_owen: Share


class Shape(Record):
    """Coalitions that look alike.

    Attributes:
        holds: how many of each kind of ``power``, in its order.
        coalitions: how many look so, in full.
    """

    holds: tuple[int, ...]
    coalitions: Whole


class MinimalCoalitions(Record):
    """Minimal coalitions.

    Attributes:
        count: how many, in full.
        shapes: how they look, the smallest first; at most 100, ``None`` where they were only counted.
        listed: the members of each, the smallest first; at most 100, ``None`` where they were only counted.
    """

    count: Whole
    shapes: tuple[Shape, ...] | None
    listed: tuple[tuple[str, ...], ...] | None


class RulePower(Record):
    """What there is to know about one rule.

    Attributes:
        rule: what it is called.
        deals: of a case: the deals and single issues that need this consent.
        voters: how many there are.
        exact: whether powers are counted, not sampled.
        winning_coalitions: how many, in full; ``None`` where sampled.
        power_to_act: share of all coalitions that win (Coleman); ``None`` where sampled.
        vetoers: members without whom nothing passes.
        dummies: members who never matter; ``None`` where sampled, because a sample cannot tell.
        dictator: who alone decides.
        proper: whether two winning coalitions always share a member; ``None`` where not settled.
        strong: whether of two sides that make up everybody one always wins; ``None`` where not settled.
        nakamura: the Nakamura number; ``None`` with ``nakamura_infinite``, or where not settled.
        nakamura_infinite: whether somebody is in every winning coalition.
        power: power of the members, alike ones together.
        minimal_winning: coalitions that are just enough; ``None`` where they could not be counted.
        minimal_blocking: coalitions without which the others lose; likewise.
        with_abstention: power where members may abstain, alike ones together; ``None`` where the rule treats who
            abstains as one who votes no, or where members are too many and too different.
        with_blocs: power of every member where some vote as blocs; ``None`` where no bloc was asked about.
    """

    rule: str
    deals: tuple[str, ...]
    voters: int
    exact: bool
    winning_coalitions: Whole | None
    power_to_act: Share | None
    vetoers: tuple[str, ...]
    dummies: tuple[str, ...] | None
    dictator: str | None
    proper: bool | None
    strong: bool | None
    nakamura: int | None
    nakamura_infinite: bool
    power: tuple[MemberPower, ...]
    minimal_winning: MinimalCoalitions | None
    minimal_blocking: MinimalCoalitions | None
    with_abstention: tuple[AbstentionPower, ...] | None = None
    with_blocs: tuple[BlocPower, ...] | None = None


class BodyRecord(Record):
    """A ready-made body: its slug, name, number of members, and from when until when its rule applied."""

    slug: str
    name: str
    members: int
    since: str | None
    until: str | None


class PowerReport(Published):
    """What ``power`` prints.

    Attributes:
        bodies: the ready-made bodies, where no rule was asked about.
        rules: what there is to know about each rule that was asked about.
    """

    bodies: tuple[BodyRecord, ...] = ()
    rules: tuple[RulePower, ...] = ()
