"""Who is named where? Country modifiers first, then names that the text introduces, then the lists."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from detente.evidence.actors.lists import WORD, Entry, known, words
from detente.evidence.grammar import group
from detente.evidence.records import Document, Span

_STOP = group("stop")
_ADJECTIVES = group("adjectives")
_NOT_VERBS = group("not_verbs")
_PARTICLES = group("particles")
_CALENDAR = group("calendar")
_LINKED = re.compile(
    r"-(?:based|led|linked|backed|born|style|held|occupied|controlled|ruled|run|brokered|made|aligned)\b"
)
_NO_PERSON = group("no_person")
_TITLES = re.compile(
    r"(?:president|premier|minister|chancellor|senator|secretary|general|king|queen|prince|emir|sultan|governor|mayor|ambassador"
    r"|colonel|admiral|judge|congressman|congresswoman|speaker|envoy|commander|chief|leader|elect)s?$",
    re.IGNORECASE,
)
_THINGS = group("things") - frozenset(
    ("authority", "coalition", "commission", "company", "council", "court", "embassy")
)
_QUARTERS = group("quarters")
_OF = frozenset(("of", "in", "from", "for"))
_AMBIGUOUS = group("ambiguous")
OVERRIDES = ("former", "then", "ex", "acting", "elect", "late", "onetime")


@dataclass(slots=True)
class Mention:
    """A stretch of text that names somebody.

    Attributes:
        span: from the country's name or the role noun to the end; of a person the name alone.
        entries: what the name may mean, from the lists.
        sector: that the role nouns give, empty for none.
        person: a name that stands in the text, of a list or introduced there.
        office: the words of the role that a person is introduced with.
        bare: a role noun without a country. weak: an adjective of a country and nothing more.
        override: "former", "then", "acting" and their like beside a name.
    """

    span: Span
    entries: list[Entry] = field(default_factory=list)
    sector: str = ""
    person: str = ""
    office: str = ""
    bare: bool = False
    weak: bool = False
    possessive: bool = False
    override: str = ""


class Tokens:
    """The words of a text with their places."""

    __slots__ = ("lower", "spans", "starts", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans = [m.span() for m in WORD.finditer(text)]
        self.starts = [start for start, _ in self.spans]
        self.words = [text[s:e] for s, e in self.spans]
        self.lower = [w.lower() for w in self.words]

    def gap(self, i: int) -> str:
        """Return what stands between word i and the next."""
        return self.text[self.spans[i][1] : self.spans[i + 1][0]] if i + 1 < len(self.spans) else "\n"

    def joined(self, i: int) -> bool:
        """Tell whether only a blank, a line end, a hyphen or an initial's dot parts word i from the next."""
        gap = self.gap(i)
        return (
            gap in (" ", "-", "\n", " \n")
            or (gap in (". ", ".") and len(self.words[i]) <= 2)
            or gap in ("'", "’")
        )

    def comma(self, i: int) -> bool:
        """Tell whether a comma follows word i, which is none of a number's."""
        gap = self.gap(i)
        return gap.startswith(",") and len(gap) > 1

    def span(self, i: int, j: int) -> Span:
        """Return where words i to j - 1 stand."""
        return Span(self.spans[i][0], self.spans[j - 1][1])


@lru_cache(maxsize=1)  # actors, events and positions of one document ask in turn
def read(document: Document) -> tuple[Tokens, list[Mention]]:
    """Return the words of a document and its mentions in order, also bare role nouns and bare adjectives."""
    tokens = Tokens(document.text)
    found = _Finder(tokens).found
    return tokens, [m for m in found if not any(f.start <= m.span.start < f.end for f in document.furniture)]


