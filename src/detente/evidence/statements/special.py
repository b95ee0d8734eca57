"""Which statements have no verb as cue? ``according to``, ``in X's view``, ``X:``, ``“…” — X``, nouns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.evidence.grammar import group
from detente.evidence.lists import words
from detente.evidence.records import Span
from detente.evidence.statements.candidate import Candidate
from detente.evidence.statements.lexicon import forms, verbs
from detente.evidence.statements.speakers import phrase, subject, subject_phrase, verb_group
from detente.evidence.statements.tokens import DASHES, Sentence, Token

_ENDS = (",", *DASHES, ";", ":", ".")
_VIEWS = group("views")
_NAME = 7
"""Pieces of a name with its title before a colon or after a dash."""


def others(sentence: Sentence) -> Iterator[Candidate]:
    """Return the candidates of a sentence that have no verb as cue."""
    tokens, nouns = sentence.tokens, words("cue_nouns")
    for at, (_, _, lower, _) in enumerate(tokens):
        if lower == "in":
            if at + 2 < len(tokens) and (end := _view(tokens, at)):
                yield from _view_of(tokens, at, end)
        elif lower == "according" and at + 2 < len(tokens) and tokens[at + 1].lower == "to":
            yield from _phrase_cue(tokens, at, at + 2, "according to")
        elif lower in nouns and at:
            yield from _nominal(tokens, at)
    yield from _as_said(tokens)
    yield from _colon(sentence)
    yield from _signed(tokens)


def _made(
    rule: str,
    tokens: Sequence[Token],
    cue: tuple[int, int],
    who: tuple[int, int] | None,
    content: Sequence[Span],
    marks: tuple[str, ...] = (),
) -> Candidate:
    speaker = Span(tokens[who[0]].start, tokens[who[1] - 1].end) if who else None
    comma = next((at for at in range(who[0] + 1, who[1]) if tokens[at].lower == ","), who[1]) if who else 0
    head = subject_phrase(tokens, comma, who[0]) if who else None
    return Candidate(
        rule=rule,
        at=cue[0],
        cue=Span(tokens[cue[0]].start, tokens[cue[1] - 1].end),
        lemma=tokens[cue[0]].lower if rule == "nominal" else rule,
        classes=(rule,),
        content=tuple(content),
        speaker=speaker,
        head=head.head_span(tokens) if head else speaker,
        marks=(f"who:{head.kind if head else '-'}", "form:none", "link:own", *marks),
        low=tokens[cue[0]].start,
    )


def _phrase_cue(tokens: Sequence[Token], at: int, first: int, rule: str) -> Iterator[Candidate]:
    """``According to Lobo, the port is shut``; ``the port is shut, according to Lobo``."""
    end = first
    while end < len(tokens) and tokens[end].lower not in _ENDS:
        end += 1
    if at and end < len(tokens) - 2 and tokens[end].lower == "," and tokens[end + 1].tag in "DxW":
        closing = next((p for p in range(end + 1, len(tokens)) if tokens[p].lower == ","), len(tokens))
        end = closing if closing - end < 16 else end
    if end > first and (pieces := _around(tokens, at, end)):
        yield _made(rule, tokens, (at, first), (first, end), pieces)


def _around(tokens: Sequence[Token], first: int, end: int) -> list[Span]:
    """Return what stands before and behind the pieces [first, end) of a sentence."""
    pieces = []
    if first > 1:
        close = first - 1 if tokens[first - 1].lower in (",", *DASHES) else first
        pieces.append(Span(tokens[0].start, tokens[close - 1].end))
    if end + 1 < len(tokens) and tokens[end].lower != ".":
        pieces.append(Span(tokens[end + 1].start, tokens[-1].end))
    return pieces


def _as_said(tokens: Sequence[Token]) -> Iterator[Candidate]:
    """``As Lobo noted, the dam is safe``."""
    if tokens[0].lower != "as":
        return
    comma = next((at for at in range(2, min(len(tokens) - 1, 16)) if tokens[at].lower == ","), None)
    if comma is None:
        return
    for at in range(2, comma):
        form = forms().get(tokens[at].lower) if tokens[at].tag == "V" else None
        speech = form and any(
            {"say", "assert", "write"} & {*verb.classes} for verb in verbs().get(form.base, ())
        )
        if speech and comma - at <= 3 and (who := subject(tokens, verb_group(tokens, at), 1)) is not None:
            content = [Span(tokens[comma + 1].start, tokens[-1].end)]
            yield _made("as X said", tokens, (at, comma), (who.first, who.last), content)
            return


def _view(tokens: Sequence[Token], at: int) -> int | None:
    """Return the end of ``in Lobo's view`` or ``in the words of``."""
    for place in range(at + 1, min(len(tokens), at + 8)):
        if tokens[place].lower in _VIEWS:
            owned = tokens[place - 1].lower in ("’s", "'s", "’", "his", "her", "their", "my", "our")
            return (
                place + 1 if owned or (place + 1 < len(tokens) and tokens[place + 1].lower == "of") else None
            )
        if tokens[place].tag in "VBHM,;":
            return None
    return None


