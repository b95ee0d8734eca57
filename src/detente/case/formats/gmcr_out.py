"""How is a game written for GMCR+? Statements as alternatives of settings, or every state in its rank."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from detente.case.case import Case
from detente.case.formats.gmcr import DIRECTIONS, MOST_TO_NUMBER, numbered
from detente.case.formats.losses import not_held, warning
from detente.case.parts.game import Game, Preference
from detente.case.parts.game.statement import Node, Statement
from detente.errors import FormatError, Problem

HELD = ("title", "actors.*.name", "game")
MOST_ALTERNATIVES = 500

Setting = dict[int, bool]


def write_gmcr(case: Case, path: Path) -> tuple[str, list[Problem]]:
    """Return the text of a file for GMCR+, and what of the case it does not hold.

    Raises:
        FormatError: the case has no game, or one whose states are listed or in which some moves need several.
    """
    why = _unwritable(case.game)
    if case.game is None or why:
        raise FormatError([Problem(f"{why}, and GMCR+ knows games of options only", file=str(path))])
    writer = _Writer(case, case.game, str(path))
    return json.dumps(writer.content(), ensure_ascii=False, indent=1) + "\n", writer.problems


def _unwritable(game: Game | None) -> str | None:
    if game is None:
        return "the case has no game"
    if not game.options:
        return "the states of its game are listed"
    joint = [name for name, option in game.options.items() if option.actors]
    return f"{joint[0]!r} is taken by several actors together" if joint else None


class _TooManyError(Exception):
    pass


class _Writer:
    def __init__(self, case: Case, game: Game, file: str) -> None:
        self.case, self.game, self.file = case, game, file
        self.names = list(game.options)
        self.number = {name: n for n, name in enumerate(self.names)}
        self.actors = list(
            dict.fromkeys(
                [*game.preferences, *(o.actor for o in game.options.values() if o.actor is not None)]
            )
        )
        self.problems = not_held(case, HELD, file)
        self._tell_losses()

    def _tell_losses(self) -> None:
        """Warn of what GMCR+ has no place for."""
        if self.game.merged:
            self._lose("states that are one are written apart")
        if any(option.sets for option in self.game.options.values()):
            self._lose("what the options set is not kept")
        for actor, preference in self.game.preferences.items():
            if preference.has_strength:
                self._lose(f"how strongly {actor} prefers is not kept")
            if preference.has_unknown:
                self._lose(f"what is not known of {actor}'s preferences is written as if it were known")
        if self.game.coalitions is not None and self._coalitions() is None:
            self._lose("the coalitions that can form are not kept: an actor is in several")

    def _lose(self, message: str) -> None:
        self.problems.append(warning(message, self.file))

    def _coalitions(self) -> list[int | list[int]] | None:
        """Return the partition into coalitions, or ``None`` where there is none."""
        groups = self.game.coalitions
        members = [actor for group in groups or () for actor in group]
        if groups is None or len(set(members)) < len(members):
            return None
        single: list[int | list[int]] = [n for n, actor in enumerate(self.actors) if actor not in members]
        return [*([self.actors.index(actor) for actor in group] for group in groups), *single]

    def content(self) -> dict[str, Any]:
        written = {moves: key for key, moves in DIRECTIONS.items()}
        options = [
            {"name": option.name or name, "permittedDirection": written[option.moves]}
            for name, option in self.game.options.items()
        ]
        ranked = any(not preference.statements for preference in self.game.preferences.values())
        bans = [self._alternatives(ban.statement) for ban in self.game.infeasible]
        states = self._states(bans) if ranked else []
        coalitions = self._coalitions()
        return {
            **({} if coalitions is None else {"coalitions": coalitions}),
            "options": options,
            "decisionMakers": [self._maker(actor, states, ranked=ranked) for actor in self.actors],
            "infeasibles": [_pairs(setting) for ban in bans for setting in ban],
            "useManualPreferenceRanking": ranked,
        }

    def _maker(self, actor: str, states: list[str], *, ranked: bool) -> dict[str, Any]:
        own = [n for n, option in enumerate(self.game.options.values()) if option.actor == actor]
        preference = self.game.preferences[actor]
        maker: dict[str, Any] = {"name": self.case.actors[actor].name, "options": own, "preferences": []}
        unseen = self.game.misperceives.get(actor, ())
        if unseen:
            found = [setting for one in unseen for setting in self._alternatives(one.statement)]
            maker["misperceptions"] = [_pairs(setting) for setting in found]
        if ranked:
            maker["preferenceRanking"] = self._ranking(actor, preference, states)
            return maker
        alternatives = [self._alternatives(wish.statement) for wish in preference.statements]
        maker["preferences"] = [
            _pairs(found[0])
            if len(found) == 1
            else {"compound": True, "members": [_pairs(setting) for setting in found]}
            for found in alternatives
            if found and found != [{}]  # what never or always holds orders nothing
        ]
        return maker

    def _alternatives(self, statement: Statement) -> list[Setting]:
        try:
            return _settings(statement.over(self.names).tree, self.number, wanted=True)
        except _TooManyError:
            message = f"the statement {statement.text!r} has more than {MOST_ALTERNATIVES} alternatives"
            problem = Problem(message, file=self.file, hint="split it into several")
            raise FormatError([problem]) from None

    def _states(self, bans: list[list[Setting]]) -> list[str]:
        if len(self.names) > MOST_TO_NUMBER:
            message = f"a ranking of the states of {len(self.names)} options is not written"
            raise FormatError([Problem(message, file=self.file, hint="use statements for every actor")])
        owner = {
            n: self.actors.index(option.actor)
            for n, option in enumerate(self.game.options.values())
            if option.actor is not None
        }
        return list(numbered(len(self.names), owner, bans))

    def _ranking(self, actor: str, preference: Preference, states: list[str]) -> list[int | list[int]]:
        if preference.stances:
            self._lose(f"the stances of {actor} became the ranking by their means")
        if any(not wish.weight.is_exact for wish in preference.weights.values()):
            self.problems.append(
                warning(f"weights of {actor} became exact: the mean of each is kept", self.file)
            )
        if preference.ranking:
            groups = preference.groups
            keys: list[Any] = [_place(state, groups) for state in states]
        else:
            keys = [self._key(actor, preference, state) for state in states]
        equal: dict[Any, list[int]] = {}
        for number, key in sorted(enumerate(keys, start=1), key=lambda pair: pair[1]):
            equal.setdefault(key, []).append(number)
        return [group[0] if len(group) == 1 else group for group in equal.values()]

    def _key(self, actor: str, preference: Preference, state: str) -> Any:
        taken = {name: letter == "Y" for name, letter in zip(self.names, state, strict=True)}
        if preference.statements:
            wishes = (wish.statement.over(self.names) for wish in preference.statements)
            return tuple(not wish.holds(taken) for wish in wishes)
        if preference.stances:
            return round(self._loss(actor, taken), 9)
        weights, at = preference.weights.items(), f"game.preferences.{actor}.weights"
        held = (key for key, wish in weights if wish.statement.over(self.names).holds(taken))
        return -round(sum(self.case.quantities[f"{at}.{key}.weight"].mean for key in held), 9)

    def _loss(self, actor: str, taken: dict[str, bool]) -> float:
        """Return how far the issues that options set are from what an actor wants, every number at its mean."""
        total, mean = 0.0, {path: quantity.mean for path, quantity in self.case.quantities.items()}
        for issue in {issue for option in self.game.options.values() for issue in option.sets}:
            at = f"stances.{issue}.{actor}"
            stance = self.case.stances.get(issue, {}).get(actor)
            if stance is not None:
                setters = [n for n, option in self.game.options.items() if issue in option.sets and taken[n]]
                path = f"game.options.{setters[0]}.sets.{issue}" if setters else f"issues.{issue}.no_deal"
                width = self.case.issues[issue].high - self.case.issues[issue].low
                if stance.position is not None:
                    apart = abs(mean[path] - mean[f"{at}.position"]) / width
                elif not setters and stance.no_deal is not None:
                    apart = 1 - stance.no_deal.mean
                else:
                    anchors = sorted(stance.values, key=float)
                    values = [stance.values[one].mean for one in anchors]
                    apart = 1 - float(np.interp(mean[path], [float(one) for one in anchors], values))
                total += mean[f"{at}.salience"] * apart
        return total


def _place(state: str, groups: tuple[tuple[str, ...], ...]) -> int:
    """Return the number of the group that a state is in, of a merged one through any of its patterns."""
    for number, group in enumerate(groups):
        for like in group:
            if all(mark in ("-", letter) for mark, letter in zip(like, state, strict=True)):
                return number
    return len(groups)


def _pairs(setting: Setting) -> list[list[Any]]:
    return [[option, "Y" if taken else "N"] for option, taken in setting.items()]


def _settings(node: Node, number: dict[str, int], *, wanted: bool) -> list[Setting]:
    """Return alternatives of settings of which one holds exactly when the statement is as wanted."""
    kind = node[0]
    if kind == "name":
        return [{number[node[1]]: wanted}]
    if kind == "not":
        return _settings(node[1], number, wanted=not wanted)
    if kind == "if":
        return _settings(("or", node[1], ("not", node[2])), number, wanted=wanted)
    if kind == "iff":
        both, neither = ("and", node[1], node[2]), ("and", ("not", node[1]), ("not", node[2]))
        if not wanted:
            both, neither = ("and", node[1], ("not", node[2])), ("and", ("not", node[1]), node[2])
        return _settings(("or", both, neither), number, wanted=True)
    first = _settings(node[1], number, wanted=wanted)
    second = _settings(node[2], number, wanted=wanted)
    either = (kind == "or") == wanted
    return _distinct(first + second if either else list(_joined(first, second)))


def _joined(first: list[Setting], second: list[Setting]) -> Iterator[Setting]:
    for a in first:
        for b in second:
            if all(b.get(option, taken) == taken for option, taken in a.items()):
                yield {**a, **b}


def _distinct(settings: list[Setting]) -> list[Setting]:
    """Return the settings without those that another one of them covers."""
    kept: list[Setting] = []
    for setting in sorted(settings, key=len):
        if not any(other.items() <= setting.items() for other in kept):
            kept.append(setting)
        if len(kept) > MOST_ALTERNATIVES:
            raise _TooManyError
    chosen = {id(setting) for setting in kept}
    return [setting for setting in settings if id(setting) in chosen]
