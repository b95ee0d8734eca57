"""Why does a future hold together, or what is said to follow not? Supports and objections, from the matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from detente.case import Claim
from detente.lenses.crossimpact.balances import Scenarios, Whole
from detente.lenses.crossimpact.changes import Contribution, Lift, cheapest, contributions, repair
from detente.lenses.crossimpact.records import Apart, Argument, ClaimFound, Points, Reading, Reason, Step
from detente.lenses.crossimpact.result import FREE, WITH, WITHOUT
from detente.lenses.crossimpact.view import CrossImpactView, Found

RARELY = 0.02
"""Share of draws up to which two claims hardly ever go together."""
MOST_OBJECTIONS = 3


def points(view: CrossImpactView, value: int) -> Points:
    """Return points of judgements in the unit of the case."""
    return value if view.unit == 1 else value / view.unit


def step_of(view: CrossImpactView, lift: Lift) -> Step:
    """Return a change of judgements in words."""
    j = lift.descriptor
    return Step(
        descriptor=view.descriptor(j),
        variant=view.variant(j, lift.variant),
        rival=view.variant(j, lift.rival),
        points=points(view, lift.points),
    )


def argue(view: CrossImpactView, scenario: Scenarios, number: int) -> Iterator[Argument]:
    """Yield why each descriptor has its variant.

    Args:
        view: the futures.
        scenario: shape (n,).
        number: of the future in the list.
    """
    for j in range(view.shape.count):
        rival, found = contributions(view.central, scenario, view.shape, j)
        if rival < 0:
            continue
        reasons = [_reason(view, scenario, j, rival, one) for one in found]
        yield Argument(
            future=number,
            descriptor=view.descriptor(j),
            variant=view.variant(j, int(scenario[j])),
            runner_up=view.variant(j, rival),
            lead=points(view, sum(one.points for one in found)),
            supports=tuple(one for one in reasons if one.points > 0),
            objections=tuple(reversed([one for one in reasons if one.points < 0])),
        )


def _reason(view: CrossImpactView, scenario: Scenarios, j: int, rival: int, of: Contribution) -> Reason:
    """Return a reason with what the row rests on, and what its pushes on the variant and on its rival do."""
    row = int(view.shape.offsets[of.source]) + int(scenario[of.source])
    judged, because = view.rows.get((row, j)), tuple[str, ...]()
    if judged is not None:
        own = [judged[1].because_each.get(view.variants[j][k], ()) for k in (int(scenario[j]), rival)]
        because = tuple(dict.fromkeys((*judged[1].because, *own[0], *own[1])))
    return Reason(
        source=f"{view.descriptor(of.source)}: {view.variant(of.source, int(scenario[of.source]))}",
        points=points(view, of.points),
        keystone=of.keystone,
        because=because,
    )


def claims_found(
    view: CrossImpactView, found: Found, tested: NDArray[np.bool_], readings: Mapping[str, Reading]
) -> tuple[dict[str, ClaimFound], tuple[Apart, ...]]:
    """Return whether each claim holds together, and which hardly ever go together.

    Args:
        view: the futures.
        found: consistent scenarios of every draw.
        tested: whether each descriptor must be consistent.
        readings: what is assumed.
    """
    which = {FREE: found.free}
    if WITH in readings and view.assumed is not None:
        has = np.isin(found.scenarios[:, view.assumed[0]], view.assumed[1])
        which |= {WITH: has, WITHOUT: ~has}
    fits = {key: _fitting(view, found.scenarios, claim) for key, claim in view.futures.claims.items()}
    claims = {
        key: _claim(view, claim, found, which, fits[key], tested)
        for key, claim in view.futures.claims.items()
    }
    leading = which.get(WITH, found.free)
    return claims, tuple(_apart(view, found, leading, fits))


def _fitting(view: CrossImpactView, scenarios: Scenarios, claim: Claim) -> NDArray[np.bool_]:
    fits = np.ones(len(scenarios), np.bool_)
    for key, variants in claim.holds.items():
        j = view.keys.index(key)
        fits &= np.isin(scenarios[:, j], [view.variants[j].index(one) for one in variants])
    return fits


def _claim(
    view: CrossImpactView,
    claim: Claim,
    found: Found,
    which: Mapping[str, NDArray[np.bool_]],
    fits: NDArray[np.bool_],
    tested: NDArray[np.bool_],
) -> ClaimFound:
    draws, shares, some = len(found.counts), {}, {}
    for reading, mask in which.items():
        total = np.bincount(found.draw[mask], minlength=draws)
        having = np.bincount(found.draw[mask & fits], minlength=draws)
        any_ = total > 0
        shares[reading] = float((having[any_] / total[any_]).mean()) if any_.any() else 0.0
        some[reading] = float((having > 0).mean())
    best = cheapest(view.central, view.shape, tested, _pattern(view, claim), view.bans, view.tolerance)
    if best is None or best.scenario is None:
        return ClaimFound(name=claim.name, holds=False, shares=shares, some=some, cost=None)
    lifts = repair(view.central, best.scenario, view.shape, tested, view.tolerance)
    return ClaimFound(
        name=claim.name,
        holds=best.cost == 0,
        shares=shares,
        some=some,
        cost=points(view, best.cost),
        steps=tuple(step_of(view, one) for one in lifts),
        objections=tuple(_objections(view, best.scenario, lifts)),
    )


def _pattern(view: CrossImpactView, claim: Claim) -> Whole:
    """Return the open variants of a claim as bits, with what is assumed unless the claim says otherwise."""
    start: Whole = view.start(view.open(1))[0]
    if view.assumed is not None and view.keys[view.assumed[0]] not in claim.holds:
        start[view.assumed[0]] = sum(1 << k for k in view.assumed[1])
    for key, variants in claim.holds.items():
        j = view.keys.index(key)
        start[j] &= sum(1 << view.variants[j].index(one) for one in variants)
    return start


def _objections(view: CrossImpactView, scenario: Scenarios, lifts: list[Lift]) -> Iterator[str]:
    """Yield what speaks most against the variants of a scenario that fall short."""
    for lift in sorted(lifts, key=lambda one: -one.points)[:MOST_OBJECTIONS]:
        j = lift.descriptor
        rival, found = contributions(view.central, scenario, view.shape, j)
        against = [one for one in reversed(found) if one.points < 0][:2]
        if against:
            named = " and ".join(_reason(view, scenario, j, rival, one).source for one in against)
            yield f"it needs {view.descriptor(j)} “{view.variant(j, lift.variant)}”, against {named}"


def _apart(
    view: CrossImpactView,
    found: Found,
    leading: NDArray[np.bool_],
    fits: Mapping[str, NDArray[np.bool_]],
) -> Iterator[Apart]:
    draws = len(found.counts)
    often = {
        key: float((np.bincount(found.draw[leading & one], minlength=draws) > 0).mean())
        for key, one in fits.items()
    }
    for first, second in combinations(fits, 2):
        both = np.bincount(found.draw[leading & fits[first] & fits[second]], minlength=draws) > 0
        share = float(both.mean())
        if share <= RARELY and min(often[first], often[second]) > 5 * RARELY:
            claims = view.futures.claims
            yield Apart(first=claims[first].name, second=claims[second].name, share=share)
