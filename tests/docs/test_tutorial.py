"""The tutorial and the catalog tell the same case."""

from __future__ import annotations

from pathlib import Path

from detente.case import check
from detente.catalog import open_case
from docs.tools.examples import REPOSITORY, ShownFile, read

TUTORIAL = REPOSITORY / "docs" / "tutorial" / "first-case.md"


def test_the_tutorial_ends_with_the_teaching_case_of_the_catalog(tmp_path: Path) -> None:
    """Who types the last file of the tutorial holds the case that comes with détente under `river-dam`."""
    shown = [step for step in read(TUTORIAL.read_text(encoding="utf-8")) if isinstance(step, ShownFile)]
    path = tmp_path / shown[-1].name
    path.write_text(shown[-1].text, encoding="utf-8")
    found = check(path)
    assert found.require() == open_case("river-dam")
    assert not found.warnings
