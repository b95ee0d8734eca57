"""Who wants what? Holders with the words of the issue and a stance, as reported or as the author infers.

The expressions stand in ``lists/positions.toml``, verbs and adjectives in ``lists/stances.txt``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from detente.evidence.actors.mentions import read
from detente.evidence.grammar import kinds
from detente.evidence.lists import expressions, rows
from detente.evidence.records import Document, Position, Span, Stance, Statement, speaking

_SPAN = 160  # characters of an issue
_SHAPES = ("open", "stance", "conditional", "rejects")


def _stances() -> dict[str, tuple[Stance, str, bool]]:
    """Return every form of a cue with its stance, whether verb or adjective, and whether a verb without ending."""
    found: dict[str, tuple[Stance, str, bool]] = {}
    for stance, kind, cues in rows("stances"):
        for first, *rest in (cue.split() for cue in cues.split(",")):
            for form in [form for form, tag in kinds(first) if tag != "ing"] if kind == "verb" else [first]:
                bare = kind == "verb" and form == first
                found.setdefault(" ".join((form, *rest)), (stance, kind, bare))  # type: ignore[arg-type]
    return found


_STANCES = _stances()
_LONGEST_FIRST = sorted(_STANCES, key=len, reverse=True)
_IS = expressions("positions", CUES="|".join(re.escape(cue).replace(r"\ ", r"\s") for cue in _LONGEST_FIRST))
_OPPOSITE: dict[Stance, Stance] = {
    "supports": "opposes", "opposes": "open", "rejects": "open", "open": "rejects", "demands": "unclear",
    "reluctant": "open",
}  # fmt: skip


def positions(document: Document, statements: Sequence[Statement] = ()) -> tuple[Position, ...]:
    """Return the positions of a document, in order; opposite stances of one holder are both kept.

    What stands in the content of a statement is reported even where it hedges, since the speaker says it.
    """
    text, said = document.text, speaking(statements)
    found: list[Position] = []
    for table, mentions in read(document):
        named = {m.span for m in mentions if not m.weak and not m.possessive}
        named |= {Span(*m.span()) for m in _IS["pronoun"].finditer(text, *table.part)}
        holders = sorted(named)
        for sentence in table.sentences:
            first, last = (bisect_left(holders, (end,)) for end in sentence)
            found += _of_sentence(text, sentence, holders[first:last], said)
    return tuple(found)


def _of_sentence(
    text: str, sentence: Span, holders: list[Span], said: Callable[[int], Statement | None]
) -> Iterator[Position]:
    taken = sentence.start
    for holder in holders:
        place = holder.end if holder.start >= taken else sentence.end
        for number in range(3):  # "endorsed the plan but opposed its date"
            joint = _IS["joint"].match(text, place, sentence.end) if number else None
            at = joint.end() if joint else place
            tried = ((shape, _IS[shape].match(text, at, sentence.end)) for shape in _SHAPES)
            shape, match = next(((shape, match) for shape, match in tried if match), ("", None))
            if match is None or (number and not joint) or (not number and not _agrees(text, holder, match)):
                break
            stance = _judged(text, shape, match)
            if stance is None:
                break
            limit = sentence.end if shape == "conditional" else min(sentence.end, match.end("cue") + _SPAN)
            stop = _IS["sentence" if shape == "conditional" else "end"].search(text, match.end("cue"), limit)
            taken = place = stop.start() if stop else limit
            issue = text[match.end("cue") : taken]
            lead, rest = len(issue) - len(issue.lstrip()), len(issue.rstrip())
            inferred = bool(_IS["inferred"].search(match["chain"])) or match["cue"].startswith("might")
            yield Position(
                holder=(holder,),
                issue=(Span(match.end("cue") + lead, match.end("cue") + rest),) if rest else (),
                stance=stance,
                evidence=(Span(match.start("chain") if match["chain"] else match.start("cue"), taken),),
                basis="author" if inferred and said(match.start()) is None else "reported",
                confidence=0.6 if inferred else 0.75,
            )


def _agrees(text: str, holder: Span, match: re.Match[str]) -> bool:
    """Tell whether a verb without an ending has a holder in the plural: "Yemen back" is none."""
    if match["chain"] or not _STANCES.get(" ".join(match["cue"].lower().split()), ("", "", False))[2]:
        return True
    words = holder.of(text)
    joined = _IS["several"].search(text[max(0, holder.start - 9) : holder.start])
    plural = words.endswith("s") or words.lower() in ("both", "they", "people")
    return plural or bool(joined and words[0].isupper())


def _judged(text: str, shape: str, match: re.Match[str]) -> Stance | None:
    """Return the stance of a match; None for "was opposed", somebody else's, and for "refused to comment"."""
    if shape != "stance":
        return shape  # type: ignore[return-value]
    cue, chain = " ".join(match["cue"].lower().split()), match["chain"]
    stance, kind, _ = _STANCES[cue]
    if bool(_IS["be"].search(chain)) != (kind == "adj"):
        return None
    if cue.startswith("refuse") and _IS["silent"].match(text, match.end("cue")):
        return None
    return _OPPOSITE.get(stance, "unclear") if _IS["negated"].search(chain) else stance
