"""How is a forecast sealed before it is shown? A salted hash on the chain, the words in a file beside it.

Without salt a probability would be guessed in a hundred tries. Whoever redacts deletes an opening, never a line:
the ledger still shows that something was sealed, when, and that it is no longer to be seen.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from detente.case.files import write_whole
from detente.errors import LedgerError, OutputError
from detente.record.chain import canonical, commitment, parsed

SALT_BYTES = 16


def beside(ledger: Path) -> Path:
    """Return the file with the openings of a ledger."""
    return ledger.with_name(f"{ledger.name}.openings")


class Sealing(NamedTuple):
    """Commitments by field, bodies by commitment, and the lines that keep both."""

    commits: dict[str, str]
    bodies: dict[str, Any]
    lines: bytes


def sealing(bodies: Mapping[str, Any]) -> Sealing:
    """Put the body of each field under a salt of its own."""
    commits, lines = {}, b""
    for field, body in bodies.items():
        salt = secrets.token_bytes(SALT_BYTES)
        commits[field] = commitment(salt, body)
        lines += canonical({"commit": commits[field], "salt": salt.hex(), "body": body}) + b"\n"
    return Sealing(commits, {commits[field]: body for field, body in bodies.items()}, lines)


def keep(ledger: Path, lines: bytes) -> None:
    """Add openings to the file beside a ledger; they are on the disk on return, before the chain names them.

    Raises:
        OutputError: the file cannot be written.
    """
    path = beside(ledger)
    try:
        with path.open("ab", buffering=0) as stream:
            if stream.tell() and not path.read_bytes().endswith(b"\n"):  # torn by a crash: on no chain
                lines = b"\n" + lines
            while lines:
                lines = lines[stream.write(lines) :]
            os.fsync(stream.fileno())
    except OSError as fault:
        raise OutputError(f"{path}: cannot be written ({fault.strerror}); nothing was sealed") from fault


def opened(ledger: Path) -> dict[str, Any]:
    """Return commitment → body of everything that is kept beside a ledger and fits its commitment."""
    try:
        content = beside(ledger).read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as fault:
        raise LedgerError(f"{beside(ledger)}: cannot be read ({fault.strerror})") from None
    found = {}
    for line in content.split(b"\n"):
        try:
            entry = parsed(line)
            if commitment(bytes.fromhex(entry["salt"]), entry["body"]) == entry["commit"]:
                found[str(entry["commit"])] = entry["body"]
        except (LedgerError, KeyError, TypeError, ValueError):
            continue  # a torn or changed opening opens nothing, and the ledger says that it is missing
    return found


def forget(ledger: Path, commits: Collection[str]) -> None:
    """Delete openings."""
    named = [f'"commit":"{one}"'.encode() for one in commits]
    if (path := beside(ledger)).exists():
        lines = path.read_bytes().splitlines(keepends=True)
        write_whole(path, b"".join(line for line in lines if not any(one in line for one in named)))
