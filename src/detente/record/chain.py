"""How is a file kept that nobody can change unnoticed? One line per entry, each with the hash of the one before.

A chain shows a changed, missing or moved line. It does not show a tail that was cut off, a file that its owner
wrote anew from the start, or a clock that was wrong: a head that somebody else keeps does, and so does an anchor.
Everybody hashes the same bytes: canonical JSON (RFC 8785) without floats, which programs print differently.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Any, NamedTuple

from detente.case.files import read_bytes, readable, sync_folder, write_whole
from detente.errors import CaseError, LedgerError, NotFoundError, OutputError

ZEROS = "0" * 64
MOST_BYTES = 200_000_000
TIME = "%Y-%m-%dT%H:%M:%SZ"
NEEDED = ("at", "kind", "prev", "seq")
MOST_DEPTH = 32
LARGEST_INTEGER = 2**53 - 1
"""Beyond it programs that read numbers as floats would see another one."""


def canonical(value: Any) -> bytes:
    """Return the one form of plain data: keys in order of their UTF-16 units, no blanks, UTF-8.

    Raises:
        LedgerError: a float, a lone surrogate, a key that is no text, or more than 32 levels.
    """
    try:
        return json.dumps(_ordered(value, 0), ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except UnicodeEncodeError as fault:
        raise LedgerError(f"a text holds half a character (lone surrogate): {fault.object[:40]!r}") from None


def _ordered(value: Any, depth: int) -> Any:
    if depth > MOST_DEPTH:
        raise LedgerError(f"an entry has more than {MOST_DEPTH} levels")
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise LedgerError("a key of an entry is no text")
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return {key: _ordered(value[key], depth + 1) for key in keys}
    if isinstance(value, (list, tuple)):
        return [_ordered(one, depth + 1) for one in value]
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int) and abs(value) <= LARGEST_INTEGER:
        return value
    raise LedgerError(f"an entry holds {value!r}; numbers are whole or decimals written as text")


def parsed(line: bytes) -> dict[str, Any]:
    """Return the entry that a line holds.

    Raises:
        LedgerError: it is not the canonical form of an object.
    """
    try:
        value = json.loads(line, object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError):
        raise LedgerError("not JSON, so no entry of a ledger") from None
    if not isinstance(value, dict):
        raise LedgerError("not a JSON object")
    if canonical(value) != line:
        raise LedgerError("not canonical: blanks, order of keys or escapes differ from RFC 8785")
    return value


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise LedgerError("a key stands twice")
    return found


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def commitment(salt: bytes, body: Any) -> str:
    """Return what binds to a body without showing it: SHA-256(salt ‖ canonical body)."""
    return sha256(salt + canonical(body))


class Line(NamedTuple):
    """One entry, and the SHA-256 of its line without the end."""

    entry: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class Chain:
    """A ledger as it stands in its file.

    Attributes:
        lines: up to the first that fails.
        fault: number of that line, from 1, and why it fails; ``None`` where all are sound.
        torn: what follows the last line end: an entry that was never acknowledged.
    """

    lines: tuple[Line, ...]
    fault: str | None = None
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
            raise LedgerError(f"{head!r} is no head of a ledger; one looks like 12:{ZEROS[:8]}… (64 digits)")
        number = int(count)
        return (ZEROS, *(line.hash for line in self.lines))[number : number + 1] == (found,)


def linked(content: bytes) -> Chain:
    """Return the chain in the bytes of a ledger, up to the first line that fails."""
    *raw, torn = content.split(b"\n")
    lines: list[Line] = []
    for number, one in enumerate(raw, start=1):
        try:
            _follows(entry := parsed(one), lines)
        except LedgerError as error:
            return Chain(tuple(lines), f"line {number}: {error}", torn)
        lines.append(Line(entry, sha256(one)))
    return Chain(tuple(lines), None, torn)


def _follows(entry: Mapping[str, Any], lines: Sequence[Line]) -> None:
    """Refuse an entry that does not follow the lines before it."""
    if missing := [name for name in NEEDED if name not in entry]:
        raise LedgerError(f"lacks {', '.join(missing)}")
    if entry["seq"] != len(lines) or isinstance(entry["seq"], bool):
        raise LedgerError(f"is number {entry['seq']}, not {len(lines)}: a line is missing, or was put in")
    if entry["prev"] != (lines[-1].hash if lines else ZEROS):
        raise LedgerError("does not follow the line before it: its 'prev' is the hash of another line")
    if not is_time(entry["at"]):
        raise LedgerError(f"'at' is {entry['at']!r}, not a time such as 2026-12-01T00:00:00Z")
    if lines and entry["at"] < lines[-1].entry["at"]:
        raise LedgerError(f"time runs back: {entry['at']} follows {lines[-1].entry['at']}")
    if (entry["kind"] == "open") != (not lines):
        raise LedgerError("a ledger begins with one entry of the kind 'open'")


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
        return linked(read_bytes(path, MOST_BYTES, "begin another"))
    except NotFoundError:
        raise NotFoundError(f"{path}: there is no ledger; 'detente seal' begins one") from None
    except CaseError as fault:
        raise LedgerError(str(fault)) from None


class Appended(NamedTuple):
    """The chain with its new lines, and the file into which a torn tail was set aside, if there was one."""

    chain: Chain
    torn: Path | None = None


Entries = Callable[[Chain, str], Sequence[Mapping[str, Any]]]


def append(path: Path, entries: Entries, at: str | None = None) -> Appended:
    """Add entries to a ledger, which is begun where there is none; all of them are on the disk on return.

    The file is locked, so that two programs follow one another, and verified. A tail without an end is an entry
    that nobody was told of: it is set aside. Then ``entries``, asked with the chain and the time (now, unless
    stated), say what to add: kind, id and body of each.

    Raises:
        LedgerError: the chain fails, or the clock is behind its last line.
        CaseError: it is not a regular file.
        OutputError: the file cannot be written.
    """
    try:
        with _locked(path) as stream:
            content = stream.readall()
            chain = linked(content)
            if chain.fault is not None:
                raise LedgerError(f"{path}: {chain.fault}; nothing was added")
            aside = path.with_name(f"{path.name}.torn-{sha256(chain.torn)[:12]}") if chain.torn else None
            if aside is not None:
                write_whole(aside, chain.torn)
                stream.truncate(len(content) - len(chain.torn))
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
    if lines and at < lines[-1].entry["at"]:
        raise LedgerError(f"{path}: the clock says {at}, but the last line is of {lines[-1].entry['at']}")
    for entry in entries:
        whole = {**entry, "at": at, "seq": len(lines), "prev": lines[-1].hash if lines else ZEROS}
        lines.append(Line(whole, sha256(canonical(whole))))
    return lines


@contextmanager
def _locked(path: Path) -> Iterator[FileIO]:
    """Open a ledger, made where there is none, for this program alone."""
    try:
        import fcntl
    except ImportError:
        raise OutputError(f"{path}: this system has no file locks, and two writers would collide") from None
    if there := path.exists():
        readable(path)
    with path.open("r+b" if there else "a+b", buffering=0) as raw:
        fcntl.flock(raw, fcntl.LOCK_EX)
        if not (path.exists() and os.path.samestat(path.stat(), os.fstat(raw.fileno()))):  # refused meanwhile
            with _locked(path) as again:
                yield again
            return
        if not there:
            sync_folder(path.parent)
        raw.seek(0)
        try:
            yield raw
        finally:
            if not there and not raw.seek(0, os.SEEK_END):
                path.unlink(missing_ok=True)  # begun, and refused
