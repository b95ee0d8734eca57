"""Does the game of a case agree with itself and with the actors? Names, kinds and states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from detente.case.parts.game import MAX_GAME_OPTIONS, MUCH, Game, Preference
from detente.case.parts.game.feasible import FEWER, MOST_CHECKED, too_many, unfitting
from detente.case.parts.game.statement import MAX_NAMES, PATTERN, WORDS, Statement
from detente.case.reading import Path
from detente.case.validation import Fault, as_mapping, namesakes, read, shortened, unknown, validate, warning
from detente.errors import did_you_mean

KINDS = ("statements", "weights", "ranking", "stances")


def game_faults(case: Any, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with the game of a case beyond the shape of its parts."""
    if case.game is None:
        return
    found = [*_Checks(case, data["game"]).faults()]
    yield from found
    few = not found and 0 < len(case.game.options) <= MOST_CHECKED
    if few and (game := validate(Game, data["game"])[0]) is not None:
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
    """What is looked at in what could be read of a game, given its plain data besides."""

    def __init__(self, case: Any, stated: Mapping[str, Any]) -> None:
        self.case, self.stated = case, stated
        self.game: Game = case.game
        self.options, self.states = self.game.options, self.game.states

    def faults(self) -> Iterator[Fault]:
        yield from self._one_form()
        if self.options or self.states:  # all else would follow
            yield from self._options()
            for part in ("infeasible", "merged"):
                for path, said in read(self.case, "game", part, "*", "statement"):
                    yield from self._statement(path, said)
            yield from self._together()
            yield from self._wants()
            for key in ("status_quo", "wanted"):
                yield from self._one_state(key)

    def _one_form(self) -> Iterator[Fault]:
        game, options, states = self.game, self.options, self.states
        if not all(isinstance(self.stated.get(part, {}), Mapping) for part in ("options", "states")):
            return  # told as what it is
        joint = "give the option 'actors' in place of 'actor'"
        instead = "list one state in place of those that are one"
        neither = "add game.options (what each actor can do), or game.states and game.moves"
        for wrong, part, message, hint in (
            (not options and not states, "", "has neither options nor states", neither),
            (options and states, "states", "a game has options or listed states, not both", "remove one"),
            (options and game.moves, "moves", "moves follow from the options", "remove them"),
            (options and game.together, "together", "moves follow from the options", joint),
            (states and game.infeasible, "infeasible", "listed states are all feasible", "remove it"),
            (states and game.merged, "merged", "listed states are not merged", instead),
        ):
            if wrong:
                yield Fault(("game", part) if part else ("game",), message, hint)
                return

    def _options(self) -> Iterator[Fault]:
        if len(self.options) > MAX_GAME_OPTIONS:
            owned = (option for _, option in read(self.options, "*"))
            owners = {name for one in owned for name in (one.actor, *one.actors)} - {None}
            yield Fault(("game", "options"), too_many(len(self.options), len(owners)), FEWER)
        for name in self.options:
            if name.casefold() in WORDS:
                message = f"{name!r} is a word of statements and cannot name an option"
                yield Fault(("game", "options", name), message, at_key=True)
        for path, option in read(self.case, "game", "options", "*"):
            if "actors" in option.model_fields_set:
                yield from _several((*path, "actors"), option.actors)
                if "actor" in option.model_fields_set:
                    yield Fault(path, "an option has an actor, or actors who take it together, not both")

    def _together(self) -> Iterator[Fault]:
        for path, actors in read(self.case, "game", "together", "*", "actors"):
            yield from _several(path, actors)
        for path, members in read(self.case, "game", "coalitions", "*"):
            yield from _several(path, members)
        for path, said in read(self.case, "game", "misperceives", "*", "*", "statement"):
            if self.states:
                yield from unknown(path, "state", said.text, self.states)
            else:
                yield from self._statement(path, said)

    def _wants(self) -> Iterator[Fault]:
        for path, preference in read(self.case, "game", "preferences", "*"):
            yield from self._preference(path, preference)
            if preference.stances:
                yield from self._from_stances(path, str(path[-1]))
        if isinstance(self.stated.get("preferences", {}), Mapping):
            for actor in sorted(
                (_movers(self.case) & self.case.actors.keys()) - self.game.preferences.keys()
            ):
                message = f"{shortened(actor)} can move and has no preference"
                way = "[statements, the most important first], or: indifferent"
                yield Fault(("game", "preferences"), message, f"add game.preferences.{actor}: {way}")

    def _from_stances(self, path: Path, actor: str) -> Iterator[Fault]:
        issues = {issue for (*_, issue), _ in read(self.options, "*", "sets", "*")}
        if not issues:
            hint = "say with 'sets' to what value an option brings an issue"
            yield Fault(path, "stances order states only where options set issues", hint)
        elif not any(actor in (self.case.stances.get(issue) or ()) for issue in issues):
            hint = f"add stances.{min(issues)}.{actor}"
            yield Fault(path, f"{actor} has no stance on what the options set", hint)

    def _statement(self, path: Path, statement: Statement) -> Iterator[Fault]:
        """Yield the names in a statement that are no options."""
        if statement.is_pattern(self.options) and self.options:
            yield from self._pattern(path, statement.text)
            return
        for name, offset in statement.mentions():
            yield from unknown(path, "option", name, self.options, before=f"character {offset + 1}: ")

    def _pattern(self, path: Path, letters: str) -> Iterator[Fault]:
        if len(letters) != len(self.options):
            hint = f"a pattern here is {len(self.options)} letters: Y, N or -, one per option in their order"
            message = f"no option is called {shortened(letters)}, and as a pattern it does not fit"
            yield Fault(path, message, hint)
        elif set(letters) == {"-"}:
            yield Fault(path, "every state is like this pattern", "write Y or N for at least one option")
        elif len(letters) - letters.count("-") > MAX_NAMES:
            yield Fault(path, f"a pattern fixes at most {MAX_NAMES} options")

    def _preference(self, path: Path, preference: Preference) -> Iterator[Fault]:
        given = [kind for kind in KINDS if getattr(preference, kind)]
        blank = not given and preference.model_fields_set & {*KINDS}  # told there
        if len(given) != 1 and not blank:
            what = " and ".join(given) if given else "none"
            yield Fault(path, f"a preference has one of {', '.join(KINDS)}, and here is {what}")
        wishes = (
            read(preference, "statements", "*", "statement"),
            read(preference, "weights", "*", "statement"),
        )
        for where, said in (*wishes[0], *wishes[1]):
            yield from self._statement((*path, *where), said)
        if given == ["ranking"]:
            yield from self._ranking((*path, "ranking"), preference.ranking)
        if preference.strong_gap is not None and given not in (["weights"], ["stances"]):
            marks = "mark statements with 'strong: true', or put '>>' between the states of a ranking"
            yield Fault((*path, "strong_gap"), "is a difference of weights or of stances", marks)
        for where, state in read(preference, "unknown", "*", "*"):
            yield from self._state((*path, *where), state)

    def _ranking(self, path: Path, groups: tuple[tuple[str, ...], ...]) -> Iterator[Fault]:
        seen, much = set(), (MUCH,)
        if much in (groups[0], groups[-1]) or (much, much) in pairwise(groups):
            yield Fault(path, f"'{MUCH}' stands between two states, the upper one strongly preferred")
        for where, state in read(groups, "*", "*"):
            if state == MUCH:
                continue
            yield from self._state((*path, *where), state)
            if state in seen:
                hint = "a ranking that comes back to a state goes round in a circle; keep one place"
                yield Fault((*path, *where), f"state {shortened(state)} stands twice", hint)
            seen.add(state)
        for state in self.states.keys() - seen:
            yield Fault(path, f"state {shortened(state)} is not ranked", "give every state a place")

    def _state(self, path: Path, state: str, *, one: bool = False) -> Iterator[Fault]:
        """Yield what is wrong with the id or the letters of a state, or a pattern unless it has to be ``one``."""
        if self.states:
            yield from unknown(path, "state", state, self.states)
        elif len(state) != len(self.options) or not PATTERN.fullmatch(state) or (one and "-" in state):
            form = f"a state here is {len(self.options)} letters, Y or N, one per option in their order"
            yield Fault(path, f"{shortened(state)} is no state", form)
        elif "-" in state:
            yield from self._pattern(path, state)

    def _one_state(self, key: str) -> Iterator[Fault]:
        """Yield what is wrong with the status quo or the wanted state."""
        stated, where = getattr(self.game, key), ("game", key)
        if isinstance(stated, str):
            yield from self._state(where, stated, one=True)
        elif self.states and stated is not None:
            yield Fault(where, "is the id of one of the listed states", did_you_mean("", self.states))
        else:
            for below, name in read(self.game, key, "*"):
                yield from unknown(("game", *below), "option", name, self.options)


def _movers(case: Any) -> set[str]:
    game = case.game
    found = {*game.moves, *game.misperceives}
    for part in ("options", "together"):
        found.update(name for _, name in read(game, part, "*", "actor"))
        found.update(name for _, name in read(game, part, "*", "actors", "*"))
    return found.union(name for _, name in read(game, "coalitions", "*", "*"))


def _several(path: Path, members: tuple[str | None, ...]) -> Iterator[Fault]:
    """Yield what is wrong with a set of two or more actors."""
    listed = [name for name in members if name is not None]
    if len(set(listed)) != len(listed):
        yield Fault(path, "an actor stands twice")
    elif len(listed) < 2:
        yield Fault(path, "needs two actors or more", "for one alone write 'actor'")
