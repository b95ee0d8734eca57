"""Which combinations of options can occur, and does what a game says of states fit them?

What is ranked, merged or set has to be told of every state that can occur, and of no other; that depends on all
statements of the game together, so it is looked at once each of them can be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.case.parts.game import MAX_GAME_OPTIONS, Game, Preference
from detente.case.parts.game.statement import Statement
from detente.case.reading import Path
from detente.case.validation import Fault

Mask = NDArray[np.bool_]
MOST_CHECKED = 18
"""Options up to which this is looked at when a case is read, rather than when the game is solved."""
MOST_COMPARED = 1 << 31
"""Statements and ranked states, times combinations of options, that are compared; that takes about a second."""
PER_RANKED = 8
"""A ranked state is compared letter by letter."""
MOST_NAMED = 5
BYTES_PER_STATE, BYTES_PER_ACTOR = 90, 24
"""What a run takes per combination of options, and for each actor's part in it, where weights are in doubt.

The most measured at 20 and 21 options, beyond what any run takes: 133 bytes with 2 actors, 281 with 8; the least
is a tenth lower, as two workers happen to meet.
"""
FEWER = (
    "merge options that always go together, drop those that no preference names, or state the game as states "
    "and moves"
)


class Combinations:
    """All combinations of the options.

    Attributes:
        names: the options.
        taken: option → where it is taken: an axis of two for each option, the first option last; broadcasts.
        feasible: which combinations may occur, shape (2, …, 2).
    """

    def __init__(self, game: Game) -> None:
        """Rule out what is infeasible."""
        self.names, either = tuple(game.options), np.array([False, True])
        self.taken: dict[str, Mask] = {
            name: either.reshape(-1, *[1] * place) for place, name in enumerate(self.names)
        }
        self.feasible: Mask = np.ones((2,) * len(self.names), dtype=np.bool_)
        for ban in game.infeasible:
            self.feasible &= ~self.where(ban.statement)

    def where(self, statement: Statement) -> Mask:
        """Return where a statement or pattern holds."""
        return np.broadcast_to(statement.over(self.names).holds(self.taken), self.feasible.shape)

    def like(self, letters: str) -> Mask:
        """Return which combinations look like letters, ``-`` standing for either."""
        found = np.zeros_like(self.feasible)
        found[tuple(slice(None) if letter == "-" else "NY".index(letter) for letter in letters[::-1])] = True
        return found

    def texts(self, mask: Mask) -> str:
        """Return some of the combinations in a mask as letters, for a message."""
        numbers, places = np.flatnonzero(mask), range(len(self.names))
        named = ("".join("NY"[n >> j & 1] for j in places) for n in numbers[:MOST_NAMED].tolist())
        return ", ".join(named) + (" …" if numbers.size > MOST_NAMED else "")


def unfitting(game: Game, issues: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what the game says of states that cannot occur, and leaves unsaid of those that can.

    Args:
        game: a game of options; of listed states everything is known before.
        issues: the issues of the case as stated, for those that options set.
    """
    too_much = list(_too_much(game)) if game.options else []
    yield from too_much
    if too_much or not game.options:
        return
    space = Combinations(game)
    if not space.feasible.any():
        hint = "take back one of them; together they leave no combination of options"
        yield Fault(("game", "infeasible"), "no state is feasible", hint)
        return
    yield from _named_states(space, game)
    classes = [space.where(merge.statement) & space.feasible for merge in game.merged]
    yield from _merged_twice(space, classes)
    yield from _told_apart(space, game, classes)
    for actor, preference in game.preferences.items():
        path: Path = ("game", "preferences", actor)
        if preference.ranking:
            yield from _ranking(space, (*path, "ranking"), preference, classes)
        for number, pair in enumerate(preference.unknown):
            for side, letters in enumerate(pair):
                if not (space.like(letters) & space.feasible).any():
                    yield Fault((*path, "unknown", number, side), f"no feasible state is like {letters!r}")
    if any(preference.stances for preference in game.preferences.values()):
        yield from _settings(space, game, issues)


def _named_states(space: Combinations, game: Game) -> Iterator[Fault]:
    for key, what in (("status_quo", "status quo"), ("wanted", "wanted state")):
        if (state := getattr(game, key)) is not None:
            taken = "".join("NY"[name in state] for name in space.names)
            letters = state if isinstance(state, str) else taken
            if not (space.like(letters) & space.feasible).any():
                yield Fault(("game", key), f"the {what} is not feasible", value=letters)


def _too_much(game: Game) -> Iterator[Fault]:
    """Yield a fault if what a game says of its states takes long to compare with all of them."""
    said = len(game.infeasible) + len(game.merged)
    for preference in game.preferences.values():
        said += len(preference.statements) + len(preference.weights) + 2 * len(preference.unknown)
        said += PER_RANKED * sum(map(len, preference.groups))
    states = 1 << len(game.options)
    if said * states > MOST_COMPARED:
        most = MOST_COMPARED // states
        message = f"too many statements and ranked states to compare with {states:,} combinations of options"
        way = f"state at most {most:,}, or rank at most {most // PER_RANKED:,}; or {FEWER}"
        yield Fault(("game", "options"), message, way)


