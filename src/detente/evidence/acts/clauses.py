"""Who did what to whom? Predicates of a sentence with their subjects and objects, by heuristics of clauses."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from detente.evidence.actors.mentions import Mention, Tokens
from detente.evidence.acts.lexicon import Lexicon, Meaning, lexicon
from detente.evidence.records import Span

_BE = frozenset(("is", "are", "was", "were", "be", "been", "being"))
_MODAL = frozenset(("will", "would", "shall", "should", "must", "can", "could", "may", "might", "cannot"))
_AUX = _BE | _MODAL | frozenset(("has", "have", "had", "having", "do", "does", "did"))
_NEGATIVE = frozenset(("not", "never", "cannot", "n't", "no", "neither"))
_ADVERBS = frozenset(
    "also still again already just now today yesterday once twice even only then later soon yet always reportedly".split()
)
_DETERMINERS = frozenset(
    "a an the this that these those its their his her our my your some any no every each another such of in on for with by"
    " from into against about over under between at two three four five several many more most further new all both".split()
)
_PRONOUNS = frozenset(("it", "they", "he", "she", "we", "i", "himself", "who", "which", "that"))
_BOUNDARY = frozenset(
    "that who which while when after before because as if unless although though but where whether until whom whose".split()
)
_PREPOSITIONS = frozenset(
    "of in on at to from with by for against into over between among about toward towards near under around through outside"
    " inside during across along throughout off upon within".split()
)
_PLACE = frozenset("in at near around across outside inside throughout through along within during".split())
_NOT_ADVERBS = frozenset(
    "family italy deadly friendly early likely daily weekly ally only unlikely july".split()
)
_THINGS = frozenset(
    "missile missiles tank tanks drone drones artillery aircraft helicopter helicopters jet jets submarine submarines fleet"
    " intelligence television university media company bank court industry coalition commission council department party"
    " warship warships authority embassy secretary fire".split()
)
"""Role nouns that are nobody without a country."""
_PATIENT = frozenset(
    "kill wound injure arrest jail imprison detain release free accuse abduct kidnap torture execute murder convict indict"
    " deport expel ban capture sentence behead charge hold take".split()
)
"""Verbs that want an object: without one, and without an auxiliary, they are passive."""
_LINKS = frozenset("and or both as well the a an with".split())
_RIGHT = 24  # words that an object may stand away
_FUNCTION = (
    _AUX
    | _PREPOSITIONS
    | _BOUNDARY
    | _PRONOUNS
    | _NEGATIVE
    | frozenset(("and", "or", "to", "the", "a", "again"))
)
_HARD = ';:\n“”"()—'


@dataclass(slots=True)
class Predicate:
    """A verb in its clause."""

    at: int
    """Its first word; ``end`` is the word after it."""
    end: int
    lemma: str
    tag: str
    subject: list[int] = field(default_factory=list)
    """Mentions, by their place in the sentence's list."""
    objects: list[int] = field(default_factory=list)
    agent: list[int] = field(default_factory=list)
    passive: bool = False
    negated: bool = False
    modal: str = ""
    possible: bool = False
    governor: Predicate | None = None
    reduced: bool = False
    """A participle or an infinitive, which ends no clause."""
    purpose: bool = False
    """An infinitive."""
    taken: bool = False
    """Its complement is a predicate of its own."""
    region: tuple[int, int] = (0, 0)


