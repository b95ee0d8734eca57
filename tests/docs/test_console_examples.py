"""A newcomer who types what the pages show gets exactly what they show."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from docs.tools.examples import REPOSITORY, Command, pages, read, run

PLAYED = [
    page for page in pages() if any(isinstance(step, Command) for step in read(page.read_text("utf-8")))
]
BY_A_SHELL = REPOSITORY / "docs" / "how-to" / "correlate-quantities.md"


@pytest.mark.skipif(shutil.which("bash") is None, reason="the sessions on the pages are for bash")
@pytest.mark.parametrize("page", PLAYED, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_the_page_shows_what_happens(page: Path, tmp_path: Path) -> None:
    """Every command of the page, from top to bottom in one empty folder, prints what the page says."""
    assert run(page, tmp_path, shell=page == BY_A_SHELL) > 0
