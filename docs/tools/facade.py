"""What does `import detente` offer, and where is each of it described?"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import detente
from detente.lenses import available
from docs.tools.places import filled

PAGE = Path(__file__).resolve().parents[1] / "reference" / "python.md"


def rows() -> Iterator[str]:
    """Yield the table row of every name, the words taken from its own docstring."""
    for name in sorted({*detente.__all__, *available()}, key=str.casefold):
        thing = getattr(detente, name)
        if inspect.isclass(thing) or inspect.isroutine(thing):
            words = (inspect.getdoc(thing) or "").partition("\n")[0]
            room = ".".join(thing.__module__.split(".")[:2])
            yield f"| `detente.{name}` | {words} | `{room}` |"


def page() -> str:
    """Return the page of the Python interface with its table of names as the code now has it."""
    return filled(PAGE, "names", ["| name | what it is | described under |", "|---|---|---|", *rows()])
