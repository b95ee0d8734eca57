"""What do the leading packages change, for whom, and who accepts them? Sums over the draws with a deal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.case.thresholds import Node, Threshold, Voter, seats, wins
from detente.lenses.summary import Array
from detente.lenses.winset.deal import TOLERANCE, Deal


@dataclass(frozen=True, slots=True)
class Signed:
    """What leading packages do, in the draws that have one (n of them).

    Attributes:
        value: (n, d): the packages, shares of the scales.
        without: (n, d): where issues end without a deal.
        today: (n, d): where they stand today; where that is not stated, as without a deal.
        nearer: (V, d): sum over draws of how much nearer than today voters are to what they want.
        wanting: (V, d): sum over draws of how far today is from what they want.
        gains: (V,): sum of the gains over no deal, 0 for who has no stance.
        by_terms: (V,): sum of what the terms give of them.
        over_today: (V,): sum of what the terms give over today.
        accepts: (V,): draws in which a voter accepts.
        votes: (n, B): weight that each vote of the rule gets, see `votes_of`.
    """

    value: Array
    without: Array
    today: Array
    nearer: Array
    wanting: Array
    gains: Array
    by_terms: Array
    over_today: Array
    accepts: Array
    votes: Array


def signed(deal: Deal, packages: Array | None, acceptance: str) -> Signed:
    """Return what packages, (D, d), do to everybody; NaN where there is none."""
    chosen = np.full((deal.draws, deal.issues), np.nan) if packages is None else packages
    rows = np.flatnonzero(~np.isnan(chosen).any(axis=1))
    own, value = deal.rows(rows), chosen[rows]
    gains = own.margins(value[:, None])[:, 0]
    accepts = gains >= -TOLERANCE if acceptance == "weak" else gains > TOLERANCE
    edge = ~wins(deal.rule, accepts)  # the terms are as far as somebody goes: a trifle more, and it signs
    accepts = np.where(edge[:, None], gains >= -TOLERANCE, accepts)
    heard = np.isfinite(own.radius)
    today = own.now()
    before = np.abs(today[:, None] - own.ideal)
    nearer = before - np.abs(value[:, None] - own.ideal)
    without = own.apart_without()
    there, now = own.apart(value[:, None])[:, 0], own.apart_now()
    by_terms = np.einsum("dvi,dvi->dv", without - there, own.salience)
    over_today = np.einsum("dvi,dvi->dv", now - there, own.salience)
    if own.tables:  # nearer by what settlements are worth
        before, nearer = now, now - there
    tallies = [
        sum(
            (weight * seats(part) * wins(part, accepts) for weight, part in node.parts),
            start=np.zeros(len(value)),
        )
        * node.unit
        for _, node in votes_of(deal.rule)
    ]
    return Signed(
        value=value,
        without=own.no_deal,
        today=today,
        nearer=np.where(own.salience > 0, nearer, 0.0).sum(axis=0),
        wanting=np.where(own.salience > 0, before, 0.0).sum(axis=0),
        gains=np.where(heard & np.isfinite(gains), gains, 0.0).sum(axis=0),
        by_terms=np.where(heard, by_terms, 0.0).sum(axis=0),
        over_today=np.where(heard, over_today, 0.0).sum(axis=0),
        accepts=accepts.sum(axis=0).astype(np.float64),
        votes=np.stack(tallies, axis=1) if tallies else np.zeros((len(value), 0)),
    )


def together(parts: Sequence[Signed]) -> Signed:
    """Return blocks of draws as one."""
    return Signed(
        value=np.concatenate([part.value for part in parts]),
        without=np.concatenate([part.without for part in parts]),
        today=np.concatenate([part.today for part in parts]),
        nearer=np.sum([part.nearer for part in parts], axis=0),
        wanting=np.sum([part.wanting for part in parts], axis=0),
        gains=np.sum([part.gains for part in parts], axis=0),
        by_terms=np.sum([part.by_terms for part in parts], axis=0),
        over_today=np.sum([part.over_today for part in parts], axis=0),
        accepts=np.sum([part.accepts for part in parts], axis=0),
        votes=np.concatenate([part.votes for part in parts]),
    )


def votes_of(rule: Node, body: str = "") -> list[tuple[str, Threshold]]:
    """Return the votes within a rule, each with the body that takes it; neither one part nor all decide it."""
    if isinstance(rule, Voter):
        return []
    body = rule.name or body
    own = [(body, rule)] if body and 1 < rule.quota < rule.total else []
    return own + [found for _, part in rule.parts for found in votes_of(part, body)]
