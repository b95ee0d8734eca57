"""Which case do these documents ask for? A skeleton: who, on what, with the words; every number left to be judged.

1. Whoever holds a position or speaks is an actor; mentions with one code, or of one name, are one.
2. Positions and statements are put together into issues by the nouns that they share, those on which most actors
   speak first, and named by their own words (`detente.evidence.topics`).
3. Each holder's stance on an issue cites its statements, with position and hash; what the wording says of the
   direction stands as a comment, and so do red lines that it hints at. Position, salience and influence are ``?``.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from detente.case.text import slug
from detente.errors import OptionError
from detente.evidence.held import Held
from detente.evidence.records import (
    Conditional,
    Document,
    Position,
    Span,
    Statement,
    common,
    said,
    shortened,
    unmarked,
)
from detente.evidence.topics import Topic, topics
from detente.evidence.trail import Parties, Party, pinned
from detente.show.words import tally

MOST_ISSUES, FEWEST_ISSUES = 12, 5
TITLES = 3  # as often as that the title of a document counts among its words where issues are named
MOST_NOTES = 40
MOST_QUOTED = 6  # statements of one actor on one issue of which the words stand in comments; all are cited
LONGEST = 130  # characters of a quotation in a comment
SAME, MUCH = 0.75, 0.4  # of a statement that positions must hold to tell it, anybody's and the speaker's own
_RED = re.compile(
    r"\b(must|never|cannot|rule[sd]? out|will not|won[’']t|unacceptable|red line|under no)\b", re.IGNORECASE
)


HEAD = """\
# Drafted from {count}. Nobody has judged anything yet: each "?" wants a number, with its doubt
# (40, 40 ± 10, 20..60), and 'detente check' lists them. Names and issues are the documents' words;
# join, split and rename them. Say of each scale what its two ends are, and what lies between; no_deal is
# what comes about without an agreement."""


class Theme(NamedTuple):
    """An issue of the draft: what is said on it, and by whom."""

    id: str
    name: str
    by: Mapping[Party, Sequence[Held]]


def draft(documents: Sequence[Document], held: Iterable[Held], title: str, *, quotes: bool = True) -> str:
    """Return the text of a case file with a title, each document a source; comments may quote the documents.

    Raises:
        OptionError: nobody in the documents says or wants anything.
    """
    known = [one for one in held if one.counts]
    parties = Parties(known, pronouns=True)
    spoken = [(one, party) for one in known if _speaks(one) and (party := parties.of(one)) is not None]
    if not spoken:
        told = "no statement or position of a named actor is found in the documents"
        raise OptionError(f"{told}; 'detente evidence list' shows what is")
    spoken = _once(spoken)
    themes = _themes(documents, spoken)
    left = len(spoken) - sum(len(items) for theme in themes for items in theme.by.values())
    return "\n".join(_lines(documents, themes, known, left, title, quotes)) + "\n"


def _speaks(held: Held) -> bool:
    one = held.record
    said = isinstance(one, Statement) and one.voice == "actor" and not one.negated and bool(one.content)
    return said or isinstance(one, Position)


def _once(spoken: Sequence[tuple[Held, Party]]) -> list[tuple[Held, Party]]:
    """Return what is said and wanted; of words that are a position only the position, which says whose and how."""
    wanted = defaultdict[tuple[str, Party | None], list[Span]](list)
    for one, party in spoken:
        if isinstance(one.record, Position):
            for whose in (party, None):
                wanted[one.document.id, whose] += one.record.marks() + one.holder

    def told(one: Held, party: Party) -> bool:
        words = one.record.marks()
        size = sum(span.end - span.start for span in words)
        by_all, own = (common(wanted[one.document.id, whose], words) for whose in (None, party))
        return by_all >= SAME * size or own >= MUCH * size

    return [pair for pair in spoken if isinstance(pair[0].record, Position) or not told(*pair)]


def _themes(documents: Sequence[Document], spoken: Sequence[tuple[Held, Party]]) -> list[Theme]:
    """Return issues, those on which most actors speak first."""

    def worth(items: Sequence[int]) -> float:
        several = len({id(spoken[item][1]) for item in items}) - 1
        wanted = sum(isinstance(spoken[item][0].record, Position) for item in items)
        red = any(_red(spoken[item][0]) for item in items)
        return 3 * several + wanted + red + (len(items) - 1) / 2

    number = {one.id: at for at, one in enumerate(documents)}
    texts = [(number[one.document.id], f"{one.said('issue')}. {one.words}") for one, _ in spoken]
    # what is read in each, after its title
    read = [
        "\n\n".join([one.title or ""] * TITLES + [*unmarked(one.text, one.furniture)]) for one in documents
    ]
    themes: list[Theme] = []
    found = topics(texts, read, worth, MOST_ISSUES)
    several = [topic for topic in found if worth(topic.items)]  # not one remark that wants nothing
    none = [Topic("What is at stake", list(range(len(texts))))]  # nobody names a matter
    for topic in (several if len(several) >= FEWEST_ISSUES else found) or none:
        by: dict[Party, list[Held]] = {}
        for item in topic.items:
            by.setdefault(spoken[item][1], []).append(spoken[item][0])
        name = shortened(topic.name, 70)
        themes.append(Theme(slug(name[:40], {theme.id for theme in themes}, "issue"), name, by))
    return themes


