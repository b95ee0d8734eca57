"""How is the graph of a game written as GraphML? Nodes are states, edges are moves, each with its data.

The format is that of the GraphML project (Brandes, Eiglsperger, Herman, Himsolt & Marshall 2002).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from detente.case import Case
from detente.errors import Problem
from detente.lenses.stability.exports.game import WrittenGame, written

KEYS = (
    ("node", "state", "string"),
    ("node", "words", "string"),
    ("node", "stable_by", "string"),
    ("node", "status_quo", "boolean"),
    ("edge", "actor", "string"),
    ("edge", "pays", "boolean"),
    ("edge", "gain", "int"),
)


def write_graphml(case: Case, path: Path) -> tuple[str, list[Problem]]:
    """Return the graph of a case's game as GraphML, and what of the case it does not hold.

    Raises:
        FormatError: the case has no game, or one of too many states or moves.
        CaseError: the game contradicts itself.
    """
    game = written(case, path)
    return "\n".join(_lines(game)) + "\n", game.problems


def _lines(game: WrittenGame) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for kind, name, type_ in KEYS:
        yield f'  <key id="{name}" for="{kind}" attr.name="{name}" attr.type="{type_}"/>'
    yield '  <key id="title" for="graph" attr.name="title" attr.type="string"/>'
    yield '  <graph id="game" edgedefault="directed">'
    yield f"    {_data('title', game.title)}"
    for number, node in enumerate(game.nodes):
        data = {
            "state": node.text,
            "words": node.words,
            "stable_by": " ".join(node.concepts),
            "status_quo": str(node.today).lower(),
        }
        yield f'    <node id="s{number}">{_all(data)}</node>'
    for number, edge in enumerate(game.edges):
        data = {"actor": game.actors[edge.mover], "pays": str(edge.gain > 0).lower(), "gain": str(edge.gain)}
        ends = f"source={quoteattr(f's{edge.start}')} target={quoteattr(f's{edge.end}')}"
        yield f'    <edge id="m{number}" {ends}>{_all(data)}</edge>'
    yield "  </graph>"
    yield "</graphml>"


def _all(data: dict[str, str]) -> str:
    return "".join(_data(key, text) for key, text in data.items())


def _data(key: str, text: str) -> str:
    return f'<data key="{key}">{escape(text)}</data>'
