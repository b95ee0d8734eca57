"""On which inputs does a deal rest? Every number that bears on it, in doubt or not, and all costs of failure.

Three ways to ask, each as cheap as it can be. A number *in doubt*: the draws in which it is low beside those in
which it is high. That is what learning it would tell, of correlated numbers too. A number *without doubt*: moved
down and up with all else at its mean, told by the margin. *Costs of failure*: set aside, alone and together, on
the same draws. And where the red lines of two who are needed must meet, how often they do: a deal that exists
about as often rests on little but two assumed numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import vetoers, voters
from detente.lenses.summary import Array, at_least
from detente.lenses.winset.agreements import Overlap, Reliance, Rests
from detente.lenses.winset.engine import DEAL, NONE, UNKNOWN, Statuses, verdicts
from detente.lenses.winset.margins import flat, margins
from detente.lenses.winset.unblock.levers import paired
from detente.lenses.winset.view import Terms, WinsetView
from detente.quantity import QuantityTable

Mask = NDArray[np.bool_]
PARTS = 3
"""The lowest third of the draws is set beside the highest."""
CLEAR = 3.0
"""Standard errors from which a difference is told, of the hundreds that are looked at."""
LEAST = 0.005
"""Change, in shares of draws or of the scale, below which nothing is told."""
ALONE = 0.75
"""Of the draws in which two red lines meet, so many must have a deal for it to rest on little else."""
KINDS = {"lower": "floor", "upper": "ceiling"}


@dataclass(frozen=True, slots=True)
class Input:
    """One number of the case that bears on a deal; several columns where members make up their own minds."""

    path: str
    kind: str
    actor: str | None
    issue: str | None
    columns: tuple[int, ...]


def rests(
    view: WinsetView, terms: Terms, values: Array, status: Statuses, margin: Array, *, sampled: int
) -> Rests:
    """Return on what a deal rests.

    Args:
        view: the case as the lens reads it.
        terms: the deal.
        values: the numbers of all draws, (D, columns of the table).
        status: (D,), its verdicts.
        margin: of the first n draws, (n,).
        sampled: on how many of the draws costs of failure are set aside.
    """
    read = inputs_of(view, terms)
    there, known = status == DEAL, status != UNKNOWN
    found = [*_drawn(view.table, read, values, there, known, margin), *_moved(view, terms, read)]
    told = [one for one in found if abs(one.change) > max(LEAST, CLEAR * one.mc_error)]
    told.sort(key=lambda one: (one.of != "probability", -abs(one.change), one.path or ""))
    aside = tuple(_without(view, terms, read, values[:sampled], there[:sampled], known[:sampled]))
    return Rests(
        examined=len(read),
        inputs=tuple(told),
        failure_costs=aside,
        overlaps=tuple(_overlaps(view, terms, values, there)),
    )


def inputs_of(view: WinsetView, terms: Terms) -> tuple[Input, ...]:
    """Return the numbers of the case that bear on a deal, those of actors without a say left out."""
    heard = {view.voters[row].actor for row in voters(terms.rule)}
    found: dict[str, list[int]] = {}
    for column, path in enumerate(view.table.paths):
        found.setdefault(path.partition("#")[0], []).append(column)
    return tuple(_inputs(found, heard, terms.issues))


def _inputs(columns: Mapping[str, list[int]], heard: set[str], issues: Sequence[str]) -> Iterator[Input]:
    for path, own in columns.items():
        part, name, *rest = path.split(".")
        if part == "stances" and name in issues and rest[0] in heard and rest[1] != "concession_cost":
            yield Input(path, KINDS.get(rest[-1], rest[-1]), rest[0], name, tuple(own))
        elif part == "issues" and name in issues:
            yield Input(path, rest[0], None, name, tuple(own))
        elif part == "actors" and name in heard:
            yield Input(path, rest[0], name, None, tuple(own))


# --- in doubt: the draws in which it is low, and those in which it is high ---------------------------------


def _drawn(
    table: QuantityTable, read: Sequence[Input], values: Array, there: Mask, known: Mask, margin: Array
) -> Iterator[Reliance]:
    """Compare thirds of the draws: the share with a deal or, where that is all or none, the margin."""
    doubtful = set(table.uncertain)
    rows = np.flatnonzero(known)
    outcome = there.astype(np.float64)
    of = "probability"
    if flat(there[rows]):
        rows, outcome, of = np.arange(len(margin)), margin, "margin"
    part = len(rows) // PARTS
    for one in read:
        if part < 2 or not doubtful.intersection(table.paths[column] for column in one.columns):
            continue
        order = rows[np.argsort(values[rows][:, list(one.columns)].mean(axis=1), kind="stable")]
        low, high = outcome[order[:part]], outcome[order[-part:]]
        error = np.sqrt((low.var(ddof=1) + high.var(ddof=1)) / part)
        error = at_least(float(error), part) if of == "probability" else float(error)
        yield _reliance(one, "drawn", of, (float(low.mean()), float(high.mean())), error, 2 * part)


def _reliance(one: Input, how: str, of: str, ends: tuple[float, float], error: float, draws: int) -> Reliance:
    return Reliance(
        kind=one.kind,
        actor=one.actor,
        issue=one.issue,
        path=one.path,
        how=how,
        of=of,
        low=ends[0],
        high=ends[1],
        change=ends[1] - ends[0],
        mc_error=error,
        draws=draws,
    )


# --- without doubt: moved, all else at its mean -----------------------------------------------------------


def _moved(view: WinsetView, terms: Terms, read: Sequence[Input]) -> Iterator[Reliance]:
    """Move every number without doubt down and up by ``options.winset.soften``, within its bounds."""
    doubtful = set(view.table.uncertain)
    fixed = [one for one in read if view.table.paths[one.columns[0]] not in doubtful]
    if not fixed:
        return
    rows = np.tile(view.table.means, (2 * len(fixed), 1))
    for k, one in enumerate(fixed):
        low, high = _bounds(view, one)
        step = view.options.soften * (high - low if np.isfinite(high - low) else 1.0)
        for end, sign in enumerate((-1.0, 1.0)):
            moved = rows[2 * k + end, list(one.columns)] + sign * step
            rows[2 * k + end, list(one.columns)] = np.clip(moved, low, high)
    deal = view.deal(terms, rows)
    found = margins(deal, verdicts(deal).status)
    for k, one in enumerate(fixed):
        ends = float(found[2 * k]), float(found[2 * k + 1])
        yield _reliance(one, "moved", "margin", ends, 0.0, 1)


def _bounds(view: WinsetView, one: Input) -> tuple[float, float]:
    if one.kind == "failure_cost":
        return (-np.inf if one.issue is None else 0.0), np.inf
    if one.kind == "salience" or one.issue is None:
        return 0.0, 1.0
    of = view.case.issues[one.issue]
    return of.low, of.high


# --- costs of failure set aside ---------------------------------------------------------------------------


def _without(
    view: WinsetView, terms: Terms, read: Sequence[Input], values: Array, there: Mask, known: Mask
) -> Iterator[Reliance]:
    """Set costs of failure aside: each, those of all actors, those of all issues, and all of them."""
    costs = [one for one in read if one.kind == "failure_cost"]
    of_actors, of_issues = ([one for one in costs if (one.issue is None) == own] for own in (True, False))
    groups: list[tuple[Input, list[Input]]] = [(one, [one]) for one in costs]
    for kind, group in (
        ("failure_costs_of_actors", of_actors),
        ("failure_costs_of_issues", of_issues),
        ("failure_costs", costs if of_actors and of_issues else []),
    ):
        if len(group) > 1:
            groups.append((Input("", kind, None, None, ()), group))
    for named, group in groups:
        columns = [column for one in group for column in one.columns]
        # Without a cost nobody accepts more: only draws with a deal are asked again, unless failure is a gain.
        rows = np.flatnonzero(there | (values[:, columns] < 0).any(axis=1) | ~known)
        changed = values[rows]
        changed[:, columns] = 0.0
        after = np.full(len(values), NONE, dtype=np.int8)
        if rows.size:
            after[rows] = verdicts(view.deal(terms, changed)).status
        without = after == DEAL
        used = after != UNKNOWN
        if used.any():
            change, error = paired(without[used], there[used])
            ends = float(without[used].mean()), float(there[used].mean())
            found = _reliance(named, "without", "probability", ends, error, int(used.sum()))
            yield found.model_copy(update={"change": change, "path": named.path or None})


# --- two red lines that must meet -------------------------------------------------------------------------


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
