"""What does a language model find, and what of that stands in the text?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from detente.case.files import write_whole
from detente.evidence.merge import merge
from detente.evidence.model.asking import PROMPT_VERSION, SCHEMA, Chunk, Item, items, repair, request, split
from detente.evidence.model.endpoint import MODES, Endpoint, Refused, Reply, Unanswered
from detente.evidence.model.grounding import Place, Status, around, ground
from detente.evidence.records import Document, Record, Span, Statement
from detente.evidence.statements import statements as by_rules
from detente.evidence.statements.contents import kind_of

CONFIDENCE = 0.7
"""Of a statement that a model found and that stands in the text; by judgement, as no model is measured here."""
_ORDER: tuple[Status, ...] = ("exact", "normalised", "stripped", "parts", "fuzzy")


class Cache:
    """Raw replies by all that they depend on, one file each, written whole or not at all; or only for now."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.held: dict[str, str] = {}

    @staticmethod
    def key(parts: list[Any]) -> str:
        """Return the SHA-256 of the canonical JSON of what a reply depends on."""
        text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def get(self, name: str) -> str | None:
        """Return what was kept, or None; a file that cannot be read counts as none."""
        if name in self.held or self.folder is None:
            return self.held.get(name)
        try:
            return (self.folder / f"{name}.txt").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def put(self, name: str, text: str) -> None:
        """Keep a text."""
        self.held[name] = text
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self.folder / f"{name}.txt", text.encode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class Grounded:
    """A statement of the model that stands in the text, and how that is known."""

    statement: Statement
    status: Status
    """The lowest rung that one of its strings needed."""
    score: float
    request: str
    """Key of the raw reply in the cache."""


@dataclass(frozen=True, slots=True)
class Invented:
    """What the model worded and the text does not hold; kept to be looked at, never evidence."""

    item: Item
    field: str
    """``quote``, ``cue`` or ``speaker``: the first that was not found."""
    request: str


@dataclass(slots=True)
class Reading:
    """What came of asking a model about a document."""

    statements: tuple[Statement, ...] = ()
    """Rules and model merged, as evidence."""
    disputed: tuple[tuple[Statement, Statement], ...] = ()
    """Statements that both found, with different speakers."""
    grounded: list[Grounded] = field(default_factory=list)
    review: list[Grounded] = field(default_factory=list)
    """Found only nearly: for an analyst to decide, not among the statements."""
    invented: list[Invented] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    """Chunks that the model gave nothing usable for, and why; the rules' statements stand there."""
    requests: int = 0
    """Sent; answers from the cache do not count."""


def statements(
    document: Document,
    endpoint: Endpoint,
    cache: Cache | None = None,
    *,
    rules: Sequence[Statement] | None = None,
) -> Reading:
    """Ask a model for the statements of a document and merge them with those of the rules.

    A failure leaves the rules' statements and says so; a document is never left empty.

    Args:
        document: its text is sent, without furniture, to ``endpoint.address``, and nothing else of it.
        endpoint: where to ask.
        cache: raw replies; the same question is not asked twice.
        rules: the rules' statements, where they are known.
    """
    asked = _Asked(document, endpoint, cache or Cache())
    chunks = list(reversed(asked.chunks))
    while chunks:
        chunk = chunks.pop()
        try:
            name, found = asked.about(chunk)
        except _CutOffError:
            middle = (chunk.first + chunk.last) // 2
            chunks += [Chunk(middle, chunk.last), Chunk(chunk.first, middle)]
        except Unanswered as error:
            asked.reading.failures.append(f"sentences {chunk.first} to {chunk.last - 1}: {error}")
            if error.lasting:
                break
        else:
            asked.take(chunk, name, found)
    merged = merge(
        by_rules(document) if rules is None else rules, [one.statement for one in asked.reading.grounded]
    )
    asked.reading.statements, asked.reading.disputed = merged
    return asked.reading


class _CutOffError(Exception):
    """The reply ended at the server's limit."""