class Clauses:
    """The predicates of one sentence."""

    def __init__(self, tokens: Tokens, first: int, last: int, mentions: list[Mention]) -> None:
        self.t, self.first, self.last, self.mentions = tokens, first, last, mentions
        starts = tokens.starts
        self.at = {}
        self.ranges: list[tuple[int, int]] = []
        for number, mention in enumerate(mentions):
            begin, end = bisect_left(starts, mention.span.start), bisect_left(starts, mention.span.end)
            self.ranges.append((begin, end))
            for i in range(begin, end):
                self.at[i] = number
        self.lexicon: Lexicon = lexicon()
        self.at = {i: n for i, n in self.at.items() if not self._thing(n)}
        self.weak = [m.weak or self._attributive(n) for n, m in enumerate(mentions)]
        self.groups, self.group_of = self._coordinated()
        self.prepositions = [self._preposition(group[0]) for group in self.groups]
        self.predicates: list[Predicate] = []
        i = first
        while i < last:
            found = self._verb(i) if i not in self.at else None
            if found:
                self.predicates.append(found)
                i = found.end
            else:
                i += 1
        for k, predicate in enumerate(self.predicates):
            self._complete(predicate, k)

    def _attributive(self, number: int) -> bool:
        """Tell whether a country's name stands before a noun: "a US ally"."""
        mention, end = self.mentions[number], self.ranges[number][1]
        plain = not (mention.sector or mention.person or mention.bare or mention.possessive)
        word = self.t.lower[end] if end < self.last else ""
        verb = word in self.lexicon.forms or word.endswith(("s", "ed", "t"))
        return plain and not verb and self._modifies(end) and mention.entries[0].kind == "country"

    def _thing(self, number: int) -> bool:
        """Tell whether a role noun without a country is nobody here: a weapon, or the first part of a compound."""
        if not self.mentions[number].bare:
            return False
        begin, end = self.ranges[number]
        single = end - begin == 1 and not self.t.lower[begin].endswith("s")
        return self.t.lower[end - 1] in _THINGS or (single and self._modifies(end))

    def _modifies(self, end: int) -> bool:
        """Tell whether what ends before a word is the first part of a compound: "military support", "a US ally"."""
        if end >= self.last or self.t.gap(end - 1) != " " or end in self.at:
            return False
        word = self.t.lower[end]
        verb = any(form.tag != "base" for form in self.lexicon.forms.get(word, ())) or word.endswith(
            ("ed", "ly")
        )
        return word.isalpha() and word not in _FUNCTION and word not in _ADVERBS and not verb

    def _coordinated(self) -> tuple[list[list[int]], list[int]]:
        """Return mentions joined by "and" and commas as groups, and the group of each mention."""
        groups: list[list[int]] = []
        waiting: list[int] = []  # joined by a comma alone so far
        real = sorted(set(self.at.values()))
        for before, number in zip([-1, *real], real, strict=False):
            if groups or waiting:
                link = self._link(before, number)
                if link == "and":
                    waiting.append(number)
                    groups[-1] += waiting
                    waiting = []
                    continue
                if link == ",":
                    waiting.append(number)
                    continue
            groups += [[w] for w in waiting]
            waiting = []
            groups.append([number])
        groups += [[w] for w in waiting]
        of = [0] * len(self.mentions)
        for g, group in enumerate(groups):
            for member in group:
                of[member] = g
        return groups, of

    def _link(self, a: int, b: int) -> str:
        words = self.t.lower[self.ranges[a][1] : self.ranges[b][0]]
        text = self.t.text[self.mentions[a].span.end : self.mentions[b].span.start]
        if len(words) > 4 or any(mark in text for mark in _HARD) or self.mentions[a].possessive:
            return ""
        rest = [w for w in words if w not in _LINKS]
        if rest and not (
            "and" in words
            and len(rest) == 1
            and rest[0] not in self.lexicon.forms
            and rest[0] not in _AUX | _BOUNDARY | _PREPOSITIONS
        ):
            return ""
        if "and" in words or "or" in words:
            return "and"
        return "," if text.strip() in (",", ", the") else ""

    def _preposition(self, mention: int) -> str:
        """Return the preposition before a mention, over articles and adjectives."""
        i = self.ranges[mention][0] - 1
        for _ in range(4):
            if i < self.first or i in self.at:
                return ""
            word = self.t.lower[i]
            if word in _PREPOSITIONS:
                return word
            if (
                word in _AUX
                or word in _BOUNDARY
                or word in ("and", "or")
                or self.t.gap(i) not in (" ", "-", "\n")
            ):
                return ""
            if (
                word in self.lexicon.forms
                and not word.endswith("ing")
                and self.t.lower[i - 1] not in _DETERMINERS
            ):
                return ""
            i -= 1
        return ""

    def _verb(self, i: int) -> Predicate | None:
        t = self.t
        if t.lower[i] == "re" and t.gap(i) == "-" and i + 1 < self.last:
            again = next(
                (f for f in self.lexicon.forms.get(t.lower[i + 1], ()) if self._verbal(i, f.tag, 1)), None
            )
            return Predicate(i, i + 2, again.lemma, again.tag) if again else None
        for form in self.lexicon.forms.get(t.lower[i], ()):
            size = 1 + len(form.rest)
            if (
                tuple(t.lower[i + 1 : i + size]) != form.rest
                or i + size > self.last
                or not self._verbal(i, form.tag, size)
            ):
                continue
            return Predicate(i, i + size, form.lemma, form.tag)
        return None

    def _verbal(self, i: int, tag: str, size: int) -> bool:
        """Tell whether a word is a verb here, by its neighbours: "attacks" after a determiner is a noun."""
        t = self.t
        if i == self.first:
            return tag == "ing" or size > 1
        before, gap = t.lower[i - 1], t.gap(i - 1)
        if gap == "-" or (
            t.words[i][0].isupper() and t.words[i].isupper() is False and i > self.first and gap == " "
        ):
            return False
        if before in ("to", *_MODAL, "did", "does", "do", "not"):
            return tag == "base" or before == "not"
        if t.lower[i] in ("ready", "willing", "prepared"):
            return before in _BE or before in _ADVERBS
        if (
            before in _DETERMINERS
            and tag in ("base", "s")
            and {"that", "to", "for"} & set(t.lower[i + 1 : i + 3])
        ):
            return bool(
                {"DEMAND", "THREATEN", "AGREE", "APPEAL"} & set(self.lexicon.stances.get(t.lower[i], ()))
            )
        if before in _DETERMINERS and before != "that":
            return tag == "ing" and before in ("of", "from", "by", "for", "in", "on", "with", "at", "about")
        if (
            tag in ("base", "s")
            and self.predicates
            and self.predicates[-1].end == i
            and before not in ("to", "and")
        ):
            return False
        if before in ("s", "’s") or (i - 1 in self.at and self.mentions[self.at[i - 1]].possessive):
            return False
        if tag == "ed":
            follows = bool(self.predicates) and self.predicates[-1].end == i  # "reject proposed changes"
            return not follows and not (i - 1 in self.at and self.mentions[self.at[i - 1]].weak)
        if tag == "ing":  # after a plain noun ("the school shooting") only with an object
            joined = i - 1 in self.at or before in _AUX | _PREPOSITIONS | _PRONOUNS | _ADVERBS | {
                "and",
                "but",
                "or",
            }
            follows = i + 1 < self.last and (i + 1 in self.at or t.lower[i + 1] in _DETERMINERS)
            return joined or gap != " " or follows or any(f.lemma for f in self.lexicon.forms.get(before, ()))
        after = t.lower[i + 1] if i + 1 < self.last else ""
        if i - 1 in self.at and not self.mentions[self.at[i - 1]].weak:
            noun = after in (
                "of",
                "against",
                "between",
                "by",
                "in",
                "have",
                "has",
                "were",
                "was",
                "are",
                "is",
                "",
            )
            return not (noun and t.lower[i] in self.lexicon.nouns)
        if (
            before in _PRONOUNS
            or before in _ADVERBS
            or (before.endswith("ly") and before not in _NOT_ADVERBS)
        ):
            return True
        if before in ("and", "or") and tag == "base" and self.predicates:
            led = t.lower[self.predicates[-1].at - 1] if self.predicates[-1].at > self.first else ""
            return led == "to" or led in _MODAL or t.lower[i] not in self.lexicon.nouns and led == "and"
        if before in ("and", "or", "but") or gap.startswith(", "):
            return tag == "s" and t.lower[i] not in self.lexicon.nouns
        object_next = (
            i + 1 in self.at or after in _DETERMINERS or after in ("to", "that") or after in _PREPOSITIONS
        )
        return (
            tag == "s" and object_next and t.lower[i] not in self.lexicon.nouns and not before.endswith("s")
        )

    def _complete(self, p: Predicate, k: int) -> None:
        t, previous = self.t, self.predicates[k - 1] if k else None
        start, infinitive, nearest = p.at, False, ""
        while start - 1 >= self.first and start - 1 not in self.at:
            word = t.lower[start - 1]
            if word in _AUX or word in _NEGATIVE or word == "t":
                nearest = nearest or (word if word in _AUX else "")
                p.negated |= word in _NEGATIVE or word == "t"
                p.modal = p.modal or (word if word in _MODAL else "")
            elif word == "to":
                infinitive = True
            elif not (word in _ADVERBS or (word.endswith("ly") and word not in _NOT_ADVERBS)):
                break
            if t.gap(start - 1).strip(" \n’'"):
                break
            start -= 1
        p.passive = p.tag == "ed" and nearest in _BE
        p.possible = p.modal in ("may", "might", "could", "can")
        if p.tag == "ed" and not nearest:
            p.passive = p.reduced = self._patient(p, start)
        bare = infinitive or (p.tag == "ing" and nearest not in _BE)
        if (
            start == p.at and p.tag in ("base", "s") and t.lower[start - 1] in _DETERMINERS
        ):  # "its demand that"
            bare = p.reduced = True
        p.reduced |= bare
        p.purpose = infinitive
        end = self._region_end(p, k)
        p.region = (p.end, end)
        self._find_objects(p)
        if previous is not None and self._governs(previous, p, start, bare):
            p.governor, previous.taken = previous, True
            hears = {"APPEAL", "DEMAND", "ACCUSE"} & self._stances(previous) or previous.lemma in (
                "want",
                "expect",
            )
            direct = previous.objects if hears else []
            p.subject = direct or previous.subject
            if not bare:
                p.subject = self._subject(start, k) or p.subject
        elif bare and previous is not None:
            side = start - 1 if start - 1 in self.at and not t.gap(start - 1).strip() else None
            p.subject = (
                self.groups[self.group_of[self.at[side]]]
                if side is not None and not infinitive
                else previous.subject
            )
            p.governor = previous.governor if previous.governor and not side else None
            if infinitive and self._stances(previous) & {"DO"} and previous.governor is None:
                p.subject = previous.subject
        else:
            p.subject = self._subject(start, k)
            if previous is not None and p.subject is previous.subject and t.lower[start - 1] in ("and", "or"):
                finite = next((q for q in reversed(self.predicates[:k]) if not q.reduced), previous)
                p.governor = finite.governor  # "said that they had attacked it and taken the town"
        i = start - 1
        while i >= self.first and i > start - 8:
            if t.lower[i] in ("if", "unless", "whether"):
                p.possible = True
            if t.comma(i):
                break
            i -= 1

    def _patient(self, p: Predicate, start: int) -> bool:
        """Tell whether a participle without an auxiliary is passive: "men jailed by", "soldiers killed in"."""
        after = self.t.lower[p.end] if p.end < self.last else ""
        if after == "by":
            return start - 1 not in self.at or p.lemma in _PATIENT
        near = p.end in self.at or after in _DETERMINERS - _PREPOSITIONS
        return (
            p.lemma in _PATIENT
            and not near
            and (not after or after in _PREPOSITIONS | {"over", "today", "yesterday"})
        )

    def _stances(self, p: Predicate) -> set[str]:
        return set(self.lexicon.stances.get(p.lemma, ()))

    def _governs(self, governor: Predicate, p: Predicate, start: int, bare: bool) -> bool:
        """Tell whether a predicate is the complement of the one before it."""
        stances = self._stances(governor)
        if not stances:
            return False
        between = self.t.lower[governor.end : start]
        gaps = self.t.text[self.t.spans[governor.end - 1][1] : self.t.spans[p.at][0]]
        if any(mark in gaps for mark in ";:\n") or len(between) > 14:
            return False
        if bare:
            between = [w for i, w in enumerate(between, governor.end) if i not in self.at]
            plain = [
                w
                for w in between
                if w not in _ADVERBS and w not in ("to", "on", "the", "a", "not", "its", "their")
            ]
            return "," not in gaps and len(plain) <= 2 and (stances != {"SAY"} or not between)
        if stances & {"SAY", "DEMAND", "APPEAL", "AGREE", "THREATEN", "ACCUSE", "REJECT", "WILL"}:
            linked = (
                "that" in between[:6]
                or not between
                or between[0] in ("it", "they", "he", "she", "the", "a")
                or (governor.end in self.at)
            )
            return linked and "and" not in between[-1:] and "," not in gaps[-3:]
        return False

    def _subject(self, start: int, k: int) -> list[int]:
        """Return the mentions that are the subject of a verb whose auxiliaries begin at a word."""
        t, previous = self.t, self.predicates[k - 1] if k else None
        i = start - 1
        if i < self.first:
            return []
        word = t.lower[i]
        if i not in self.at:
            if word in ("who", "which", "that") and i - 1 in self.at:
                return self.groups[self.group_of[self.at[i - 1]]]
            if word in ("it", "they", "he", "she", "we", "i", "who", "which"):
                return previous.subject if previous else []
            if word in ("and", "or", "but", "then") or t.comma(i):
                if (
                    previous
                    and previous.subject
                    and not (t.comma(i) and word not in ("and", "but", "or") and previous.at < self.first)
                ):
                    near = self._scan(i, previous.end) if t.comma(i) else []
                    return near or previous.subject
        bound = next((q.end for q in reversed(self.predicates[:k]) if not q.reduced), self.first)
        if t.comma(i) and i not in self.at:  # "Kenya, a key ally of Peru, has refused"
            comma = next((j for j in range(i - 1, bound - 1, -1) if t.comma(j)), None)
            if comma is not None and comma in self.at:
                return self.groups[self.group_of[self.at[comma]]]
        return self._scan(i, bound)

    def _scan(self, i: int, bound: int) -> list[int]:
        """Return the nearest group to the left that no preposition introduces, else one after "of", else any."""
        spare: list[list[int]] = []
        while i >= bound:
            if i in self.at:
                group = self.group_of[self.at[i]]
                members, preposition = self.groups[group], self.prepositions[group]
                first = self.mentions[members[0]]
                if not preposition and not (first.possessive or self.weak[members[0]] or first.bare):
                    return members
                spare.append(members)
                i = self.ranges[members[0]][0] - 1
                continue
            if self.t.lower[i] in _BOUNDARY or (
                self.t.gap(i) != " " and any(mark in self.t.gap(i) for mark in ";:—")
            ):
                break
            i -= 1

        def rank(members: list[int]) -> int:
            first, preposition = self.mentions[members[0]], self.prepositions[self.group_of[members[0]]]
            return 3 * (preposition in _PLACE) + 2 * (preposition not in ("", "of")) + first.bare

        return min(spare, key=rank, default=[])

    def _region_end(self, p: Predicate, k: int) -> int:
        """Return where the object of a verb must have ended."""
        t, i = self.t, p.end
        following = self.predicates[k + 1].at if k + 1 < len(self.predicates) else self.last
        limit = min(self.last, p.end + _RIGHT)
        while i < limit:
            if (
                i > p.end
                and t.gap(i - 1) != " "
                and any(mark in t.gap(i - 1) for mark in _HARD[:2] + _HARD[3:])
            ):
                return i
            if i not in self.at and t.lower[i] in _BOUNDARY and i > p.end:
                return i
            if i > p.end and t.comma(i - 1) and not self._continues(i):
                return i
            if i == following:
                return i
            i += 1
        return limit

    def _continues(self, i: int) -> bool:
        number = self.at.get(i, self.at.get(i + 1))
        return number is not None and self.group_of[number] == self.group_of[number - 1] if number else False

    def _find_objects(self, p: Predicate) -> None:
        """Set the object (or what a preposition adds) and the agent of a passive."""
        best: tuple[int, int] | None = None
        seen: set[int] = set()
        for i in range(*p.region):
            if i not in self.at or (group := self.group_of[self.at[i]]) in seen:
                continue
            seen.add(group)
            preposition = self.prepositions[group]
            if preposition == "by" and p.passive:
                p.agent = p.agent or self.groups[group]
                continue
            first = self.mentions[self.groups[group][0]]
            tier = 0 if not preposition else 3 if preposition in _PLACE else 1
            tier += 2 * first.bare + (1 if self.weak[self.groups[group][0]] and preposition else 0)
            if best is None or tier < best[0]:
                best = (tier, group)
        if best is not None:
            p.objects = self.groups[best[1]]

    def after_preposition(self, p: Predicate) -> bool:
        """Tell whether a participle follows a preposition: "jailed for helping"."""
        return p.at > self.first and self.t.lower[p.at - 1] in _PREPOSITIONS

    def meaning(self, p: Predicate) -> tuple[Meaning, Span] | None:
        """Return what a predicate does, by its nearest object, with the span that says so."""
        choices = self.lexicon.meanings.get(p.lemma, [])
        trigger = self.t.span(p.at, p.end)
        wanted = [m for m in choices if m.objects]
        t_gap = self.t.gap
        if wanted:
            left = p.passive or p.lemma == "arrive"
            low, high = p.region if not left else (max(self.first, p.at - 12), p.at)
            order = range(low, high) if not left else range(high - 1, low - 1, -1)
            for i in order:
                for size in (3, 2, 1):
                    phrase = " ".join(self.t.lower[i : i + size])
                    for m in wanted:
                        if (
                            m.objects
                            and i + size <= high
                            and phrase in m.objects
                            and t_gap(i + size - 1) != "-"
                        ):
                            return m, trigger
        plain = next((m for m in choices if m.objects is None), None)
        return (plain, trigger) if plain else None

    def noun(self, low: int, high: int) -> tuple[str, bool, int, int] | None:
        """Return the first noun of an act between two words: code, whether of equals, and its words."""
        for i in range(low, min(high, self.last)):
            if self.t.lower[i] not in self.lexicon.noun_starts:
                continue
            for size in (3, 2, 1):
                phrase = " ".join(self.t.lower[i : i + size])
                if i + size <= high and phrase in self.lexicon.nouns and self.t.gap(i + size - 1) != "-":
                    code, equal = self.lexicon.nouns[phrase]
                    return code, equal, i, i + size
        return None


__all__ = ["Clauses", "Predicate"]
