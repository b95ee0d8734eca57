"""How does a game travel to and from GMCR+? Its JSON files (``.gmcr``), both generations of keys.

Options and decision makers are lists; a condition is a list of pairs (number of an option, ``"Y"`` or ``"N"``)
that hold together, a compound statement is conditions of which one holds. Statements stand with the most important
first. Where a ranking is switched on it lists numbers of states instead, best first, equals together; states are
numbered from 1 by ascending code, after the options were put in the order of their decision makers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

import numpy as np

from detente.case.case import Case
from detente.case.formats.draft import Draft, new_ids
from detente.case.formats.losses import apart, not_held, warning, warnings
from detente.case.formats.sheet import refusal
from detente.case.parts.game import MAX_GAME_OPTIONS, MAX_STATEMENTS, Game, Preference
from detente.case.parts.game.statement import WORDS, Node, Statement
from detente.case.reading import Document, Path, Place, dotted, read_yaml
from detente.case.validation import as_list, as_mapping
from detente.errors import Problem

DIRECTIONS = {"both": "both", "fwd": "forward", "back": "back"}
SWITCHES = {
    "useManualPreferenceRanking": "preferenceRanking",
    "useManualPreferenceVectors": "preferenceVector",
}
_DAMAGE = FilePath(__file__).with_suffix(".txt").read_text("utf-8").splitlines()  # parser's words: ours
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
        ours = (words.partition(": ") for words in _DAMAGE)
        why = next((words for begins, _, words in ours if told.startswith(begins)), told)
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
            taken = numbered(len(self.options), self.owner, bans)
            states = ["".join("NY"[int(one)] for one in column) for column in taken.T]
        for n, (actor, maker) in enumerate(zip(self.actors, makers, strict=True)):
            at: Path = ("decisionMakers", n)
            if ranking is not None:
                known, message = range(1, len(states) + 1), f"states are numbered 1 to {len(states)}"
                groups = self._groups(maker.get(ranking), known, (*at, ranking), message, once=False)
                ranked = [[states[one - 1] for one in group] for group in groups]
                order = [group[0] if len(group) == 1 else group for group in ranked] or None
                self._put(("game", "preferences", actor, "ranking"), order, (*at, ranking))
            else:
                self._read_statements(actor, maker, (*at, "preferences"))
            unseen = self._statements(maker.get("misperceptions"), (*at, "misperceptions"))
            self._put(("game", "misperceives", actor), unseen or None, (*at, "misperceptions"))
        message, makers_known = "coalitions hold every decision maker's number once", range(len(self.actors))
        groups = self._groups(self.data.get("coalitions"), makers_known, ("coalitions",), message, once=True)
        named = [[self.actors[n] for n in group] for group in groups if len(group) > 1]  # one alone: nothing
        self._put(("game", "coalitions"), named or None, ("coalitions",))
        return self.draft.document

    def _put(self, path: Path, value: Any, at: Path) -> None:
        """Put a value that the file has at another path."""
        self.draft.put(path, value, self.source.place(at))

    def _refuse(self, at: Path, message: str, value: object = None) -> None:
        self.draft.refuse(self.source.place(at) or Place(1, 1), message, None, value, dotted(at))

    def _named(self, things: list[Mapping[str, Any]], part: str, fallback: str) -> list[str]:
        """Return an id for each thing, made from its name, unlike the others and unlike words of statements."""
        if not things:
            self._refuse((part,), "the file has none")
        names = (thing.get("name") for thing in things)
        return new_ids((name if isinstance(name, str) else "" for name in names), set(WORDS), fallback)

    def _read_owners(self, makers: list[Mapping[str, Any]]) -> None:
        known = range(len(as_list(self.data.get("options"))))
        for number, maker in enumerate(makers):
            for entry, option in enumerate(as_list(maker.get("options"))):
                if _is_in(option, known) and option not in self.owner:
                    self.owner[option] = number
                    continue
                why = "the option has two owners" if _is_in(option, known) else "no option has this number"
                self._refuse(("decisionMakers", number, "options", entry), why, option)

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

    def _groups(self, listed: object, known: range, at: Path, message: str, *, once: bool) -> list[list[int]]:
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
        each = ([f"{'' if of else 'not '}{self.options[o]}" for o, of in one.items()] for one in alternatives)
        return " or ".join(dict.fromkeys(map(" and ".join, each)))

    def _statements(self, listed: object, at: Path) -> list[str]:
        found = [self._condition(one, (*at, number)) for number, one in enumerate(as_list(listed))]
        return [self._text(alternatives) for alternatives in found if alternatives]

    def _read_statements(self, actor: str, maker: Mapping[str, Any], at: Path) -> None:
        if as_list(maker.get("preferences")):
            texts = self._statements(maker.get("preferences"), at)
            self._put(("game", "preferences", actor, "statements"), list(dict.fromkeys(texts)) or None, at)
        elif actor in {self.actors[owner] for owner in self.owner.values()}:
            self.draft.put(("game", "preferences", actor), "indifferent")
            message = "has no statements, and was read as indifferent"
            hint, place = "write down what it prefers, if that is wrong", self.source.place(at) or Place(1, 1)
            self.draft.warn(message, hint, place, f"game.preferences.{actor}")


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


# --- out ---

HELD = ("title", "actors.*.name", "game")
MOST_ALTERNATIVES = 500

Taken = Mapping[str, np.ndarray]  # option → whether it is taken, for each state in the order of their numbers


def write_gmcr(case: Case, path: FilePath) -> tuple[str, list[Problem]]:
    """Return the text of a file for GMCR+, and what of the case it does not hold.

    Raises:
        FormatError: the case has no game, or one that GMCR+ cannot hold.
    """
    game = case.game or Game()
    kinds = [
        ("the case has no game", case.game is None),
        ("the states of its game are listed", not game.options),
        *((f"{name!r} is taken by several actors together", of.actors) for name, of in game.options.items()),
    ]
    if why := next((why for why, is_so in kinds if is_so), None):
        known = "options of one actor each, with statements or rankings"
        raise refusal(f"{why}, and GMCR+ knows {known}", str(path))
    writer = _Writer(case, game, str(path))
    return json.dumps(writer.content(), ensure_ascii=False, indent=1) + "\n", writer.problems


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
        several = self.game.coalitions is not None and self.groups is None
        told = {
            "states that are one are written apart": self.game.merged,
            "what the options set is not kept": any(one.sets for one in self.game.options.values()),
            "the coalitions that can form are not kept: an actor is in several": several,
        }
        for actor, preference in self.game.preferences.items():
            unknown = f"what is not known of {actor}'s preferences is written as if it were known"
            told[f"how strongly {actor} prefers is not kept"] = preference.has_strength
            told[unknown] = preference.has_unknown
            told[f"the stances of {actor} became the ranking by their means"] = preference.stances
        self.problems += warnings(told, self.file)

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
        together = [[self.actors.index(actor) for actor in group] for group in self.groups or ()]
        joined = {number for group in together for number in group}
        single = [number for number in range(len(self.actors)) if number not in joined]
        return ({} if self.groups is None else {"coalitions": [*together, *single]}) | {
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
        # what never or always holds orders nothing
        members = [[*map(_pairs, found)] for found in alternatives if found and found != [{}]]
        listed = (of[0] if len(of) == 1 else {"compound": True, "members": of} for of in members)
        return maker | {"preferences": [*listed]}

    def _alternatives(self, statement: Statement) -> list[Setting]:
        number = {name: n for n, name in enumerate(self.names)}
        try:
            return _settings(statement.over(self.names).tree, number, wanted=True)
        except _TooManyError:
            message = f"the statement {statement.text!r} has more than {MOST_ALTERNATIVES} alternatives"
            raise refusal(message, self.file, "split it into several") from None

    def _states(self, bans: list[list[Setting]]) -> Taken:
        if len(self.names) > MOST_TO_NUMBER:
            message = f"a ranking of the states of {len(self.names)} options is not written"
            raise refusal(message, self.file, "use statements for every actor")
        actors = [option.actor for option in self.game.options.values()]
        owner = {n: self.actors.index(actor) for n, actor in enumerate(actors) if actor is not None}
        return dict(zip(self.names, numbered(len(self.names), owner, bans), strict=True))

    def _ranking(self, actor: str, preference: Preference, taken: Taken) -> list[int | list[int]]:
        if any(not wish.weight.is_exact for wish in preference.weights.values()):
            told = f"weights of {actor} became exact: the mean of each is kept"
            self.problems.append(warning(told, self.file))
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
        elif preference.stances:
            rank = apart(self.case, actor, taken)
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