class _Asked:
    """One document being asked about."""

    def __init__(self, document: Document, endpoint: Endpoint, cache: Cache) -> None:
        self.document, self.endpoint, self.cache = document, endpoint, cache
        self.spans, self.chunks = split(document)
        self.reading = Reading()
        self.used: dict[str, list[Span]] = {"speaker": [], "cue": [], "quote": []}
        self.rung = Cache.key([endpoint.base_url, endpoint.model, "mode"])

    def about(self, chunk: Chunk) -> tuple[str, list[Item]]:
        """Return the key of the raw reply and its items."""
        mode = self.cache.get(self.rung)
        for rung in MODES[MODES.index(mode) if mode in MODES else 0 :]:
            body = request(self.endpoint, rung, self.document.text, self.spans, chunk)
            try:
                name, reply = self._reply(body, rung)
            except Refused as error:
                if rung == MODES[-1]:
                    raise Unanswered(str(error), lasting=True) from error
                continue
            self.cache.put(self.rung, rung)
            if reply.cut and chunk.last - chunk.first > 1:
                raise _CutOffError
            try:
                return name, items(reply.text)
            except ValueError as error:
                return self._again(repair(body, reply.text, str(error)), rung)
        raise AssertionError("the last rung returns or raises")

    def _again(self, body: dict[str, Any], rung: str) -> tuple[str, list[Item]]:
        try:
            name, reply = self._reply(body, rung)
            return name, items(reply.text)
        except (ValueError, Refused) as again:
            raise Unanswered(f"the reply could not be read, nor the one after it ({again})") from again

    def _reply(self, body: dict[str, Any], rung: str) -> tuple[str, Reply]:
        """Return the raw reply to a request, from the cache if it is there."""
        name = Cache.key([self.endpoint.base_url, self.endpoint.model, PROMPT_VERSION, SCHEMA, rung, body])
        held = self.cache.get(name)
        if held is not None:
            return name, Reply(held[1:], held[:1] == "!")
        self.reading.requests += 1
        reply = self.endpoint.ask(body)
        self.cache.put(name, ("!" if reply.cut else "=") + reply.text)
        return name, reply

    def take(self, chunk: Chunk, name: str, found: Sequence[Item]) -> None:
        """Search what the model worded in the text, and sort it by what came of that."""
        whole = Span(self.spans[chunk.first].start, self.spans[chunk.last - 1].end)
        for item in found:
            near = [around(self.spans, item.sent)] if chunk.first <= item.sent < chunk.last else []
            places: dict[str, Place] = {}
            for part in ("quote", "cue", "speaker"):
                query = getattr(item, part)
                place = ground(self.document.text, query, [*near, whole], self.used[part]) if query else None
                if place is not None:
                    places[part] = place
                elif query:
                    self.reading.invented.append(Invented(item, part, name))
                    break
            else:
                self._keep(name, places)

    def _keep(self, name: str, places: dict[str, Place]) -> None:
        status = max((place.status for place in places.values()), key=_ORDER.index)
        score = min(place.score for place in places.values())
        for part in ("quote", "cue"):
            self.used[part] += places[part].spans if part in places else ()
        speaker = places["speaker"].spans if "speaker" in places else ()
        content = places["quote"].spans
        statement = Statement(
            kind=kind_of(self.document.text, content),
            speaker=speaker,
            head=speaker[0] if speaker else None,
            cue=places["cue"].spans if "cue" in places else (),
            content=content,
            confidence=round(CONFIDENCE * score, 3),
            witnesses=("model",),
        )
        grounded = Grounded(statement, status, score, name)
        (self.reading.review if status == "fuzzy" else self.reading.grounded).append(grounded)


@dataclass(slots=True)
class Witness:
    """A model that reads each document after the rules.

    Attributes:
        endpoint: where it is asked.
        cache: its raw replies.
        readings: what came of each document, by its id.
    """

    endpoint: Endpoint
    cache: Cache
    readings: dict[str, Reading] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return what marks records that this model had a part in."""
        return f"model {self.endpoint.model}"

    def adds(self, document: Document, records: Sequence[Record]) -> tuple[Record, ...]:
        """Return the records with the statements of rules and model merged."""
        held = [one for one in records if isinstance(one, Statement)]
        others = [one for one in records if not isinstance(one, Statement)]
        reading = statements(document, self.endpoint, self.cache, rules=held)
        self.readings[document.id] = reading
        return tuple(sorted((*others, *reading.statements), key=lambda record: record.spans()))
