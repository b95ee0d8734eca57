"""How are changes of the actors' orders told? The state raised, others put down, and the nearest orders."""

from __future__ import annotations

import math

import numpy as np

from detente.lenses.stability import algebra
from detente.lenses.stability.inverse.asked import Asked, lever, skipped
from detente.lenses.stability.inverse.demote import demote
from detente.lenses.stability.inverse.levers import Change, Lever
from detente.lenses.stability.inverse.orders import distance, nearest_orders
from detente.lenses.stability.inverse.promote import Rise, levels, promote, raised
from detente.lenses.stability.relation import Ordered
from detente.lenses.stability.solve import by_code
from detente.lenses.stability.space import Ranks
from detente.lenses.stability.view import StabilityView

MOST_ORDERED = 24
"""States up to which the nearest orders are looked for: every pair of them is a choice."""


def promote_lever(asked: Asked) -> Lever:
    """Return the least rise of the chosen state."""
    view, question = asked.view, asked.question
    prices = asked.order_prices()
    if view.space is not None and all(map(math.isfinite, prices)):
        code = int(view.space.codes[question.state])
        rises = levels(view.space, by_code(view.space, asked.ranks), code, question.concept)
        cost = sum(prices[i] * change.cost for i, change in enumerate(rises) if change)
        bound, proof = cost, len(view.actors)
    else:
        found = promote(question, asked.ranks, prices, asked.effort)
        rises = [way.change for way in found.ways]
        cost, bound, proof = found.cost, found.bound, found.tried
    after = 2 * asked.ranks
    for i, change in enumerate(rises):
        if change is not None:
            after[i] = raised(asked.ranks[i], question.state, change)
    moved = {i: change for i, change in enumerate(rises) if change is not None}
    changes = [_risen(asked, after, i, change, prices[i]) for i, change in moved.items()]
    edits = asked.ranking(after, list(moved))
    return lever("promote", cost, bound, proof, changes, edits, question.holds(after))


def promote_large(view: StabilityView, ranks: Ranks, state: int, concept: str, prices: list[float]) -> Lever:
    """Return the same in a game of too many states for a list of its moves."""
    assert view.space is not None  # noqa: S101 - the caller has seen to it
    code = int(view.space.codes[state])
    spread = by_code(view.space, ranks)
    rises = levels(view.space, spread, code, concept)
    cost = sum(prices[i] * change.cost for i, change in enumerate(rises) if change)
    if not math.isfinite(cost):
        return lever("promote", cost, cost, len(rises), (), {}, None)
    after, changes = np.where(spread < 0, spread, 2 * spread).astype(np.int32), []
    for i, change in enumerate(rises):
        if change is not None:
            after[i, code] = 2 * change.level
            name = view.case.actors[view.actors[i]].name
            changes.append(_told_rise(view, name, i, state, change, prices[i]))
    held = algebra.stable(view.space, Ordered.of(after), [concept])[concept][:, code].all()
    return lever("promote", cost, cost, len(rises), changes, {}, bool(held))


def _risen(asked: Asked, after: Ranks, i: int, change: Rise, price: float) -> Change:
    told = _told_rise(asked.view, asked.actor(i), i, asked.question.state, change, price)
    return told.model_copy(update={"without": asked.without(after, i)})


def _told_rise(view: StabilityView, name: str, i: int, state: int, change: Rise, price: float) -> Change:
    above, level = change.crossed, change.tied
    parts = [f"above {above} that it now prefers"] if above else []
    if level:
        parts.append(f"as highly as {level} {'more' if above else 'that it now prefers'}")
    return Change(
        actor=view.actors[i],
        what=view.text(state),
        before=f"{above + level} states are better",
        after=" and ".join(parts),
        cost=price * change.cost,
        sentence=f"{name} would have to value this outcome {' and '.join(parts)}.",
        without=None,
    )


def demote_lever(asked: Asked) -> Lever:
    """Return the cheapest states to put down."""
    view = asked.view

    def price(i: int, s: int) -> float:
        return asked.prices.down(view.actors[i], view.text(s))

    remedy, pairs = demote(asked.question, asked.ranks, price, asked.effort)
    after = asked.ranks if remedy.ranks is None else remedy.ranks
    changes = []
    for i, s in pairs:
        partly = after.copy()
        partly[i, s] = asked.ranks[i, s]
        changes.append(
            Change(
                actor=view.actors[i],
                what=view.text(s),
                before="better",
                after="as good",
                cost=price(i, s),
                sentence=f"{asked.actor(i)} would have to stop preferring {asked.place(s)} to this outcome.",
                without=asked.undeterred(partly),
            )
        )
    edits = asked.ranking(after, sorted({i for i, _ in pairs}))
    held = asked.question.holds(after)
    return lever("demote", remedy.cost, remedy.bound, remedy.clauses, changes, edits, held)


def orders_lever(asked: Asked) -> Lever:
    """Return the nearest orders."""
    if asked.view.count > MOST_ORDERED:
        return skipped("orders", f"it is for games of at most {MOST_ORDERED} states")
    prices = asked.order_prices()
    remedy = nearest_orders(asked.question, asked.ranks, prices, asked.effort)
    after = asked.ranks if remedy.ranks is None else remedy.ranks
    changed = [i for i in range(len(after)) if distance(asked.ranks[i], after[i])]
    changes = [_reordered(asked, after, i, prices[i]) for i in changed]
    held = asked.question.holds(after)
    edits = asked.ranking(after, changed)
    return lever("orders", remedy.cost, remedy.bound, remedy.clauses, changes, edits, held)


def _reordered(asked: Asked, after: Ranks, i: int, price: float) -> Change:
    def told(rank: Ranks) -> str:
        levels = [[asked.view.text(int(s)) for s in np.flatnonzero(rank == r)] for r in np.unique(rank)[::-1]]
        return " > ".join(" = ".join(group) for group in levels)

    before, new = asked.ranks[i], after[i]
    gain = np.sign(new[:, None] - new) - np.sign(before[:, None] - before)
    pairs = [(int(a), int(b)) for a, b in np.argwhere(gain > 0)]
    named = "; ".join(
        f"{asked.place(a)} {'at least as much as' if new[a] == new[b] else 'more than'} {asked.place(b)}"
        for a, b in pairs[:3]
    )
    more = f"; and {len(pairs) - 3} more pairs" if len(pairs) > 3 else ""
    return Change(
        actor=asked.view.actors[i],
        what="order",
        before=told(before),
        after=told(new),
        cost=price * distance(before, new),
        sentence=f"{asked.actor(i)} would have to value {named}{more}.",
        without=asked.without(after, i),
    )
