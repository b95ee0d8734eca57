"""Who is named where? Country modifiers first, then names that the text introduces, then the lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from detente.evidence.actors.lists import Entry, known
from detente.evidence.actors.people import CALENDAR, STOP, People
from detente.evidence.actors.words import ADJECTIVES, Mention, Tokens
from detente.evidence.grammar import group
from detente.evidence.records import Document

_LINKED = re.compile(
    r"-(?:based|led|linked|backed|born|style|held|occupied|controlled|ruled|run|brokered|made|aligned)\b"
)
_NOT_VERBS, _QUARTERS, _AMBIGUOUS = group("not_verbs"), group("quarters"), group("ambiguous")
_WEAPONS = group("weapons")
_OF = frozenset(("of", "in", "from", "for", "throughout", "across"))
_OWNERS = {"its", "their", "his", "our"}
_PLACED = ("country", "seat", "city", "organisation", "place", "office")


_PART = 1_000_000
"""Characters that are held as words at a time."""


def read(document: Document) -> Iterator[tuple[Tokens, list[Mention]]]:
    """Yield the words and the mentions of a document in order, also bare role nouns and bare adjectives.

    A document of over a million characters comes in parts, cut at line ends; whom one part introduces is known
    in those after it.
    """
    if len(document.text) <= _PART:
        yield _whole(document)
        return
    text, start = document.text, 0
    introduced: dict[str, Mention] = {}
    while start < len(text):
        cut = text.rfind("\n", start + 1, start + _PART) + 1 if start + _PART < len(text) else len(text)
        end = cut or min(len(text), text.find(" ", start + _PART, start + _PART + 100) + 1 or start + _PART)
        yield _part(document, Tokens(text, start, end), introduced)
        start = end


@lru_cache(maxsize=1)  # actors, events and positions of one document ask in turn
def _whole(document: Document) -> tuple[Tokens, list[Mention]]:
    return _part(document, Tokens(document.text), {})


def _part(document: Document, tokens: Tokens, introduced: dict[str, Mention]) -> tuple[Tokens, list[Mention]]:
    found = _Finder(tokens, introduced).read()
    return tokens, [m for m in found if not any(f.start <= m.span.start < f.end for f in document.furniture)]


class _Finder(People):
    """One pass over the words of a text."""

    def read(self) -> list[Mention]:
        """Return every mention."""
        i, (names, roles, _) = 0, known()
        words, lower = self.t.words, self.t.lower
        while i < len(words):
            hit = self.named_at(i) if words[i] in names else None
            role = self.roles_at(i) if lower[i] in roles else None
            if hit is None and role is None:
                i += 1
            elif hit and hit[1][0].kind == "none":
                i = hit[0]
            elif hit and self._is_name(i, *hit):
                i = self._named(i, *hit)
            elif role:
                i = self._role(i, *role)
            else:
                i += 1
        self.join_surnames()
        return sorted(self.found, key=lambda m: m.span)

    def _is_name(self, i: int, end: int, entries: list[Entry]) -> bool:
        """Tell whether a name stands alone: "Michael Jordan" is no country, "Ann Trump" not the president."""
        t, doubtful = self.t, self.t.words[i] in _AMBIGUOUS
        if end - i > 1 or not (doubtful or entries[0].kind == "person"):
            return True
        if (
            i
            and t.gap(i - 1) == " "
            and t.words[i - 1][0].isupper()
            and not (self.is_known(i - 1) or self.opens(i - 1))
        ):
            return False
        follows = end < len(t.words) and t.gap(i) == " " and t.words[end][0].isupper()
        return not (doubtful and follows) or self.is_known(end) or t.words[end] in CALENDAR

    def _role_after(self, i: int, modifiers: int) -> tuple[int, str] | None:
        """Return the role nouns that a country's name or adjective modifies."""
        for k in range(i, min(i + modifiers + 1, len(self.t.words))):
            if k > i and not self.t.joined(k - 1):
                return None
            if role := self.roles_at(k):
                return None if self._compound(role[0]) else role
            low = self.t.lower[k]
            verb = low.endswith(("s", "ed", "ing")) and low not in _NOT_VERBS and low not in ADJECTIVES
            if low in STOP or verb or low.isdigit() or (modifiers == 1 and low not in ADJECTIVES):
                return None
        return None

    def _compound(self, end: int) -> bool:
        """Tell whether a weapon in the singular begins a compound: "the Cuban missile crisis"."""
        if end >= len(self.t.words) or self.t.lower[end - 1] not in _WEAPONS or not self.t.joined(end - 1):
            return False
        word = self.t.lower[end]
        return word.isalpha() and word not in STOP and not word.endswith("ed")

    def _named(self, i: int, end: int, entries: list[Entry]) -> int:
        """Take a name of a list with the role noun that follows it, or the person."""
        t, kind = self.t, entries[0].kind
        if kind == "person":
            return self.add_listed(self.override(i), i, end, entries)
        stop = t.spans[end - 1][1]
        if _LINKED.match(t.text, stop):
            return end
        owner = end < len(t.words) and t.words[end] == "s" and t.gap(end - 1) in ("'", "’")
        mention = Mention(
            t.span(i, end), entries, possessive=owner or t.text[stop : stop + 2] in ("' ", "’ ")
        )
        after, people = end + owner, kind == "demonym" and t.words[end - 1].endswith(("s", "men"))
        people &= t.words[end - 1] != "Swiss"
        placed = kind in ("seat", "city") and i and t.lower[i - 1] in ("in", "at", "near", "outside")
        plain = placed or (people and not mention.possessive and t.words[end - 1].endswith("ns"))
        if not plain and (
            mention.possessive or (after < len(t.words) and t.gap(end - 1) in (" ", "\n", "-"))
        ):
            role = self._role_after(after, 3 if kind == "demonym" or mention.possessive else 1)
            if role:
                mention.span, mention.possessive = t.span(i, role[0]), False
                mention.sector = role[1].strip("-")
                mention.override = self.override(i) or self.override_in(after, role[0])
                if mention.sector:
                    return self.add(mention, self._posted(role[0]))
                end = role[0]
        mention.weak = kind == "demonym" and mention.span.end == stop and not people
        self.found.append(mention)
        return end

    def _posted(self, end: int) -> int:
        """Pass over where somebody is posted, if a name follows: "the US commander in Iraq, Ana Lobo"."""
        t = self.t
        if (
            end + 1 < len(t.words)
            and t.lower[end] in ("in", "to", "for")
            and t.joined(end - 1)
            and t.joined(end)
        ):
            hit = self.named_at(end + 1)
            if hit and hit[0] < len(t.words) and t.gap(hit[0] - 1) == ", " and t.words[hit[0]][0].isupper():
                return hit[0]
        return end

    def _role(self, i: int, end: int, sector: str) -> int:
        """Take a role noun: "of C" gives it a country, a name after it makes a person."""
        t = self.t
        override = self.override(i) or self.override_in(i, end)
        if t.lower[end : end + 1] == ["elect"]:
            end, override = end + 1, "elect"
        mention = Mention(t.span(i, end), sector=sector.strip("-"), bare=True, override=override)
        # "its troops from Chad": where they are, not whose they are
        away = sector == "MIL" and t.lower[end : end + 1] != ["of"] and t.lower[i - 1 : i] != ["the"]
        away &= bool(_OWNERS.intersection(t.lower[max(0, i - 3) : i]))
        if (
            end + 1 < len(t.words)
            and t.joined(end - 1)
            and t.lower[end] in _OF
            and t.joined(end)
            and not away
        ):
            k = end + (2 if t.lower[end + 1] == "the" else 1)
            k += sum(1 for w in t.lower[k : k + 2] if w in _QUARTERS)
            hit = self.named_at(k)
            owned = hit and hit[1][0].kind in _PLACED and t.words[hit[0] : hit[0] + 1] != ["s"]
            if hit and owned and not (t.joined(hit[0] - 1) and self._role_after(hit[0], 1)):
                mention = Mention(t.span(i, hit[0]), hit[1], sector=mention.sector, override=override)
                end = hit[0]
        if mention.bare and t.lower[end : end + 1] in (["of"], ["at"]):
            far, entries = self._of_something(end)
            if far > end and self.is_person(far):
                mention.entries = entries
                return self.add(mention, far)
        return self.add(mention, end)

    def _of_something(self, end: int) -> tuple[int, list[Entry]]:
        """Pass over what a role is of, up to a comma: "the chief of Kenya's largest bank, Ana Lobo"."""
        t, entries = self.t, list[Entry]()
        for k in range(end, min(end + 9, len(t.words) - 1)):
            if not entries and (hit := self.named_at(k)) and hit[1][0].kind in (*_PLACED, "demonym"):
                entries = hit[1]
            if t.gap(k) == ", ":
                return k + 1, entries
            if not t.joined(k):
                break
        return end, entries


__all__ = ["Mention", "Tokens", "read"]
