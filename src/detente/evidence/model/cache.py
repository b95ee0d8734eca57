"""Was this asked before? Raw replies in a folder, by the hash of all that the reply depends on."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any


def key(parts: list[Any]) -> str:
    """Return the sha256 of the canonical JSON of what a reply depends on."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


class Cache:
    """Texts by key, one file each, written whole or not at all; without a folder, for as long as it lasts."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.held: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        """Return what was kept, or None; a file that cannot be read counts as none."""
        if name in self.held or self.folder is None:
            return self.held.get(name)
        try:
            return (self.folder / f"{name}.txt").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def put(self, name: str, text: str) -> None:
        """Keep a text."""
        self.held[name] = text
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=self.folder, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
        Path(path).replace(self.folder / f"{name}.txt")


__all__ = ["Cache", "key"]