def _view_of(tokens: Sequence[Token], at: int, end: int) -> Iterator[Candidate]:
    if end < len(tokens) and tokens[end].lower == "of":
        yield from _phrase_cue(tokens, at, end + 1, "in view")
    elif (end == len(tokens) or tokens[end].lower == ",") and (pieces := _around(tokens, at, end)):
        yield _made("in view", tokens, (end - 1, end), (at + 1, end - 1), pieces)


def _nominal(tokens: Sequence[Token], at: int) -> Iterator[Candidate]:
    """``Lobo's promise to reopen the port``, ``the view among envoys that the levy is dead``."""
    first = at + 1
    if first >= len(tokens) - 1 or not (
        tokens[first].tag in "KI" or tokens[first].lower in ("about", "of", "for")
    ):
        return
    owner = at - 1
    while owner > 0 and tokens[owner].tag in "xA9" and at - owner < 4:
        owner -= 1
    who: tuple[int, int] | None = None
    if tokens[owner].lower in ("’s", "'s", "’") and owner:
        held = phrase(tokens, owner, 0)
        who = (held.first, owner) if held else None
    elif tokens[owner].lower in ("his", "her", "their", "its", "my", "our"):
        who = (owner, owner + 1)
    if who is None and tokens[first].tag != "K":
        return
    if tokens[first].tag == "K" and _goes_on(tokens, first + 1):
        return  # "a policy that appears": the clause is about the noun
    end = next(
        (p for p in range(first + 1, len(tokens)) if tokens[p].lower in (",", ";", *DASHES)), len(tokens)
    )
    begin = first if tokens[first].tag in "KI" else first + 1
    end = _before_verb(tokens, at, begin, end)
    if begin < end:
        seen = (
            f"nominal {tokens[first].lower}",
            f"nominal {tokens[first].lower} {'owned' if who else 'free'}",
        )
        content = [Span(tokens[begin].start, tokens[end - 1].end)]
        yield _made("nominal", tokens, (at, begin), who, content, seen)


def _before_verb(tokens: Sequence[Token], noun: int, begin: int, end: int) -> int:
    """Return where the content of a noun that is the subject ends: ``Lobo's claim that it leaks``."""
    if any(token.tag in "BHMVv" for token in tokens[:noun]):
        return end
    spare = 1 if tokens[begin].tag == "K" else 0
    relative = 0
    for place in range(begin + 1 + (tokens[begin].tag == "I"), end):
        token, before = tokens[place], tokens[place - 1]
        spare -= spare and token.tag == "Q"
        relative += token.lower in ("who", "which", "that") or token.tag == "S"
        verb = token.tag in "BHM" or (token.tag == "V" and before.tag in "NxQA" and "s" in _slots(token))
        if verb and before.tag not in "BHMG" and before.tag != "I":
            if relative:
                relative -= 1
            elif spare:
                spare -= 1
            else:
                return place
    return end


def _goes_on(tokens: Sequence[Token], at: int) -> bool:
    """Say whether ``that`` is itself the subject: ``a policy that appears too soft``."""
    token, after = tokens[at], tokens[at + 1].tag if at + 1 < len(tokens) else ""
    return token.tag in "BHM" or "s" in _slots(token) or (token.lower.endswith("s") and after in "AI")


def _slots(token: Token) -> frozenset[str]:
    form = forms().get(token.lower)
    return form.slots if form else frozenset()


def _colon(sentence: Sentence) -> Iterator[Candidate]:
    """``LOBO: The port is shut.``, ``Lobo: “We will wait”`` at the head of a line."""
    tokens = sentence.tokens
    if sentence.span.start != sentence.line:
        return
    colon = next((place for place, token in enumerate(tokens[: _NAME + 1]) if token.lower == ":"), None)
    if not colon or colon + 1 >= len(tokens):
        return
    if tokens[0].tag != "D" and all(
        token.tag in "N.&" or token.lower in ("of", "the", "and") for token in tokens[:colon]
    ):
        yield _made(
            "name:", tokens, (colon, colon + 1), (0, colon), [Span(tokens[colon + 1].start, tokens[-1].end)]
        )


def _signed(tokens: Sequence[Token]) -> Iterator[Candidate]:
    """``“We will wait.” — Ana Lobo``."""
    for at in range(1, len(tokens) - 1):
        if tokens[at - 1].tag == "Q" and tokens[at].lower in (*DASHES, "-") and tokens[at + 1].tag == "N":
            end = at + 1
            while end < len(tokens) and tokens[end].tag in "N.x" and end - at <= _NAME:
                end += 1
            if end == len(tokens) or tokens[end].lower == ",":
                yield _made(
                    "“…” — name",
                    tokens,
                    (at, at + 1),
                    (at + 1, end),
                    [Span(tokens[at - 1].start, tokens[at - 1].end)],
                )


__all__ = ["others"]
