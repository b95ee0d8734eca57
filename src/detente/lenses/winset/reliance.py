"""On what that is but assumed does a deal rest? Costs of failure set aside, and red lines that must meet.

Costs of failure are set aside, alone and together, on the same draws. And where the red lines of two who are
needed must meet, how often they do: a deal that exists about as often rests on little but two assumed numbers.
Which input in doubt decides most, and what moving a number would do, are questions of `detente.study`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import vetoers, voters
from detente.lenses.summary import Array, at_least
from detente.lenses.winset.agreements import Overlap, Reliance, Rests
from detente.lenses.winset.engine import DEAL, NONE, UNKNOWN, Statuses, verdicts
from detente.lenses.winset.unblock.levers import paired
from detente.lenses.winset.view import Terms, WinsetView

Mask = NDArray[np.bool_]
ALONE = 0.75
"""Of the draws in which two red lines meet, so many must have a deal for it to rest on little else."""


def rests(view: WinsetView, terms: Terms, values: Array, status: Statuses, *, sampled: int) -> Rests:
    """Return on what a deal rests.

    Args:
        view: the case as the lens reads it.
        terms: the deal.
        values: the numbers of all draws, (D, columns of the table).
        status: (D,), its verdicts.
        sampled: on how many of the draws costs of failure are set aside.
    """
    return Rests(
        failure_costs=tuple(_without(view, terms, values[:sampled], status[:sampled])),
        overlaps=tuple(_overlaps(view, terms, values, status == DEAL)),
    )


def _without(view: WinsetView, terms: Terms, values: Array, status: Statuses) -> Iterator[Reliance]:
    """Set costs of failure aside: each, those of all actors, those of all issues, and all of them."""
    there, known = status == DEAL, status != UNKNOWN
    costs = costs_of(view, terms)
    of_actors, of_issues = (
        [path for path in costs if path.startswith(part)] for part in ("actors", "issues")
    )
    groups = [("failure_cost", [path]) for path in costs]
    for kind, group in (
        ("failure_costs_of_actors", of_actors),
        ("failure_costs_of_issues", of_issues),
        ("failure_costs", [*costs] if of_actors and of_issues else []),
    ):
        if len(group) > 1:
            groups.append((kind, group))
    for kind, group in groups:
        columns = [column for path in group for column in costs[path]]
        # Without a cost nobody accepts more: only draws with a deal are asked again, unless failure is a gain.
        rows = np.flatnonzero(there | (values[:, columns] < 0).any(axis=1) | ~known)
        changed = values[rows]
        changed[:, columns] = 0.0
        after = np.full(len(values), NONE, dtype=np.int8)
        if rows.size:
            after[rows] = verdicts(view.deal(terms, changed)).status
        without, used = after == DEAL, after != UNKNOWN
        if used.any():
            change, error = paired(without[used], there[used])
            part, holder, _ = group[0].split(".") if kind == "failure_cost" else ("", "", "")
            yield Reliance(
                kind=kind,
                actor=holder if part == "actors" else None,
                issue=holder if part == "issues" else None,
                path=group[0] if part else None,
                low=float(without[used].mean()),
                high=float(there[used].mean()),
                change=change,
                mc_error=error,
                draws=int(used.sum()),
            )


def costs_of(view: WinsetView, terms: Terms) -> dict[str, list[int]]:
    """Return path → columns of the costs of failure that bear on a deal, one for each mind."""
    heard = {view.voters[row].actor for row in voters(terms.rule)}
    found: dict[str, list[int]] = {}
    for column, path in enumerate(view.table.paths):
        part, holder, *rest = path.partition("#")[0].split(".")
        if rest == ["failure_cost"] and holder in (heard if part == "actors" else terms.issues):
            found.setdefault(path.partition("#")[0], []).append(column)
    return found


def _overlaps(view: WinsetView, terms: Terms, values: Array, there: Mask) -> Iterator[Overlap]:
    """Yield, per issue, how often the two hardest red lines of those who are needed leave room for each other."""
    deal = view.deal(terms, values)
    needed = np.flatnonzero(vetoers(terms.rule, deal.voters))
    if not needed.size:
        return
    floors, ceilings = deal.floor[:, needed].mean(axis=0), deal.ceiling[:, needed].mean(axis=0)
    for i, issue in enumerate(terms.issues):
        low, high = needed[floors[:, i].argmax()], needed[ceilings[:, i].argmin()]
        meet = deal.floor[:, low, i] <= deal.ceiling[:, high, i]
        stated = floors[:, i].max() > 0 and ceilings[:, i].min() < 1
        if not stated or low == high or meet.all():
            continue
        n = len(meet)
        share, error = float(meet.mean()), at_least(float(np.sqrt(meet.mean() * (1 - meet.mean()) / n)), n)
        deals = float(there.mean())
        yield Overlap(
            issue=issue,
            floor=deal.actor(low),
            ceiling=deal.actor(high),
            probability=share,
            mc_error=error,
            with_deal=float(there[meet].mean()) if meet.any() else None,
            decides=not (there & ~meet).any() and deals >= ALONE * share,
        )
