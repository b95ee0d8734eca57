"""What became of the files that were loaded? Rows read, kept and set aside, with the reasons; all add up."""

from __future__ import annotations

from pydantic import Field

from detente.show.record import Published, Record
from detente.show.table import Table, table_of


class FileReport(Record):
    """What became of one file.

    Attributes:
        file: its name.
        md5: that a list gives it, and that it has; else empty.
        content: sum of its text (XXH3; SHA-1 or MD5 in a store begun earlier), by which it is known again.
        size: in bytes, as it was given.
        feed: data set that it is of; empty where it was refused.
        state: ``loaded``, ``known`` (loaded before), or ``refused``.
        rows: lines read, a header left out.
        kept: rows that are in the store now.
        rejected: reason → rows in quarantine.
        refused: why the whole file was.
        unmatched: country codes that name no state → rows with them.
    """

    file: str
    md5: str = ""
    content: str = ""
    size: int = 0
    feed: str = ""
    state: str
    rows: int = 0
    kept: int = 0
    rejected: dict[str, int] = Field(default_factory=dict)
    refused: str = ""
    unmatched: dict[str, int] = Field(default_factory=dict)


class LoadReport(Published):
    """What became of every file that was given.

    Attributes:
        store: the folder.
        rows: read.
        kept: in the store now.
        rejected: in quarantine.
        swept: parts of an interrupted load that were removed.
        files: all of them.
    """

    store: str
    rows: int
    kept: int
    rejected: int
    swept: int
    files: tuple[FileReport, ...]

    def tables(self) -> dict[str, Table]:
        """Return its table."""
        return {"files": table_of([((), one) for one in self.files], FileReport, "files", {})}
