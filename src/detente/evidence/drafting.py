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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from detente.case.text import slug
from detente.errors import OptionError
from detente.evidence.exports import said, shortened, who, whole, words
from detente.evidence.held import Held
from detente.evidence.parties import Parties, Party
from detente.evidence.records import Actor, Conditional, Document, Position, Statement
from detente.evidence.topics import Topic, topics
from detente.evidence.trail import pinned

MOST_ISSUES = 12
TITLES = 3
"""As often as that the title of a document counts among its words where issues are named."""
MOST_NOTES = 40
MOST_QUOTED = 6
"""Statements of one actor on one issue of which the words stand in comments; all are cited."""
LONGEST = 110
"""Characters of a quotation in a comment."""
_RED = re.compile(
    r"\b(must|never|cannot|rule[sd]? out|will not|won[’']t|unacceptable|red line|under no)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Theme:
    """An issue of the draft: what is said on it, and by whom."""

    id: str
    name: str
    by: Mapping[Party, Sequence[Held]]


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
    known = [one for one in held if one.counts]
    parties = Parties((one for one in known if isinstance(one.record, Actor)), pronouns=True)
    spoken = [(one, party) for one in known if _speaks(one) and (party := parties.of(one)) is not None]
    if not spoken:
        raise OptionError(
            "no statement or position of a named actor is found in the documents; 'detente evidence list' shows "
            "what is"
        )
    themes = _themes(documents, spoken)
    conditions = [one for one in known if isinstance(one.record, Conditional)]
    left = len(spoken) - sum(len(items) for theme in themes for items in theme.by.values())
    return "\n".join(_lines(documents, themes, conditions, left, title, quotes)) + "\n"


def _speaks(held: Held) -> bool:
    match held.record:
        case Position():
            return True
        case Statement() as one:
            return one.voice == "actor" and not one.negated and bool(one.content)
    return False


def _themes(documents: Sequence[Document], spoken: Sequence[tuple[Held, Party]]) -> list[Theme]:
    """Return issues, those on which most actors speak first."""

    def worth(items: Sequence[int]) -> float:
        several = len({id(spoken[item][1]) for item in items}) - 1
        wanted = sum(isinstance(spoken[item][0].record, Position) for item in items)
        return 3 * several + wanted + (len(items) - 1) / 2

    number = {one.id: at for at, one in enumerate(documents)}
    texts = [(number[one.document.id], _topic(one)) for one, _ in spoken]
    themes: list[Theme] = []
    none = [Topic("What is at stake", list(range(len(texts))))]  # nobody names a matter
    for topic in topics(texts, [_read(one) for one in documents], worth, MOST_ISSUES) or none:
        by: dict[Party, list[Held]] = {}
        for item in topic.items:
            by.setdefault(spoken[item][1], []).append(spoken[item][0])
        name = shortened(topic.name, 70)
        themes.append(Theme(slug(name[:40], {theme.id for theme in themes}, "issue"), name, by))
    return themes


def _read(document: Document) -> str:
    """Return what is read in a document, after its title."""
    edges = [0, *(edge for span in document.furniture for edge in span), len(document.text)]
    parts = [document.text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return "\n\n".join([document.title or ""] * TITLES + parts)


def _topic(held: Held) -> str:
    issue = held.record.issue if isinstance(held.record, Position) else ()
    return f"{said(issue, held.document.text)}. {words(held)}"


# --- the file ----------------------------------------------------------------------------------------


def _lines(
    documents: Sequence[Document],
    themes: Sequence[Theme],
    conditions: Sequence[Held],
    left: int,
    title: str,
    quotes: bool,
) -> Iterator[str]:
    count = f"{len(documents)} document{'s' if len(documents) != 1 else ''}"
    yield f'# Drafted from {count}. Nobody has judged anything yet: each "?" wants a number, with its doubt'
    yield "# (40, 40 ± 10, 20..60), and 'detente check' lists them. Names and issues are the documents' words;"
    yield "# join, split and rename them."
    if quotes:
        yield "# Comments quote the documents: remove them before the case is shared."
    yield f"\ndetente: 1\ntitle: {_text(title)}"
    yield from _conditions(conditions, quotes)
    yield "\nactors:"
    ids: dict[Party, str] = {}
    speaking = dict.fromkeys(party for theme in themes for party in theme.by)
    for party in sorted(speaking, key=lambda one: -one.said):
        ids[party] = slug(party.name, set(ids.values()), "actor")
        country = f", country: {party.country}" if party.country else ""
        called = (
            f"  # {shortened(party.called, LONGEST)}" if quotes and party.called not in party.name else ""
        )
        yield f"  {ids[party]}: {{name: {_text(party.name)}{country}}}{called}"
    yield "\nissues:"
    for theme in themes:
        yield f"  {theme.id}:"
        yield f"    name: {_text(theme.name)}"
        yield "    scale: {0: not at all, 100: in full}  # name both ends, and what lies between"
        yield '    no_deal: "?"  # what comes about without an agreement'
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
        yield ""
        yield "# What would follow from what, as the documents have it (for 'futures', or for notes):"
    for one in conditions[:MOST_NOTES]:
        record, text = one.record, one.document.text
        assert isinstance(record, Conditional)  # noqa: S101
        by = f"{who(one)}: " if who(one) else ""
        told = f"{by}{said(record.antecedent, text)} → {said(record.consequent, text)}"
        told = shortened(told, LONGEST) if quotes else f"{by}see the document"
        kind = record.kind.replace("_", " ")
        yield f"#   {one.document.id}#{one.label}, {kind}: {told}"
    if len(conditions) > MOST_NOTES:
        yield f"#   and {len(conditions) - MOST_NOTES} more; 'detente evidence list --kind conditional' lists all"


def _stance(owner: str, items: Sequence[Held], quotes: bool) -> Iterator[str]:
    for one in items[:MOST_QUOTED]:
        stance = one.record.stance if isinstance(one.record, Position) else "says"
        quoted = f": {shortened(words(one), LONGEST)}" if quotes else ""
        yield f"    # {one.document.id}#{one.label} {stance}{quoted}"
        first = one.record.spans()[0].start  # the cue stands before the words
        spoken = one.document.text[first : whole(one).end]
        if stance in {"rejects", "demands"} or _RED.search(spoken):
            yield '    #   perhaps a red line: accepts: ">= …" or "<= …"'
    because = ", ".join(f"{one.document.id}#{one.label}" for one in items)
    yield f'    {owner}: {{position: "?", salience: "?", influence: "?", because: [{because}]}}'


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
    return json.dumps(shortened(value, 300), ensure_ascii=False)
