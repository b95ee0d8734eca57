"""How is the file of a store opened? Safe against crashes and against other programs; lines are only ever added.

Triggers refuse to change or remove a line. A transaction is written through to the disk before it is acknowledged,
by a rollback journal and ``synchronous = EXTRA``: there is no second file which one could forget to copy. Two
programs write by turns; one waits for the other. ``PRAGMA user_version`` is the version of ``lists/store.sql``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from detente.errors import FormatError, OutputError, Problem
from detente.evidence.documents.paper import listed

VERSION = 1
APPLICATION = int.from_bytes(b"dtnt", "big")
WAIT = 60.0
"""Seconds to wait for another program that writes."""
TABLES = ("documents", "readings", "records", "decisions")


@contextmanager
def connected(path: Path, *, make: bool) -> Iterator[sqlite3.Connection]:
    """Open the file of a store; with ``make`` begin one where there is no file.

    Raises:
        FormatError: the file is another, damaged, or of a newer version.
        OutputError: it cannot be written, or another program keeps it for too long.
    """
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = EXTRA")
        _prepare(connection, path, make)
        yield connection
    except sqlite3.OperationalError as fault:
        told = str(fault)
        if "locked" in told:
            told = "another program keeps it"
        elif "unable to open" in told:
            told = f"it cannot be opened; is the folder {path.parent} there, and may it be written to?"
        raise OutputError(f"{path}: the store cannot be used ({told})") from fault
    except sqlite3.DatabaseError as fault:
        raise _no_store(path, f"cannot be read as a store ({fault})") from fault
    finally:
        if connection is not None:
            connection.close()


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Do all that is done meanwhile, or nothing of it; on the disk when it is over."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _prepare(connection: sqlite3.Connection, path: Path, make: bool) -> None:
    def pragma(name: str) -> int:
        return int(connection.execute(f"PRAGMA {name}").fetchone()[0])

    if pragma("application_id") == APPLICATION:
        if (version := pragma("user_version")) > VERSION:
            told = f"the store has version {version} of the schema; this program knows up to {VERSION}"
            raise _no_store(path, told, "use a newer détente")
        return
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] or not make:
        raise _no_store(path, "is a database, but no store of evidence", "name another file")
    with transaction(connection):
        if pragma("application_id") != APPLICATION:  # begun meanwhile by another program
            for statement in _statements():
                connection.execute(statement)


def _statements() -> list[str]:
    made = [statement for statement in listed("store.sql").split(";\n") if statement.strip()]
    for table in TABLES:
        refuse = f"BEGIN SELECT RAISE(ABORT, 'lines of {table} are only ever added'); END"
        again = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE number = NEW.number)"
        for act, when in (("UPDATE", ""), ("DELETE", ""), ("INSERT", again)):
            made.append(f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table} {when} {refuse}")
    return [*made, f"PRAGMA application_id = {APPLICATION}", f"PRAGMA user_version = {VERSION}"]


def _no_store(path: Path, why: str, hint: str | None = None) -> FormatError:
    return FormatError([Problem(why, file=str(path), hint=hint)])
