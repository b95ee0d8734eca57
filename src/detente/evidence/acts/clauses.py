"""Who did what to whom? Predicates with their subjects and objects, by heuristics of clauses."""

from __future__ import annotations

from detente.evidence.actors.mentions import Mention, Tokens
from detente.evidence.acts.sentence import ADVERBS, AUXILIARY, BOUNDARY, DETERMINERS, JOINTS, PREPOSITIONS
from detente.evidence.acts.verbs import BE, MODAL, NOT_ADVERBS, Predicate, Verbs
from detente.evidence.grammar import group

_NEGATIVE, _PLACE = group("negative") | {"t"}, group("place")
_PRONOUNS = frozenset(("it", "they", "he", "she", "we", "i", "who", "which"))
_PASSED = ADVERBS | {"to", "on", "the", "a", "not", "its", "their"}
_HEARD = {"APPEAL", "DEMAND", "ACCUSE"}
_RIGHT = 24  # words that an object may stand away


class Clauses(Verbs):
    """The predicates of one sentence, complete."""

    def __init__(self, tokens: Tokens, first: int, last: int, mentions: list[Mention]) -> None:
        super().__init__(tokens, first, last, mentions)
        for k, predicate in enumerate(self.predicates):
            self._complete(predicate, k)

    def stances(self, p: Predicate) -> set[str]:
        """Return the stances that a verb may express."""
        return set(self.lexicon.stances.get(p.lemma, ()))

    def after_preposition(self, p: Predicate) -> bool:
        """Tell whether a participle follows a preposition: "jailed for helping"."""
        return p.at > self.first and self.t.lower[p.at - 1] in PREPOSITIONS

    def _complete(self, p: Predicate, k: int) -> None:
        previous = self.predicates[k - 1] if k else None
        start, auxiliary = self._chain(p)
        p.passive = p.tag == "ed" and auxiliary in BE
        if p.tag == "ed" and not auxiliary:
            p.passive = p.reduced = self.patient(p, start)
        nominal = start == p.at and p.tag in ("base", "s") and self.t.lower[start - 1] in DETERMINERS
        bare = p.purpose or nominal or (p.tag == "ing" and auxiliary not in BE)
        p.reduced |= bare
        p.region = (p.end, self._region_end(p, k))
        self._find_objects(p)
        if previous is not None and self._governs(previous, p, start, bare):
            p.governor, previous.taken = previous, True
            hears = _HEARD & self.stances(previous) or previous.lemma in ("want", "expect")
            p.subject = (previous.objects if hears else []) or previous.subject
            if not bare:
                p.subject = self._subject(start, k) or p.subject
        elif bare and previous is not None:
            beside = start - 1 in self.at and not self.t.gap(start - 1).strip() and not p.purpose
            p.subject = self.group_at(start - 1) if beside else previous.subject
            p.governor = None if beside else previous.governor
        else:
            p.subject = self._subject(start, k)
            if (
                previous is not None
                and p.subject is previous.subject
                and self.t.lower[start - 1] in ("and", "or")
            ):
                p.governor = self._finite(k).governor  # "said that they had attacked it and taken the town"
        p.possible = p.modal in ("may", "might", "could", "can") or self._supposed(start)

    def _chain(self, p: Predicate) -> tuple[int, str]:
        """Return the first word of a verb with its auxiliaries and adverbs, and the auxiliary next to it."""
        t, start, nearest = self.t, p.at, ""
        while start - 1 >= self.first and start - 1 not in self.at:
            word = t.lower[start - 1]
            adverb = word in ADVERBS or (word.endswith("ly") and word not in NOT_ADVERBS)
            if not (word in AUXILIARY or word in _NEGATIVE or word == "to" or adverb):
                break
            if t.gap(start - 1).strip(" \n’'"):
                break
            nearest = nearest or (word if word in AUXILIARY else "")
            p.negated |= word in _NEGATIVE
            p.modal = p.modal or (word if word in MODAL else "")
            p.purpose |= word == "to"
            start -= 1
        return start, nearest

    def _supposed(self, start: int) -> bool:
        """Tell whether "if" or "unless" opens the clause."""
        for i in range(start - 1, max(start - 8, self.first - 1), -1):
            if self.t.lower[i] in ("if", "unless", "whether"):
                return True
            if self.t.comma(i):
                return False
        return False

    def _finite(self, k: int) -> Predicate:
        """Return the last predicate before number k that is no participle or infinitive."""
        return next((q for q in reversed(self.predicates[:k]) if not q.reduced), self.predicates[k - 1])

    def _governs(self, governor: Predicate, p: Predicate, start: int, bare: bool) -> bool:
        """Tell whether a predicate is the complement of the one before it."""
        stances, between = self.stances(governor), self.t.lower[governor.end : start]
        gaps = self.t.text[self.t.spans[governor.end - 1][1] : self.t.spans[p.at][0]]
        if not stances or len(between) > 14 or any(mark in gaps for mark in ";:\n"):
            return False
        if bare:
            plain = [w for i, w in enumerate(between, governor.end) if i not in self.at and w not in _PASSED]
            alone = not any(i not in self.at for i in range(governor.end, start))
            return "," not in gaps and len(plain) <= 2 and (stances != {"SAY"} or alone)
        if not stances - {"END", "DO"}:
            return False
        opens = not between or between[0] in _PRONOUNS | {"the", "a"} or governor.end in self.at
        return ("that" in between[:6] or opens) and "and" not in between[-1:] and "," not in gaps[-3:]

    def _subject(self, start: int, k: int) -> list[int]:
        """Return the mentions that are the subject of a verb whose auxiliaries begin at a word."""
        t, previous, i = self.t, self.predicates[k - 1] if k else None, start - 1
        if i < self.first:
            return []
        word, comma = t.lower[i], t.comma(i)
        if i not in self.at:
            if word in ("who", "which", "that") and i - 1 in self.at:
                return self.group_at(i - 1)
            if word in _PRONOUNS:
                return previous.subject if previous else []
            if previous and (word in JOINTS or word == "then" or (comma and previous.subject)):
                return (self._scan(i, previous.end) if comma else []) or previous.subject
        bound = self.first if all(q.reduced for q in self.predicates[:k]) else self._finite(k).end
        if comma and i not in self.at:  # "Kenya, a key ally of Peru, has refused"
            opening = next((j for j in range(i - 1, bound - 1, -1) if t.comma(j)), None)
            if opening in self.at:
                return self.group_at(self._at(opening))
        return self._scan(i, bound)

    @staticmethod
    def _at(i: int | None) -> int:
        return i if i is not None else 0

    def _scan(self, i: int, bound: int) -> list[int]:
        """Return the nearest group to the left that no preposition introduces, else one after "of", else any."""
        spare: list[tuple[int, list[int]]] = []
        while i >= bound:
            if i in self.at:
                members, preposition = self.group_at(i), self.prepositions[self.group_of[self.at[i]]]
                first = self.mentions[members[0]]
                if not preposition and not (first.possessive or self.weak[members[0]] or first.bare):
                    return members
                spare.append(
                    (3 * (preposition in _PLACE) + 2 * (preposition not in ("", "of")) + first.bare, members)
                )
                i = self.ranges[members[0]][0] - 1
                continue
            if self.t.lower[i] in BOUNDARY or (
                self.t.gap(i) != " " and any(m in self.t.gap(i) for m in ";:—")
            ):
                break
            i -= 1
        return min(spare, key=lambda item: item[0], default=(0, []))[1]

    def _region_end(self, p: Predicate, k: int) -> int:
        """Return where the object of a verb must have ended."""
        following = self.predicates[k + 1].at if k + 1 < len(self.predicates) else self.last
        limit = min(self.last, p.end + _RIGHT, following)
        for i in range(p.end + 1, limit):
            clause = i not in self.at and self.t.lower[i] in BOUNDARY
            if clause or self.hard(i - 1) or (self.t.comma(i - 1) and not self._continues(i)):
                return i
        return limit

    def _continues(self, i: int) -> bool:
        """Tell whether a word after a comma belongs to a list of names that began before."""
        number = self.at.get(i, self.at.get(i + 1))
        return bool(number) and self.group_of[number or 0] == self.group_of.get((number or 0) - 1)

    def _find_objects(self, p: Predicate) -> None:
        """Set the object (or what a preposition adds) and the agent of a passive."""
        best: tuple[int, int] | None = None
        for g in dict.fromkeys(self.group_of[self.at[i]] for i in range(*p.region) if i in self.at):
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


__all__ = ["Clauses"]
