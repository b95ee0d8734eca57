"""In which formats does a game leave with what the stability lens finds in it? As a strategic form, or as a graph.

These formats hold ranks, moves or verdicts, which only the lens knows; formats of the case itself are those of
`detente.case.formats`. A writer is imported when it is asked for, so that writing a table waits for no lens.

    >>> [one.name for one in FORMATS]
    ['nfg', 'graphml', 'dot']
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from pathlib import Path

from detente.case import Case
from detente.case.formats import Format
from detente.case.formats.registry import Content
from detente.errors import Problem


def _write(module: str, name: str, case: Case, path: Path) -> tuple[Content, list[Problem]]:
    writers = import_module(f"{__name__}.{module}")
    written: tuple[Content, list[Problem]] = getattr(writers, f"write_{name}")(case, path)
    return written


__all__ = ["FORMATS"]

_NFG, _XML, _DOT = (partial(_write, *one) for one in (("nfg", "nfg"), ("graph", "graphml"), ("graph", "dot")))
FORMATS = (
    Format("nfg", "Gambit game in strategic form", (".nfg",), _NFG),
    Format("graphml", "graph of states and moves in XML", (".graphml",), _XML),
    Format("dot", "graph of states and moves for Graphviz", (".dot", ".gv"), _DOT),
)
