"""Who is named where? Country modifiers first, then names that the text introduces, then the lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from detente.evidence.actors.lists import Entry, known
from detente.evidence.lists import group
from detente.evidence.records import Document, Span
from detente.evidence.table import WORD, Table, tables

_ADJECTIVES, _STOP, _CALENDAR = group("adjectives"), group("stop"), group("calendar")
_PARTICLES, _NO_PERSON = group("particles"), group("no_person")
_NOT_VERBS, _AMBIGUOUS, _TITLES = group("not_verbs"), group("ambiguous"), group("titles")
_OVERRIDES = ("former", "then", "ex", "acting", "elect", "late", "onetime")
_OF = frozenset(("of", "in", "from", "for", "throughout", "across"))
_PLACED = ("country", "seat", "city", "organisation", "place", "office")
_WEAPONS = ("missile", "tank", "drone", "jet", "helicopter", "aircraft", "submarine", "warship", "fleet")
_LINKED = re.compile(
    r"-(?:based|led|linked|backed|born|style|held|occupied|controlled|ruled|run|brokered|made)\b"
)
_OFFICE_OF = re.compile(r"\b(?:for|of)\s(?:the\s)?\Z")


def read(document: Document) -> Iterator[tuple[Table, list[Mention]]]:
    """Yield the tables of a document with their mentions in order, also bare role nouns and bare adjectives.

    Whom one part of a long document introduces is known in those after it.
    """
    introduced: dict[str, Mention] = {}
    for table in tables(document):
        whole = table.part == (0, len(document.text))
        yield table, _whole(table) if whole else _Finder(table, introduced).read()


@lru_cache(maxsize=1)  # actors, events and positions of one document ask in turn
def _whole(table: Table) -> list[Mention]:
    return _Finder(table, {}).read()


@dataclass(slots=True)
class Mention:
    """A stretch of text that names somebody."""

    span: Span  # from the country's name or the role noun to the end; of a person the name alone
    entries: list[Entry] = field(default_factory=list)  # what the name may mean, from the lists
    sector: str = ""  # that the role nouns give, empty for none
    person: str = ""  # a name that stands in the text, of a list or introduced there
    office: str = ""  # the words of the role that a person is introduced with
    bare: bool = False  # a role noun without a country
    weak: bool = False  # an adjective of a country and nothing more
    possessive: bool = False
    override: str = ""  # "former", "then", "acting" and their like beside a name


class _Finder:
    """One pass over the words of a text: what the lists know at each, and whom the text introduces."""

    def __init__(self, table: Table, introduced: dict[str, Mention]) -> None:
        self.t = table
        self.found: list[Mention] = []
        self.introduced = introduced

    def read(self) -> list[Mention]:
        """Return every mention."""
        names, roles, end = known().names, known().roles, 0
        pairs = enumerate(zip(self.t.words, self.t.lower, strict=True))
        for i in [i for i, (word, low) in pairs if word in names or low in roles]:
            if i < end:
                continue
            hit, role = self.named_at(i), self.roles_at(i)
            if hit and hit[1][0].kind == "none":
                end = hit[0]
            elif hit and self._is_name(i, *hit):
                end = self._named(i, *hit)
            elif role:
                end = self._role(i, *role)
        self.join_surnames()
        return sorted(self.found, key=lambda m: m.span)

    def _are(self, i: int, key: tuple[str, ...], held: list[str]) -> bool:
        """Tell whether the words from i on are those of a key, joined."""
        end = i + len(key)
        return tuple(held[i:end]) == key and all(self.t.joined(k) for k in range(i, end - 1))

    def _is_name(self, i: int, end: int, entries: list[Entry]) -> bool:
        """Tell whether a name stands alone: "Michael Jordan" is no country, "Ann Trump" not the president."""
        t, doubtful = self.t, self.t.words[i] in _AMBIGUOUS
        if end - i > 1 or not (doubtful or entries[0].kind == "person"):
            return True
        forename = i and t.gap(i - 1) == " " and t.words[i - 1][0].isupper()
        if forename and not (self.is_known(i - 1) or self.opens(i - 1)):
            return False
        follows = end < len(t.words) and t.gap(i) == " " and t.words[end][0].isupper()
        return not (doubtful and follows) or self.is_known(end) or t.words[end] in _CALENDAR

    def _role_after(self, i: int, modifiers: int) -> tuple[int, str] | None:
        """Return the role nouns that a country's name or adjective modifies."""
        for k in range(i, min(i + modifiers + 1, len(self.t.words))):
            if role := self.roles_at(k):
                after = self.t.lower[role[0] : role[0] + 1]  # "the Cuban missile crisis" is not about an army
                part = self.t.lower[role[0] - 1] in _WEAPONS and after and self.t.joined(role[0] - 1)
                return None if part and after[0] not in _STOP and not after[0].endswith("ed") else role
            low = self.t.lower[k]
            other = low not in _ADJECTIVES
            verb = low.endswith(("s", "ed", "ing")) and low not in _NOT_VERBS and other
            if low in _STOP or verb or low.isdigit() or (modifiers == 1 and other) or not self.t.joined(k):
                return None
        return None

    def _named(self, i: int, end: int, entries: list[Entry]) -> int:
        """Take a name of a list with the role noun that follows it, or the person."""
        t, kind = self.t, entries[0].kind
        if kind == "person":
            return self.add_listed(self.override(i, i), i, end, entries)
        stop = t.spans[end - 1][1]
        owner = end < len(t.words) and t.words[end] == "s" and t.gap(end - 1) in ("'", "’")
        mention = Mention(
            t.span(i, end), entries, possessive=owner or t.text[stop : stop + 2] in ("' ", "’ ")
        )
        after, people = end + owner, kind == "demonym" and t.words[end - 1].endswith(("s", "men"))
        placed = kind in ("seat", "city") and i and t.lower[i - 1] in ("in", "at", "near", "outside")
        plain = placed or (people and not mention.possessive and t.words[end - 1].endswith("ns"))
        if not plain and (
            mention.possessive or (after < len(t.words) and t.gap(end - 1) in (" ", "\n", "-"))
        ):
            role = self._role_after(after, 3 if kind == "demonym" or mention.possessive else 1)
            if role:
                mention.span, mention.possessive = t.span(i, role[0]), False
                mention.sector = role[1].strip("-")
                mention.override = self.override(i, role[0])
                if mention.sector:
                    return self.add(mention, self._tail(role[0])[0])
                end = role[0]
        linked = _LINKED.match(t.text, stop)  # "a Moscow-based bank"
        mention.weak = (kind == "demonym" and mention.span.end == stop and not people) or bool(linked)
        self.found.append(mention)
        return end

    def _role(self, i: int, end: int, sector: str) -> int:
        """Take a role noun: "of C" gives it a country, a name after it makes a person."""
        t = self.t
        override = self.override(i, end)
        if t.lower[end : end + 1] == ["elect"]:
            end, override = end + 1, "elect"
        mention = Mention(t.span(i, end), sector=sector.strip("-"), bare=True, override=override)
        away = sector == "MIL" and not {"its", "their", "his", "our"}.isdisjoint(t.lower[max(0, i - 3) : i])
        if end + 1 < len(t.words) and t.joined(end - 1) and t.lower[end] in _OF and not away:
            hit = self.named_at(end + (2 if t.lower[end + 1] == "the" else 1))
            owned = hit and hit[1][0].kind in _PLACED and t.words[hit[0] : hit[0] + 1] != ["s"]
            if hit and owned and not (t.joined(hit[0] - 1) and self._role_after(hit[0], 1)):
                mention = Mention(t.span(i, hit[0]), hit[1], sector=mention.sector, override=override)
                end = hit[0]
        if mention.bare:
            end, mention.entries = self._tail(end)
        return self.add(mention, end)

    def _tail(self, end: int) -> tuple[int, list[Entry]]:
        """Pass over what a role is of, up to a comma and a name: "the chief of Kenya's largest bank, Ana Lobo"."""
        t, entries = self.t, list[Entry]()
        if t.lower[end : end + 1] in (["of"], ["at"], ["in"], ["to"], ["for"]):
            for k in range(end, min(end + 9, len(t.words) - 1)):
                if not entries and (hit := self.named_at(k)) and hit[1][0].kind in (*_PLACED, "demonym"):
                    entries = hit[1]
                if t.gap(k) == ", " and self.is_person(k + 1):
                    return k + 1, entries
                if not t.joined(k):
                    break
        return end, []

    def named_at(self, i: int) -> tuple[int, list[Entry]] | None:
        """Return the end and the entries of the longest name of the lists that begins at a word."""
        choices = known().names.get(self.t.words[i], ()) if i < len(self.t.words) else ()
        return next(((i + len(key), held) for key, held in choices if self._are(i, key, self.t.words)), None)

    def roles_at(self, i: int) -> tuple[int, str] | None:
        """Return the end and the sector of the role nouns at a word; the first that is no office tells."""
        sector, end = "", i
        while end < len(self.t.words) and (end == i or self.t.joined(end - 1)):
            choices = known().roles.get(self.t.lower[end], ())
            found = next(((len(k), role) for k, role in choices if self._are(end, k, self.t.lower)), None)
            if found is None:
                break
            sector = found[1] if sector in ("", "-") or (sector == "GOV" and found[1] != "-") else sector
            end += found[0]
        return (end, sector) if sector else None

    def is_known(self, i: int) -> bool:
        """Tell whether a word begins a name or a role of the lists, or modifies one."""
        low = self.t.lower[i]
        listed = self.t.words[i] in known().names or low in known().roles
        return listed or low in _ADJECTIVES or low in _OVERRIDES

    def opens(self, i: int) -> bool:
        """Tell whether a word begins a sentence or a quotation, where everything has a capital."""
        return i == 0 or (self.t.gap(i - 1) != " " and any(mark in self.t.gap(i - 1) for mark in '.!?\n“":'))

    def override(self, i: int, end: int) -> str:
        """Return "former" and its like before or among some words."""
        near = self.t.lower[i - 1 if i and self.t.gap(i - 1) in (" ", "-") else i : end]
        return next((word for word in near if word in _OVERRIDES), "")

    def add(self, mention: Mention, end: int) -> int:
        """Add a mention, of a person where a name follows: "Trade Minister Ana Lobo", "the minister, Ana Lobo"."""
        t = self.t
        mention.office = mention.span.of(t.text)
        comma = t.gap(end - 1) == ", "
        if end < len(t.words) and (comma or t.joined(end - 1)):
            hit = self.named_at(end)
            if hit and hit[1][0].kind == "person" and (not comma or self._closed(hit[0])):
                return self.add_listed(mention.override, end, *hit)
            title = self.roles_at(end) if comma and t.words[end][0].isupper() else None
            end = title[0] if title and t.joined(title[0] - 1) else end  # ", General Ana Lobo,"
            stop = self._sequence(end)
            enough = 1 if not comma and mention.office.lower().split()[-1].removesuffix("s") in _TITLES else 2
            if stop - end >= enough and (not comma or self._closed(stop)) and not hit:
                return self._introduce(mention, end, stop)
        last, start = self.found[-1] if self.found else None, mention.span.start
        if last and last.person and t.text[last.span.end : start] in (", ", ", the ", ", a ", ", an "):
            return end  # the office of a person of the lists
        back = self._name_before(mention)
        if back:
            self._introduce(mention, *back)
        if not back or _OFFICE_OF.search(t.text[max(0, start - 9) : start]):
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
        return hit[1][0].kind == "person" if hit else stop - i >= 2 and self._closed(stop)

    def _closed(self, stop: int) -> bool:
        after = self.t.spans[stop - 1][1]
        return self.t.text[after : after + 1] in (",", ".", ";", ")", "")

    def _sequence(self, i: int) -> int:
        """Return where a sequence of capitalised words ends that may be a name."""
        t, k, last = self.t, i, i
        while k < len(t.words) and k < i + 6:
            word = t.words[k]
            if word in _NO_PERSON or (word[0].isupper() and t.lower[k] in _STOP):
                return i
            if word[0].isupper() and word not in _CALENDAR and (len(word) == 1 or not word.isupper()):
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
        start, end = t.within(mention.span)
        k = next((k for k in range(start, max(0, start - 6), -1) if t.gap(k - 1) != " "), 0)
        led = k == start or t.lower[start - 1] in ("a", "an", "the", "for", "of")
        if k < 2 or not led or t.gap(k - 1) != ", " or not self._closed(end):
            return None
        first = k
        while first > 0 and (first == k or t.joined(first - 1)):
            word = t.words[first - 1]
            named = word[0].isupper() and word not in _CALENDAR and not self.is_known(first - 1)
            if not named and word not in _PARTICLES:
                break
            first -= 1
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
            owners.setdefault(WORD.findall(name)[-1], []).append(person)
        for i, word in enumerate(t.words) if owners else ():
            if word not in owners or t.starts[i] in covered:
                continue
            forename = i and t.gap(i - 1) == " " and t.words[i - 1][0].isupper() and not self.opens(i - 1)
            if forename and not self.is_known(i - 1):
                continue
            first, entries = owners[word][0], [e for owner in owners[word] for e in owner.entries]
            person = replace(
                first, span=t.span(i, i + 1), entries=entries, bare=False, weak=False, possessive=False
            )
            self.found.append(person)
