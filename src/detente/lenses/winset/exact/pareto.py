"""Which packages of the zone cannot be bettered for one party without loss to another?

Two parties: all corners of the frontier of each convex piece, found by asking between neighbours for a package
beyond the line that joins them until there is none (Aneja & Nair 1979), then the upper envelope over the pieces; a
zone of many pieces is sampled. On opposed linear issues these are the d + 1 corners of the fractional knapsack.
Packages that can be counted are all compared. More parties: the best packages for weights spread over the simplex,
a part of the frontier only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from detente.case.thresholds import margin
from detente.lenses.winset.deal import Array, Deal
from detente.lenses.winset.exact.envelope import Chain, envelope
from detente.lenses.winset.exact.fault import fault
from detente.lenses.winset.exact.packages import countable, packages
from detente.lenses.winset.exact.piece import Goal, Piece, solve
from detente.lenses.winset.exact.pieces import Zone, convex_pieces, zone_of
from detente.lenses.winset.exact.program import DealProgram
from detente.lenses.winset.exact.solutions import gains, most_least, most_sum

BEYOND = {"city_block": 1e-7, "quadratic": 2e-4}
"""How far beyond a line a package must lie to count as a corner of its own; a curve has no last corner."""
MOST_CORNERS = 64
MOST_CHAINS = 12
"""Up to how many pieces are followed corner by corner; above, the frontier is sampled."""
STEPS = 24
WEIGHTINGS = 60
"""About how many weightings of more than two parties are tried."""


@dataclass(frozen=True, eq=False)
class Frontier:
    """Efficient packages.

    Attributes:
        packages: shape (n, d); by ascending gain of the first party.
        gains: shape (n, K), of the parties with a stance.
        joined: shape (n,): whether the straight line of gains to the next point is on the frontier as well, up to
            its curve where losses are quadratic. The last is False.
        whole: whether nothing efficient is left out, lines included.
    """

    packages: Array
    gains: Array
    joined: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    whole: bool


def frontier(deal: Deal, parties: Sequence[int]) -> Frontier | None:
    """Return the Pareto frontier, in the parties' gains, of the packages that win consent and lose no party.

    Args:
        deal: one draw.
        parties: rows of the parties; those without a stance are left out.

    Returns:
        ``None`` where the zone is empty, no party has a stance, or the deal cannot be computed.
    """
    if fault(deal):
        return None
    zone = zone_of(deal, parties)
    if not zone.parties:
        return None
    if countable(zone.deal):
        return _counted(zone)
    if len(zone.parties) != 2:
        return _of_many(zone)
    pieces = convex_pieces(zone, MOST_CHAINS)
    return _swept(zone) if pieces is None else _of_two(zone, pieces)


def efficiency(deal: Deal, package: Array, parties: Sequence[int]) -> float:
    """Return the most by which all parties at once could gain more in the zone than from a package.

    Args:
        deal: one draw.
        package: shape (d,), within the parties' red lines; it need not win consent.
        parties: rows of the parties; those without a stance are left out.

    Returns:
        0 for a package that cannot be bettered for all (weakly efficient), negative if it gives more than the zone
        can; ``nan`` where there is no zone or a party cannot accept the package at all.
    """
    if fault(deal):
        return np.nan
    zone = zone_of(deal, parties)
    now = gains(deal, package, zone.parties)
    if not zone.parties or not np.isfinite(now).all():
        return np.nan

    def goal(model: DealProgram) -> None:
        more = model.program.column(-np.inf, cost=-1.0)
        for own, party in zip(now, zone.parties, strict=True):
            model.program.at_most([(more, 1.0), (model.gain(party), -1.0)], -float(own))

    found = zone.best(goal)
    if found is None or found.package is None:
        return np.nan
    return float((gains(zone.deal, found.package, zone.parties) - now).min())


def undominated(values: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Return the positions of points that no other betters, each value once, by ascending first coordinate.

    Args:
        values: shape (n, K); more is better.
    """
    order = np.lexsort(values.T[::-1])[::-1]
    kept: list[int] = []
    for k in order:
        if not len(kept) or not (values[kept] >= values[k] - 1e-10).all(axis=1).any():
            kept.append(int(k))
    return np.array(kept[::-1], dtype=np.intp)


def _counted(zone: Zone) -> Frontier | None:
    """Compare all packages that can be counted, block by block."""
    best, best_gains = np.empty((0, zone.deal.issues)), np.empty((0, len(zone.parties)))
    for block in packages(zone.deal):
        margins = zone.deal.margins(block[None])[0]
        won = margin(zone.deal.rule, margins) >= 0
        best = np.vstack([best, block[won]])
        best_gains = np.vstack([best_gains, margins[won][:, list(zone.parties)]])
        kept = undominated(best_gains)
        best, best_gains = best[kept], best_gains[kept]
    return Frontier(best, best_gains, np.zeros(len(best), dtype=bool), True) if len(best) else None


