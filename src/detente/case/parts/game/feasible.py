"""Which combinations of options can occur, and does what a game says of states fit them?

What is ranked, merged or set has to be told of every state that can occur, and of no other; that depends on all
statements of the game together, so it is looked at once each of them can be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


class Combinations(Mapping[str, Mask]):
    """All 2^n combinations of the options; bit j of a combination's number is the j-th option.

    As a mapping: option → where it is taken, shape (2^n,).

    Attributes:
        names: the options.
        feasible: shape (2^n,), which combinations may occur.
    """

    def __init__(self, game: Game) -> None:
        """Rule out what is infeasible."""
        self.names = tuple(game.options)
        self.feasible: Mask = np.ones(1 << len(self.names), dtype=np.bool_)
        for ban in game.infeasible:
            self.feasible &= ~self.where(ban.statement)

    def __getitem__(self, name: str) -> Mask:
        """Return where an option is taken."""
        taken = np.zeros(1 << len(self.names), dtype=np.bool_)
        taken.reshape(-1, 2, 1 << self.names.index(name))[:, 1] = True
        return taken

    def __iter__(self) -> Iterator[str]:
        """Yield the options."""
        return iter(self.names)

    def __len__(self) -> int:
        """Return how many options there are."""
        return len(self.names)

    def where(self, statement: Statement) -> Mask:
        """Return where a statement or pattern holds, shape (2^n,)."""
        return np.asarray(statement.over(self.names).holds(self))

    def like(self, letters: str) -> Mask:
        """Return which combinations look like letters, ``-`` standing for either; shape (2^n,)."""
        if "-" in letters:
            return self.where(Statement(letters, ("name", letters, 0)))
        found = np.zeros(self.feasible.size, dtype=np.bool_)
        found[sum(1 << j for j, letter in enumerate(letters) if letter == "Y")] = True
        return found

    def text(self, number: int) -> str:
        """Return a combination as letters."""
        return "".join("Y" if number >> j & 1 else "N" for j in range(len(self.names)))

    def texts(self, mask: Mask) -> str:
        """Return some of the combinations in a mask, for a message."""
        numbers = np.flatnonzero(mask)
        named = ", ".join(self.text(int(n)) for n in numbers[:MOST_NAMED])
        return named + (" …" if numbers.size > MOST_NAMED else "")


def unfitting(game: Game, issues: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what the game says of states that cannot occur, and leaves unsaid of those that can.

    Args:
        game: a game of options; of listed states everything is known before.
        issues: the issues of the case as stated, for those that options set.
    """
    if not game.options:
        return
    if too_much := list(_too_much(game)):
        yield from too_much
        return
    space = Combinations(game)
    if not space.feasible.any():
        hint = "take back one of them; together they leave no combination of options"
        yield Fault(("game", "infeasible"), "no state is feasible", hint)
        return
    yield from _named_states(space, game)
    classes = [space.where(merge.statement) & space.feasible for merge in game.merged]
    yield from _classes(space, game, classes)
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
    ranked = np.zeros(space.feasible.size, dtype=np.bool_)
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


def _classes(space: Combinations, game: Game, classes: list[Mask]) -> Iterator[Fault]:
    """Yield merged states that are none, that are merged twice, or between which somebody chooses."""
    taken, told_apart = np.zeros(space.feasible.size, dtype=np.bool_), _told_apart(space, game, classes)
    for number, members in enumerate(classes):
        path: Path = ("game", "merged", number)
        if not members.any():
            yield Fault(path, "holds in no feasible state", "remove it")
        for other in range(number) if (members & taken).any() else ():
            if (members & classes[other]).any():
                hint = "write one statement for all that is one state"
                shared = space.texts(members & classes[other])
                yield Fault(path, f"{shared} is merged with others already by entry {other + 1}", hint)
        taken |= members
        for actor, (mask, stated) in told_apart[number].items():
            one, two = space.texts(mask & members & stated), space.texts(~mask & members & stated)
            hint = "states that are one must be equally good for everybody"
            yield Fault(path, f"{actor} does not find {one} as good as {two}", hint)


def _told_apart(space: Combinations, game: Game, classes: list[Mask]) -> list[dict[str, tuple[Mask, Mask]]]:
    """Return, per merged class, who tells some of it from the rest, and by what first."""
    found: list[dict[str, tuple[Mask, Mask]]] = [{} for _ in classes]
    label = np.full(space.feasible.size, len(classes))
    for number, members in enumerate(classes):
        label[members] = number
    for actor, preference in game.preferences.items() if classes else ():
        for mask, stated in _distinctions(space, game, preference):
            within, without = (
                np.bincount(label[of & stated], minlength=len(classes) + 1) for of in (mask, ~mask)
            )
            for number in np.flatnonzero((within[:-1] > 0) & (without[:-1] > 0)).tolist():
                found[number].setdefault(actor, (mask, stated))
    return found


def _distinctions(space: Combinations, game: Game, preference: Preference) -> Iterator[tuple[Mask, Mask]]:
    """Yield sets of combinations that an actor tells from others, and among which it does."""
    wishes = [wish.statement for wish in preference.statements]
    for statement in (*wishes, *(wish.statement for wish in preference.weights.values())):
        yield space.where(statement), space.feasible
    groups = [np.any([space.like(state) for state in group], axis=0) for group in preference.groups]
    listed = (
        np.any(groups, axis=0) if groups else space.feasible
    )  # others take the place of what they are one with
    yield from ((group, listed) for group in groups)
    for option, stated in game.options.items() if preference.stances else ():
        if stated.sets:
            yield space[option], space.feasible


def _settings(space: Combinations, game: Game, issues: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield issues that are set twice, or that nothing sets and that do not say where they end by themselves."""
    for issue in dict.fromkeys(issue for option in game.options.values() for issue in option.sets):
        setters = [name for name, option in game.options.items() if issue in option.sets]
        free = space.feasible & ~np.any([space[name] for name in setters], axis=0)
        if free.any() and isinstance(issues.get(issue), Mapping) and issues[issue].get("no_deal") is None:
            hint = f"add issues.{issue}.no_deal, where it ends while none of {', '.join(setters)} is taken"
            yield Fault(("issues", issue), f"no option sets the issue in {space.texts(free)}", hint)
        for first, second in ((one, two) for n, two in enumerate(setters) for one in setters[:n]):
            both = space[first] & space[second] & space.feasible
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
