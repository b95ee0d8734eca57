"""What is there to know about a rule? Who can veto, who never matters, who has how much power, who carries it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.lenses.winset.power import cells, halves
from detente.lenses.winset.power.cells import Mask
from detente.lenses.winset.power.coalitions import (
    Coalitions,
    Shares,
    minimal_blocking,
    minimal_winning,
    shares,
)
from detente.lenses.winset.power.counting import Counted, counted
from detente.lenses.winset.power.frame import Frame, dual, frame
from detente.lenses.winset.power.indices import Power, powers
from detente.lenses.winset.power.nakamura import nakamura, of_three
from detente.lenses.winset.power.sampling import sampled
from detente.lenses.winset.rule import Node, Threshold, all_of, wins


@dataclass(frozen=True, slots=True)
class Analysis:
    """What there is to know about a rule.

    Attributes:
        kinds: voters that are alike, by their indexes; k of them.
        powers: of one voter of each kind.
        exact: whether the powers are counted, not sampled.
        wins: number of winning coalitions; ``None`` where sampled.
        vetoers: voters without whom nothing passes.
        dummies: voters who never matter; empty where sampled, because a sample cannot tell.
        dictator: the voter who alone decides, if there is one.
        proper: whether no two winning coalitions are without a common member; ``None`` where not settled.
        strong: whether of two coalitions that share all voters among them one wins; ``None`` where not settled.
        winning: minimal winning coalitions, only their number where voters are of too many kinds to look at all;
            ``None`` where they cannot be counted either.
        blocking: minimal blocking coalitions; likewise.
        shares: Deegan-Packel, Holler and Johnston of one voter of each kind; ``None`` with too many kinds.
        nakamura: the Nakamura number, ``inf`` with a vetoer; ``None`` where not settled.
    """

    kinds: tuple[tuple[int, ...], ...]
    powers: tuple[Power, ...]
    exact: bool
    wins: int | None
    vetoers: tuple[int, ...]
    dummies: tuple[int, ...]
    dictator: int | None
    proper: bool | None
    strong: bool | None
    winning: Coalitions | None
    blocking: Coalitions | None
    shares: tuple[Shares, ...] | None
    nakamura: float | None

    @property
    def voters(self) -> int:
        """Number of voters, n."""
        return sum(map(len, self.kinds))


def analyse(rule: Node) -> Analysis:
    """Return what there is to know about a rule over voters 0 to n - 1.

    Args:
        rule: one that all voters together meet and that nobody alone does not need; every index must occur.
    """
    rule = rule if isinstance(rule, Threshold) else Threshold(1, ((1, rule),))
    seen, count = frame(rule), counted(rule)
    n = seen.voters
    everyone = np.eye(n, dtype=np.bool_)
    alone, needed = wins(rule, everyone), ~wins(rule, ~everyone)
    few = cells.winning(seen) if cells.cells(seen) <= cells.MOST_CELLS else None
    minimal = None if few is None else minimal_winning(seen, few)
    power = sampled(rule, n) if count is None else powers(count)
    kinds = tuple((voter,) for voter in range(n)) if count is None else count.kinds
    proper, strong = _sides(rule, count, few)
    return Analysis(
        kinds,
        power,
        count is not None,
        None if count is None else sum(count.wins),
        tuple(map(int, np.flatnonzero(needed))),
        tuple(sorted(v for kind, own in zip(kinds, power, strict=True) if own.swings == 0 for v in kind)),
        next(map(int, np.flatnonzero(alone & needed)), None),
        proper,
        strong,
        minimal or _only_counted(seen),
        _only_counted(frame(dual(rule))) if few is None else minimal_blocking(seen, few),
        None if few is None or minimal is None else shares(seen, few, minimal),
        float("inf") if needed.any() else _common(rule, seen, count, minimal, proper),
    )


def _common(
    rule: Node, seen: Frame, count: Counted | None, minimal: Coalitions | None, proper: bool | None
) -> float | None:
    """Return the Nakamura number of a rule without vetoers."""
    if proper is False:
        return 2.0
    if minimal is not None:
        return nakamura(seen, minimal)
    if count is None or proper is None:
        return None
    might = {v: sum(own) for kind, own in zip(count.kinds, count.swings, strict=True) for v in kind}
    return of_three(rule, [might[v] for v in range(len(might))])


def _only_counted(seen: Frame) -> Coalitions | None:
    count = halves.minimal(seen)
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
