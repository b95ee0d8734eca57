"""Which words may be statements? Every cue with its pattern, speaker and content, before they are weighed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from detente.evidence.records import Span
from detente.evidence.statements.patterns import Complement, Cue, complement, cues
from detente.evidence.statements.speakers import Speaker, main_subject, phrase, subject, verb_group
from detente.evidence.statements.tokens import Sentence, Token

_TRIM = " \t\xa0\r\n,:;—–―-"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible statement. Places are pieces of its sentence; ``content`` and ``speaker`` are characters."""

    rule: str
    at: int
    cue: Span
    lemma: str
    classes: tuple[str, ...]
    content: tuple[Span, ...]
    speaker: Span | None = None
    head: Span | None = None
    marks: tuple[str, ...] = ()
    """What weighs for or against it."""
    link: str = ""
    """``participle`` or ``coordinated``: it shares the subject of an earlier verb, whose content ends before it."""
    low: int = 0
    """The character where an earlier content has to end."""
    negated: bool = False
    who: Speaker | None = field(default=None, compare=False)


def candidates(text: str, sentence: Sentence) -> list[Candidate]:
    """Return what may be a statement in one sentence, in order of the cues."""
    tokens = sentence.tokens
    found: list[Candidate] = []
    for cue in cues(tokens):
        made = _verbal(text, sentence, cue, found)
        if made is not None:
            found.append(made)
    found += _according(text, sentence)
    return sorted(found, key=lambda item: item.cue)


def _verbal(text: str, sentence: Sentence, cue: Cue, earlier: Sequence[Candidate]) -> Candidate | None:
    tokens, at = sentence.tokens, cue.at
    if _is_noun(tokens, cue):
        return None
    first = verb_group(tokens, at)
    group = tokens[first:at]
    form = _form(cue, group)
    follows = complement(tokens, cue)
    right = _inverted(tokens, cue, first) if form in ("ed", "s", "base") else None
    if right is not None:
        return _build(text, sentence, cue, first, Complement("inverted", right.last, cue.end), right, form, "", earlier)
    who, link = _speaker(tokens, first, form, earlier)
    if form == "passive":
        return _passive(text, sentence, cue, first, who, earlier)
    return _build(text, sentence, cue, first, follows, who, form, link, earlier)


def _is_noun(tokens: Sequence[Token], cue: Cue) -> bool:
    """Say whether a form like ``claims`` or ``report`` is a noun here."""
    if cue.at == 0 or "ing" in cue.slots or cue.slots <= {"ed", "en"}:
        return False
    before = tokens[cue.at - 1]
    if before.tag in "D9P" and before.lower != "no-longer":
        return True
    if before.lower in ("’s", "'s"):
        return "base" in cue.slots or not cue.slots <= {"ed", "en"}
    after = tokens[cue.end] if cue.end < len(tokens) else None
    plain = "base" in cue.slots and "ed" not in cue.slots
    if plain and before.tag == "x" and not before.lower.endswith("s") and not _plural(before):
        return True
    return before.tag == "x" and after is not None and (after.tag in "VBHM" or after.lower == "of")


def _plural(token: Token) -> bool:
    return token.lower in ("people", "police", "men", "women", "who", "others", "many", "most", "some", "both", "all")


def _form(cue: Cue, group: Sequence[Token]) -> str:
    """Return the form of the verb in its group: ing, participle, infinitive, passive, or a tense."""
    has_be = any(token.tag == "B" for token in group)
    if "ing" in cue.slots:
        return "progressive" if has_be else "participle"
    if has_be and cue.slots & {"ed", "en"}:
        return "passive"
    if any(token.tag == "H" for token in group):
        return "perfect"
    if any(token.tag == "M" for token in group):
        return "modal"
    if "ed" in cue.slots:
        return "ed"
    if "s" in cue.slots:
        return "s"
    return "base" if "base" in cue.slots else "en"


def _speaker(
    tokens: Sequence[Token], first: int, form: str, earlier: Sequence[Candidate]
) -> tuple[Speaker | None, str]:
    """Return the subject, and how it is shared with an earlier verb if it is."""
    before = tokens[first - 1] if first else None
    if before is None:
        return None, "initial"
    if before.tag == "I":
        return _shared(tokens, first, earlier), "infinitive"
    coordinated = before.tag == "C" or (before.lower == "," and first > 1 and tokens[first - 2].tag != "N")
    if form == "participle":
        if before.tag in "P":
            return _shared(tokens, first, earlier), "gerund"
        if before.tag in ",CU" or before.lower in ("—", "–", "--"):
            return _shared(tokens, first, earlier), "participle"
        own = subject(tokens, first)
        return (own, "attached") if own is not None else (_shared(tokens, first, earlier), "participle")
    own = subject(tokens, first) if before.tag not in "C" else None
    if own is not None:
        relative = before.lower in ("who", "which", "that")
        return own, "relative" if relative else ""
    if coordinated:
        return _shared(tokens, first, earlier), "coordinated"
    return None, "none"


