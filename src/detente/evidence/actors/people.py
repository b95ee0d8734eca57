"""Whom does a text introduce? Names beside an office, and bare surnames later on."""

from __future__ import annotations

import re
from bisect import bisect_left

from detente.evidence.actors.lists import Entry, words
from detente.evidence.actors.words import Lookup, Mention
from detente.evidence.grammar import group

STOP, CALENDAR = group("stop"), group("calendar")
_PARTICLES, _NO_PERSON = group("particles"), group("no_person")
_TITLES = re.compile(
    r"(?:president|premier|minister|chancellor|senator|secretary|general|king|queen|prince|emir|sultan|governor|mayor"
    r"|ambassador|colonel|admiral|judge|congressman|congresswoman|speaker|envoy|commander|chief|leader|elect)s?$",
    re.IGNORECASE,
)
_OFFICE_OF = re.compile(r"\b(?:for|of)\s(?:the\s)?\Z")


class People(Lookup):
    """Names of people in the words of a text."""

    def add(self, mention: Mention, end: int) -> int:
        """Add a mention, of a person where a name follows: "Trade Minister Ana Lobo", "the minister, Ana Lobo"."""
        t = self.t
        mention.office = mention.span.of(t.text)
        comma = end < len(t.words) and t.gap(end - 1) == ", "
        if end < len(t.words) and (comma or t.joined(end - 1)):
            hit = self.named_at(end)
            if hit and hit[1][0].kind == "person" and (not comma or self._closed(hit[0])):
                return self.add_listed(mention.override, end, *hit)
            title = (
                self.roles_at(end) if comma and t.words[end][0].isupper() else None
            )  # ", General Ana Lobo,"
            end = title[0] if title and t.joined(title[0] - 1) else end
            stop = self._sequence(end)
            enough = 1 if not comma and _TITLES.search(mention.office) else 2
            if stop - end >= enough and (not comma or self._closed(stop)) and not hit:
                return self._introduce(mention, end, stop)
        last = self.found[-1] if self.found else None
        if (
            last
            and last.person
            and t.text[last.span.end : mention.span.start] in (", ", ", the ", ", a ", ", an ")
        ):
            return end  # the office of a person of the lists
        back = self._name_before(mention)
        if back:
            self._introduce(mention, *back)
        if not back or _OFFICE_OF.search(t.text[max(0, mention.span.start - 9) : mention.span.start]):
            self.found.append(mention)
        return end

    def add_listed(self, override: str, i: int, end: int, entries: list[Entry]) -> int:
        """Add a person of the lists."""
        person = Mention(self.t.span(i, end), entries, person=entries[0].name, override=override)
        self.found.append(person)
        self.introduced.setdefault(person.person, person)
        return end

    def is_person(self, i: int) -> bool:
        """Tell whether a name of somebody stands between a comma and the next mark."""
        hit, stop = self.named_at(i), self._sequence(i)
        listed = hit is not None and hit[1][0].kind == "person" and self._closed(hit[0])
        return listed or (hit is None and stop - i >= 2 and self._closed(stop))

    def _closed(self, stop: int) -> bool:
        after = self.t.spans[stop - 1][1]
        return self.t.text[after : after + 1] in (",", ".", ";", ")", "")

    def _sequence(self, i: int) -> int:
        """Return where a sequence of capitalised words ends that may be a name."""
        t, k, last = self.t, i, i
        while k < len(t.words) and k < i + 6:
            word = t.words[k]
            if word in _NO_PERSON or (word[0].isupper() and t.lower[k] in STOP):
                return i
            if word[0].isupper() and word not in CALENDAR and (len(word) == 1 or not word.isupper()):
                last = k + 1
            elif word not in _PARTICLES or k == i:
                break
            k += 1
            if not t.joined(k - 1) or t.gap(k - 1) in ("'", "’", "\n"):
                break
        return i if last > i and self.named_at(i) else last

    def _name_before(self, mention: Mention) -> tuple[int, int] | None:
        """Return the name of which a role is the apposition: "Ana Lobo, the trade minister,"."""
        t = self.t
        k = start = bisect_left(t.starts, mention.span.start)
        while k > 0 and start - k < 6 and t.gap(k - 1) == " ":
            if k == start and t.lower[k - 1] not in ("a", "an", "the", "for", "of"):
                break
            k -= 1
            if t.gap(k - 1) == ", ":
                break
        ends = bisect_left(t.starts, mention.span.end) or len(t.words)
        if k < 2 or t.gap(k - 1) != ", " or not self._closed(ends) or not t.words[k - 1][0].isupper():
            return None
        first = k - 1
        while (
            first > 0
            and t.joined(first - 1)
            and (t.words[first - 1][0].isupper() or t.words[first - 1] in _PARTICLES)
        ):
            first -= 1
        while first < k and (
            self.is_known(first) or t.words[first] in CALENDAR or t.words[first] in _PARTICLES
        ):
            first += 1
        return (first, k) if k - first >= 2 and not _NO_PERSON.intersection(t.words[first:k]) else None

    def _introduce(self, mention: Mention, start: int, stop: int) -> int:
        span = self.t.span(start, stop)
        name = " ".join(span.of(self.t.text).split())
        m = mention
        person = Mention(span, m.entries, m.sector, person=name, office=m.office, override=m.override)
        self.found.append(person)
        self.introduced.setdefault(name, person)
        return stop

    def join_surnames(self) -> None:
        """Add bare surnames of people whom the text introduced; one of two people is left to both."""
        t = self.t
        full = {m.person for m in self.found if m.person and " " in m.span.of(t.text)}
        for mention in self.found:  # "Clinton" is the one that is named in full
            chosen = [e for e in mention.entries if e.kind == "person" and e.name in full]
            if len(mention.entries) > 1 and len(chosen) == 1:
                mention.entries, mention.person = chosen, chosen[0].name
        covered = {place for m in self.found for place in range(*m.span)}
        owners: dict[str, list[Mention]] = {}
        for name, person in self.introduced.items():
            owners.setdefault(words(name)[-1], []).append(person)
        for i, word in enumerate(t.words):
            if word not in owners or t.spans[i][0] in covered:
                continue
            forename = i and t.gap(i - 1) == " " and t.words[i - 1][0].isupper() and not self.opens(i - 1)
            if forename and not self.is_known(i - 1):
                continue
            first, entries = owners[word][0], [e for owner in owners[word] for e in owner.entries]
            self.found.append(
                Mention(
                    t.span(i, i + 1),
                    entries,
                    first.sector,
                    first.person,
                    first.office,
                    override=first.override,
                )
            )


__all__ = ["CALENDAR", "STOP", "People"]
