"""What does a first case look like? A small one that already works, with a word on every part of it."""

from __future__ import annotations

from importlib.resources import files

from detente.case.files import CASE_FILE

STANCES_FILE = "stances.csv"
DEFAULT_TITLE = "Fishing in the Narrow Strait (an example to overwrite)"
STANCES, SCENARIOS = "# position   what", "scenarios:"  # where these parts of the file begin
ELSEWHERE = f"# Who wants what stands in {STANCES_FILE}, beside this file: one row per actor and issue.\n\n"


def starter_file(name: str, title: str = DEFAULT_TITLE) -> str:
    """Return the text of a case file.

    Args:
        name: of the file, for the commands that its comments show.
        title: of the case.
    """
    from detente.case.writing import flow

    return _text("starter.yaml").replace("{name}", name).replace("{title}", flow(title), 1)


def starter_folder(name: str, title: str = DEFAULT_TITLE) -> dict[str, str]:
    """Return file name → text of a case folder, the stances in a table."""
    head, _, rest = starter_file(name, title).partition(STANCES)
    case = head + ELSEWHERE + rest[rest.index(SCENARIOS) :]
    return {STANCES_FILE: _text("starter.csv"), CASE_FILE: case}


def _text(file: str) -> str:
    return files("detente.cli").joinpath(file).read_text(encoding="utf-8")
