"""Who did what to whom in a sentence? Its mentions in groups, its verbs of acts, their subjects and objects."""

from __future__ import annotations

from dataclasses import dataclass, field

from detente.evidence.actors.mentions import Mention
from detente.evidence.acts.lexicon import Meaning, lexicon
from detente.evidence.lists import group
from detente.evidence.table import Table

AUXILIARY, ADVERBS, BOUNDARY, BE, MODAL = map(group, ("auxiliary", "adverbs", "boundary", "be", "modal"))
DETERMINERS, PREPOSITIONS = group("determiners"), group("prepositions")
JOINTS = frozenset(("and", "or", "but"))
_NEGATIVE, _PLACE = group("negative") | {"t"}, group("place")
_PRONOUNS, _PATIENT, _THINGS = group("pronouns"), group("patient"), group("things")
_NO_NOUN = AUXILIARY | PREPOSITIONS | BOUNDARY | ADVERBS | _PRONOUNS | _NEGATIVE | JOINTS | {"to", "the", "a"}
_ENDING = AUXILIARY | BOUNDARY | JOINTS
_NOUN_BEFORE = frozenset(
    ("of", "against", "between", "by", "in", "have", "has", "were", "was", "are", "is", "")
)
_BEFORE_PARTICIPLE = AUXILIARY | PREPOSITIONS | _PRONOUNS | ADVERBS | JOINTS
_HEARD, _DEMANDS = {"APPEAL", "DEMAND", "ACCUSE"}, {"DEMAND", "THREATEN", "AGREE", "APPEAL"}
_RIGHT = 24  # words that an object may stand away
_HARD = ';:“”"()—\n'  # marks over which no object goes


@dataclass(slots=True)
class Predicate:
    """A verb in its clause; mentions are called by their number in the sentence.

    Attributes:
        at: its first word; ``end`` is the word after it.
        tag: ``base``, ``s``, ``ed`` or ``ing``.
        agent: "by" whom, of a passive.
        reduced: a participle or an infinitive, which ends no clause; purpose: an infinitive.
        governor: the predicate whose complement this is, which is then taken.
        region: where its object may stand.
    """

    at: int
    end: int
    lemma: str
    tag: str
    subject: list[int] = field(default_factory=list)
    objects: list[int] = field(default_factory=list)
    agent: list[int] = field(default_factory=list)
    passive: bool = False
    negated: bool = False
    modal: str = ""
    possible: bool = False
    governor: Predicate | None = None
    reduced: bool = False
    purpose: bool = False
    taken: bool = False
    region: tuple[int, int] = (0, 0)


