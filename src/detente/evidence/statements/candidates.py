"""Which words may be statements? Every cue with its pattern, speaker and content, before they are weighed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from operator import attrgetter

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
_LENT = ("participle", "coordinated", "infinitive", "gerund")
_UNREAL = ("would", "could", "might", "may", "should")
_SPEECH = frozenset(("say", "tell", "write", "manner", "assert"))


def candidates(text: str, sentence: Sentence) -> list[Candidate]:
    """Return what may be a statement in one sentence, in order of the cues."""
    found: list[Candidate] = []
    for cue in cues(sentence.tokens):
        if not _is_noun(sentence.tokens, cue) and (made := _verbal(text, sentence, cue, found)) is not None:
            found.append(made)
    return sorted([*found, *others(sentence)], key=attrgetter("cue"))


def _verbal(text: str, sentence: Sentence, cue: Cue, earlier: Sequence[Candidate]) -> Candidate | None:
    """Return a candidate with what stands before its cue as content, or else with what follows."""
    tokens, classes = sentence.tokens, {*cue.verb.classes}
    first = verb_group(tokens, cue.at)
    form = _form(cue, tokens[first : cue.at])
    who = _inverted(tokens, cue, first) if form in ("ed", "s", "base") else None
    if who is not None:
        follows, link, begin = Complement("inverted", who.last, cue.end), "", first
    else:
        follows = complement(tokens, cue)
        if follows.name in ("thing", "prep") and _is_act(tokens, follows):
            return None
        who, link = _speaker(tokens, first, form, earlier)
        link = link if form != "passive" else ""
        begin = min(who.first, first) if who else first
    rule, pieces = follows.name, list[Span]()
    open_ = rule in ("end", "inverted")
    quoted = begin > 0 and tokens[begin - 1].tag == "Q" and bool(_SPEECH & classes)
    after = rule in ("thing", "clause", "wh") and quoted and (rule != "clause" or begin == 1)
    found = None
    if link not in _LENT and (after or open_ or rule == "prep"):
        found = left(sentence, begin, follows.first if open_ else len(tokens))
    if found is not None:
        rule, pieces = ("inverted " if rule == "inverted" else "") + found[0], found[1]
    elif rule == "end" and begin == 1 and tokens[0].lower == "as" and follows.first + 1 < len(tokens):
        rule, pieces = "as X said", [Span(tokens[follows.first + 1].start, tokens[-1].end)]
    elif open_:
        return None
    else:
        opens = begin > 0 and tokens[begin - 1].tag in "UP" and (begin == 1 or tokens[begin - 2].lower == ",")
        pieces = right(text, sentence, follows, link == "opening" or opens)
    end = max(follows.cue_end, cue.end) if rule in ("prep", "quote", "colon") else cue.end
    low = tokens[first].start
    if link in ("participle", "coordinated", "gerund") and first:
        low = tokens[first - 1].end if tokens[first - 1].tag == "Q" else tokens[first - 1].start
    negated = any(token.tag == "G" or token.lower in _UNREAL for token in tokens[first : cue.at])
    unsaid = first > 1 and tokens[first - 1].tag == "I" and tokens[first - 2].lower in group("unsaid")
    marks = _marks(tokens, cue, first, who, form, link, len(earlier))
    marks += ["negated"] if negated or unsaid else []
    marks += [f"prep:{tokens[follows.first - 1].lower}"] if rule == "prep" else []
    return Candidate(
        rule=rule,
        cue=Span(tokens[first].start, tokens[end - 1].end),
        lemma=cue.verb.lemma,
        classes=cue.verb.classes,
        content=tuple(pieces),
        speaker=who.span(tokens) if who else None,
        head=who.head_span(tokens) if who else None,
        marks=tuple(marks),
        link=link,
        low=low,
        negated=negated or unsaid,
        who=who,
    )


def _marks(
    tokens: Sequence[Token], cue: Cue, first: int, who: Speaker | None, form: str, link: str, earlier: int
) -> list[str]:
    """Return what is seen of a cue and its speaker."""
    before = tokens[first - 1] if first else None
    after = tokens[cue.end] if cue.end < len(tokens) else None
    opening = tokens[max(0, (who.first if who else first) - 1) : first]
    silent = cue.verb.lemma in ("decline", "refuse") and tokens[min(cue.end + 1, len(tokens) - 1)].lower
    return [
        f"who:{who.kind if who else '-'}",
        f"form:{form}",
        f"link:{link or 'own'}",
        f"after:{after.tag if after else '$'}",
        f"before:{before.tag}{'r' * is_role(before.lower)}" if before else "before:^",
        f"earlier:{min(earlier, 2)}",
        *([f"role:{tokens[who.head[1] - 1].lower}"] if who is not None and who.kind == "role" else ()),
        *(["conditional"] if any(token.lower in ("if", "unless", "when") for token in opening) else ()),
        *(["silent"] if silent in words("silences") else ()),
    ]


def _is_noun(tokens: Sequence[Token], cue: Cue) -> bool:
    """Say whether a form like ``claims`` or ``report`` is a noun here."""
    if cue.at == 0 or "ing" in cue.slots:
        return False
    before = tokens[cue.at - 1]
    if cue.slots <= {"ed", "en"}:
        return before.tag == "’"
    if before.tag in "D9P" or before.lower in ("’s", "'s"):
        return True
    plural = before.lower.endswith("s") or before.lower in group("plural_subjects")
    if before.tag == "x" and "base" in cue.slots and "ed" not in cue.slots and not plural:
        return True
    near = "".join(token.tag[0] for token in tokens[cue.end : cue.end + 2])
    if near in ("xV", "xB", "xM") and before.tag == "C":  # "and support columns hold"
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


__all__ = ["candidates"]
