"""What does a YAML text say, and where? Plain data with the place of every value; nothing is executed.

A case file is untrusted data. It is read as a stream of YAML 1.2 events, without recursion: tags, anchors and
aliases, duplicate keys, further documents, too deep or too many nodes are refused, each with its place.
Plain scalars are resolved by the core schema (so Norway's ``NO`` stays a text); all keys are texts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from detente.case.text import forbidden_characters, normal
from detente.case.unreadable import unreadable
from detente.errors import Problem

MAX_BYTES = 5_000_000
FEWER = "put the stances into stances.csv, or name fewer issues in each deal"
MAX_DEPTH = 64
MAX_NODES = 40_000
MAX_LINES = 200_000
MAX_PROBLEMS = 200
MAX_TAG = 400
MAX_KEY = 400  # characters; the longest path of a change is shorter

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands.

    Attributes:
        line: 1-based.
        column: 1-based.
        start: number of its first character in the text, from 0.
        end: number of the character after its last.
        file: the file, if it is another than the case's.
        flow: whether it is a mapping or list in brackets.
        block: whether it is one without brackets, which begins where its first entry does.
    """

    line: int
    column: int
    start: int = 0
    end: int = 0
    file: str | None = None
    flow: bool = False
    block: bool = False


@dataclass
class Document:
    """A text that was read.

    Attributes:
        data: plain dicts, lists, texts, numbers, booleans and ``None``; ``None`` for an empty text.
        keys: place of the key that introduces each path.
        values: place of the value at each path.
        problems: everything that was refused.
        unknown: paths of what stands in for values that were refused, so that it is told once.
    """

    data: Any = None
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unknown: list[Path] = field(default_factory=list)

    def place(self, path: Path) -> Place | None:
        """Return the place of ``path``, or of the nearest part around it that the text holds."""
        exact = self.values.get(path)
        if exact is not None:
            return self.keys.get(path, exact) if exact.block else exact
        for length in range(len(path) - 1, -1, -1):
            part = path[:length]
            value = self.values.get(part)
            # A single text may stand for a list of one; what a mapping lacks is told at its key.
            found = value if isinstance(path[length], int) else self.keys.get(part)
            if found or value:
                return found or value
        return None


class _Stop(Exception):  # noqa: N818 - leaves the loop over events; never seen outside
    pass


@dataclass
class _Open:
    """A mapping or list whose end has not been read yet."""

    container: dict[str, Any] | list[Any]
    path: Path
    key: str | None = None
    end: int = 0  # where the last thing in it ends


def read_yaml(text: str, file: str | None = None) -> Document:
    """Read a YAML text into plain data with places; never raises for what the text contains."""
    document = Document()
    document.problems = [*_character_problems(text, file), *_layout_problems(text, file)]
    if document.problems:
        return document
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    builder = _Builder(document, file)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except _Stop:
        pass
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        start = error.context_mark or mark
        told = f"{error.context or ''} {error.problem or ''}"
        message, hint = unreadable(told, text.splitlines(), mark and mark.line, start and start.line)
        builder.refuse(message, mark, hint)
    except (
        YAMLError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        AssertionError,
        OverflowError,
    ):
        # ruamel lets some faults of a broken text out as other exceptions.
        message, hint = unreadable("", [])
        builder.refuse(message, None, hint)
    return document


_LINE_END = re.compile("\r\n|\r|\n")


def _character_problems(text: str, file: str | None) -> Iterator[Problem]:
    marked = text.startswith("\ufeff")  # a byte order mark, which stands in no column
    found = (pair for pair in forbidden_characters(text) if not (marked and pair[0] == 0))
    start, line, line_start = 0, 1, int(marked)
    for offset, name in islice(found, MAX_PROBLEMS):
        for end in _LINE_END.finditer(text, start, offset):
            line, line_start = line + 1, end.end()
        start = offset
        yield Problem(
            f"{name} is not allowed in a case",
            file=file,
            line=line,
            column=offset - line_start + 1,
            hint="remove the character",
        )


