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


def _checked_hash(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError("a sha256 has 64 digits from 0 to 9 and a to f")
    return text


def _checked_span(text: str) -> str:
    found = re.fullmatch(r"(\d{1,9})-(\d{1,9})", text)
    if found is None or int(found[1]) >= int(found[2]):
        raise ValueError("a place is two numbers of characters, the first smaller: 1204-1290")
    return text


def _checked_url(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"']+", text):
        raise ValueError("a link starts with http:// or https:// and has no spaces or quotes")
    return text


class SpanOfSource(Part):
    """Where a statement stands in a document: by position and hash, never by its words.

    Attributes:
        at: first character and the one after the last, in code points of the stored text: ``1204-1290``.
        sha256: of the words in UTF-8.
    """

    at: Annotated[str, AfterValidator(_checked_span)]
    sha256: Annotated[str, AfterValidator(_checked_hash)]

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
    url: Annotated[Text, AfterValidator(_checked_url)] | None = None
    document: Annotated[str, AfterValidator(_checked_hash)] | None = None
    statements: Annotated[Frozen[SpanOfSource], Field(max_length=MAX_STATEMENTS)] = EMPTY
    reliability: Literal["A", "B", "C", "D", "E", "F"] | None = None
    credibility: Annotated[int, Field(ge=1, le=6)] | None = None


def cited(data: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield (path, source id) for every ``because`` in the data, in changes of scenarios too."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key == "because_each" or key.endswith(".because_each"):
                for one, those in as_mapping(value).items():
                    yield from _listed((*path, key, one), those)
            elif key == "because" or key.endswith(".because"):
                yield from _listed((*path, key), value)
            elif type(value) not in (str, int, float):
                yield from cited(value, (*path, key))
    elif isinstance(data, (list, tuple)):
        for number, value in enumerate(data):
            yield from cited(value, (*path, number))


def _listed(path: Path, citations: object) -> Iterator[tuple[Path, str]]:
    for number, citation in enumerate(listed(citations)):
        if isinstance(citation, str):  # what is no text the model tells
            yield (*path, number), citation


def source_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield sources that are cited and not there."""
    sources = as_mapping(data.get("sources"))
    named = [(where, *source.partition("#")[::2]) for where, source in cited(data)]
    unknown = [(where, source) for where, source, _ in named if source.strip() and source not in sources]
    for where, source, statement in named:
        there = as_mapping(as_mapping(sources.get(source)).get("statements"))
        if statement and there and statement not in there:
            message = f"the source {shortened(source)} has no statement {shortened(statement)}"
            yield Fault(where, message, hint=did_you_mean(statement, there))
    if unknown and not sources:
        if data.get("sources", {}) == {}:  # else the model tells
            yield absent("sources", unknown[0][0], unknown[0][1], len(unknown))
    else:
        for where, source in unknown:
            hint = did_you_mean(source, sources) or "add it under 'sources'"
            yield Fault(where, f"no source is called {shortened(source)}", hint=hint)


def source_warnings(case: Any, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield sources that nothing cites."""
    used = set(sources_of(source for _, source in cited(data)))
    for source in case.sources:
        if source not in used:
            way = "cite it with because, or remove it"
            yield warning(("sources", source), "the source is never cited", way)