def _shared(tokens: Sequence[Token], before: int, earlier: Sequence[Candidate]) -> Speaker | None:
    for item in reversed(earlier):
        if item.who is not None and item.link in ("", "coordinated", "relative", "participle"):
            return item.who
    return main_subject(tokens, before)


def _inverted(tokens: Sequence[Token], cue: Cue, first: int) -> Speaker | None:
    """Return the subject of ``“We wait,” said Ana Lobo`` and ``…, said Lobo, the minister``."""
    if first != cue.at or not {"say", "write", "assert", "manner", "tell"} & {*cue.verb.classes} or cue.verb.rest:
        return None
    if first == 0 or not (tokens[first - 1].tag == "Q" or tokens[first - 1].lower == ","):
        return None
    at = cue.end
    if at >= len(tokens) or tokens[at].tag not in "NDxS" or tokens[at].lower in ("it", "this", "the-more"):
        return None
    end = at
    while end < len(tokens) and (tokens[end].tag in "NxD9S" or tokens[end].lower in ("’s", "'s", ".", "of")):
        end += 1
    if end < len(tokens) and tokens[end].tag in "BHMVvI":
        return None
    while end > at and tokens[end - 1].tag not in "NxS":
        end -= 1
    found = phrase(tokens, end, at) if tokens[at].tag != "S" else subject(tokens, at + 1, at)
    if found is None or (found.kind == "other" and tokens[first - 1].tag != "Q"):
        return None
    found = found._replace(first=at)
    if end < len(tokens) and tokens[end].lower == ",":
        closing = next((p for p in range(end + 1, len(tokens)) if tokens[p].lower == "," or tokens[p].tag == "Q"), None)
        last = len(tokens) if closing is None else closing
        if last - end <= 18 and last > end + 1 and tokens[end + 1].tag in "DNxW" and (
            tokens[end + 1].tag in "DW" or closing is None
        ):
            found = found._replace(last=last)
    return found


def _passive(
    text: str, sentence: Sentence, cue: Cue, first: int, who: Speaker | None, earlier: Sequence[Candidate]
) -> Candidate | None:
    """``The plan was condemned by Lobo``: the speaker follows ``by``, the content is the subject."""
    tokens = sentence.tokens
    by = next((p for p in range(cue.end, min(len(tokens), cue.end + 4)) if tokens[p].lower == "by"), None)
    if by is not None and who is not None:
        end = by + 1
        while end < len(tokens) and tokens[end].tag in "NxD9":
            end += 1
        agent = phrase(tokens, end, by + 1)
        if agent is not None:
            content = (who.span(tokens),)
            made = _candidate(sentence, cue, first, "passive by", content, agent, "passive", "", earlier)
            return replace(made, cue=Span(tokens[first].start, tokens[by].end))
    follows = complement(tokens, cue)
    return _build(text, sentence, cue, first, follows, who, "passive", "", earlier)


def _build(
    text: str,
    sentence: Sentence,
    cue: Cue,
    first: int,
    follows: Complement,
    who: Speaker | None,
    form: str,
    link: str,
    earlier: Sequence[Candidate],
) -> Candidate | None:
    tokens = sentence.tokens
    rule, pieces = follows.name, None
    if rule in ("end", "inverted", "prep"):
        rest = who.last if rule == "inverted" and who is not None else follows.first
        left = _left(text, sentence, first if rule == "inverted" else who.first if who else first, rest)
        if left is not None and not link.startswith(("part", "coord", "inf")):
            rule, pieces = ("inverted " if rule == "inverted" else "") + left[0], left[1]
    if pieces is None:
        if rule in ("end", "inverted"):
            return None
        pieces = _right(text, sentence, follows)
    made = _candidate(sentence, cue, first, rule, tuple(pieces), who, form, link, earlier)
    end = max(follows.cue_end if rule in ("prep", "quote", "colon") else cue.end, cue.end)
    if rule == "prep":
        made = replace(made, marks=(*made.marks, f"prep:{tokens[follows.first - 1].lower}"))
    return replace(made, cue=Span(made.cue.start, tokens[end - 1].end))


