"""How does a game travel to and from GMCR+? Its JSON files (``.gmcr``), both generations of keys.

Options and decision makers are lists; a condition is a list of pairs (number of an option, ``"Y"`` or ``"N"``)
that hold together, a compound statement is conditions of which one holds. Statements stand with the most important
first. Where a ranking is switched on it lists numbers of states instead, best first, equals together; states are
numbered from 1 by ascending code, after the options were put in the order of their decision makers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from detente.case.formats.draft import Draft
from detente.case.parts.game import MAX_GAME_OPTIONS, MAX_STATEMENTS
from detente.case.parts.game.statement import WORDS
from detente.case.reading import Document, Path, dotted, read_yaml
from detente.case.text import slug
from detente.case.validation import as_list, as_mapping, shown
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
        self.data = data
        self.file = file
        self.source = source  # JSON is YAML, of which every value is found again
        self.draft = Draft()
        self.options: list[str] = []
        self.owner: dict[int, int] = {}
        self.bans: list[list[dict[int, bool]]] = []

    def read(self, stem: str) -> Document:
        self.draft.put(("title",), stem)
        makers = [as_mapping(maker) for maker in as_list(self.data.get("decisionMakers"))]
        self.actors = self._named(makers, ("decisionMakers",), "actor")
        for n, (actor, maker) in enumerate(zip(self.actors, makers, strict=True)):
            self._put(("actors", actor, "name"), maker.get("name"), ("decisionMakers", n, "name"))
        self._read_owners(makers)
        self._read_options()
        listed = as_list(self.data.get("infeasibles"))
        if len(listed) > MAX_STATEMENTS:
            self._refuse(("infeasibles",), f"holds more than {MAX_STATEMENTS} entries")
        for number, ban in enumerate(listed[:MAX_STATEMENTS]):
            self.bans.append(self._condition(ban, ("infeasibles", number)))
        bans = [self._text(conditions) for conditions in self.bans if conditions]
        self._put(("game", "infeasible"), bans or None, ("infeasibles",))
        ranking = next((key for switch, key in SWITCHES.items() if self.data.get(switch)), None)
        numbers = self._numbered() if ranking else []
        for n, (actor, maker) in enumerate(zip(self.actors, makers, strict=True)):
            at: Path = ("decisionMakers", n)
            if ranking is not None:
                self._read_ranking(actor, maker.get(ranking), numbers, (*at, ranking))
            else:
                self._read_statements(actor, maker, (*at, "preferences"))
            unseen = [
                self._condition(condition, (*at, "misperceptions", number))
                for number, condition in enumerate(as_list(maker.get("misperceptions")))
            ]
            texts = [self._text(conditions) for conditions in unseen if conditions]
            self._put(("game", "misperceives", actor), texts or None, (*at, "misperceptions"))
        self._read_coalitions()
        return self.draft.document

    def _read_coalitions(self) -> None:
        """Read the partition of the decision makers into coalitions; one of single makers says nothing."""
        seen: list[int] = []
        groups = []
        for number, group in enumerate(as_list(self.data.get("coalitions"))):
            members = as_list(group) if isinstance(group, list) else [group]
            wrong = [n for n in members if not _is_number(n) or n not in range(len(self.actors)) or n in seen]
            if wrong:
                message = "coalitions hold every decision maker's number once"
                self._refuse(("coalitions", number), message, wrong[0])
                return
            seen += members
            if len(members) > 1:
                groups.append([self.actors[n] for n in members])
        self._put(("game", "coalitions"), groups or None, ("coalitions",))

    def _put(self, path: Path, value: Any, at: Path) -> None:
        """Put a value that the file has at another path."""
        self.draft.put(path, value, self.source.place(at))

    def _refuse(self, at: Path, message: str, value: object = None) -> None:
        given = None if value is None else shown(value)
        self.draft.problem(Problem(message, dotted(at), given, None, self.file, *self._where(at)))

    def _where(self, at: Path) -> tuple[int, int]:
        """Return line and column of a value, or of what should hold it."""
        place = self.source.place(at)
        return (place.line, place.column) if place else (1, 1)

    def _named(self, things: list[Mapping[str, Any]], path: tuple[str, ...], fallback: str) -> list[str]:
        """Return an id for each thing, made from its name, unlike the others and unlike words of statements."""
        taken: set[str] = set(WORDS)
        ids = []
        for thing in things:
            name = thing.get("name")
            ids.append(slug(name if isinstance(name, str) else "", taken, fallback))
            taken.add(ids[-1])
        if not things:
            self._refuse(path, "the file has none")
        return ids

    def _read_owners(self, makers: list[Mapping[str, Any]]) -> None:
        known = range(len(as_list(self.data.get("options"))))
        for number, maker in enumerate(makers):
            for entry, option in enumerate(as_list(maker.get("options"))):
                where = ("decisionMakers", number, "options", entry)
                if not _is_number(option) or option not in known:
                    self._refuse(where, "no option has this number", option)
                elif option in self.owner:
                    self._refuse(where, "the option has two owners", option)
                else:
                    self.owner[option] = number

    def _read_options(self) -> None:
        listed = [as_mapping(option) for option in as_list(self.data.get("options"))]
        self.options = self._named(listed, ("options",), "option")
        if len(listed) > MAX_GAME_OPTIONS:
            self._refuse(("options",), f"holds more than {MAX_GAME_OPTIONS} entries")
        for number, (key, option) in enumerate(zip(self.options, listed, strict=True)):
            path = ("game", "options", key)
            if number in self.owner:
                self._put((*path, "actor"), self.actors[self.owner[number]], ("options", number))
            self._put((*path, "name"), option.get("name"), ("options", number, "name"))
            direction = option.get("permittedDirection", "both")
            if not isinstance(direction, str) or direction not in DIRECTIONS:
                where = ("options", number, "permittedDirection")
                self._refuse(where, "is both, fwd or back", direction)
            elif direction != "both":
                self.draft.put((*path, "moves"), DIRECTIONS[direction])

    def _condition(self, condition: object, where: Path) -> list[dict[int, bool]]:
        """Return a condition or compound statement as alternatives of settings that hold together."""
        if isinstance(condition, Mapping):
            members = as_list(condition.get("members"))
            return [found for member in members for found in self._condition(member, where)]
        setting: dict[int, bool] = {}
        pairs = as_list(condition)
        for pair in pairs:
            number, letter = as_list(pair) if len(as_list(pair)) == 2 else (-1, "")
            if not _is_number(number) or number not in range(len(self.options)) or letter not in ("Y", "N"):
                self._refuse(where, "a condition is a list of [number of an option, Y or N]", pair)
                return []
            if setting.setdefault(number, letter == "Y") != (letter == "Y"):
                self._refuse(where, f"option {number} is both Y and N", pairs)
                return []
        if not setting:
            self._refuse(where, "the condition is empty, so every state matches it")
            return []
        return [setting]

    def _text(self, alternatives: list[dict[int, bool]]) -> str:
        """Return the statement that one of the settings holds."""
        texts = [
            " and ".join(
                self.options[o] if taken else f"not {self.options[o]}" for o, taken in setting.items()
            )
            for setting in alternatives
        ]
        return " or ".join(dict.fromkeys(texts))

    def _read_statements(self, actor: str, maker: Mapping[str, Any], at: Path) -> None:
        texts = []
        for number, statement in enumerate(as_list(maker.get("preferences"))):
            found = self._condition(statement, (*at, number))
            if found:
                texts.append(self._text(found))
        if as_list(maker.get("preferences")):
            statements = list(dict.fromkeys(texts)) or None
            self._put(("game", "preferences", actor, "statements"), statements, at)
        elif actor in {self.actors[owner] for owner in self.owner.values()}:
            self.draft.put(("game", "preferences", actor), "indifferent")
            message = "has no statements, and was read as indifferent"
            hint = "write down what it prefers, if that is wrong"
            path = f"game.preferences.{actor}"
            self.draft.problem(
                Problem(message, path, None, hint, self.file, *self._where(at), severity="warning")
            )

    def _numbered(self) -> list[str]:
        """Return the feasible states, as letters in the order of the file, in the order of their numbers."""
        count = len(self.options)
        if count > MOST_TO_NUMBER:
            self._refuse(
                ("options",), f"states of more than {MOST_TO_NUMBER} options are not numbered", count
            )
            return []
        return list(numbered(count, self.owner, self.bans))

    def _read_ranking(self, actor: str, ranking: object, numbers: list[str], at: Path) -> None:
        groups = []
        for number, group in enumerate(as_list(ranking)):
            members = as_list(group) if isinstance(group, list) else [group]
            wrong = [n for n in members if not _is_number(n) or not 1 <= n <= len(numbers)]
            if wrong:
                self._refuse((*at, number), f"states are numbered 1 to {len(numbers)}", wrong[0])
                return
            states = [numbers[n - 1] for n in members]
            groups.append(states[0] if len(states) == 1 else states)
        self._put(("game", "preferences", actor, "ranking"), groups or None, at)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def numbered(count: int, owner: Mapping[int, int], bans: list[list[dict[int, bool]]]) -> Iterator[str]:
    """Yield the feasible states in the order of their numbers, as letters in the stated order of the options.

    Args:
        count: how many options there are.
        owner: option → number of the decision maker, for those that have one.
        bans: alternatives of settings; a state that has one of them is infeasible.
    """
    order = sorted(range(count), key=lambda option: owner.get(option, len(owner) + 1))
    codes = np.arange(1 << count)
    taken = np.empty((count, codes.size), dtype=np.bool_)
    for bit, option in enumerate(order):
        taken[option] = codes >> bit & 1
    feasible = np.ones(codes.size, dtype=np.bool_)
    for setting in (setting for ban in bans for setting in ban):
        rows = [taken[option] == value for option, value in setting.items()]
        feasible &= ~np.logical_and.reduce(rows)
    for code in np.flatnonzero(feasible):
        yield "".join("NY"[int(letter)] for letter in taken[:, code])