def _of_two(zone: Zone, pieces: Sequence[Piece]) -> Frontier | None:
    """Join the frontiers of the pieces."""
    chains = [chain for piece in pieces if (chain := _chain(piece, zone.parties)) is not None]
    if not chains:
        return None
    upper, joined = envelope(chains, BEYOND[zone.deal.loss] / 10)
    whole = zone.deal.loss == "city_block" and all(len(chain.gains) < MOST_CORNERS for chain in chains)
    return Frontier(upper.packages, upper.gains, joined, whole)


Corner = tuple[Array, Array]
"""A package, and what the two parties gain from it."""


def _chain(piece: Piece, parties: Sequence[int]) -> Chain | None:
    """Return the frontier of one piece."""
    first, second = _end(piece, parties, 1), _end(piece, parties, 0)
    if first is None or second is None:
        return None
    beyond = BEYOND[piece.deal.loss]
    corners, todo = [first], [(first, second)]
    while todo and len(corners) < MOST_CORNERS:
        a, b = todo.pop(0)
        across, along = float(a[1][1] - b[1][1]), float(b[1][0] - a[1][0])
        if across <= beyond or along <= beyond:
            continue
        weights = np.array([across, along]) / np.hypot(across, along)
        between = _corner(piece, parties, most_sum(parties, weights.tolist()))
        if between is not None and weights @ (between[1] - a[1]) > beyond:
            corners.append(between)
            todo += [(a, between), (between, b)]
    if np.abs(second[1] - first[1]).max() > beyond:
        corners.append(second)
    corners.sort(key=lambda corner: float(corner[1][0]))
    return Chain(np.array([c[0] for c in corners]), np.array([c[1] for c in corners]))


def _corner(piece: Piece, parties: Sequence[int], goal: Goal) -> Corner | None:
    found = solve(piece, goal)
    return None if found.package is None else (found.package, gains(piece.deal, found.package, parties))


def _end(piece: Piece, parties: Sequence[int], favoured: int) -> Corner | None:
    """Return the end of a frontier: the best for one party, and among those the best for the other."""
    best = _corner(piece, parties, most_sum([parties[favoured]]))
    if best is None:
        return None

    def goal(model: DealProgram) -> None:
        model.program.lower[model.gain(parties[favoured])] = float(best[1][favoured])
        model.program.cost[model.gain(parties[1 - favoured])] = -1.0

    return _corner(piece, parties, goal) or best


def _swept(zone: Zone) -> Frontier | None:
    """Return the most for the second party while the first has so much at least, step by step."""
    ends = [zone.best(most_sum([party])) for party in zone.parties]
    found = [end.package for end in ends if end is not None and end.package is not None]
    if len(found) < 2:
        return None
    shares = [gains(zone.deal, package, zone.parties)[0] for package in found]

    for least in np.linspace(min(shares), max(shares), STEPS):

        def goal(model: DealProgram, least: float = float(least)) -> None:
            first, second = (model.gain(party) for party in zone.parties)
            model.program.lower[first], model.program.cost[first] = least, -1e-4
            model.program.cost[second] = -1.0

        best = zone.best(goal)
        if best is not None and best.package is not None:
            found.append(best.package)
    return _kept(zone, found)


def _kept(zone: Zone, found: Sequence[Array]) -> Frontier:
    """Return those packages that no other betters."""
    values = np.array([gains(zone.deal, package, zone.parties) for package in found])
    kept = undominated(values)
    return Frontier(np.array(found)[kept], values[kept], np.zeros(len(kept), dtype=bool), False)


def _of_many(zone: Zone) -> Frontier | None:
    """Return the best packages for many weightings, and the fairest one."""
    goals = [most_sum(zone.parties, weights) for weights in _weightings(len(zone.parties))]
    goals.append(most_least(zone.parties, np.ones(len(zone.parties))))
    found = [
        best.package for goal in goals if (best := zone.best(goal)) is not None and best.package is not None
    ]
    return _kept(zone, found) if found else None


def _weightings(count: int) -> Iterator[list[float]]:
    """Yield weights above 0 that sum to 1: equal, one party before the others, and spread out."""
    yield [1 / count] * count
    for k in range(count):
        yield [0.98 if j == k else 0.02 / max(count - 1, 1) for j in range(count)]
    spread = np.random.default_rng(0).dirichlet(np.ones(count), WEIGHTINGS)
    yield from (0.01 / count + 0.99 * spread).tolist()
