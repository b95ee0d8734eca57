"""The questions to the engine about one draw, as the tests put them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.case.thresholds import Agreed
from detente.lenses.winset import engine
from detente.lenses.winset.deal import TOLERANCE, Acceptance, Array, Deal
from detente.lenses.winset.engine import STATUSES
from detente.lenses.winset.frontier import frontier as packages_of


@dataclass(frozen=True, eq=False)
class Found:
    """The package with the greatest margin, and what it proves."""

    status: str
    margin: float
    bound: float
    package: Array | None
    agreed: Agreed


@dataclass(frozen=True, eq=False)
class Package:
    """A package, shape (d,), and what it gains the parties, (K,)."""

    package: Array
    gains: Array


def zone(one: Deal, acceptance: Acceptance = "strict") -> Found:
    """Return the greatest margin of one draw, seeing that the quick verdict says the same."""
    found = engine.verdicts(one, acceptance=acceptance, greatest=True)
    assert engine.verdicts(one, acceptance=acceptance).status[0] == found.status[0]
    package = None if np.isnan(found.package[0]).any() else found.package[0]
    status = STATUSES[found.status[0]]
    agreed = one.margins(np.nan_to_num(found.package)[:, None])[0, 0] >= -TOLERANCE
    agreed &= status in ("deal", "touching")
    return Found(status, float(found.margin[0]), float(found.bound[0]), package, agreed)


def solution(one: Deal, name: str, parties: Sequence[int]) -> Package | None:
    """Return a named solution where there is a deal, those that leave somebody as well off included."""
    found = engine.verdicts(one, acceptance="weak")
    package = engine.solution(one, found, parties, name)
    return None if package is None else Package(package, gains(one, package, parties))


def gains(one: Deal, package: Array, parties: Sequence[int]) -> Array:
    """Return what parties gain from a package over no deal, (K,); ``-inf`` outside their red lines."""
    return np.asarray(one.margins(package[None, None])[0, 0, list(parties)])


def extent(one: Deal) -> Array | None:
    """Return the least and the most of each issue, (d, 2); ``None`` where no package wins consent (weakly)."""
    ends = engine.extents(one, engine.verdicts(one, acceptance="weak"))[0]
    return None if np.isnan(ends).any() else ends


def frontier(one: Deal, parties: Sequence[int]) -> tuple[Array, Array] | None:
    """Return efficient packages and their gains."""
    found = packages_of(one, parties)
    own = [k for k in dict.fromkeys(parties) if one.radius[0, k] < np.inf]
    return None if found is None else (found, one.margins(found[None])[0][:, own])
