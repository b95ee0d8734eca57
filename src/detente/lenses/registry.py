"""Which lenses are there? A table of the built-in ones; another package adds its own as an entry point.

A lens is named by ``module:attribute``; built-in and outside lenses are opened through the same door. Outside
packages declare theirs in the entry-point group ``detente.lenses``.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from detente.errors import NotFoundError, did_you_mean
from detente.lenses.lens import Lens

BUILT_IN = {  # in the order in which an adviser asks
    "bargaining": "detente.lenses.bargaining.lens:LENS",
    "winset": "detente.lenses.winset.lens:LENS",
    "stability": "detente.lenses.stability.lens:LENS",
}
GROUP = "detente.lenses"


def available() -> dict[str, str]:
    """Return name → place of every lens, the built-in ones first; a built-in name cannot be taken over."""
    outside = {point.name: point.value for point in entry_points(group=GROUP) if point.name not in BUILT_IN}
    return {**BUILT_IN, **outside}


def lens(name: str) -> Lens:
    """Return the lens of that name.

    Raises:
        NotFoundError: no such lens.
    """
    places = available()
    if name not in places:
        raise NotFoundError(f"no lens is called {name!r}; {did_you_mean(name, places)}")
    return _opened(places[name])


@cache
def _opened(place: str) -> Lens:
    module, _, attribute = place.partition(":")
    opened: Lens = getattr(import_module(module), attribute)
    return opened
