"""What does a statement about options say? A small grammar, read by hand: nothing in it is ever executed.

::

    statement  =  or [("if" | "iff") or]
    or         =  and {"or" and}
    and        =  not {"and" not}
    not        =  "not" not | "(" statement ")" | name of an option

``a if b`` holds unless b holds and a does not; ``a iff b`` holds when both hold or neither. ``not`` binds closest,
then ``and``, then ``or``. Words of the grammar may be written in capitals.

Instead, a pattern: one letter per option in their order, ``Y`` taken, ``N`` not, ``-`` either (``YN--``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from detente.case.text import clean

WORDS = frozenset({"and", "or", "not", "if", "iff"})
_LEVELS = (("if", "iff"), ("or",), ("and",))
MAX_LENGTH = 2_000
MAX_NESTED = 40
MAX_NAMES = 16
"""A statement is kept as a table of its truth over the options that it names."""

Truth = TypeVar("Truth", bound=Any)
# A name with its place, or an operation on parts.
Node = tuple[Any, ...]
PATTERN = re.compile(r"[YN-]+")
_WORD = re.compile(r"[^\W_][\w-]*")
_TOKEN = re.compile(r"\s*([^\W_][\w-]*|\S)")


@dataclass(frozen=True)
class Statement:
    """A statement about options.

    Attributes:
        text: as it was written.
        tree: ``("name", option, offset)``, ``("not", a)``, ``("and", a, b)``, ``("or", a, b)``, ``("if", a, b)``
            or ``("iff", a, b)``.

    >>> peace = Statement.parse("not cut_aid if ceasefire")
    >>> peace.names
    ('cut_aid', 'ceasefire')
    >>> peace.holds({"cut_aid": True, "ceasefire": False})
    True
    """

    text: str
    tree: Node

    @classmethod
    def parse(cls, text: object) -> Statement:
        """Read a statement; a `ValueError` says at which character it cannot be read."""
        if isinstance(text, Statement):
            return text
        if not isinstance(text, str):
            raise ValueError("a statement is a text such as 'not cut_aid if ceasefire'")
        text = clean(text)
        if len(text) > MAX_LENGTH:
            raise ValueError(f"a statement has at most {MAX_LENGTH:,} characters")
        if PATTERN.fullmatch(text):  # unless it turns out to be the name of an option
            return cls(text, ("name", text, 0))
        found = cls(text, _Reader(text).whole())
        if len(found.names) > MAX_NAMES:
            raise ValueError(f"a statement names at most {MAX_NAMES} options; split it into several")
        return found

    def is_pattern(self, options: Collection[str]) -> bool:
        """Tell whether it is a pattern of letters, in a game with these options."""
        return PATTERN.fullmatch(self.text) is not None and self.text not in options

    def over(self, options: Collection[str]) -> Statement:
        """Return the same with a pattern spelt out over the options of its game, in their order.

        >>> Statement.parse("YN-").over(["x", "y", "z"]).text
        'x and not y'
        """
        if not self.is_pattern(options):
            return self
        said = {"Y": "{}", "N": "not {}"}
        letters = zip(options, self.text, strict=True)
        return Statement.parse(
            " and ".join(said[mark].format(name) for name, mark in letters if mark in said)
        )

    def told(self, names: Mapping[str, str]) -> str:
        """Return it in words, given the name of every option in their order.

        >>> Statement.parse("not cut_aid iff ceasefire").told({"cut_aid": "Cut aid", "ceasefire": "Ceasefire"})
        'not “Cut aid” if and only if “Ceasefire”'
        """
        words = {"iff": "if and only if"}

        def said(found: re.Match[str]) -> str:
            word = found[0]
            return f"“{names[word]}”" if word in names else words.get(word.casefold(), word.casefold())

        return _WORD.sub(said, self.over(names).text)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the options in it, each once, in the order of their first mention."""
        return tuple(dict.fromkeys(name for name, _ in self.mentions()))

    def mentions(self) -> Iterator[tuple[str, int]]:
        """Yield every mention of an option with its offset in the text."""
        yield from _mentions(self.tree)

    def holds(self, taken: Mapping[str, Truth]) -> Truth:
        """Return whether it holds, given for each option whether it is taken: booleans, or arrays of them."""
        return _holds(self.tree, taken)  # type: ignore[no-any-return]

    def __str__(self) -> str:
        """Return the text."""
        return self.text

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read from text, write as text."""
        del source, handler
        return core_schema.no_info_plain_validator_function(
            cls.parse,
            json_schema_input_schema=core_schema.str_schema(),
            serialization=core_schema.to_string_ser_schema(),
        )


def _mentions(node: Node) -> Iterator[tuple[str, int]]:
    if node[0] == "name":
        yield node[1], node[2]
    else:
        for part in node[1:]:
            yield from _mentions(part)


_MEANS: dict[str, Callable[..., Any]] = {
    "not": lambda a: a ^ True,
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "if": lambda a, b: a | (b ^ True),
    "iff": lambda a, b: a ^ b ^ True,
}


def _holds(node: Node, taken: Mapping[str, Any]) -> Any:
    if node[0] == "name":
        return taken[node[1]]
    return _MEANS[node[0]](*(_holds(part, taken) for part in node[1:]))


class _Reader:
    """Reads one statement from left to right; a token is (word or sign, offset)."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, int]] = []
        self.at, self.end = 0, len(text.rstrip())
        for match in _TOKEN.finditer(text):
            word, offset = match[1], match.start(1)
            if not _WORD.match(word) and word not in ("(", ")"):
                raise _fault(f"{word!r} does not belong in a statement", offset)
            self.tokens.append((word.casefold() if word.casefold() in WORDS else word, offset))

    def whole(self) -> Node:
        if not self.tokens:
            raise ValueError("the statement is empty")
        tree = self._statement(0)
        if self.at < len(self.tokens):
            word, offset = self.tokens[self.at]
            if word in ("if", "iff"):
                raise _fault(f"a second {word!r} needs brackets around one of the two", offset)
            if word == ")":
                raise _fault("')' closes nothing", offset)
            raise _fault(f"expected 'and', 'or', 'if' or 'iff' before {word!r}", offset)
        return tree

    def _take(self, *words: str) -> str | None:
        word = self.tokens[self.at][0] if self.at < len(self.tokens) else None
        if word not in words:
            return None
        self.at += 1
        return word

    def _statement(self, depth: int, level: int = 0) -> Node:
        """Read what stands between words that bind alike: ``if``, of which there is one, ``or``, then ``and``."""
        if level == len(_LEVELS):
            return self._one(depth)
        found = self._statement(depth, level + 1)
        while word := self._take(*_LEVELS[level]):
            found = (word, found, self._statement(depth, level + 1))
            if level == 0:
                break
        return found

    def _one(self, depth: int) -> Node:
        if self.at == len(self.tokens):
            raise _fault("ends where the name of an option is expected", self.end)
        word, offset = self.tokens[self.at]
        self.at += 1
        if depth > MAX_NESTED:
            raise _fault(f"nested more than {MAX_NESTED} deep", offset)
        if word == "not":
            return "not", self._one(depth + 1)
        if word == "(":
            inner = self._statement(depth + 1)
            if not self._take(")"):
                raise _fault("this '(' is never closed", offset)
            return inner
        if word in WORDS or word == ")":
            raise _fault(f"expected the name of an option before {word!r}", offset)
        return "name", word, offset


def _fault(message: str, offset: int) -> ValueError:
    return ValueError(f"character {offset + 1}: {message}")
