"""Where are events kept? In a folder of Parquet files with a manifest, which any other program opens without us.

::

    store/
      detente-events.json          version of the schema
      manifest.jsonl               one line per batch that was loaded whole: its files, rows, rejects, parts
      events/feed=gdelt2/year=2018/….parquet
      quarantine/….parquet         rows that were not taken, each with file, line, reason and text

Parts that no line of the manifest names are what a loader left when it was killed: they are removed by the next
one, and are never counted.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.errors import FormatError, MissingPartError, NotFoundError, OutputError, Problem

if TYPE_CHECKING:
    import duckdb

VERSION = 1
MARK, MANIFEST = "detente-events.json", "manifest.jsonl"
EVENTS, QUARANTINE, WORK = "events", "quarantine", ".loading"
MEMORY = "256MB"
COLUMNS = {
    "feed": ("VARCHAR", "data set"),
    "file": ("VARCHAR", "file it was read from"),
    "line": ("BIGINT", "line of that file, from 1"),
    "loaded_at": ("TIMESTAMP", "when, UTC"),
    "event_id": ("VARCHAR", "id in the data set, where it has one"),
    "date": ("DATE", "day of the event"),
    "added": ("TIMESTAMP", "when the data set found it, UTC, where it says so"),
    "source": ("VARCHAR", "ISO 3166 code of the country that acts"),
    "source_raw": ("VARCHAR", "who acts, as coded"),
    "source_name": ("VARCHAR", "who acts, by name"),
    "source_sector": ("VARCHAR", "sector or role"),
    "target": ("VARCHAR", "country acted upon"),
    "target_raw": ("VARCHAR", "acted upon, as coded"),
    "target_name": ("VARCHAR", "acted upon, by name"),
    "target_sector": ("VARCHAR", "sector or role"),
    "ontology": ("VARCHAR", "of the code"),
    "code": ("VARCHAR", "what was done, with leading zeros"),
    "root": ("VARCHAR", "first two digits of the code"),
    "quad": ("TINYINT", "1 verbal, 2 material cooperation; 3 verbal, 4 material conflict"),
    "quad_rule": ("VARCHAR", "rule by which roots are classed"),
    "quad_given": ("TINYINT", "class that the data set states"),
    "score": ("DOUBLE", "conflict (−) to cooperation (+)"),
    "score_table": (
        "VARCHAR",
        "table that produced the score; '^' after it where the score is the parent code's",
    ),
    "mentions": ("INTEGER", "reports counted with it"),
    "place": ("VARCHAR", "where, in words"),
    "place_country": ("VARCHAR", "code of the place as it stands in the data set"),
    "url": ("VARCHAR", "of the report"),
}
"""Column of the store → type, and what it holds."""


@dataclass(frozen=True, slots=True)
class Store:
    """A folder with events.

    Attributes:
        folder: where it is.
    """

    folder: Path

    @classmethod
    def at(cls, folder: Path, *, make: bool = False) -> Store:
        """Return the store in a folder; with ``make`` begin one where the folder is empty or absent.

        Raises:
            NotFoundError: there is none.
            FormatError: it was made by a newer version.
            OutputError: it cannot be begun there.
        """
        mark = folder / MARK
        if mark.is_file():
            try:
                version = int(json.loads(mark.read_text(encoding="utf-8"))["version"])
            except (OSError, ValueError, KeyError, TypeError):
                raise FormatError([Problem("is no mark of a store", file=str(mark))]) from None
            if version > VERSION:
                told = f"the store has version {version} of the schema; this program knows up to {VERSION}"
                raise FormatError([Problem(told, hint="use a newer détente", file=str(mark))])
            return cls(folder)
        if not make:
            raise NotFoundError(f"{folder}: no event store is there; 'detente events load' begins one")
        if folder.exists() and any(folder.iterdir()):
            raise OutputError(f"{folder}: is not empty and no event store; name another folder")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write(
                mark, json.dumps({"version": VERSION, "columns": {k: list(v) for k, v in COLUMNS.items()}})
            )
        except OSError as fault:
            raise OutputError(f"{folder}: cannot be written ({fault.strerror})") from fault
        return cls(folder)

    def manifest(self) -> list[dict[str, Any]]:
        """Return what was loaded, batch by batch; a torn last line was never acknowledged."""
        try:
            lines = (self.folder / MANIFEST).read_text(encoding="utf-8").split("\n")
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in lines[:-1] if line]

    def files(self) -> dict[str, dict[str, Any]]:
        """Return sum of a text → what is known of every file that was loaded."""
        return {one["content"]: one for batch in self.manifest() for one in batch["files"]}

    def parts(self, kind: str = EVENTS) -> list[str]:
        """Return the Parquet files that the manifest names."""
        return [
            str(self.folder / part)
            for batch in self.manifest()
            for part in batch["parts"]
            if part.startswith(f"{kind}/")
        ]

    def commit(self, entry: Mapping[str, Any]) -> None:
        """Add a batch to the manifest: from now on its parts count."""
        path = self.folder / MANIFEST
        line = json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n"
        with path.open("ab", buffering=0) as stream:
            torn = stream.tell() and not path.read_bytes().endswith(b"\n")
            if torn:  # killed while it wrote: cut back to the last whole line
                whole = path.read_bytes()
                stream.truncate(whole.rfind(b"\n") + 1)
            stream.write(line.encode())
            os.fsync(stream.fileno())

    def sweep(self) -> int:
        """Remove parts that no batch names; return how many there were."""
        shutil.rmtree(self.folder / WORK, ignore_errors=True)
        named = {part for batch in self.manifest() for part in batch["parts"]}
        gone = 0
        for kind in (EVENTS, QUARANTINE):
            for path in (self.folder / kind).rglob("*.parquet"):
                if str(path.relative_to(self.folder)) not in named:
                    path.unlink()
                    gone += 1
        return gone

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other loaders out.

        Raises:
            OutputError: one is at work.
        """
        import fcntl

        with (self.folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise OutputError(f"{self.folder}: another program is loading into it; wait for it") from None
            yield

    @contextmanager
    def connected(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open DuckDB with a view ``events`` of all that counts; memory is bounded, the rest goes to the disk."""
        connection = connect(Path(tempfile.gettempdir()))
        try:
            parts = self.parts()
            columns = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, (kind, _) in COLUMNS.items())
            empty = f"SELECT {columns} WHERE false"
            listed = ", ".join(quoted(part) for part in parts)
            read = f"SELECT * FROM read_parquet([{listed}], hive_partitioning = false)" if parts else empty
            connection.execute(f"CREATE TEMP VIEW events AS {read}")
            yield connection
        finally:
            connection.close()


def connect(work: Path) -> duckdb.DuckDBPyConnection:
    """Open DuckDB in memory, bounded, with nothing of the network.

    Args:
        work: folder that is there, for what does not fit into memory.

    Raises:
        MissingPartError: it is not installed.
    """
    try:
        import duckdb
    except ImportError:
        told = "event data need DuckDB, which is not installed: pip install 'detente[events]'"
        raise MissingPartError(told) from None
    settings: dict[str, Any] = {
        "memory_limit": MEMORY,
        "temp_directory": str(work / f"detente-{os.getpid()}"),  # made when it is needed, removed at the end
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    connection = duckdb.connect(":memory:", config=settings)
    connection.execute("SET enable_progress_bar = false")  # it would print among what is told
    return connection


def quoted(text: str) -> str:
    """Return a text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def _write(path: Path, text: str) -> None:
    from detente.case.files import write_whole

    write_whole(path, text + "\n")
