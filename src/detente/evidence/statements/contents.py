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
_BREAKS = ("but", "while", "although", "though", "whereas", "because")


def left(sentence: Sentence, who: int, rest: int) -> tuple[str, list[Span]] | None:
    """Return the rule and the content of a cue that comes after it, with what goes on behind the cue.

    Args:
        sentence: the sentence in pieces.
        who: the piece where the speaker, or an inverted cue, begins.
        rest: the piece where the sentence may go on.
    """
    tokens = sentence.tokens
    if who == 0:
        return None
    close = who - 1
    if (
        tokens[close].lower == "as"
        and close > 1
        and (tokens[close - 1].lower in _MARKED or tokens[close - 1].tag == "C")
    ):
        close -= 1
        close -= tokens[close].tag == "C" and tokens[close - 1].lower in _MARKED
    if tokens[close].lower in _MARKED or tokens[close].tag == "C":
        close -= 1
    elif tokens[close].tag != "Q":
        return None
    if close < 0:
        return None
    quoted = tokens[close].tag == "Q"
    begin = next((at for at in range(close, 0, -1) if tokens[at - 1].lower == ";"), 0)
    pieces = [Span(tokens[begin].start, tokens[close].end)]
    pieces += _rest(tokens, rest, quoted)
    whole = quoted and begin == close
    return ("quote, cue" if whole else "part quote, cue" if quoted else "clause, cue"), pieces


def _rest(tokens: Sequence[Token], rest: int, quoted: bool) -> list[Span]:
    """Return what goes on behind a cue in the middle: a quotation, or the clause that the cue interrupts."""
    if rest >= len(tokens) or not (tokens[rest].lower in (*_MARKED, ";", ":") or tokens[rest].tag in "CQ"):
        return []
    at = rest if tokens[rest].tag in "CQ" else rest + 1
    again = next((p for p in range(at, min(at + 3, len(tokens))) if tokens[p].tag == "Q"), None)
    if again is not None and all(piece.tag in "CUK" or piece.lower == "," for piece in tokens[at:again]):
        return [Span(tokens[again].start, tokens[-1].end)]
    if quoted or at >= len(tokens) or tokens[rest].lower not in _MARKED or tokens[at].tag in "CUV":
        return []
    return [Span(tokens[at].start, tokens[-1].end)]


def right(text: str, sentence: Sentence, follows: Complement, subordinate: bool) -> list[Span]:
    """Return the content that follows a cue, to the end of its clause.

    Args:
        text: the document's.
        sentence: the sentence in pieces.
        follows: the pattern and where it begins.
        subordinate: whether the cue stands in a clause with ``while``, ``after`` or the like at the head of the
            sentence, so that a comma and a new subject end it.
    """
    tokens, first = sentence.tokens, follows.first
    if follows.name.endswith("quote"):
        last = _quote_end(text, tokens, first)
    else:
        last = _clause_end(tokens, first, follows.name, subordinate)
    return [Span(tokens[first].start, tokens[last - 1].end)]


def _quote_end(text: str, tokens: Sequence[Token], first: int) -> int:
    if first + 1 >= len(tokens):
        return len(tokens)
    stopped = text[tokens[first].end - 2] in ",.?!"
    if stopped or tokens[first + 1].lower in (";", "—", "–", "--"):
        return first + 1
    return _clause_end(tokens, first, "quote", subordinate=False)


def _clause_end(tokens: Sequence[Token], first: int, rule: str, subordinate: bool) -> int:
    last, depth = len(tokens), 0
    spoken = rule.endswith(("that", "clause", "wh", "quote"))
    for at in range(first + 1, last):
        token = tokens[at]
        depth += (token.lower == "(") - (token.lower == ")")
        if depth < 0 or token.lower in (";", "―"):
            return at
        if at + 1 == last or depth:
            continue
        after = tokens[at + 1]
        if token.lower == ",":
            if subordinate and (after.tag in "NDxSV" or begins_clause(tokens, at + 1)):
                return at
            if not spoken:
                return at
            if after.lower in ("but", "while", "although", "though") and begins_clause(tokens, at + 2):
                return at
        elif not spoken and token.lower in ("but", "because", "while", "although", "though", "and"):
            if token.lower in _BREAKS or begins_clause(tokens, at + 1, near=True) or _finite(tokens, at + 1):
                return at
        elif not spoken and (token.lower in DASHES or (token.lower in _TIMES and after.tag == "S")):
            return at
    return last


def _finite(tokens: Sequence[Token], at: int) -> bool:
    """Say whether ``and has demanded``, ``and rejects`` goes on here."""
    while at < len(tokens) and tokens[at].tag == "A":
        at += 1
    if at >= len(tokens) - 1:
        return False
    form = forms().get(tokens[at].lower)
    third = (
        form is not None and tokens[at].tag == "V" and "s" in form.slots and tokens[at + 1].tag in "DKINSOQP"
    )
    return tokens[at].tag in "BHM" or third


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
