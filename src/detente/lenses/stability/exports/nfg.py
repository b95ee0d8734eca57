"""How is a game written for Gambit? As a strategic form: an actor's strategies are the settings of its options.

The format is Gambit's ``.nfg`` with named strategies and outcomes (Savani & Turocy, the Gambit documentation): the
first player's strategy changes fastest, as in the codes of a `Space`. Gambit takes labels in ASCII, with single
spaces and none twice; what is therefore written otherwise is told. Payoffs are ranks, every preference at its
mean; only their order means something. The graph model knows more than that, which is told in warnings.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count
from pathlib import Path

import numpy as np

from detente.case import Case
from detente.case.formats.losses import not_held, warning
from detente.errors import Problem
from detente.lenses.stability.exports.graph import HELD, opened, plain, quoted, refused
from detente.lenses.stability.space import LOW, WIDTH, Space
from detente.lenses.stability.view import StabilityView

MOST_CELLS = 1 << 18
MOST_TOLD = 6
ALIKE = str.maketrans(  # what Unicode does not take apart
    dict(zip("’‘“”–—øØłŁđĐıð", "''\"\"--oOlLdDid", strict=True))
    | {"…": "...", "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "þ": "th"}
)
NOT_POSSIBLE = "not possible"
FREE = "options that can only be taken or only be dropped are free here: a strategic form has no today"
UNOWNED = "options that no single actor controls stay as they are today"
IMPOSSIBLE = "combinations that are not possible are written as an outcome worse for everybody than any state"


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
    space = view.space
    if space is None:
        told = f"{_hindrance(view)}, and a strategic form is made of options that actors take alone"
        raise refused(told, path, "write graphml or dot")
    owned = int(space.blocks[:, WIDTH].sum())
    if 1 << owned > MOST_CELLS:
        told = f"the strategic form has {1 << owned:,} cells; at most {MOST_CELLS:,} are written"
        raise refused(told, path, "write graphml or dot, or merge options")
    today = 0 if view.status_quo is None else int(space.codes[view.status_quo])
    states = space.index[(today >> owned << owned) + np.arange(1 << owned)]
    names = [case.title, *(case.actors[actor].name for actor in view.actors)]
    title, *players = _ascii(names)
    players, strategies = _once(players), [_strategies(view, space, i) for i in range(len(view.actors))]
    labels = [_once(_ascii(of)) for of in strategies]
    options = view.game.options.values()
    told_of = {
        FREE: any(option.moves != "both" for option in options),
        UNOWNED: any(option.actor is None for option in options),
        IMPOSSIBLE: bool((states < 0).any()),
        **dict.fromkeys(_changed([*names, *chain(*strategies)], [title, *players, *chain(*labels)]), True),
        "weights in doubt are taken at their means": not view.table.is_exact,
    }
    problems = [warning(text, path.name) for text, is_so in told_of.items() if is_so]
    lines = _lines(view, title, players, labels, states.tolist())
    return "\n".join(lines) + "\n", [*problems, *not_held(case, HELD, path.name)]


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


def _strategies(view: StabilityView, space: Space, i: int) -> list[str]:
    """Return what an actor takes by each setting of its options, the first of them changing fastest."""
    low, width = int(space.blocks[i, LOW]), int(space.blocks[i, WIDTH])
    called = [view.states.option_names[view.names[option]] for option in space.order[low : low + width]]
    settings = ([name for o, name in enumerate(called) if setting >> o & 1] for setting in range(1 << width))
    return [" + ".join(taken) or "nothing" for taken in settings]


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Yield which labels are written otherwise."""
    changed = dict.fromkeys(pair for pair in zip(old, new, strict=True) if pair[0] != pair[1])
    for before, after in list(changed)[:MOST_TOLD]:
        yield f"{before!r} is written {after!r}: Gambit takes plain letters, single spaces and no label twice"
    if len(changed) > MOST_TOLD:
        yield f"{len(changed) - MOST_TOLD:,} more labels that are written otherwise"


def _lines(
    view: StabilityView, title: str, players: list[str], labels: list[list[str]], states: list[int]
) -> Iterator[str]:
    ranks = view.ranks(view.table.means)
    yield f"NFG 1 R {quoted(title)} {{ {' '.join(map(quoted, players))} }}"
    yield ""
    yield "{"
    yield from (f"  {{ {' '.join(map(quoted, of))} }}" for of in labels)
    yield "}"
    yield quoted("Payoffs are ranks: only their order means something.")
    yield ""
    yield "{"
    for name, payoffs in [*zip(view.texts, ranks.T, strict=True), (NOT_POSSIBLE, ranks.min(axis=1) - 1)]:
        yield f"  {{ {quoted(name)} {', '.join(map(str, payoffs.tolist()))} }}"
    yield "}"
    yield " ".join(str(s + 1 if s >= 0 else view.count + 1) for s in states)


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
