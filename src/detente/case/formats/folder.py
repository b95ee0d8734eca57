"""How do stances in a table join a case folder? ``stances.csv`` or ``stances.xlsx`` beside ``case.yaml``."""

from __future__ import annotations

from pathlib import Path

from detente.case.files import inside, read_bytes
from detente.case.formats.sheet import Sheet, decoded, read_separated
from detente.case.formats.stances import NEEDED, put_stances
from detente.case.formats.table import lacking, table_in
from detente.case.formats.xlsx import read_workbook
from detente.case.reading import Document
from detente.errors import CaseError, Problem

TABLES = ("stances.csv", "stances.xlsx")


def add_stances(document: Document, folder: Path) -> bool:
    """Put the stances of the folder's table into a document; return whether a table was read.

    Everything that is wrong with the table is noted in the document, with file, row and column.

    Args:
        document: what ``case.yaml`` says.
        folder: where the table lies, ``stances.csv`` or ``stances.xlsx``, not both.
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
        sheet = _sheet(read_bytes(inside(folder, present[0])), name)
    except CaseError as error:
        document.problems += error.problems
        return False
    table = table_in(sheet, NEEDED)
    if table is None:
        problem = sheet.problem(
            lacking(sheet, NEEDED), 1, hint=f"head the columns issue, {', '.join(NEEDED)}"
        )
        document.problems.append(problem)
        return False
    put_stances(document, table)
    return True


def _sheet(content: bytes, name: str) -> Sheet:
    """Return the separated file, or the first sheet of the workbook that has the columns (or just the first)."""
    if not name.endswith(".xlsx"):
        return read_separated(decoded(content, name), name)
    sheets = read_workbook(content, name)
    return next((sheet for sheet in sheets if table_in(sheet, NEEDED)), sheets[0])
