"""How does a case come from disk? A file, or a folder with ``case.yaml`` and a table of stances beside it."""

from __future__ import annotations

import os
from pathlib import Path

from detente.case.case import Case
from detente.case.checked import Checked, check_text
from detente.case.files import read_exactly
from detente.errors import CaseError


def check(path: str | Path) -> Checked:
    """Read a case file or folder and tell everything that is wrong or odd with it, at once.

    Raises:
        NotFoundError: no such file or folder.
    """
    path = Path(path)
    try:
        if os.path.isdir(path):  # unlike Path.is_dir it never raises  # noqa: PTH112
            from detente.case.formats.folder import check_folder

            return check_folder(path)
        return check_text(read_exactly(path), path)
    except CaseError as error:
        return Checked(None, error.problems)


def load(path: str | Path) -> Case:
    """Return the case in a file or folder.

    Raises:
        NotFoundError: no such file or folder.
        CaseError: with every problem in it.
    """
    return check(path).require()
