"""Who wants what? Holders with the words of the issue and a stance, as reported or as the author infers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from detente.evidence.actors.mentions import read
from detente.evidence.inflection import kinds
from detente.evidence.lists import rows
from detente.evidence.pieces import pieces
from detente.evidence.records import Document, Position, Span, Stance, Statement
from detente.evidence.sentences import sentences

_CHAIN = (
    r"(?:,\s(?:which|who)\s|,\s[^,.;“”]{3,80},\s|\s|\.\s(?!.))"
    r"(?P<chain>(?:(?:has|have|had|did|does|do|would|will|could|can|may|might|also|again|still|now|then|long|never|not|only|both"
    r"|strongly|firmly|publicly|openly|flatly|repeatedly|today|yesterday|to|be|been|is|are|was|were|remains?|remained|appears?|appeared"
    r"|seems?|seemed|reportedly|on\s(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\s){0,5})"
)
_WILL_NOT = re.compile(
    r"\s(?P<chain>)(?P<cue>(?:will|would|can|could)\s(?:not|never)|won[’']t|must\snot)\s(?!be\b|have\b|say\b|comment\b|know\b|need\b)(?=[a-z])"
)
_WOULD_IF = re.compile(
    r"\s(?P<chain>)(?P<cue>would|will)\s(?=[a-z][^.;]{3,120}\s(?:if|provided|on\scondition|in\s(?:return|exchange)\sfor|once)\s)"
)
_COULD = re.compile(
    r"\s(?P<chain>)(?P<cue>could\slive\swith|would\sconsider|could\saccept|would\saccept|might\saccept|could\sagree\sto|would\swelcome)\s"
)
_PRONOUN = re.compile(r"\b(?:[Ii]t|[Hh]e|[Ss]he|[Tt]hey|[Bb]oth|[Nn]either)\b")
_END = re.compile(
    r"[;:.!?\n”\"—]|,\s(?!\d)|\s(?:but|while|whereas|because|since|although|unless|provided|which|who|until|so\sthat|as\slong\sas)\s"
    r"|\s(?:if|when)\s|\sand\s(?=(?:has|have|had|will|would|is|are|also|\w+(?:ed|ects|poses|ands))\s)"
)
_SPAN = 160  # characters of an issue
_INFERRED = re.compile(r"\b(?:appear|seem)|\b(?:may|might)\sbe\b|\breportedly\b")
_OPPOSITE: dict[Stance, Stance] = {
    "supports": "opposes", "opposes": "open", "rejects": "open", "open": "rejects", "demands": "unclear",
    "reluctant": "open",
}  # fmt: skip
_BE = re.compile(
    r"\b(?:is|are|was|were|be|been|remains?|remained|appears?|appeared|seems?|seemed)\s(?:(?:not|never|also|still|now|only)\s)*\Z"
)
_NEGATED = re.compile(r"\b(?:not|never)\s")


def positions(document: Document, statements: Sequence[Statement] = ()) -> tuple[Position, ...]:
    """Return the positions of a document, in order; opposite stances of one holder are both kept.

    Args:
        document: its text.
        statements: what stands in the content of one is reported even where it hedges, since the speaker says it.
    """
    text = document.text
    named = [m.span for _, found in read(document) for m in found if not m.weak and not m.possessive]
    holders = sorted({*named, *(Span(*m.span()) for m in _PRONOUN.finditer(text))})
    ends = pieces(text, sentences(text, without=document.furniture), 2_000)
    found: list[Position] = []
    at = 0
    for sentence in ends:
        while at < len(holders) and holders[at].start < sentence.start:
            at += 1
        inside = []
        while at < len(holders) and holders[at].start < sentence.end:
            inside.append(holders[at])
            at += 1
        found += _of_sentence(text, sentence, inside, statements)
    return tuple(found)


def _of_sentence(
    text: str, sentence: Span, holders: list[Span], statements: Sequence[Statement]
) -> Iterator[Position]:
    taken = sentence.start
    for holder in holders:
        place, number = holder.end, 0
        if holder.start < taken:
            continue
        while number < 3 and (match := _matched(text, place, sentence.end, number)):
            if not number and not _agrees(text, holder, match):
                break
            stance, start, end = _judged(text, match, sentence.end)
            if stance is None:
                break
            inferred = bool(_INFERRED.search(match["chain"])) or match["cue"].startswith("might")
            issue = _issue(text, match.end("cue"), end)
            yield Position(
                holder=(holder,),
                issue=(issue,) if issue else (),
                stance=stance,
                evidence=(Span(start, end),),
                basis="author" if inferred and not _said(match.start(), statements) else "reported",
                confidence=0.6 if inferred else 0.75,
            )
            taken, place, number = end, end, number + 1


def _said(place: int, statements: Sequence[Statement]) -> bool:
    return any(start <= place < end for s in statements for start, end in s.content)


def _matched(text: str, place: int, end: int, number: int) -> re.Match[str] | None:
    if number:  # "endorsed the plan but opposed its date"
        joint = re.compile(r",?\s(?:and|but|yet)(?=\s)").match(text, place, end)
        if joint is None:
            return None
        place = joint.end()
    for pattern in (_COULD, _cues(), _WOULD_IF, _WILL_NOT):
        if match := pattern.match(text, place, end):
            return match
    return None


def _agrees(text: str, holder: Span, match: re.Match[str]) -> bool:
    """Tell whether a verb without an ending has a holder in the plural: "Yemen back" is none."""
    cue = match["cue"].lower().split()[0]
    if match["chain"] or cue not in _bare():
        return True
    joined = re.search(r"\b(?:and|I|we)\s(?:the\s)?\Z", text[max(0, holder.start - 9) : holder.start])
    words = holder.of(text)
    return (
        bool(joined and words[0].isupper())
        or words.endswith("s")
        or words.lower() in ("both", "they", "people", "police")
    )


def _judged(text: str, match: re.Match[str], limit: int) -> tuple[Stance | None, int, int]:
    """Return the stance of a match and where its evidence begins and ends."""
    cue, chain = " ".join(match["cue"].lower().split()), match["chain"]
    start = match.start("chain") if match["chain"] else match.start("cue")
    stop = _END.search(text, match.end("cue"), min(limit, match.end("cue") + _SPAN))
    end = stop.start() if stop else min(limit, match.end("cue") + _SPAN)
    if match.re is _COULD:
        return "open", start, end
    if match.re is _WILL_NOT:
        return "rejects", start, end
    if match.re is _WOULD_IF:
        stop = re.compile(r"[.;!?”\"]").search(text, match.end(), limit)
        return "conditional", start, stop.start() if stop else limit
    stance, kind = _stances()[cue]
    be = bool(_BE.search(chain))
    if be != (kind == "adj"):
        return None, start, end  # "was opposed": somebody else's
    if cue.startswith("refuse") and re.match(r"\sto\s(?:comment|say)\b", text[match.end("cue") - 3 :][:14]):
        return None, start, end
    if _NEGATED.search(chain):
        stance = _OPPOSITE.get(stance, "unclear")
    return stance, start, end


def _issue(text: str, start: int, end: int) -> Span | None:
    words = text[start:end]
    lead = len(words) - len(words.lstrip())
    return Span(start + lead, start + len(words.rstrip())) if words.strip() else None


@cache
def _stances() -> dict[str, tuple[Stance, str]]:
    """Return every form of a cue with its stance and whether it is a verb or an adjective."""
    found: dict[str, tuple[Stance, str]] = {}
    for stance, kind, cues in rows("stances"):
        for cue in (c.strip() for c in cues.split(",")):
            first, *rest = cue.split()
            forms = (f for f, tag in kinds(first) if tag != "ing") if kind == "verb" else (first,)
            for form in forms:
                found.setdefault(" ".join((form, *rest)), (stance, kind))  # type: ignore[arg-type]
    return found


@cache
def _bare() -> frozenset[str]:
    """Return the first words of verbal cues that have no ending."""
    return frozenset(
        cue.strip().split()[0]
        for _, kind, cues in rows("stances")
        if kind == "verb"
        for cue in cues.split(",")
    )


@cache
def _cues() -> re.Pattern[str]:
    cues = sorted(_stances(), key=len, reverse=True)
    listed = "|".join(re.escape(cue).replace(r"\ ", r"\s") for cue in cues)
    return re.compile(rf"{_CHAIN}(?P<cue>{listed})\b")


__all__ = ["positions"]
