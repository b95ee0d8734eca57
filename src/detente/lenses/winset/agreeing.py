"""How large is a deal, who gains what, who signs and who stops it? From sums over draws to names and scales."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isnan

import numpy as np

from detente.case.thresholds import Voter, vetoers
from detente.lenses.summary import Array
from detente.lenses.winset.agreements import CLEAR, Agreement, Ballot, Margin, Moved
from detente.lenses.winset.answers import Blockers, Chance
from detente.lenses.winset.deal import TOLERANCE
from detente.lenses.winset.signing import Signed, votes_of
from detente.lenses.winset.view import Terms, WinsetView
from detente.show.ladder import Size


def agreement(
    view: WinsetView,
    terms: Terms,
    found: Signed,
    chance: Chance,
    margin: Array,
) -> Agreement:
    """Return what a deal would be; who stops it is not known yet.

    Args:
        view: the case as the lens reads it.
        terms: the deal.
        found: what its leading packages do.
        chance: how likely it is.
        margin: how far inside or outside agreement it is in some draws, (n,).
    """
    threshold, n = view.options.notable, len(found.value)
    heard = view.heard(terms)
    moved = {issue: _moved(view, terms, i, found) for i, issue in enumerate(terms.issues)} if n else {}
    notable = any(one.toward and one.noticed(threshold, view.width(key)) for key, one in moved.items())
    size: Size = "agreed" if notable else "little"
    if chance.probability <= CLEAR:
        size = "seldom" if chance.probability > 0 else "none"
    if chance.unknown == 1:
        size = "undecided"
    return Agreement(
        size=size,
        notable=notable,
        threshold=threshold,
        margin=_margin(margin),
        draws=n,
        terms=moved,
        gains=gained(view, terms, found),
        by_terms=_by_actor(view, heard, found.by_terms / n) if n else {},
        no_better=tuple(_no_better(view, terms, found)),
        signs=_by_actor(view, heard, found.accepts / n) if n else {},
        ballots=tuple(_ballots(view, terms, found)) if n else (),
    )


def _margin(found: Array) -> Margin:
    low, high = np.quantile(found, [0.1, 0.9])
    spread = float(found.std(ddof=1)) if len(found) > 1 else 0.0
    return Margin(
        mean=float(found.mean()),
        low80=float(low),
        high80=float(high),
        mc_error=spread / len(found) ** 0.5,
        draws=len(found),
    )


def placed(view: WinsetView, terms: Terms, found: Signed) -> dict[str, float]:
    """Return issue → where the leading packages put it on average; empty where there are none."""
    mean = found.value.mean(axis=0) if len(found.value) else ()
    return {issue: view.on_scale(issue, float(at)) for issue, at in zip(terms.issues, mean, strict=False)}


def gained(view: WinsetView, terms: Terms, found: Signed) -> dict[str, float]:
    """Return actor → what the leading packages give it over no deal on average; empty where there are none."""
    n = len(found.value)
    return _by_actor(view, view.heard(terms), found.gains / n) if n else {}


def _moved(view: WinsetView, terms: Terms, i: int, found: Signed) -> Moved:
    issue, n = terms.issues[i], len(found.value)
    low, high = np.quantile(found.value[:, i], [0.1, 0.9])
    today, of = float(found.today[:, i].mean()), view.case.issues[issue]
    share = float((found.value[:, i] - found.today[:, i]).mean())
    caring = [v for v in view.heard(terms) if view.cares(v, issue)]
    nearer = _by_actor(view, caring, found.nearer[:, i] / n)
    return Moved(
        value=view.on_scale(issue, float(found.value[:, i].mean())),
        low80=view.on_scale(issue, float(low)),
        high80=view.on_scale(issue, float(high)),
        without=None if of.no_deal is None else of.no_deal.mean,
        today=None if of.today is None else of.today.mean,
        change=None if isnan(today) else share * view.width(issue),
        share=max(nearer.values(), key=abs, default=0.0) if isnan(today) else share,
        toward=tuple(actor for actor, by in nearer.items() if by > TOLERANCE),
        nearer=nearer,
    )


def _no_better(view: WinsetView, terms: Terms, found: Signed) -> Iterator[str]:
    """Yield who is needed and wants change, and gets terms that are no better for it than today."""
    n, needed = len(found.value), vetoers(terms.rule, len(view.voters))
    rows = [v for v in view.heard(terms) if needed[v] and any(view.cares(v, one) for one in terms.issues)]
    over = _by_actor(view, rows, found.over_today / n) if n else {}
    wanting = _by_actor(view, rows, found.wanting.max(axis=1) / n) if n else {}
    yield from (
        actor for actor, by in over.items() if by <= TOLERANCE and wanting[actor] >= view.options.notable
    )


def _by_actor(view: WinsetView, rows: Sequence[int], values: Array) -> dict[str, float]:
    """Return actor → mean over its members."""
    members: dict[str, list[float]] = {}
    for row in rows:
        members.setdefault(view.voters[row].actor, []).append(float(values[row]))
    return {actor: sum(own) / len(own) for actor, own in members.items()}


def _ballots(view: WinsetView, terms: Terms, found: Signed) -> Iterator[Ballot]:
    for k, (body, node) in enumerate(votes_of(terms.rule)):
        voting = (part.index for _, part in node.parts if isinstance(part, Voter))
        yield Ballot(
            body=body,
            actors=tuple(dict.fromkeys(view.voters[row].actor for row in voting)),
            votes=float(np.quantile(found.votes[:, k], 0.5, method="lower")),
            needed=node.quota * node.unit,
            total=node.total * node.unit,
            least=float(found.votes[:, k].min()),
        )


def stops(chance: Chance, blocked: Blockers) -> dict[str, float]:
    """Return actor → share of all draws in which there is no deal and its demands are part of why."""
    shut = 1 - chance.probability
    return {actor: share * shut for actor, share in blocked.actors.items()}
