"""What of a game is written, whatever the format? States, moves and verdicts, every preference at its mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from detente.case import Case
from detente.case.formats.losses import not_held, warning
from detente.errors import FormatError, Problem
from detente.lenses.stability.explain import arcs, names
from detente.lenses.stability.lens import LENS
from detente.lenses.stability.records import Arc, label
from detente.lenses.stability.result import StabilityResult
from detente.lenses.stability.view import StabilityView

MOST_STATES = 20_000
MOST_MOVES = 1_000_000
HELD = ("title", "actors.*.name", "game")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


@dataclass(frozen=True, slots=True)
class Node:
    """A state.

    Attributes:
        text: letters or id.
        words: what is taken.
        concepts: by which it holds, as they are written.
        today: whether it is the status quo.
    """

    text: str
    words: str
    concepts: tuple[str, ...]
    today: bool


@dataclass(frozen=True, slots=True)
class WrittenGame:
    """A game ready to be written.

    Attributes:
        title: of the case.
        actors: names, after those of single actors those of several who move together.
        nodes: states by number.
        edges: moves, by numbers of nodes and of actors.
        problems: what is not held.
    """

    title: str
    actors: tuple[str, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Arc, ...]
    problems: list[Problem]


def opened(case: Case, path: Path) -> StabilityView:
    """Return the game of a case as arrays.

    Raises:
        FormatError: the case has no game.
        CaseError: the game contradicts itself.
    """
    if case.game is None:
        hint = "add what each actor can do and prefers, or choose a format of the case"
        raise FormatError([Problem("the case has no game", file=path.name, hint=hint)])
    return LENS.view(case)


def written(case: Case, path: Path) -> WrittenGame:
    """Return states, moves and verdicts of a case's game.

    Raises:
        FormatError: the case has no game, or one of too many states.
        CaseError: the game contradicts itself.
    """
    view = opened(case, path)
    if view.count > MOST_STATES:
        message = f"{view.count:,} states make too large a graph to be written"
        raise FormatError([Problem(message, file=path.name, hint=f"write one of at most {MOST_STATES:,}")])
    result = LENS.simulate(case, draws=1).result()
    edges = tuple(arcs(view, view.ranks(view.table.means), range(view.count)))
    if len(edges) > MOST_MOVES:
        message = f"{len(edges):,} moves make too large a graph to be written"
        raise FormatError([Problem(message, file=path.name, hint=f"write one of at most {MOST_MOVES:,}")])
    problems = not_held(case, HELD, path.name)
    if not result.record.exact:
        problems.insert(0, warning("weights in doubt are taken at their means", path.name))
    return WrittenGame(
        title=plain(case.title),
        actors=tuple(plain(names(view, group)) for group in view.graph.movers),
        nodes=tuple(_nodes(view, result)),
        edges=edges,
        problems=problems,
    )


def _nodes(view: StabilityView, result: StabilityResult) -> Iterator[Node]:
    held = {concept: set(states) for concept, states in result.equilibria.items()}
    for s in range(view.count):
        text = view.text(s)
        concepts = tuple(label(concept) for concept, states in held.items() if text in states)
        yield Node(text, plain(view.words(s)), concepts, s == view.status_quo)


def plain(text: str) -> str:
    """Return a text on one line, without characters that formats of text cannot hold."""
    return _UNPRINTABLE.sub(" ", text)
