"""What would make a deal likelier, and by how much? Every consent and every red line, on the same draws.

The change is that of the share of draws with a deal, paired draw by draw, so that the luck of the draws cancels
(McNemar 1947). To ask for less never undoes a deal: only draws without one are asked again, and of a softer red
line only those that its lifting opens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from detente.lenses.summary import at_least
from detente.lenses.winset.answers import CurvePoint, Lever
from detente.lenses.winset.deal import Deal, stacked
from detente.lenses.winset.engine import DEAL, UNKNOWN, Statuses, verdicts
from detente.lenses.winset.margins import margins
from detente.lenses.winset.unblock.demands import Demand, Mask, all_softened, demands, dropped, without

Change = Callable[[Deal], Deal]
SHARES = tuple(k / 10 for k in range(11))


def levers(
    deal: Deal, *, by: float = 0.1, status: Statuses | None = None, middle: Deal | None = None
) -> tuple[Lever, ...]:
    """Return what every change does to the probability of a deal, the strongest first.

    Each actor's consent is waived, and each of its red lines is lifted, and softened. None of which no draw could
    be decided.

    Args:
        deal: D draws.
        by: how far red lines are softened, as a share of the scale.
        status: (D,), verdicts on the deal as it stands, where they are known.
        middle: at mean inputs (D = 1): where no draw has a deal it is told what changes do to its margin.
    """
    before = verdicts(deal).status if status is None else status
    found: list[tuple[Lever, Change]] = []

    def tried(change: Change, worth: Mask | None, **told: object) -> Mask:
        """Note what a change does; return in which draws there is a deal then, or may be one."""
        after = again(change(deal), before, worth)
        known = (before != UNKNOWN) & (after != UNKNOWN)
        if known.any():
            difference, error = paired(before[known] == DEAL, after[known] == DEAL)
            share = float((after[known] == DEAL).mean())
            told |= {"probability": share, "change": difference, "mc_error": error, "draws": int(known.sum())}
            found.append((Lever.model_validate(told), change))
        return possible(after)

    for actor, rows in deal.groups().items():
        opened = tried(partial(without, rows=rows), None, kind="waive", actor=actor)
        lines: dict[tuple[str, int], list[Demand]] = {}
        for demand in demands(deal, rows):
            if demand.issue is not None:
                lines.setdefault((demand.kind, demand.issue), []).append(demand)
        for (side, issue), own in lines.items():
            line = {"actor": actor, "issue": deal.issue(issue), "side": side}
            lifted = tried(partial(dropped, given_up=own), opened, kind="lift", **line)
            softer = partial(all_softened, chosen=own, by=by)
            tried(softer, lifted, kind="soften", by=by * deal.width(issue), **line)
    found.sort(key=lambda one: -one[0].change)
    told = tuple(lever for lever, _ in found)
    if middle is None or not told or max(one.probability - one.change for one in told) > 0:
        return told
    every = stacked([middle, *(change(middle) for _, change in found)])
    here, *then = margins(every, verdicts(every).status).tolist()
    return tuple(
        one.model_copy(update={"margin": there - here}) for one, there in zip(told, then, strict=True)
    )


def possible(status: Statuses) -> Mask:
    """Return which draws have a deal or may have one, (D,)."""
    return np.asarray((status == DEAL) | (status == UNKNOWN))


def again(deal: Deal, before: Statuses, worth: Mask | None = None) -> Statuses:
    """Return verdicts on a deal that asks for less: sought where there was none, and where it is ``worth`` it."""
    rows = before != DEAL if worth is None else (before != DEAL) & worth
    after = before.copy()
    if rows.any():
        after[rows] = verdicts(deal.rows(rows)).status
    return after


def paired(before: Mask, after: Mask) -> tuple[float, float]:
    """Return the difference of two shares on the same n ≥ 1 draws, and its standard error (`at_least`)."""
    n = before.size
    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    spread = max(gained + lost - (gained - lost) ** 2 / n, 0.0)
    return (gained - lost) / n, at_least(float(np.sqrt(spread)) / n, n)


def softening(deal: Deal, found: Sequence[Lever]) -> tuple[Lever | None, tuple[CurvePoint, ...]]:
    """Return the red line whose lifting helps most, and the probability of a deal as it is softened."""
    lifted = [lever for lever in found if lever.kind == "lift" and lever.change > 0]
    strongest = min(  # of equals by its id: not the one that stands first in the case
        lifted, key=lambda one: (-one.change, one.actor, one.issue or "", one.side or ""), default=None
    )
    if strongest is None:
        return None, ()
    own = deal.groups()[strongest.actor]
    lines = [
        one
        for one in demands(deal, own)
        if one.kind == strongest.side and one.issue is not None and deal.issue(one.issue) == strongest.issue
    ]
    return strongest, curve(deal, lines)


def curve(deal: Deal, softer: Sequence[Demand], shares: Sequence[float] = SHARES) -> tuple[CurvePoint, ...]:
    """Return the probability of a deal as demands are softened, all by the same share of the scale.

    No point where no draw could be decided.

    Args:
        deal: D draws.
        softer: the demands that give way together.
        shares: of the scale, ascending from 0 at least.
    """
    status = verdicts(deal).status
    last = possible(again(all_softened(deal, softer, shares[-1]), status))
    points: list[CurvePoint] = []
    for share in shares:
        if share > 0:
            status = again(all_softened(deal, softer, share), status, last)
        points += curve_point(share, status)
    return tuple(points)


def curve_point(
    strength: float,
    status: Statuses,
    terms: Mapping[str, float] | None = None,
    gains: Mapping[str, float] | None = None,
) -> list[CurvePoint]:
    """Return the share of draws with a deal among those decided, with its error; none without any."""
    known = status[status != UNKNOWN]
    if not known.size:
        return []
    p = float((known == DEAL).mean())
    error = at_least(float(np.sqrt(p * (1 - p) / known.size)), known.size)
    return [
        CurvePoint(
            strength=strength,
            probability=p,
            mc_error=error,
            terms=dict(terms or {}),
            gains=dict(gains or {}),
            draws=known.size,
        )
    ]
