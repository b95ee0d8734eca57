"""How is a file kept that nobody can change unnoticed? One line per entry, each with the hash of the one before.

A chain shows a changed, missing or moved line. It does not show a tail that was cut off, a file that its owner
wrote anew from the start, or a clock that was wrong: a head that somebody else keeps does, and so does an anchor.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Any

from detente.errors import LedgerError, NotFoundError, OutputError
from detente.record.canonical import canonical, parsed, sha256

ZEROS = "0" * 64
MOST_BYTES = 200_000_000
TIME = "%Y-%m-%dT%H:%M:%SZ"
NEEDED = ("at", "kind", "prev", "seq")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry.

    Attributes:
        entry: what it says.
        hash: SHA-256 of the line without its end.
    """

    entry: Mapping[str, Any]
    hash: str

    @property
    def kind(self) -> str:
        """Return what kind of act it is."""
        return str(self.entry["kind"])

    @property
    def at(self) -> str:
        """Return when it was written, UTC."""
        return str(self.entry["at"])


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a ledger first fails.

    Attributes:
        line: number of the line in the file, from 1.
        why: it fails.
    """

    line: int
    why: str

    def __str__(self) -> str:
        """Return the place and the reason."""
        return f"line {self.line}: {self.why}"


@dataclass(frozen=True, slots=True)
class Chain:
    """A ledger as it stands in its file.

    Attributes:
        lines: up to the first that fails.
        fault: of that line, ``None`` where all are sound.
        torn: what follows the last line end: an entry that was never acknowledged.
    """

    lines: tuple[Line, ...]
    fault: Fault | None = None
    torn: bytes = b""

    @property
    def head(self) -> str:
        """Return ``count:hash`` of the last line, which proves all before it to whoever kept it."""
        return f"{len(self.lines)}:{self.lines[-1].hash if self.lines else ZEROS}"

    def holds(self, head: str) -> bool:
        """Tell whether an earlier head is still on the chain.

        Raises:
            LedgerError: it is no head.
        """
        count, colon, found = head.strip().partition(":")
        if not colon or not count.isdecimal() or len(found) != len(ZEROS):
            raise LedgerError(
                f"{head!r} is no head of a ledger; one looks like 12:{ZEROS[:8]}… with 64 digits"
            )
        number = int(count)
        return number == 0 or (number <= len(self.lines) and self.lines[number - 1].hash == found)


def linked(content: bytes) -> Chain:
    """Return the chain in the bytes of a ledger, up to the first line that fails, and why it does."""
    *raw, torn = content.split(b"\n")
    lines: list[Line] = []
    for number, one in enumerate(raw, start=1):
        try:
            entry = parsed(one)
            if why := _breaks(entry, lines):
                return Chain(tuple(lines), Fault(number, why), torn)
        except LedgerError as error:
            return Chain(tuple(lines), Fault(number, str(error)), torn)
        lines.append(Line(entry, sha256(one)))
    return Chain(tuple(lines), None, torn)


def _breaks(entry: Mapping[str, Any], lines: Sequence[Line]) -> str | None:
    """Say why an entry does not follow the lines before it."""
    if missing := [name for name in NEEDED if name not in entry]:
        return f"lacks {', '.join(missing)}"
    if entry["seq"] != len(lines) or isinstance(entry["seq"], bool):
        return f"is number {entry['seq']} where {len(lines)} follows: a line is missing, or was put in"
    if entry["prev"] != (lines[-1].hash if lines else ZEROS):
        return "does not follow the line before it: its 'prev' is the hash of another line"
    if not is_time(entry["at"]):
        return f"'at' is {entry['at']!r}, not a time such as 2026-12-01T00:00:00Z"
    if lines and entry["at"] < lines[-1].at:
        return f"time runs back: {entry['at']} follows {lines[-1].at}"
    if (entry["kind"] == "open") != (not lines):
        return "a ledger begins with one entry of the kind 'open'"
    return None


def is_time(text: object) -> bool:
    """Tell whether it is a time such as ``2026-12-01T00:00:00Z``; such times sort as texts."""
    try:
        return datetime.strptime(str(text), TIME).strftime(TIME) == text
    except ValueError:
        return False


def now() -> str:
    """Return the time, UTC, to the second."""
    return datetime.now(UTC).strftime(TIME)


def read(path: Path) -> Chain:
    """Read a ledger.

    Raises:
        NotFoundError: there is none.
        LedgerError: the file cannot be read or is larger than 200 MB.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise LedgerError(f"{path} is larger than {MOST_BYTES // 10**6} MB")
        return linked(path.read_bytes())
    except FileNotFoundError:
        raise NotFoundError(f"{path}: there is no ledger; 'detente seal' begins one") from None
    except OSError as fault:
        raise LedgerError(f"{path}: cannot be read ({fault.strerror})") from None


