"""Who speaks? The noun phrase or pronoun that is the subject of a cue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from detente.evidence.grammar import is_role
from detente.evidence.lists import group
from detente.evidence.records import Span
from detente.evidence.table import DASHES, Token

APPOSITION = 18
"""Pieces that may stand between a name and its verb, set off by commas, brackets or dashes."""
_LONGEST = 14
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
    while at > 0 and tokens[at - 1].tag in "BHMGA":
        at -= 1
    return at


def subject(tokens: Sequence[Token], at: int, low: int = 0) -> Speaker | None:
    """Return the subject that ends directly before a place, past an apposition, a date or ``who``."""
    end = at
    while end > low and (tokens[end - 1].tag == "T" or (end < at and tokens[end - 1].tag in "PA")):
        end -= 1  # "on Friday"
    end = end if end > low else at
    last = tokens[end - 1]
    if last.lower in ("who", "which") or (last.tag == "K" and end - 2 >= low and tokens[end - 2].tag in "Nx"):
        before = end - 2 if end - 2 >= low and tokens[end - 2].lower in (",", *DASHES) else end - 1
        found = phrase(tokens, before, low) or _past_apposition(tokens, before, low)
        return found._replace(last=end) if found else Speaker(end - 1, end, (end - 1, end), "pronoun")
    if last.lower in (",", ")", *DASHES):
        return _past_apposition(tokens, end, low)
    return phrase(tokens, end, low)


def _past_apposition(tokens: Sequence[Token], end: int, low: int) -> Speaker | None:
    closing = tokens[end - 1].lower
    opening = "(" if closing == ")" else closing
    for place in range(end - 2, max(low, end - 2 - APPOSITION), -1):
        if tokens[place].lower == opening and (found := phrase(tokens, place, low)) is not None:
            titled = is_role(tokens[found.head[1] - 1].lower)
            named = titled and all(piece.tag == "N" for piece in tokens[place + 1 : end - 1])
            head = (place + 1, end - 1) if named else found.head
            return found._replace(last=end - (closing == ","), head=head)
    return None


def phrase(tokens: Sequence[Token], end: int, low: int = 0) -> Speaker | None:
    """Return the pronoun or the noun phrase that ends at a place, prepositional phrases and all."""
    if end > low and tokens[end - 1].tag == "S":
        word = tokens[end - 1].lower
        kind = "it" if word == "it" else "first" if word in ("i", "we", "you") else "pronoun"
        return Speaker(end - 1, end, (end - 1, end), kind)
    first = _chunk(tokens, end, low)
    if first == end:
        return None
    head_end = end
    for _ in range(2):
        before = first - 1
        if before - 1 < low or tokens[before].lower not in group("joining"):
            break
        both, last = tokens[before].lower == "and", tokens[before - 1]
        if both and not (_firm(tokens[first]) and _firm(last)):
            break
        earlier = _chunk(tokens, before, low)
        if earlier == before or not (
            last.tag == "N" or is_role(last.lower) or both or tokens[before].lower == "of"
        ):
            break
        first, head_end = earlier, head_end if both and head_end == end else before
    last = tokens[head_end - 1]
    at, named = head_end - 1, last.tag == "N"
    while at > first and tokens[at - 1].tag in ("N." if named else "Nx"):
        if named and is_role(tokens[at - 1].lower):  # "Trade Minister Ana Lobo"
            break
        at -= 1
    head = at, head_end
    if (
        is_role(last.lower)
        and named
        and end - head_end > 3
        and all(t.tag == "N" for t in tokens[head_end + 1 : end])
    ):
        head = end - 2, end  # "Former Secretary of State Ana Lobo"
    kind = "role" if is_role(last.lower) else "name" if named else "other"
    return Speaker(first, end, head, kind)


def _firm(token: Token) -> bool:
    return token.tag in "NxD" and token.lower != "that"


def _chunk(tokens: Sequence[Token], end: int, low: int) -> int:
    """Return the start of the words before a place that make one noun phrase without prepositions."""
    at = end
    while at > low and end - at < _LONGEST:
        token = tokens[at - 1]
        verbal = token.tag in "vV" and (at < end or is_role(token.lower))
        if not (verbal or token.tag in "Nx9D" or token.lower in _JOINTS):
            break
        at -= 1
        if token.tag == "D":
            break
    while at < end and tokens[at].tag not in "Nx9DVv":
        at += 1
    return at


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
    comma = next((at for at in range(after, len(tokens) - 1) if tokens[at].lower == ","), len(tokens))
    verb = next(
        (at for at in range(comma + 2, min(len(tokens), comma + 12)) if tokens[at].tag in "BHMVv"), None
    )
    return phrase(tokens, verb_group(tokens, verb), comma + 1) if verb is not None else None


__all__ = ["Speaker", "later_subject", "main_subject", "phrase", "subject", "verb_group"]
