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
        if preference.stances:
            self._lose(f"the stances of {actor} became the ranking by their means")
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
                    rank[
                        np.logical_and.reduce(
                            [
                                (taken[name] == (mark == "Y")) | (mark == "-")
                                for name, mark in zip(self.names, like, strict=True)
                            ]
                        )
                    ] = number
        elif preference.statements:
            for one in preference.statements:
                finer = 2 * rank + ~one.statement.over(self.names).holds(taken)
                rank = np.unique(finer, return_inverse=True)[1].astype(float)
        elif preference.stances:
            rank = self._loss(actor, taken)
        else:
            for key, wish in preference.weights.items():
                weight = self.case.quantities[f"game.preferences.{actor}.weights.{key}.weight"]
                rank -= weight.mean * wish.statement.over(self.names).holds(taken)
        return np.round(rank, 9)

    def _loss(self, actor: str, taken: Taken) -> np.ndarray:
        """Return how far the issues that options set are from what an actor wants, every number at its mean."""
        mean = {path: quantity.mean for path, quantity in self.case.quantities.items()}
        total = np.zeros(len(next(iter(taken.values()))))
        for issue in {issue for option in self.game.options.values() for issue in option.sets}:
            at, stance = f"stances.{issue}.{actor}", self.case.stances.get(issue, {}).get(actor)
            if stance is None:
                continue
            stands = np.full(total.size, mean.get(f"issues.{issue}.no_deal", np.nan))
            setters = [name for name, option in self.game.options.items() if issue in option.sets]
            for name in reversed(setters):
                stands = np.where(taken[name], mean[f"game.options.{name}.sets.{issue}"], stands)
            if stance.position is not None:
                scale = self.case.issues[issue]
                apart = abs(stands - mean[f"{at}.position"]) / (scale.high - scale.low)
            else:
                anchors = sorted(stance.values, key=float)
                values = [stance.values[one].mean for one in anchors]
                apart = 1 - np.interp(stands, [float(one) for one in anchors], values)
                if stance.no_deal is not None:
                    unset = ~np.logical_or.reduce([taken[name] for name in setters])
                    apart[unset] = 1 - stance.no_deal.mean
            total += mean[f"{at}.salience"] * apart
        return total


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
