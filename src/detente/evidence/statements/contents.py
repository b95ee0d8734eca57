"""What is said? The pattern that follows a cue, and where a content begins and ends, left or right of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from detente.evidence.grammar import Verb, forms, verbs
from detente.evidence.records import Kind, Span
from detente.evidence.table import DASHES, Sentence, Token

_TRIM = " \t\xa0\r\n,:;—–―-"
_MARKED = (",", *DASHES)
_TIMES = ("as", "when", "before", "after")
_CONTRASTS = ("but", "while", "although", "though", "whereas")
_REACH = 15
"""Pieces of ``reporters in a speech in the capital on Friday`` between a cue and its content."""
_SPEECH = frozenset(("say", "tell", "assert", "write", "manner", "promise", "show"))
_INFINITIVES = ("be", "have", "do", "not")
_TIME_WORDS = ("ago", "last", "this", "next", "early", "late", "earlier", "on", "in", "at")


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
    for at in [at for at, token in enumerate(tokens) if token[3] in "VB"]:
        form = inflected.get(tokens[at].lower)
        if form is None or form.base not in known:
            continue
        near = [token.lower for token in tokens[at + 1 : at + 3]]
        for verb in known[form.base]:
            end = at + 1
            if verb.rest:
                if verb.rest[0] not in near:
                    continue
                spaced = end < len(tokens) and tokens[end].tag in "AG" and tokens[end].lower != verb.rest[0]
                end += spaced + len(verb.rest)
                if tuple(piece.lower for piece in tokens[end - len(verb.rest) : end]) != verb.rest:
                    continue
            found.append(Cue(at, end, verb, form.slots))
            break
    return found


def complement(tokens: Sequence[Token], cue: Cue) -> Complement:
    """Return the pattern that follows a cue."""
    classes = {*cue.verb.classes}
    at = _past_time(tokens, cue.end)
    found = _plain(tokens, at, cue.end)
    if found is None and classes & _SPEECH and tokens[at].tag in "PI":
        found = _later(tokens, at, cue.end, hearer=False)
    if found is None and classes & {"tell", "direct", "promise"}:
        found = _later(tokens, at, cue.end, hearer=True)
    if found is not None:
        return found
    if classes & {"say", "assert", "think", "tell", "show", "write"} and begins_clause(tokens, at):
        return Complement("clause", at, at)
    if tokens[at].tag in "PU" and not (tokens[at].lower == "as" and "name" in classes):
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
    if token.tag == "I" and after is not None and (after.tag in "Vx" or after.lower in _INFINITIVES):
        return Complement("to", at, end)
    if token.tag in ",;:)C" or not (token.lower[0].isalnum() or token.tag in "Q$#@’'‘(["):
        return Complement("end", at, end)
    return None


def _past_time(tokens: Sequence[Token], at: int) -> int:
    """Skip adverbs and dates: ``said again on Friday``."""
    while at < len(tokens) and (
        tokens[at].tag in "AT"
        or (tokens[at].lower in _TIME_WORDS and at + 1 < len(tokens) and tokens[at + 1].tag in "T9")
    ):
        at += 1
    return at


def _later(tokens: Sequence[Token], at: int, end: int, *, hearer: bool) -> Complement | None:
    """Return the complement that comes after a hearer or a place: ``told reporters``, ``in an interview``."""
    for place in range(at + 1, min(len(tokens), at + _REACH)):
        token, before = tokens[place], tokens[place - 1]
        if token.tag == "S" and before.tag in "NxOT":
            return Complement("hearer-clause" if hearer else "clause", place, end if hearer else at)
        found = _plain(tokens, place, at)
        if found is not None and (hearer or found.name == "end"):
            return None if found.name == "end" else found._replace(name=f"hearer-{found.name}", cue_end=end)
        if found is not None and (
            found.name in ("that", "colon")
            or (found.name == "quote" and tokens[found.first - 1].lower in (",", ":"))
            or token.lower in ("whether", "why", "how")
        ):
            return found._replace(cue_end=at)
        if hearer and token.tag in "BHM":
            return None
    return None


def begins_clause(tokens: Sequence[Token], at: int, *, near: bool = False) -> bool:
    """Say whether a clause of its own begins here: a subject, then soon (sooner if near) a finite verb."""
    if at >= len(tokens):
        return False
    if tokens[at].tag == "S" or tokens[at].lower in ("there", "it", "this"):
        return True
    for place in range(at + 1, min(len(tokens), at + (6 if near else 11))):
        token = tokens[place]
        if token.tag in "BHM" and not token.lower.startswith(("be", "having")):
            return True
        before = tokens[place - 1].tag
        if token.tag == "V" and before in "NxA" and _finite(token):
            return True
        if token.tag in ",;:CKWQI" and not (token.tag == "C" and token.lower == "and"):
            return False
    return False


def _finite(token: Token) -> bool:
    form = forms().get(token.lower)
    return form is not None and bool({"s", "ed"} & form.slots) and "ing" not in form.slots


def left(sentence: Sentence, who: int, rest: int) -> tuple[str, list[Span]] | None:
    """Return the rule and the content of a cue that comes after it, with what goes on behind the cue.

    Args:
        sentence: the sentence in pieces.
        who: the piece where the speaker, or an inverted cue, begins.
        rest: the piece where the sentence may go on.
    """
    tokens, close = sentence.tokens, who - 1
    if close > 0 and tokens[close].lower == "as":  # "The dam is safe, as Lobo said"
        close -= 1
    if close > 0 and (tokens[close].lower in _MARKED or tokens[close].tag == "C"):
        close -= 1
    elif close < 0 or tokens[close].tag != "Q":
        return None
    quoted = tokens[close].tag == "Q"
    begin = next((at for at in range(close, 0, -1) if tokens[at - 1].lower == ";"), 0)
    pieces = [Span(tokens[begin].start, tokens[close].end)]
    rule = "clause, cue" if not quoted else "quote, cue" if begin == close else "part quote, cue"
    at = rest + (rest < len(tokens) and tokens[rest].tag not in "CQ")
    marked = rest < len(tokens) and (tokens[rest].tag in "CQ" or tokens[rest].lower in (*_MARKED, ";", ":"))
    near = range(at, min(at + 3, len(tokens))) if marked else ()
    again = next((p for p in near if tokens[p].tag == "Q"), None)
    if again is not None and all(piece.tag in "CUK," for piece in tokens[at:again]):
        pieces.append(Span(tokens[again].start, tokens[-1].end))  # a quotation that goes on
    elif not quoted and at < len(tokens) and tokens[rest].lower in _MARKED and tokens[at].tag not in "CUV":
        pieces.append(Span(tokens[at].start, tokens[-1].end))  # the clause that the cue interrupts
    return rule, pieces


def right(text: str, sentence: Sentence, follows: Complement, subordinate: bool) -> list[Span]:
    """Return the content that follows a cue, to the end of its clause.

    Args:
        text: the document's.
        sentence: the sentence in pieces.
        follows: the pattern and where it begins.
        subordinate: whether the cue stands in a clause with ``while``, ``after`` or the like at the head of the
            sentence, so that a comma and a new subject end it.
    """
    tokens, first, rule = sentence.tokens, follows.first, follows.name
    spoken = rule.endswith(("that", "clause", "wh", "quote"))
    if rule.endswith("quote") and (text[tokens[first].end - 2] in ",.?!" or first + 1 == len(tokens)):
        return [Span(tokens[first].start, tokens[first].end)]
    last = first + 1
    while last < len(tokens) and not _ends(tokens, last, spoken, subordinate and rule != "quote"):
        last += 1
    return [Span(tokens[first].start, tokens[last - 1].end)]


def _ends(tokens: Sequence[Token], at: int, spoken: bool, subordinate: bool) -> bool:
    """Say whether a content ends before a piece."""
    mark, after = tokens[at].lower, tokens[at + 1] if at + 1 < len(tokens) else None
    if after is None or mark in (";", "―"):
        return mark in (";", "―")
    if spoken and mark == ",":
        clause = after.lower in _CONTRASTS and begins_clause(tokens, at + 2)
        return clause or (subordinate and after.tag in "NDxSV")
    if spoken:
        return False
    if mark == "and":  # "and has demanded", "and rejects"
        form = forms().get(after.lower) if after.tag == "V" else None
        return (
            begins_clause(tokens, at + 1, near=True)
            or after.tag in "BHM"
            or (form is not None and "s" in form.slots)
        )
    return mark in (",", *_CONTRASTS, "because", *DASHES) or (mark in _TIMES and after.tag == "S")


def trimmed(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return spans without blanks and commas at their ends, those of fewer than four characters left out."""
    found = []
    for start, end in spans:
        while start < end and text[start] in _TRIM:
            start += 1
        while end > start and text[end - 1] in _TRIM:
            end -= 1
        if end - start >= 4:
            found.append(Span(start, end))
    return tuple(found)


def kind_of(text: str, content: Sequence[Span]) -> Kind:
    """Return direct for one quotation, mixed for a content with quotation marks, else indirect."""
    pieces = [text[start:end] for start, end in content]
    if len(pieces) == 1 and pieces[0][0] in '“"«' and pieces[0][-1] in '”"»':
        return "direct"
    return "mixed" if any(mark in piece for piece in pieces for mark in '“”"«»') else "indirect"


__all__ = ["Complement", "Cue", "complement", "cues", "kind_of", "left", "right", "trimmed"]
