"""How is the graph of a game written? In the DOT language of Graphviz (Gansner & North 2000), and as GraphML.

Nodes are states, edges are moves, each with its data and every preference at its mean. GraphML is the format of
Brandes, Eiglsperger, Herman, Himsolt & Marshall (2002).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from detente.case import Case
from detente.case.formats.losses import not_held, warning
from detente.errors import FormatError, Problem
from detente.lenses.stability.explain import arcs
from detente.lenses.stability.records import Arc, label
from detente.lenses.stability.summarise import simulate
from detente.lenses.stability.view import StabilityView
from detente.show.palette import ACCENT, ACCENT_SOFT, BLOCS, OTHERS

MOST_STATES = 20_000
MOST_MOVES = 1_000_000
HELD = ("title", "actors.*.name", "game")
KEYS = {
    "node": {"state": "string", "words": "string", "stable_by": "string", "status_quo": "boolean"},
    "edge": {"actor": "string", "pays": "boolean", "gain": "int"},
    "graph": {"title": "string"},
}
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")
Data = dict[str, str]


class WrittenGame(NamedTuple):
    """A game ready to be written: its states, by number, and moves, with the data that `KEYS` names."""

    title: str
    nodes: list[Data]
    edges: list[tuple[Arc, Data]]
    problems: list[Problem]


def refused(message: str, path: Path, hint: str) -> FormatError:
    """Return the error of a game that a format cannot hold."""
    return FormatError([Problem(message, file=path.name, hint=hint)])


def opened(case: Case, path: Path) -> StabilityView:
    """Return the game of a case as arrays.

    Raises:
        FormatError: the case has no game.
        CaseError: the game contradicts itself.
    """
    if case.game is None:
        hint = "add what each actor can do and prefers, or choose a format of the case"
        raise refused("the case has no game", path, hint)
    return StabilityView(case)


def written(case: Case, path: Path) -> WrittenGame:
    """Return states, moves and verdicts of a case's game.

    Raises:
        FormatError: the case has no game, or one of too many states.
        CaseError: the game contradicts itself.
    """
    view, too_large = opened(case, path), "make too large a graph to be written"
    if view.count > MOST_STATES:
        raise refused(f"{view.count:,} states {too_large}", path, f"write one of at most {MOST_STATES:,}")
    result = simulate(case, draws=1).result()
    moves = tuple(arcs(view, view.ranks(view.table.means)))
    if len(moves) > MOST_MOVES:
        raise refused(f"{len(moves):,} moves {too_large}", path, f"write one of at most {MOST_MOVES:,}")
    problems = not_held(case, HELD, path.name)
    if not result.record.exact:
        problems.insert(0, warning("weights in doubt are taken at their means", path.name))
    held = {label(concept): set(states or ()) for concept, states in result.equilibria.items()}
    nodes = [
        {
            "state": text,
            "words": plain(view.words(s)),
            "stable_by": " ".join(concept for concept, states in held.items() if text in states),
            "status_quo": str(s == view.status_quo).lower(),
        }
        for s, text in enumerate(view.texts)
    ]
    who = [plain(result.who(view.mover(row))) for row in range(len(view.graph.movers))]
    edges = [(m, {"actor": who[m.mover], "pays": str(m.pays).lower(), "gain": str(m.gain)}) for m in moves]
    return WrittenGame(plain(case.title), nodes, edges, problems)


def plain(text: str) -> str:
    """Return a text on one line, without characters that formats of text cannot hold."""
    return _UNPRINTABLE.sub(" ", text)


def write_dot(case: Case, path: Path) -> tuple[str, list[Problem]]:
    """Return the graph of a case's game in the DOT language, and what of the case it does not hold.

    States that hold are filled, that of today is a box; moves that pay are solid.

    Raises:
        FormatError: the case has no game, or one of too many states or moves.
        CaseError: the game contradicts itself.
    """
    game = written(case, path)
    return "\n".join(_dot(game)) + "\n", game.problems


def _dot(game: WrittenGame) -> Iterator[str]:
    yield "digraph game {"
    yield f"  graph [label={quoted(game.title)}, rankdir=TB];"
    yield "  node [shape=ellipse];"
    for number, node in enumerate(game.nodes):
        yield f"  s{number} [{_attributes(_node(node))}];"
    for arc, data in game.edges:
        tone = BLOCS[arc.mover].tone if arc.mover < len(BLOCS) else OTHERS.tone
        style = "solid" if arc.pays else "dotted"
        attributes = {"actor": data["actor"], "color": tone.light, "gain": data["gain"], "style": style}
        yield f"  s{arc.start} -> s{arc.end} [{_attributes(attributes)}];"
    yield "}"


def _node(node: Data) -> Data:
    concepts = node["stable_by"].split()
    held = f"{node['state']}: {', '.join(concepts)}" if concepts else node["state"]
    found = {"label": f"{node['words']}\n{held}", "state": node["state"], "stable_by": node["stable_by"]}
    if node["status_quo"] == "true":
        found["shape"] = "box"
    if concepts:
        found |= {"style": "filled", "fillcolor": (ACCENT if "Nash" in concepts else ACCENT_SOFT).light}
    return found | ({"fontcolor": "white"} if "Nash" in concepts else {})


def _attributes(found: Data) -> str:
    return ", ".join(f"{name}={quoted(text)}" for name, text in found.items())


def quoted(text: str) -> str:
    r"""Return a text as a quoted string, of the DOT language or for Gambit.

    >>> quoted('say "no"')
    '"say \\"no\\""'
    """
    told = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{told}"'


def write_graphml(case: Case, path: Path) -> tuple[str, list[Problem]]:
    """Return the graph of a case's game as GraphML, and what of the case it does not hold.

    Raises:
        FormatError: the case has no game, or one of too many states or moves.
        CaseError: the game contradicts itself.
    """
    game = written(case, path)
    return "\n".join(_graphml(game)) + "\n", game.problems


def _graphml(game: WrittenGame) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for kind, keys in KEYS.items():
        for name, type_ in keys.items():
            yield f'  <key id="{name}" for="{kind}" attr.name="{name}" attr.type="{type_}"/>'
    yield '  <graph id="game" edgedefault="directed">'
    yield f"    {_data({'title': game.title})}"
    for number, node in enumerate(game.nodes):
        yield f'    <node id="s{number}">{_data(node)}</node>'
    for number, (arc, data) in enumerate(game.edges):
        ends = f"source={quoteattr(f's{arc.start}')} target={quoteattr(f's{arc.end}')}"
        yield f'    <edge id="m{number}" {ends}>{_data(data)}</edge>'
    yield "  </graph>"
    yield "</graphml>"


def _data(data: Data) -> str:
    return "".join(f'<data key="{key}">{escape(text)}</data>' for key, text in data.items())
