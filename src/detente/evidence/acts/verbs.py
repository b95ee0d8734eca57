"""Which words of a sentence are verbs of acts, and what does each do by itself?"""

from __future__ import annotations

from dataclasses import dataclass, field

from detente.evidence.actors.mentions import Mention, Tokens
from detente.evidence.acts.lexicon import Meaning
from detente.evidence.acts.sentence import ADVERBS, AUXILIARY, DETERMINERS, JOINTS, PREPOSITIONS, Sentence
from detente.evidence.grammar import group

BE, MODAL, NOT_ADVERBS = group("be"), group("modal"), group("not_adverbs")
_PRONOUNS, _PATIENT, _INTENT = (
    group("pronouns"),
    group("patient"),
    frozenset(("ready", "willing", "prepared")),
)
_NOUN_BEFORE = frozenset(
    ["of", "against", "between", "by", "in", "have", "has", "were", "was", "are", "is"]
) | {""}
_ASIDE = group("aside")
_STANCES_OF_NOUNS = {"DEMAND", "THREATEN", "AGREE", "APPEAL"}


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


class Verbs(Sentence):
    """A sentence with the verbs of acts in it."""

    def __init__(self, tokens: Tokens, first: int, last: int, mentions: list[Mention]) -> None:
        super().__init__(tokens, first, last, mentions)
        self.predicates: list[Predicate] = []
        i, lower, forms = first, tokens.lower, self.lexicon.forms
        while i < last:
            may = lower[i] in forms or lower[i] in ("must", "re")
            found = self._verb(i) if may and i not in self.at else None
            if found:
                self.predicates.append(found)
            i = found.end if found else i + 1

    def _verb(self, i: int) -> Predicate | None:
        t = self.t
        if t.lower[i] == "must":  # "said that they must": a demand, whatever it is
            plain = i - 1 in self.at and i + 1 < self.last and t.lower[i + 1] not in self.lexicon.forms
            return Predicate(i, i + 1, "must", "s") if plain else None
        again = t.lower[i] == "re" and t.gap(i) == "-" and i + 1 < self.last  # "re-examine"
        for form in self.lexicon.forms.get(t.lower[i + again], ()):
            end = i + again + 1 + len(form.rest)
            whole = tuple(t.lower[i + again + 1 : end]) == form.rest and end <= self.last
            if whole and self._verbal(i, form.tag, end - i):
                return Predicate(i, end, form.lemma, form.tag)
        return None

    def _verbal(self, i: int, tag: str, size: int) -> bool:
        """Tell whether a word is a verb here, by its neighbours: "attacks" after a determiner is a noun."""
        t = self.t
        if i == self.first:
            return tag == "ing" or size > 1
        word, before, gap = t.lower[i], t.lower[i - 1], t.gap(i - 1)
        if gap == "-" or (t.words[i][0].isupper() and not t.words[i].isupper() and gap == " "):
            return False
        if before in MODAL or before in ("to", "did", "does", "do", "not"):
            return tag == "base" or before == "not"
        if word in _INTENT:
            return before in BE or before in ADVERBS
        if (
            before in DETERMINERS
            and tag in ("base", "s")
            and {"that", "to", "for"} & set(t.lower[i + 1 : i + 3])
        ):
            return bool(_STANCES_OF_NOUNS & set(self.lexicon.stances.get(word, ())))  # "its demand that"
        if before in DETERMINERS and before != "that":
            return tag == "ing" and before in PREPOSITIONS
        if before == "s" or (i - 1 in self.at and self.mentions[self.at[i - 1]].possessive):
            return False
        follows = bool(self.predicates) and self.predicates[-1].end == i  # "reject proposed changes"
        if tag == "ing":
            return self._participle(i, before, gap)
        if follows and before not in ("to", "and"):
            return False
        if tag == "ed":
            return not (i - 1 in self.at and self.mentions[self.at[i - 1]].weak)
        return self._present(i, tag, before)

    def _participle(self, i: int, before: str, gap: str) -> bool:
        """Tell whether a word in -ing is a verb: after a plain noun ("school shooting") only with an object."""
        joined = i - 1 in self.at or before in AUXILIARY | PREPOSITIONS | _PRONOUNS | ADVERBS | JOINTS
        follows = i + 1 < self.last and (i + 1 in self.at or self.t.lower[i + 1] in DETERMINERS)
        noun = i + 1 < self.last and self.t.lower[i + 1] == "of"  # "Kenyan shelling of Chad"
        return not noun and (joined or gap != " " or follows or before in self.lexicon.forms)

    def _present(self, i: int, tag: str, before: str) -> bool:
        """Tell whether a form that may be a noun ("attack", "attacks") is a verb."""
        t, noun = self.t, self.t.lower[i] in self.lexicon.nouns
        after = t.lower[i + 1] if i + 1 < self.last else ""
        if i - 1 in self.at and not self.mentions[self.at[i - 1]].weak:
            return not (noun and after in _NOUN_BEFORE)
        if before in _PRONOUNS | ADVERBS or (before.endswith("ly") and before not in NOT_ADVERBS):
            return True
        if before in ("and", "or") and tag == "base" and self.predicates:  # "to meet and discuss"
            last = self.predicates[-1].at
            return last > self.first and (t.lower[last - 1] == "to" or t.lower[last - 1] in MODAL)
        if before in JOINTS or t.comma(i - 1):
            return tag == "s" and not noun
        object_next = i + 1 in self.at or after in DETERMINERS | PREPOSITIONS | {"to", "that"}
        return object_next and not noun and (tag == "s") != before.endswith("s") and i - self.first > 1

    def patient(self, p: Predicate, start: int) -> bool:
        """Tell whether a participle without an auxiliary is passive: "men jailed by", "soldiers killed in"."""
        after = self.t.lower[p.end] if p.end < self.last else ""
        if after == "by":
            return start - 1 not in self.at or any(i in self.at for i in range(p.end + 1, p.end + 5))
        bare = p.end not in self.at and after not in DETERMINERS - PREPOSITIONS
        said = not after or after in PREPOSITIONS or after == "over" or after.endswith("day")
        return p.lemma in _PATIENT and bare and said

    def meaning(self, p: Predicate) -> Meaning | None:
        """Return what a predicate does, by its nearest object, else by itself."""
        t, choices = self.t, self.lexicon.meanings.get(p.lemma, [])
        starts = self.lexicon.object_starts.get(p.lemma)
        left = p.passive or p.lemma == "arrive"
        low, high = (max(self.first, p.at - 12), p.at) if left else p.region
        if starts is not None:
            for i in range(high - 1, low - 1, -1) if left else range(low, high):
                if t.lower[i] not in starts:
                    continue
                for size in (3, 2, 1):
                    phrase = " ".join(t.lower[i : i + size])
                    for m in choices:
                        if (
                            m.objects
                            and phrase in m.objects
                            and i + size <= high
                            and t.gap(i + size - 1) != "-"
                        ):
                            return m
        return next((m for m in choices if m.objects is None), None)

    def apart(self, low: int, high: int) -> bool:
        """Tell whether a preposition stands between that makes what follows no object."""
        return bool(_ASIDE.intersection(self.t.lower[low:high]))

    def noun(self, low: int, high: int) -> tuple[str, bool, int, int] | None:
        """Return the first noun of an act between two words: code, whether of equals, and its words."""
        for i in range(low, min(high, self.last)):
            if self.t.lower[i] not in self.lexicon.noun_starts:
                continue
            for size in (3, 2, 1):
                phrase = " ".join(self.t.lower[i : i + size])
                if i + size <= high and phrase in self.lexicon.nouns and self.t.gap(i + size - 1) != "-":
                    return *self.lexicon.nouns[phrase], i, i + size
        return None


__all__ = ["BE", "MODAL", "NOT_ADVERBS", "Predicate", "Verbs"]
