"""What if settlements are valued one by one? Then every package of the discrete issues is looked at.

Values of any shape leave the losses without the form that the search rests on. The packages are few, and what each
costs each voter is a sum over issues of entries of tables: all of them, in all draws, exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import Voter, all_of, margin
from detente.lenses.winset.deal import TOLERANCE, Array, Deal
from detente.lenses.winset.engine.decision import CANDIDATE
from detente.lenses.winset.engine.kernel import Reply
from detente.lenses.winset.engine.losses import ON_THE_LINE
from detente.lenses.winset.engine.named_solutions import EGALITARIAN, KALAI_SMORODINSKY, NASH, UTILITARIAN

ROOM = 4_000_000
"""Gains held at once: draws × voters × packages."""
SAME = 1e-9
"""Gains that differ by less are equal."""


def _listed(deal: Deal) -> Array:
    every = deal.every_package()
    assert every is not None  # noqa: S101 - the view examines no other deals with values
    return every


def _blocks(deal: Deal, packages: int) -> Iterator[slice]:
    size = max(1, ROOM // (deal.voters * packages))
    yield from (slice(at, at + size) for at in range(0, deal.draws, size))


def gains(deal: Deal) -> Array:
    """Return what every package gains every voter, (D, P, V); ``-inf`` outside its red lines."""
    total = np.repeat(deal.radius[:, None, :], len(_listed(deal)), axis=1)
    places = np.indices([len(own) for own in deal.levels if own is not None]).reshape(deal.issues, -1)
    for i, own in enumerate(deal.levels):
        assert own is not None  # noqa: S101 - as above
        levels = np.broadcast_to(own[None, :, None], (deal.draws, len(own), 1))
        lost = deal.one_issue(i).apart(levels)[..., 0] * deal.salience[:, None, :, i]  # (D, L, V)
        low, high = (line[:, None, :, i] for line in (deal.floor - ON_THE_LINE, deal.ceiling + ON_THE_LINE))
        beyond = (own[None, :, None] < low) | (own[None, :, None] > high)
        total = np.where(beyond[:, places[i]], -np.inf, total - lost[:, places[i]])
    return total


def most(deal: Deal) -> Reply:
    """Return the package with the greatest margin of all, as an answer to the question for verdicts."""
    packages = _listed(deal)
    facts, found = np.zeros((deal.draws, 3)), np.full((deal.draws, 1, deal.issues), np.nan)
    facts[:, 2] = CANDIDATE
    for block in _blocks(deal, len(packages)):
        margins = margin(deal.rule, gains(deal.rows(block)))
        best = margins.argmax(axis=1)
        facts[block, 0] = facts[block, 1] = np.take_along_axis(margins, best[:, None], axis=1)[:, 0]
        found[block, 0] = packages[best]
    return Reply(facts, found)


def reach(deal: Deal, slack: Array) -> Reply:
    """Return the least and the greatest value of every issue in the zone, (D, 2, d); NaN where there is none."""
    packages = _listed(deal)
    found = np.full((deal.draws, 2, deal.issues), np.nan)
    for block in _blocks(deal, len(packages)):
        inside = margin(deal.rule, gains(deal.rows(block))) >= -slack[block, None]
        some = inside.any(axis=1)
        for i in range(deal.issues):
            values = packages[None, :, i]
            low = np.where(inside, values, np.inf).min(axis=1)
            high = np.where(inside, values, -np.inf).max(axis=1)
            found[block, 0, i], found[block, 1, i] = np.where(some, low, np.nan), np.where(some, high, np.nan)
    return Reply(np.empty(0), found)


def named(deal: Deal, slack: Array, parties: Sequence[int], wanted: Sequence[bool]) -> Reply:
    """Return the named solutions, (D, 4, d); NaN where there is none.

    Of several packages that solve alike, the one with the greater least gain, then the first in the list.
    """
    packages = _listed(deal)
    rule = all_of(deal.rule, *(Voter(v) for v in dict.fromkeys(parties)))
    found = np.full((deal.draws, 4, deal.issues), np.nan)
    for block in _blocks(deal, len(packages)):
        rows = deal.rows(block)
        own = gains(rows)
        inside = margin(rule, own) >= -slack[block, None]
        counted = [v for v in dict.fromkeys(parties) if np.isfinite(deal.radius[block, v]).all()]
        for name, score in _scores(own[..., counted], inside).items():
            if wanted[name]:
                there = np.asarray(np.isfinite(score).any(axis=1))
                best = _first_best(score, own[..., counted].min(axis=2, initial=np.inf))
                found[block, name] = np.where(there[:, None], packages[best], np.nan)
    return Reply(np.empty(0), found)


def _scores(own: Array, inside: NDArray[np.bool_]) -> dict[int, Array]:
    """Return solution → what it maximises, (D, P), of gains (D, P, K); ``-inf`` outside the zone."""
    zone = np.where(inside[..., None], own, -np.inf)
    ideal = zone.max(axis=1, keepdims=True, initial=-np.inf)
    able = ideal > TOLERANCE
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(able, zone / np.where(able, ideal, 1.0), np.inf).min(axis=2, initial=np.inf)
        product = np.where(
            (zone > TOLERANCE).all(axis=2), np.log(np.maximum(zone, TOLERANCE)).sum(axis=2), -np.inf
        )
    scores = {
        NASH: product,
        KALAI_SMORODINSKY: np.where(np.isposinf(shares), 0.0, shares),
        EGALITARIAN: np.where(np.isfinite(zone).all(axis=2), zone.min(axis=2, initial=np.inf), -np.inf),
        UTILITARIAN: np.where(inside, np.where(inside[..., None], own, 0.0).sum(axis=2), -np.inf),
    }
    scores[EGALITARIAN] = np.where(np.isposinf(scores[EGALITARIAN]), 0.0, scores[EGALITARIAN])
    return {name: np.where(inside, score, -np.inf) for name, score in scores.items()}


def _first_best(score: Array, least: Array) -> NDArray[np.intp]:
    """Return, per row, the first place of the greatest score, and of equal ones that of the greatest ``least``."""
    top = score.max(axis=1, keepdims=True)
    equal = score >= top - SAME * np.maximum(1.0, np.abs(top))
    among = np.where(equal, least, -np.inf)
    best = among.max(axis=1, keepdims=True)
    return np.asarray((equal & (among >= best - SAME)).argmax(axis=1))
