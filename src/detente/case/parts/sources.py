"""Where does an assertion come from? The sources that ``because`` cites."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator

from detente.case.fields import Part, PartialDate
from detente.case.reading import Path
from detente.case.shape import listed
from detente.case.text import Name, Text
from detente.case.validation import Fault, absent, as_mapping, shortened, warning
from detente.errors import did_you_mean

MAX_SOURCES = 5_000


def _checked_url(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"']+", text):
        raise ValueError("a link starts with http:// or https:// and has no spaces or quotes")
    return text


class Source(Part):
    """Where an assertion comes from."""

    title: Name
    publisher: Name | None = None
    author: Name | None = None
    date: PartialDate | None = None
    url: Annotated[Text, AfterValidator(_checked_url)] | None = None


def cited(data: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield (path, source id) for every ``because`` in the data, in changes of scenarios too."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key == "because" or key.endswith(".because"):
                for number, source in enumerate(listed(value)):
                    if isinstance(source, str):  # what is no text the model tells
                        yield (*path, key, number), source
            else:
                yield from cited(value, (*path, key))
    elif isinstance(data, (list, tuple)):
        for number, value in enumerate(data):
            yield from cited(value, (*path, number))


def source_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield sources that are cited and not there."""
    sources = as_mapping(data.get("sources"))
    unknown = [(where, source) for where, source in cited(data) if source.strip() and source not in sources]
    if unknown and not sources:
        if data.get("sources", {}) == {}:  # else the model tells
            yield absent("sources", unknown[0][0], unknown[0][1], len(unknown))
    else:
        for where, source in unknown:
            hint = did_you_mean(source, sources) or "add it under 'sources'"
            yield Fault(where, f"no source is called {shortened(source)}", hint=hint)


def source_warnings(case: Any, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield sources that nothing cites."""
    used = {source for _, source in cited(data)}
    for source in case.sources:
        if source not in used:
            way = "cite it with because, or remove it"
            yield warning(("sources", source), "the source is never cited", way)
