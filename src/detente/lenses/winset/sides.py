"""Who are the sides of a deal, and what would each consent to at home? Two levels of one game (Putnam 1988)."""

from __future__ import annotations

import numpy as np

from detente.case.thresholds import Node
from detente.lenses.winset.answers import CurvePoint, Side
from detente.lenses.winset.deal import Deal
from detente.lenses.winset.limits import TIED_HANDS, few
from detente.lenses.winset.solve import parties
from detente.lenses.winset.unblock import two_level
from detente.lenses.winset.unblock.levers import curve_point
from detente.lenses.winset.view import Terms, WinsetView
from detente.show.words import rule_words


def sides_of(view: WinsetView, terms: Terms) -> tuple[tuple[str, Node], ...]:
    """Return the parts of the rule that must all agree, each once: bodies by their names, actors by theirs."""
    actors = [member.actor for member in view.voters]
    names = {actor: of.name for actor, of in view.case.actors.items()}
    return tuple((rule_words(part, actors, names), part) for part in two_level.sides(terms.rule))


def sides(view: WinsetView, terms: Terms, middle: Deal, deal: Deal) -> tuple[Side, ...]:
    """Return every side's domestic win-set, and what happens to the deal as its hands are tied.

    Args:
        view: the case as the lens reads it.
        terms: the deal.
        middle: its arrays at mean inputs (D = 1).
        deal: its arrays in some draws.
    """
    named = sides_of(view, terms)
    if len(named) < 2:
        return ()
    home = {name: two_level.win_set(middle, rule) for name, rule in named}
    bargaining = parties(middle)
    sample = deal.rows(slice(0, few(TIED_HANDS, view.weight)))
    found = []
    for name, _ in named:
        heard = [v for v in home[name].members if np.isfinite(middle.radius[0, v])]
        curve = _curve(view, terms, sample, heard, bargaining, {n: w.members for n, w in home.items()})
        found.append(_side(view, terms, name, home[name], curve))
    return tuple(found)


def together(view: WinsetView, terms: Terms, middle: Deal) -> Side:
    """Return the intersection of all sides' win-sets: the zone."""
    return _side(view, terms, "all together", two_level.win_set(middle, terms.rule), ())


def _side(
    view: WinsetView, terms: Terms, name: str, own: two_level.WinSet, curve: tuple[CurvePoint, ...]
) -> Side:
    ends = [] if own.extent is None else own.extent.tolist()
    return Side(
        name=name,
        actors=tuple(dict.fromkeys(view.voters[v].actor for v in own.members)),
        size=own.size.share,
        error=own.size.error,
        extents={
            issue: (view.on_scale(issue, low), view.on_scale(issue, high))
            for issue, (low, high) in zip(terms.issues, ends, strict=False)
        },
        curve=curve,
    )


def _curve(
    view: WinsetView,
    terms: Terms,
    deal: Deal,
    members: list[int],
    bargaining: tuple[int, ...],
    home: dict[str, tuple[int, ...]],
) -> tuple[CurvePoint, ...]:
    """Return what follows from tying the hands of some members, none where nobody bargains."""
    if not members or not bargaining:
        return ()
    points: list[CurvePoint] = []
    for tied in two_level.tied_hands(
        deal, members, bargaining, solution=view.options.solution, acceptance=view.options.acceptance
    ):
        terms_then, gains = {}, {}
        if tied.package is not None:
            at = zip(terms.issues, tied.package.tolist(), strict=True)
            terms_then = {issue: view.on_scale(issue, share) for issue, share in at}
            own = {name: [k for k, v in enumerate(bargaining) if v in rows] for name, rows in home.items()}
            gains = {name: float(tied.gains[where].mean()) for name, where in own.items() if where}
        points += curve_point(tied.strength, tied.open, tied.unknown, terms_then, gains)
    return tuple(points)
