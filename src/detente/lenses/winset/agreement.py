"""What do the leading packages change, how large is that, who gains what, who signs and who stops it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isnan

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import Node, Threshold, Voter, seats, vetoers, wins
from detente.lenses.summary import Array
from detente.lenses.winset.agreements import CLEAR, Agreement, Ballot, Margin, Moved
from detente.lenses.winset.answers import Blockers, Chance
from detente.lenses.winset.deal import BLOCK, TOLERANCE, Deal
from detente.lenses.winset.view import WinsetView
from detente.show.ladder import Size

Sums = Mapping[str, Array]


def leading(deal: Deal, packages: Array | None) -> tuple[Deal, Array]:
    """Return the draws that have a package, n of them, and those packages, (n, d)."""
    if packages is None:
        return deal.rows(slice(0)), np.empty((0, deal.issues))
    there = np.flatnonzero(~np.isnan(packages).any(axis=1))
    return deal.rows(there), packages[there]


def agreement(
    view: WinsetView, deal: Deal, packages: Array | None, chance: Chance, margin: Array
) -> Agreement:
    """Return what a deal would be; who stops it is not known yet.

    Args:
        view: the case as the lens reads it.
        deal: D draws.
        packages: (D, d), the leading ones, NaN where there is none; ``None`` where nobody bargains.
        chance: how likely it is.
        margin: how far inside or outside agreement it is in some draws, (n,).
    """
    own, value = leading(deal, packages)
    threshold, n = view.options.notable, len(value)
    moved: dict[str, Moved] = {}
    signs: dict[str, float] = {}
    by_terms: dict[str, float] = {}
    no_better: tuple[str, ...] = ()
    if n:
        means = {name: total / n for name, total in sums(own, value).items()}
        moved = {own.issue(i): _moved(view, own, i, value, means["nearer"]) for i in range(own.issues)}
        signs, by_terms = (by_actor(own, own.consenting, means[name]) for name in ("accepts", "by_terms"))
        no_better = tuple(_no_better(view, own, means))
    notable = any(one.toward and one.noticed(threshold, view.width(key)) for key, one in moved.items())
    size: Size = "agreed" if notable else "little"
    if chance.probability <= CLEAR:
        size = "seldom" if chance.probability > 0 else "none"
    return Agreement(
        size="undecided" if chance.unknown == 1 else size,
        notable=notable,
        threshold=threshold,
        margin=_margin(margin),
        draws=n,
        terms=moved,
        gains=gained(own, value),
        by_terms=by_terms,
        no_better=no_better,
        signs=signs,
        ballots=tuple(_ballots(own, value)) if n else (),
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


def placed(own: Deal, value: Array) -> dict[str, float]:
    """Return issue → where the leading packages put it on average; empty where there are none."""
    return own.terms(value.mean(axis=0)) if len(value) else {}


def gained(own: Deal, value: Array) -> dict[str, float]:
    """Return actor → what the leading packages give it over no deal on average; empty where there are none."""
    gains = own.margins(value[:, None])[:, 0]
    mean = np.where(np.isfinite(gains), gains, 0.0).sum(axis=0) / max(len(value), 1)
    return by_actor(own, own.consenting, mean) if len(value) else {}


def sums(deal: Deal, value: Array) -> Sums:
    """Return sums over n draws, each with a package, of what those do.

    Returns:
        ``nearer``, (V, d): how much nearer than today voters are to what they want; ``wanting``, (V, d): how
        far today is from that; ``by_terms`` and ``over_today``, (V,): what the terms give over no deal, and over
        today; ``accepts``, (V,): draws in which a voter accepts.
    """
    blocks = [slice(at, at + BLOCK) for at in range(0, len(value), BLOCK)]
    parts = [_sums(deal.rows(block), value[block]) for block in blocks]
    return {name: np.sum([part[name] for part in parts], axis=0) for name in parts[0]}


def _sums(own: Deal, value: Array) -> Sums:
    today, heard = own.now(), np.isfinite(own.radius)
    there, now = own.apart(value[:, None])[:, 0], own.apart_now()
    before = np.abs(today[:, None] - own.ideal)
    nearer = before - np.abs(value[:, None] - own.ideal)
    if own.tables:  # nearer by what settlements are worth
        before, nearer = now, now - there
    by_terms = np.einsum("dvi,dvi->dv", own.apart_without() - there, own.salience)
    over_today = np.einsum("dvi,dvi->dv", now - there, own.salience)
    return {
        "nearer": np.where(own.salience > 0, nearer, 0.0).sum(axis=0),
        "wanting": np.where(own.salience > 0, before, 0.0).sum(axis=0),
        "by_terms": np.where(heard, by_terms, 0.0).sum(axis=0),
        "over_today": np.where(heard, over_today, 0.0).sum(axis=0),
        "accepts": accepting(own, value).sum(axis=0).astype(np.float64),
    }


def accepting(own: Deal, value: Array) -> NDArray[np.bool_]:
    """Return who accepts packages, (n, V)."""
    gains = own.margins(value[:, None])[:, 0]
    accepts = gains >= -TOLERANCE if own.acceptance == "weak" else gains > TOLERANCE
    edge = ~wins(own.rule, accepts)  # the terms are as far as somebody goes: a trifle more, and it signs
    return np.asarray(np.where(edge[:, None], gains >= -TOLERANCE, accepts))


def by_actor(deal: Deal, rows: Sequence[int], values: Array) -> dict[str, float]:
    """Return actor → mean over its members among some rows, of values (V,)."""
    members: dict[str, list[float]] = {}
    for row in rows:
        members.setdefault(deal.actor(row), []).append(float(values[row]))
    return {actor: sum(own) / len(own) for actor, own in members.items()}


def _moved(view: WinsetView, own: Deal, i: int, value: Array, nearer: Array) -> Moved:
    issue, today = own.issue(i), own.now()[:, i]
    low, high = np.quantile(value[:, i], [0.1, 0.9])
    unknown, share = isnan(today.mean()), float((value[:, i] - today).mean())
    told = by_actor(own, [v for v in own.consenting if view.cares(v, issue)], nearer[:, i])
    of = view.case.issues[issue]
    return Moved(
        value=own.on_scale(i, value[:, i].mean()),
        low80=own.on_scale(i, low),
        high80=own.on_scale(i, high),
        without=None if of.no_deal is None else of.no_deal.mean,
        today=None if of.today is None else of.today.mean,
        change=None if unknown else share * own.width(i),
        share=max(told.values(), key=abs, default=0.0) if unknown else share,
        toward=tuple(actor for actor, by in told.items() if by > TOLERANCE),
        nearer=told,
    )


def _no_better(view: WinsetView, own: Deal, means: Sums) -> Iterator[str]:
    """Yield who is needed and wants change, and gets terms that are no better for it than today."""
    needed = vetoers(own.rule, own.voters)
    rows = [v for v in own.consenting if needed[v] and any(view.cares(v, one) for one in own.names.issues)]
    wanting = by_actor(own, rows, means["wanting"].max(axis=1))
    for actor, by in by_actor(own, rows, means["over_today"]).items():
        if by <= TOLERANCE and wanting[actor] >= view.options.notable:
            yield actor


def _ballots(own: Deal, value: Array) -> Iterator[Ballot]:
    accepts = accepting(own, value)
    for body, node in votes_of(own.rule):
        won = [weight * seats(part) * wins(part, accepts) for weight, part in node.parts]
        votes = np.sum(won, axis=0) * node.unit
        voting = (part.index for _, part in node.parts if isinstance(part, Voter))
        yield Ballot(
            body=body,
            actors=tuple(dict.fromkeys(own.actor(row) for row in voting)),
            votes=float(np.quantile(votes, 0.5, method="lower")),
            needed=node.quota * node.unit,
            total=node.total * node.unit,
            least=float(votes.min()),
        )


def votes_of(rule: Node, body: str = "") -> list[tuple[str, Threshold]]:
    """Return the votes within a rule, each with the body that takes it; neither one part nor all decide it."""
    if isinstance(rule, Voter):
        return []
    body = rule.name or body
    own = [(body, rule)] if body and 1 < rule.quota < rule.total else []
    return own + [found for _, part in rule.parts for found in votes_of(part, body)]


def stops(chance: Chance, blocked: Blockers) -> dict[str, float]:
    """Return actor → share of all draws in which there is no deal and its demands are part of why."""
    return {actor: share * (1 - chance.probability) for actor, share in blocked.actors.items()}
