"""Which draws have a deal, and on what terms? The answers for a block of draws, deal by deal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.case.options import SOLUTIONS
from detente.case.thresholds import vetoers, voters
from detente.lenses.summary import Array
from detente.lenses.winset.deal import Deal
from detente.lenses.winset.engine import DEAL, TOUCHING, extents, solutions, verdicts

if TYPE_CHECKING:
    from detente.lenses.winset.view import Terms, WinsetView


@dataclass(frozen=True, slots=True)
class Solved:
    """One deal in some draws.

    Attributes:
        status: (D,), codes of `detente.lenses.winset.engine`.
        packages: solution → (D, d), shares of the scales; NaN without a deal.
        agreed: (D, d): share of each issue's scale between the least and the greatest value in the zone.
    """

    status: NDArray[np.int8]
    packages: dict[str, Array]
    agreed: Array


def parties(deal: Deal) -> tuple[int, ...]:
    """Return those whose gains the named solutions share: who is needed and has a stance; else who has one."""
    heard = np.isfinite(deal.radius).all(axis=0) & (deal.salience.sum(axis=(0, 2)) > 0)
    needed = vetoers(deal.rule, deal.voters)
    chosen = [v for v in voters(deal.rule) if heard[v] and needed[v]]
    return tuple(chosen or [v for v in voters(deal.rule) if heard[v]])


def has_deal(status: NDArray[np.int8], acceptance: str) -> NDArray[np.bool_]:
    """Return which draws have a deal; under weak acceptance one that leaves somebody as well off will do."""
    return np.isin(status, (DEAL, TOUCHING) if acceptance == "weak" else (DEAL,))


def statuses(view: WinsetView, terms: Terms, values: Array) -> NDArray[np.int8]:
    """Return whether each row of numbers, shape (rows, columns of the view's table), has the deal."""
    found = verdicts(view.deal(terms, values), acceptance=view.options.acceptance)
    return np.asarray(found.status, dtype=np.int8)


def decided(view: WinsetView, terms: Terms, values: Array) -> Array:
    """Return 1 where there is a deal, shape (rows,); a draw that could not be decided counts 0 here."""
    return has_deal(statuses(view, terms, values), view.options.acceptance).astype(np.float64)


def solve(view: WinsetView, values: Array) -> dict[str, Solved]:
    """Return deal → its answers in some rows of numbers."""
    found = {}
    for terms in view.deals:
        deal = view.deal(terms, values)
        answers = verdicts(deal, acceptance=view.options.acceptance)
        who = parties(deal)
        packages = solutions(deal, answers, who, SOLUTIONS) if who else {}
        ends = extents(deal, answers)
        agreed = np.nan_to_num(ends[..., 1] - ends[..., 0], nan=0.0)
        found[terms.id] = Solved(np.asarray(answers.status, dtype=np.int8), packages, agreed)
    return found
