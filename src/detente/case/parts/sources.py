"""Where does an assertion come from? The sources that ``because`` cites."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from detente.case.fields import EMPTY, Frozen, Part, PartialDate
from detente.case.reading import Path
from detente.case.shape import listed
from detente.case.text import Name, Text, sources_of
from detente.case.validation import Fault, absent, as_mapping, shortened, warning
from detente.errors import did_you_mean

MAX_SOURCES = 5_000
MAX_STATEMENTS = 5_000


def _span(text: str) -> str:
    found = re.fullmatch(r"(\d{1,9})-(\d{1,9})", text)
    if found is None or int(found[1]) >= int(found[2]):
        raise ValueError("a place is two numbers of characters, the first smaller: 1204-1290")
    return text


def _like(pattern: str, otherwise: str) -> AfterValidator:
    def checked(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(otherwise)
        return text

    return AfterValidator(checked)


Hash = Annotated[str, _like(r"[0-9a-f]{64}", "a sha256 has 64 digits from 0 to 9 and a to f")]
_LINK = "a link starts with http:// or https:// and has no spaces or quotes"


class SpanOfSource(Part):
    """Where a statement stands in a document: by position and hash, never by its words.

    Attributes:
        at: first character and the one after the last, in code points of the stored text: ``1204-1290``.
        sha256: of the words in UTF-8.
    """

    at: Annotated[str, AfterValidator(_span)]
    sha256: Hash

    @property
    def span(self) -> tuple[int, int]:
        """Return the first character and the one after the last."""
        start, _, end = self.at.partition("-")
        return int(start), int(end)


class Source(Part):
    """Where an assertion comes from.

    Attributes:
        document: sha256 of the text of the document, as a store of evidence holds it.
        statements: label → where the statement stands in it; ``because: [source#label]`` cites it.
        reliability: of the source, from A, completely reliable, to E, unreliable; F cannot be judged.
        credibility: of what it says, from 1, confirmed by others, to 5, improbable; 6 cannot be judged.
            Both scales are those of the NATO grading (AJP-2.1).
    """

    title: Name
    publisher: Name | None = None
    author: Name | None = None
    date: PartialDate | None = None
    url: Annotated[Text, _like(r"https?://[^\s<>\"']+", _LINK)] | None = None
    document: Hash | None = None
    statements: Annotated[Frozen[SpanOfSource], Field(max_length=MAX_STATEMENTS)] = EMPTY
    reliability: Literal["A", "B", "C", "D", "E", "F"] | None = None
    credibility: Annotated[int, Field(ge=1, le=6)] | None = None


def cited(data: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield (path, citation) for every ``because`` in the data, in changes of scenarios too."""
    items = (
        data.items()
        if isinstance(data, Mapping)
        else enumerate(data if isinstance(data, (list, tuple)) else ())
    )
    for key, value in items:
        last = str(key).rpartition(".")[2]
        lists = [((*path, key), value)] if last == "because" else []
        if last == "because_each":
            lists = [((*path, key, one), those) for one, those in as_mapping(value).items()]
        for where, those in lists:
            texts = ((number, one) for number, one in enumerate(listed(those)) if isinstance(one, str))
            yield from (((*where, number), one) for number, one in texts)
        if not lists and type(value) not in (str, int, float):
            yield from cited(value, (*path, key))


def source_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield sources that are cited and not there, and statements that they do not have."""
    sources = as_mapping(data.get("sources"))
    named = [(where, *citation.partition("#")[::2]) for where, citation in cited(data)]
    unknown = [(where, source) for where, source, _ in named if source.strip() and source not in sources]
    for where, source, statement in named:
        there = as_mapping(sources, source, "statements")
        if statement and there and statement not in there:
            message = f"the source {shortened(source)} has no statement {shortened(statement)}"
            yield Fault(where, message, hint=did_you_mean(statement, there))
    for where, source in unknown if sources else ():
        hint = did_you_mean(source, sources) or "add it under 'sources'"
        yield Fault(where, f"no source is called {shortened(source)}", hint=hint)
    if unknown and not sources and data.get("sources", {}) == {}:  # else the model tells
        yield absent("sources", unknown[0][0], unknown[0][1], len(unknown))


def source_warnings(case: Any, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield sources that nothing cites."""
    used = set(sources_of(source for _, source in cited(data)))
    for source in case.sources:
        if source not in used:
            way = "cite it with because, or remove it"
            yield warning(("sources", source), "the source is never cited", way)
