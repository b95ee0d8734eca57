"""How does a game travel to and from GMCR+? Its JSON files (``.gmcr``), both generations of keys.

Options and decision makers are lists; a condition is a list of pairs (number of an option, ``"Y"`` or ``"N"``)
that hold together, a compound statement is conditions of which one holds. Statements stand with the most important
first. Where a ranking is switched on it lists numbers of states instead, best first, equals together; states are
numbered from 1 by ascending code, after the options were put in the order of their decision makers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from detente.case.formats.draft import Draft
from detente.case.parts.game import MAX_GAME_OPTIONS, MAX_STATEMENTS
from detente.case.parts.game.statement import WORDS
from detente.case.reading import Document, Path, Place, dotted, read_yaml
from detente.case.text import slug
from detente.case.validation import as_list, as_mapping
from detente.errors import Problem

DIRECTIONS = {"both": "both", "fwd": "forward", "back": "back"}
SWITCHES = {
    "useManualPreferenceRanking": "preferenceRanking",
    "useManualPreferenceVectors": "preferenceVector",
}
_DAMAGE = {  # how the parser's words begin → ours
    "Expecting value": "a value is missing here",
    "Expecting property name": "a name in double quotes is missing here",
    "Expecting": "a mark such as a comma, colon or bracket is missing here",
    "Extra data": "something stands after its end",
    "Unterminated": "a text that begins here is not closed",
    "Invalid control": "a text goes over the end of its line",
    "Invalid": "a backslash here means nothing",
    "maximum recursion": "it is nested too deep",
}
Setting = dict[int, bool]  # number of an option → whether it is taken
MOST_TO_NUMBER = 16  # options of a game whose states are numbered one by one


def is_gmcr(text: str) -> bool:
    """Tell whether a text is a file of GMCR+."""
    return text.lstrip().startswith("{") and '"decisionMakers"' in text


def read_gmcr(text: str, file: str, stem: str) -> Document:
    """Return the data of the case in a GMCR+ file; what is wrong with it is noted in the document."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", None), getattr(error, "colno", None)
        told = str(error).split(":")[0]
        why = next((words for begins, words in _DAMAGE.items() if told.startswith(begins)), told)
        problem = Problem(f"is no JSON: {why}", file=file, line=line, column=column)
        return Document({"title": stem}, problems=[problem])
    return _Reader(as_mapping(data), file, read_yaml(text, file)).read(stem)


