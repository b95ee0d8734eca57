"""How tests run, whichever folder they stand in; the fixtures are in tests/conftest.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from docs.tools.examples import read, save_files

# A loaded machine, or a loop compiled on its first call, is not a failure of the property under test.
settings.register_profile("detente", deadline=None)
settings.load_profile("detente")


@pytest.fixture(autouse=True)
def _page_in_its_own_folder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the Python examples of a page in an empty folder with the files that the page shows."""
    path = Path(str(request.node.path))
    if path.suffix == ".md":
        folder: Path = request.getfixturevalue("tmp_path")
        save_files(read(path.read_text(encoding="utf-8")), folder)
        monkeypatch.chdir(folder)
