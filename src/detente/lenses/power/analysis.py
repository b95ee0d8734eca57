"""What is there to know about a rule? Who can veto, who never matters, who has how much power, who carries it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from detente.case.thresholds import Node, Threshold, all_of, dual, vetoers, wins
from detente.case.voting import meet_in_the_middle, profiles
from detente.case.voting.compound import Compound, compound
from detente.case.voting.counting import Counted, counted
from detente.case.voting.profiles import Mask
from detente.lenses.power.indices import near, powers, sampled
from detente.lenses.power.minimal_coalitions import Coalitions, minimal_blocking, minimal_winning, shares
from detente.lenses.power.nakamura import nakamura, of_three
from detente.lenses.power.quadrature import vote_of
from detente.lenses.power.result import MemberPower, MinimalCoalitions, RulePower, Shape, Share, Shares
from detente.lenses.power.ternary import abstention
from detente.lenses.power.unions import of_blocs

MOST_SHAPES = 100


def analyse(
    rule: Node,
    labels: Sequence[str] | None = None,
    *,
    name: str = "",
    deals: Sequence[str] = (),
    blocs: Sequence[Sequence[str]] = (),
) -> RulePower:
    """Return what there is to know about a rule over voters 0 to n - 1.

    Args:
        rule: one that all voters together meet and that nobody alone does not need; every index must occur.
        labels: of the voters, by index; alike seats may share one. Their numbers where left out.
        name: of the rule.
        deals: that need it.
        blocs: labels of members who vote together, for the values of Owen.

    Raises:
        OptionError: a bloc names nobody, or somebody twice, or there are too many ways for them to join.
    """
    rule = rule if isinstance(rule, Threshold) else Threshold(1, ((1, rule),))
    game, count = compound(rule), counted(rule)
    n = game.voters
    labels = [str(voter) for voter in range(n)] if labels is None else labels
    single = _told_apart(labels)
    few = profiles.winning(game) if profiles.number(game) <= profiles.MOST_PROFILES else None
    minimal = None if few is None else minimal_winning(game, few)
    blocking = _only_counted(compound(dual(rule))) if few is None else minimal_blocking(game, few)
    vote = vote_of(rule, n) if count is None else None
    act = None if count is None else Share.of(Fraction(sum(count.wins), 2**n))
    if count is not None:
        power = powers(count)
    elif vote is not None:
        power, act = near(vote)
    else:
        power = sampled(rule, n)
    kinds = tuple((voter,) for voter in range(n)) if count is None else count.kinds
    proper, strong = _sides(rule, count, few)
    if vote is not None:
        proper = True if vote.turned else None
    alone, needed = wins(rule, np.eye(n, dtype=np.bool_)), vetoers(rule, n)
    idle = {voter for kind, own in zip(kinds, power, strict=True) if own.swings == 0 for voter in kind}
    shared = [Shares()] * len(kinds) if few is None or minimal is None else shares(game, few, minimal)
    won = None if count is None else sum(count.wins)
    common = None if needed.any() else _common(rule, game, count, minimal, proper)
    return RulePower(
        rule=name,
        deals=tuple(deals),
        voters=n,
        exact=count is not None or vote is not None,
        winning_coalitions=won,
        power_to_act=act,
        vetoers=tuple(single[v] for v in np.flatnonzero(needed)),
        dummies=None if count is None else tuple(single[v] for v in sorted(idle)),
        dictator=next((single[v] for v in np.flatnonzero(alone & needed)), None),
        proper=proper,
        strong=strong,
        nakamura=common,
        nakamura_infinite=bool(needed.any()),
        power=tuple(
            MemberPower(
                members=tuple(dict.fromkeys(labels[v] for v in kind)),
                count=len(kind),
                **dict(own),
                **dict(also),
                veto=bool(needed[kind[0]]),
                dummy=kind[0] in idle,
            )
            for kind, own, also in zip(kinds, power, shared, strict=True)
        ),
        minimal_winning=_told(minimal or _only_counted(game), single),
        minimal_blocking=_told(blocking, single),
        with_abstention=abstention(rule, game, labels),
        with_blocs=of_blocs(rule, single, blocs) if blocs else None,
    )


def _told_apart(labels: Sequence[str]) -> list[str]:
    """Return labels with a number where several voters share one."""
    times, seen = Counter(labels), Counter[str]()
    told = []
    for label in labels:
        seen[label] += 1
        told.append(f"{label} {seen[label]}" if times[label] > 1 else label)
    return told


def _told(found: Coalitions | None, single: Sequence[str]) -> MinimalCoalitions | None:
    if found is None:
        return None
    if not found.shapes:
        return MinimalCoalitions(count=found.count, shapes=None, listed=None)
    return MinimalCoalitions(
        count=found.count,
        shapes=tuple(Shape(holds=held, coalitions=ways) for held, ways in found.shapes[:MOST_SHAPES]),
        listed=tuple(tuple(single[v] for v in coalition) for coalition in found.listed),
    )


def _common(
    rule: Node, game: Compound, count: Counted | None, minimal: Coalitions | None, proper: bool | None
) -> int | None:
    """Return the Nakamura number of a rule without vetoers."""
    if proper is False:
        return 2
    if minimal is not None:
        return nakamura(game, minimal)
    if count is None or proper is None:
        return None
    might = {v: sum(own) for kind, own in zip(count.kinds, count.swings, strict=True) for v in kind}
    return of_three(rule, [might[v] for v in range(len(might))])


def _only_counted(game: Compound) -> Coalitions | None:
    count = meet_in_the_middle.minimal(game)
    return None if count is None else Coalitions(count, (), ())


def _sides(rule: Node, count: Counted | None, few: Mask | None) -> tuple[bool | None, bool | None]:
    """Tell whether a rule is proper and strong: whether both sides can win, or both lose."""
    if few is not None:
        other = np.flip(few)
        return not bool((few & other).any()), bool((few | other).all())
    if count is None:
        return None, None
    n, won = count.voters, sum(count.wins)
    both = counted(all_of(rule, dual(rule)))
    if both is None:
        return None, None
    common = sum(both.wins)  # coalitions that win, and whose complement loses
    return common == won, common == 2**n - won
