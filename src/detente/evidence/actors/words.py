"""The words of a text, what stands in the lists at each, and what a mention is."""

from __future__ import annotations

from dataclasses import dataclass, field

from detente.evidence.actors.lists import WORD, Entry, known
from detente.evidence.grammar import group
from detente.evidence.records import Span

ADJECTIVES = group("adjectives")
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
    """The words of a part of a text with their places in the whole."""

    __slots__ = ("gaps", "lower", "part", "spans", "starts", "text", "words")

    def __init__(self, text: str, start: int = 0, end: int | None = None) -> None:
        self.text, self.part = text, Span(start, len(text) if end is None else end)
        self.spans = [m.span() for m in WORD.finditer(text, *self.part)]
        self.starts = [start for start, _ in self.spans]
        self.words = [text[s:e] for s, e in self.spans]
        self.lower = [*map(str.lower, self.words)]
        self.gaps = [text[e:s] for (_, e), s in zip(self.spans, self.starts[1:], strict=False)]
        self.gaps.append("\n")

    def gap(self, i: int) -> str:
        """Return what stands between word i and the next."""
        return self.gaps[i] if i < len(self.gaps) else "\n"

    def comma(self, i: int) -> bool:
        """Tell whether a comma follows word i, which is none of a number's."""
        gap = self.gap(i)
        return len(gap) > 1 and gap[0] == ","

    def joined(self, i: int) -> bool:
        """Tell whether only a blank, a line end, a hyphen or an initial's dot parts word i from the next."""
        gap = self.gap(i)
        return (
            gap == " "
            or gap in ("-", "\n", " \n", "'", "’")
            or (gap in (". ", ".") and len(self.words[i]) <= 2)
        )

    def span(self, i: int, j: int) -> Span:
        """Return where words i to j - 1 stand."""
        return Span(self.spans[i][0], self.spans[j - 1][1])

    def are(self, i: int, key: tuple[str, ...], *, lower: bool = False) -> bool:
        """Tell whether the words from i on are those of a key, joined."""
        end = i + len(key)
        held = self.lower if lower else self.words
        return tuple(held[i:end]) == key and all(self.joined(k) for k in range(i, end - 1))


class Lookup:
    """What the lists know at each word."""

    def __init__(self, tokens: Tokens, introduced: dict[str, Mention]) -> None:
        self.t = tokens
        self.found: list[Mention] = []
        self.introduced = introduced

    def named_at(self, i: int) -> tuple[int, list[Entry]] | None:
        """Return the end and the entries of the longest name of the lists that begins at a word."""
        choices = known().names.get(self.t.words[i], ()) if i < len(self.t.words) else ()
        return next(((i + len(key), entries) for key, entries in choices if self.t.are(i, key)), None)

    def roles_at(self, i: int) -> tuple[int, str] | None:
        """Return the end and the sector of the role nouns at a word; the first that is no office tells."""
        sector, end = "", i
        while end < len(self.t.words) and (end == i or self.t.joined(end - 1)):
            choices = known().roles.get(self.t.lower[end], ())
            found = next(((len(k), role) for k, role in choices if self.t.are(end, k, lower=True)), None)
            if found is None:
                break
            sector = found[1] if sector in ("", "-") or (sector == "GOV" and found[1] != "-") else sector
            end += found[0]
        return (end, sector) if sector else None

    def is_known(self, i: int) -> bool:
        """Tell whether a word begins a name or a role of the lists, or modifies one."""
        low = self.t.lower[i]
        return (
            self.t.words[i] in known().names or low in known().roles or low in ADJECTIVES or low in OVERRIDES
        )

    def opens(self, i: int) -> bool:
        """Tell whether a word begins a sentence or a quotation, where everything has a capital."""
        return i == 0 or (self.t.gap(i - 1) != " " and any(mark in self.t.gap(i - 1) for mark in '.!?\n“":'))

    def override(self, i: int) -> str:
        """Return "former" and its like before a word."""
        before = self.t.lower[i - 1] if i and self.t.gap(i - 1) in (" ", "-") else ""
        return before if before in OVERRIDES else ""

    def override_in(self, i: int, end: int) -> str:
        """Return "former" and its like among some words."""
        return next((w for w in self.t.lower[i:end] if w in OVERRIDES), "")


__all__ = ["ADJECTIVES", "Lookup", "Mention", "Tokens"]
