"""Where does an assertion come from, and what does it cost to find something out? Sources, and who is asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from detente.case.fields import EMPTY, Frozen, Part, PartialDate, Refers, real
from detente.case.reading import Path
from detente.case.shape import walk
from detente.case.text import Identifier, Name, Text, sources_of
from detente.case.validation import Fault, warning

MAX_SOURCES = 5_000
MAX_STATEMENTS = 5_000
MAX_ASKED = 12_000
MOST_COST = 1e12
_ONE = "name an actor, an issue or a source"
_ASKED = Refers("actors", ("issues", "sources"), noun="actor, issue or source", way=_ONE)
AskedId = Annotated[Identifier, _ASKED]


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
    """Where a statement stands in a document: by position and hash, never by its words."""

    at: Annotated[str, AfterValidator(_span)]
    sha256: Hash

    @property
    def span(self) -> tuple[int, int]:
        """Return the first character and the one after the last."""
        start, _, end = self.at.partition("-")
        return int(start), int(end)


class Source(Part):
    """Where an assertion comes from."""

    title: Name
    publisher: Name | None = None
    author: Name | None = None
    date: PartialDate | None = None
    url: Annotated[Text, _like(r"https?://[^\s<>\"']+", _LINK)] | None = None
    document: Hash | None = None
    statements: Annotated[Frozen[SpanOfSource], Field(max_length=MAX_STATEMENTS)] = EMPTY
    reliability: Literal["A", "B", "C", "D", "E", "F"] | None = None
    credibility: Annotated[int, Field(ge=1, le=6)] | None = None


class Asked(Part):
    """Somebody whom, or something that, one can ask; its ``note`` says what asking would take."""

    cost: Annotated[float, Field(gt=0, le=MOST_COST, allow_inf_nan=False), BeforeValidator(real)]


def cited(case: Any) -> Iterator[tuple[Path, str]]:
    """Yield (path, citation) of all that a case cites, and of texts in changes of scenarios that are citations."""
    for spot in walk(type(case), case, Refers):
        if spot.mark.part == "sources":
            yield spot.path, spot.value
    for key, scenario in case.scenarios.items():
        for change, value in scenario.changes.items():
            texts = re.findall('"([^"]+)"', json.dumps([value], ensure_ascii=False))
            of_source = (one for one in texts if one.partition("#")[0] in case.sources)
            yield from ((("scenarios", key, "changes", change), one) for one in of_source)


def source_warnings(case: Any, _: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield sources that nothing cites."""
    used = set(sources_of(citation for _, citation in cited(case)))
    for source in case.sources:
        if source not in used:
            way = "cite it with because, or remove it"
            yield warning(("sources", source), "the source is never cited", way)
