"""Which statements have no verb as cue? ``according to``, ``in X's view``, ``X:``, ``“…” — X``, nouns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from detente.evidence.grammar import forms
from detente.evidence.lists import group, words
from detente.evidence.records import Span
from detente.evidence.statements.speakers import phrase
from detente.evidence.statements.weigh import Candidate
from detente.evidence.table import DASHES, Sentence, Token

_ENDS = (",", *DASHES, ";", ":", ".")
_OWNED = ("’s", "'s", "’", "his", "her", "their", "its", "my", "our")
_NAME = 7
"""Pieces of a name with its title before a colon or after a dash."""


def others(sentence: Sentence) -> Iterator[Candidate]:
    """Return the candidates of a sentence that have no verb as cue."""
    tokens = sentence.tokens
    for at in [at for at, token in enumerate(tokens) if token[2] in _starts()]:
        if tokens[at].lower == "according":
            yield from _around("according to", tokens, at, (at, at + 2), at + 2, _end(tokens, at + 2, _ENDS))
        elif tokens[at].lower in group("views") and at and tokens[at - 1].lower in _OWNED:
            first = next((p for p in range(at - 1, max(-1, at - 9), -1) if tokens[p].lower == "in"), None)
            if first is not None and _end(tokens, at + 1, (",",)) in (at + 1, len(tokens)):
                yield from _around("in view", tokens, first, (at, at + 1), first + 1, at)
        elif at:
            yield from _nominal(tokens, at)
    colon = _end(tokens[: _NAME + 1], 0, (":",))
    if 0 < colon < min(_NAME + 1, len(tokens) - 1) and sentence.span.start == sentence.line:
        name = tokens[:colon]  # "LOBO: The port is shut."
        if name[0].tag != "D" and all(t.tag in "N.&" or t.lower in ("of", "the", "and") for t in name):
            yield _made("name:", tokens, (colon, colon + 1), (0, colon), [_span(tokens, colon + 1)])
    name = tokens[2:]  # "“We will wait.” — Ana Lobo"
    if name and tokens[0].tag == "Q" and tokens[1].lower in DASHES and all(t.tag in "N." for t in name):
        yield _made("“…” — name", tokens, (1, 2), (2, len(tokens)), [_span(tokens, 0, 1)])


@cache
def _starts() -> frozenset[str]:
    """Return the words that may begin one."""
    return frozenset(("according", *words("cue_nouns"), *group("views")))


def _span(tokens: Sequence[Token], first: int, end: int | None = None) -> Span:
    return Span(tokens[first].start, tokens[(end or len(tokens)) - 1].end)


def _end(tokens: Sequence[Token], at: int, marks: Sequence[str]) -> int:
    """Return the first of some marks from a place on, or the end."""
    return next((p for p in range(at, len(tokens)) if tokens[p].lower in marks), len(tokens))


def _made(
    rule: str,
    tokens: Sequence[Token],
    cue: tuple[int, int],
    who: tuple[int, int] | None,
    content: Sequence[Span],
    marks: tuple[str, ...] = (),
) -> Candidate:
    speaker = _span(tokens, *who) if who else None
    head = phrase(tokens, min(who[1], _end(tokens, who[0] + 1, (",",))), who[0]) if who else None
    return Candidate(
        rule=rule,
        cue=_span(tokens, *cue),
        lemma=tokens[cue[0]].lower if rule == "nominal" else rule,
        classes=(rule,),
        content=tuple(content),
        speaker=speaker,
        head=head.head_span(tokens) if head else speaker,
        marks=(f"who:{head.kind if head else '-'}", "form:none", "link:own", *marks),
        low=tokens[cue[0]].start,
    )


def _around(
    rule: str, tokens: Sequence[Token], first: int, cue: tuple[int, int], who: int, end: int
) -> Iterator[Candidate]:
    """Yield what stands before and behind ``According to Lobo`` or ``in Lobo's view``."""
    last = max(end, cue[1])
    pieces = []
    if first > 1:
        pieces.append(_span(tokens, 0, first - (tokens[first - 1].lower in (",", *DASHES))))
    if last + 1 < len(tokens) and tokens[last].lower != ".":
        pieces.append(_span(tokens, last + 1))
    if pieces and end > who:
        yield _made(rule, tokens, cue, (who, end), pieces)


def _nominal(tokens: Sequence[Token], at: int) -> Iterator[Candidate]:
    """``Lobo's promise to reopen the port``, ``the view among envoys that the levy is dead``."""
    begin = at + 1
    if begin >= len(tokens) - 1 or tokens[begin].tag not in "KI":
        return
    who: tuple[int, int] | None = None
    if tokens[at - 1].lower in ("’s", "'s", "’"):
        held = phrase(tokens, at - 1, 0)
        who = (held.first, at - 1) if held else None
    elif tokens[at - 1].lower in _OWNED:
        who = (at - 1, at)
    if who is None and tokens[begin].tag != "K":
        return
    end = _end(tokens, begin + 1, (",", ";", *DASHES))
    if not any(token.tag in "BHMVv" for token in tokens[: at - 1]):
        end = _before_verb(tokens, begin, end)
    if begin < end:
        word = tokens[begin].lower
        seen = (f"nominal {word}", f"nominal {word} {'owned' if who else 'free'}")
        yield _made("nominal", tokens, (at, begin), who, [_span(tokens, begin, end)], seen)


def _before_verb(tokens: Sequence[Token], begin: int, end: int) -> int:
    """Return where the content of a noun ends that is itself the subject: ``Lobo's claim that it leaks``."""
    spare = tokens[begin].tag == "K"
    for place in range(begin + 1 + (tokens[begin].tag == "I"), end):
        token, before = tokens[place], tokens[place - 1]
        form = forms().get(token.lower)
        third = token.tag == "V" and form is not None and "s" in form.slots
        if (token.tag in "BHM" or third) and before.tag not in "BHMGI":
            if not spare:
                return place
            spare = False
    return end


__all__ = ["others"]
