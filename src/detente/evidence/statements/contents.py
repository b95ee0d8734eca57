"""Where does a content begin and end? Left of its cue or right of it, to the end of its clause."""

from __future__ import annotations

from collections.abc import Sequence

from detente.evidence.records import Kind, Span
from detente.evidence.statements.lexicon import forms
from detente.evidence.statements.patterns import Complement, begins_clause
from detente.evidence.statements.tokens import DASHES, Sentence, Token

_TRIM = " \t\xa0\r\n,:;—–―-"
_MARKED = (",", *DASHES)
_TIMES = ("as", "when", "before", "after")
_CONTRASTS = ("but", "while", "although", "though", "whereas")


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
    pieces = [Span(tokens[begin].start, tokens[close].end), *_rest(tokens, rest, quoted)]
    return (
        "quote, cue" if quoted and begin == close else "part quote, cue" if quoted else "clause, cue"
    ), pieces


def _rest(tokens: Sequence[Token], rest: int, quoted: bool) -> list[Span]:
    """Return what goes on behind a cue in the middle: a quotation, or the clause that the cue interrupts."""
    if rest >= len(tokens) or not (tokens[rest].lower in (*_MARKED, ";", ":") or tokens[rest].tag in "CQ"):
        return []
    at = rest if tokens[rest].tag in "CQ" else rest + 1
    again = next((p for p in range(at, min(at + 3, len(tokens))) if tokens[p].tag == "Q"), None)
    if again is not None and all(piece.tag in "CUK" or piece.lower == "," for piece in tokens[at:again]):
        return [Span(tokens[again].start, tokens[-1].end)]
    ends = quoted or at >= len(tokens) or tokens[rest].lower not in _MARKED or tokens[at].tag in "CUV"
    return [] if ends else [Span(tokens[at].start, tokens[-1].end)]


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
        return clause or (subordinate and (after.tag in "NDxSV" or begins_clause(tokens, at + 1)))
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


__all__ = ["kind_of", "left", "right", "trimmed"]
