"""Who speaks? The noun phrase or pronoun that is the subject of a cue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from detente.evidence.grammar import forms, is_role
from detente.evidence.lists import group
from detente.evidence.records import Span
from detente.evidence.table import DASHES, Token

APPOSITION = 18
"""Pieces that may stand between a name and its verb, set off by commas, brackets or dashes."""
_LONGEST = 14
_JOINING = group("joining")
_JOINTS = ("’s", "'s", "’", "'", ".", "&")


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
    while first > 0 and tokens[first - 1].tag in "BHMGA":
        first -= 1
    return first


def subject(tokens: Sequence[Token], at: int, low: int = 0) -> Speaker | None:
    """Return the subject that ends directly before a place, past an apposition or ``who``."""
    end = _before_time(tokens, at, low)
    last = tokens[end - 1]
    if last.lower in ("who", "which") or (last.tag == "K" and end - 2 >= low and tokens[end - 2].tag in "Nx"):
        before = end - 2 if end - 2 >= low and tokens[end - 2].lower in (",", *DASHES) else end - 1
        found = phrase(tokens, before, low) or _past_apposition(tokens, before, low)
        return found._replace(last=end) if found else Speaker(end - 1, end, (end - 1, end), "pronoun")
    if last.lower in (",", ")", *DASHES):
        return _past_apposition(tokens, end, low)
    return subject_phrase(tokens, end, low)


def _before_time(tokens: Sequence[Token], at: int, low: int) -> int:
    """Return the end of what stands before ``on Friday``, ``last week``."""
    end = at
    while end > low and (tokens[end - 1].tag == "T" or (end < at and tokens[end - 1].tag in "PA")):
        end -= 1
    return end if end > low else at


def _past_apposition(tokens: Sequence[Token], end: int, low: int) -> Speaker | None:
    closing = tokens[end - 1].lower
    opening = "(" if closing == ")" else closing
    for place in range(end - 2, max(low, end - 2 - APPOSITION), -1):
        if tokens[place].lower != opening:
            continue
        found = subject_phrase(tokens, place, low)
        if found is not None:
            last = end - 1 if closing == "," else end
            titled = is_role(tokens[found.head[1] - 1].lower)
            named = titled and all(piece.tag == "N" for piece in tokens[place + 1 : end - 1])
            return found._replace(last=last, head=(place + 1, end - 1) if named else found.head)
    return None


def subject_phrase(tokens: Sequence[Token], end: int, low: int) -> Speaker | None:
    """Return the pronoun or noun phrase that ends at a place."""
    if end > low and tokens[end - 1].tag == "S":
        word = tokens[end - 1].lower
        kind = "it" if word == "it" else "first" if word in ("i", "we", "you") else "pronoun"
        return Speaker(end - 1, end, (end - 1, end), kind)
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
        both = tokens[before].lower == "and"
        if both and not (_firm(tokens[first]) and _firm(tokens[before - 1])):
            break
        earlier, personal = _chunk(tokens, before, low), _personal(tokens[before - 1])
        if earlier == before or not (personal or both or tokens[before].lower == "of"):
            break
        joined = both and head_end == end
        first, head_end = earlier, end if joined else before
    named = end - head_end > 3 and all(token.tag == "N" for token in tokens[head_end + 1 : end])
    titled = named and tokens[head_end - 1].tag == "N" and is_role(tokens[head_end - 1].lower)
    head = _head(tokens, first, end if titled else head_end)
    if joined:
        head = (first + (tokens[first].tag == "D"), end)
    last = tokens[head_end - 1]
    return Speaker(
        first, end, head, "role" if is_role(last.lower) else "name" if last.tag == "N" else "other"
    )


def _firm(token: Token) -> bool:
    return token.tag == "N" or (token.tag in "xD" and token.lower != "that")


def _personal(token: Token) -> bool:
    return token.tag == "N" or is_role(token.lower)


def _chunk(tokens: Sequence[Token], end: int, low: int) -> int:
    """Return the start of the words before a place that make one noun phrase without prepositions."""
    at = end
    while at > low and end - at < _LONGEST:
        token = tokens[at - 1]
        if not (token.tag in "Nx9D" or token.lower in _JOINTS or _modifier(tokens, at, end, low)):
            break
        if token.tag == "N" and at < end and tokens[at].tag == "D":
            break
        at -= 1
        if token.tag == "D":
            break
    while at < end and tokens[at].tag not in "Nx9DVv":
        at += 1
    return at


def _modifier(tokens: Sequence[Token], at: int, end: int, low: int) -> bool:
    """Say whether a verb form, adverb or day before a noun belongs to its phrase."""
    token, before = tokens[at - 1], tokens[at - 2] if at - 2 >= low else None
    if token.tag not in "vV" or is_role(token.lower):
        return token.tag in "vV" or (
            token.tag in "AT" and before is not None and before.tag == "D" and at < end
        )
    owned = before is not None and (before.tag in "D9" or before.lower in ("’s", "'s"))
    if at == end:
        return token.tag == "V" and (owned or (before is not None and before.tag == "x")) and not _past(token)
    return owned or before is None or before.tag == "A" or before.lower == ","


def _past(token: Token) -> bool:
    form = forms().get(token.lower)
    return form is not None and form.slots <= {"ed", "en"}


def _head(tokens: Sequence[Token], first: int, end: int) -> tuple[int, int]:
    """Return the last run of capitals, else the noun with what describes it."""
    roles = (at for at in range(first, end - 4) if is_role(tokens[at].lower) and tokens[at + 1].lower == "of")
    of = next(roles, None)
    if of is not None and all(token.tag == "N" for token in tokens[of + 2 : end]):
        return end - 2, end
    name, at = tokens[end - 1].tag == "N", end - 1
    while at > first and tokens[at - 1].tag in ("N." if name else "Nx"):
        if name and is_role(tokens[at - 1].lower):
            break
        at -= 1
    return at, end


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
