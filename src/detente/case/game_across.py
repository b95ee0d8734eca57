"""Does the game of a case agree with itself and with the actors? Names, kinds and states, on plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from detente.case.reading import Path
from detente.case.statement import WORDS, Statement
from detente.case.validation import Fault, as_list, as_mapping, shortened
from detente.errors import did_you_mean

KINDS = ("statements", "weights", "ranking")


def game_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with the game of a case beyond the shape of its parts."""
    if data.get("game") is None:
        yield from _no_issues(data)
        return
    game, actors = as_mapping(data["game"]), as_mapping(data.get("actors"))
    options, states = as_mapping(game.get("options")), as_mapping(game.get("states"))
    yield from _one_form(game, options, states)
    movers: set[str] = set()
    for name, option in options.items():
        if name.casefold() in WORDS:
            message = f"{name!r} is a word of statements and cannot name an option"
            yield Fault(("game", "options", name), message, at_key=True)
        actor = as_mapping(option).get("actor")
        if isinstance(actor, str):
            movers.add(actor)
            yield from _unknown(("game", "options", name, "actor"), "actor", actor, actors)
    for number, ban in enumerate(as_list(game.get("infeasible"))):
        yield from _statement(("game", "infeasible", number), ban, options)
    for actor, moves in as_mapping(game.get("moves")).items():
        movers.add(actor)
        yield from _unknown(("game", "moves", actor), "actor", actor, actors, at_key=True)
        yield from _moves(("game", "moves", actor), moves, states)
    wants = as_mapping(game.get("preferences"))
    for actor, preference in wants.items():
        where: Path = ("game", "preferences", actor)
        yield from _unknown(where, "actor", actor, actors, at_key=True)
        yield from _preference(where, preference, options, states)
    for actor in sorted(movers - set(wants)):
        hint = f"add game.preferences.{actor}: [statements, the most important first]"
        yield Fault(("game", "preferences"), f"{shortened(actor)} can move and has no preference", hint=hint)
    yield from _status_quo(game, options, states)


def _no_issues(data: Mapping[str, Any]) -> Iterator[Fault]:
    if "issues" not in data:
        yield Fault((), "'issues' is missing", hint="add 'issues: …'")
    elif data["issues"] in ({}, []):
        yield Fault(("issues",), "is empty")


def _one_form(
    game: Mapping[str, Any], options: Mapping[str, Any], states: Mapping[str, Any]
) -> Iterator[Fault]:
    if not options and not states:
        hint = "add game.options (what each actor can do), or game.states and game.moves"
        yield Fault(("game",), "has neither options nor states", hint=hint)
    elif options and states:
        yield Fault(("game", "states"), "a game has options or listed states, not both", hint="remove one")
    elif options and game.get("moves"):
        yield Fault(("game", "moves"), "moves follow from the options", hint="remove them")
    elif states and game.get("infeasible"):
        yield Fault(("game", "infeasible"), "listed states are all feasible", hint="remove it")


def _unknown(
    path: Path, thing: str, name: str, known: Mapping[str, Any], *, at_key: bool = False
) -> Iterator[Fault]:
    if name not in known:
        hint = did_you_mean(name, known)
        yield Fault(path, f"no {thing} is called {shortened(name)}", hint=hint, at_key=at_key)


def _statement(path: Path, wish: object, options: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the names in a statement that are no options; what cannot be read the model tells."""
    inner = wish.get("statement") if isinstance(wish, Mapping) else wish
    path = (*path, "statement") if isinstance(wish, Mapping) else path
    try:
        statement = Statement.parse(inner)
    except ValueError:
        return
    for name, offset in statement.mentions():
        if name not in options:
            hint = did_you_mean(name, options)
            yield Fault(path, f"character {offset + 1}: no option is called {shortened(name)}", hint=hint)


def _moves(path: Path, moves: object, states: Mapping[str, Any]) -> Iterator[Fault]:
    for number, pair in enumerate(as_list(moves)):
        for side, state in enumerate(as_list(pair)):
            if isinstance(state, str):
                yield from _unknown((*path, number, side), "state", state, states)


def _preference(
    path: Path, preference: object, options: Mapping[str, Any], states: Mapping[str, Any]
) -> Iterator[Fault]:
    if isinstance(preference, (list, tuple)):
        preference, at = {"statements": preference}, path
    else:
        preference, at = as_mapping(preference), (*path, "statements")
    given = [kind for kind in KINDS if preference.get(kind)]
    if len(given) != 1:
        what = " and ".join(given) if given else "none"
        yield Fault(path, f"a preference has one of {', '.join(KINDS)}, and here is {what}")
    for number, wish in enumerate(as_list(preference.get("statements"))):
        yield from _statement((*at, number), wish, options)
    for name, wish in as_mapping(preference.get("weights")).items():
        yield from _statement((*path, "weights", name), wish, options)
    if given == ["ranking"]:
        yield from _ranking((*path, "ranking"), preference["ranking"], options, states)


def _ranking(
    path: Path, ranking: object, options: Mapping[str, Any], states: Mapping[str, Any]
) -> Iterator[Fault]:
    seen: dict[str, Path] = {}
    for number, group in enumerate(as_list(ranking)):
        members = as_list(group) if not isinstance(group, str) else [group]
        for place, state in enumerate(members):
            where = (*path, number) if isinstance(group, str) else (*path, number, place)
            if not isinstance(state, str):
                continue
            yield from _state(where, state, options, states)
            if state in seen:
                hint = "a ranking that comes back to a state goes round in a circle; keep one place"
                yield Fault(where, f"state {shortened(state)} stands twice", hint=hint)
            seen[state] = where
    for state in states:
        if state not in seen:
            yield Fault(path, f"state {shortened(state)} is not ranked", hint="give every state a place")


def _state(path: Path, state: str, options: Mapping[str, Any], states: Mapping[str, Any]) -> Iterator[Fault]:
    if states:
        yield from _unknown(path, "state", state, states)
    elif len(state) != len(options) or set(state) - set("YN"):
        form = f"a state here is {len(options)} letters, Y or N, one per option in their order"
        yield Fault(path, f"{shortened(state)} is no state", hint=form)


def _status_quo(
    game: Mapping[str, Any], options: Mapping[str, Any], states: Mapping[str, Any]
) -> Iterator[Fault]:
    today = game.get("status_quo")
    where: Path = ("game", "status_quo")
    if isinstance(today, str):
        yield from _state(where, today, options, states)
    elif today is not None and states:
        yield Fault(where, "is the id of one of the listed states", hint=did_you_mean("", states))
    else:
        for number, name in enumerate(as_list(today)):
            if isinstance(name, str):
                yield from _unknown((*where, number), "option", name, options)
