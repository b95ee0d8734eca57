"""Which draws have a deal, and on what terms? The answers for a block of draws, deal by deal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.case.options import SOLUTIONS
from detente.case.thresholds import vetoers, voters
from detente.lenses.summary import Array
from detente.lenses.winset.deal import Acceptance, Deal
from detente.lenses.winset.engine import DEAL, TOUCHING, extents, solutions, verdicts

Statuses = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Solved:
    """One deal in some draws.

    Attributes:
        status: (D,), codes of `detente.lenses.winset.engine`.
        packages: solution → (D, d), shares of the scales; NaN without a deal.
        agreed: (D, d): share of each issue's scale between the least and the greatest value in the zone.
    """

    status: Statuses
    packages: dict[str, Array]
    agreed: Array


@dataclass(frozen=True, slots=True)
class Decided:
    """Which deals there are in a version of a case.

    Attributes:
        exact: whether no input carries doubt; there is one draw then.
        statuses: deal → (D,), codes of `detente.lenses.winset.engine`.
    """

    exact: bool
    statuses: dict[str, Statuses]


def parties(deal: Deal) -> tuple[int, ...]:
    """Return those whose gains the named solutions share: who is needed and has a stance; else who has one."""
    heard = np.isfinite(deal.radius).all(axis=0) & (deal.salience.sum(axis=(0, 2)) > 0)
    needed = vetoers(deal.rule, deal.voters)
    chosen = [v for v in voters(deal.rule) if heard[v] and needed[v]]
    return tuple(chosen or [v for v in voters(deal.rule) if heard[v]])


def has_deal(status: Statuses, acceptance: str) -> NDArray[np.bool_]:
    """Return which draws have a deal; under weak acceptance one that leaves somebody as well off will do."""
    return np.isin(status, (DEAL, TOUCHING) if acceptance == "weak" else (DEAL,))


def statuses(deal: Deal, acceptance: Acceptance) -> Statuses:
    """Return whether each draw has a deal."""
    return np.asarray(verdicts(deal, acceptance=acceptance).status, dtype=np.int8)


def decided(deal: Deal, acceptance: Acceptance) -> Array:
    """Return 1 where there is a deal, shape (D,); a draw that could not be decided counts 0 here."""
    return has_deal(statuses(deal, acceptance), acceptance).astype(np.float64)


def solve(deal: Deal, acceptance: Acceptance) -> Solved:
    """Return the answers for a deal in all its draws."""
    found = verdicts(deal, acceptance=acceptance)
    who = parties(deal)
    packages = solutions(deal, found, who, SOLUTIONS) if who else {}
    ends = extents(deal, found)
    agreed = np.nan_to_num(ends[..., 1] - ends[..., 0], nan=0.0)
    return Solved(np.asarray(found.status, dtype=np.int8), packages, agreed)


def joined(parts: Sequence[Solved]) -> Solved:
    """Return blocks of draws of one deal as one."""
    names = parts[0].packages
    return Solved(
        status=np.concatenate([part.status for part in parts]),
        packages={name: np.concatenate([part.packages[name] for part in parts]) for name in names},
        agreed=np.concatenate([part.agreed for part in parts]),
    )
