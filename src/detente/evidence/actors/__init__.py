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
        meant = candidates(mention, document.text, document.date)
        key = type_of(mention, meant[0].code), meant[0].name if mention.person else meant[0].code
        held = groups.setdefault(key, (name_of(mention, meant[0]), mention, [], {}))
        held[2].append(mention.span)
        for candidate in meant:
            held[3].setdefault(f"{candidate.code} {candidate.name} {candidate.reason}", candidate)
    return tuple(
        Actor(
            name=name,
            type=kind,
            mentions=tuple(sorted(spans)),
            candidates=tuple(sorted(ranked.values(), key=lambda c: -c.score)),
            contested=bool(first.entries) and len(first.entries[0].claims) > 1 and not first.sector,
            confidence=max(c.score for c in ranked.values()),
        )
        for (kind, _), (name, first, spans, ranked) in groups.items()
    )


__all__ = ["actors"]
