"""How is an entry written so that everybody hashes the same bytes? Canonical JSON (RFC 8785), without floats.

Numbers are integers or decimal strings: what a float prints as differs between programs, and a hash with it.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from detente.errors import LedgerError

MOST_DEPTH = 32
LARGEST_INTEGER = 2**53 - 1
"""Beyond it programs that read numbers as floats would see another one."""


def canonical(value: Any) -> bytes:
    """Return the one form of plain data: keys in order of their UTF-16 units, no blanks, UTF-8.

    Raises:
        LedgerError: a float, a lone surrogate, a key that is no text, or more than 32 levels.
    """
    return json.dumps(_ordered(value, 0), ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _ordered(value: Any, depth: int) -> Any:
    if depth > MOST_DEPTH:
        raise LedgerError(f"an entry has more than {MOST_DEPTH} levels")
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise LedgerError("a key of an entry is no text")
        keys = sorted((_sound(key) for key in value), key=lambda key: key.encode("utf-16-be"))
        return {key: _ordered(value[key], depth + 1) for key in keys}
    if isinstance(value, (list, tuple)):
        return [_ordered(one, depth + 1) for one in value]
    if isinstance(value, str):
        return _sound(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) <= LARGEST_INTEGER:
        return value
    raise LedgerError(f"an entry holds {value!r}; numbers are whole or decimals written as text")


def _sound(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise LedgerError(f"a text holds half a character (lone surrogate): {text[:40]!r}") from None
    return text


def parsed(line: bytes) -> dict[str, Any]:
    """Return the entry that a line holds.

    Raises:
        LedgerError: it is not the canonical form of an object.
    """
    try:
        value = json.loads(line, object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError) as fault:
        raise LedgerError(f"not JSON: {fault}") from None
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
