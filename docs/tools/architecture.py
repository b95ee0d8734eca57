"""Which rooms does the package have, in which order may they know each other, and what is each for?

The order is that of the import contracts (`.importlinter`); the meanings are the first lines of the modules'
own docstrings. The list on the architecture page is made from these two, so it cannot say anything else.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

from docs.tools.places import filled

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "src" / "detente"
PAGE = REPOSITORY / "docs" / "architecture.md"


def contracts() -> ConfigParser:
    """Return the import contracts as they are written."""
    parser = ConfigParser()
    parser.read(REPOSITORY / ".importlinter", encoding="utf-8")
    return parser


def layers(contract: str) -> list[list[str]]:
    """Return the layers of a contract from the lowest up, each with the modules that share it."""
    text = contracts()[f"importlinter:contract:{contract}"]["layers"]
    rows = [row.replace("|", " ").replace(":", " ").split() for row in text.splitlines() if row.strip()]
    return rows[::-1]


def modules(folder: Path) -> list[Path]:
    """Return the public modules and packages right inside a package, without its own `__init__`."""
    found = [path for path in folder.iterdir() if path.suffix == ".py" and path.stem != "__init__"]
    found += [path.parent for path in folder.glob("*/__init__.py")]
    return sorted(path for path in found if not path.name.startswith("_") or path.stem == "__main__")


def meaning(path: Path) -> str:
    """Return the first line of a module's or package's docstring, without reading any more of it."""
    source = path / "__init__.py" if path.is_dir() else path
    docstring = ast.get_docstring(ast.parse(source.read_text(encoding="utf-8")))
    return docstring.splitlines()[0].strip() if docstring else ""


def in_order(folder: Path, contract: str | None = None) -> list[Path]:
    """Return what is inside a package: by floors where a contract orders it, by name where none does."""
    found = {path.stem: path for path in modules(folder)}
    known = [name for layer in layers(contract) for name in layer] if contract else []
    ranked = [found.pop(name) for name in known if name in found]
    return [*ranked, *found.values()]


def entries(folder: Path = PACKAGE, depth: int = 0) -> Iterator[str]:
    """Yield the list item of everything inside a package, floor by floor."""
    contract = {PACKAGE: "floors", PACKAGE / "lenses": "lenses"}.get(folder)
    for path in in_order(folder, contract):
        name = f"{path.name}/" if path.is_dir() else path.name
        bold = "**" if depth == 0 else ""
        yield f"{'  ' * depth}- {bold}`{name}`{bold} {meaning(path)}"
        if path.is_dir():
            yield from entries(path, depth + 1)


def page() -> str:
    """Return the architecture page with its list as the code now has it."""
    return filled(PAGE, "rooms", entries())
