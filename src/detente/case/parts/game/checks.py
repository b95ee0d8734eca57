"""Does the game of a case agree with itself and with the actors? Names, kinds and states, on plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from detente.case.parts.game import MAX_GAME_OPTIONS, MUCH, Game, preferring, spelt_out
from detente.case.parts.game.feasible import FEWER, MOST_CHECKED, too_many, unfitting
from detente.case.parts.game.statement import MAX_NAMES, PATTERN, WORDS, Statement
from detente.case.reading import Path
from detente.case.validation import (
    Fault,
    as_list,
    as_mapping,
    entries,
    namesakes,
    shortened,
    validate,
    warning,
)
from detente.errors import did_you_mean

KINDS = ("statements", "weights", "ranking", "stances")


def game_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with the game of a case beyond the shape of its parts."""
    if not isinstance(data.get("game"), Mapping):
        return
    found = [*_Checks(data).faults()]
    yield from found
    game, faults = validate(Game, data["game"])
    if not (found or faults) and len(game.options) <= MOST_CHECKED:
        yield from unfitting(game, as_mapping(data.get("issues")))


def game_warnings(case: Any, _: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a game in which nobody can do anything or wants anything, and names that stand for two things."""
    game = case.game
    if game is None:
        return
    owned = any(option.actor or option.actors for option in game.options.values())
    if not owned and not game.moves and not game.together:
        way = "give the options an actor, or the states moves"
        yield warning(("game",), "nobody can do anything, so every state holds", way)
    for kind, things in (("options", game.options), ("states", game.states)):
        named = {key: thing.name or key for key, thing in things.items()}
        yield from namesakes(("game", kind), named, "both are told with what tells them apart")
    if not game.preferences:
        way = "add game.preferences, or the stability lens cannot judge it"
        yield warning(("game",), "nobody prefers anything", way)


class _Checks:
    """What is looked at in a game, given its options and states as stated."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data, self.game = data, spelt_out(as_mapping(data["game"]))
        self.options, self.states = as_mapping(self.game.get("options")), as_mapping(self.game.get("states"))

    def faults(self) -> Iterator[Fault]:
        yield from self._one_form()
        if self.options or self.states:  # all else would follow
            yield from self._options()
            yield from self._together()
            yield from self._wants()
            for key in ("status_quo", "wanted"):
                yield from self._one_state(key)

    def _one_form(self) -> Iterator[Fault]:
        game, options, states = self.game, self.options, self.states
        if any(part in game and not isinstance(game[part], Mapping) for part in ("options", "states")):
            return  # told as what it is
        joint = "give the option 'actors' in place of 'actor'"
        instead = "list one state in place of those that are one"
        neither = "add game.options (what each actor can do), or game.states and game.moves"
        for wrong, part, message, hint in (
            (not options and not states, "", "has neither options nor states", neither),
            (options and states, "states", "a game has options or listed states, not both", "remove one"),
            (options and game.get("moves"), "moves", "moves follow from the options", "remove them"),
            (options and game.get("together"), "together", "moves follow from the options", joint),
            (states and game.get("infeasible"), "infeasible", "listed states are all feasible", "remove it"),
            (states and game.get("merged"), "merged", "listed states are not merged", instead),
        ):
            if wrong:
                yield Fault(("game", part) if part else ("game",), message, hint)
                return

    def _options(self) -> Iterator[Fault]:
        if len(self.options) > MAX_GAME_OPTIONS:
            owned = (as_mapping(option) for option in self.options.values())
            named = (name for one in owned for name in (one.get("actor"), *as_list(one.get("actors"))))
            owners = len({name for name in named if isinstance(name, str)})
            yield Fault(("game", "options"), too_many(len(self.options), owners), FEWER)
        for name, content in self.options.items():
            path, option = ("game", "options", name), as_mapping(content)
            if name.casefold() in WORDS:
                yield Fault(path, f"{name!r} is a word of statements and cannot name an option", at_key=True)
            if "actors" in option:
                yield from _several((*path, "actors"), option["actors"])
            if "actor" in option and "actors" in option:
                yield Fault(path, "an option has an actor, or actors who take it together, not both")
        for part in ("infeasible", "merged"):
            for number, ban in enumerate(as_list(self.game.get(part))):
                yield from self._statement(("game", part, number), ban)

    def _together(self) -> Iterator[Fault]:
        for number, joint in enumerate(as_list(self.game.get("together"))):
            yield from _several(("game", "together", number, "actors"), as_mapping(joint).get("actors"))
        for number, members in enumerate(as_list(self.game.get("coalitions"))):
            yield from _several(("game", "coalitions", number), members)
        for actor, listed in as_mapping(self.game.get("misperceives")).items():
            for number, condition in enumerate(as_list(listed)):
                path: Path = ("game", "misperceives", actor, number)
                if self.states and isinstance(condition, str):
                    yield from _unknown(path, "state", condition, self.states)
                else:
                    yield from self._statement(path, condition)

    def _wants(self) -> Iterator[Fault]:
        wants = as_mapping(self.game.get("preferences"))
        for actor, preference in wants.items():
            yield from self._preference(("game", "preferences", actor), preference)
            if preference == "stances" or as_mapping(preference).get("stances") is True:
                yield from self._from_stances(actor)
        movers = _movers(self.game) if isinstance(self.game.get("preferences", {}), Mapping) else set()
        for actor in sorted(movers - set(wants)):
            hint = f"add game.preferences.{actor}: [statements, the most important first], or: indifferent"
            yield Fault(("game", "preferences"), f"{shortened(actor)} can move and has no preference", hint)

    def _from_stances(self, actor: str) -> Iterator[Fault]:
        path: Path = ("game", "preferences", actor)
        issues = {issue for _, sets in entries(self.options, "*", "sets") for issue in sets}
        if not issues:
            hint = "say with 'sets' to what value an option brings an issue"
            yield Fault(path, "stances order states only where options set issues", hint)
        elif not any(actor in as_mapping(self.data, "stances", issue) for issue in issues):
            hint = f"add stances.{min(issues)}.{actor}"
            yield Fault(path, f"{actor} has no stance on what the options set", hint)

    def _statement(self, path: Path, wish: object) -> Iterator[Fault]:
        """Yield the names in a statement that are no options; what cannot be read the model tells."""
        if isinstance(wish, Mapping):
            path, wish = (*path, "statement"), wish.get("statement")
        try:
            statement = Statement.parse(wish)
        except ValueError:
            return
        if statement.is_pattern(self.options) and self.options:
            yield from self._pattern(path, statement.text)
            return
        for name, offset in statement.mentions():
            yield from _unknown(path, "option", name, self.options, f"character {offset + 1}: ")

    def _pattern(self, path: Path, letters: str) -> Iterator[Fault]:
        if len(letters) != len(self.options):
            hint = f"a pattern here is {len(self.options)} letters: Y, N or -, one per option in their order"
            message = f"no option is called {shortened(letters)}, and as a pattern it does not fit"
            yield Fault(path, message, hint)
        elif set(letters) == {"-"}:
            yield Fault(path, "every state is like this pattern", "write Y or N for at least one option")
        elif len(letters) - letters.count("-") > MAX_NAMES:
            yield Fault(path, f"a pattern fixes at most {MAX_NAMES} options")

    def _preference(self, path: Path, preference: object) -> Iterator[Fault]:
        at = path if isinstance(preference, (list, tuple)) else (*path, "statements")
        preference = preferring(preference)
        if not isinstance(preference, Mapping):
            return  # the model tells
        given = [kind for kind in KINDS if preference.get(kind)]
        blank = not given and any(kind in preference for kind in KINDS)  # told there
        if len(given) != 1 and not blank:
            what = " and ".join(given) if given else "none"
            yield Fault(path, f"a preference has one of {', '.join(KINDS)}, and here is {what}")
        for number, wish in enumerate(as_list(preference.get("statements"))):
            yield from self._statement((*at, number), wish)
        for name, wish in as_mapping(preference.get("weights")).items():
            yield from self._statement((*path, "weights", name), wish)
        if given == ["ranking"]:
            yield from self._ranking((*path, "ranking"), as_list(preference["ranking"]))
        if preference.get("strong_gap") is not None and given not in (["weights"], ["stances"]):
            marks = "mark statements with 'strong: true', or put '>>' between the states of a ranking"
            yield Fault((*path, "strong_gap"), "is a difference of weights or of stances", marks)
        for number, pair in enumerate(as_list(preference.get("unknown"))):
            for side, state in enumerate(as_list(pair)):
                yield from self._state((*path, "unknown", number, side), state)

    def _ranking(self, path: Path, groups: list[Any]) -> Iterator[Fault]:
        seen = set()
        if groups and (MUCH in (groups[0], groups[-1]) or (MUCH, MUCH) in pairwise(groups)):
            yield Fault(path, f"'{MUCH}' stands between two states, the upper one strongly preferred")
        for number, group in enumerate(groups):
            alone: list[tuple[Path, Any]] = [((number,), group)]
            several: list[tuple[Path, Any]] = [
                ((number, place), one) for place, one in enumerate(as_list(group))
            ]
            for where, state in several if isinstance(group, (list, tuple)) else alone:
                if not isinstance(state, str) or group == MUCH:
                    continue
                yield from self._state((*path, *where), state)
                if state in seen:
                    hint = "a ranking that comes back to a state goes round in a circle; keep one place"
                    yield Fault((*path, *where), f"state {shortened(state)} stands twice", hint)
                seen.add(state)
        for state in self.states:
            if state not in seen:
                yield Fault(path, f"state {shortened(state)} is not ranked", "give every state a place")

    def _state(self, path: Path, state: object, *, one: bool = False) -> Iterator[Fault]:
        """Yield what is wrong with the id or the letters of a state, or a pattern unless it has to be ``one``."""
        if not isinstance(state, str):
            return  # the model tells
        if self.states:
            yield from _unknown(path, "state", state, self.states)
        elif len(state) != len(self.options) or not PATTERN.fullmatch(state) or (one and "-" in state):
            form = f"a state here is {len(self.options)} letters, Y or N, one per option in their order"
            yield Fault(path, f"{shortened(state)} is no state", form)
        elif "-" in state:
            yield from self._pattern(path, state)

    def _one_state(self, key: str) -> Iterator[Fault]:
        """Yield what is wrong with the status quo or the wanted state."""
        stated, where = self.game.get(key), ("game", key)
        if isinstance(stated, str) or stated is None:
            yield from self._state(where, stated, one=True)
        elif self.states:
            yield Fault(where, "is the id of one of the listed states", did_you_mean("", self.states))
        else:
            for number, name in enumerate(as_list(stated)):
                if isinstance(name, str):
                    yield from _unknown((*where, number), "option", name, self.options)


def _movers(game: Mapping[str, Any]) -> set[str]:
    found = {*as_mapping(game.get("moves")), *as_mapping(game.get("misperceives"))}
    for part in (*as_mapping(game.get("options")).values(), *as_list(game.get("together"))):
        one = as_mapping(part)
        found.update(
            name for name in (one.get("actor"), *as_list(one.get("actors"))) if isinstance(name, str)
        )
    for members in as_list(game.get("coalitions")):
        found.update(name for name in as_list(members) if isinstance(name, str))
    return found


def _several(path: Path, members: object) -> Iterator[Fault]:
    """Yield what is wrong with a set of two or more actors."""
    listed = [name for name in as_list(members) if isinstance(name, str)]
    if len(set(listed)) != len(listed):
        yield Fault(path, "an actor stands twice")
    elif len(listed) < 2:
        yield Fault(path, "needs two actors or more", "for one alone write 'actor'")


def _unknown(path: Path, thing: str, name: str, known: Mapping[str, Any], where: str = "") -> Iterator[Fault]:
    if name not in known:
        yield Fault(path, f"{where}no {thing} is called {shortened(name)}", did_you_mean(name, known))