def _ranking(space: Combinations, path: Path, preference: Preference, classes: list[Mask]) -> Iterator[Fault]:
    ranked = np.zeros_like(space.feasible)
    for state in (state for group in preference.groups for state in group):
        like = space.like(state)
        if not (like & space.feasible).any():
            yield Fault(path, f"state {state!r} is not feasible", "take it out")
        if (ranked & like).any():
            yield Fault(path, f"{space.texts(ranked & like)} stands twice, once as part of {state!r}")
        ranked |= like
    for members in classes:
        if (ranked & members).any():
            ranked |= members
    missing = space.feasible & ~ranked
    if missing.any():
        message = f"{int(missing.sum())} feasible states are not ranked ({space.texts(missing)})"
        yield Fault(path, message, "give every feasible state a place")


def _merged_twice(space: Combinations, classes: list[Mask]) -> Iterator[Fault]:
    """Yield merged states that are none, or that are merged with others too."""
    taken = np.zeros_like(space.feasible)
    for number, members in enumerate(classes):
        path: Path = ("game", "merged", number)
        if not members.any():
            yield Fault(path, "holds in no feasible state", "remove it")
        for other in range(number) if (members & taken).any() else ():
            if (shared := members & classes[other]).any():
                message = f"{space.texts(shared)} is merged with others already by entry {other + 1}"
                yield Fault(path, message, "write one statement for all that is one state")
        taken |= members


def _told_apart(space: Combinations, game: Game, classes: list[Mask]) -> Iterator[Fault]:
    """Yield merged states between which somebody chooses, for everybody who does."""
    label = np.full(space.feasible.shape, len(classes))
    for number, members in enumerate(classes):
        label[members] = number
    for actor, preference in game.preferences.items() if classes else ():
        told: set[int] = set()
        for mask, stated in _distinctions(space, game, preference):
            sides = mask & stated, ~mask & stated
            some, others = (np.bincount(label[side], minlength=len(classes) + 1)[:-1] > 0 for side in sides)
            for number in set(np.flatnonzero(some & others).tolist()) - told:
                told.add(number)
                one, two = (space.texts(side & classes[number]) for side in sides)
                message = f"{actor} does not find {one} as good as {two}"
                hint = "states that are one must be equally good for everybody"
                yield Fault(("game", "merged", number), message, hint)


def _distinctions(space: Combinations, game: Game, preference: Preference) -> Iterator[tuple[Mask, Mask]]:
    """Yield sets of combinations that an actor tells from others, and among which it does."""
    wishes = [wish.statement for wish in preference.statements]
    for statement in (*wishes, *(wish.statement for wish in preference.weights.values())):
        yield space.where(statement), space.feasible
    groups = [np.any([space.like(state) for state in group], axis=0) for group in preference.groups]
    listed = np.any(groups, axis=0)  # others take the place of what they are one with
    yield from ((group, listed) for group in groups)
    for option, stated in game.options.items() if preference.stances else ():
        if stated.sets:
            yield np.broadcast_to(space.taken[option], space.feasible.shape), space.feasible


def _settings(space: Combinations, game: Game, issues: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield issues that are set twice, or that nothing sets and that do not say where they end by themselves."""
    for issue in dict.fromkeys(issue for option in game.options.values() for issue in option.sets):
        setters = [name for name, option in game.options.items() if issue in option.sets]
        free = space.feasible & ~reduce(np.logical_or, [space.taken[name] for name in setters])
        if free.any() and isinstance(issues.get(issue), Mapping) and issues[issue].get("no_deal") is None:
            hint = f"add issues.{issue}.no_deal, where it ends while none of {', '.join(setters)} is taken"
            yield Fault(("issues", issue), f"no option sets the issue in {space.texts(free)}", hint)
        for first, second in ((one, two) for n, two in enumerate(setters) for one in setters[:n]):
            both = space.taken[first] & space.taken[second] & space.feasible
            if both.any():
                path: Path = ("game", "options", second, "sets", issue)
                hint = f"add '{first} and {second}' to game.infeasible"
                yield Fault(path, f"{first!r} sets it too, in {space.texts(both)}", hint)


def too_many(options: int, actors: int) -> str:
    """Return that a game has more options than can be judged, what that would take, and what is the cap."""
    most, wanted = memory(MAX_GAME_OPTIONS, actors), memory(options, actors)
    cap = f"the cap is {MAX_GAME_OPTIONS} options ({most})"
    return f"{options} options make 2^{options} combinations, about {wanted} of memory; {cap}"


def memory(options: int, actors: int) -> str:
    """Return, in words, the memory that a run with that many options and actors takes.

    >>> memory(20, 4), memory(20, 8), memory(30, 8)
    ('186 MB', '282 MB', '282 GB')
    """
    size = (BYTES_PER_STATE + BYTES_PER_ACTOR * actors) * 2.0**options
    for unit in ("bytes", "KB", "MB", "GB"):
        if size < 1024:
            return f"{size:.0f} {unit}"
        size /= 1024
    return f"{size:,.0f} TB"
