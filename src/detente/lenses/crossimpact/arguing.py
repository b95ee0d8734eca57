"""Why does a future hold together, or what is said to follow not? And which judgement is worth settling?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from detente.case import Claim
from detente.case.text import sources_of
from detente.case.words import input_name
from detente.lenses.crossimpact.balances import Scenarios
from detente.lenses.crossimpact.changes import Contribution, Lift, cheapest, contributions, repair
from detente.lenses.crossimpact.records import Apart, Argument, ClaimFound, Reason, Step, Worth
from detente.lenses.crossimpact.result import WITH
from detente.lenses.crossimpact.survival import entropy, information
from detente.lenses.crossimpact.view import EXPERT, CrossImpactView, Found
from detente.lenses.summary import Array

RARELY = 0.02
"""Share of draws up to which two claims hardly ever go together."""
MOST_OBJECTIONS = 3
MOST_TOLD = 20
MOST_WEIGHED = 60
LEAST_BITS = 1e-6


def step_of(view: CrossImpactView, lift: Lift) -> Step:
    """Return a change of judgements in words."""
    j = lift.descriptor
    return Step(
        descriptor=view.descriptor(j),
        variant=view.variant(j, lift.variant),
        rival=view.variant(j, lift.rival),
        points=view.points(lift.points),
    )


def argue(view: CrossImpactView, scenario: Scenarios, number: int) -> Iterator[Argument]:
    """Yield why each descriptor has its variant in a scenario, shape (n,), which has this number in the list."""
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
            lead=view.points(sum(one.points for one in found)),
            supports=tuple(one for one in reasons if one.points > 0),
            objections=tuple(reversed([one for one in reasons if one.points < 0])),
        )


def _reason(view: CrossImpactView, scenario: Scenarios, j: int, rival: int, of: Contribution) -> Reason:
    """Return a reason with what the row rests on, and what its pushes on the variant and on its rival do."""
    row = int(view.shape.offsets[of.source]) + int(scenario[of.source])
    judged, because = view.rows.get((row, j)), tuple[str, ...]()
    if judged is not None:
        own = [judged.because_each.get(view.variants[j][k], ()) for k in (int(scenario[j]), rival)]
        because = tuple(dict.fromkeys((*judged.because, *own[0], *own[1])))
    return Reason(
        source=f"{view.descriptor(of.source)}: {view.variant(of.source, int(scenario[of.source]))}",
        points=view.points(of.points),
        keystone=of.keystone,
        because=because,
    )


def claims_found(
    view: CrossImpactView, found: Found, tested: NDArray[np.bool_]
) -> tuple[dict[str, ClaimFound], tuple[Apart, ...]]:
    """Return whether each claim holds together, and which hardly ever go together; ``tested`` as in `cheapest`."""
    which, fits = view.readings(found), dict[str, NDArray[np.bool_]]()
    for key, claim in view.futures.claims.items():
        allowed = view.pattern(claim.holds)
        fits[key] = np.all(allowed >> found.scenarios.astype(np.int64) & 1, axis=1)
    claims = {
        key: _claim(view, claim, found, which, fits[key], tested)
        for key, claim in view.futures.claims.items()
    }
    return claims, tuple(_apart(view, found, which.get(WITH, found.free), fits))


def _claim(
    view: CrossImpactView,
    claim: Claim,
    found: Found,
    which: Mapping[str, NDArray[np.bool_]],
    fits: NDArray[np.bool_],
    tested: NDArray[np.bool_],
) -> ClaimFound:
    shares, some = {}, {}
    for reading, mask in which.items():
        total, having = found.per_draw(mask), found.per_draw(mask & fits)
        any_ = total > 0
        shares[reading] = float((having[any_] / total[any_]).mean()) if any_.any() else 0.0
        some[reading] = float((having > 0).mean())
    told = ClaimFound(name=claim.name, holds=False, shares=shares, some=some, cost=None)
    assume = view.futures.assume if view.assumed is not None else None
    holds = {**(assume.holds if assume is not None else {}), **claim.holds}
    start = view.start(view.open(1))[0] & view.pattern(holds)
    best = cheapest(view.central, view.shape, tested, start, view.bans, view.tolerance)
    if best is None:
        return told
    scenario, cost = best
    lifts = repair(view.central, scenario, view.shape, tested, view.tolerance)
    return told.model_copy(
        update={
            "holds": cost == 0,
            "cost": view.points(cost),
            "steps": tuple(step_of(view, one) for one in lifts),
            "objections": tuple(_objections(view, scenario, lifts)),
        }
    )


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
    often = {key: (found.per_draw(leading & one) > 0).mean() for key, one in fits.items()}
    for first, second in combinations(fits, 2):
        share = float((found.per_draw(leading & fits[first] & fits[second]) > 0).mean())
        if share <= RARELY and min(often[first], often[second]) > 5 * RARELY:
            claims = view.futures.claims
            yield Apart(first=claims[first].name, second=claims[second].name, share=share)


# --- what is worth settling -----------------------------------------------------------------------


def worth(
    view: CrossImpactView,
    scenarios: Scenarios,
    tested: NDArray[np.bool_],
    found: Found,
    experts: NDArray[np.int64],
) -> tuple[Worth, ...]:
    """Return what is worth settling: judgements one by one, then sources, then which expert is right.

    What a source is worth is the sum over the judgements that rest on it: like theirs a figure to screen by.
    The doubt counts over ``scenarios``, shape (s, n); ``experts`` were asked in the draws of ``found``.
    """
    rows = list(_experts(view, scenarios, found, experts))
    if view.doubt is None or not len(scenarios):
        return tuple(rows)
    weighed, case = scenarios[:MOST_WEIGHED], view.case
    bits = information(view.doubt, weighed, view.shape, tested, view.options.tolerance)
    judged = {path: float(bits[place]) for place, path in view.paths.items()}
    return (
        *_most("judgement", judged, lambda path: input_name(case, path)),
        *_most("source", _carried(view, bits), lambda source: case.sources[source].title),
        *rows,
    )


def _most(kind: str, found: Mapping[str, float], named: Callable[[str], str]) -> Iterator[Worth]:
    for path, value in sorted(found.items(), key=lambda one: (-one[1], one[0]))[:MOST_TOLD]:
        if value > LEAST_BITS:
            yield Worth(kind=kind, what=named(path), path=path, bits=value)


def _carried(view: CrossImpactView, bits: Array) -> dict[str, float]:
    """Return source → bits of all judgements that rest on it."""
    carried: dict[str, float] = {}
    for (row, on), judgement in view.rows.items():
        cells = dict(zip(view.variants[on], bits[row, view.shape.block(on)].tolist(), strict=True))
        resting = [(judgement.because, sum(cells.values()))]
        resting += [(because, cells[one]) for one, because in judgement.because_each.items()]
        for because, value in resting:
            for source in sources_of(because):
                carried[source] = carried.get(source, 0.0) + value
    return carried


def _experts(
    view: CrossImpactView, scenarios: Scenarios, found: Found, experts: NDArray[np.int64]
) -> Iterator[Worth]:
    """Yield what it is worth to know which expert is right, from the draws."""
    names, draws = list(view.futures.experts.values()), len(found.counts)
    if len(names) < 2 or not len(scenarios):
        return
    asked, total = np.bincount(experts, minlength=len(names)), 0.0
    numbers = view.shape.numbered(found.scenarios)
    for number in view.shape.numbered(scenarios[:MOST_WEIGHED]).tolist():
        held = np.bincount(experts[found.draw[numbers == number]], minlength=len(names))
        left = sum(
            n / draws * entropy(h / n) for h, n in zip(held.tolist(), asked.tolist(), strict=True) if n
        )
        total += entropy(float(held.sum()) / draws) - left
    if total > LEAST_BITS:
        named = ", ".join(one.name for one in names)
        yield Worth(kind="expert", what=f"which of them is right: {named}", path=EXPERT, bits=total)
