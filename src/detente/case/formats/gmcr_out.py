"""How is a game written for GMCR+? Statements as alternatives of settings, or every state in its rank."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from detente.case.case import Case
from detente.case.formats.gmcr import DIRECTIONS, MOST_TO_NUMBER, Setting, numbered
from detente.case.formats.losses import not_held, warning
from detente.case.parts.game import Game, Preference
from detente.case.parts.game.statement import Node, Statement
from detente.errors import FormatError, Problem

HELD = ("title", "actors.*.name", "game")
MOST_ALTERNATIVES = 500

Taken = Mapping[str, np.ndarray]  # option → whether it is taken, for each state in the order of their numbers


def write_gmcr(case: Case, path: Path) -> tuple[str, list[Problem]]:
    """Return the text of a file for GMCR+, and what of the case it does not hold.

    Raises:
        FormatError: the case has no game, or one that GMCR+ cannot hold.
    """
    why = _unwritable(case.game)
    if case.game is None or why:
        known = "options of one actor each, with statements or rankings"
        raise FormatError([Problem(f"{why}, and GMCR+ knows {known}", file=str(path))])
    writer = _Writer(case, case.game, str(path))
    return json.dumps(writer.content(), ensure_ascii=False, indent=1) + "\n", writer.problems


def _unwritable(game: Game | None) -> str | None:
    if game is None:
        return "the case has no game"
    if not game.options:
        return "the states of its game are listed"
    joint = [name for name, option in game.options.items() if option.actors]
    if joint:
        return f"{joint[0]!r} is taken by several actors together"
    by_stances = [actor for actor, preference in game.preferences.items() if preference.stances]
    return f"{by_stances[0]!r} orders the states by its stances" if by_stances else None


class _TooManyError(Exception):
    pass


class _Writer:
    def __init__(self, case: Case, game: Game, file: str) -> None:
        self.case, self.game, self.file = case, game, file
        self.names = list(game.options)
        owners = [option.actor for option in game.options.values() if option.actor is not None]
        self.actors = list(dict.fromkeys([*game.preferences, *owners]))
        self.problems = not_held(case, HELD, file)
        listed = [actor for group in game.coalitions or () for actor in group]
        self.groups = game.coalitions if len(set(listed)) == len(listed) else None
        self._tell_losses()

    def _tell_losses(self) -> None:
        """Warn of what GMCR+ has no place for."""
        told = {
            "states that are one are written apart": self.game.merged,
            "what the options set is not kept": any(one.sets for one in self.game.options.values()),
        }
        for actor, preference in self.game.preferences.items():
            told |= {
                f"how strongly {actor} prefers is not kept": preference.has_strength,
                f"what is not known of {actor}'s preferences is written as if it were known": (
                    preference.has_unknown
                ),
            }
        several = "the coalitions that can form are not kept: an actor is in several"
        told[several] = self.game.coalitions is not None and self.groups is None
        for message, lost in told.items():
            if lost:
                self._lose(message)

    def _lose(self, message: str) -> None:
        self.problems.append(warning(message, self.file))

    def content(self) -> dict[str, Any]:
        written = {moves: key for key, moves in DIRECTIONS.items()}
        options = [
            {"name": option.name or name, "permittedDirection": written[option.moves]}
            for name, option in self.game.options.items()
        ]
        ranked = any(not preference.statements for preference in self.game.preferences.values())
        bans = [self._alternatives(ban.statement) for ban in self.game.infeasible]
        taken = self._states(bans) if ranked else {}
        makers = [self._maker(actor, taken, ranked=ranked) for actor in self.actors]
        content: dict[str, Any] = {}
        if self.groups is not None:
            joined = {actor for group in self.groups for actor in group}
            single = [n for n, actor in enumerate(self.actors) if actor not in joined]
            together = [[self.actors.index(actor) for actor in group] for group in self.groups]
            content["coalitions"] = [*together, *single]
        return content | {
            "options": options,
            "decisionMakers": makers,
            "infeasibles": [_pairs(setting) for ban in bans for setting in ban],
            "useManualPreferenceRanking": ranked,
        }

    def _maker(self, actor: str, taken: Taken, *, ranked: bool) -> dict[str, Any]:
        own = [n for n, option in enumerate(self.game.options.values()) if option.actor == actor]
        preference = self.game.preferences[actor]
        maker: dict[str, Any] = {"name": self.case.actors[actor].name, "options": own, "preferences": []}
        unseen = [self._alternatives(one.statement) for one in self.game.misperceives.get(actor, ())]
        if unseen:
            maker["misperceptions"] = [_pairs(setting) for found in unseen for setting in found]
        if ranked:
            return maker | {"preferenceRanking": self._ranking(actor, preference, taken)}
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
        number = {name: n for n, name in enumerate(self.names)}
        try:
            return _settings(statement.over(self.names).tree, number, wanted=True)
        except _TooManyError:
            message = f"the statement {statement.text!r} has more than {MOST_ALTERNATIVES} alternatives"
            problem = Problem(message, file=self.file, hint="split it into several")
            raise FormatError([problem]) from None

    def _states(self, bans: list[list[Setting]]) -> Taken:
        if len(self.names) > MOST_TO_NUMBER:
            message = f"a ranking of the states of {len(self.names)} options is not written"
            raise FormatError([Problem(message, file=self.file, hint="use statements for every actor")])
        actors = [option.actor for option in self.game.options.values()]
        owner = {n: self.actors.index(actor) for n, actor in enumerate(actors) if actor is not None}
        return dict(zip(self.names, numbered(len(self.names), owner, bans), strict=True))

    def _ranking(self, actor: str, preference: Preference, taken: Taken) -> list[int | list[int]]:
        if any(not wish.weight.is_exact for wish in preference.weights.values()):
            self._lose(f"weights of {actor} became exact: the mean of each is kept")
        rank = self._rank(actor, preference, taken)
        groups = [[int(n) + 1 for n in np.flatnonzero(rank == one)] for one in np.unique(rank)]
        return [group[0] if len(group) == 1 else group for group in groups]

    def _rank(self, actor: str, preference: Preference, taken: Taken) -> np.ndarray:
        """Return a number for each state, the lower the better."""
        rank = np.zeros(len(next(iter(taken.values()))))
        if preference.ranking:
            groups = preference.groups
            rank += len(groups)
            for number, group in reversed(list(enumerate(groups))):
                for like in group:
                    marks = [(taken[name], mark) for name, mark in zip(self.names, like, strict=True)]
                    is_like = [is_taken == (mark == "Y") for is_taken, mark in marks if mark != "-"]
                    rank[np.logical_and.reduce(is_like) if is_like else slice(None)] = number
        elif preference.statements:
            for one in preference.statements:
                finer = 2 * rank + ~one.statement.over(self.names).holds(taken)
                rank = np.unique(finer, return_inverse=True)[1].astype(float)
        else:
            for key, wish in preference.weights.items():
                weight = self.case.quantities[f"game.preferences.{actor}.weights.{key}.weight"]
                rank -= weight.mean * wish.statement.over(self.names).holds(taken)
        return np.round(rank, 9)


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
