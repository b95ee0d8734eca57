"""How does a case become a file again? As text in a fixed order and style, one line per entry where it fits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from detente.case.faults import part_checks
from detente.case.reading import Path, resolve

_LONGEST = 100
Laid = tuple[Path, str]  # what a line is about, and the line
_INDICATORS = "-?:,[]{}#&*!|>'\"%@`=<~."


def flow(value: Any) -> str:
    """Return a value as it stands on one line of a case file."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key_text(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if not isinstance(value, str):
        return str(value)
    return value if _is_plain(value) else json.dumps(value, ensure_ascii=False)


def key_text(key: str) -> str:
    """Return a key as it stands in a case file; every key is a text, so numbers need no quotes."""
    return key if key == str(resolve(key)) and not isinstance(resolve(key), (bool, type(None))) else flow(key)


def _is_plain(text: str) -> bool:
    """Tell whether a text reads back as itself without quotes, also inside brackets."""
    if not text or text != text.strip() or text[0] in _INDICATORS or text[-1] == ":" or resolve(text) != text:
        return False
    return not any(mark in text for mark in (": ", " #", *",[]{}\n\r\t\\"))


def written(data: Mapping[str, Any]) -> str:
    """Return plain data of a case as a new file: parts in order, one line per source, actor and stance."""
    return "\n".join(line for _, line in laid_out(data)).strip("\n") + "\n"


def laid_out(data: Mapping[str, Any]) -> Iterator[Laid]:
    """Yield each line of such a file, with the path of what it is about; ``()`` for a blank line."""
    for part, content in data.items():
        entries = isinstance(content, (list, tuple)) and part == "correlations"
        if not entries and not (isinstance(content, Mapping) and content):
            yield (part,), f"{part}: {flow(content)}"
            continue
        yield (), ""
        yield (part,), f"{part}:"
        if entries:
            yield from (((part, at), f"  - {flow(item)}") for at, item in enumerate(content))
        else:
            yield from block(content, 1, (part,))


def block(content: Mapping[str, Any], depth: int, above: Path) -> Iterator[Laid]:
    """Yield the lines of a mapping that stands ``depth`` levels deep, under a path."""
    indent = "  " * depth
    for key, value in content.items():
        name, path = key_text(key), (*above, key)
        below = isinstance(value, Mapping) and value and depth + 1 < part_checks()[str(above[0])].one_line
        if below and not _fits(name, value, depth):
            yield path, f"{indent}{name}:"
            yield from block(value, depth + 1, path)
        else:
            yield path, f"{indent}{name}: {flow(value)}"


def _fits(name: str, value: Mapping[str, Any], depth: int) -> bool:
    """Tell whether a mapping of bare values may stand on one line."""
    bare = all(not isinstance(item, Mapping) for item in value.values())
    return bare and depth > 1 and len(name) + len(flow(value)) + 2 * depth < _LONGEST
