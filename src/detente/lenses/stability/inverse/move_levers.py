"""How are cuts told? Options off the table or one-way, states ruled out, moves barred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from detente.lenses.stability.inverse.asked import NEAR, Asked, lever
from detente.lenses.stability.inverse.levers import Change, Lever
from detente.lenses.stability.inverse.moves import (
    Cut,
    cheapest_cuts,
    kept,
    move_cuts,
    option_cuts,
    state_cuts,
)

ONE_WAY = {"forward": ("once taken", "dropped"), "back": ("once dropped", "taken again")}


def moves_lever(asked: Asked) -> Lever:
    """Return the cheapest cuts."""
    question = asked.question
    cuts = [replace(cut, cost=_price(asked, cut)) for cut in _possible(asked)]
    found = cheapest_cuts(question, asked.ranks, cuts, asked.effort)
    if any(
        cut.kind == "ban" for cut in found.chosen or ()
    ):  # a rule about options says more than one about states
        plain = [cut for cut in cuts if cut.kind != "ban"]
        other = cheapest_cuts(question, asked.ranks, plain, asked.effort)
        found = replace(other, bound=found.bound) if other.cost <= found.cost + NEAR else found
    chosen = found.chosen or ()
    left = kept(question, chosen)
    held = replace(question, graph=question.graph.keeping(left)).holds(asked.ranks)
    changes, edits = [], dict[str, Any]()
    for cut in chosen:
        changes.append(_told(asked, cut, [other for other in chosen if other is not cut]))
        _edit(asked, cut, edits)
    if asked.view.states.form is None and _stops_a_team(asked, chosen):
        edits = {}  # common moves between listed states stand in no list of one actor
    return lever("moves", found.cost, found.bound, found.clauses, changes, edits, held)


def _stops_a_team(asked: Asked, chosen: Sequence[Cut]) -> bool:
    graph = asked.question.graph
    return any((graph.rows[cut.stops] >= graph.actors).any() for cut in chosen)


def _possible(asked: Asked) -> list[Cut]:
    view, question = asked.view, asked.question
    today = () if view.status_quo is None else (view.status_quo,)
    cuts = state_cuts(question, today)
    if view.states.form is None:
        return [*move_cuts(question), *cuts]
    return [*(option_cuts(question, view.states.form) if view.states.classes is None else ()), *cuts]


def _price(asked: Asked, cut: Cut) -> float:
    if cut.kind == "ban":
        return asked.prices.of("ban", asked.view.text(cut.what))
    if cut.kind == "bar":
        return asked.prices.of("bar", asked.view.mover(int(asked.question.graph.rows[cut.what])))
    return asked.prices.of("remove" if cut.kind == "remove" else "one_way", asked.view.names[cut.what])


def _told(asked: Asked, cut: Cut, others: list[Cut]) -> Change:
    view, graph = asked.view, asked.question.graph
    actor: str | None = None
    if cut.kind == "ban":
        what, before, after = view.text(cut.what), "possible", "ruled out"
        sentence = f"Ruled out would have to be {asked.place(cut.what)}."
    elif cut.kind == "bar":
        actor = view.mover(int(graph.rows[cut.what]))
        start, end = int(graph.sources[cut.what]), int(graph.targets[cut.what])
        who = " and ".join(asked.actor(i) for i in graph.movers[graph.rows[cut.what]])
        what, before, after = f"{view.text(start)} → {view.text(end)}", "possible", "barred"
        sentence = f"{who} would have to be unable to go from {asked.place(start)} to {asked.place(end)}."
    else:
        option = view.game.options[view.names[cut.what]]
        actor, what, before = option.actor or "+".join(option.actors), view.names[cut.what], option.moves
        if cut.kind == "remove":
            stays = "taken" if view.text(asked.question.state)[cut.what] == "Y" else "not taken"
            after = f"stays {stays}"
            sentence = f"{asked.option(cut.what)} would have to stay {stays}, whatever anybody wants."
        else:
            since, never = ONE_WAY[cut.kind]
            after = cut.kind
            sentence = f"{asked.option(cut.what)}, {since}, could not be {never}."
    return Change(
        actor=actor,
        what=what,
        before=before,
        after=after,
        cost=cut.cost,
        sentence=sentence,
        without=asked.undeterred(asked.ranks, kept(asked.question, others)),
    )


def _edit(asked: Asked, cut: Cut, edits: dict[str, Any]) -> None:
    """Add the change of the case that makes a cut."""
    view, game = asked.view, asked.view.game
    if cut.kind == "ban" and view.states.form is not None:
        stands = game.model_dump(mode="json", exclude_defaults=True).get("infeasible", [])
        banned = edits.setdefault("game.infeasible", stands)
        banned += view.states.members[cut.what]
        _unrank(asked, cut.what, edits)
    elif cut.kind in ("forward", "back"):
        edits[f"game.options.{view.names[cut.what]}.moves"] = cut.kind
    elif cut.kind == "remove":
        option = game.options[view.names[cut.what]]
        edits[f"game.options.{view.names[cut.what]}.{'actors' if option.actors else 'actor'}"] = None
    else:
        for path, value in _listed(asked, cut):
            edits[path] = value if path not in edits else [pair for pair in edits[path] if pair in value]


def _unrank(asked: Asked, state: int, edits: dict[str, Any]) -> None:
    """Take a state that is ruled out from the rankings, which name no others than feasible states."""
    game, gone = asked.view.game, set(asked.view.states.members[state])
    for actor, preference in game.preferences.items():
        path = f"game.preferences.{actor}"
        if preference.ranking:
            stands = edits.get(path) or preference.model_dump(mode="json", exclude_defaults=True)
            groups = [
                [s for s in (g if isinstance(g, list) else [g]) if s not in gone] for g in stands["ranking"]
            ]
            left = [group[0] if len(group) == 1 else group for group in groups if group]
            edits[path] = {**stands, "ranking": left}


def _listed(asked: Asked, cut: Cut) -> list[tuple[str, list[list[str]]]]:
    """Return what is left of every list of moves that a cut shortens."""
    view, graph = asked.view, asked.question.graph
    found = []
    stopped = np.flatnonzero(cut.stops)
    for row in np.unique(graph.rows[stopped]).tolist():
        if row >= graph.actors:
            continue
        gone = {
            (view.text(int(graph.sources[n])), view.text(int(graph.targets[n])))
            for n in stopped.tolist()
            if graph.rows[n] == row
        }
        moves = [list(pair) for pair in view.game.moves.get(view.actors[row], ()) if pair not in gone]
        found.append((f"game.moves.{view.actors[row]}", moves))
    return found
