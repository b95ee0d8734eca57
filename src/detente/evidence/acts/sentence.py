"""Who stands where in a sentence? Its mentions by word, joined into groups, with their prepositions."""

from __future__ import annotations

from bisect import bisect_left

from detente.evidence.actors.mentions import Mention, Tokens
from detente.evidence.acts.lexicon import lexicon
from detente.evidence.grammar import group

AUXILIARY, ADVERBS, BOUNDARY = group("auxiliary"), group("adverbs"), group("boundary")
DETERMINERS, PREPOSITIONS, JOINTS = (
    group("determiners"),
    group("prepositions"),
    frozenset(("and", "or", "but")),
)
_NO_NOUN = (
    AUXILIARY
    | PREPOSITIONS
    | BOUNDARY
    | ADVERBS
    | group("pronouns")
    | group("negative")
    | JOINTS
    | {"to", "the", "a"}
)
_THINGS, _LINKS = group("things"), group("links")
HARD = ';:“”"()—'
"""Marks over which no object and no list goes."""


class Sentence:
    """The words ``first`` to ``last`` - 1 of a text and the mentions in them, which are called by their number."""

    def __init__(self, tokens: Tokens, first: int, last: int, mentions: list[Mention]) -> None:
        self.t, self.first, self.last, self.mentions, self.lexicon = tokens, first, last, mentions, lexicon()
        self.ranges = [
            (bisect_left(tokens.starts, m.span.start), bisect_left(tokens.starts, m.span.end))
            for m in mentions
        ]
        self.at = {i: n for n, (begin, end) in enumerate(self.ranges) for i in range(begin, end)}
        self.at = {i: n for i, n in self.at.items() if not self._thing(n)}
        self.weak = [m.weak or self._attributive(n) for n, m in enumerate(mentions)]
        self.groups = self._joined()
        self.group_of = {member: g for g, members in enumerate(self.groups) for member in members}
        self.prepositions = [self._preposition(members[0]) for members in self.groups]

    def group_at(self, i: int) -> list[int]:
        """Return the group that stands at a word."""
        return self.groups[self.group_of[self.at[i]]]

    def hard(self, i: int) -> bool:
        """Tell whether a hard mark follows a word."""
        gap = self.t.gap(i)
        return gap != " " and any(mark in gap for mark in HARD)

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
        """Tell whether what ends before a word is part of a compound: "military support", "a US ally"."""
        if end >= self.last or self.t.gap(end - 1) != " " or end in self.at:
            return False
        word = self.t.lower[end]
        verb = any(form.tag != "base" for form in self.lexicon.forms.get(word, ())) or word.endswith(
            ("ed", "ly")
        )
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
        if (
            len(words) > 4
            or "\n" in text
            or any(mark in text for mark in HARD)
            or self.mentions[a].possessive
        ):
            return ""
        rest = [w for w in words if w not in _LINKS]
        noun = (
            len(rest) == 1
            and "and" in words
            and rest[0] not in self.lexicon.forms
            and rest[0] not in _NO_NOUN
        )
        if rest and not noun:
            return ""
        if {"and", "or"} & set(words):
            return "and"
        return "," if text.strip() in (",", ", the") else ""

    def _preposition(self, mention: int) -> str:
        """Return the preposition before a mention, over articles and adjectives."""
        start = self.ranges[mention][0] - 1
        for i in range(start, max(start - 4, self.first - 1), -1):
            word = self.t.lower[i]
            if i in self.at:
                return ""
            if word in PREPOSITIONS:
                return word
            verb = (
                word in self.lexicon.forms
                and not word.endswith("ing")
                and self.t.lower[i - 1] not in DETERMINERS
            )
            ends = word in AUXILIARY | BOUNDARY | JOINTS or self.t.gap(i) not in (" ", "-", "\n")
            if verb or ends:
                return ""
        return ""


__all__ = ["ADVERBS", "AUXILIARY", "BOUNDARY", "DETERMINERS", "HARD", "JOINTS", "PREPOSITIONS", "Sentence"]
