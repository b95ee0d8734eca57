"""Why can a YAML text not be read? In the words of those who write cases, with the line to write instead."""

from __future__ import annotations

import re
from collections.abc import Sequence

_KEY = r"[\w.-]{1,64}"
# A value that YAML takes for a mark of its own: key, value up to what ends it in braces, rest.
_MARKED = re.compile(rf"(?P<key>{_KEY}): *(?P<value>[>|@`%&*!][^,}}\]#\"']*?)(?P<rest> *(?:[,}}\]#].*)?)$")
_TITLE = re.compile(rf"(?P<key>\s*(?:- )?{_KEY}): +(?P<value>[^\"'\[{{].*)$")
_AT_START = re.compile(r"[ ]*\t")


def unreadable(
    told: str, lines: Sequence[str], number: int | None = None, start: int | None = None
) -> tuple[str, str]:
    """Return what is wrong with a text, and what to write instead.

    Args:
        told: what the parser says, which no reader is to see.
        lines: of the text.
        number: index of the line at which it stopped.
        start: index of the line where what it was reading began.
    """
    line = lines[number] if number is not None and number < len(lines) else ""
    if _AT_START.match(line):
        return "not YAML: a tab at the beginning of the line", "indent with blanks"
    if "escape" in told or "hexadecimal" in told:
        return "not YAML: a backslash that means nothing here", "put the text in single quotes"
    if "quoted scalar" in told:
        where = f" in line {start + 1}" if start is not None else ""
        return f"not YAML: a quotation mark{where} is never closed", "close it with the same mark"
    for marked in (_MARKED.search(line, at) for at in _keys(line)):
        if marked is not None:
            value = f"{marked['key']}: {_quoted(marked['value'])}"
            return f"not YAML: {marked['value'].strip()[:60]!r} needs quotation marks", f"write {value}"
    if re.search(r": +\?(?=\s*(?:[,}\]#]|$))", line):
        return (
            "not YAML: a question mark alone needs quotation marks",
            'write "?" for what is still to be judged',
        )
    titled = _TITLE.match(line)
    if "mapping values" in told and titled is not None and ":" in titled["value"]:
        value = f"{titled['key'].strip()}: {_quoted(titled['value'])}"
        return "not YAML: a colon within a text", f"put the text in quotes: {value}"
    if "\t" in line and "\\t" in told:
        return "not YAML: a tab where none may stand", "write blanks in its place"
    return next(
        (words for sign, words in _WORDS if sign in told),
        ("not YAML: the line cannot be read", "write 'name: value', and texts with : or # in quotes"),
    )


def _keys(line: str) -> list[int]:
    return [found.start() for found in re.finditer(rf"(?<![\w.-]){_KEY}: *[>|@`%&*!]", line[:2_000])]


def _quoted(text: str) -> str:
    text = text.strip()[:200]
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_WORDS = (
    (
        "flow mapping",
        ("not YAML: a brace is not closed, or a comma is missing", "write {name: value, name: value}"),
    ),
    (
        "flow sequence",
        ("not YAML: a bracket is not closed, or a comma is missing", "write [one, another]"),
    ),
    (
        "block",
        (
            "not YAML: the line begins in another column than its neighbours",
            "indent alike what belongs together; or is a quotation mark missing above?",
        ),
    ),
    (
        "mapping values",
        ("not YAML: a second colon in the line", "one 'name: value' per line, or {name: value}"),
    ),
    ("expected ':'", ("not YAML: a line without a colon", "write 'name: value'")),
)