class _Reader:
    def __init__(self, data: Mapping[str, Any], file: str, source: Document) -> None:
        self.data, self.source = data, source  # JSON is YAML, of which every value is found again
        self.draft = Draft(file=file)
        self.owner: dict[int, int] = {}

    def read(self, stem: str) -> Document:
        self.draft.put(("title",), stem)
        makers = [as_mapping(maker) for maker in as_list(self.data.get("decisionMakers"))]
        self.actors = self._named(makers, "decisionMakers", "actor")
        for n, (actor, maker) in enumerate(zip(self.actors, makers, strict=True)):
            self._put(("actors", actor, "name"), maker.get("name"), ("decisionMakers", n, "name"))
        self._read_owners(makers)
        self._read_options()
        listed = as_list(self.data.get("infeasibles"))
        if len(listed) > MAX_STATEMENTS:
            self._refuse(("infeasibles",), f"holds more than {MAX_STATEMENTS} entries")
        bans = [self._condition(ban, ("infeasibles", n)) for n, ban in enumerate(listed[:MAX_STATEMENTS])]
        texts = [self._text(ban) for ban in bans if ban]
        self._put(("game", "infeasible"), texts or None, ("infeasibles",))
        ranking = next((key for switch, key in SWITCHES.items() if self.data.get(switch)), None)
        states: list[str] = []
        if ranking and len(self.options) > MOST_TO_NUMBER:
            message = f"states of more than {MOST_TO_NUMBER} options are not numbered"
            self._refuse(("options",), message, len(self.options))
        elif ranking:
            states = letters(numbered(len(self.options), self.owner, bans))
        for n, (actor, maker) in enumerate(zip(self.actors, makers, strict=True)):
            at: Path = ("decisionMakers", n)
            if ranking is not None:
                known, message = range(1, len(states) + 1), f"states are numbered 1 to {len(states)}"
                groups = self._groups(maker.get(ranking), known, (*at, ranking), message)
                ranked = [[states[one - 1] for one in group] for group in groups]
                order = [group[0] if len(group) == 1 else group for group in ranked] or None
                self._put(("game", "preferences", actor, "ranking"), order, (*at, ranking))
            else:
                self._read_statements(actor, maker, (*at, "preferences"))
            unseen = self._statements(maker.get("misperceptions"), (*at, "misperceptions"))
            self._put(("game", "misperceives", actor), unseen or None, (*at, "misperceptions"))
        message, makers_known = "coalitions hold every decision maker's number once", range(len(self.actors))
        groups = self._groups(self.data.get("coalitions"), makers_known, ("coalitions",), message, once=True)
        named = [
            [self.actors[n] for n in group] for group in groups if len(group) > 1
        ]  # one alone says nothing
        self._put(("game", "coalitions"), named or None, ("coalitions",))
        return self.draft.document

    def _put(self, path: Path, value: Any, at: Path) -> None:
        """Put a value that the file has at another path."""
        self.draft.put(path, value, self.source.place(at))

    def _refuse(self, at: Path, message: str, value: object = None) -> None:
        self.draft.refuse(self.source.place(at) or Place(1, 1), message, None, value, dotted(at))

    def _named(self, things: list[Mapping[str, Any]], part: str, fallback: str) -> list[str]:
        """Return an id for each thing, made from its name, unlike the others and unlike words of statements."""
        taken: set[str] = set(WORDS)
        ids = []
        for thing in things:
            name = thing.get("name")
            ids.append(slug(name if isinstance(name, str) else "", taken, fallback))
            taken.add(ids[-1])
        if not things:
            self._refuse((part,), "the file has none")
        return ids

    def _read_owners(self, makers: list[Mapping[str, Any]]) -> None:
        known = range(len(as_list(self.data.get("options"))))
        for number, maker in enumerate(makers):
            for entry, option in enumerate(as_list(maker.get("options"))):
                if not _is_in(option, known) or option in self.owner:
                    why = (
                        "the option has two owners" if _is_in(option, known) else "no option has this number"
                    )
                    self._refuse(("decisionMakers", number, "options", entry), why, option)
                else:
                    self.owner[option] = number

    def _read_options(self) -> None:
        listed = [as_mapping(option) for option in as_list(self.data.get("options"))]
        self.options = self._named(listed, "options", "option")
        if len(listed) > MAX_GAME_OPTIONS:
            self._refuse(("options",), f"holds more than {MAX_GAME_OPTIONS} entries")
        for number, (key, option) in enumerate(zip(self.options, listed, strict=True)):
            path = ("game", "options", key)
            if number in self.owner:
                self._put((*path, "actor"), self.actors[self.owner[number]], ("options", number))
            self._put((*path, "name"), option.get("name"), ("options", number, "name"))
            direction = option.get("permittedDirection", "both")
            if not isinstance(direction, str) or direction not in DIRECTIONS:
                self._refuse(("options", number, "permittedDirection"), "is both, fwd or back", direction)
            elif direction != "both":
                self.draft.put((*path, "moves"), DIRECTIONS[direction])

    def _groups(
        self, listed: object, known: range, at: Path, message: str, *, once: bool = False
    ) -> list[list[int]]:
        """Return groups of known numbers, none of them twice if ``once``; nothing after noting an error."""
        groups = [as_list(group) if isinstance(group, list) else [group] for group in as_list(listed)]
        seen: set[int] = set()
        for number, group in enumerate(groups):
            for one in group:
                if not _is_in(one, known) or (once and one in seen):
                    self._refuse((*at, number), message, one)
                    return []
                seen.add(one)
        return groups

    def _condition(self, condition: object, where: Path) -> list[Setting]:
        """Return a condition or compound statement as alternatives of settings that hold together."""
        if isinstance(condition, Mapping):
            members = as_list(condition.get("members"))
            return [found for member in members for found in self._condition(member, where)]
        setting: Setting = {}
        pairs = as_list(condition)
        for pair in pairs:
            number, letter = as_list(pair) if len(as_list(pair)) == 2 else (-1, "")
            if not _is_in(number, range(len(self.options))) or letter not in ("Y", "N"):
                self._refuse(where, "a condition is a list of [number of an option, Y or N]", pair)
                return []
            if setting.setdefault(number, letter == "Y") != (letter == "Y"):
                self._refuse(where, f"option {number} is both Y and N", pairs)
                return []
        if not setting:
            self._refuse(where, "the condition is empty, so every state matches it")
        return [setting] if setting else []

    def _text(self, alternatives: list[Setting]) -> str:
        """Return the statement that one of the settings holds."""
        texts = [
            " and ".join(f"{'' if taken else 'not '}{self.options[o]}" for o, taken in setting.items())
            for setting in alternatives
        ]
        return " or ".join(dict.fromkeys(texts))

    def _statements(self, listed: object, at: Path) -> list[str]:
        found = [self._condition(one, (*at, number)) for number, one in enumerate(as_list(listed))]
        return [self._text(alternatives) for alternatives in found if alternatives]

    def _read_statements(self, actor: str, maker: Mapping[str, Any], at: Path) -> None:
        if as_list(maker.get("preferences")):
            texts = self._statements(maker.get("preferences"), at)
            self._put(("game", "preferences", actor, "statements"), list(dict.fromkeys(texts)) or None, at)
        elif actor in {self.actors[owner] for owner in self.owner.values()}:
            self.draft.put(("game", "preferences", actor), "indifferent")
            message, hint = (
                "has no statements, and was read as indifferent",
                "write down what it prefers, if that is wrong",
            )
            self.draft.warn(message, hint, self.source.place(at) or Place(1, 1), f"game.preferences.{actor}")


def _is_in(value: object, numbers: range) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in numbers


def numbered(count: int, owner: Mapping[int, int], bans: Iterable[Iterable[Setting]]) -> np.ndarray:
    """Return which options are taken in the feasible states: a row per option, columns as states are numbered.

    Args:
        count: how many options there are.
        owner: option → number of the decision maker, for those that have one.
        bans: alternatives of settings; a state that has one of them is infeasible.
    """
    order = sorted(range(count), key=lambda option: owner.get(option, len(owner) + 1))
    place = {option: bit for bit, option in enumerate(order)}
    codes = np.arange(1 << count)
    bits = [codes >> place[option] & 1 for option in range(count)]
    taken = np.array(bits, dtype=np.bool_).reshape(count, codes.size)
    feasible = np.ones(codes.size, dtype=np.bool_)
    for setting in (setting for ban in bans for setting in ban):
        feasible &= ~np.logical_and.reduce([taken[option] == value for option, value in setting.items()])
    return taken[:, feasible]


def letters(taken: np.ndarray) -> list[str]:
    """Return each state as letters in the stated order of the options."""
    return ["".join("NY"[int(one)] for one in column) for column in taken.T]
