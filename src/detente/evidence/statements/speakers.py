"""Who speaks? The noun phrase or pronoun that is the subject of a cue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from detente.evidence.grammar import group
from detente.evidence.records import Span
from detente.evidence.statements.lexicon import forms, is_role
from detente.evidence.statements.tokens import DASHES, Token

APPOSITION = 18
"""Pieces that may stand between a name and its verb, set off by commas, brackets or dashes."""
_LONGEST = 14
_GROUP = "BHMGA"
_JOINING = group("joining")
_NO_PART = ("however", "yesterday", "meanwhile", "alike")


class Speaker(NamedTuple):
    """A subject: its pieces [first, last), the place of its head, and what it is."""

    first: int
    last: int
    head: tuple[int, int]
    kind: str
    """``name``, ``role``, ``pronoun``, ``it``, ``first`` (I, we), ``other``."""

    def span(self, tokens: Sequence[Token]) -> Span:
        """Return the characters of the whole."""
        return Span(tokens[self.first].start, tokens[self.last - 1].end)

    def head_span(self, tokens: Sequence[Token]) -> Span:
        """Return the characters of the name or pronoun."""
        return Span(tokens[self.head[0]].start, tokens[self.head[1] - 1].end)


def verb_group(tokens: Sequence[Token], at: int) -> int:
    """Return where the auxiliaries and adverbs of the verb at a place begin."""
    first = at
    while first > 0 and tokens[first - 1].tag in _GROUP:
        first -= 1
    while first < at and tokens[first].lower in _NO_PART:
        first += 1
    return first


def subject(tokens: Sequence[Token], at: int, low: int = 0) -> Speaker | None:
    """Return the subject that ends directly before a place, past an apposition or ``who``."""
    end = _before_time(tokens, at, low)
    end -= end > low and tokens[end - 1].lower in _NO_PART
    if end <= low:
        return None
    last = tokens[end - 1]
    if last.lower in ("who", "which") or (last.tag == "K" and end - 2 >= low and tokens[end - 2].tag in "Nx"):
        before = end - 2 if end - 2 >= low and tokens[end - 2].lower in (",", *DASHES) else end - 1
        found = phrase(tokens, before, low) or _past_apposition(tokens, before, low)
        return (
            found._replace(last=end)
            if found is not None
            else Speaker(end - 1, end, (end - 1, end), "pronoun")
        )
    if last.tag == "S":
        return _pronoun(end - 1, last.lower)
    if last.lower in (",", ")", *DASHES):
        return _past_apposition(tokens, end, low)
    return phrase(tokens, end, low)


def _before_time(tokens: Sequence[Token], at: int, low: int) -> int:
    """Return the end of what stands before ``on Friday``, ``last week``."""
    end = at
    while end > low and tokens[end - 1].tag == "T":
        end -= 1
        while end > low and tokens[end - 1].lower in ("last", "this", "early", "late", "on", "in", "earlier"):
            end -= 1
    return end if end > low else at


def _pronoun(at: int, word: str) -> Speaker:
    kind = "it" if word == "it" else "first" if word in ("i", "we", "you") else "pronoun"
    return Speaker(at, at + 1, (at, at + 1), kind)


def _past_apposition(tokens: Sequence[Token], end: int, low: int) -> Speaker | None:
    closing = tokens[end - 1].lower
    opening = "(" if closing == ")" else closing
    for place in range(end - 2, max(low, end - 2 - APPOSITION), -1):
        if tokens[place].lower == opening or (closing == "," and tokens[place].lower == ","):
            if tokens[place + 1].tag in "CU" and closing == ",":
                return None
            found = (
                subject(tokens, place, low)
                if tokens[place - 1].lower == ")"
                else subject_phrase(tokens, place, low)
            )
            if found is not None and (found.kind in ("name", "role", "pronoun") or found.first in (0, low)):
                last = end - 1 if closing == "," else end
                titled = is_role(tokens[found.head[1] - 1].lower)
                named = titled and all(piece.tag == "N" for piece in tokens[place + 1 : end - 1])
                return found._replace(last=last, head=(place + 1, end - 1) if named else found.head)
            if closing != ",":
                return found
    return None


def subject_phrase(tokens: Sequence[Token], end: int, low: int) -> Speaker | None:
    """Return the pronoun or noun phrase that ends at a place."""
    if end > low and tokens[end - 1].tag == "S":
        return _pronoun(end - 1, tokens[end - 1].lower)
    return phrase(tokens, end, low)


def phrase(tokens: Sequence[Token], end: int, low: int = 0) -> Speaker | None:
    """Return the noun phrase that ends at a place, prepositional phrases and all."""
    first = _chunk(tokens, end, low)
    if first == end:
        return None
    head_end, joined = end, False
    for _ in range(2):
        before = first - 1
        if before - 1 < low or tokens[before].lower not in _JOINING:
            break
        if tokens[before].lower == "and" and not (_firm(tokens[first]) and _firm(tokens[before - 1])):
            break
        earlier = _chunk(tokens, before, low)
        if earlier == before or (
            tokens[before].lower != "of"
            and tokens[before - 1].tag in "vVQ9"
            and not _personal(tokens[before - 1])
        ):
            break
        if tokens[before].lower not in ("of", "and") and not _personal(tokens[before - 1]):
            break
        joined = tokens[before].lower == "and" and head_end == end
        first, head_end = earlier, end if joined else before
    named = end - head_end > 3 and all(token.tag == "N" for token in tokens[head_end + 1 : end])
    titled = named and tokens[head_end - 1].tag == "N" and is_role(tokens[head_end - 1].lower)
    head = _head(tokens, first, end if titled else head_end)
    if joined:
        head = (first + (tokens[first].tag == "D"), end)
    return Speaker(first, end, head, _kind(tokens[head_end - 1]))


def _firm(token: Token) -> bool:
    return token.tag == "N" or (token.tag in "xD" and token.lower != "that")


def _personal(token: Token) -> bool:
    return token.tag == "N" or is_role(token.lower)


def _chunk(tokens: Sequence[Token], end: int, low: int) -> int:
    """Return the start of the words before a place that make one noun phrase without prepositions."""
    at = end
    if at > low and tokens[at - 1].lower in ("’s", "'s"):
        return end
    while at > low and end - at < _LONGEST:
        token = tokens[at - 1]
        possessive = token.lower in ("’s", "'s", "’", "'")
        if not (
            token.tag in "Nx9D" or possessive or token.lower in (".", "&") or _modifier(tokens, at, end, low)
        ):
            break
        if token.tag == "N" and at < end and tokens[at].tag == "D":
            break
        at -= 1
        if token.tag == "D" and not (at > low and tokens[at - 1].lower in ("all", "both", "of")):
            break
    while at < end and tokens[at].tag not in "Nx9DVv":
        at += 1
    return at


def _modifier(tokens: Sequence[Token], at: int, end: int, low: int) -> bool:
    """Say whether a verb form, adverb or day before a noun belongs to its phrase."""
    token = tokens[at - 1]
    if at == end:
        before = tokens[at - 2] if at - 2 >= low else None
        owned = before is not None and (before.tag in "Dx9" or before.lower in ("’s", "'s"))
        return token.tag == "V" and (is_role(token.lower) or (owned and not _past(token)))
    if token.tag in "vV":
        before = tokens[at - 2] if at - 2 >= low else None
        return (
            is_role(token.lower) or before is None or before.tag in "DA9" or before.lower in ("’s", "'s", ",")
        )
    return token.tag in "AT" and at - 2 >= low and tokens[at - 2].tag == "D"


def _past(token: Token) -> bool:
    form = forms().get(token.lower)
    return form is not None and form.slots <= {"ed", "en"}


def _head(tokens: Sequence[Token], first: int, end: int) -> tuple[int, int]:
    """Return the last run of capitals, else the noun with what describes it."""
    of = [
        at for at in range(first + 1, end - 3) if tokens[at].lower == "of" and is_role(tokens[at - 1].lower)
    ]
    if of and all(token.tag == "N" for token in tokens[of[0] + 1 : end]):
        return end - 2, end
    last = end
    if tokens[end - 1].tag != "N":
        at = end - 1
        while at > first and tokens[at - 1].tag in "Nx":
            at -= 1
        return at, end
    at = last
    while (
        at > first
        and (tokens[at - 1].tag == "N" or tokens[at - 1].lower == ".")
        and not (is_role(tokens[at - 1].lower) and at < last)
    ):
        at -= 1
    return (at, last) if at < last else (last - 1, last)


def _kind(last: Token) -> str:
    if is_role(last.lower):
        return "role"
    if last.tag == "N":
        return "name"
    return "other"


def main_subject(tokens: Sequence[Token], before: int) -> Speaker | None:
    """Return the subject of the first finite verb, for a participle or a purpose that follows."""
    for at in range(1, before):
        token = tokens[at]
        if token.tag in "BHM" or (token.tag in "Vv" and not token.lower.endswith("ing")):
            found = subject(tokens, verb_group(tokens, at))
            if found is not None and (found.kind not in ("other", "first") or found.first == 0):
                return found
    return None


def later_subject(tokens: Sequence[Token], after: int) -> Speaker | None:
    """Return the subject of the main clause after ``After saying so, …``: what follows the first comma."""
    comma = next((at for at in range(after, len(tokens) - 1) if tokens[at].lower == ","), None)
    if comma is None:
        return None
    for at in range(comma + 1, min(len(tokens), comma + 12)):
        if tokens[at].tag in "BHMVv" and at > comma + 1:
            return subject_phrase(tokens, verb_group(tokens, at), comma + 1)
    return None


__all__ = ["Speaker", "later_subject", "main_subject", "phrase", "subject", "subject_phrase", "verb_group"]
