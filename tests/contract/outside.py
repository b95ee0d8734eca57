"""A lens from another package: that of the page on adding one, installed as `pip` would leave it."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"
NAME = "distance"


def shown(file: str) -> str:
    """Return the text of a file that the page shows: a block whose first line is its name in a comment."""
    block = rf"^```\w+\n# {re.escape(file)}\n(.*?)^```$"
    (found,) = re.findall(block, PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return str(found)


@contextmanager
def installed(folder: Path) -> Iterator[str]:
    """Install the package for a while; yield the name of its lens."""
    project = tomllib.loads(shown("pyproject.toml"))["project"]
    places = project["entry-points"]["detente.lenses"]
    module = places[NAME].partition(":")[0]
    (folder / f"{module}.py").write_text(shown(f"{module}.py"), encoding="utf-8")
    information = folder / f"{module}-{project['version']}.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(
        f"Name: {project['name']}\nVersion: {project['version']}\n", "utf-8"
    )
    lines = ["[detente.lenses]", *(f"{name} = {place}" for name, place in places.items())]
    (information / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    sys.path.append(str(folder))
    try:
        yield NAME
    finally:
        sys.path.remove(str(folder))
        sys.modules.pop(module, None)