def _lines(
    documents: Sequence[Document],
    themes: Sequence[Theme],
    known: Sequence[Held],
    left: int,
    title: str,
    quotes: bool,
) -> Iterator[str]:
    yield HEAD.format(count=tally(len(documents), "document"))
    if quotes:
        yield "# Comments quote the documents: remove them before the case is shared."
    yield f"\ndetente: 1\ntitle: {_text(title)}"
    if last := max((one.day for one in documents if one.day), default=None):
        yield f"as_of: {last}  # of the latest document"
    yield from _conditions([one for one in known if isinstance(one.record, Conditional)], quotes)
    yield "\nactors:"
    ids: dict[Party, str] = {}
    speaking = dict.fromkeys(party for theme in themes for party in theme.by)
    for party in sorted(speaking, key=lambda one: -one.said):
        ids[party] = slug(party.name, set(ids.values()), "actor")
        country = f", country: {party.country}" if party.country else ""
        told = quotes and party.called not in party.name
        called = f"  # {shortened(party.called, LONGEST)}" if told else ""
        yield f"  {ids[party]}: {{name: {_text(party.name)}{country}}}{called}"
    yield "\nissues:"
    for theme in themes:
        yield f"  {theme.id}:\n    name: {_text(theme.name)}"
        yield '    scale: {0: not at all, 100: in full}\n    no_deal: "?"'
    yield "\nstances:"
    cited: dict[str, dict[str, Held]] = {}
    for theme in themes:
        yield f"  {theme.id}:"
        for party, items in theme.by.items():
            yield from _stance(ids[party], items, quotes)
            for one in items:
                cited.setdefault(one.document.id, {})[one.label] = one
    if left:
        yield f"# On none of these issues: {left} of the statements and positions; 'detente evidence list' has all"
    yield "\nsources:"
    for document in documents:
        yield from _source(document, cited.get(document.id, {}))


def _conditions(conditions: Sequence[Held], quotes: bool) -> Iterator[str]:
    if conditions:
        yield "\n# What would follow from what, as the documents have it (for 'futures', or for notes):"
    for one in conditions[:MOST_NOTES]:
        record, text = one.record, one.document.text
        assert isinstance(record, Conditional)  # noqa: S101
        told = f"{said(record.antecedent, text)} → {said(record.consequent, text)}"
        told = f"{one.who}: " * bool(one.who) + (told if quotes else "see the document")
        told = shortened(told, LONGEST)
        yield f"#   {one.name}, {one.what}: {told}"
    if len(conditions) > MOST_NOTES:
        yield f"#   and {len(conditions) - MOST_NOTES} more; 'detente evidence list --kind conditional' lists all"


def _stance(owner: str, items: Sequence[Held], quotes: bool) -> Iterator[str]:
    for one in items[:MOST_QUOTED]:
        record, text = one.record, one.document.text
        how = record.stance if isinstance(record, Position) else "says"
        told = f"{how}: {one.called} {one.words}"
        if isinstance(record, Statement):
            told = f"{one.called}, “{said(record.cue, text)}”: {one.words}"
        yield f"    # {one.name} {shortened(told, LONGEST) if quotes else how}"
        if how in {"rejects", "demands"} or _red(one):
            yield '    #   perhaps a red line: accepts: ">= …" or "<= …"'
    because = ", ".join(one.name for one in items)
    yield f'    {owner}: {{position: "?", salience: "?", influence: "?", because: [{because}]}}'


def _red(one: Held) -> bool:
    """Tell whether the wording leaves no way; the cue stands before the words."""
    return _RED.search(one.document.text, one.record.spans()[0].start, one.whole.end) is not None


def _source(document: Document, cited: Mapping[str, Held]) -> Iterator[str]:
    url = document.url if re.match(r"https?://[^\s<>\"']+$", document.url or "") else None
    stated = {"author": document.author, "publisher": document.publisher, "date": document.day, "url": url}
    yield f"  {document.id}:\n    title: {_text(document.title or document.id)}"
    yield from (f"    {name}: {_text(value)}" for name, value in stated.items() if value)
    yield f"    document: {document.text_sha256}"
    if cited:
        yield "    statements:"
        for label, one in cited.items():
            place = pinned(one)
            yield f"      {label}: {{at: {place['at']}, sha256: {place['sha256']}}}"


def _text(value: str) -> str:
    """Return a text as YAML reads it: quoted, on one line."""
    return json.dumps(shortened(value, 300), ensure_ascii=False)
