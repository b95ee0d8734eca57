"""On which two issues are win-sets drawn, and what lies there? The most contested, or those the case names."""

from __future__ import annotations

import numpy as np

from detente.case.thresholds import Node, voters
from detente.errors import CaseError, Problem, did_you_mean
from detente.lenses.winset.answers import Blockers
from detente.lenses.winset.deal import Array, Deal
from detente.lenses.winset.engine import DEAL, NAMES, solution, verdicts
from detente.lenses.winset.frontier import frontier
from detente.lenses.winset.plane import Plane, Region, outlines
from detente.lenses.winset.sides import sides_of
from detente.lenses.winset.solve import decided, heard, parties
from detente.lenses.winset.view import Terms, WinsetView


def plane(view: WinsetView, blocked: Blockers | None, draws: Array) -> Plane | None:
    """Return the map of two issues, all inputs at their means; ``None`` where there are not two.

    Args:
        view: the case as the lens reads it.
        blocked: who stands in the way of the leading deal.
        draws: rows of numbers in which its probability is sought.

    Raises:
        CaseError: the case names issues for it that cannot be part of a deal.
    """
    pair = view.options.map or _contested(view, blocked)
    if pair is None:
        return None
    unknown = [issue for issue in pair if issue not in view.issues]
    if unknown or pair[0] == pair[1]:
        hint = did_you_mean(unknown[0], view.issues) if unknown else "name two different issues"
        raise CaseError([Problem("no two issues of deals to draw", "options.winset.map", hint=hint)])
    terms = view.terms("map", "map", pair)
    deal = view.deal(terms, view.table.means[None, :])
    if deal.tables:  # settlements that are valued one by one have no areas between them
        return None
    who = parties(deal)
    found = verdicts(deal, acceptance=view.options.acceptance, greatest=True)
    solved: dict[str, Array] = {}
    curve: Array = np.empty((0, 2))
    if found.status[0] == DEAL and who:
        named = {name: solution(deal, found, who, name) for name in NAMES}
        solved = {name: at for name, at in named.items() if at is not None}
        efficient = frontier(deal, who) if len(who) == 2 else None
        curve = curve if efficient is None else efficient
    return Plane(
        issues=pair,
        sides=tuple(_region(view, terms, deal, name, rule) for name, rule in sides_of(view, terms)),
        zone=_region(view, terms, deal, "", terms.rule),
        frontier=tuple(_at(view, pair, point) for point in curve),
        solutions={name: _at(view, pair, at) for name, at in solved.items()},
        no_deal=_at(view, pair, deal.no_deal[0]),
        ideals={view.voters[v].actor: _at(view, pair, deal.ideal[0, v]) for v in reversed(who)},
        probability=float(decided(view.deal(terms, draws), view.options.acceptance).mean()),
    )


def _contested(view: WinsetView, blocked: Blockers | None) -> tuple[str, str] | None:
    """Return the two issues of the leading package on which most conflicts turn and wishes lie furthest apart."""
    terms = view.deals[0]
    if len(terms.issues) < 2:
        return None
    deal = view.deal(terms, view.table.means[None, :])
    who = [v for v in voters(terms.rule) if heard(deal)[v]] or list(voters(terms.rule))
    weight = np.zeros(len(terms.issues))
    if blocked is not None:
        for conflict in blocked.conflicts:
            for demand in conflict.demands:
                if demand.issue is not None:
                    weight[terms.issues.index(demand.issue)] += conflict.share
    weight += np.ptp(deal.ideal[0, who], axis=0)  # at most 1: it decides among equals
    first, second = sorted(np.argsort(-weight, kind="stable")[:2].tolist())
    return terms.issues[first], terms.issues[second]


def _region(view: WinsetView, terms: Terms, deal: Deal, name: str, rule: Node) -> Region:
    found = outlines(deal, rule)
    actors = tuple(dict.fromkeys(view.voters[v].actor for v in voters(rule)))
    drawn = (tuple(_at(view, terms.issues, np.array(point)) for point in one) for one in found)
    return Region(name=name, actors=actors, outlines=tuple(drawn))


def _at(view: WinsetView, issues: tuple[str, ...], point: Array) -> tuple[float, float]:
    x, y = (view.on_scale(issue, float(value)) for issue, value in zip(issues, point, strict=True))
    return x, y
