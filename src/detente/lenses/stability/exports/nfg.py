"""How is a game written for Gambit? As a strategic form: an actor's strategies are the settings of its options.

The format is Gambit's ``.nfg`` with named strategies and outcomes (Savani & Turocy, the Gambit documentation): the
first player's strategy changes fastest. Gambit takes labels in ASCII, with single spaces and none twice; what is
therefore written otherwise is told. Payoffs are ranks, every preference at its mean; only their order means
something. The graph model knows more than a strategic form can say, which is told in warnings.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain, count, product
from math import prod
from pathlib import Path

from detente.case import Case
from detente.case.formats.losses import not_held, warning
from detente.errors import FormatError, Problem
from detente.lenses.stability.exports.graph import HELD, opened, plain
from detente.lenses.stability.view import StabilityView

MOST_CELLS = 1 << 18
MOST_TOLD = 6
LETTERS: dict[str, str] = {  # what Unicode does not take apart
    **dict(zip("’‘“”–—øØłŁđĐıð", "''\"\"--oOlLdDid", strict=True)),
    "…": "...",
    "ß": "ss",
    "æ": "ae",
    "Æ": "Ae",
    "œ": "oe",
    "Œ": "Oe",
    "þ": "th",
}
ALIKE = str.maketrans(LETTERS)
NOT_POSSIBLE = "not possible"


def write_nfg(case: Case, path: Path) -> tuple[str, list[Problem]]:
    """Return a case's game as a strategic form for Gambit, and what of the case it does not hold.

    Combinations that are not possible are an outcome of their own, worse for everybody than any state; options
    that nobody controls stay as they are today.

    Raises:
        FormatError: the case has no game, one that is more than options of single actors, or one of too many
            combinations.
        CaseError: the game contradicts itself.
    """
    view = opened(case, path)
    if view.space is None:
        message = f"{_hindrance(view)}, and a strategic form is made of options that actors take alone"
        raise FormatError([Problem(message, file=path.name, hint="write graphml or dot")])
    form = _Form(view)
    cells = prod(len(strategies) for strategies in form.strategies)
    if cells > MOST_CELLS:
        message = f"the strategic form has {cells:,} cells; at most {MOST_CELLS:,} are written"
        raise FormatError([Problem(message, file=path.name, hint="write graphml or dot, or merge options")])
    problems = [*(warning(text, path.name) for text in form.losses()), *not_held(case, HELD, path.name)]
    return "\n".join(form.lines()) + "\n", problems


def _hindrance(view: StabilityView) -> str:
    """Return why a game that is more than options of single actors is no strategic form."""
    game = view.game
    if game.states:
        return "the states of the game are listed"
    if game.merged:
        return "states of the game are merged"
    if any(option.actors for option in game.options.values()):
        return "some options are taken by several together"
    return "somebody does not perceive all states" if game.misperceives else "some preferences are not known"


class _Form:
    """A strategic form.

    Attributes:
        own: actor → places of its options among the letters of a state.
        strategies: actor → settings of its options, the first option changing fastest.
    """

    def __init__(self, view: StabilityView) -> None:
        self.view, self.case, self.game = view, view.case, view.game
        owners = [option.actor for option in self.game.options.values()]
        self.own = [[k for k, owner in enumerate(owners) if owner == actor] for actor in view.actors]
        self.strategies = [
            [tuple(reversed(letters)) for letters in product("NY", repeat=len(own))] for own in self.own
        ]
        self.title, *players = _ascii([view.case.title, *(view.case.actors[one].name for one in view.actors)])
        self.players = _once(players)
        self.taken = [
            [self._strategy(own, letters) for letters in of]
            for own, of in zip(self.own, self.strategies, strict=True)
        ]
        self.labels = [_once(_ascii(of)) for of in self.taken]
        today = "N" * len(owners) if view.status_quo is None else view.text(view.status_quo)
        self.start = today
        self.number = {view.text(s): s for s in range(view.count)}
        self.ranks = view.ranks(view.table.means)

    def losses(self) -> Iterator[str]:
        """Yield what a strategic form cannot say of the game."""
        options = self.game.options.values()
        if any(option.moves != "both" for option in options):
            yield "options that can only be taken or only be dropped are free here: a strategic form has no today"
        if any(option.actor is None for option in options):
            yield "options that no single actor controls stay as they are today"
        if any(self._state(cell) is None for cell in self._cells()):
            yield "combinations that are not possible are written as an outcome worse for everybody than any state"
        own = [self.case.title, *(self.case.actors[one].name for one in self.view.actors)]
        pairs = zip(
            [*own, *chain(*self.taken)], [self.title, *self.players, *chain(*self.labels)], strict=True
        )
        changed = dict.fromkeys((old, new) for old, new in pairs if old != new)
        for old, new in list(changed)[:MOST_TOLD]:
            yield f"{old!r} is written {new!r}: Gambit takes plain letters, single spaces and no label twice"
        if len(changed) > MOST_TOLD:
            yield f"{len(changed) - MOST_TOLD:,} more labels that are written otherwise"
        if not self.view.table.is_exact:
            yield "weights in doubt are taken at their means"

    def lines(self) -> Iterator[str]:
        """Yield the lines of the file."""
        names = " ".join(map(quoted, self.players))
        yield f"NFG 1 R {quoted(self.title)} {{ {names} }}"
        yield ""
        yield "{"
        for labels in self.labels:
            yield f"  {{ {' '.join(map(quoted, labels))} }}"
        yield "}"
        yield quoted("Payoffs are ranks: only their order means something.")
        yield ""
        yield "{"
        for text, s in self.number.items():
            payoffs = ", ".join(str(int(rank)) for rank in self.ranks[:, s])
            yield f"  {{ {quoted(text)} {payoffs} }}"
        worst = ", ".join(str(int(self.ranks[i].min()) - 1) for i in range(len(self.ranks)))
        yield f"  {{ {quoted(NOT_POSSIBLE)} {worst} }}"
        yield "}"
        states = (self._state(cell) for cell in self._cells())
        yield " ".join(str(self.view.count + 1 if s is None else s + 1) for s in states)

    def _cells(self) -> Iterator[tuple[tuple[str, ...], ...]]:
        """Yield a strategy per actor, the first actor's changing fastest."""
        for reversed_cell in product(*reversed(self.strategies)):
            yield tuple(reversed(reversed_cell))

    def _state(self, cell: tuple[tuple[str, ...], ...]) -> int | None:
        letters = list(self.start)
        for own, strategy in zip(self.own, cell, strict=True):
            for place, letter in zip(own, strategy, strict=True):
                letters[place] = letter
        return self.number.get("".join(letters))

    def _strategy(self, own: list[int], letters: tuple[str, ...]) -> str:
        names = [self.view.names[place] for place in own]
        told = self.view.states.option_names
        taken = [told[name] for name, letter in zip(names, letters, strict=True) if letter == "Y"]
        return " + ".join(taken) or "nothing"


def _ascii(texts: Iterable[str]) -> list[str]:
    """Return texts in ASCII on one line, with single spaces.

    >>> _ascii(["Zölle  senken", "Côte d’Ivoire", "Łódź – Straße", "北京"])
    ['Zolle senken', "Cote d'Ivoire", 'Lodz - Strasse', '??']
    """
    parted = (unicodedata.normalize("NFKD", plain(text).translate(ALIKE)) for text in texts)
    bare = ("".join(one for one in text if not unicodedata.combining(one)) for text in parted)
    return [" ".join(text.encode("ascii", "replace").decode("ascii").split()) or "?" for text in bare]


def _once(labels: Iterable[str]) -> list[str]:
    """Return labels with a number after those that stood before.

    >>> _once(["a", "b", "a", "a 2", "a"])
    ['a', 'b', 'a 2', 'a 2 2', 'a 3']
    """
    found: dict[str, None] = {}
    for label in labels:
        tries = (f"{label} {n}" if n > 1 else label for n in count(1))
        found[next(one for one in tries if one not in found)] = None
    return list(found)


def quoted(text: str) -> str:
    r"""Return a text as a quoted string of the format.

    >>> quoted('say "no"')
    '"say \\"no\\""'
    """
    told = plain(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{told}"'
