"""Which statements have no verb as cue? ``according to``, ``in X's view``, ``X:``, ``“…” — X``, nouns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from detente.evidence.grammar import forms, verbs
from detente.evidence.lists import group, words
from detente.evidence.records import Span
from detente.evidence.statements.speakers import phrase, subject, subject_phrase, verb_group
from detente.evidence.statements.weigh import Candidate
from detente.evidence.table import DASHES, Sentence, Token

_ENDS = (",", *DASHES, ";", ":", ".")
_OWNED = ("’s", "'s", "’", "his", "her", "their", "its", "my", "our")
_NAME = 7
"""Pieces of a name with its title before a colon or after a dash."""


def others(sentence: Sentence) -> Iterator[Candidate]:
    """Return the candidates of a sentence that have no verb as cue."""
    tokens, nouns, views = sentence.tokens, words("cue_nouns"), group("views")
    for at in [at for at, token in enumerate(tokens) if token[2] in _starts()]:
        lower = tokens[at].lower
        if lower == "according" and at + 2 < len(tokens) and tokens[at + 1].lower == "to":
            yield from _according(tokens, at)
        elif lower in nouns and at:
            yield from _nominal(tokens, at)
        if lower in views and at and tokens[at - 1].lower in _OWNED:
            yield from _view(tokens, at)
    yield from _as_said(tokens)
    colon = next((place for place, token in enumerate(tokens[: _NAME + 1]) if token.lower == ":"), None)
    if colon and colon + 1 < len(tokens) and sentence.span.start == sentence.line:
        name = tokens[:colon]  # "LOBO: The port is shut."
        if name[0].tag != "D" and all(t.tag in "N.&" or t.lower in ("of", "the", "and") for t in name):
            yield _made("name:", tokens, (colon, colon + 1), (0, colon), [_span(tokens, colon + 1)])
    for at in range(1, min(len(tokens) - 1, 3)):  # "“We will wait.” — Ana Lobo"
        name = tokens[at + 1 :]
        if tokens[at - 1].tag == "Q" and tokens[at].lower in DASHES and all(t.tag in "N." for t in name):
            yield _made(
                "“…” — name", tokens, (at, at + 1), (at + 1, len(tokens)), [Span(*tokens[at - 1][:2])]
            )


@cache
def _starts() -> frozenset[str]:
    """Return the words that may begin one."""
    return frozenset(("according", *words("cue_nouns"), *group("views")))


def _span(tokens: Sequence[Token], first: int, end: int | None = None) -> Span:
    return Span(tokens[first].start, tokens[(end or len(tokens)) - 1].end)


def _made(
    rule: str,
    tokens: Sequence[Token],
    cue: tuple[int, int],
    who: tuple[int, int] | None,
    content: Sequence[Span],
    marks: tuple[str, ...] = (),
) -> Candidate:
    speaker = _span(tokens, *who) if who else None
    comma = next((at for at in range(who[0] + 1, who[1]) if tokens[at].lower == ","), who[1]) if who else 0
    head = subject_phrase(tokens, comma, who[0]) if who else None
    return Candidate(
        rule=rule,
        at=cue[0],
        cue=_span(tokens, *cue),
        lemma=tokens[cue[0]].lower if rule == "nominal" else rule,
        classes=(rule,),
        content=tuple(content),
        speaker=speaker,
        head=head.head_span(tokens) if head else speaker,
        marks=(f"who:{head.kind if head else '-'}", "form:none", "link:own", *marks),
        low=tokens[cue[0]].start,
    )


def _around(tokens: Sequence[Token], first: int, end: int) -> list[Span]:
    """Return what stands before and behind the pieces [first, end) of a sentence."""
    pieces = []
    if first > 1:
        pieces.append(_span(tokens, 0, first - (tokens[first - 1].lower in (",", *DASHES))))
    if end + 1 < len(tokens) and tokens[end].lower != ".":
        pieces.append(_span(tokens, end + 1))
    return pieces


def _according(tokens: Sequence[Token], at: int) -> Iterator[Candidate]:
    """``According to Lobo, the port is shut``; ``the port is shut, according to Lobo``."""
    end = next((p for p in range(at + 2, len(tokens)) if tokens[p].lower in _ENDS), len(tokens))
    if end > at + 2 and (pieces := _around(tokens, at, end)):
        yield _made("according to", tokens, (at, at + 2), (at + 2, end), pieces)


def _view(tokens: Sequence[Token], at: int) -> Iterator[Candidate]:
    """``In Lobo's view, the levy is dead``."""
    first = next((p for p in range(at - 1, max(-1, at - 9), -1) if tokens[p].lower == "in"), None)
    ends = at + 1 == len(tokens) or tokens[at + 1].lower == ","
    if first is not None and ends and (pieces := _around(tokens, first, at + 1)):
        yield _made("in view", tokens, (at, at + 1), (first + 1, at), pieces)


def _as_said(tokens: Sequence[Token]) -> Iterator[Candidate]:
    """``As Lobo noted, the dam is safe``."""
    comma = next((at for at in range(2, min(len(tokens) - 1, 16)) if tokens[at].lower == ","), 0)
    for at in range(max(2, comma - 3), comma) if tokens[0].lower == "as" else ():
        form = forms().get(tokens[at].lower) if tokens[at].tag == "V" else None
        classes = {name for verb in verbs().get(form.base, ()) for name in verb.classes} if form else set()
        who = subject(tokens, verb_group(tokens, at), 1) if {"say", "assert", "write"} & classes else None
        if who is not None:
            yield _made("as X said", tokens, (at, comma), (who.first, who.last), [_span(tokens, comma + 1)])
            return


def _nominal(tokens: Sequence[Token], at: int) -> Iterator[Candidate]:
    """``Lobo's promise to reopen the port``, ``the view among envoys that the levy is dead``."""
    first = at + 1
    if first >= len(tokens) - 1 or not (
        tokens[first].tag in "KI" or tokens[first].lower in ("about", "of", "for")
    ):
        return
    who: tuple[int, int] | None = None
    if tokens[at - 1].lower in ("’s", "'s", "’"):
        held = phrase(tokens, at - 1, 0)
        who = (held.first, at - 1) if held else None
    elif tokens[at - 1].lower in _OWNED:
        who = (at - 1, at)
    if who is None and tokens[first].tag != "K":
        return
    end = next(
        (p for p in range(first + 1, len(tokens)) if tokens[p].lower in (",", ";", *DASHES)), len(tokens)
    )
    begin = first if tokens[first].tag in "KI" else first + 1
    if not any(token.tag in "BHMVv" for token in tokens[: at - 1]):
        end = _before_verb(tokens, begin, end)
    if begin < end:
        word = tokens[first].lower
        seen = (f"nominal {word}", f"nominal {word} {'owned' if who else 'free'}")
        yield _made("nominal", tokens, (at, begin), who, [_span(tokens, begin, end)], seen)


def _before_verb(tokens: Sequence[Token], begin: int, end: int) -> int:
    """Return where the content of a noun ends that is itself the subject: ``Lobo's claim that it leaks``."""
    spare = tokens[begin].tag == "K"
    for place in range(begin + 1 + (tokens[begin].tag == "I"), end):
        token, before = tokens[place], tokens[place - 1]
        verb = token.tag in "BHM" or (token.tag == "V" and before.tag in "NxQA" and "s" in _slots(token))
        if verb and before.tag not in "BHMGI":
            if not spare:
                return place
            spare = False
    return end


def _slots(token: Token) -> frozenset[str]:
    form = forms().get(token.lower)
    return form.slots if form else frozenset()


__all__ = ["others"]
