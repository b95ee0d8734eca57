"""What was found in a document? Statements, events, dates, conditionals, positions and actors, each at its span.

Offsets are 0-based, half-open, in Unicode code points of the stored text (Python's ``str``), before any
normalisation. Every field that quotes a document holds spans and never words, so that a record may be kept and
shared where the document may not. A field of spans is sorted and disjoint; a piece of content that a clause
interrupts ("“We will wait,” Lobo said, “until May.”") has two.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any, ClassVar, Literal, NamedTuple, Self, TypeAlias

Kind: TypeAlias = Literal["direct", "mixed", "indirect", "nominal"]
Granularity: TypeAlias = Literal[
    "day", "week", "month", "quarter", "season", "year", "decade", "century", "period"
]
Condition: TypeAlias = Literal[
    "if", "only_if", "unless", "even_if", "requirement", "depends_on", "hypothetical"
]
Stance: TypeAlias = Literal[
    "demands", "supports", "open", "conditional", "reluctant", "opposes", "rejects", "unclear"
]


class Span(NamedTuple):
    """Characters ``start`` (included) to ``end`` (excluded) of the stored text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the words."""
        return text[self.start : self.end]


Spans: TypeAlias = tuple[Span, ...]


def common(one: Iterable[Span], other: Iterable[Span]) -> int:
    """Return how many characters two fields share."""
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)


def overlap(one: Spans, other: Spans) -> float:
    """Return F of two fields as sets of characters."""
    size = sum(span.end - span.start for span in (*one, *other))
    return 2 * common(one, other) / size if size else 0.0


def said(spans: Spans, text: str) -> str:
    """Return the words of spans on one line, with an ellipsis between pieces."""
    return " … ".join(" ".join(span.of(text).split()) for span in spans)


def digest(words: str) -> str:
    """Return the SHA-256 of words in UTF-8 (a lone surrogate stands as it is)."""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


_kept_digest = lru_cache(maxsize=2)(digest)  # every record of a document asks


def unmarked(text: str, furniture: Spans) -> Iterator[str]:
    """Yield what stands before, between and after the furniture of a text."""
    at = 0
    for start, end in (*furniture, (len(text), len(text))):
        yield text[at:start]
        at = end


def shortened(text: str, most: int) -> str:
    """Return a text on one line, of at most so many characters."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it is read: its text, once decoded, and what is known of it."""

    id: str  # what a case writes: `medvedev-2024-11`
    text: str
    sha256: str  # of the bytes of the file
    media_type: str = "text/plain"
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    date: date | None = None
    url: str | None = None
    language: str | None = "en"  # BCP 47; a text whose language is not read is stored and marked so
    licence: str | None = None
    furniture: Spans = ()  # menus, bylines, comment prompts: marked, not cut; nothing is read from them
    notes: tuple[str, ...] = ()  # of how it was read: a guessed encoding, a language that is not read

    @property
    def day(self) -> str | None:
        """The date as a case writes it."""
        return self.date.isoformat() if self.date else None

    @property
    def text_sha256(self) -> str:
        """The hash of the stored text."""
        return _kept_digest(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What every record has. ``id`` is stable: it follows from the document, the kind and the spans."""

    record: ClassVar[str]
    whose: ClassVar[tuple[str, ...]] = ()  # fields that name whose it is; the first that is not empty counts
    about: ClassVar[tuple[str, ...]] = ()  # fields of what it says, likewise
    confidence: float = 1.0
    witnesses: tuple[str, ...] = ("rules",)  # who found it: `rules`, `parser`, `model`, `analyst`

    def spans(self) -> Spans:
        """Return every span of the record, sorted."""
        found: set[Span] = set()
        for name in span_fields(self.record):
            if value := getattr(self, name):
                found.update((value,) if type(value) is Span else value)
        return tuple(sorted(found))

    def first(self, *names: str) -> Spans:
        """Return the spans of the first of some fields that holds any."""
        for name in names:
            if value := getattr(self, name):
                return (value,) if isinstance(value, Span) else value
        return ()

    def marks(self) -> Spans:
        """Return the characters that the record is about; all its spans where no field tells."""
        return self.first(*self.about) or self.spans()

    def id(self, document: Document, spans: Spans | None = None) -> str:
        """Return the stable id in a document, twelve hexadecimal digits; with spans that are known already."""
        at = "".join([f"\n{start}-{end}" for start, end in spans or self.spans()])
        return hashlib.sha256(f"{document.text_sha256}\n{self.record}{at}".encode()).hexdigest()[:12]

    def placed(self, found: Mapping[Span, Span]) -> Self | None:
        """Return the record with its spans in another text; None where a field would lose all of its own."""
        changes: dict[str, Any] = {}
        for name in span_fields(self.record):
            if value := getattr(self, name):
                one = isinstance(value, Span)
                kept = found.get(value) if one else tuple(sorted({found[at] for at in value if at in found}))
                if not kept:
                    return None
                changes[name] = kept
        return replace(self, **changes)


@cache
def span_fields(kind: str) -> tuple[str, ...]:
    """Return the fields of a kind of record that hold spans."""
    return tuple(held.name for held in fields(RECORDS[kind]) if str(held.type).startswith("Span"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whom a mention may mean, with a score of 0 to 1 and the reason (list, entry, version)."""

    code: str  # `KEN`, `KEN+GOV`, an entry of a list, or the name that the document introduces
    name: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor(Found):
    """A name in the text: all its mentions, and whom they may mean, the likeliest first."""

    record = "actor"
    name: str
    type: str  # `country`, `government`, `legislature`, `military`, `person`, `organisation`, `group` …
    mentions: Spans
    candidates: tuple[Candidate, ...] = ()
    contested: bool = False

    def marks(self) -> Spans:
        """Return the first mention."""
        return self.mentions[:1]

    @property
    def code(self) -> str | None:
        """The likeliest meaning."""
        return self.candidates[0].code if self.candidates else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Found):
    """Somebody's words or thoughts as the document reports them."""

    record = "statement"
    whose = ("speaker", "head")
    about = ("content", "cue")
    kind: Kind
    speaker: Spans = ()  # with titles and apposition
    head: Span | None = None  # the name or pronoun itself
    cue: Spans
    content: Spans = ()  # empty where somebody declined to speak
    voice: Literal["actor", "author"] = "actor"  # who vouches; what the author infers is nobody's statement
    negated: bool = False
    hedges: Spans = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DateFound(Found):
    """A date as an interval of days [lo, hi); an end that is open is None."""

    record = "date"
    about = ("span",)
    span: Span
    lo: date | None
    hi: date | None
    granularity: Granularity
    anchor: Literal["explicit", "document", "none"]
    certainty: Literal["stated", "approximate", "inferred"] = "stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Found):
    """An act that the document reports, in the classes of PLOVER with the code of CAMEO."""

    record = "event"
    whose = ("source_spans",)
    about = ("trigger",)
    source: tuple[str, ...]  # codes of actors
    target: tuple[str, ...] = ()
    act: str  # a class of PLOVER (`AGREE`, `ASSAULT` …); `APPEAL` and `STATEMENT` are of CAMEO alone
    cameo: str | None = None
    mode: str | None = None
    context: str | None = None
    trigger: Spans
    source_spans: Spans = ()
    target_spans: Spans = ()
    date: Span | None = None
    factuality: Literal["reported", "denied", "planned", "possible", "past"] = "reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional(Found):
    """What would follow from what, as somebody says."""

    record = "conditional"
    whose = ("speaker",)
    marker: Spans
    kind: Condition
    antecedent: Spans
    consequent: Spans
    polarity: Literal["if_then", "then_if", "if_not_then", "regardless", "open", "possible"]
    """A→C, C→A, ¬A→C, C whatever A, a link of open direction, A→possible C."""
    speaker: Span | None = None  # head of the speaker in whose words it stands; None is the author
    hedges: Spans = ()

    def marks(self) -> Spans:
        """Return marker, antecedent and consequent."""
        return tuple(sorted({*self.marker, *self.antecedent, *self.consequent}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Position(Found):
    """What somebody wants on an issue, as reported or as the author infers."""

    record = "position"
    whose = ("holder",)
    about = ("evidence",)
    holder: Spans
    issue: Spans  # the words that name the issue
    stance: Stance
    evidence: Spans
    basis: Literal["reported", "author"] = "reported"
    date: Span | None = None


def speaking(statements: Iterable[Statement]) -> Callable[[int], Statement | None]:
    """Return what tells the first statement in whose content a character stands, in long documents as fast."""
    contents = [(*span, number, one) for number, one in enumerate(statements) for span in one.content]
    contents.sort(key=lambda held: held[:3])
    starts = [held[0] for held in contents]
    reached = [*accumulate((held[1] for held in contents), max)]

    def at(place: int) -> Statement | None:
        last = first = bisect_right(starts, place)
        while first and reached[first - 1] > place:
            first -= 1
        over = [held for held in contents[first:last] if held[1] > place]
        return min(over, key=lambda held: held[2])[3] if over else None

    return at


Record: TypeAlias = Actor | Statement | DateFound | Event | Conditional | Position
RECORDS: dict[str, type[Record]] = {
    kind.record: kind for kind in (Actor, Statement, DateFound, Event, Conditional, Position)
}
"""Every kind of record by its name; a new kind is written here once."""
