"""Which lenses are there? A table of the built-in ones; another package adds its own as an entry point.

A lens is named by ``module:attribute``; built-in and outside lenses are opened through the same door. Outside
packages declare theirs in the entry-point group ``detente.lenses``.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points

from detente.errors import NotFoundError, did_you_mean
from detente.lenses.lens import Lens

BUILT_IN = {
    "bargaining": "detente.lenses.bargaining:LENS",
    "winset": "detente.lenses.winset.lens:LENS",
    "stability": "detente.lenses.stability:LENS",
}
GROUP = "detente.lenses"


def available() -> dict[str, str]:
    """Return name → place of every lens; a built-in name cannot be taken over."""
    return {**{point.name: point.value for point in entry_points(group=GROUP)}, **BUILT_IN}


def lens(name: str) -> Lens:
    """Return the lens of that name.

    Raises:
        NotFoundError: no such lens.
    """
    places = available()
    if name not in places:
        raise NotFoundError(f"no lens is called {name!r}; {did_you_mean(name, places)}")
    module, _, attribute = places[name].partition(":")
    opened: Lens = getattr(import_module(module), attribute)
    return opened
