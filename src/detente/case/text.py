"""Which text may a case hold? NFC-normalised, without characters that hide or reorder what a reader sees."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

MAX_TEXT = 20_000
MAX_NAME = 300
MOST_MARKS = 30  # as in stream-safe text, Unicode Standard Annex 15
# Controls but tab and line ends, bidirectional overrides and isolates, line separators, non-characters.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
IDENTIFIER = re.compile(r"[^\W_][\w-]{0,63}")


def forbidden_characters(text: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, name such as ``U+202E RIGHT-TO-LEFT OVERRIDE``) of every character that is refused."""
    for match in FORBIDDEN.finditer(text):
        character = match.group()
        name = unicodedata.name(character, "control character")
        yield match.start(), f"U+{ord(character):04X} {name}"


def normal(text: str) -> str:
    """Return the text in Unicode normal form C; more marks on one letter than any script writes are refused."""
    if text.isascii():
        return text
    run = 0
    for character in "x".join(re.findall(rf"\W{{{MOST_MARKS},}}", text)):  # marks are no letters
        run = run + 1 if unicodedata.combining(character) else 0
        if run > MOST_MARKS:
            raise ValueError(f"more than {MOST_MARKS} combining marks on one letter; remove them")
    return unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """Return the text in Unicode normal form C; a `ValueError` tells a forbidden character and where it stands."""
    if text.isascii() and text.isprintable():  # as nearly all are
        return text
    if FORBIDDEN.search(text):
        offset, name = next(forbidden_characters(text))
        raise ValueError(f"character {offset + 1} is {name}, which a case may not hold; remove it")
    return normal(text)


@lru_cache(4_096)  # a case names an actor on every issue
def checked_identifier(text: str) -> str:
    """Return an id in normal form C; a `ValueError` says what it may hold."""
    text = clean(text)
    if not IDENTIFIER.fullmatch(text):
        only = "only letters, digits, '_' and '-', at most 64"
        raise ValueError(f"an id starts with a letter or digit and has {only}; for example {slug(text)!r}")
    return text


def slug(name: str, taken: frozenset[str] | set[str] = frozenset(), fallback: str = "item") -> str:
    """Return an id made from a free name, unlike any in ``taken``.

    >>> slug("Community Gov't"), slug("EU", {"eu"})
    ('community-govt', 'eu-2')
    """
    text = unicodedata.normalize("NFC", name[:MAX_NAME]).casefold()
    text = re.sub(r"['’`]", "", text)
    text = re.sub(r"[^\w]+", "-", text).strip("-_")[:60].rstrip("-_") or fallback
    if text not in taken:
        return text
    start, low, high = text[:56], 1, 2
    while f"{start}-{high}" in taken:
        low, high = high, 2 * high
    while high - low > 1:  # thousands may share a name: the next number is found by halving
        middle = (low + high) // 2
        low, high = (middle, high) if f"{start}-{middle}" in taken else (low, middle)
    return f"{start}-{high}"


def checked_citation(text: str) -> str:
    """Return what ``because`` cites: the id of a source and, after ``#``, one of its statements."""
    source, mark, statement = clean(text).partition("#")
    checked_identifier(source)
    if mark:
        checked_identifier(statement)
    return source + mark + statement


def sources_of(because: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of the sources that citations name, each once.

    >>> sources_of(["medvedev-2024-11#s3", "medvedev-2024-11#s5", "sipri"])
    ('medvedev-2024-11', 'sipri')
    """
    return tuple(dict.fromkeys(citation.partition("#")[0] for citation in because))


def apart(named: Mapping[str, str], whose: Mapping[str, str]) -> dict[str, str]:
    """Return key → name; where several have the same, with whose it is, and the key where that is the same too.

    >>> apart({"rada": "Parliament", "duma": "Parliament", "eu": "Union"}, {"rada": "Ukraine", "duma": "Russia"})
    {'rada': 'Parliament (Ukraine)', 'duma': 'Parliament (Russia)', 'eu': 'Union'}
    """
    told = {key: (name, whose.get(key, "")) for key, name in named.items()}
    same, alike = Counter(named.values()), Counter(told.values())
    found = {}
    for key, (name, of) in told.items():
        marks = [of] if of else []
        marks += [key] if alike[name, of] > 1 or not of else []
        found[key] = f"{name} ({', '.join(marks)})" if same[name] > 1 else name
    return found


Text = Annotated[str, StringConstraints(max_length=MAX_TEXT), AfterValidator(clean)]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NAME), AfterValidator(clean)
]
Identifier = Annotated[str, AfterValidator(checked_identifier)]
Citation = Annotated[str, AfterValidator(checked_citation)]
