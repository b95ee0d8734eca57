"""What would follow from what? Conditionals of seven kinds, each with condition, consequence and speaker.

The expressions stand in ``lists/conditionals.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from detente.evidence.lists import expressions, group, toml
from detente.evidence.records import Condition, Conditional, Document, Span, Statement, speaking
from detente.evidence.table import lowered, tables

_IS = expressions("conditionals")
_MARKER = re.compile(
    "|".join(rf"(?P<{kind}>\b(?:{words})\b)" for kind, words in toml("conditionals")["markers"].items())
)
_WORDS = {name: frozenset(held.split()) for name, held in toml("conditionals")["words"].items()}
_REQUIREMENTS = [
    (re.compile(one["pattern"]), float(one["sure"])) for one in toml("conditionals")["requirements"].values()
]
_POLARITY: dict[Condition, str] = {
    "if": "if_then", "only_if": "then_if", "unless": "if_not_then", "even_if": "regardless",
    "requirement": "then_if", "depends_on": "open", "hypothetical": "possible",
}  # fmt: skip
_WEAK = ("without", "in return for", "in exchange for", "provided", "absent")
_COMMA = re.compile(r",\s")
_MARKS = ' \n,;:“”"‘’(—'
_MOST = 12  # markers of one sentence; more is no sentence


_Parts: TypeAlias = tuple[
    Condition, Span, Span, Span, float
]  # kind, marker, antecedent, consequent, confidence


def conditionals(document: Document, statements: Sequence[Statement] = ()) -> tuple[Conditional, ...]:
    """Return the conditionals of a document, in order; inside the content of a statement it is its speaker's."""
    text, found = document.text, list[Conditional]()
    said = speaking(one for one in statements if one.voice == "actor")
    for sentence, words in (one for table in tables(document) for one in table.worded):
        kept: dict[Span, _Parts] = {}
        for finder in (_marked, _required, _hypothetical):
            for parts in finder(text, sentence) if not words.isdisjoint(_WORDS[finder.__name__[1:]]) else ():
                kept.setdefault(parts[1], parts)
        for kind, marker, antecedent, consequent, confidence in (kept[marker] for marker in sorted(kept)):
            owner, hedges = said(marker.start), _IS["hedges"].finditer(lowered(text), *consequent)
            found.append(
                Conditional(
                    marker=(marker,),
                    kind=kind,
                    antecedent=(antecedent,),
                    consequent=(consequent,),
                    polarity=_POLARITY[kind],  # type: ignore[arg-type]
                    speaker=(owner.head or next(iter(owner.speaker), None)) if owner else None,
                    hedges=tuple(Span(*hedge.span()) for hedge in hedges),
                    confidence=confidence,
                )
            )
    return tuple(found)


def _marked(text: str, sentence: Span) -> Iterator[_Parts]:
    """Yield conditionals that a conjunction or a preposition marks."""
    for match in islice(_MARKER.finditer(lowered(text), *sentence), _MOST):
        kind: Condition = match.lastgroup  # type: ignore[assignment]
        marker = Span(*match.span())
        pair = None if _trapped(text, sentence, match) else _split(text, sentence, marker, kind)
        if pair is None:
            continue
        words = pair[1].of(text)
        if match[0] in ("without", "absent") and not _IS["doubt"].search(words):
            continue
        if kind == "if" and _IS["only"].search(words):
            kind = "only_if"
        yield kind, marker, *pair, 0.6 if match[0] in _WEAK else 0.85
    inverted = _IS["inverted"].match(text, *sentence)
    if inverted and (pair := _split(text, sentence, marker := Span(*inverted.span("m")), "if")):
        yield "if", marker, *pair, 0.8


def _trapped(text: str, sentence: Span, match: re.Match[str]) -> bool:
    """Tell whether a marker marks no condition: "asked if", "as if", "few if any", a title, "provided a list"."""
    before = text[max(sentence.start, match.start() - 40) : match.start()]
    after = text[match.end() : min(sentence.end, match.end() + 80)]
    if match[0] == "if":
        aside = before.rstrip().endswith(",") and _IS["aside"].match(after)
        return bool(_IS["asked"].search(before) or _IS["no_if"].match(after) or aside)
    provided = match[0] in ("provided", "providing")
    return provided and not _IS["may"].search(text, sentence.start, match.start())


