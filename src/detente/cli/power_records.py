"""What does ``power`` print as JSON? Ready-made bodies, or what there is to know of rules; fractions as text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from detente.show.record import Published, Record

if TYPE_CHECKING:
    from detente.lenses.winset.power import Analysis, Coalitions
    from detente.lenses.winset.power.indices import Number

MOST_SHAPES = 100


class Share(Record):
    """A share of 1.

    Attributes:
        exact: as a fraction, ``None`` where it was sampled.
        value: as a number.
        error: standard error, 0 where exact.
    """

    exact: str | None
    value: float
    error: float

    @classmethod
    def of(cls, share: Number, error: float = 0.0) -> Share:
        """Return the record of a share."""
        return cls(exact=str(share) if isinstance(share, Fraction) else None, value=float(share), error=error)


class MemberPower(Record):
    """Power of one of some members who are alike.

    Attributes:
        members: who they are; one name for seats that differ in nothing.
        count: how many they are.
        swings: coalitions of the others that it turns from losing to winning, in full; ``None`` where sampled.
        banzhaf: share of the others' coalitions that it turns (absolute; Penrose).
        banzhaf_normalised: its share of all swings.
        shapley_shubik: share of orders of joining in which it is the pivot.
        coleman_prevent: share of winning coalitions that lose without it.
        coleman_initiate: share of losing coalitions that win with it.
        deegan_packel: its index of minimal winning coalitions, shared equally.
        holler: its public good index.
        johnston: its index of vulnerable coalitions.
        veto: whether nothing passes without it.
        dummy: whether it never matters.
    """

    members: tuple[str, ...]
    count: int
    swings: str | None
    banzhaf: Share
    banzhaf_normalised: Share
    shapley_shubik: Share
    coleman_prevent: Share | None
    coleman_initiate: Share | None
    deegan_packel: Share | None
    holler: Share | None
    johnston: Share | None
    veto: bool
    dummy: bool


class Shape(Record):
    """Coalitions that look alike.

    Attributes:
        holds: how many of each kind of ``power``, in its order.
        coalitions: how many look so, in full.
    """

    holds: tuple[int, ...]
    coalitions: str


class MinimalCoalitions(Record):
    """Minimal coalitions.

    Attributes:
        count: how many, in full.
        shapes: how they look, the smallest first; at most 100, none where they were only counted.
        listed: the members of each, the smallest first; at most 100, none where they were only counted.
    """

    count: str
    shapes: tuple[Shape, ...]
    listed: tuple[tuple[str, ...], ...]


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
        dummies: members who never matter.
        dictator: who alone decides.
        proper: whether two winning coalitions always share a member; ``None`` where not settled.
        strong: whether of two sides that make up everybody one always wins; ``None`` where not settled.
        nakamura: the Nakamura number; ``None`` with ``nakamura_infinite``, or where not settled.
        nakamura_infinite: whether somebody is in every winning coalition.
        power: power of the members, alike ones together.
        minimal_winning: coalitions that are just enough; ``None`` where they could not be counted.
        minimal_blocking: coalitions without which the others lose; likewise.
    """

    rule: str
    deals: tuple[str, ...]
    voters: int
    exact: bool
    winning_coalitions: str | None
    power_to_act: Share | None
    vetoers: tuple[str, ...]
    dummies: tuple[str, ...]
    dictator: str | None
    proper: bool | None
    strong: bool | None
    nakamura: int | None
    nakamura_infinite: bool
    power: tuple[MemberPower, ...]
    minimal_winning: MinimalCoalitions | None
    minimal_blocking: MinimalCoalitions | None


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


def record(name: str, deals: Sequence[str], labels: Sequence[str], found: Analysis) -> RulePower:
    """Return the record of a rule.

    Args:
        name: of the rule.
        deals: that need it.
        labels: of the voters, by index; alike seats may share one.
        found: what there is to know.
    """
    single = _told_apart(labels)
    act = None if found.wins is None else Share.of(Fraction(found.wins, 2**found.voters))
    infinite = found.nakamura == math.inf
    return RulePower(
        rule=name,
        deals=tuple(deals),
        voters=found.voters,
        exact=found.exact,
        winning_coalitions=None if found.wins is None else str(found.wins),
        power_to_act=act,
        vetoers=tuple(single[v] for v in found.vetoers),
        dummies=tuple(single[v] for v in found.dummies),
        dictator=None if found.dictator is None else single[found.dictator],
        proper=found.proper,
        strong=found.strong,
        nakamura=None if found.nakamura is None or infinite else int(found.nakamura),
        nakamura_infinite=infinite,
        power=tuple(_member(kind, k, labels, found) for k, kind in enumerate(found.kinds)),
        minimal_winning=_coalitions(found.winning, single),
        minimal_blocking=_coalitions(found.blocking, single),
    )


def _told_apart(labels: Sequence[str]) -> list[str]:
    """Return labels with a number where several voters share one."""
    times, seen = Counter(labels), Counter[str]()
    told = []
    for label in labels:
        seen[label] += 1
        told.append(f"{label} {seen[label]}" if times[label] > 1 else label)
    return told


def _member(kind: tuple[int, ...], k: int, labels: Sequence[str], found: Analysis) -> MemberPower:
    power = found.powers[k]
    shares = None if found.shares is None else found.shares[k]
    return MemberPower(
        members=tuple(dict.fromkeys(labels[v] for v in kind)),
        count=len(kind),
        swings=None if power.swings is None else str(power.swings),
        banzhaf=Share.of(power.banzhaf, power.banzhaf_error),
        banzhaf_normalised=Share.of(power.banzhaf_normalised),
        shapley_shubik=Share.of(power.shapley_shubik, power.shapley_shubik_error),
        coleman_prevent=None if power.prevent is None else Share.of(power.prevent),
        coleman_initiate=None if power.initiate is None else Share.of(power.initiate),
        deegan_packel=None if shares is None else Share.of(shares.deegan_packel),
        holler=None if shares is None else Share.of(shares.holler),
        johnston=None if shares is None else Share.of(shares.johnston),
        veto=kind[0] in found.vetoers,
        dummy=kind[0] in found.dummies,
    )


def _coalitions(found: Coalitions | None, single: Sequence[str]) -> MinimalCoalitions | None:
    if found is None:
        return None
    return MinimalCoalitions(
        count=str(found.count),
        shapes=tuple(Shape(holds=held, coalitions=str(ways)) for held, ways in found.shapes[:MOST_SHAPES]),
        listed=tuple(tuple(single[v] for v in coalition) for coalition in found.listed),
    )
