"""How are changes of priorities and weights told?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from detente.case.parts.game.statement import Statement
from detente.lenses.stability.inverse.asked import Asked, lever, skipped
from detente.lenses.stability.inverse.levers import Change, Lever
from detente.lenses.stability.inverse.program import Vector
from detente.lenses.stability.inverse.reorder import (
    favouring,
    nearer,
    reorderings,
    shorter,
    topped,
    tops,
)
from detente.lenses.stability.inverse.together import Combination, Way, cheapest, smaller
from detente.lenses.stability.inverse.weights import Scale, reweigh
from detente.lenses.stability.preferences import TIE, score_ranks
from detente.lenses.stability.space import Mask, Ranks

PER_CENT = 0.01
MOST_NAMED = 3


def _truth(asked: Asked, i: int) -> Mask:
    """Return where each statement or weighted wish of an actor holds, shape (h, m)."""
    preference = asked.view.game.preferences[asked.view.actors[i]]
    statements = [wish.statement for wish in preference.statements]
    statements += [wish.statement for wish in preference.weights.values()]
    return np.array([asked.view.states.of_statement(one) for one in statements], dtype=np.bool_)


def _as_is(asked: Asked, i: int) -> Iterator[Way]:
    rank = asked.ranks[i]
    if asked.question.own(i).held(rank <= rank[asked.question.state]):
        yield Way(0.0, rank, None)


def _way_out(
    asked: Asked,
    start: Mapping[int, Way],
    as_is: Sequence[Way],
    less: Callable[[int, Way], Iterator[Way]],
    bound: float,
) -> Combination:
    """Return a combination that does, where the cheapest was not found; who is not in `start` stays as it is."""
    effort, found = asked.effort.renew(), Combination((), math.inf, bound, 0)
    for changing in (some for size in range(len(start), 0, -1) for some in combinations(start, size)):
        if found.ways or effort.over:
            break
        ways = [start[i] if i in changing else as_is[i] for i in range(len(as_is))]
        found = smaller(asked.question, ways, less, bound, effort)
    return found


def _stated(asked: Asked) -> list[int]:
    """Return the actors with priorities."""
    wanting = asked.view.game.preferences
    return [i for i, actor in enumerate(asked.view.actors) if wanting[actor].statements]


def reorder_lever(asked: Asked) -> Lever:
    """Return the least change in the order of priorities."""
    stated, prices = _stated(asked), asked.order_prices()
    if not stated:
        return skipped("reorder", "nobody's preference is a list of priorities")

    truths = {i: _truth(asked, i) for i in stated}

    def ways(i: int) -> Iterator[Way]:
        if i not in stated:
            return _as_is(asked, i)
        return reorderings(asked.question.own(i), truths[i], prices[i], asked.effort)

    found = cheapest(asked.question, [ways(i) for i in range(len(prices))], asked.effort)
    if not found.ways and math.isfinite(found.bound):
        free = [i for i in stated if math.isfinite(prices[i])]
        start = {i: favouring(truths[i], asked.question.state, prices[i]) for i in free}

        def less(i: int, way: Way) -> Iterator[Way]:
            return nearer(truths[i], way, prices[i]) if i in start else iter(())

        as_is = [Way(0.0, rank, tuple(range(len(truths.get(i, ()))))) for i, rank in enumerate(asked.ranks)]
        found = _way_out(asked, start, as_is, less, found.bound)
    moved = [i for i in stated if found.ways and found.ways[i].cost]
    changes, edits = [], dict[str, Any]()
    for i in moved:
        actor, order = asked.view.actors[i], found.ways[i].change
        preference = asked.view.game.preferences[actor]
        texts = [wish.statement.text for wish in preference.statements]
        wishes = [asked.wish(wish.statement) for wish in preference.statements]
        first = [(a, b) for a, b in combinations(order, 2) if a > b]
        named = "; ".join(f"{wishes[a]} – before {wishes[b]}" for a, b in first[:MOST_NAMED])
        more = "; and so on" if len(first) > MOST_NAMED else ""
        changes.append(
            Change(
                actor=actor,
                what="priorities",
                before=" > ".join(texts),
                after=" > ".join(texts[k] for k in order),
                cost=found.ways[i].cost,
                sentence=f"{asked.actor(i)} would have to put first: {named}{more}.",
                without=asked.without(found.ranks, i),
            )
        )
        stands = preference.model_dump(mode="json", exclude_defaults=True)["statements"]
        edits[f"game.preferences.{actor}"] = {"statements": [stands[k] for k in order]}
    return _of(asked, "reorder", found, changes, edits)


def top_lever(asked: Asked) -> Lever:
    """Return the shortest statements that would have to come first."""
    stated, prices = _stated(asked), asked.order_prices()
    if not stated:
        return skipped("top", "nobody's preference is a list of priorities")
    names = asked.view.names
    taken = np.array([[text[o] == "Y" for text in _letters(asked)] for o in range(len(names))])

    def ways(i: int) -> Iterator[Way]:
        if i not in stated:
            return _as_is(asked, i)
        return tops(asked.question.own(i), asked.ranks[i], taken, prices[i], asked.effort)

    found = cheapest(asked.question, [ways(i) for i in range(len(prices))], asked.effort)
    if not found.ways and math.isfinite(found.bound):
        every, e = range(len(names)), asked.question.state
        free = [i for i in stated if math.isfinite(prices[i])]
        start = {i: topped(asked.ranks[i], taken, e, every, prices[i]) for i in free}

        def less(i: int, way: Way) -> Iterator[Way]:
            return shorter(asked.ranks[i], taken, e, way, prices[i])

        as_is = [Way(0.0, rank, None) for rank in asked.ranks]
        found = _way_out(asked, start, as_is, less, found.bound)
    changes, edits = [], dict[str, Any]()
    for i, way in enumerate(found.ways):
        if way.change is None:
            continue
        actor, here = asked.view.actors[i], asked.question.state
        name, text = (
            asked.actor(i),
            " and ".join(names[o] if taken[o, here] else f"not {names[o]}" for o in way.change),
        )
        preference = asked.view.game.preferences[actor]
        changes.append(
            Change(
                actor=actor,
                what="priorities",
                before=preference.statements[0].statement.text,
                after=text,
                cost=way.cost,
                sentence=f"{name} would have to want before all else: {asked.wish(Statement.parse(text))}.",
                without=asked.without(found.ranks, i),
            )
        )
        stands = preference.model_dump(mode="json", exclude_defaults=True)["statements"]
        edits[f"game.preferences.{actor}"] = {"statements": [text, *stands]}
    return _of(asked, "top", found, changes, edits)


def _letters(asked: Asked) -> list[str]:
    """Return the letters of every state, of a merged one those of its first member."""
    return [members[0] for members in asked.view.states.members]


def _of(asked: Asked, kind: Any, found: Combination, changes: list[Change], edits: dict[str, Any]) -> Lever:
    held = asked.question.holds(found.ranks) if found.ways else None
    return lever(kind, found.cost, found.bound, found.tried, changes, edits, held)


def weights_lever(asked: Asked) -> Lever:
    """Return the least change of weights."""
    scales = {i: _scale(asked, i) for i in range(len(asked.view.actors)) if _weighs(asked, i)}
    if not scales:
        return skipped("weights", "nobody's preference is a list of weights")
    remedy, found = reweigh(asked.question, asked.ranks, scales, asked.effort)
    after = asked.ranks if remedy.ranks is None else remedy.ranks
    changes, edits = [], dict[str, Any]()
    for i, new in found.items():
        for n in np.flatnonzero(new != scales[i].weights).tolist():
            changes.append(_weighed(asked, after, i, n, scales[i], new))
            edits[_path(asked, i, n)] = float(new[n])
    held = asked.question.holds(after)
    return lever("weights", remedy.cost, remedy.bound, remedy.clauses, changes, edits, held)


def _weighs(asked: Asked, i: int) -> bool:
    return bool(asked.view.game.preferences[asked.view.actors[i]].weights)


def _path(asked: Asked, i: int, n: int) -> str:
    actor = asked.view.actors[i]
    return f"game.preferences.{actor}.weights.{list(asked.view.game.preferences[actor].weights)[n]}.weight"


def _scale(asked: Asked, i: int) -> Scale:
    """Return the weights of an actor; a unit is the standard deviation, else a hundredth of the total."""
    actor, table = asked.view.actors[i], asked.view.table
    names = list(asked.view.game.preferences[actor].weights)
    paths = [_path(asked, i, n) for n in range(len(names))]
    means = np.array([table.means[table.column(path)] for path in paths])
    total = float(np.abs(means).sum()) or 1.0
    deviations = [asked.view.case.quantities[path].sd for path in paths]
    prices = np.array([asked.prices.weight(actor, name) for name in names])
    units = np.array([sd if sd > 0 else PER_CENT * total for sd in deviations]) / prices
    return Scale(_truth(asked, i), means, units)


def _weighed(asked: Asked, after: Ranks, i: int, n: int, scale: Scale, new: Vector) -> Change:
    actor = asked.view.actors[i]
    partly, weights = after.copy(), new.copy()
    weights[n] = scale.weights[n]
    partly[i] = score_ranks(weights @ scale.truth, TIE * float(np.abs(weights).sum()))
    name, wish = list(asked.view.game.preferences[actor].weights.items())[n]
    return Change(
        actor=actor,
        what=name,
        before=f"{scale.weights[n]:.4g}",
        after=f"{new[n]:.4g}",
        cost=abs(float(new[n] - scale.weights[n])) / float(scale.units[n]),
        sentence=f"{asked.actor(i)} would have to give a weight of {new[n]:.3g} instead of "
        f"{scale.weights[n]:.3g} to: {asked.wish(wish.statement)}.",
        without=asked.undeterred(partly),
    )
