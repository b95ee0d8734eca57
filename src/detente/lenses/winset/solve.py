"""Which draws have a deal, and on what terms? The answers for a block of draws, deal by deal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.case.options import SOLUTIONS
from detente.case.thresholds import vetoers, voters, wins
from detente.lenses.summary import Array
from detente.lenses.winset.deal import Deal
from detente.lenses.winset.engine import (
    DEAL,
    Statuses,
    Verdicts,
    extents,
    fairest_of_equal_sums,
    solutions,
    verdicts,
)


@dataclass(frozen=True, slots=True)
class Solved:
    """One deal in some draws.

    Attributes:
        status: (D,), codes of `detente.lenses.winset.engine`.
        packages: solution → (D, d), shares of the scales; NaN without a deal.
        ends: (D, d, 2): least and greatest value of each issue in the zone, shares of the scales; NaN without a
            deal.
    """

    status: Statuses
    packages: dict[str, Array]
    ends: Array

    @property
    def agreed(self) -> Array:
        """Return the share of each issue's scale between the ends of the zone, (D, d); 0 without a deal."""
        return np.asarray(np.nan_to_num(self.ends[..., 1] - self.ends[..., 0], nan=0.0))


@dataclass(frozen=True, slots=True)
class Decided:
    """Which deals there are in a version of a case.

    Attributes:
        exact: whether no input carries doubt; there is one draw then.
        statuses: deal → (D,), codes of `detente.lenses.winset.engine`.
        verdicts: deal → what it rests on, a block of draws after the other.
    """

    exact: bool
    statuses: dict[str, Statuses]
    verdicts: tuple[dict[str, Verdicts], ...] = ()


def heard(deal: Deal) -> NDArray[np.bool_]:
    """Return which voters have a stance, (V,)."""
    return np.asarray(np.isfinite(deal.radius).all(axis=0) & (deal.salience.sum(axis=(0, 2)) > 0))


def parties(deal: Deal) -> tuple[int, ...]:
    """Return those whose gains the named solutions share, in one draw: who is needed and has a stance.

    Where nobody is needed, they are those with a stance in the winning coalition that gains most: `coalitions`.
    """
    return _needed(deal) or next(iter(coalitions(deal)))


def _needed(deal: Deal) -> tuple[int, ...]:
    named, needed = heard(deal), vetoers(deal.rule, deal.voters)
    return tuple(v for v in voters(deal.rule) if named[v] and needed[v])


def coalitions(deal: Deal) -> dict[tuple[int, ...], list[int]]:
    """Return coalition → draws in which it is the winning coalition that can gain most.

    That is, whose least gain is greatest: those who gain most by the best package for the rule, as many as it
    takes to win. Voters without a stance agree to all that their red lines allow, and are not named.

    Args:
        deal: of a rule that needs nobody in particular.
    """
    found, named = verdicts(deal, acceptance="weak", greatest=True), heard(deal)
    gains = deal.margins(np.nan_to_num(found.package)[:, None])[:, 0]
    order = np.argsort(-np.round(gains, 9), axis=1, kind="stable")  # rounding must not tell equals apart
    asked = np.isin(order, list(voters(deal.rule)))
    inside = np.zeros(gains.shape, dtype=np.bool_)
    left = np.arange(deal.draws)  # draws in which those inside do not win yet
    for place in range(deal.voters):
        joins = left[asked[left, place]]
        inside[joins, order[joins, place]] = True
        left = left[~wins(deal.rule, inside[left])]
    for place in reversed(range(deal.voters)):  # who is not needed for it, least gain first
        rows = np.flatnonzero(inside[np.arange(deal.draws), order[:, place]])
        without = inside[rows]
        without[np.arange(rows.size), order[rows, place]] = False
        inside[rows] = np.where(wins(deal.rule, without)[:, None], without, inside[rows])
    members: dict[tuple[int, ...], list[int]] = {}
    listed = [v for v in voters(deal.rule) if named[v]]
    for k, own in enumerate(inside[:, listed].tolist()):
        members.setdefault(tuple(v for v, is_in in zip(listed, own, strict=True) if is_in), []).append(k)
    return members


def solve(deal: Deal, found: Verdicts | None = None) -> Solved:
    """Return the answers for a deal in all its draws, whose verdicts may be known."""
    found = verdicts(deal) if found is None else found
    return Solved(found.status, named(deal, found), extents(deal, found))


def named(deal: Deal, found: Verdicts, names: Sequence[str] = SOLUTIONS) -> dict[str, Array]:
    """Return named solutions, (D, d) each; where nobody is needed, each draw's among its best coalition."""
    if (who := _needed(deal)) or not heard(deal)[list(voters(deal.rule))].any():
        return _among(deal, found, who, names) if who else {}
    packages: dict[str, Array] = {str(name): np.full((deal.draws, deal.issues), np.nan) for name in names}
    open_ = np.flatnonzero(found.status == DEAL)
    if open_.size:
        for own, places in coalitions(deal.rows(open_)).items():
            rows = open_[places]
            among = deal.rows(rows)
            for name, drawn in _among(among, verdicts(among), own, names).items():
                packages[name][rows] = drawn
    return packages


def _among(deal: Deal, found: Verdicts, who: tuple[int, ...], names: Sequence[str]) -> dict[str, Array]:
    packages = solutions(deal, found, who, names)
    if "utilitarian" in packages:
        packages["utilitarian"] = fairest_of_equal_sums(deal, who, packages["utilitarian"])
    return packages


def joined(parts: Sequence[Solved]) -> Solved:
    """Return blocks of draws of one deal as one."""
    names = parts[0].packages
    return Solved(
        status=np.concatenate([part.status for part in parts]),
        packages={name: np.concatenate([part.packages[name] for part in parts]) for name in names},
        ends=np.concatenate([part.ends for part in parts]),
    )
