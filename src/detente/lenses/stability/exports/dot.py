"""How is the graph of a game written for Graphviz? In the DOT language (Gansner & North 2000)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from detente.case import Case
from detente.errors import Problem
from detente.lenses.stability.exports.game import Node, WrittenGame, written
from detente.show.palette import ACCENT, ACCENT_SOFT, BLOCS, OTHERS


def write_dot(case: Case, path: Path) -> tuple[str, list[Problem]]:
    """Return the graph of a case's game in the DOT language, and what of the case it does not hold.

    States that hold are filled, that of today is a box; moves that pay are solid.

    Raises:
        FormatError: the case has no game, or one of too many states or moves.
        CaseError: the game contradicts itself.
    """
    game = written(case, path)
    return "\n".join(_lines(game)) + "\n", game.problems


def _lines(game: WrittenGame) -> Iterator[str]:
    yield "digraph game {"
    yield f"  graph [label={quoted(game.title)}, rankdir=TB];"
    yield "  node [shape=ellipse];"
    for number, node in enumerate(game.nodes):
        yield f"  s{number} [{_attributes(_node(node))}];"
    for edge in game.edges:
        tone = BLOCS[edge.mover].tone if edge.mover < len(BLOCS) else OTHERS.tone
        pays = edge.gain > 0
        attributes = {
            "actor": game.actors[edge.mover],
            "color": tone.light,
            "gain": str(edge.gain),
            "style": "solid" if pays else "dotted",
        }
        yield f"  s{edge.start} -> s{edge.end} [{_attributes(attributes)}];"
    yield "}"


def _node(node: Node) -> dict[str, str]:
    held = f"{node.text}: {', '.join(node.concepts)}" if node.concepts else node.text
    found = {"label": f"{node.words}\n{held}", "state": node.text, "stable_by": " ".join(node.concepts)}
    if node.today:
        found["shape"] = "box"
    if node.concepts:
        found |= {"style": "filled", "fillcolor": (ACCENT if "Nash" in node.concepts else ACCENT_SOFT).light}
    if "Nash" in node.concepts:
        found["fontcolor"] = "white"
    return found


def _attributes(found: dict[str, str]) -> str:
    return ", ".join(f"{name}={quoted(text)}" for name, text in found.items())


def quoted(text: str) -> str:
    r"""Return a text as a quoted string of the language.

    >>> quoted('say "no"')
    '"say \\"no\\""'
    """
    told = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{told}"'
