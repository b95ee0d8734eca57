"""What is made from the code says what the code says now."""

from __future__ import annotations

import re

from docs.tools.architecture import PACKAGE, REPOSITORY
from docs.tools.generate import generated
from docs.tools.reference import SCHEMAS


def test_no_generated_page_is_stale() -> None:
    """Every page and schema made from the code is committed as `make docs` would write it."""
    stale = [
        str(path.relative_to(REPOSITORY))
        for path, text in generated().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    assert not stale, f"run `make docs` and commit: {', '.join(stale)}"


def test_no_published_schema_has_lost_its_command() -> None:
    """A schema on the site is one that `detente schema` still prints."""
    assert set(SCHEMAS.glob("*.json")) <= set(generated())


def test_every_room_with_public_names_is_in_the_python_reference() -> None:
    """A room's names are shown from its own docstrings; the command line has a page of its own."""
    page = (REPOSITORY / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    rooms = {
        ".".join(path.parent.relative_to(PACKAGE.parent).parts)
        for path in PACKAGE.rglob("__init__.py")
        if "__all__" in path.read_text(encoding="utf-8")
    }
    shown = set(re.findall(r"^\.\. automodule:: (\S+)$", page, re.MULTILINE))
    assert rooms - {"detente.cli"} <= shown