_TO_DIRECTIVE = re.compile(r"\ufeff?(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*+%")


_LONG_TAG = re.compile(rf"(?:^|(?<=[\s\[{{,:]))!\S{{{MAX_TAG}}}")
_KEYS = re.compile(r":[ \r\n\"]")


def _layout_problems(text: str, file: str | None) -> Iterator[Problem]:
    tag = _LONG_TAG.search(text) if "!" in text else None
    if tag is not None:  # characters of a tag are looked at one by one
        line = len(_LINE_END.findall(text, 0, tag.start())) + 1
        yield Problem(
            "tags are not allowed", file=file, line=line, hint="remove the word that begins with '!'"
        )
    apart = text.count(",") + text.count("\n")
    if 2 * apart > MAX_NODES and len(_KEYS.findall(text)) > MAX_NODES:  # reading them takes long
        yield Problem(f"more than {MAX_NODES} values", file=file, hint=FEWER)
        return
    if text.count("\n") + text.count("\r") > 2 * MAX_LINES or len(_LINE_END.findall(text)) > MAX_LINES:
        yield Problem(f"more than {MAX_LINES} lines", file=file, hint="put the stances into stances.csv")
        return
    found = _TO_DIRECTIVE.match(text)
    if found:
        line = len(_LINE_END.findall(found.group())) + 1
        message = "directives (%YAML, %TAG) are not allowed"
        yield Problem(message, file=file, line=line, column=1, hint="remove the line")


