"""How tests run, whichever folder they stand in; the fixtures are in tests/conftest.py.

Two profiles, chosen by the variable HYPOTHESIS_PROFILE: `full` makes up as many examples as a test asks for;
`quick`, the default, makes up a third of them. Tests marked `slow` run in `full`, and where CI=true.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import is_hypothesis_test, settings

from docs.tools.examples import REPOSITORY, read, save_files
from tests import loops

# What one worker compiled the others need not compile again, nor the next run.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ["NUMBA_CACHE_DIR"] = os.environ["DETENTE_COMPILED"]

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "quick")
SHARE = {"quick": 1 / 3, "full": 1.0}[PROFILE]  # of the examples that a test asks for
FEWEST = 10

# A loaded machine, or a loop compiled on its first call, is not a failure of the property under test.
# The quick profile makes up the same examples each time, so that what passed once is not left to chance.
settings.register_profile("detente", deadline=None, derandomize=PROFILE == "quick")
settings.load_profile("detente")


def pytest_configure(config: pytest.Config) -> None:
    """Give all workers one folder for what they solve (tests/solving.py), and one for what they compile."""
    if not hasattr(config, "workerinput"):
        folder = TemporaryDirectory(prefix="detente-tests-")
        os.environ["DETENTE_TESTS"] = folder.name
        os.environ["DETENTE_COMPILED"] = str(loops.folder())
        config.add_cleanup(folder.cleanup)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep to the profile: fewer examples, and nothing slow on somebody's own machine, unless all is asked for."""
    if SHARE == 1:
        return
    patient = os.environ.get("CI") == "true"
    tests: dict[int, Any] = {id(test): test for item in items if (test := getattr(item, "obj", None))}
    for test in filter(is_hypothesis_test, tests.values()):  # cases of one parametrised test share it
        asked = test._hypothesis_internal_use_settings
        fewer = min(asked.max_examples, max(FEWEST, round(SHARE * asked.max_examples)))
        test._hypothesis_internal_use_settings = settings(asked, max_examples=fewer)
    for item in items:
        if item.get_closest_marker("slow") and not patient:
            item.add_marker(pytest.mark.skip(reason="slow; HYPOTHESIS_PROFILE=full or CI=true runs it"))


@pytest.fixture(autouse=True)
def _page_in_its_own_folder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the Python examples of a page in an empty folder with the files that the page shows."""
    path = Path(str(request.node.path))
    if path.suffix == ".md":
        folder: Path = request.getfixturevalue("tmp_path")
        save_files(read(path.read_text(encoding="utf-8")), folder)
        monkeypatch.chdir(folder)
    if path == REPOSITORY / "README.md":  # its brief is the one that all others look at
        from tests.solving import briefed

        monkeypatch.setattr("detente.brief", briefed)
