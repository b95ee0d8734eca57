"""Which case do these documents ask for? A skeleton: who, on what, with the words; every number left to be judged.

1. Whoever holds a position or speaks is an actor; mentions with one code, or of one name, are one.
2. Positions and statements are put together into issues by the content words that they share, rarer words first,
   and named by their own words.
3. Each holder's stance on an issue cites its statements, with position and hash; what the wording says of the
   direction stands as a comment, and so do red lines that it hints at. Position, salience and influence are ``?``.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from detente.case.text import slug
from detente.errors import OptionError
from detente.evidence.exports import said, who, words
from detente.evidence.held import Held
from detente.evidence.lists import rows
from detente.evidence.lists import words as listed
from detente.evidence.records import Actor, Conditional, Document, Position, Span, Statement
from detente.evidence.trail import pinned, whole

MOST_ISSUES = 12
MOST_NOTES = 40
LONGEST = 110
"""Characters of a quotation in a comment."""
SHARED = 0.34
"""Of the content words of the shorter of two, weighed by rarity, that make them one issue."""
VAGUE = frozenset(
    ["give", "given", "lead", "leader", "leaders", "make", "makes", "many", "much", "take", "things", "way"]
)
_WORD = re.compile(r"[^\W\d_][\w’'-]{2,}")
_RED = re.compile(
    r"\b(must|never|cannot|rule[sd]? out|will not|won[’']t|unacceptable|red line|under no)\b", re.IGNORECASE
)
_ENDING = re.compile(r"(?:’s|'s|ations?|ings?|ments?|ed|es|s|al|ial|ly)$")


@dataclass(slots=True)
class Party:
    """An actor of the draft."""

    id: str
    name: str
    country: str | None
    said: int = 0


@dataclass(slots=True)
class Theme:
    """An issue of the draft: what is said on it, and by whom."""

    items: list[Held]
    words: Counter[str]
    by: dict[str, list[Held]] = field(default_factory=dict)


def draft(documents: Sequence[Document], held: Iterable[Held], title: str, *, quotes: bool = True) -> str:
    """Return the text of a case file.

    Args:
        documents: of which it is made; each becomes a source.
        held: what was found in them; rejected and lost records are left out.
        title: of the case.
        quotes: whether comments quote the documents.

    Raises:
        OptionError: nobody in the documents says or wants anything.
    """
    known = [one for one in held if one.state not in {"rejected", "lost"}]
    actors = [one for one in known if isinstance(one.record, Actor)]
    spoken = [one for one in known if _speaks(one)]
    parties = _Parties(actors)
    owners = {one.id: party for one in spoken if (party := parties.of(one)) is not None}
    if not owners:
        raise OptionError(
            "no statement or position of a named actor is found in the documents; 'detente evidence list' shows "
            "what is"
        )
    names = frozenset(_bare(word) for one in actors for word in _WORD.findall(who(one)))
    themes = _themes([one for one in spoken if one.id in owners], owners, names)
    conditions = [one for one in known if isinstance(one.record, Conditional)]
    return "\n".join(_lines(documents, themes, owners, conditions, title, names, quotes)) + "\n"


def _speaks(held: Held) -> bool:
    match held.record:
        case Position():
            return True
        case Statement() as one:
            return one.voice == "actor" and not one.negated and bool(one.content)
    return False


class _Parties:
    """Whose words are whose: spans of holders and the actors that stand in them."""

    def __init__(self, actors: Sequence[Held]) -> None:
        self._at: dict[str, list[tuple[Span, Held]]] = {}
        for one in actors:
            assert isinstance(one.record, Actor)  # noqa: S101
            for mention in one.record.mentions:
                self._at.setdefault(one.document.id, []).append((mention, one))
        self._known: dict[str, Party] = {}

    def of(self, held: Held) -> Party | None:
        """Return who says or wants it; None where nobody is named."""
        spans = _holder(held)
        within = [
            (mention, one)
            for mention, one in self._at.get(held.document.id, [])
            if any(mention.start < span.end and span.start < mention.end for span in spans)
        ]
        if not within:
            return None
        people = [pair for pair in within if _type(pair[1]) == "person"]
        _, best = max(people or within, key=lambda pair: (pair[0].end - pair[0].start, -pair[0].start))
        record = best.record
        assert isinstance(record, Actor)  # noqa: S101
        code = record.code or ""
        key = record.name.casefold() if record.type == "person" or not code else code
        if key not in self._known:
            ids = {party.id for party in self._known.values()}
            country = code[:3] if re.match(r"[A-Z]{3}(?:\+|$)", code) and not record.contested else None
            self._known[key] = Party(slug(record.name, ids, "actor"), record.name, country)
        self._known[key].said += 1
        return self._known[key]


def _type(held: Held) -> str:
    return held.record.type if isinstance(held.record, Actor) else ""


def _holder(held: Held) -> Sequence[Span]:
    match held.record:
        case Position() as one:
            return one.holder
        case Statement() as one:
            return (one.head,) if one.head else one.speaker
    return ()


# --- issues ----------------------------------------------------------------------------------------


def _topic(held: Held) -> str:
    record, text = held.record, held.document.text
    return said(record.issue or record.evidence, text) if isinstance(record, Position) else words(held)


def _stems(text: str, names: frozenset[str]) -> Counter[str]:
    stopped = _stopped()
    found = (_bare(word) for word in _WORD.findall(text))
    return Counter(
        stem
        for word in found
        if word not in stopped and word not in names and len(stem := _ENDING.sub("", word)) > 2
    )


@cache
def _stopped() -> frozenset[str]:
    """Return function words, days, months and words that say how much or how."""
    groups = {row[0]: row[1] for row in rows("grammar")}
    told = " ".join(groups[name] for name in ("stop", "calendar", "adverbs", "auxiliary", "determiners"))
    return listed("closed_words") | {word.casefold() for word in told.split()} | VAGUE


def _bare(word: str) -> str:
    return re.sub(r"[’']s?$", "", word.casefold())


def _themes(spoken: Sequence[Held], owners: Mapping[str, Party], names: frozenset[str]) -> list[Theme]:
    """Return issues, the most spoken of first."""
    stems = {one.id: _stems(_topic(one), names) for one in spoken}
    often = Counter(stem for held in stems.values() for stem in held)
    worth = {stem: 1 / count**0.5 for stem, count in often.items()}
    themes: list[Theme] = []
    for one in sorted(spoken, key=lambda held: -sum(often[stem] for stem in stems[held.id])):
        own = stems[one.id]
        if not own:
            continue
        best = max(themes, key=lambda theme: _alike(own, theme.words, worth), default=None)
        if best is None or _alike(own, best.words, worth) < SHARED:
            best = Theme([], Counter())
            themes.append(best)
        best.items.append(one)
        best.words += own
        best.by.setdefault(owners[one.id].id, []).append(one)
    return sorted(themes, key=lambda theme: (-len(theme.by), not _wanted(theme), -len(theme.items)))[
        :MOST_ISSUES
    ]


def _wanted(theme: Theme) -> bool:
    return any(isinstance(one.record, Position) for one in theme.items)


def _alike(one: Mapping[str, int], other: Mapping[str, int], worth: Mapping[str, float]) -> float:
    """Return how much of the words of the shorter is in both, by weight."""
    least = min(sum(worth[stem] for stem in held) for held in (one, other)) if one and other else 0.0
    return sum(worth[stem] for stem in one if stem in other) / least if least else 0.0


def _name(theme: Theme, names: frozenset[str]) -> str:
    """Return the words between, and with, its two commonest, where they are said closest to each other."""
    first, *rest = (stem for stem, _ in theme.words.most_common(2))
    spans: list[str] = []
    for one in theme.items:
        topic = _topic(one)
        found = [(match, _stems(match[0], names)) for match in _WORD.finditer(topic)]
        at = {stem: match for match, stems in reversed(found) for stem in stems}
        if first in at and (not rest or rest[0] in at):
            ends = [at[first], *(at[stem] for stem in rest)]
            spans.append(topic[min(match.start() for match in ends) : max(match.end() for match in ends)])
    name = min(spans, key=len) if spans else _topic(theme.items[0])
    return _shortened(name[:1].upper() + name[1:], 70)


# --- the file ----------------------------------------------------------------------------------------


def _lines(
    documents: Sequence[Document],
    themes: Sequence[Theme],
    owners: Mapping[str, Party],
    conditions: Sequence[Held],
    title: str,
    names: frozenset[str],
    quotes: bool,
) -> Iterator[str]:
    count = f"{len(documents)} document{'s' if len(documents) != 1 else ''}"
    yield f'# Drafted from {count}. Nobody has judged anything yet: each "?" wants a number, with its doubt'
    yield "# (40, 40 ± 10, 20..60), and 'detente check' lists them. Names and issues are the documents' words;"
    yield "# join, split and rename them."
    if quotes:
        yield "# Comments quote the documents: remove them before the case is shared."
    yield ""
    yield "detente: 1"
    yield f"title: {_text(title)}"
    yield from _conditions(conditions, quotes)
    speaking = {owner for theme in themes for owner in theme.by}
    parties = {party.id: party for party in owners.values() if party.id in speaking}
    yield "\nactors:"
    for party in sorted(parties.values(), key=lambda one: -one.said):
        country = f", country: {party.country}" if party.country else ""
        yield f"  {party.id}: {{name: {_text(party.name)}{country}}}"
    ids: set[str] = set()
    issues: dict[str, tuple[str, Theme]] = {}
    for theme in themes:
        name = _name(theme, names)
        issues[key := slug(name[:40], ids, "issue")] = name, theme
        ids.add(key)
    yield "\nissues:"
    for key, (name, _) in issues.items():
        yield f"  {key}:"
        yield f"    name: {_text(name)}"
        yield "    scale: {0: not at all, 100: in full}  # name both ends, and what lies between"
        yield '    no_deal: "?"  # what comes about without an agreement'
    yield "\nstances:"
    cited: dict[str, dict[str, Held]] = {}
    for key, (_, theme) in issues.items():
        yield f"  {key}:"
        for owner, items in theme.by.items():
            yield from _stance(owner, items, quotes)
            for one in items:
                cited.setdefault(one.document.id, {})[one.label] = one
    yield "\nsources:"
    for document in documents:
        yield from _source(document, cited.get(document.id, {}))


def _conditions(conditions: Sequence[Held], quotes: bool) -> Iterator[str]:
    if conditions:
        yield ""
        yield "# What would follow from what, as the documents have it (for 'futures', or for notes):"
    for one in conditions[:MOST_NOTES]:
        record, text = one.record, one.document.text
        assert isinstance(record, Conditional)  # noqa: S101
        by = f"{who(one)}: " if who(one) else ""
        told = (
            f"{said(record.antecedent, text)} → {said(record.consequent, text)}"
            if quotes
            else "see the document"
        )
        kind = record.kind.replace("_", " ")
        yield f"#   {one.document.id}#{one.label}, {kind}: {_shortened(by + told)}"
    if len(conditions) > MOST_NOTES:
        yield f"#   and {len(conditions) - MOST_NOTES} more; 'detente evidence list --kind conditional' lists all"


def _stance(owner: str, items: Sequence[Held], quotes: bool) -> Iterator[str]:
    for one in items:
        stance = one.record.stance if isinstance(one.record, Position) else "says"
        quoted = f": {_shortened(words(one))}" if quotes else ""
        yield f"    # {one.document.id}#{one.label} {stance}{quoted}"
        around = _around(one)
        if stance in {"rejects", "demands"} or _RED.search(around):
            yield '    #   perhaps a red line: accepts: ">= …" or "<= …"'
    because = ", ".join(f"{one.document.id}#{one.label}" for one in items)
    yield f'    {owner}: {{position: "?", salience: "?", influence: "?", because: [{because}]}}'


def _around(held: Held) -> str:
    """Return the words with the cue before them."""
    span = whole(held)
    spans = held.record.spans()
    return held.document.text[min(spans[0].start, span.start) : span.end]


def _source(document: Document, cited: Mapping[str, Held]) -> Iterator[str]:
    stated = {
        "author": document.author,
        "publisher": document.publisher,
        "date": document.date.isoformat() if document.date else None,
        "url": document.url if re.match(r"https?://[^\s<>\"']+$", document.url or "") else None,
    }
    yield f"  {document.id}:"
    yield f"    title: {_text(document.title or document.id)}"
    yield from (f"    {name}: {_text(value)}" for name, value in stated.items() if value)
    yield f"    document: {document.text_sha256}"
    if cited:
        yield "    statements:"
        for label, one in cited.items():
            place = pinned(one)
            yield f"      {label}: {{at: {place['at']}, sha256: {place['sha256']}}}"


def _text(value: str) -> str:
    """Return a text as YAML reads it: quoted, on one line."""
    return json.dumps(_shortened(value, 300), ensure_ascii=False)


def _shortened(text: str, most: int = LONGEST) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
