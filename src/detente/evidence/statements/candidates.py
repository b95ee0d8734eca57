"""What may be a statement? Every cue with its pattern, speaker and content, and what weighs for or against it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from detente.evidence.clauses import Complement, Cue, Subject, complement, cues, main_subject, phrase, subject
from detente.evidence.lists import group, words
from detente.evidence.records import Span
from detente.evidence.table import Sentence

_LENDING = ("", "coordinated", "participle", "relative")
LENT = ("participle", "coordinated", "gerund")
_STARTS = frozenset(("according", *words("cue_nouns"), *group("views")))
_UNREAL = frozenset(("would", "could", "might", "may", "should"))
_SPEECH = frozenset(("say", "tell", "write", "manner", "assert"))
_INVERTED = re.compile(
    r"(?:S(?=[,Q;]|\Z)|[NRrxD][NRrxD9sf.]*+)(?![ABHMVzdgnvI])(?P<more>,[DwNR][^,Q]{1,17}(?=[,Q]|\Z))?"
)
_GOES_ON = re.compile(r"[,;:—C+]*[CUK,]{0,2}(?P<again>Q)|[,—](?P<clause>[^CUV+Qi])")
_SAID = re.compile(r";|,(?=[CU][^,;:CKWQI]{1,11}[BHMzd])")  # where a clause that is said ends
_THING = re.compile(r"[;,—CU]|\+(?=[BHMz]|(?:S|[^,;:CKWQIi]{1,4}?)[BHMzd])")
_MAIN, _MARK = re.compile(r",[^BHMVzdv]{1,11}(?=[BHMVzdv])"), re.compile("[,;:—]")
_NOUNS = re.compile(r"(?:K[^BHMzdQ,;—]+[BHMzdQ]+[BHMGAdn]*|I[^,;—])[^BHMz,;—]*")  # that, to
_NAMED = re.compile(r"(?P<who>[NR][NRf.&+D]{0,6}):(?=.)|(?P<quote>Q)—(?P<by>[NR.]+)\Z")


class Candidate(NamedTuple):
    """A possible statement; all its places are characters."""

    rule: str
    cue: Span
    lemma: str
    classes: tuple[str, ...]
    content: tuple[Span, ...]
    speaker: Span | None = None
    head: Span | None = None
    marks: tuple[str, ...] = ()  # what weighs for or against it: speaker, form and link first
    link: str = ""  # how it comes by its subject: `coordinated` shares that of an earlier verb
    low: int = 0  # the character where an earlier content has to end
    negated: bool = False
    who: Subject | None = None
    chance: float = 0.0  # that it is a statement

    def holds(self, place: int) -> bool:
        """Say whether a character is in its content."""
        return any(start <= place < end for start, end in self.content)


def candidates(text: str, s: Sentence) -> list[Candidate]:
    """Return what may be a statement in one sentence, in order of the cues."""
    found: list[Candidate] = []
    for cue in cues(s):
        if (made := _verbal(text, s, cue, found)) is not None:
            found.append(made)
    return sorted([*found, *_others(s)], key=attrgetter("cue"))


def _verbal(text: str, s: Sentence, cue: Cue, earlier: Sequence[Candidate]) -> Candidate | None:
    """Return a candidate with what stands before its cue as content, or else with what follows."""
    tags, first, classes = s.tags, cue.first, {*cue.verb.classes}
    who, link = _inverted(s, cue) if _SPEECH & classes else None, ""
    if who is not None:
        follows, begin = Complement("inverted", who.last, cue.end), first
    else:
        follows, at = complement(s, cue), cue.end
        by = any(one == "by" and two.endswith("ing") for one, two in pairwise(s.lower[at:]))
        if follows.name in ("thing", "prep") and (by or s.lower[follows.first - 1] == "with"):
            return None  # done, not said: "answered with tariffs", "showed it by moving troops"
        who, link = _speaker(s, cue, earlier)
        begin = min(who.first, first) if who else first
    rule, pieces, found = follows.name, list[Span](), None
    open_ = rule in ("end", "inverted")
    quoted = begin > 0 and tags[begin - 1] == "Q" and _SPEECH & classes and rule in ("thing", "wh", "clause")
    if link not in (*LENT, "infinitive") and (open_ or rule == "prep" or quoted):
        found = _left(s, begin, follows.first if open_ else len(tags))
    if found is not None:
        rule, pieces = ("inverted " if rule == "inverted" else "") + found[0], found[1]
    elif rule == "end" and begin == 1 and s.lower[0] == "as" and follows.first + 1 < len(tags):
        rule, pieces = "as X said", [s.of(follows.first + 1)]
    elif open_:
        return None
    else:
        pieces = [_right(text, s, follows, opens=link == "opening" or tags[:begin] in ("U", "P", "i"))]
    low = s.starts[first]
    if link in LENT and first:
        low = s.ends[first - 1] if tags[first - 1] == "Q" else s.starts[first - 1]
    unsaid = first > 1 and tags[first - 1] == "I" and s.lower[first - 2] in group("unsaid")
    negated = unsaid or "G" in tags[first : cue.at] or not _UNREAL.isdisjoint(s.lower[first : cue.at])
    marks = [*_marks(s, cue, who, link, len(earlier)), *(["negated"] if negated else ())]
    return Candidate(
        rule=rule,
        cue=s.of(first, follows.cue_end if rule in ("prep", "quote", "colon") else cue.end),
        lemma=cue.verb.lemma,
        classes=cue.verb.classes,
        content=tuple(pieces),
        speaker=s.of(who.first, who.last) if who else None,
        head=s.of(*who.head) if who else None,
        marks=tuple(marks),
        link=link,
        low=low,
        negated=negated,
        who=who,
    )


def _speaker(s: Sentence, cue: Cue, earlier: Sequence[Candidate]) -> tuple[Subject | None, str]:
    """Return the subject, and how it is shared with an earlier verb if it is."""
    tags, first, going = s.tags, cue.first, cue.form == "ing"
    before = tags[first - 1 : first]
    if going and tags[:first] in ("", "P", "F", "U"):
        later = _MAIN.search(tags, first + 1)  # "After saying so, Lobo left": what follows the first comma
        at = len(tags[: later.end()].rstrip("AG")) if later else 0
        return subject(s, at, later.start() + 1) if later else None, "opening"
    if not before:
        return None, "initial"
    link = "infinitive" if before == "I" else "coordinated" if before in "C+" else ""
    if going and before in ",C+UiQ—PFf":
        link = "gerund" if before in "PFf" else "participle"
    own, passive = None if link else subject(s, first), cue.form == "passive"
    if own is not None:
        return own, "" if passive else "attached" if going else "relative" if before in "wK" else ""
    link = link or ("participle" if going else "coordinated" if before == "," else "none")
    lenders = [one.who for one in earlier if one.who and one.link in _LENDING]
    lender = next((who for who in reversed(lenders) if who.kind != "first"), None)
    return None if link == "none" else lender or main_subject(s, first), "" if passive else link


def _inverted(s: Sentence, cue: Cue) -> Subject | None:
    """Return the subject of ``“We wait,” said Ana Lobo`` and ``…, said Lobo, the minister``."""
    before, at = s.tags[cue.at - 1 : cue.at], cue.end
    if cue.form not in "dzV" or cue.first != cue.at or cue.verb.rest or before not in ("Q", ","):
        return None
    found = _INVERTED.match(s.tags, at)
    if found is None or s.lower[at] in ("it", "this"):
        return None
    end = found.start("more") if found["more"] else found.end()
    who = subject(s, end, at)
    if who is None or (who.kind == "other" and before != "Q"):
        return None
    return who._replace(first=at, last=found.end())


def _left(s: Sentence, who: int, rest: int) -> tuple[str, list[Span]] | None:
    """Return rule and content of a cue that follows it and begins with piece ``who``; ``rest`` may go on."""
    tags, close = s.tags, who - 1
    if close > 0 and s.lower[close] == "as":  # "The dam is safe, as Lobo said"
        close -= 1
    if close > 0 and tags[close] in ",—C+":
        close -= 1
    elif close < 0 or tags[close] != "Q":
        return None
    begin = tags.rfind(";", 0, close) + 1
    pieces, quoted = [s.of(begin, close + 1)], tags[close] == "Q"
    goes_on = _GOES_ON.match(tags, rest)
    if goes_on and (goes_on["again"] or not quoted):  # a quotation, or the clause that the cue interrupts
        pieces.append(s.of(goes_on.start(goes_on.lastgroup or 0)))
    return "clause, cue" if not quoted else "quote, cue" if begin == close else "part quote, cue", pieces


def _right(text: str, s: Sentence, follows: Complement, *, opens: bool) -> Span:
    """Return the content that follows a cue, to the end of its clause; one that opens the sentence has a comma."""
    first, spoken = follows.first, follows.name.endswith(("that", "clause", "wh", "quote", "colon"))
    if follows.name.endswith("quote") and (text[s.ends[first] - 2] in ",.?!" or first + 1 == len(s.tags)):
        return s.of(first, first + 1)
    end = (_SAID if spoken else _THING).search(s.tags, first + 1)
    last = end.start() if end and end.end() < len(s.tags) else len(s.tags)
    comma = s.tags.find(",", first + 1) if opens else -1
    return s.of(first, min(last, comma) if comma > 0 else last)


def _marks(s: Sentence, cue: Cue, who: Subject | None, link: str, earlier: int) -> list[str]:
    """Return what is seen of a cue and its speaker."""
    silent = cue.verb.lemma in ("decline", "refuse") and {*s.lower[cue.end + 1 : cue.end + 2]} & words(
        "silences"
    )
    return [
        f"who:{who.kind if who else '-'}",
        f"form:{cue.form}",
        f"link:{link or 'own'}",
        f"after:{s.tags[cue.end : cue.end + 1] or '$'}",
        f"before:{s.tags[cue.first - 1 : cue.first] or '^'}",
        f"earlier:{min(earlier, 2)}",
        *([f"role:{s.lower[who.head[1] - 1]}"] if who is not None and who.kind == "role" else ()),
        *(["silent"] if silent else ()),
    ]


def _others(s: Sentence) -> Iterator[Candidate]:
    """Yield ``according to X``, ``in X's view``, ``X's claim that``, ``X: …`` and ``“…” — X``."""
    tags, lower = s.tags, s.lower
    for at in [at for at, word in enumerate(lower) if word in _STARTS]:
        if lower[at] == "according" and lower[at + 1 : at + 2] == ["to"]:
            end = _MARK.search(tags, at + 2)
            who = at + 2, end.start() if end else len(tags)
            yield from _around("according to", s, at, (at, at + 2), who)
        elif not at or not (
            tags[at - 1] == "s" or lower[at - 1] in ("his", "her", "their", "its", "my", "our")
        ):
            continue
        elif lower[at] in group("views"):
            first = next((p for p in range(at - 1, max(-1, at - 9), -1) if lower[p] == "in"), None)
            if first is not None and tags[at + 1 : at + 2] in (",", ""):
                yield from _around("in view", s, first, (at, at + 1), (first + 1, at))
        elif (said := _NOUNS.match(tags, at + 1)) is not None:
            held = phrase(tags, at - 1) if tags[at - 1] == "s" else None
            who = (held.first, at - 1) if held else (at - 1, at)
            yield _made(
                "nominal", s, (at, at + 1), who, [s.of(at + 1, said.end())], f"nominal {lower[at + 1]}"
            )
    named = _NAMED.match(tags)
    if named and named["by"]:
        yield _made("“…” — name", s, (1, 2), named.span("by"), [s.of(0, 1)])
    elif named and s.span.start == s.line:
        yield _made("name:", s, (named.end() - 1, named.end()), named.span("who"), [s.of(named.end())])


def _around(
    rule: str, s: Sentence, first: int, cue: tuple[int, int], who: tuple[int, int]
) -> Iterator[Candidate]:
    """Yield what stands before and behind ``According to Lobo`` or ``in Lobo's view``."""
    last, pieces = max(who[1], cue[1]), list[Span]()
    if first > 1:
        pieces.append(s.of(0, first - (s.tags[first - 1] in ",—")))
    if last + 1 < len(s.tags):
        pieces.append(s.of(last + 1))
    if pieces and who[1] > who[0]:
        yield _made(rule, s, cue, who, pieces)


