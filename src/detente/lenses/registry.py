"""Which lenses are there? The built-in ones of `registry.toml`; another package adds its own as an entry point.

A lens is named by ``module:attribute``; built-in and outside lenses are opened through the same door. Outside
packages declare theirs in the entry-point group ``detente.lenses``.
"""

from __future__ import annotations

import sys
import tomllib
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import NotFoundError, offering
from detente.lenses.lens import Lens

if TYPE_CHECKING:
    from detente.case.formats import Format

TABLE = Path(__file__).with_name("registry.toml")
BUILT_IN = {name: of["place"] for name, of in tomllib.loads(TABLE.read_text(encoding="utf-8")).items()}
GROUP = "detente.lenses"


def available() -> dict[str, str]:
    """Return name → place of every lens, the built-in ones first; a built-in name cannot be taken over."""
    return BUILT_IN | _outside(tuple(sys.path))


def lens(name: str) -> Lens:
    """Return the lens of that name.

    Raises:
        NotFoundError: no such lens, or what its package names is none.
    """
    places = available()
    if name not in places:
        raise NotFoundError(offering(f"no lens is called {name!r}", name, places))
    return _opened(name, places[name])


def formats() -> tuple[Format, ...]:
    """Return the formats in which a case leaves with what some lens finds in it."""
    return tuple(one for name in available() for one in lens(name).formats())


@cache
def _outside(_searched: tuple[str, ...]) -> dict[str, str]:
    """Return the lenses of the packages that stand in some folders: to look through all of them takes a while."""
    return {point.name: point.value for point in entry_points(group=GROUP) if point.name not in BUILT_IN}


@cache
def _opened(name: str, place: str) -> Lens:
    module, _, attribute = place.partition(":")
    try:
        opened = getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise NotFoundError(
            f"the lens {name!r} cannot be opened at {place} ({error}); repair or remove its package"
        ) from error
    if not isinstance(opened, Lens) or opened.name != name:
        raise NotFoundError(
            f"what stands at {place} is no lens called {name!r}; derive it from detente.lenses.Lens and give it "
            "the name of its entry point"
        )
    return opened
