"""What does a YAML text say, and where? Plain data with the place of every value; nothing is executed.

A case file is untrusted data. It is read as a stream of YAML 1.2 events, no deeper than a case may be nested:
tags, anchors and aliases, duplicate keys, further documents, too many nodes are refused, each with its place.
Plain scalars are resolved by the core schema (so Norway's ``NO`` stays a text); all keys are texts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, NoReturn

from detente.case.text import forbidden_characters, normal
from detente.case.unreadable import unreadable
from detente.errors import Problem, pointed
from detente.quantity.grammar import TWO_COMMAS

MAX_BYTES = 5_000_000
FEWER = "put the stances into stances.csv, name fewer issues in each deal, or keep fewer scenarios"
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


class _Stop(Exception):  # noqa: N818 - ends the reading; never seen outside
    pass


def read_yaml(text: str, file: str | None = None) -> Document:
    """Read a YAML text into plain data with places; never raises for what the text contains."""
    document = Document()
    document.problems = [*_character_problems(text, file), *_layout_problems(text, file)]
    if document.problems:
        return document
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    reader = _Reader(document, file, YAML(typ="safe", pure=True).parse(text))
    told, mark, start = "", None, None
    try:
        reader.read()
        return document
    except _Stop:
        return document
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        start = error.context_mark or mark
        told = f"{error.context or ''} {error.problem or ''}"
    except (YAMLError, ValueError, TypeError, AttributeError, IndexError, AssertionError, OverflowError):
        pass  # ruamel lets some faults of a broken text out as other exceptions
    message, hint, place = unreadable(told, text.splitlines(), mark, start)
    with suppress(_Stop):
        reader.refuse(message, place, hint)
    return document


_LINE_END = re.compile("\r\n|\r|\n")


def _character_problems(text: str, file: str | None) -> Iterator[Problem]:
    marked = text.startswith("\ufeff")  # a byte order mark, which stands in no column
    found = (pair for pair in forbidden_characters(text) if not (marked and pair[0] == 0))
    start, line, line_start = 0, 1, int(marked)
    for offset, name in islice(found, MAX_PROBLEMS):
        for end in _LINE_END.finditer(text, start, offset):
            line, line_start = line + 1, end.end()
        start, column = offset, offset - line_start + 1
        message = f"{name} is not allowed in a case"
        yield Problem(message, file=file, line=line, column=column, hint="remove the character")


_TO_DIRECTIVE = re.compile(r"\ufeff?(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*+%")
_LONG_TAG = re.compile(rf"(?:^|(?<=[\s\[{{,:]))!\S{{{MAX_TAG}}}")
_KEYS = re.compile(r":[ \r\n\"]")


def _layout_problems(text: str, file: str | None) -> Iterator[Problem]:
    tag = _LONG_TAG.search(text) if "!" in text else None
    if tag is not None:  # characters of a tag are looked at one by one
        line = len(_LINE_END.findall(text, 0, tag.start())) + 1
        hint = "remove the word that begins with '!'"
        yield Problem("tags are not allowed", file=file, line=line, hint=hint)
    apart = text.count(",") + text.count("\n")
    if 2 * apart > MAX_NODES and len(_KEYS.findall(text)) > MAX_NODES:  # reading them takes long
        yield Problem(f"more than {MAX_NODES} values", file=file, hint=FEWER)
    elif text.count("\n") + text.count("\r") > 2 * MAX_LINES or len(_LINE_END.findall(text)) > MAX_LINES:
        yield Problem(f"more than {MAX_LINES} lines", file=file, hint="put the stances into stances.csv")
    elif found := _TO_DIRECTIVE.match(text):
        line = len(_LINE_END.findall(found.group())) + 1
        message = "directives (%YAML, %TAG) are not allowed"
        yield Problem(message, file=file, line=line, column=1, hint="remove the line")


class _Reader:
    """Turns events into plain data; it goes no deeper than a case may be nested."""

    def __init__(self, document: Document, file: str | None, events: Iterator[Any]) -> None:
        self.document, self.file, self.events = document, file, events
        self.nodes = 0

    def refuse(self, message: str, mark: Any, hint: str | None = None, path: Path = ()) -> None:
        place = (self.file, mark.line + 1, mark.column + 1) if mark is not None else (self.file, None, None)
        self.document.problems.append(Problem(message, dotted(path), None, hint, *place))
        if len(self.document.problems) >= MAX_PROBLEMS:
            raise _Stop

    def stop(self, message: str, mark: Any, hint: str | None = None) -> NoReturn:
        self.refuse(message, mark, hint)
        raise _Stop

    def read(self) -> None:
        documents = 0
        for event in self.events:
            kind = type(event).__name__
            if kind == "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    way = "remove the line '---' and what follows"
                    self.stop("a case file holds one document", event.start_mark, way)
            elif kind not in ("StreamStartEvent", "DocumentEndEvent", "StreamEndEvent"):
                self.document.data = self.value(event, ())

    def value(self, event: Any, path: Path) -> Any:
        """Return what an event begins, and note where it stands."""
        kind = type(event).__name__
        flow = getattr(event, "flow_style", None)  # a scalar has none
        start, end = event.start_mark, event.end_mark.index
        place = Place(start.line + 1, start.column + 1, start.index, end, None, flow is True, flow is False)
        if kind == "AliasEvent":
            self._alias(event)
            value: Any = None
        else:
            self._guard(event)
            value = self._scalar(event) if kind == "ScalarEvent" else None
        if flow is None and value is None and place.start == place.end and path in self.document.keys:
            key = self.document.keys[path]  # nothing stands there: tell where it would
            place = replace(key, start=key.end)
        self.document.values.setdefault(path, place)
        if kind in ("MappingStartEvent", "SequenceStartEvent"):
            if len(path) >= MAX_DEPTH:
                self.stop(f"nested more than {MAX_DEPTH} deep", start)
            # A block ends, for YAML, where the next thing begins; for us where the last thing in it ends.
            inside = self._mapping if kind == "MappingStartEvent" else self._list
            value, last, ended = inside(path)
            end = ended.index if place.flow else max(last, place.start)
            self.document.values[path] = replace(place, end=end)
        return value

    def _guard(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.stop(f"more than {MAX_NODES} values", event.start_mark, FEWER)
        if event.anchor is not None:
            way = "write the value out where it is used; a text that begins with & needs quotation marks"
            self.refuse("anchors (&name) are not allowed", event.start_mark, way)
        tag = getattr(event, "ctag", None) or getattr(event, "tag", None)
        if tag is not None and str(tag) != "!":
            way = "remove the tag; a text that begins with ! needs quotation marks"
            self.refuse(f"tags ({str(tag)[:40]}) are not allowed", event.start_mark, way)

    def _alias(self, event: Any) -> None:
        way = "write the value out; a text that begins with * needs quotation marks"
        self.refuse("aliases (*name) are not allowed", event.start_mark, way)

    def _list(self, path: Path) -> tuple[list[Any], int, Any]:
        """Return the items, where the last of them ends, and the mark at which the list does."""
        found: list[Any] = []
        last, line, gaps = 0, 0, set[bool]()
        for event in self.events:
            if type(event).__name__ == "SequenceEndEvent":
                if len(gaps) > 1:  # of [0,8, 0.9]
                    self.refuse("has commas of two kinds", event.end_mark, TWO_COMMAS, path)
                return found, last, event.end_mark
            at = (*path, len(found))
            found.append(self.value(event, at))
            here = self.document.values[at]
            if here.line == line and all(isinstance(one, int | float) for one in found[-2:]):
                gaps.add(here.start == last + 1)
            last, line = max(last, here.end), here.line
        raise _Stop

    def _mapping(self, path: Path) -> tuple[dict[str, Any], int, Any]:
        """Return the entries, where the last of them ends, and the mark at which the mapping does."""
        found: dict[str, Any] = {}
        last = 0
        for event in self.events:
            if type(event).__name__ == "MappingEndEvent":
                return found, last, event.end_mark
            key = self._key(event, path, found)
            at, following = (*path, key), next(self.events)
            value = self.value(following, at)
            if value is None and following.start_mark.index == self.document.keys[at].end:
                self._torn(path, found, key, following.start_mark)
            found.setdefault(key, value)
            last = max(event.end_mark.index, self.document.values[at].end)
        raise _Stop

    def _key(self, event: Any, path: Path, found: dict[str, Any]) -> str:
        kind, mark = type(event).__name__, event.start_mark
        if kind == "AliasEvent":
            self._alias(event)
            raise _Stop
        self._guard(event)
        if kind != "ScalarEvent":
            self.stop("a key must be a text or a number, not a list or mapping", mark)
        key = self._text(event)
        if len(key) > MAX_KEY:
            self.refuse(f"a key of {len(key)} characters is too long", mark)
            key = key[:MAX_KEY]
        if key == "<<" and event.implicit[0]:
            self.refuse("merge keys (<<) are not allowed", mark, "write the values out")
        at = (*path, key)
        if key in found:
            first = self.document.keys[at].line
            self.refuse(f"{key!r} stands twice (first in line {first})", mark, "keep one", at)
        else:
            self.document.keys[at] = Place(mark.line + 1, mark.column + 1, mark.index, event.end_mark.index)
        return key

    def _scalar(self, event: Any) -> Any:
        text = self._text(event)
        return resolve(text) if event.implicit and event.implicit[0] else text

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

    def _torn(self, path: Path, found: dict[str, Any], key: str, mark: Any) -> None:
        """Refuse what in braces looks like a key without a colon: mostly a comma within a value stands before."""
        name, before = next(reversed(found.items()), ("", ""))
        message, way = f"{key!r} is no 'name: value'", "in numbers write a decimal point, and no other mark"
        if before is None:
            return  # told there
        words = all(str(one)[:1].isalpha() for one in (name, before))
        if key.isdecimal() and isinstance(before, int | float):
            message, way = f"{before},{key} has a decimal comma", pointed(f"{name}: {before},{key}")
            path = (*path, name)
        elif glued := _GLUED.fullmatch(key):
            message = "no blank after the colon" if ":" in key else message
            way = f"write {glued[1]}: {glued[2] or '…'}"
        elif before and isinstance(before, str) and (words or not key[:1].isdecimal()):
            way = f'write {name}: "{before}, {key}", or [{before}, {key}] if it is a list'
        elif key[:1].isalpha():
            way = f"write {key}: …"
        self.refuse(message, mark, way, path)


_GLUED = re.compile(r"([\w-]+)(?:[:：]\s*|\s+(?=\d))(.*)")
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
