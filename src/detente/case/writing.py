"""How does a case become a file again? As text in a fixed style, or, edited, in the text that it was read from.

An edit is a piece of text put in the place of another: a value for a value, a line more or a line less. The
result is read again and held against what it should say; a layout that defeats the splicing is given up with
``None``, and the caller writes the case anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from detente.case.changes import apply, split
from detente.case.faults import part_checks
from detente.case.reading import Document, Path, read_yaml, resolve

_LONGEST = 100
Laid = tuple[Path, str]  # what a line is about, and the line
_INDICATORS = "-?:,[]{}#&*!|>'\"%@`=<~."
_QUOTED = re.compile(r": | #|:$|[,\[\]{}\n\r\t\\]")


def flow(value: Any) -> str:
    """Return a value as it stands on one line of a case file."""
    if isinstance(value, str):
        return value if _is_plain(value) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key_text(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


def key_text(key: str) -> str:
    """Return a key as it stands in a case file; every key is a text, so numbers need no quotes."""
    return key if key == str(resolve(key)) and not isinstance(resolve(key), (bool, type(None))) else flow(key)


def _is_plain(text: str) -> bool:
    """Tell whether a text reads back as itself without quotes, also inside brackets."""
    whole = text and text == text.strip() and text[0] not in _INDICATORS and not _QUOTED.search(text)
    return bool(whole) and resolve(text) == text


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


Edit = tuple[str, Any]


class Splice(NamedTuple):
    """Characters ``start`` to ``end`` of a text become ``text``."""

    start: int
    end: int
    text: str


class _Defeated(Exception):  # noqa: N818 - a layout that is not handled; never seen outside
    pass


def edited(text: str, edits: Sequence[Edit]) -> str | None:
    """Return the text of a case file with the edits made, or ``None`` when its layout defeats them.

    Args:
        text: the file, with the line ends that it has.
        edits: (path, new value), ``None`` to remove.
    """
    at_once = _attempt(text, edits)
    if at_once is not None or len(edits) < 2:
        return at_once
    for edit in edits:
        after = _attempt(text, [edit])
        if after is None:
            return None
        text = after
    return text


def _attempt(text: str, edits: Sequence[Edit]) -> str | None:
    """Make all edits in one go, and read the result to see that it says what it should."""
    document = read_yaml(text)
    if document.problems or not isinstance(document.data, dict):
        return None
    expected, faults = apply(document.data, dict(edits))
    editor = _Editor(text, document)
    try:
        after = (
            None if faults else _joined(text, [editor.splice(split(path), value) for path, value in edits])
        )
    except _Defeated:
        return None
    if after is None:
        return None
    again = read_yaml(after)
    return after if not again.problems and again.data == expected else None


def _joined(text: str, splices: Sequence[Splice]) -> str | None:
    """Return the text with all splices made, or ``None`` where they overlap."""
    parts, at = [], 0
    for splice in sorted(splices, key=itemgetter(0)):
        if splice.start < at:
            return None
        parts += [text[at : splice.start], splice.text]
        at = splice.end
    return "".join([*parts, text[at:]])


class _Editor:
    """Finds what an edit changes in the text of a document."""

    def __init__(self, text: str, document: Document) -> None:
        self.text = text
        self.document = document
        self.newline = "\r\n" if "\r\n" in text else "\n"
        json_like = document.values[()].flow  # a file in JSON stays one
        self.flow: Callable[[Any], str] = _json if json_like else flow
        self.key: Callable[[str], str] = _json if json_like else key_text

    def splice(self, path: Path, value: Any) -> Splice:
        parent: Any = self.document.data
        for depth, part in enumerate(path[:-1]):
            below = parent.get(part)
            if not isinstance(below, dict):  # it does not exist yet
                for missing in reversed(path[depth + 1 :]):
                    value = {missing: value}
                path = path[: depth + 1]
                break
            parent = below
        if value is None:
            return self._removed(path, parent)
        return self._replaced(path, value) if path[-1] in parent else self._added(path, parent, value)

    def _end(self, path: Path) -> int:
        """Return where the value at ``path`` ends, without the line ends that belong to a block."""
        place = self.document.values[path]
        return place.start + len(self.text[place.start : place.end].rstrip())

    def _replaced(self, path: Path, value: Any) -> Splice:
        place = self.document.values[path]
        if not place.block and place.start < place.end:
            return Splice(place.start, self._end(path), self.flow(value))
        start, key = self._after_colon(path), self.document.keys[path]
        first, *others = self._lines(path, value, key.column)
        after_name = first[key.column - 1 + len(key_text(str(path[-1]))) + 1 :]
        return Splice(start, max(start, self._end(path)), self.newline.join([after_name, *others]))

    def _after_colon(self, path: Path) -> int:
        if colon := re.compile(r"\s*:").match(self.text, self.document.keys[path].end):
            return colon.end()
        raise _Defeated

    def _added(self, path: Path, parent: Mapping[str, Any], value: Any) -> Splice:
        around = self.document.values[path[:-1]]
        entry = f"{self.key(str(path[-1]))}: {self.flow(value)}"
        if not parent:  # only brackets can be empty
            return Splice(around.start, around.end, "{" + entry + "}")
        last = (*path[:-1], list(parent)[-1])
        if around.flow:
            at = self._entry_end(last)
            return Splice(at, at, ", " + entry)
        at = self._line_end(self._entry_end(last))
        lines = self._lines(path, value, self.document.keys[last].column)
        if at == len(self.text) and not self.text.endswith(("\n", "\r")):
            return Splice(at, at, self.newline + self.newline.join(lines))
        return Splice(at, at, "".join(line + self.newline for line in lines))

    def _lines(self, path: Path, value: Any, column: int) -> list[str]:
        """Return an entry of a block as lines that begin in a column."""
        depth = len(path) - 1
        lines = block({str(path[-1]): value}, depth, path[:1])
        return [" " * (column - 1) + line[2 * depth :] for _, line in lines]

    def _entry_end(self, path: Path) -> int:
        place = self.document.values[path]
        return self._end(path) if place.start < place.end else self._after_colon(path)

    def _removed(self, path: Path, parent: Mapping[str, Any]) -> Splice:
        if len(parent) == 1:
            return self._replaced(path[:-1], {})
        keys, names = self.document.keys, list(parent)
        if self.document.values[path[:-1]].flow:
            number = names.index(str(path[-1]))
            if number + 1 < len(names):
                return Splice(keys[path].start, keys[*path[:-1], names[number + 1]].start, "")
            return Splice(self._entry_end((*path[:-1], names[number - 1])), self._entry_end(path), "")
        start = keys[path].start - (keys[path].column - 1)
        if self.text[start : keys[path].start].strip(" "):
            raise _Defeated
        return Splice(start, self._line_end(self._entry_end(path)), "")

    def _line_end(self, at: int) -> int:
        """Return where the line after the one that holds ``at`` begins."""
        found = re.compile(r"\r\n|\r|\n").search(self.text, at)
        return found.end() if found else len(self.text)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
