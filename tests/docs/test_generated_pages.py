"""What is made from the code says what the code says now."""

from __future__ import annotations

from docs.tools.reference import SCHEMAS

from docs.tools.architecture import REPOSITORY
from docs.tools.generate import generated


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
