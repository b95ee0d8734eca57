"""How does a case become a file again? Edits change what was edited; all else stays as it was written."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

from detente.case.changes import split
from detente.case.reading import Document, read_yaml, resolve

_WIDE = 4096  # no line is broken
_FLOW = {"stances": 3, "correlations": 2, "sources": 2, "actors": 2, "groups": 2}  # depth of one-line entries


def edited(text: str, edits: Iterable[tuple[str, Any]]) -> str:
    """Return the text of a case file with values replaced, added or removed.

    A value that replaces a value on one line is spliced in where the old one stood, so that the difference is
    that line. Other edits go through a round trip that keeps comments, order and quotes.
    """
    for path, value in edits:
        document = read_yaml(text)
        spliced = _spliced(text, document, split(path), value)
        text = spliced if spliced is not None else _round_trip(text, split(path), value)
    return text


def _spliced(text: str, document: Document, path: tuple[str, ...], value: Any) -> str | None:
    place = document.values.get(path)
    old: Any = document.data
    for part in path:
        old = old.get(part) if isinstance(old, dict) else None
    if (
        place is None
        or value is None
        or isinstance(old, (dict, list))
        or "\n" in text[place.start : place.end]
    ):
        return None
    if place.start == place.end:  # an empty value has no place of its own
        return None
    return text[: place.start] + flow(value) + text[place.end :]


def flow(value: Any) -> str:
    """Return a value as it stands on one line of a case file."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(str(key))}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if not isinstance(value, str):
        return str(value)
    return value if _is_plain(value) else _quoted(value)


def _is_plain(text: str) -> bool:
    """Tell whether a text reads back as itself without quotes, also inside brackets."""
    if not text or text != text.strip() or text[0] in "-?:,[]{}#&*!|>'\"%@`=<~." or resolve(text) != text:
        return False
    return (
        not any(mark in text for mark in (": ", " #", ",", "[", "]", "{", "}", "\n", "\t"))
        and text[-1] != ":"
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _round_trip(text: str, path: tuple[str, ...], value: Any) -> str:
    """Edit through ruamel's round-trip representation."""
    yaml = _round_trip_yaml()
    data = yaml.load(text)
    parent = data
    for part in path[:-1]:
        parent = parent.setdefault(_key(parent, part), {})
    key = _key(parent, path[-1])
    if value is None:
        parent.pop(key, None)
    else:
        parent[key] = _flow_node(value)
    stream = io.StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


def _key(parent: Any, part: str) -> Any:
    """Return the key as the file has it: numbers may stand as keys."""
    return next((key for key in parent if str(key) == part), part)


def _round_trip_yaml() -> Any:
    from ruamel.yaml import YAML

    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.width = _WIDE
    yaml.allow_unicode = True
    return yaml


def _flow_node(value: Any) -> Any:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    if isinstance(value, Mapping):
        node: Any = CommentedMap((key, _flow_node(item)) for key, item in value.items())
    elif isinstance(value, (list, tuple)):
        node = CommentedSeq(_flow_node(item) for item in value)
    else:
        return value
    node.fa.set_flow_style()
    return node


def written(data: Mapping[str, Any]) -> str:
    """Return plain data of a case as a new file: parts in order, one line per source, actor and stance."""
    lines: list[str] = []
    for part, content in data.items():
        if isinstance(content, Mapping) and content:
            lines += ["", f"{part}:", *_block(content, 1, _FLOW.get(part, 99))]
        elif isinstance(content, (list, tuple)) and part == "correlations":
            lines += ["", f"{part}:", *(f"  - {flow(item)}" for item in content)]
        elif content not in ({}, [], ()):
            lines.append(f"{part}: {_line(content)}")
    return "\n".join(lines).strip("\n") + "\n"


def _block(content: Mapping[str, Any], depth: int, flow_from: int) -> list[str]:
    lines = []
    indent = "  " * depth
    for key, value in content.items():
        name = (
            flow(resolve(str(key))) if str(key).lstrip("-").replace(".", "", 1).isdigit() else flow(str(key))
        )
        if isinstance(value, Mapping) and value and depth + 1 < flow_from and not _fits(name, value, depth):
            lines += [f"{indent}{name}:", *_block(value, depth + 1, flow_from)]
        else:
            lines.append(f"{indent}{name}: {_line(value)}")
    return lines


def _fits(name: str, value: Mapping[str, Any], depth: int) -> bool:
    """Tell whether a mapping of bare values may stand on one line."""
    bare = all(not isinstance(item, Mapping) for item in value.values())
    return bare and depth > 1 and len(name) + len(flow(value)) + 2 * depth < 100


def _line(value: Any) -> str:
    return flow(value)