def _split(text: str, sentence: Span, marker: Span, kind: Condition) -> tuple[Span, Span] | None:
    """Return condition and consequence round a marker that opens its clause or stands between the two."""
    start, end = _clause_start(text, sentence, marker), _clause_end(text, sentence, marker.end)
    if kind == "depends_on" or text[start : marker.start].strip(' “"‘,'):
        return _pair(text, Span(marker.end, end), Span(start, marker.start))
    low = marker.of(text).lower()
    comma = _COMMA.search(text, marker.end + 2, sentence.end)
    turn = _IS["turn"].search(text, marker.end, sentence.end) if low.startswith("only") else None
    if turn and (comma is None or turn.start() < comma.start()):
        comma = turn
    if comma is None:
        bare = _IS["bare"].match(text, marker.end, sentence.end) if low in ("without", "absent") else None
        return _pair(text, Span(*bare.span()), Span(bare.end(), end)) if bare else None
    aside = _IS["says"].match(text, comma.end(), sentence.end)  # ", Cairo says, "
    first = aside.end() if aside else comma.end()
    return _pair(text, Span(marker.end, comma.start()), Span(first, _clause_end(text, sentence, first)))


def _pair(text: str, antecedent: Span, consequent: Span) -> tuple[Span, Span] | None:
    a, c = _trim(text, antecedent), _trim(text, consequent)
    return (a, c) if a.end - a.start >= 3 and c.end - c.start >= 3 else None


def _trim(text: str, span: Span) -> Span:
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip(_MARKS))
    end = max(start, span.start + len(words.rstrip(_MARKS + ".!?)”")))
    kept = text[start:end]
    return Span(start, end + (text[end : end + 1] == "”" and kept.count("“") > kept.count("”")))


def _clause_start(text: str, sentence: Span, marker: Span) -> int:
    """Return where the clause of a marker begins: after a semicolon, "but", "said that", an opening mark."""
    start = max(
        (m.end() for m in _IS["stops"].finditer(text, sentence.start, marker.start)), default=sentence.start
    )
    quote = text.rfind("“", start, marker.start)
    if quote > text.rfind("”", start, marker.start):  # one that is still open
        start = quote + 1
    lead = _IS["lead"].match(text, start, marker.start)
    return lead.end() if lead else start


def _clause_end(text: str, sentence: Span, start: int) -> int:
    tail = _IS["tail"].search(text, start, sentence.end)
    end = tail.start() if tail else sentence.end
    stop, quote = _IS["stops"].search(text, start, end), text.find("”", start, end)
    return min(end, stop.start() if stop else end, quote if quote > 0 else end)


def _required(text: str, sentence: Span) -> Iterator[_Parts]:
    """Yield what must be for something else: "requires", "for C to hold, A must", "A must before C"."""
    for pattern, sure in _REQUIREMENTS:
        for match in pattern.finditer(text, *sentence):
            if pair := _pair(text, Span(*match.span("a")), Span(*match.span("c"))):
                yield "requirement", Span(*match.span("m")), *pair, sure
    for match in _IS["requires"].finditer(text, *sentence):
        marker = Span(*match.span("m"))
        needed = Span(match.end(), _clause_end(text, sentence, match.end()))
        pair = _pair(text, needed, Span(_clause_start(text, sentence, marker), marker.start))
        if pair and len(pair[1].of(text).split()) <= 14:
            yield "requirement", marker, *pair, 0.6


def _hypothetical(text: str, sentence: Span) -> Iterator[_Parts]:
    """Yield causes that the text only supposes: "a smaller garrison could invite raids"."""
    low, start = lowered(text), sentence.start
    last = max((m.end() for m in _IS["supposed"].finditer(low, *sentence)), default=start)
    opens = [start, *(m.end() for m in _IS["opens"].finditer(text, start, last))] if last > start else []
    for first in reversed(opens):
        match = _IS["hypothetical"].match(low, first, _clause_end(text, sentence, first))
        if match is None or match["g"] in group("no_gerund"):
            continue
        if pair := _pair(text, Span(match.start(), match.start("m") - 1), Span(*match.span("c"))):
            yield "hypothetical", Span(*match.span("m")), *pair, 0.4
            return
