"""What is wrong with a text that is no YAML, and what is to be written instead? Never in the parser's words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

_KEY = r"(?<![\w.-])([\w.-]{1,64}): +"
# A value that begins with a mark of YAML's own, up to what ends it in braces.
_MARKED = re.compile(rf"{_KEY}((?:[>|@`%&*!]|[-?] )[^,}}\]#\"']*)(?=$|[,}}\]#])")
# What is whole before the text goes on: plain words, or something in quotation marks or brackets.
_WHOLE = re.compile(r"[^\"'\[{]*|\"[^\"]*\"\s*|'[^']*'\s*|\[[^\]]*\]\s*|\{[^}]*\}\s*")
_ALIKE = "indent alike what belongs together; or is a quotation mark missing above?"
_WORDS = (
    ("flow mapping", "a brace is not closed, or a comma is missing", "write {name: value, name: value}"),
    ("flow sequence", "a bracket is not closed, or a comma is missing", "write [one, another]"),
    ("block", "the line begins in another column than its neighbours", _ALIKE),
    ("mapping values", "a second colon in the line", "one 'name: value' per line, or {name: value}"),
    ("expected ':'", "a line without a colon", "write 'name: value'"),
    ("", "the line cannot be read", "write 'name: value', and texts with : or # in quotes"),
)


def unreadable(told: str, lines: Sequence[str], stop: Any = None, start: Any = None) -> tuple[str, str, Any]:
    """Return what is wrong with a text, what to write instead, and where that is.

    Args:
        told: what the parser says, which no reader is to see.
        lines: of the text.
        stop: where it stopped; has ``line`` and ``column``, from 0.
        start: where what it was reading began.
    """
    if "expected ':'" in told and start is not None:
        stop = start
    line = lines[stop.line] if stop is not None and stop.line < len(lines) else ""
    above = [number for number in range(stop.line if line else 0) if lines[number].strip()]
    if (
        "mapping values" in told
        and above
        and ":" not in lines[above[-1]]
        and re.fullmatch(r"[\w .-]*", line[: stop.column])
    ):
        stop = SimpleNamespace(line=above[-1], column=0)  # the line above was to end in a colon
        line, told = lines[stop.line], "expected ':'"
    message, hint = _wrong(told, line[:2_000], stop, start)
    return f"not YAML: {message}", hint, stop


def _wrong(told: str, line: str, stop: Any, start: Any) -> tuple[str, str]:
    if re.match(r"[ ]*\t", line):
        return "a tab at the beginning of the line", "indent with blanks"
    if "escape" in told or "hexadecimal" in told:
        return "a backslash that means nothing here", "put the text in single quotes"
    if "quoted scalar" in told:
        where = f" in line {start.line + 1}" if start is not None else ""
        return f"a quotation mark{where} is never closed", "close it with the same mark"
    if marked := _MARKED.search(line):
        return _in_quotes(marked[1], marked[2])
    if re.search(r": +\?(?=\s*(?:[,}\]#]|$))", line):
        return "a question mark alone needs quotation marks", 'write "?" for what is still to be judged'
    if "expected ':'" in told and (glued := re.match(r"\s*([\w.-]{1,64})[:：]([^\s：].*)", line)):
        return "no blank after the colon", f"write {glued[1]}: {glued[2][:60].strip()}"
    if "\t" in line and "\\t" in told:
        return "a tab where none may stand", "write blanks in its place"
    *_, key = (None, *re.finditer(_KEY, line[: stop.column if stop else 0]))
    goes_on = re.search(r"mapping values|<block end>|got '(:|<scalar>)'", told)
    if key is not None and goes_on and _WHOLE.fullmatch(line[key.end() : stop.column]):
        ends = re.search(r"[,}\]]|$" if "flow" in told else "$", line[stop.column :])
        return _in_quotes(key[1], line[key.end() : stop.column + (ends.start() if ends else 0)])
    return next((message, hint) for sign, message, hint in _WORDS if sign in told)


def _in_quotes(key: str, value: str) -> tuple[str, str]:
    value = re.sub(r"^'(.*\w'\w.*)'$", r"\1", value.strip())  # 'Don't' lacks other marks, not more of them
    text = value[:200].replace("\\", "\\\\").replace('"', '\\"')
    return f"{value[:60]!r} needs quotation marks", f'write {key}: "{text}"'
