"""Who? The actors of a document, each with its mentions and with whom they may mean, the likeliest first."""

from __future__ import annotations

from detente.evidence.actors.mentions import Mention, read
from detente.evidence.actors.resolve import candidates, name_of, type_of
from detente.evidence.records import Actor, Candidate, Document, Span


def actors(document: Document) -> tuple[Actor, ...]:
    """Return the actors of a document in the order in which they first appear.

    A government and its capital, or the same role of the same country, are one actor; a person is one by name.
    Role nouns without a country and bare adjectives ("Russian gas") are none.
    """
    groups: dict[tuple[str, str], tuple[str, Mention, list[Span], dict[str, Candidate]]] = {}
    for mention in (m for _, found in read(document) for m in found):
        if mention.bare or mention.weak:
            continue
        ranked = candidates(mention, document.text, document.date)
        kind = type_of(mention, ranked[0].code)
        key = ("person", ranked[0].name) if mention.person else (kind, ranked[0].code)
        held = groups.setdefault(key, (name_of(mention, ranked[0]), mention, [], {}))
        held[2].append(mention.span)
        for candidate in ranked:
            held[3].setdefault(f"{candidate.code} {candidate.name} {candidate.reason}", candidate)
    return tuple(
        Actor(
            name=name,
            type=key[0] if key[0] == "person" else kind_of,
            mentions=tuple(sorted(spans)),
            candidates=tuple(sorted(ranked_all.values(), key=lambda c: -c.score)),
            contested=first.entries[:1] != [] and len(first.entries[0].claims) > 1 and not first.sector,
            confidence=max(c.score for c in ranked_all.values()),
        )
        for key, (name, first, spans, ranked_all) in groups.items()
        for kind_of in (key[0],)
    )


__all__ = ["actors"]
