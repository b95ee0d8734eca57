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
    message, hint = _wrong(told, lines[number] if number is not None and number < len(lines) else "", start)
    return f"not YAML: {message}", hint


def _wrong(told: str, line: str, start: int | None) -> tuple[str, str]:
    if _AT_START.match(line):
        return "a tab at the beginning of the line", "indent with blanks"
    if "escape" in told or "hexadecimal" in told:
        return "a backslash that means nothing here", "put the text in single quotes"
    if "quoted scalar" in told:
        where = f" in line {start + 1}" if start is not None else ""
        return f"a quotation mark{where} is never closed", "close it with the same mark"
    keys = re.finditer(rf"(?<![\w.-]){_KEY}: *[>|@`%&*!]", line[:2_000])
    for marked in (_MARKED.search(line, key.start()) for key in keys):
        if marked is not None:
            value = f"{marked['key']}: {_quoted(marked['value'])}"
            return f"{marked['value'].strip()[:60]!r} needs quotation marks", f"write {value}"
    if re.search(r": +\?(?=\s*(?:[,}\]#]|$))", line):
        return "a question mark alone needs quotation marks", 'write "?" for what is still to be judged'
    titled = _TITLE.match(line)
    if "mapping values" in told and titled is not None and ":" in titled["value"]:
        value = f"{titled['key'].strip()}: {_quoted(titled['value'])}"
        return "a colon within a text", f"put the text in quotes: {value}"
    if "\t" in line and "\\t" in told:
        return "a tab where none may stand", "write blanks in its place"
    return next((message, hint) for sign, message, hint in _WORDS if sign in told)


def _quoted(text: str) -> str:
    text = text.strip()[:200]
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_WORDS: tuple[tuple[str, str, str], ...] = (
    ("flow mapping", "a brace is not closed, or a comma is missing", "write {name: value, name: value}"),
    ("flow sequence", "a bracket is not closed, or a comma is missing", "write [one, another]"),
    (
        "block",
        "the line begins in another column than its neighbours",
        "indent alike what belongs together; or is a quotation mark missing above?",
    ),
    ("mapping values", "a second colon in the line", "one 'name: value' per line, or {name: value}"),
    ("expected ':'", "a line without a colon", "write 'name: value'"),
    ("", "the line cannot be read", "write 'name: value', and texts with : or # in quotes"),
)