@dataclass(frozen=True, slots=True)
class Appended:
    """What an append did.

    Attributes:
        chain: with the new lines.
        torn: file into which a torn tail was set aside, ``None`` where there was none.
    """

    chain: Chain
    torn: Path | None = None


Entries = Callable[[Chain, str], Sequence[Mapping[str, Any]]]


def append(path: Path, entries: Entries, at: str | None = None) -> Appended:
    """Add entries to a ledger, which is begun where there is none; all of them are on the disk on return.

    1. Lock the file: two programs at once follow one another.
    2. Verify the whole chain. A tail without an end is an entry that nobody was told of: it is set aside.
    3. Ask for the entries, which may look at the chain; write them in one go, with their links; flush.

    Args:
        path: of the ledger.
        entries: chain, and the time → what to add: kind, id and body of each.
        at: time of the entries; now when ``None``.

    Raises:
        LedgerError: the chain fails, or the clock is behind its last line.
        OutputError: the file cannot be written.
    """
    try:
        with _locked(path) as stream:
            content = stream.readall()
            chain = linked(content)
            if chain.fault is not None:
                raise LedgerError(f"{path}: {chain.fault}; nothing was added")
            aside = _set_aside(path, stream, len(content), chain.torn) if chain.torn else None
            begun = [] if chain.lines else [{"kind": "open", "nonce": secrets.token_hex(16), "v": 1}]
            moment = at or now()
            lines = _following(path, chain, [*begun, *entries(chain, moment)], moment)
            text = b"".join(canonical(line.entry) + b"\n" for line in lines[len(chain.lines) :])
            stream.seek(0, os.SEEK_END)
            while text:  # a write may take a part only
                text = text[stream.write(text) :]
            os.fsync(stream.fileno())
            return Appended(Chain(tuple(lines)), aside)
    except OSError as fault:
        raise OutputError(f"{path}: cannot be written ({fault.strerror}); nothing was added") from fault


def _following(path: Path, chain: Chain, entries: Sequence[Mapping[str, Any]], at: str) -> list[Line]:
    """Return the lines of a chain with entries added, each linked to the one before."""
    lines = list(chain.lines)
    if lines and at < lines[-1].at:
        raise LedgerError(f"{path}: the clock says {at}, but the last line is of {lines[-1].at}")
    for entry in entries:
        whole = {**entry, "at": at, "seq": len(lines), "prev": lines[-1].hash if lines else ZEROS}
        lines.append(Line(whole, sha256(canonical(whole))))
    return lines


def _set_aside(path: Path, stream: FileIO, size: int, torn: bytes) -> Path:
    """Move a tail that is no whole line into a file beside the ledger."""
    aside = path.with_name(f"{path.name}.torn-{sha256(torn)[:12]}")
    with aside.open("wb") as kept:
        kept.write(torn)
        kept.flush()
        os.fsync(kept.fileno())
    stream.seek(size - len(torn))
    stream.truncate()
    return aside


@contextmanager
def _locked(path: Path) -> Iterator[FileIO]:
    """Open a ledger, made where there is none, for this program alone."""
    try:
        import fcntl
    except ImportError:
        raise OutputError(
            f"{path}: this system has no file locks, without which two writers collide"
        ) from None
    there = path.exists()
    with path.open("r+b" if there else "a+b", buffering=0) as raw:
        fcntl.flock(raw, fcntl.LOCK_EX)
        if not there:  # flush the folder, so that the new file has its name after a crash
            folder = os.open(path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        raw.seek(0)
        try:
            yield raw
        finally:
            if not there and not raw.seek(0, os.SEEK_END):
                path.unlink(missing_ok=True)  # begun, and refused