def _left(text: str, sentence: Sentence, who: int, rest: int) -> tuple[str, list[Span]] | None:
    """Return the content of a cue that comes after it, with what goes on behind the cue."""
    tokens = sentence.tokens
    if who == 0:
        return None
    before = tokens[who - 1]
    quoted = before.tag == "Q" and (text[before.end - 2 : before.end - 1] in ",?!.—…-" or who >= 1)
    if not quoted and before.lower not in (",", "—", "–", "--", "―"):
        return None
    close = who - 1 if quoted else who - 2
    if close < 0:
        return None
    if not quoted and tokens[close].tag == "Q":
        quoted = True
    begin = _begin(tokens, close)
    pieces = [Span(tokens[begin].start, tokens[close].end)]
    if rest < len(tokens) and tokens[rest].lower in (",", "—", "–", "--", ";", ":"):
        after = rest + 1
        if after < len(tokens) and (tokens[after].tag == "Q" or not quoted):
            pieces.append(Span(tokens[after].start, tokens[-1].end))
    whole = quoted and begin == close
    return ("quote, cue" if whole else "part quote, cue" if quoted else "clause, cue"), pieces


def _begin(tokens: Sequence[Token], close: int) -> int:
    """Return where a content that ends before its cue begins: with its sentence, or behind a semicolon."""
    for at in range(close, 0, -1):
        if tokens[at - 1].lower == ";":
            return at
    return 0


def _right(text: str, sentence: Sentence, follows: Complement) -> list[Span]:
    tokens, first = sentence.tokens, follows.first
    last = len(tokens)
    if follows.name.endswith("quote"):
        if first + 1 < last and tokens[first + 1].lower in (",", ";", "—", "–", "--"):
            comma_inside = text[tokens[first].end - 2] in ",.?!"
            last = first + 1 if comma_inside or tokens[first + 1].lower != "," else last
        elif text[tokens[first].end - 2 : tokens[first].end - 1] in tuple(",.?!") and first + 1 < last:
            last = first + 1
    else:
        depth = 0
        for at in range(first + 1, last):
            depth += (tokens[at].lower == "(") - (tokens[at].lower == ")")
            if depth < 0 or tokens[at].lower == ";" or (tokens[at].lower in ("―",)):
                last = at
                break
    return [Span(tokens[first].start, tokens[last - 1].end)]


def _candidate(
    sentence: Sentence,
    cue: Cue,
    first: int,
    rule: str,
    content: tuple[Span, ...],
    who: Speaker | None,
    form: str,
    link: str,
    earlier: Sequence[Candidate],
) -> Candidate:
    tokens = sentence.tokens
    group = tokens[first : cue.at]
    negated = any(token.tag == "G" for token in group)
    low = tokens[first].start
    if link in ("participle", "coordinated", "gerund") and first:
        low = tokens[first - 1].start
    after = tokens[cue.end] if cue.end < len(tokens) else None
    marks = [
        f"who:{who.kind if who else '-'}",
        f"form:{form}",
        f"link:{link}" if link else "link:own",
        f"after:{after.tag if after else '$'}",
        f"earlier:{min(len(earlier), 2)}",
    ]
    if negated:
        marks.append("negated")
    if any(token.lower in ("if", "unless", "when") for token in tokens[max(0, (who.first if who else first) - 1) : first]):
        marks.append("conditional")
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


def _according(text: str, sentence: Sentence) -> Iterator[Candidate]:
    """``According to Lobo, the port is shut``; ``the port is shut, according to Lobo``."""
    tokens = sentence.tokens
    for at in range(len(tokens) - 2):
        if tokens[at].lower != "according" or tokens[at + 1].lower != "to":
            continue
        end = at + 2
        while end < len(tokens) and tokens[end].lower not in (",", "—", "–", ";", ":", "."):
            end += 1
        if end < len(tokens) - 2 and tokens[end].lower == "," and tokens[end + 1].tag in "DxW" and at:
            closing = next((p for p in range(end + 1, len(tokens)) if tokens[p].lower == ","), len(tokens))
            end = closing if closing - end < 16 else end
        if end == at + 2:
            continue
        pieces = []
        if at:
            close = at - 1 if tokens[at - 1].lower in (",", "—", "–") else at
            pieces.append(Span(tokens[0].start, tokens[max(close, 1) - 1].end))
        if end + 1 < len(tokens) and tokens[end].lower != ".":
            pieces.append(Span(tokens[end + 1].start, tokens[-1].end))
        head = phrase(tokens, end, at + 2)
        speaker = Span(tokens[at + 2].start, tokens[end - 1].end)
        if pieces:
            yield Candidate(
                rule="according to", at=at, cue=Span(tokens[at].start, tokens[at + 1].end), lemma="according to",
                classes=("according",), content=tuple(pieces), speaker=speaker,
                head=head.head_span(tokens) if head else speaker, low=tokens[at].start,
            )


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


__all__ = ["Candidate", "candidates", "trimmed"]
