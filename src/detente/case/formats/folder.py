"""How do stances in a table join a case folder? ``stances.csv`` or ``stances.xlsx`` beside ``case.yaml``."""

from __future__ import annotations

import os
from pathlib import Path

from detente.case.case import Origin
from detente.case.checked import Checked, examined
from detente.case.files import CASE_FILE, TABLES, inside, read_bytes, read_exactly
from detente.case.formats.numerals import UNTOLD, Choices
from detente.case.formats.sheet import decoded, read_separated
from detente.case.formats.stances import NEEDED, put_stances, stances_among
from detente.case.formats.tables import no_table
from detente.case.formats.xlsx import read_workbook
from detente.case.reading import Document, read_yaml
from detente.errors import CaseError, NotFoundError, Problem


def check_folder(folder: Path, choices: Choices = UNTOLD) -> Checked:
    """Read a case folder and tell everything that is wrong or odd with it, at once.

    ``choices`` tells how the numbers of its table are meant, where they can be read in several ways.

    Raises:
        NotFoundError: it has no case file, or it may not be looked into.
        CaseError: the case file cannot be read.
    """
    path = inside(folder, CASE_FILE)
    if not os.access(folder, os.X_OK):
        raise NotFoundError(f"{folder}: the folder may not be opened; check its permissions")
    if not os.path.lexists(path):
        holds = "a case folder holds one, and stances.csv or stances.xlsx"
        raise NotFoundError(f"{folder}: has no {CASE_FILE}; {holds}")
    text = read_exactly(path)
    document = read_yaml(text, str(path))
    if document.problems:
        return Checked(None, tuple(document.problems))
    with_table = add_stances(document, folder, choices)
    refused = any(one.severity == "error" for one in document.problems)
    checked = examined(document, str(path))
    if checked.case is not None and not with_table:  # else the file alone does not hold the whole case
        checked.case._origin = Origin(text, path)
    if refused and isinstance(document.data, dict):  # only what is wrong whatever the table's stances are
        document.data = {**document.data, "stances": None}
        alone = examined(document, str(path)).problems
        own = [one for one in checked.problems if ".stances." in one.path and " stand" not in one.message]
        kept = (one for one in checked.problems if one in [*alone, *own] or one.path.startswith("stances"))
        return Checked(None, tuple(kept))
    return checked


def add_stances(document: Document, folder: Path, choices: Choices) -> bool:
    """Put the stances of the folder's table into a document; return whether a table was read.

    Everything that is wrong with the table is noted in the document, with file, row and column.

    Args:
        document: what ``case.yaml`` says.
        folder: where the table lies, ``stances.csv`` or ``stances.xlsx``, not both.
        choices: how its numbers are meant.
    """
    present = [name for name in TABLES if (folder / name).exists() or (folder / name).is_symlink()]
    if not present or not isinstance(document.data, dict):
        return False
    if len(present) > 1:
        message = f"holds both {present[0]} and {present[1]}"
        document.problems.append(Problem(message, file=str(folder), hint="keep one of them"))
        return False
    name = str(folder / present[0])
    try:
        content = read_bytes(inside(folder, present[0]))
        workbook = name.endswith(".xlsx")
        sheets = read_workbook(content, name) if workbook else [read_separated(decoded(content, name), name)]
    except CaseError as error:
        document.problems += error.problems
        return False
    table = stances_among(sheets, NEEDED, choices)
    if table is None:
        hint = f"head the columns issue, {', '.join(NEEDED)}"
        document.problems.append(no_table(sheets[0], NEEDED, hint=hint))
        return False
    put_stances(document, table)
    return True