class Clauses:
    """The words ``first`` to ``last`` - 1 of a text, the mentions in them, and their predicates."""

    def __init__(self, table: Table, first: int, last: int, mentions: list[Mention]) -> None:
        self.t, self.first, self.last, self.mentions, self.lexicon = table, first, last, mentions, lexicon()
        self.ranges = [table.within(m.span) for m in mentions]
        self.at = {i: n for n, held in enumerate(self.ranges) for i in range(*held) if not self._thing(n)}
        self.weak = [m.weak for m in mentions]
        self.groups = self._joined()
        self.group_of = {member: g for g, members in enumerate(self.groups) for member in members}
        self.prepositions = [self._preposition(members[0]) for members in self.groups]
        self.predicates: list[Predicate] = []
        i, forms = first, self.lexicon.forms
        while i < last:
            again = table.lower[i] == "re" and table.gap(i) == "-"  # "re-examine"
            found = self._verb(i, again) if (table.lower[i] in forms or again) and i not in self.at else None
            if found:
                self.predicates.append(found)
            i = found.end if found else i + 1
        for k, predicate in enumerate(self.predicates):
            self._complete(predicate, k)

    # ---- mentions

    def _thing(self, number: int) -> bool:
        """Tell whether a bare role noun is nobody: a weapon, or the first part of "military support"."""
        begin, end = self.ranges[number]
        if not self.mentions[number].bare or self.t.lower[end - 1] in _THINGS:
            return self.mentions[number].bare
        if (
            end - begin > 1
            or self.t.lower[begin].endswith("s")
            or end >= self.last
            or self.t.gap(end - 1) != " "
        ):
            return False
        word = self.t.lower[end]
        verb = any(form.tag != "base" for form in self.lexicon.forms.get(word, ())) or word.endswith("ly")
        return word.isalpha() and word not in _NO_NOUN and not verb

    def _joined(self) -> list[list[int]]:
        """Return the mentions in groups: those that "and" joins, with those before it that commas join."""
        groups: list[list[int]] = []
        waiting: list[int] = []  # joined by a comma alone so far
        before = None
        for number in sorted(set(self.at.values())):
            link = self._link(before, number) if before is not None else ""
            if link:
                waiting.append(number)
            if link == "and":
                groups[-1] += waiting
            if link != ",":
                groups += [] if link else [*([w] for w in waiting), [number]]
                waiting = []
            before = number
        return groups + [[w] for w in waiting]

    def _link(self, a: int, b: int) -> str:
        words = self.t.lower[self.ranges[a][1] : self.ranges[b][0]]
        text = self.t.text[self.mentions[a].span.end : self.mentions[b].span.start]
        if len(words) > 4:
            return ""
        return "and" if {"and", "or"} & {*words} else "," * (text.strip() in (",", ", the"))

    def _preposition(self, mention: int) -> str:
        """Return the preposition before a mention, over articles and adjectives."""
        start = self.ranges[mention][0] - 1
        for i in range(start, max(start - 4, self.first - 1), -1):
            word = self.t.lower[i]
            if word in PREPOSITIONS:
                return word
            if i in self.at or word in _ENDING or self.t.gap(i) not in (" ", "-", "\n"):
                break
        return ""

    def _near(self, low: int, high: int) -> list[int]:
        """Return the groups that stand between two words, in order."""
        return list(dict.fromkeys(self.group_of[self.at[i]] for i in range(low, high) if i in self.at))

    # ---- verbs

    def _verb(self, i: int, again: bool) -> Predicate | None:
        lower = [*self.t.lower[i + again : min(i + 6, self.last)], ""]
        if lower[0] == "must" and (i - 1 not in self.at or lower[1] in self.lexicon.forms):
            return None  # else a demand, whatever it is
        for form in self.lexicon.forms.get(lower[0], ()):
            size = 1 + len(form.rest)
            if tuple(lower[1:size]) == form.rest and self._verbal(i, form.tag, size):
                return Predicate(i, i + again + size, form.lemma, form.tag)
        return None

    def _verbal(self, i: int, tag: str, size: int) -> bool:
        """Tell whether a word is a verb here, by its neighbours: "attacks" after a determiner is a noun."""
        t = self.t
        if i == self.first:
            return tag == "ing" or size > 1
        word, before, gap, named = t.lower[i], t.lower[i - 1], t.gap(i - 1), self.at.get(i - 1)
        mention = self.mentions[named] if named is not None else None
        after = t.lower[i + 1] if i + 1 < self.last else ""
        if gap == "-" or (t.words[i][0].isupper() and not t.words[i].isupper() and gap == " "):
            return False
        if before in MODAL or before in ("to", "did", "does", "do", "not"):
            return tag == "base" or before == "not"
        if before in DETERMINERS and before != "that":
            asked = {"that", "to", "for"} & {*t.lower[i + 1 : i + 3]} and tag in ("base", "s")
            demand = bool(
                asked and _DEMANDS.intersection(self.lexicon.stances.get(word, ()))
            )  # "its demand that"
            return demand or (tag == "ing" and before in PREPOSITIONS)
        if before == "s" or (mention and mention.possessive):
            return False
        object_next = i + 1 in self.at or after in DETERMINERS
        if tag == "ing":  # after a plain noun ("school shooting") only with an object
            joined = mention or before in _BEFORE_PARTICIPLE or before in self.lexicon.forms
            return after != "of" and bool(joined or gap != " " or object_next)
        weak = named is not None and self.weak[named]
        if tag == "ed" or (mention and not weak):
            return not weak and (tag == "ed" or word not in self.lexicon.nouns or after not in _NOUN_BEFORE)
        object_next = object_next or after in PREPOSITIONS or after == "to"
        return object_next and word not in self.lexicon.nouns and (tag == "s") != before.endswith("s")

    def _complete(self, p: Predicate, k: int) -> None:
        """Set the sides of predicate number k, and what governs it."""
        previous = self.predicates[k - 1] if k else None
        start, auxiliary = self._chain(p)
        p.passive = p.tag == "ed" and auxiliary in BE
        if p.tag == "ed" and not auxiliary:
            p.passive = p.reduced = self._patient(p, start)
        bare = p.purpose or (p.tag == "ing" and auxiliary not in BE)
        bare |= start == p.at and p.tag in ("base", "s") and self.t.lower[start - 1] in DETERMINERS
        p.reduced |= bare
        p.region = (p.end, self._region_end(p, k))
        self._find_objects(p)
        if previous is not None and self._governs(previous, p):
            p.governor, previous.taken = previous, True
            hears = _HEARD & self.stances(previous) or previous.lemma in ("want", "expect")
            p.subject = (previous.objects if hears else []) or previous.subject
            if not bare:
                p.subject = self._subject(start, k) or p.subject
        elif bare and previous is not None:
            p.subject, p.governor = previous.subject, previous.governor
        else:
            p.subject = self._subject(start, k)
        supposed = {"if", "unless", "whether"} & set(self.t.lower[max(self.first, start - 8) : start])
        p.possible = p.modal in ("may", "might", "could", "can") or bool(supposed)

    def _patient(self, p: Predicate, start: int) -> bool:
        """Tell whether a participle without an auxiliary is passive: "men jailed by", "soldiers killed in"."""
        after = self.t.lower[p.end] if p.end < self.last else ""
        if after == "by":
            return start - 1 not in self.at or bool(self._near(p.end + 1, p.end + 5))
        bare = p.end not in self.at and (after in PREPOSITIONS or not after or after.endswith("day"))
        return bare and p.lemma in _PATIENT

    def _chain(self, p: Predicate) -> tuple[int, str]:
        """Return the first word of a verb with its auxiliaries and adverbs, and the auxiliary next to it."""
        start, nearest = p.at, ""
        while start > self.first and start - 1 not in self.at:
            word = self.t.lower[start - 1]
            if not (
                word in AUXILIARY
                or word in _NEGATIVE
                or word == "to"
                or word in ADVERBS
                or word.endswith("ly")
            ):
                break
            nearest = nearest or (word if word in AUXILIARY else "")
            p.negated |= word in _NEGATIVE
            p.modal = p.modal or (word if word in MODAL else "")
            p.purpose |= word == "to"
            start -= 1
        return start, nearest

    def _governs(self, governor: Predicate, p: Predicate) -> bool:
        """Tell whether a predicate is the complement of the one before it."""
        return bool(self.stances(governor)) and p.at - governor.end < 9

    # ---- sides

    def _subject(self, start: int, k: int) -> list[int]:
        """Return the mentions that are the subject of a verb whose auxiliaries begin at a word."""
        previous, i = self.predicates[k - 1] if k else None, start - 1
        if i < self.first:
            return []
        if self.t.lower[i] in ("who", "which", "that") and i - 1 in self.at:
            return self.groups[self.group_of[self.at[i - 1]]]
        shared = self.t.lower[i] in _PRONOUNS | JOINTS or self.t.comma(i)
        if previous and i not in self.at and shared:
            return previous.subject
        finite = next((q for q in reversed(self.predicates[:k]) if not q.reduced), None)
        near = self._near(finite.end if finite else self.first, start)
        # the nearest that no preposition introduces, else the nearest
        return self.groups[min(near[::-1], key=lambda g: bool(self.prepositions[g]))] if near else []

    def _region_end(self, p: Predicate, k: int) -> int:
        """Return where the object of a verb must have ended."""
        following = self.predicates[k + 1].at if k + 1 < len(self.predicates) else self.last
        limit = min(self.last, p.end + _RIGHT, following)
        for i in range(p.end + 1, limit):
            gap = self.t.gap(i - 1)
            hard = gap != " " and (self.t.comma(i - 1) or any(mark in gap for mark in _HARD))
            if hard or (i not in self.at and self.t.lower[i] in BOUNDARY):
                return i
        return limit

    def _find_objects(self, p: Predicate) -> None:
        """Set the object (or what a preposition adds) and the agent of a passive."""
        best: tuple[int, int] | None = None
        for g in self._near(*p.region):
            preposition, first = self.prepositions[g], self.groups[g][0]
            if preposition == "by" and p.passive:
                p.agent = p.agent or self.groups[g]
                continue
            tier = 0 if not preposition else 3 if preposition in _PLACE else 1
            tier += 2 * self.mentions[first].bare + bool(self.weak[first] and preposition)
            if best is None or tier < best[0]:
                best = (tier, g)
        if best is not None:
            p.objects = self.groups[best[1]]

    # ---- what it means

    def stances(self, p: Predicate) -> set[str]:
        """Return the stances that a verb may express."""
        return set(self.lexicon.stances.get(p.lemma, ()))

    def meaning(self, p: Predicate) -> Meaning | None:
        """Return what a predicate does, by its nearest object, else by itself."""
        choices, starts = self.lexicon.meanings.get(p.lemma, []), self.lexicon.object_starts.get(p.lemma, ())
        left = p.passive or p.lemma == "arrive"
        low, high = (max(self.first, p.at - 12), p.at) if left else p.region
        for i in range(high - 1, low - 1, -1) if left else range(low, high):
            for phrase in self._phrases(i, high) if self.t.lower[i] in starts else ():
                for m in choices:
                    if m.objects and phrase in m.objects:
                        return m
        return next((m for m in choices if m.objects is None), None)

    def _phrases(self, i: int, high: int) -> list[str]:
        """Return the phrases of three, two and one words that begin at a word and no hyphen continues."""
        sizes = (size for size in (3, 2, 1) if i + size <= high and self.t.gap(i + size - 1) != "-")
        return [" ".join(self.t.lower[i : i + size]) for size in sizes]

    def noun(self, low: int, high: int) -> tuple[str, bool, int, int] | None:
        """Return the first noun of an act between two words: code, whether of equals, and its words."""
        for i in range(low, min(high, self.last)):
            for phrase in self._phrases(i, high) if self.t.lower[i] in self.lexicon.noun_starts else ():
                if phrase in self.lexicon.nouns:
                    return *self.lexicon.nouns[phrase], i, i + phrase.count(" ") + 1
        return None


__all__ = ["Clauses", "Predicate"]
