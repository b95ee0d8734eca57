"""Which package, of those that win consent? Four solutions of the bargaining problem among named parties.

- ``nash``: the greatest product of gains (Nash 1950);
- ``kalai_smorodinsky``: gains in proportion to the best that each could have (Kalai & Smorodinsky 1975), the rest
  raised in turn where proportion leaves something over (Imai 1983);
- ``egalitarian``: the greatest least gain, then the second least, and so on (Kalai 1977; Rawls's maximin);
- ``utilitarian``: the greatest sum of gains.

Gains are margins over no deal. The axioms behind the names assume a convex zone; where consent can be won in
several ways each is solved and the best is taken, and uniqueness is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Literal

import numpy as np

from detente.errors import OptionError
from detente.lenses.winset.deal import TOLERANCE, Array, Deal
from detente.lenses.winset.exact.fault import fault
from detente.lenses.winset.exact.linear import SECONDS
from detente.lenses.winset.exact.piece import Best, Goal, Piece, solve
from detente.lenses.winset.exact.pieces import Zone, zone_of
from detente.lenses.winset.exact.program import DealProgram
from detente.lenses.winset.exact.search import Key, search

Name = Literal["nash", "kalai_smorodinsky", "egalitarian", "utilitarian"]
NAMES: tuple[Name, ...] = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")
BOUND_BY = 1e-7
"""From which shadow price on a party is taken to hold the others up."""


@dataclass(frozen=True, eq=False)
class Package:
    """A package and what the parties gain from it.

    Attributes:
        package: shape (d,).
        gains: shape (K,): margins of the parties over no deal; ``inf`` for a party without a stance.
    """

    package: Array
    gains: Array


def solution(deal: Deal, name: Name, parties: Sequence[int]) -> Package | None:
    """Return a package of the zone that a solution picks.

    Every party must gain at least 0 within its own red lines, also one whose consent no rule needs: a solution
    shares out gains from agreement among those who agree.

    Args:
        deal: one draw.
        name: of the solution.
        parties: rows of the parties, K.

    Returns:
        ``None`` where no package gives that, for ``nash`` also where some party cannot gain together with the
        others, and where the deal cannot be computed.

    Raises:
        OptionError: there is no solution of that name.
    """
    return None if fault(deal) else solution_in(zone_of(deal, parties), name, parties)


def solution_in(zone: Zone, name: Name, parties: Sequence[int]) -> Package | None:
    """Return what a solution picks in a zone that is known already; as ``solution``."""
    if name not in NAMES:
        raise OptionError(f"no solution named {name!r}; there are: {', '.join(NAMES)}")
    package = _package(zone, name)
    return None if package is None else Package(package, gains(zone.deal, package, parties))


def gains(deal: Deal, package: Array, parties: Sequence[int]) -> Array:
    """Return what parties gain from a package over no deal, shape (K,); ``-inf`` outside their red lines."""
    return np.asarray(deal.margins(package[None, None])[0, 0, list(parties)])


def _package(zone: Zone, name: Name) -> Array | None:
    if not zone.parties or name == "utilitarian":
        found = zone.best(most_sum(zone.parties))
        return None if found is None else found.package
    if name == "nash":
        return _nash(zone)
    scale = np.ones(len(zone.parties)) if name == "egalitarian" else ideal_gains(zone)
    return None if scale is None else _leximin(zone, scale)


def most_sum(parties: Sequence[int], weights: Sequence[float] | None = None) -> Goal:
    """Return the goal of the largest weighted sum of gains."""

    def goal(model: DealProgram) -> None:
        for k, party in enumerate(parties):
            model.program.cost[model.gain(party)] = -1.0 if weights is None else -float(weights[k])

    return goal


def most_least(
    parties: Sequence[int], scale: Array, held: dict[int, float] | None = None, rows: list[int] | None = None
) -> Goal:
    """Return the goal of the largest least gain, as shares of a scale, of those parties that are not held yet.

    Args:
        parties: rows of voters.
        scale: shape (K,), > 0.
        held: position of a party → share that it keeps at least.
        rows: filled with the row of each party that is not held, in their order.
    """
    fixed = held or {}

    def goal(model: DealProgram) -> None:
        least = model.program.column(-np.inf, cost=-1.0)
        for k, party in enumerate(parties):
            gain = model.gain(party)
            if k in fixed:
                model.program.lower[gain] = fixed[k] * float(scale[k])
                continue
            row = model.program.at_most([(least, float(scale[k])), (gain, -1.0)], 0.0)
            if rows is not None:
                rows.append(row)

    return goal


def ideal_gains(zone: Zone) -> Array | None:
    """Return the best that each party could gain in the zone, shape (K,), at least ``TOLERANCE``; or ``None``."""
    best = []
    for party in zone.parties:
        found = zone.best(most_sum([party]))
        if found is None or found.package is None:
            return None
        best.append(max(float(gains(zone.deal, found.package, [party])[0]), TOLERANCE))
    return np.array(best)


def _nash(zone: Zone) -> Array | None:
    """Return the package with the greatest product of gains, all of them above 0."""
    fair = zone.best(most_least(zone.parties, np.ones(len(zone.parties))))
    if fair is None or -fair.answer.value <= TOLERANCE:
        return None

    def goal(model: DealProgram) -> None:
        for party in zone.parties:
            gain = model.gain(party)
            model.program.lower[gain] = TOLERANCE / 10
            log = model.program.logarithm(gain, np.geomspace(1e-6, 1.0, 13).tolist())
            model.program.cost[log] = -1.0

    found = zone.best(goal)
    return None if found is None else found.package


def _leximin(zone: Zone, scale: Array) -> Array | None:
    """Return the package whose ascending gains, as shares of a scale, are lexicographically the greatest."""
    if zone.coalitions is not None:
        best = search(
            zone.deal,
            zone.coalitions,
            lambda piece: _raised(piece, zone.parties, scale),
            monotonic() + SECONDS,
        ).best
        return None if best is None else best.package
    start = zone.best(most_least(zone.parties, scale))
    return None if start is None else _raised(start.piece, zone.parties, scale)[1].package


def _raised(piece: Piece, parties: Sequence[int], scale: Array) -> tuple[Key, Best]:
    """Raise the least gain of a convex piece, hold those with a shadow price there, and raise the others on.

    A positive shadow price proves that the party gains no more in any package that is as good; so each round holds
    one party at least. Levels of discrete issues may be mixed.
    """
    held: dict[int, float] = {}
    last: Best | None = None
    while True:
        rows: list[int] = []
        found = solve(piece, most_least(parties, scale, held, rows), mixed=True)
        if found.answer.marginals is None:
            return tuple(round(share, 7) for share in sorted(held.values())), last or found
        last = found
        free = [k for k in range(len(parties)) if k not in held]
        prices = -found.answer.marginals[rows] * scale[free]
        tight = [k for k, price in zip(free, prices, strict=True) if price > BOUND_BY]
        held |= dict.fromkeys(tight or [free[int(np.argmax(prices))]], -found.answer.value - 1e-10)
        if len(held) == len(parties):
            return tuple(round(share, 7) for share in sorted(held.values())), found