class _Builder:
    """Turns events into plain data, with an explicit stack."""

    def __init__(self, document: Document, file: str | None) -> None:
        self.document = document
        self.file = file
        self.stack: list[_Open] = []
        self.nodes = 0
        self.documents = 0

    def refuse(self, message: str, mark: Any, hint: str | None = None, path: Path = ()) -> None:
        line = mark.line + 1 if mark is not None else None
        column = mark.column + 1 if mark is not None else None
        self.document.problems.append(
            Problem(message, dotted(path), hint=hint, file=self.file, line=line, column=column)
        )
        if len(self.document.problems) >= MAX_PROBLEMS:
            raise _Stop

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        if kind == "DocumentStartEvent":
            self.documents += 1
            if self.documents > 1:
                self.refuse(
                    "a case file holds one document",
                    event.start_mark,
                    "remove the line '---' and what follows",
                )
                raise _Stop
        elif kind == "AliasEvent":
            self.refuse("aliases (*name) are not allowed", event.start_mark, "write the value out")
            self._value(event, None)
        elif kind in ("ScalarEvent", "MappingStartEvent", "SequenceStartEvent"):
            self._guard(event)
            if kind == "ScalarEvent":
                self._scalar(event)
            else:
                self._open({} if kind == "MappingStartEvent" else [], event)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._close(event)

    def _guard(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.refuse(f"more than {MAX_NODES} values", event.start_mark, FEWER)
            raise _Stop
        if event.anchor is not None:
            self.refuse(
                "anchors (&name) are not allowed", event.start_mark, "write the value out where it is used"
            )
        tag = getattr(event, "ctag", None) or getattr(event, "tag", None)
        if tag is not None and str(tag) != "!":
            self.refuse(f"tags ({str(tag)[:40]}) are not allowed", event.start_mark, "remove the tag")

    def _close(self, event: Any) -> None:
        closed = self.stack.pop()
        place = self.document.values[closed.path]
        # A block ends, for YAML, where the next thing begins; for us where the last thing in it ends.
        end = event.end_mark.index if place.flow else max(closed.end, place.start)
        self.document.values[closed.path] = replace(place, end=end)
        self._reached(end)

    def _reached(self, end: int) -> None:
        if self.stack:
            self.stack[-1].end = end

    def _text(self, event: Any) -> str:
        """Return a scalar's text in normal form; characters that an escape has brought in are refused too."""
        text = str(event.value)
        if not text.isascii():
            with suppress(UnicodeError):  # JSON writes a character beyond U+FFFF as two halves
                text = text.encode("utf-16", "surrogatepass").decode("utf-16")
            try:
                text = normal(text)
            except ValueError as error:
                self.refuse(str(error), event.start_mark)
                return ""
        for _, name in islice(forbidden_characters(text), 1):
            self.refuse(f"{name} is not allowed in a case", event.start_mark, "remove the escape")
            return ""
        return text

    def _scalar(self, event: Any) -> None:
        top = self.stack[-1] if self.stack else None
        text = self._text(event)
        if top is not None and isinstance(top.container, dict) and top.key is None:
            self._key(top, text, event)
            return
        plain = bool(event.implicit[0]) if event.implicit else False
        self._value(event, resolve(text) if plain else text)

    def _key(self, top: _Open, key: str, event: Any) -> None:
        if len(key) > MAX_KEY:
            self.refuse(f"a key of {len(key)} characters is too long", event.start_mark)
            key = key[:MAX_KEY]
        if key == "<<" and event.implicit[0]:
            self.refuse("merge keys (<<) are not allowed", event.start_mark, "write the values out")
        path = (*top.path, key)
        self._reached(event.end_mark.index)
        if key in top.container:
            first = self.document.keys[path].line
            self.refuse(f"{key!r} stands twice (first in line {first})", event.start_mark, "keep one", path)
        else:
            self.document.keys[path] = _place(event)
        top.key = key

    def _open(self, container: dict[str, Any] | list[Any], event: Any) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self.refuse(f"nested more than {MAX_DEPTH} deep", event.start_mark)
            raise _Stop
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.container, dict) and top.key is None:
            self.refuse("a key must be a text or a number, not a list or mapping", event.start_mark)
            raise _Stop
        path = self._value(event, container)
        self.stack.append(_Open(container, path))

    def _value(self, event: Any, value: Any) -> Path:
        if not self.stack:
            self.document.data = value
            path: Path = ()
        else:
            top = self.stack[-1]
            if isinstance(top.container, dict):
                if top.key is None:  # an alias in the place of a key
                    raise _Stop
                path = (*top.path, top.key)
                self._decimal_comma(top, value, event)
                top.container.setdefault(top.key, value)
                top.key = None
            else:
                path = (*top.path, len(top.container))
                top.container.append(value)
        place = _place(event)
        if value is None and place.start == place.end and path in self.document.keys:
            # Nothing stands there: tell where it would.
            key = self.document.keys[path]
            place = replace(key, start=key.end)
        self.document.values.setdefault(path, place)
        if self.stack:
            self._reached(max(place.end, self.stack[-1].end))
        return path

    def _decimal_comma(self, top: _Open, value: Any, event: Any) -> None:
        """Refuse the end of a number with a decimal comma, which in braces looks like a key: ``90,5``."""
        alone = value is None and event.start_mark.index == event.end_mark.index
        before = next(reversed(top.container.items()), None) if isinstance(top.container, dict) else None
        if alone and before and top.key and top.key.isdecimal() and isinstance(before[1], int | float):
            key, whole = before
            hint = f"with a point: {key}: {whole}.{top.key}"
            message = f"{whole},{top.key} has a decimal comma"
            self.refuse(message, event.start_mark, hint, (*top.path, key))


def _place(event: Any) -> Place:
    mark = event.start_mark
    flow = getattr(event, "flow_style", None)  # a scalar has none
    end = event.end_mark.index
    return Place(mark.line + 1, mark.column + 1, mark.index, end, flow=flow is True, block=flow is False)


_INTEGER = re.compile(r"[-+]?[0-9]{1,300}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_CONSTANTS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def resolve(text: str) -> Any:
    """Return what a plain scalar means in the YAML 1.2 core schema; non-finite numbers stay texts."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text


def dotted(path: Path) -> str:
    """Return a path as it is written: ``stances.sanctions.congress.because[0]``; shortened beyond all measure.

    >>> dotted(("a", "b", 0))
    'a.b[0]'
    """
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text if len(text) <= MAX_KEY else text[: MAX_KEY - 3] + "..."
