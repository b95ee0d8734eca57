"""Every name that a room offers exists, says what it is, and is shown or tested somewhere."""

from __future__ import annotations

import importlib
import inspect
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
SOURCE = REPOSITORY / "src"


def module_names() -> list[str]:
    """Return every public module of the package by its dotted name."""
    paths = (path.relative_to(SOURCE).with_suffix("") for path in (SOURCE / "detente").rglob("*.py"))
    dotted = (".".join(path.parts).removesuffix(".__init__") for path in paths)
    return sorted(name for name in dotted if not re.search(r"\._|\.__main__$", name))


def offered() -> list[tuple[str, str]]:
    """Return every package with each name in its `__all__`."""
    paths = sorted(path.parent.relative_to(SOURCE) for path in (SOURCE / "detente").rglob("__init__.py"))
    packages = [importlib.import_module(".".join(path.parts)) for path in paths]
    return [(package.__name__, name) for package in packages for name in getattr(package, "__all__", ())]


@cache
def shown() -> set[str]:
    """Return every word of the tests and of the documentation, this file apart."""
    files = [path for path in (REPOSITORY / "tests").rglob("*.py") if path != Path(__file__)]
    files += [*(REPOSITORY / "docs").rglob("*.md"), REPOSITORY / "README.md"]
    return {word for path in files for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}


def documented(thing: object) -> bool:
    """Say whether a class, function or module has a docstring of its own; plain data cannot have one."""
    if not (inspect.isroutine(thing) or inspect.isclass(thing) or isinstance(thing, ModuleType)):
        return True
    text = thing.__doc__ or ""
    return bool(text.strip()) and not text.startswith(f"{getattr(thing, '__name__', '')}(")


@pytest.mark.parametrize("module", module_names())
def test_every_public_module_has_a_docstring(module: str) -> None:
    """A module says what it is for, and so does everything public that it defines."""
    loaded = importlib.import_module(module)
    assert (loaded.__doc__ or "").strip()
    own = {
        name: thing
        for name, thing in vars(loaded).items()
        if not name.startswith("_") and getattr(thing, "__module__", None) == module
    }
    assert not [name for name, thing in own.items() if not documented(thing)]


@pytest.mark.parametrize(("package", "name"), offered())
def test_every_name_offered_exists_and_is_documented(package: str, name: str) -> None:
    """A name in `__all__` can be imported and describes itself."""
    assert documented(getattr(importlib.import_module(package), name))


@pytest.mark.parametrize(("package", "name"), offered())
def test_every_name_offered_is_tested_or_shown(package: str, name: str) -> None:
    """A name in `__all__` appears in a test or on a page."""
    found = name in shown()
    assert found, f"{package}.{name} is offered, but neither tested nor shown"


def test_what_the_front_offers_can_be_listed() -> None:
    """`dir(detente)` lists the names, so that completion in a notebook finds them."""
    front = importlib.import_module("detente")
    assert len(front.__all__) == len(set(front.__all__))
    assert set(front.__all__) <= set(dir(front))