class _Finder:
    """One pass over the words of a text."""

    def __init__(self, tokens: Tokens) -> None:
        self.t = tokens
        self.found: list[Mention] = []
        self.introduced: dict[str, Mention] = {}
        names, roles, _ = known()
        i, count = 0, len(tokens.words)
        while i < count:
            word = tokens.words[i]
            hit = self._longest(i, names[word]) if word in names else None
            if hit and hit[1][0].kind == "none":
                i = hit[0]
            elif hit and self._is_name(i, hit[0], hit[1]):
                i = self._named(i, *hit)
            elif tokens.lower[i] in roles and (role := self._roles(i)):
                i = self._role(i, *role)
            else:
                i += 1
        self._later_mentions()
        self.found.sort(key=lambda m: m.span)

    def _longest(
        self, i: int, choices: list[tuple[tuple[str, ...], list[Entry]]]
    ) -> tuple[int, list[Entry]] | None:
        for key, entries in choices:
            size = len(key)
            if tuple(self.t.words[i : i + size]) == key and all(
                self.t.joined(k) for k in range(i, i + size - 1)
            ):
                return i + size, entries
        return None

    def _is_name(self, i: int, end: int, entries: list[Entry]) -> bool:
        """Tell whether a name stands alone: "Michael Jordan" is no country, "Ann Trump" not the president."""
        t, single = self.t, end - i == 1
        if single and (t.words[i] in _AMBIGUOUS or entries[0].kind == "person") and i and t.gap(i - 1) == " ":
            before = t.words[i - 1]
            if before[0].isupper() and not self._known_word(i - 1) and not self._starts(i - 1):
                return False
        if single and t.words[i] in _AMBIGUOUS and end < len(t.words) and t.gap(i) == " ":
            return not (
                t.words[end][0].isupper() and not self._known_word(end) and t.words[end] not in _CALENDAR
            )
        return True

    def _known_word(self, i: int) -> bool:
        names, roles, _ = known()
        return (
            self.t.words[i] in names
            or self.t.lower[i] in roles
            or self.t.lower[i] in (*_ADJECTIVES, *OVERRIDES)
        )

    def _starts(self, i: int) -> bool:
        return i == 0 or any(mark in self.t.gap(i - 1) for mark in '.!?\n“":')

    def _roles(self, i: int) -> tuple[int, str] | None:
        """Return the end and the sector of the role nouns at a word; the first that is no office tells."""
        roles, sector, end = known().roles, "", i
        while end < len(self.t.words) and self.t.lower[end] in roles:
            for key, role in roles[self.t.lower[end]]:
                size = len(key)
                if tuple(self.t.lower[end : end + size]) == key and all(
                    self.t.joined(k) for k in range(end, end + size - 1)
                ):
                    sector = (
                        role if sector in ("", "GOV", "-") or (sector == "GOV" and role != "-") else sector
                    )
                    end += size
                    break
            else:
                break
            if not self.t.joined(end - 1):
                break
        return (end, sector) if sector else None

    def _role_after(self, i: int, modifiers: int) -> tuple[int, str] | None:
        """Return the role nouns that a country's name or adjective modifies."""
        for k in range(i, min(i + modifiers + 1, len(self.t.words))):
            if k > i and not self.t.joined(k - 1):
                return None
            if role := self._roles(k):
                return None if self._compound(k, role[0]) else role
            low = self.t.lower[k]
            verb = low.endswith(("s", "ed", "ing")) and low not in _NOT_VERBS and low not in _ADJECTIVES
            if low in _STOP or verb or low.isdigit() or (modifiers == 1 and low not in _ADJECTIVES):
                return None
        return None

    def _compound(self, k: int, end: int) -> bool:
        """Tell whether a thing in the singular begins a compound: "the Cuban missile crisis"."""
        if self.t.lower[k:end][-1:] and self.t.lower[end - 1] in _THINGS and end < len(self.t.words):
            word = self.t.lower[end]
            single = not self.t.lower[end - 1].endswith("s")
            return (
                single
                and self.t.joined(end - 1)
                and word.isalpha()
                and word not in _STOP
                and not word.endswith("ed")
            )
        return False

    def _named(self, i: int, end: int, entries: list[Entry]) -> int:
        """Take a name of a list with the role noun that follows it, or the person."""
        t, kind = self.t, entries[0].kind
        if kind == "person":
            self.found.append(
                Mention(t.span(i, end), entries, person=entries[0].name, override=self._override(i))
            )
            self.introduced.setdefault(entries[0].name, self.found[-1])
            return end
        if _LINKED.match(t.text, t.spans[end - 1][1]):
            return end
        possessive = end < len(t.words) and t.words[end] == "s" and t.gap(end - 1) in ("'", "’")
        possessive_plural = t.text[t.spans[end - 1][1] : t.spans[end - 1][1] + 2] in ("' ", "’ ")
        after = end + possessive
        mention = Mention(t.span(i, end), entries, possessive=possessive or possessive_plural)
        if after < len(t.words) and (possessive or possessive_plural or t.gap(end - 1) in (" ", "\n", "-")):
            wide = 3 if kind == "demonym" or mention.possessive else 1
            plural = kind == "demonym" and t.words[end - 1].endswith("ns")
            placed = kind in ("seat", "city") and i and t.lower[i - 1] in ("in", "at", "near", "outside")
            plain = (plural and not mention.possessive) or placed
            role = None if plain else self._role_after(after, wide)
            if role and role[1] != "-":
                mention.span, mention.sector = t.span(i, role[0]), role[1]
                mention.possessive = False
                mention.override = self._override(i) or self._within(after, role[0])
                return self._with_person(mention, self._posted(role[0]))
            if role:
                mention.span = t.span(i, role[0])
                after = role[0]
        plural = t.words[end - 1].endswith(("s", "men")) and t.words[end - 1] != "Swiss"
        mention.weak = kind == "demonym" and mention.span.end == t.spans[end - 1][1] and not plural
        self.found.append(mention)
        return max(end, after if mention.span.end != t.spans[end - 1][1] else end)

    def _posted(self, end: int) -> int:
        """Pass over where somebody is posted, if a name follows: "the US commander in Iraq, Ana Lobo"."""
        t, names = self.t, known().names
        if (
            end + 1 < len(t.words)
            and t.lower[end] in ("in", "to", "for")
            and t.joined(end - 1)
            and t.joined(end)
        ):
            hit = self._longest(end + 1, names[t.words[end + 1]]) if t.words[end + 1] in names else None
            if hit and hit[0] < len(t.words) and t.gap(hit[0] - 1) == ", " and t.words[hit[0]][0].isupper():
                return hit[0]
        return end

    def _override(self, i: int) -> str:
        before = self.t.lower[i - 1] if i and self.t.gap(i - 1) in (" ", "-") else ""
        return before if before in OVERRIDES else ""

    def _within(self, i: int, end: int) -> str:
        return next((w for w in self.t.lower[i:end] if w in OVERRIDES), "")

    def _role(self, i: int, end: int, sector: str) -> int:
        """Take a role noun: "of C" gives it a country, a name after it makes a person."""
        t, names = self.t, known().names
        k = end
        override = (
            self._override(i)
            or self._within(i, end)
            or ("elect" if t.lower[end : end + 1] == ["elect"] else "")
        )
        if override == "elect":
            k = end = end + 1
        mention = Mention(
            t.span(i, end), sector="" if sector == "-" else sector, bare=True, override=override
        )
        owned = (
            sector == "MIL" and t.lower[k : k + 1] != ["of"] and t.lower[i - 1 : i] != ["the"]
        )  # "its troops from"
        owned &= bool(
            {"its", "their", "his", "our", "in"} & {*t.lower[max(0, i - 3) : i], *t.lower[k : k + 1]}
        )
        if k + 1 < len(t.words) and t.joined(k - 1) and t.lower[k] in _OF and t.joined(k) and not owned:
            k += 2 if t.lower[k + 1] == "the" else 1
            k += sum(1 for w in t.lower[k : k + 2] if w in _QUARTERS)
            hit = self._longest(k, names[t.words[k]]) if k < len(t.words) and t.words[k] in names else None
            if hit and hit[1][0].kind in ("country", "seat", "city", "organisation", "place", "office"):
                role = self._role_after(hit[0], 1) if t.joined(hit[0] - 1) else None
                if role is None and t.words[hit[0] : hit[0] + 1] != ["s"]:
                    mention = Mention(t.span(i, hit[0]), hit[1], sector=mention.sector, override=override)
                    end = hit[0]
        return self._with_person(mention, end)

    def _with_person(self, mention: Mention, end: int) -> int:
        """Add a mention, of a person where a name follows: "Trade Minister Ana Lobo", "the minister, Ana Lobo"."""
        t, names = self.t, known().names
        mention.office = mention.span.of(t.text)
        comma = end < len(t.words) and t.gap(end - 1) == ", "
        if end < len(t.words) and (comma or t.joined(end - 1)):
            hit = self._longest(end, names[t.words[end]]) if t.words[end] in names else None
            if hit and hit[1][0].kind == "person" and (not comma or self._closed(hit[0])):
                self.found.append(
                    Mention(t.span(end, hit[0]), hit[1], person=hit[1][0].name, override=mention.override)
                )
                self.introduced.setdefault(hit[1][0].name, self.found[-1])
                return hit[0]
            title = (
                self._roles(end) if comma and t.words[end][0].isupper() else None
            )  # "the US commander, General Ana Lobo,"
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
        if not back or t.text[mention.span.start - 6 : mention.span.start].endswith(
            (" for ", " for the ", "r the ", "f the ")
        ):
            self.found.append(mention)
        return end

    def _closed(self, stop: int) -> bool:
        return self.t.text[self.t.spans[stop - 1][1] : self.t.spans[stop - 1][1] + 1] in (
            ",",
            ".",
            ";",
            ")",
            "",
        )

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
        entries = known().names
        return i if last > i and t.words[i] in entries and self._longest(i, entries[t.words[i]]) else last

    def _name_before(self, mention: Mention) -> tuple[int, int] | None:
        """Return the name of which a role is the apposition: "Ana Lobo, the trade minister,"."""
        t = self.t
        k = self._index(mention.span.start)
        steps = 0
        while (
            k > 0
            and steps < 6
            and t.gap(k - 1) == " "
            and (t.lower[k - 1] in ("a", "an", "the", "for", "of") or steps)
        ):
            k, steps = k - 1, steps + 1
            if t.gap(k - 1) == ", ":
                break
        if k < 2 or t.gap(k - 1) != ", " or not self._closed(self._index(mention.span.end) or len(t.words)):
            return None
        start = k - 1
        if not t.words[start][0].isupper():
            return None
        while (
            start > 0
            and t.joined(start - 1)
            and (t.words[start - 1][0].isupper() or t.words[start - 1] in _PARTICLES)
        ):
            start -= 1
        while start < k and (
            self._known_word(start) or t.words[start] in _CALENDAR or t.words[start] in _PARTICLES
        ):
            start += 1
        return (start, k) if k - start >= 2 and not _NO_PERSON.intersection(t.words[start:k]) else None

    def _index(self, place: int) -> int:
        """Return the first word that begins at or after a place."""
        low, high = 0, len(self.t.spans)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.t.spans[middle][0] < place else (low, middle)
        return low

    def _introduce(self, mention: Mention, start: int, stop: int) -> int:
        span = self.t.span(start, stop)
        name = " ".join(span.of(self.t.text).split())
        person = Mention(
            span,
            mention.entries,
            mention.sector,
            person=name,
            office=mention.office,
            override=mention.override,
        )
        self.found.append(person)
        self.introduced.setdefault(name, person)
        return stop

    def _later_mentions(self) -> None:
        """Join bare surnames to the people whom the text introduced; a surname of two is left to both."""
        t, taken = self.t, {m.span.start for m in self.found}
        full = {m.person for m in self.found if m.person and " " in m.span.of(t.text)}
        for mention in self.found:
            chosen = [e for e in mention.entries if e.kind == "person" and e.name in full]
            if len(mention.entries) > 1 and len(chosen) == 1:
                mention.entries, mention.person = chosen, chosen[0].name
        ends = sorted(m.span for m in self.found)
        surnames: dict[str, list[Mention]] = {}
        for name, person in self.introduced.items():
            surnames.setdefault(words(name)[-1], []).append(person)
        covered = {place for start, end in ends for place in range(start, end)}
        for i, word in enumerate(t.words):
            owners = surnames.get(word)
            if not owners or t.spans[i][0] in taken or t.spans[i][0] in covered:
                continue
            before = i and t.gap(i - 1) == " " and t.words[i - 1][0].isupper() and not self._starts(i - 1)
            if before and not self._known_word(i - 1):
                continue
            first = owners[0]
            entries = [e for o in owners for e in o.entries] if len(owners) > 1 else first.entries
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


__all__ = ["Mention", "Tokens", "read"]