def _made(
    rule: str, s: Sentence, cue: tuple[int, int], who: tuple[int, int], content: Sequence[Span], *seen: str
) -> Candidate:
    comma = s.tags.find(",", who[0] + 1, who[1])
    held = phrase(s.tags, comma if comma > 0 else who[1], who[0])
    return Candidate(
        rule=rule,
        cue=s.of(*cue),
        lemma=s.lower[cue[0]] if rule == "nominal" else rule,
        classes=(rule,),
        content=tuple(content),
        speaker=s.of(*who),
        head=s.of(*(held.head if held else who)),
        marks=(f"who:{held.kind if held else '-'}", "form:none", "link:own", *seen),
        low=s.starts[cue[0]],
    )


def marks(item: Candidate, beside: Sequence[Candidate]) -> Iterator[str]:
    """Yield what is seen of a candidate, given all of its sentence."""
    who, form, link = item.marks[:3]
    rule = f"rule:{item.rule}"
    length = f"length:{min(int(math.log2(sum(end - start for start, end in item.content) + 1)), 8)}"
    yield from ("any", rule, f"verb:{item.lemma}", *item.marks, f"classes:{' '.join(item.classes)}", length)
    for name in item.classes:
        yield from (f"class:{name}", f"class:{name} {rule}", f"class:{name} {form}", f"class:{name} {who}")
    yield f"{rule} {link}"
    for other in beside:
        if other is not item and other.holds(item.cue.start):
            speech = f"in:{'speech' if 'say' in other.classes else 'other'}"
            yield from (f"in:{other.rule}", f"in:{other.rule} {link}", f"{speech} {link}")
