"""In which formats does a game leave with what the stability lens finds in it? As a strategic form, or as a graph.

These formats hold ranks, moves or verdicts, which only the lens knows; formats of the case itself are those of
`detente.case.formats`. A writer is imported when it is asked for, so that writing a table waits for no lens.

    >>> [one.name for one in FORMATS]
    ['nfg', 'graphml', 'dot']
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from detente.case import Case
from detente.case.formats import Format
from detente.case.formats.registry import Content
from detente.errors import Problem

Writer = Callable[[Case, Path], tuple[Content, list[Problem]]]


def _writer(module: str, name: str) -> Writer:
    def write(case: Case, path: Path) -> tuple[Content, list[Problem]]:
        found: Writer = getattr(import_module(f"{__name__}.{module}"), f"write_{name}")
        return found(case, path)

    return write


__all__ = ["FORMATS"]

FORMATS = (
    Format("nfg", "Gambit game in strategic form", (".nfg",), _writer("nfg", "nfg")),
    Format("graphml", "graph of states and moves in XML", (".graphml",), _writer("graph", "graphml")),
    Format("dot", "graph of states and moves for Graphviz", (".dot", ".gv"), _writer("graph", "dot")),
)
