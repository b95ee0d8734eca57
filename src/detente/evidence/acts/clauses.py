"""Who did what to whom in a sentence? Its mentions in groups, its verbs of acts, their subjects and objects."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from detente.evidence.actors.mentions import Mention
from detente.evidence.acts.lexicon import Meaning, lexicon
from detente.evidence.lists import group
from detente.evidence.table import Sentence

_PATIENT, _THINGS = group("patient"), group("things")
_HEARD, _DEMANDS = {"APPEAL", "DEMAND", "ACCUSE"}, {"DEMAND", "THREATEN", "AGREE", "APPEAL"}
_REACH = 24  # pieces that an object may stand away
_TOGETHER = re.compile(r".(?:,*\+)*")  # mentions that "and" joins, with those before it that commas join
_INTRODUCED = re.compile(r"[PFfI](?=[DAxvdgnrNR9s]{0,3}\Z)")
_END = re.compile(r"[,;:—()QUWKiwC]")


@dataclass(slots=True)
class Predicate:
    """A verb in its clause; mentions are called by their number in the sentence."""

    at: int  # its first piece
    end: int  # the one after it
    lemma: str
    tag: str  # `base`, `s`, `ed` or `ing`
    subject: list[int] = field(default_factory=list)
    objects: list[int] = field(default_factory=list)
    agent: list[int] = field(default_factory=list)  # "by" whom, of a passive
    passive: bool = False
    negated: bool = False
    modal: str = ""
    possible: bool = False
    governor: Predicate | None = None  # whose complement this is, and which is then taken
    reduced: bool = False  # a participle or an infinitive, which ends no clause
    purpose: bool = False  # an infinitive
    taken: bool = False
    region: tuple[int, int] = (0, 0)  # where its object may stand


class Clauses:
    """A sentence, the mentions that begin with one of its pieces, and its predicates."""

    def __init__(self, sentence: Sentence, mentions: Sequence[Mention]) -> None:
        self.s, self.lexicon = sentence, lexicon()
        starts = sentence.starts
        placed = [(m, bisect_left(starts, m.span.start), bisect_left(starts, m.span.end)) for m in mentions]
        held = [
            (m, range(i, end))
            for m, i, end in placed
            if i < end and starts[i] == m.span.start
            if not (m.bare and sentence.lower[end - 1] in _THINGS)  # a weapon is nobody
        ]
        self.mentions, self.ranges = [m for m, _ in held], [places for _, places in held]
        self.at = {i: number for number, places in enumerate(self.ranges) for i in places}
        links = "".join(self._link(number) for number in range(len(held)))
        self.groups = [[*range(*found.span())] for found in _TOGETHER.finditer(links)]
        self.group_of = {member: g for g, members in enumerate(self.groups) for member in members}
        self.prepositions = [self._preposition(members[0]) for members in self.groups]
        self.predicates: list[Predicate] = []
        for i in [i for i, word in enumerate(sentence.lower) if word in self.lexicon.forms]:
            free = i not in self.at and (not self.predicates or i >= self.predicates[-1].end)
            if free and (found := self._verb(i)) is not None:
                self.predicates.append(found)
        for k, predicate in enumerate(self.predicates):
            self._complete(predicate, k)

    def _link(self, number: int) -> str:
        """Return how a mention is joined to the one before it: ``+``, a comma, or not."""
        between = self.s.tags[self.ranges[number - 1].stop : self.ranges[number].start] if number else ""
        if "+" in between and len(between) <= 5:
            return "+"
        return "," if between in (",", ",D") else " "

    def _preposition(self, number: int) -> str:
        """Return the preposition before a mention, over articles and adjectives."""
        start, before = self.ranges[number].start, self.ranges[number - 1].stop if number else 0
        found = _INTRODUCED.search(self.s.tags, max(before, start - 4), start)
        return self.s.lower[found.start()] if found else ""

    def _near(self, low: int, high: int) -> list[int]:
        """Return the groups that stand between two pieces, in order."""
        return list(dict.fromkeys(self.group_of[self.at[i]] for i in range(low, high) if i in self.at))

    def _verb(self, i: int) -> Predicate | None:
        forms = self.lexicon.forms
        if self.s.lower[i] == "must" and (
            i - 1 not in self.at or {*self.s.lower[i + 1 : i + 2]} & forms.keys()
        ):
            return None  # else a demand, whatever it is
        for rest, lemma, tag in forms[self.s.lower[i]]:
            end = i + 1 + len(rest)
            if tuple(self.s.lower[i + 1 : end]) == rest and self._verbal(i, tag, end - i):
                return Predicate(i, end, lemma, tag)
        return None

    def _verbal(self, i: int, tag: str, size: int) -> bool:
        """Tell whether a word is a verb here, by its neighbours: "attacks" after a determiner is a noun."""
        tags, lower, before, after = self.s.tags, self.s.lower, self.s.tags[i - 1], self.s.tags[i + 1 : i + 2]
        mention = self.mentions[self.at[i - 1]] if i - 1 in self.at else None
        if i == 0:
            return tag == "ing" or size > 1
        if before in "MIG":
            return tag == "base" or before == "G"
        if tags[i] in "NR" or before == "s" or (mention and mention.possessive):
            return False
        if before == "D" and tag != "ing":  # "its demand that"
            demands = _DEMANDS & {*self.lexicon.stances.get(lower[i], ())}
            return bool(demands and {"that", "to", "for"} & {*lower[i + 1 : i + 3]}) and tag != "ed"
        if before in "DPFf":
            return tag == "ing" and before != "D"
        if tag == "ing":
            return after != "f"
        if tag == "ed" or (mention and not mention.weak):
            return not (mention and mention.weak)
        object_next = i + 1 in self.at or (after and after in "DIPFf")
        return (
            bool(object_next)
            and lower[i] not in self.lexicon.nouns
            and (tag == "s") != lower[i - 1].endswith("s")
        )

    def _complete(self, p: Predicate, k: int) -> None:
        """Set the sides of predicate number k, and what governs it."""
        tags, lower, previous = self.s.tags, self.s.lower, self.predicates[k - 1] if k else None
        first = len(tags[: p.at].rstrip("BHMGAI"))
        while any(i in self.at for i in range(first, p.at)):
            first += 1
        auxiliary = tags[first : p.at].translate({ord(c): None for c in "GAI"})[-1:]
        p.negated, p.purpose = "G" in tags[first : p.at], "I" in tags[first : p.at]
        p.modal = next((lower[i] for i in range(first, p.at) if tags[i] == "M" and lower[i][0] != "d"), "")
        p.passive = p.tag == "ed" and auxiliary == "B"
        if p.tag == "ed" and not auxiliary:  # "men jailed by", "soldiers killed in"
            patient = p.lemma in _PATIENT and p.end not in self.at
            p.passive = p.reduced = lower[p.end : p.end + 1] == ["by"] or (
                patient and tags[p.end : p.end + 1] in ("", "T", "P", "F", "f")
            )
        bare = p.purpose or (p.tag == "ing" and auxiliary != "B")
        p.reduced |= bare
        high = self.predicates[k + 1].at if k + 1 < len(self.predicates) else len(tags)
        high = min(p.end + _REACH, high)
        ended = _END.search(tags, p.end + 1, high)
        p.region = p.end, ended.start() if ended else high
        for g in self._near(*p.region)[::-1]:  # the first that is more than a role noun, else the first
            if self.prepositions[g] == "by" and p.passive:
                p.agent = self.groups[g]
            elif not p.objects or not self._bare(self.groups[g]) or self._bare(p.objects):
                p.objects = self.groups[g]
        if previous is not None and self.stances(previous) and p.at - previous.end < 9:  # its complement
            p.governor, previous.taken = previous, True
            hears = _HEARD & self.stances(previous) or previous.lemma in ("want", "expect")
            p.subject = (previous.objects if hears else []) or previous.subject
            if not bare:
                p.subject = self._subject(first, k) or p.subject
        elif bare and previous is not None:
            p.subject, p.governor = previous.subject, previous.governor
        else:
            p.subject = self._subject(first, k)
        p.possible = p.modal in ("may", "might", "could", "can") or "i" in tags[max(0, first - 8) : first]

    def _bare(self, members: Sequence[int]) -> bool:
        return self.mentions[members[0]].bare

    def _subject(self, start: int, k: int) -> list[int]:
        """Return the mentions that are the subject of a verb whose auxiliaries begin at a piece."""
        previous = self.predicates[k - 1] if k else None
        if previous and start - 1 not in self.at and self.s.tags[start - 1] in "SKC+,":
            return previous.subject
        finite = next((q for q in reversed(self.predicates[:k]) if not q.reduced), None)
        near = self._near(finite.end if finite else 0, start)
        # the nearest that no preposition introduces, else the nearest
        return self.groups[min(near[::-1], key=lambda g: bool(self.prepositions[g]))] if near else []

    def stances(self, p: Predicate) -> set[str]:
        """Return the stances that a verb may express."""
        return set(self.lexicon.stances.get(p.lemma, ()))

    def meaning(self, p: Predicate) -> tuple[Meaning | None, bool]:
        """Return what a predicate does, by its nearest object, else by itself, and whether it is by an object."""
        choices = self.lexicon.meanings.get(p.lemma, {})
        left = p.passive or p.lemma == "arrive"
        low, high = (max(0, p.at - 12), p.at) if left else p.region
        for i in range(high - 1, low - 1, -1) if left else range(low, high):
            for phrase in self._phrases(i, high):
                if phrase in choices:
                    return choices[phrase], True
        return choices.get(""), False

    def _phrases(self, i: int, high: int) -> list[str]:
        """Return the phrases of three, two and one pieces at one that may begin an object or a noun of an act."""
        sizes = (3, 2, 1) if self.s.lower[i] in self.lexicon.starts else ()
        return [" ".join(self.s.lower[i : i + size]) for size in sizes if i + size <= high]

    def noun(self, low: int, high: int) -> tuple[str, bool, int, int] | None:
        """Return the first noun of an act between two pieces: code, whether of equals, and its pieces."""
        for i in range(low, min(high, len(self.s.tags))):
            for phrase in self._phrases(i, high):
                if phrase in self.lexicon.nouns:
                    return *self.lexicon.nouns[phrase], i, i + phrase.count(" ") + 1
        return None
