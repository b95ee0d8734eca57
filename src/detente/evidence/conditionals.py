"""What would follow from what? Conditionals of seven kinds, each with condition, consequence and speaker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from detente.evidence.grammar import group
from detente.evidence.pieces import lowered, pieces
from detente.evidence.records import Condition, Conditional, Document, Span, Statement
from detente.evidence.sentences import sentences

_MARKERS: tuple[tuple[Condition, str], ...] = (  # the longest of a start first
    (
        "even_if",
        r"even if|even when|regardless of (?:whether|how|what)|whether or not|no matter (?:whether|how|what|who)",
    ),
    (
        "only_if",
        r"if and only if|only if|only when|only once|only on condition that|only provided that|only in return for",
    ),
    ("unless", r"unless and until|unless|without|absent"),
    (
        "if",
        r"as long as|so long as|provided that|provided|providing that|providing|on (?:the )?condition that"
        r"|in return for|in exchange for|assuming that|in the event that|in the event of|if",
    ),
    (
        "depends_on",
        r"(?:depends?|depended|depending|hinges?|hinged) (?:up)?on(?: whether| how)?"
        r"|(?:is|are|was|were) (?:contingent|conditional) on",
    ),
)
_KEY = re.compile(
    "if|when|regardless|whether|matter|only|unless|without|absent|long|provid|condition|return|exchange|assuming|event|depend|hing|contingent"
)  # of every marker: the cheap test
_MARKER = re.compile("|".join(rf"(?P<{kind}>\b(?:{words})\b)" for kind, words in _MARKERS))
_POLARITY: dict[Condition, str] = {
    "if": "if_then", "only_if": "then_if", "unless": "if_not_then", "even_if": "regardless",
    "requirement": "then_if", "depends_on": "open", "hypothetical": "possible",
}  # fmt: skip
_INVERTED = re.compile(
    r"(?:\A|(?<=[“\"]))(?P<m>Should|Had|Were)(?=\s(?:the\s|an?\s|its\s|this\s|[A-Z]|it\s|they\s)[^,]{3,120},\s)"
)
_MODAL = r"(?:will|would|can|could|shall|should|may|might|must|cannot|won[’']t|is|are|was|were|do|does|did)"

_ASKED = re.compile(
    r"(?:\b(?:ask|wonder|know|knew|doubt|question|see|saw|decid|learn|check|determin|test|unclear|unsure|sure|inquir"
    r"|debat|discuss|tell|guess|matter|say|said)\w*(?:\s\w+){0,2}\s|\bas\s|\bwhat\s)\Z"
)
_NO_IF = re.compile(
    r"\s(?:any\b|anything|not\b(?=[\s,]+\w+[,.]?)|only\b|ever\b|so\b|you will|possible\b|necessary\b|need be)",
    re.IGNORECASE,
)
_PLAIN_PROVIDED = re.compile(r"\s(?:by|for|to|with)\b")
_MAY = re.compile(
    r"\b(?:would|will|can|could|may|might|shall|should|only|must|open to|ready to|willing to)\b"
)
_DOUBT = re.compile(
    r"\b(?:will|would|can|could|cannot|may|might|must|not|no|never|nothing|impossible|unlikely|doomed|fail\w*|difficult|hard"
    r"|unthinkable|risks?|hardly|useless|meaningless|hollow|collapses?)\b"
)
_NO_CONDITION = re.compile(
    r"\s(?:\w+ing\b|comment|warning|notice|exception|doubt|question|result|success|incident|delay|him|her|them)\b"
)
_SAID = (
    r"(?:said|says|say|warned|warns|warn|told\s\w+|added|adds|argued|argues|insisted|insists|claimed|claims|stated|noted|announced"
    r"|believes?|thinks?|fears?|feared|concede[sd]?|acknowledged|explained|predicted|reported|suggested|promised|pledged|stressed)"
)
_LEAD = re.compile(
    rf"(?:.*\b{_SAID}(?:\s(?:on|in|last|this)\s[^,]{{2,30}})?(?:,)?\s(?:that\s)?(?=\S))|(?:.*\b(?:that|whether)\s)",
    re.DOTALL,
)
_TAIL = re.compile(
    rf",\s[“”\"]?(?:[^,]{{2,70}}\s{_SAID}\b[^,]{{0,60}}|{_SAID}\s[^,]{{2,70}}|according to\s.{{2,80}})[.”\"]*\Z"
)
_SAYS = re.compile(rf",\s[^,]{{2,60}}\s{_SAID}\b")
_STOPS = re.compile(r"[;:()—]|,?\s(?:but|while|whereas|although)\s|,\s(?:and|so|yet|or)\s")
_REQUIRES = re.compile(
    r"\b(?P<m>(?:(?:will|would|may|might|could)\s)?(?:requires?|required|presupposes?|necessitates?)|(?:would|will)\sneed|needs)"
    r"\s(?!to\b|by\b|of\b)"
)
_FOR_TO = re.compile(
    r"\b[Ff]or\s(?P<c>[^,;]{2,90}?\sto\s[^,;]{2,60}),\s(?P<a>[^,;.]{2,60}?\s(?P<m>must"
    r"|w(?:ould|ill) have to|ha(?:s|ve) to"
    r"|needs? to|should)\s[^,;.]{2,140})"
)
_BEFORE = re.compile(
    r"[^,;.“]{2,80}?\s(?P<m>must|has to|have to|needs? to)\s(?P<a>[^,;.]{2,120}?)\sbefore\s(?P<c>[^,;.]{4,140})"
)
_NEED_FOR = re.compile(
    r"(?P<c0>[^,;.]{2,80}?)\s(?P<m>(?:is|are|remains?)\s(?:an?\s)?(?:pre-?condition|condition|prerequisite|must|essential|necessary"
    r"|indispensable|vital)\s(?:for|of|to))\s(?P<c>[^,;.]{2,100})"
    r"|\b(?P<m2>(?:pre-?condition|condition|prerequisite)\s(?:for|of))\s(?P<c2>[^,;.]{2,80}?)\s(?:is|are|was|remains)\s(?P<a2>[^,;.]{2,120})"
)
_CHANGE = (
    "win|withdrawal|collapse|defeat|victory|failure|escalation|breakdown|attack|invasion|deal|agreement|ceasefire|truce|veto|ban"
    "|embargo|blockade|default|coup|split|retreat|cut|cuts|loss|end|return|shift|change|move|strike|war|delay|rupture|halt"
    "|increase|reduction|reversal|concession|concessions|settlement|compromise|reset|thaw|rapprochement|miscalculation|expansion"
    "|removal|lifting|closure|breakthrough|stalemate|vacuum|surge|rise|fall|weakening|presence|pullout|sanctions|tariffs|levy"
)
_COMPARED = (
    "smaller|larger|weaker|stronger|lower|higher|fewer|deeper|longer|wider|closer|tougher|softer|bigger|reduced|further"
    "|faster|earlier"
)
_HYPOTHETICAL = re.compile(
    rf"(?:(?:an?|any|such an?|another|the|no|this|that)\s)?(?:(?:[\w’'-]+\s){{0,4}}?(?:{_CHANGE})"
    rf"|(?:[\w’'-]+\s){{0,2}}?(?:{_COMPARED})"
    rf"\s[\w’'-]+(?:\s[\w’'-]+)?|(?P<g>[\w-]+ing)\s(?:[\w’'-]+\s){{0,4}}?[\w’'-]+)(?:\s(?:of|in|by|from|to|on|with|between|over|at)\s[^,;]{{2,60}}?)?"
    r"\s(?P<m>could|would|might|may)\s(?P<c>(?!be\s(?:near|close|possible|reached|signed|made|held)|have\s(?:been|to)|not\sbe)[a-z][^;.]{3,160})",
)
_SUPPOSED = re.compile(r"\s(?:could|would|might|may)\s")
_OPENS = re.compile(r"\bthat\s|[;:,]\s|[“\"]|\bbut\s|\band\s")
_NO_GERUND = group("no_gerund")
_GATE = re.compile(
    r"\b(?:if|[Uu]nless|[Ww]ithout|absent|long as|[Pp]rovid(?:ed|ing)|condition|[Rr]egardless|[Ww]hether"
    r"|matter|[Oo]nly"
    r"|[Ii]n (?:return|exchange)"
    r"|[Aa]ssuming|event|depend\w*|hinge\w*|contingent|must|ha(?:s|ve) to|needs?|requir\w*|presuppos\w*|necess\w*"
    r"|could|would"
    r"|might|may|Should"
    r"|Had|Were|If|Even|Absent|prerequisite|essential)\b"
)
_LONGEST = 1_500
"""What goes on for longer is no sentence; it is read in pieces."""
_MOST = 12
"""Markers of one sentence; more is no sentence."""
_HEDGES = re.compile(
    r"\b(?:might|may|could|likely|unlikely|perhaps|probably|possibly|reportedly|apparently)\b"
)


class _Parts(NamedTuple):
    kind: Condition
    marker: Span
    antecedent: Span
    consequent: Span
    confidence: float


def conditionals(document: Document, statements: Sequence[Statement] = ()) -> tuple[Conditional, ...]:
    """Return the conditionals of a document, in order.

    Args:
        document: its text.
        statements: a conditional inside the content of one is its speaker's; all others are the author's.
    """
    found: list[Conditional] = []
    said = [(*content, s) for s in statements if s.voice == "actor" for content in s.content]
    for sentence in pieces(document.text, sentences(document.text, without=document.furniture), _LONGEST):
        if not _GATE.search(document.text, *sentence):
            continue
        kept: list[_Parts] = []
        for parts in (
            *_marked(document.text, sentence),
            *_required(document.text, sentence),
            *_hypothetical(document.text, sentence),
        ):
            if parts.kind == "hypothetical" and any(_touch(parts, other) for other in kept):
                continue
            if all(parts.marker != other.marker for other in kept):
                kept.append(parts)
        found += (_record(document.text, parts, said) for parts in sorted(kept, key=lambda p: p.marker))
    return tuple(found)


def _touch(a: _Parts, b: _Parts) -> bool:
    return any(
        x.start < y.end and y.start < x.end
        for x in (a.antecedent, a.consequent)
        for y in (b.antecedent, b.consequent)
    )


def _record(text: str, parts: _Parts, said: Sequence[tuple[int, int, Statement]]) -> Conditional:
    place = parts.marker.start
    owner = next((s for start, end, s in said if start <= place < end), None)
    speaker = (owner.head or (owner.speaker[0] if owner.speaker else None)) if owner else None
    start, end = parts.consequent
    return Conditional(
        marker=(parts.marker,),
        kind=parts.kind,
        antecedent=(parts.antecedent,),
        consequent=(parts.consequent,),
        polarity=_POLARITY[parts.kind],  # type: ignore[arg-type]
        speaker=speaker,
        hedges=tuple(Span(*m.span()) for m in _HEDGES.finditer(lowered(text), start, end)),
        confidence=parts.confidence,
    )


def _marked(text: str, sentence: Span) -> Iterator[_Parts]:
    """Yield conditionals that a conjunction or a preposition marks."""
    start, end = sentence
    low = lowered(text)
    words = low[start:end]
    marked = _KEY.search(words)
    for match in islice(_MARKER.finditer(low, start, end), _MOST) if marked else ():
        kind: Condition = match.lastgroup  # type: ignore[assignment]
        marker = Span(*match.span())
        if _trapped(text, sentence, match):
            continue
        parts = _depends(text, sentence, marker) if kind == "depends_on" else _split(text, sentence, marker)
        if parts is None:
            continue
        antecedent, consequent = parts
        words = consequent.of(text)
        if match[0].lower() in ("without", "absent") and not _DOUBT.search(words):
            continue
        if (
            kind == "if"
            and re.search(r"\bonly\b", words)
            and not re.search(r"\bonly\b\s(?:an?|the)\b", words)
        ):
            kind = "only_if"
        sure = (
            0.6
            if match[0].lower() in ("without", "in return for", "in exchange for", "provided", "absent")
            else 0.85
        )
        yield _Parts(kind, marker, antecedent, consequent, sure)
    inverted = _INVERTED.match(text, start, end)
    if inverted and (parts := _split(text, sentence, Span(*inverted.span("m")))):
        yield _Parts("if", Span(*inverted.span("m")), *parts, 0.8)


def _trapped(text: str, sentence: Span, match: re.Match[str]) -> bool:
    """Tell whether a marker marks no condition: "asked if", "as if", "few if any", "without comment", a title."""
    before, word = text[max(sentence.start, match.start() - 40) : match.start()], match[0].lower()
    after = text[match.end() : min(sentence.end, match.end() + 80)]
    if word == "if":
        title = re.match(r"(?:\s[A-Z][\w’']+){3,}", after)
        return bool(
            _ASKED.search(before)
            or _NO_IF.match(after)
            or title
            or (re.match(r"\s\w+,", after) and before.rstrip().endswith(","))
        )
    if word in ("without", "absent"):
        return bool(_NO_CONDITION.match(after)) or (
            word == "absent" and not re.search(r"(?:\A|,\s|\A.*[“\"])\Z", before)
        )
    if word in ("provided", "providing"):
        return bool(_PLAIN_PROVIDED.match(after)) or not _MAY.search(text, sentence.start, match.start())
    return False


def _split(text: str, sentence: Span, marker: Span) -> tuple[Span, Span] | None:
    """Return condition and consequence round a marker that opens its clause or stands between the two."""
    start = _clause_start(text, sentence, marker)
    end = _clause_end(text, sentence, marker.end)
    if not text[start : marker.start].strip(' “"‘,'):  # it opens the clause
        low = text[marker.start : marker.end].lower()
        comma = re.compile(r",\s").search(text, marker.end + 2, sentence.end)
        if low.startswith("only") and (
            turn := re.compile(rf"\s(?={_MODAL}\s)").search(text, marker.end, sentence.end)
        ):
            comma = turn if comma is None or turn.start() < comma.start() else comma
        bare = re.compile(r"\s\w[^,]*?(?=\s(?:the|an?|its|their|no|any|[A-Z]\w+)\s)").match(
            text, marker.end, sentence.end
        )
        if (
            low in ("without", "absent")
            and bare
            and (comma is None or _SAYS.match(text, comma.start(), sentence.end))
        ):
            return _pair(text, Span(*bare.span()), Span(bare.end(), _clause_end(text, sentence, bare.end())))
        if comma is None:
            return None
        aside = re.compile(rf"[^,]{{2,60}}\s{_SAID},\s").match(
            text, comma.end(), sentence.end
        )  # ", Cairo says, "
        first = aside.end() if aside else comma.end()
        return _pair(text, Span(marker.end, comma.start()), Span(first, _clause_end(text, sentence, first)))
    return _pair(text, Span(marker.end, end), Span(start, marker.start))


def _pair(text: str, antecedent: Span, consequent: Span) -> tuple[Span, Span] | None:
    a, c = _trim(text, antecedent), _trim(text, consequent)
    return (a, c) if a.end - a.start >= 3 and c.end - c.start >= 3 else None


def _trim(text: str, span: Span) -> Span:
    words = span.of(text)
    lead = len(words) - len(words.lstrip(' \n,;:“”"‘’(—'))
    joined = re.match(r"(?:and|but|so|then|yet|otherwise)\s", words[lead:], re.IGNORECASE)
    lead += joined.end() if joined else 0
    return Span(span.start + lead, max(span.start + lead, span.start + len(words.rstrip(' \n,;:.!?“”"‘’)—'))))


def _clause_start(text: str, sentence: Span, marker: Span) -> int:
    """Return where the clause of a marker begins: after a semicolon, "but", "said that", an opening mark."""
    start = sentence.start
    for stop in _STOPS.finditer(text, sentence.start, marker.start):
        start = stop.end()
    quote = max(text.rfind("“", start, marker.start), text.rfind('"', start, marker.start))
    start = quote + 1 if quote >= start else start
    lead = _LEAD.match(text, start, marker.start)
    return lead.end() if lead else start


def _clause_end(text: str, sentence: Span, start: int) -> int:
    end = sentence.end
    tail = _TAIL.search(text, start, end)
    end = tail.start() if tail else end
    stop = _STOPS.search(text, start, end)
    quote = text.find("”", start, end)
    return min(e for e in (end, stop.start() if stop else end, quote if quote > 0 else end))


def _depends(text: str, sentence: Span, marker: Span) -> tuple[Span, Span] | None:
    return _pair(
        text,
        Span(marker.end, _clause_end(text, sentence, marker.end)),
        Span(_clause_start(text, sentence, marker), marker.start),
    )


def _required(text: str, sentence: Span) -> Iterator[_Parts]:
    """Yield what must be for something else: "requires", "for C to hold, A must", "A must before C"."""
    start, end = sentence
    words = text[start:end]
    named = {
        _FOR_TO: "or " in words
        and re.search(r"\b[Ff]or\s[^,]+,.*\b(?:must|have to|has to|needs? to|should)\b", words, re.DOTALL),
        _BEFORE: " before " in words
        and re.search(r"\b(?:must|ha(?:s|ve) to|needs? to)\s.*\sbefore\s", words, re.DOTALL),
        _NEED_FOR: re.search(
            r"condition|prerequisite|essential|necessary|indispensable|vital|must for", words
        ),
    }
    for match in _FOR_TO.finditer(text, start, end) if named[_FOR_TO] else ():
        if pair := _pair(text, Span(*match.span("a")), Span(*match.span("c"))):
            yield _Parts("requirement", Span(*match.span("m")), *pair, 0.8)
    for match in _BEFORE.finditer(text, start, end) if named[_BEFORE] else ():
        if pair := _pair(text, Span(*match.span("a")), Span(*match.span("c"))):
            yield _Parts("requirement", Span(*match.span("m")), *pair, 0.7)
    for match in _NEED_FOR.finditer(text, start, end) if named[_NEED_FOR] else ():
        plain = match["m"] is not None
        spans = (match.span("c0"), match.span("c")) if plain else (match.span("a2"), match.span("c2"))
        if pair := _pair(text, Span(*spans[0]), Span(*spans[1])):
            yield _Parts("requirement", Span(*match.span("m" if plain else "m2")), *pair, 0.7)
    for match in _REQUIRES.finditer(text, start, end):
        marker = Span(*match.span("m"))
        before = text[max(start, marker.start - 12) : marker.start]
        if re.search(r"\b(?:is|are|was|were|be|been|as|it|he|she|they|the|its|their|who)\s\Z", before):
            continue
        first = _clause_start(text, sentence, marker)
        pair = _pair(
            text, Span(match.end(), _clause_end(text, sentence, match.end())), Span(first, marker.start)
        )
        if pair and pair[1].of(text)[:1].isalpha() and len(pair[1].of(text).split()) <= 14:
            yield _Parts("requirement", marker, *pair, 0.6)


def _hypothetical(text: str, sentence: Span) -> Iterator[_Parts]:
    """Yield causes that the text only supposes: "a smaller garrison could invite raids"."""
    (start, end), low = sentence, lowered(text)
    end_of_last = max((m.end() for m in _SUPPOSED.finditer(low, start, end)), default=start)
    opens = [start, *(m.end() for m in _OPENS.finditer(text, start, end_of_last))]
    for first in reversed(opens) if end_of_last > start else ():
        match = _HYPOTHETICAL.match(low, first, _clause_end(text, sentence, first))
        gerund = (match["g"] or "").lower() if match else ""
        if (
            match is None
            or gerund in _NO_GERUND
            or (gerund and " that " in match[0][: match.start("m") - match.start()])
        ):
            continue
        cause = Span(match.start(), match.start("m") - 1)
        if pair := _pair(text, cause, Span(*match.span("c"))):
            yield _Parts("hypothetical", Span(*match.span("m")), *pair, 0.4)
            return


__all__ = ["conditionals"]
