"""What follows a cue? The pattern of its complement, and where the content begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from detente.evidence.statements.lexicon import Verb, forms, verbs
from detente.evidence.statements.tokens import Token

HEARER = 13
"""Pieces that a hearer may take."""
PLACE = 16
"""Pieces of ``in a speech in the capital on Friday`` between a cue and its content."""
_TIME_WORDS = ("last", "this", "next", "early", "late", "earlier", "on", "in", "at")


class Cue(NamedTuple):
    """A verb that may report, at its pieces [at, end)."""

    at: int
    end: int
    verb: Verb
    slots: frozenset[str]


class Complement(NamedTuple):
    """The pattern to the right of a cue and the piece where the content begins."""

    name: str
    """Such as ``quote``, ``that``, ``to``, ``thing`` or ``end``; ``hearer-`` before it if a hearer is between."""
    first: int
    cue_end: int


def cues(tokens: Sequence[Token]) -> list[Cue]:
    """Return the verbs of a sentence that may report, longest entry first where several fit."""
    known, inflected = verbs(), forms()
    found: list[Cue] = []
    for at, (_, _, lower, tag) in enumerate(tokens):
        if tag != "V" and tag != "B":
            continue
        form = inflected.get(lower)
        if form is None or form.base not in known:
            continue
        for verb in known[form.base]:
            end = at + 1
            if verb.rest:
                spaced = end < len(tokens) and tokens[end].tag in "AG" and tokens[end].lower != verb.rest[0]
                end += spaced + len(verb.rest)
                if tuple(piece.lower for piece in tokens[end - len(verb.rest) : end]) != verb.rest:
                    continue
            found.append(Cue(at, end, verb, form.slots))
            break
    return found


def complement(tokens: Sequence[Token], cue: Cue) -> Complement:
    """Return the pattern that follows a cue."""
    classes = cue.verb.classes
    at = _past_time(tokens, cue.end)
    speech = any(name in classes for name in ("say", "tell", "assert", "write", "manner", "promise", "show"))
    direct = _plain(tokens, at, cue.end)
    if direct is not None:
        return direct
    if speech and tokens[at].tag in "PI":
        place = _past_place(tokens, at)
        if place is not None:
            return place
        if tokens[at].tag == "I" or tokens[at].lower in ("in", "on", "at", "during", "after", "from", "to"):
            return Complement("end", at, cue.end)
    if {"tell", "direct", "promise"} & {*classes}:
        hearer = _past_hearer(tokens, at, cue.end)
        if hearer is not None:
            return hearer
    if {"say", "assert", "think", "tell", "show", "write"} & {*classes} and begins_clause(tokens, at):
        return Complement("clause", at, at)
    if tokens[at].tag in "PU" and not (tokens[at].lower == "as" and "name" in classes):
        if tokens[at].tag == "U":
            return Complement("end", at, cue.end)
        return Complement("prep", at + 1, at + 1) if at + 1 < len(tokens) else Complement("end", at, cue.end)
    return Complement("thing", at, cue.end)


def _plain(tokens: Sequence[Token], at: int, end: int) -> Complement | None:
    """Return what needs no search: a quotation, colon, that, question word or infinitive, or nothing at all."""
    if at >= len(tokens):
        return Complement("end", at, end)
    token = tokens[at]
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if token.tag == "Q":
        return Complement("quote", at, end)
    if token.lower in (",", ":", "—", "–", "--", "―") and after is not None and after.tag == "Q":
        return Complement("quote", at + 1, at if token.lower == "," else at + 1)
    if token.lower == ":" and after is not None:
        return Complement("colon", at + 1, at + 1)
    if token.tag == "K":
        return Complement("that", at, end)
    if token.tag == "W" or token.lower in ("whether", "if"):
        return Complement("wh", at, end)
    if token.tag == "I" and after is not None and _infinitive(tokens, at + 1):
        return Complement("to", at, end)
    if token.tag in ",;:)C" or not (token.lower[0].isalnum() or token.tag in "Q$#@’'‘(["):
        return Complement("end", at, end)
    return None


def _infinitive(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    if token.tag == "V":
        return not token.lower.endswith("ing")
    return token.lower in ("be", "have", "do", "not") or (token.tag == "x" and _bare_verb(tokens, at))


def _bare_verb(tokens: Sequence[Token], at: int) -> bool:
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    return after is not None and after.tag in "DNOPSQx9AIW" and not tokens[at].lower.endswith("s")


def _past_time(tokens: Sequence[Token], at: int) -> int:
    """Skip adverbs and dates: ``said again on Friday``."""
    size = len(tokens)
    while at < size:
        if tokens[at].tag in "AT" or tokens[at].lower == "ago":
            at += 1
        elif tokens[at].lower in _TIME_WORDS and at + 1 < size and tokens[at + 1].tag in "T9":
            at += 2
            if at < size and tokens[at].tag == "9":
                at += 1
        else:
            return at
    return at


def _past_place(tokens: Sequence[Token], at: int) -> Complement | None:
    """Return the complement that comes after ``in an interview``, ``on Twitter``, ``to reporters``."""
    for place in range(at + 1, min(len(tokens), at + PLACE)):
        token = tokens[place]
        if token.tag == "K" and tokens[place - 1].tag != "P":
            if place + 1 < len(tokens) and tokens[place + 1].tag in "BHMGV":
                return None
            return Complement("that", place, at)
        if token.tag == "Q" and tokens[place - 1].lower in (",", ":"):
            return Complement("quote", place, at)
        if token.lower == ":" and place + 1 < len(tokens):
            return Complement("colon", place + 1, at)
        if token.lower in ("whether", "why", "how") or (token.tag == "S" and tokens[place - 1].tag in "NxT"):
            return Complement("clause" if token.tag == "S" else "wh", place, at)
        if token.tag in "BHM,;C" or (token.tag in "Vv" and tokens[place - 1].tag not in "DPx"):
            return None
    return None


def _past_hearer(tokens: Sequence[Token], at: int, end: int) -> Complement | None:
    for place in range(at + 1, min(len(tokens), at + HEARER + 1)):
        found = _plain(tokens, place, at)
        if found is not None:
            if found.name == "end":
                return None
            return found._replace(name=f"hearer-{found.name}", cue_end=end)
        token = tokens[place]
        before = tokens[place - 1].tag
        if token.tag == "S" and before in "NxOT":
            return Complement("hearer-clause", place, end)
        if token.tag == "D" and before in "ON" and begins_clause(tokens, place):
            return Complement("hearer-clause", place, end)
        if token.tag in "BHM":
            return None
    return None


def begins_clause(tokens: Sequence[Token], at: int, *, near: bool = False) -> bool:
    """Say whether a clause of its own begins here: a subject, then soon (sooner if near) a finite verb."""
    if at >= len(tokens):
        return False
    if tokens[at].tag == "S" or tokens[at].lower in ("there", "it", "this"):
        return True
    if tokens[at].tag in "UK" and tokens[at].lower in ("if", "when", "while", "because", "although"):
        return True
    for place in range(at + 1, min(len(tokens), at + (6 if near else 11))):
        token = tokens[place]
        if token.tag in "BHM" and not token.lower.startswith(("be", "having")):
            return True
        before = tokens[place - 1].tag
        if token.tag == "v" and before in "Nx" and place - at > 1 and not _passive_piece(tokens, place):
            return True
        if token.tag == "V" and before in "NxA" and _finite(token) and not _passive_piece(tokens, place):
            return True
        if token.tag in ",;:CKWQI" and not (token.tag == "C" and token.lower == "and"):
            return False
    return False


def _finite(token: Token) -> bool:
    form = forms().get(token.lower)
    return form is not None and bool({"s", "ed"} & form.slots) and "ing" not in form.slots


def _passive_piece(tokens: Sequence[Token], place: int) -> bool:
    return place + 1 < len(tokens) and tokens[place + 1].lower == "by"


__all__ = ["Complement", "Cue", "begins_clause", "complement", "cues"]
