"""Which words may be statements? Every cue with its pattern, speaker and content, before they are weighed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from detente.evidence.grammar import is_role
from detente.evidence.lists import group, words
from detente.evidence.records import Span
from detente.evidence.statements.contents import Complement, Cue, complement, cues, left, right
from detente.evidence.statements.speakers import (
    Speaker,
    later_subject,
    main_subject,
    phrase,
    subject,
    verb_group,
)
from detente.evidence.statements.special import others
from detente.evidence.statements.weigh import Candidate
from detente.evidence.table import DASHES, Sentence, Token

_PASSED_ON = ("", "coordinated", "participle")
_UNREAL = ("would", "could", "might", "may", "should")
_UNSAID = group("unsaid")
_PLURALS = group("plural_subjects")
_OPEN = ("end", "thing", "prep")
_SPEECH = frozenset(("say", "tell", "write", "manner", "assert"))


class _Verb(NamedTuple):
    """A cue with its auxiliaries from piece ``first`` on, its form, and the candidates before it."""

    sentence: Sentence
    cue: Cue
    first: int
    form: str
    earlier: Sequence[Candidate]


def candidates(text: str, sentence: Sentence, after: Sentence | None = None) -> list[Candidate]:
    """Return what may be a statement in one sentence, in order of the cues; ``Lobo said:`` takes the one after."""
    tokens, found = sentence.tokens, list[Candidate]()
    for cue in cues(tokens):
        if not _is_noun(tokens, cue):
            first = verb_group(tokens, cue.at)
            verb = _Verb(sentence, cue, first, _form(cue, tokens[first : cue.at]), found)
            if (made := _verbal(text, verb, after)) is not None:
                found.append(made)
    return sorted([*found, *others(sentence)], key=attrgetter("cue"))


def _verbal(text: str, verb: _Verb, after: Sentence | None) -> Candidate | None:
    sentence, cue, first, form, _ = verb
    tokens = sentence.tokens
    inverted = _inverted(tokens, cue, first) if form in ("ed", "s", "base") else None
    if inverted is not None:
        return _build(text, verb, Complement("inverted", inverted.last, cue.end), inverted, "")
    follows = complement(tokens, cue)
    if follows.name in ("thing", "prep") and _is_act(tokens, follows):
        return None
    who, link = _speaker(tokens, first, form, verb.earlier)
    if tokens[-1].lower == ":" and after is not None and cue.end > len(tokens) - 9 and follows.name in _OPEN:
        return _candidate(verb, "next line", (after.span,), who, link)
    if form != "passive":
        return _build(text, verb, follows, who, link)
    by = next((p for p in range(cue.end, min(len(tokens), cue.end + 4)) if tokens[p].lower == "by"), None)
    if by is not None and who is not None:  # "The plan was condemned by Lobo": the content is the subject
        end = next((p for p in range(by + 1, len(tokens)) if tokens[p].tag not in "NxD9"), len(tokens))
        if (agent := phrase(tokens, end, by + 1)) is not None:
            made = _candidate(verb, "passive by", (who.span(tokens),), agent, "")
            return made._replace(cue=Span(tokens[first].start, tokens[by].end))
    return _build(text, verb, follows, who, "")


def _is_noun(tokens: Sequence[Token], cue: Cue) -> bool:
    """Say whether a form like ``claims`` or ``report`` is a noun here."""
    if cue.at == 0 or "ing" in cue.slots:
        return False
    before = tokens[cue.at - 1]
    if cue.slots <= {"ed", "en"}:
        return before.tag == "’"
    if before.tag in "D9P" or before.lower in ("’s", "'s"):
        return True
    plain = "base" in cue.slots and "ed" not in cue.slots
    if plain and before.tag == "x" and not before.lower.endswith("s") and before.lower not in _PLURALS:
        return True
    after = tokens[cue.end] if cue.end < len(tokens) else None
    return before.tag == "x" and after is not None and (after.tag in "VBHM" or after.lower == "of")


def _is_act(tokens: Sequence[Token], follows: Complement) -> bool:
    """Say whether something was done, not said: ``showed anger by moving troops``, ``answered with tariffs``."""
    if follows.name == "prep" and tokens[follows.first - 1].lower == "with":
        return True
    return any(
        one.lower == "by" and two.lower.endswith("ing") for one, two in pairwise(tokens[follows.first :])
    )


def _form(cue: Cue, group: Sequence[Token]) -> str:
    """Return the form of the verb in its group: ing, participle, infinitive, passive, or a tense."""
    has_be = any(token.tag == "B" for token in group)
    if "ing" in cue.slots:
        return "progressive" if has_be else "participle"
    if has_be and cue.slots & {"ed", "en"}:
        return "passive"
    if any(token.tag in "HM" for token in group):
        return "perfect"
    return next(slot for slot in ("ed", "s", "base", "en") if slot in cue.slots)


def _speaker(
    tokens: Sequence[Token], first: int, form: str, earlier: Sequence[Candidate]
) -> tuple[Speaker | None, str]:
    """Return the subject, and how it is shared with an earlier verb if it is."""
    before = tokens[first - 1] if first else None
    if form == "participle" and first <= 1 and (before is None or before.tag in "PU"):
        return later_subject(tokens, first + 1), "opening"
    if before is None:
        return None, "initial"
    if before.tag == "I":
        return _shared(tokens, first, earlier), "infinitive"
    if form == "participle":
        if before.tag == "P":
            return _shared(tokens, first, earlier), "gerund"
        own = None if before.tag in ",CUQ" or before.lower in DASHES else subject(tokens, first)
        return (own, "attached") if own is not None else (_shared(tokens, first, earlier), "participle")
    own = subject(tokens, first) if before.tag != "C" else None
    if own is not None:
        relative = before.lower in ("who", "which", "that")
        return own, "relative" if relative else ""
    if before.tag in "C,":
        return _shared(tokens, first, earlier), "coordinated"
    return None, "none"


def _shared(tokens: Sequence[Token], before: int, earlier: Sequence[Candidate]) -> Speaker | None:
    for item in reversed(earlier):
        if item.who is not None and item.who.kind != "first" and item.link in _PASSED_ON:
            return item.who
    return main_subject(tokens, before)


def _inverted(tokens: Sequence[Token], cue: Cue, first: int) -> Speaker | None:
    """Return the subject of ``“We wait,” said Ana Lobo`` and ``…, said Lobo, the minister``."""
    said = first == cue.at and not cue.verb.rest and _SPEECH & {*cue.verb.classes}
    if not said or first == 0 or not (tokens[first - 1].tag == "Q" or tokens[first - 1].lower == ","):
        return None
    at = cue.end
    if at >= len(tokens) or tokens[at].tag not in "NDxS" or tokens[at].lower in ("it", "this"):
        return None
    end = at
    while end < len(tokens) and (tokens[end].tag in "NxD9S" or tokens[end].lower in ("’s", "'s", ".", "of")):
        end += 1
    if end < len(tokens) and tokens[end].tag in "ABHMVvI":
        return None
    found = phrase(tokens, end, at) if tokens[at].tag != "S" else subject(tokens, at + 1, at)
    if found is None or (found.kind == "other" and tokens[first - 1].tag != "Q"):
        return None
    if end + 1 < len(tokens) and tokens[end].lower == "," and tokens[end + 1].tag in "DNW":
        closing = (p for p in range(end + 1, len(tokens)) if tokens[p].lower == "," or tokens[p].tag == "Q")
        last = next(closing, len(tokens))
        if last - end <= 18 and (tokens[end + 1].tag in "DW" or last == len(tokens)):
            return found._replace(first=at, last=last)
    return found._replace(first=at)


def _build(text: str, verb: _Verb, follows: Complement, who: Speaker | None, link: str) -> Candidate | None:
    """Return a candidate with what stands before its cue as content, or else with what follows."""
    sentence, cue, first, _, _ = verb
    tokens, rule, classes = sentence.tokens, follows.name, {*cue.verb.classes}
    begin = first if rule == "inverted" or who is None else min(who.first, first)
    quoted = begin > 0 and tokens[begin - 1].tag == "Q" and bool(_SPEECH & classes)
    after = rule in ("thing", "clause", "wh") and quoted and (rule != "clause" or begin == 1)
    own = not link.startswith(("part", "coord", "inf", "ger"))
    if own and (after or rule in ("end", "inverted", "prep")):
        rest = who.last if rule == "inverted" and who is not None else follows.first
        found = left(sentence, begin, rest if rule in ("end", "inverted") else len(tokens))
        if found is not None:
            rule = ("inverted " if rule == "inverted" else "") + found[0]
            return _finished(_candidate(verb, rule, tuple(found[1]), who, link), verb, follows)
    if rule in ("end", "inverted"):
        return None
    opens = begin > 0 and tokens[begin - 1].tag in "UP" and (begin == 1 or tokens[begin - 2].lower == ",")
    pieces = right(text, sentence, follows, link == "opening" or opens)
    return _finished(_candidate(verb, rule, tuple(pieces), who, link), verb, follows)


def _finished(made: Candidate, verb: _Verb, follows: Complement) -> Candidate:
    """Return a candidate whose cue takes a preposition or a colon in."""
    tokens = verb.sentence.tokens
    if made.rule == "prep":
        made = made._replace(marks=(*made.marks, f"prep:{tokens[follows.first - 1].lower}"))
    if made.rule in ("prep", "quote", "colon"):
        made = made._replace(cue=Span(made.cue.start, tokens[max(follows.cue_end, verb.cue.end) - 1].end))
    return made


def _candidate(
    verb: _Verb, rule: str, content: tuple[Span, ...], who: Speaker | None, link: str
) -> Candidate:
    sentence, cue, first, form, earlier = verb
    tokens, low = sentence.tokens, sentence.tokens[first].start
    negated = any(token.tag == "G" or token.lower in _UNREAL for token in tokens[first : cue.at])
    if first > 1 and tokens[first - 1].tag == "I":
        negated = negated or tokens[first - 2].lower in _UNSAID
    if link in ("participle", "coordinated", "gerund") and first:
        low = tokens[first - 1].end if tokens[first - 1].tag == "Q" else tokens[first - 1].start
    before = f"{tokens[first - 1].tag}{'r' * is_role(tokens[first - 1].lower)}" if first else "^"
    opening = tokens[max(0, (who.first if who else first) - 1) : first]
    marks = [
        f"who:{who.kind if who else '-'}",
        f"form:{form}",
        f"link:{link}" if link else "link:own",
        f"after:{tokens[cue.end].tag if cue.end < len(tokens) else '$'}",
        f"before:{before}",
        f"earlier:{min(len(earlier), 2)}",
        *([f"role:{tokens[who.head[1] - 1].lower}"] if who is not None and who.kind == "role" else ()),
        *(["negated"] if negated else ()),
        *(["conditional"] if any(token.lower in ("if", "unless", "when") for token in opening) else ()),
    ]
    if cue.verb.lemma in ("decline", "refuse") and cue.end + 1 < len(tokens):
        marks += ["silent"] * (tokens[cue.end + 1].lower in words("silences"))
    return Candidate(
        rule=rule,
        at=cue.at,
        cue=Span(tokens[first].start, tokens[cue.end - 1].end),
        lemma=cue.verb.lemma,
        classes=cue.verb.classes,
        content=content,
        speaker=who.span(tokens) if who else None,
        head=who.head_span(tokens) if who else None,
        marks=tuple(marks),
        link=link,
        low=low,
        negated=negated,
        who=who,
    )


__all__ = ["Candidate", "candidates"]
