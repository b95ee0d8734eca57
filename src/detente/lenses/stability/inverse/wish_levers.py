"""How are changes of priorities and weights told?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from detente.lenses.stability.inverse.asked import Asked, lever, skipped
from detente.lenses.stability.inverse.levers import Change, Lever
from detente.lenses.stability.inverse.program import Vector
from detente.lenses.stability.inverse.reorder import reorderings, swaps, tops
from detente.lenses.stability.inverse.together import Combination, Way, cheapest
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


def _stated(asked: Asked) -> list[int]:
    """Return the actors with priorities."""
    wanting = asked.view.game.preferences
    return [i for i, actor in enumerate(asked.view.actors) if wanting[actor].statements]


def reorder_lever(asked: Asked) -> Lever:
    """Return the least change in the order of priorities."""
    stated, prices = _stated(asked), asked.order_prices()
    if not stated:
        return skipped("reorder", "nobody's preference is a list of priorities")

    def ways(i: int) -> Iterator[Way]:
        if i not in stated:
            return _as_is(asked, i)
        return reorderings(asked.question.own(i), _truth(asked, i), prices[i])

    found = cheapest(asked.question, [ways(i) for i in range(len(prices))], seconds=asked.seconds)
    moved = [i for i in stated if found.ways and swaps(found.ways[i].change)]
    changes, edits = [], dict[str, Any]()
    for i in moved:
        actor, order = asked.view.actors[i], found.ways[i].change
        preference = asked.view.game.preferences[actor]
        texts = [wish.statement.text for wish in preference.statements]
        first = [(a, b) for a, b in combinations(order, 2) if a > b]
        named = ", ".join(f"“{texts[a]}” before “{texts[b]}”" for a, b in first[:MOST_NAMED])
        more = " and so on" if len(first) > MOST_NAMED else ""
        changes.append(
            Change(
                actor=actor,
                what="priorities",
                before=" > ".join(texts),
                after=" > ".join(texts[k] for k in order),
                cost=found.ways[i].cost,
                sentence=f"{asked.actor(i)} would have to put {named}{more}.",
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
        return tops(asked.question.own(i), asked.ranks[i], taken, prices[i])

    found = cheapest(asked.question, [ways(i) for i in range(len(prices))], seconds=asked.seconds)
    changes, edits = [], dict[str, Any]()
    for i, way in enumerate(found.ways):
        if way.change is None:
            continue
        actor, here = asked.view.actors[i], asked.question.state
        text = " and ".join(names[o] if taken[o, here] else f"not {names[o]}" for o in way.change)
        preference = asked.view.game.preferences[actor]
        changes.append(
            Change(
                actor=actor,
                what="priorities",
                before=preference.statements[0].statement.text,
                after=text,
                cost=way.cost,
                sentence=f"{asked.actor(i)} would have to want “{text}” before all else.",
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
    remedy, found = reweigh(asked.question, asked.ranks, scales, asked.seconds)
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
        sentence=f"“{wish.statement.text}” would have to count {new[n]:.4g} instead of {scale.weights[n]:.4g} "
        f"for {asked.actor(i)}.",
        without=asked.undeterred(partly),
    )
