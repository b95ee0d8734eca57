"""What became of the files that were loaded? Rows read, kept and set aside, with the reasons; all add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pydantic import Field

from detente.show.blocks import Block, Heading, Prose, tabled
from detente.show.record import Published, Record
from detente.show.table import Table, table_of
from detente.show.words import tally

MOST_NAMED = 8


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
        assumed: what was assumed to read it: columns without headings, another encoding than UTF-8.
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
    assumed: tuple[str, ...] = ()


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

    def blocks(self) -> Iterator[Block]:
        """Yield what is to be read of it: every file, the sums, and why rows were set aside."""
        yield Heading(text=f"{self.rows:,} rows read, {self.kept:,} kept, {self.rejected:,} set aside.")
        states = {"loaded": "", "known": "loaded before", "refused": "refused"}
        yield tabled(
            ("file", "data set", "rows", "kept", "set aside", "state"),
            (
                (one.file, one.feed, one.rows, one.kept, sum(one.rejected.values()), states[one.state])
                for one in self.files
            ),
            "Files",
        )
        for one in self.files:
            for reason, count in one.rejected.items():
                yield Prose(text=f"{one.file}: {tally(count, 'row')} {reason}")
            yield from (Prose(text=f"{one.file}: {told}") for told in one.assumed)

    def unmatched(self) -> str:
        """Return the codes that name no state, the most frequent first; empty where there are none."""
        found: Counter[str] = Counter()
        for one in self.files:
            found.update(one.unmatched)
        most = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
        named = ", ".join(f"{code} ({count:,})" for code, count in most[:MOST_NAMED])
        return named + (f" and {len(most) - MOST_NAMED} more" if len(most) > MOST_NAMED else "")
