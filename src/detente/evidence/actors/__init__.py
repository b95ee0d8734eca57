"""Who? The actors of a document, each with its mentions and with whom they may mean, the likeliest first.

Every candidate has its reason: an office by its date, a capital as its government.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

from detente.case import countries
from detente.evidence.actors.lists import LISTED, SECTORS, Entry, Office, known
from detente.evidence.actors.mentions import Mention, read
from detente.evidence.lists import expressions
from detente.evidence.records import Actor, Candidate, Document, Span

_IS = expressions("actors")
country_name = cache(countries.country_name)
_PAST = ("former", "ex", "onetime")


def actors(document: Document) -> tuple[Actor, ...]:
    """Return the actors of a document in the order in which they first appear.

    A government and its capital, or the same role of the same country, are one actor; a person is one by name.
    Role nouns without a country and bare adjectives ("Russian gas") are none.
    """
    groups: dict[tuple[str, str], tuple[str, Mention, list[Span], dict[tuple[str, ...], Candidate]]] = {}
    for mention in (m for _, found in read(document) for m in found if not (m.bare or m.weak)):
        meant = candidates(mention, document.text, document.date)
        code, name = meant[0].code, meant[0].name
        country, plus, sector = code.partition("+")
        if mention.person:
            key = "person", name
        elif plus:  # a part of a state is called by both
            key = SECTORS.get(sector, "organisation"), code
            known_as = country_name(country)
            name = f"{known_as} ({SECTORS.get(sector, sector)})" if known_as else name
        else:
            key = mention.entries[0].type or ("country" if country_name(code) else "place"), code
        _, _, spans, ranked = groups.setdefault(key, (name, mention, [], {}))
        spans.append(mention.span)
        for one in meant:
            ranked.setdefault((one.code, one.name, one.reason), one)
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


def candidates(mention: Mention, text: str, day: date | None) -> tuple[Candidate, ...]:
    """Return whom a mention may mean, the likeliest first; without a day all offices are given, as undated."""
    if mention.person:
        found = [*_person(mention, day)]
    elif mention.bare:
        found = [Candidate(mention.sector, mention.span.of(text), 0.3, "role noun without a country")]
    else:
        found = [one for entry in mention.entries for one in _meant(mention, entry, text)]
        if mention.sector == "GOV" and found and day is not None and day <= LISTED:
            role = mention.span.of(text).lower()  # "the Brazilian president"
            for office in known().by_country.get(found[0].code[:3], ()):
                if office.on(day) and role.endswith(" " + office.office):
                    found.append(
                        Candidate(f"{office.code}+{office.sector}", office.name, 0.5, _reason(office))
                    )
    return tuple(sorted(found, key=lambda c: -c.score))


def _meant(mention: Mention, entry: Entry, text: str) -> Iterator[Candidate]:
    """Yield what a mention means by one entry of the lists."""
    sector, several = f"+{mention.sector}" if mention.sector else "", len(mention.entries) > 1
    if entry.kind == "place" and not sector:
        yield Candidate(entry.code, entry.name, 0.8, f"{entry.source}: contested")
        for i, claim in enumerate(entry.claims):
            reason = f"{entry.source}: claims or holds it"
            yield Candidate(claim, country_name(claim) or claim, 0.4 - i / 10, reason)
    elif entry.kind == "organisation":
        code = entry.code if mention.sector in ("", "GOV", "PTY", "REB") else entry.code + sector
        yield Candidate(code, entry.name, 0.6 if several else 0.95, entry.source)
    elif entry.kind == "office":
        yield Candidate(entry.code, entry.name, 0.9, entry.source)
    elif entry.kind == "seat" and not sector:  # a place after "in" or "near", a government if it acts
        start, end = mention.span
        before, after = text[max(0, start - 30) : start], text[end : end + 30]
        acts = _IS["acts"].match(after) or _IS["inverted"].search(before)
        place = bool(_IS["place"].search(before) or not acts)
        names, share = country_name(entry.code) or entry.code, 0.4 if several else 0.9
        reason = f"{entry.source}: {'place' if place else 'capital that acts'}"
        yield Candidate(entry.code if place else f"{entry.code}+GOV", names, share, reason)
        other = f"{entry.code}+GOV" if place else entry.code
        yield Candidate(other, names, 0.1 if several else 0.2, entry.source)
    else:
        code = entry.claims[0] if entry.kind == "place" else entry.code
        reason = f"{entry.source}; role noun" if sector else entry.source
        share = (0.9 if sector else 0.95) - 0.6 * (entry.kind == "city" and several)
        yield Candidate(code + sector, country_name(code) or entry.name, share, reason)


def _person(mention: Mention, day: date | None) -> Iterator[Candidate]:
    """Yield what a person is: by the list of offices, else by the office that the text gives."""
    listed = [entry for entry in mention.entries if entry.kind == "person"]
    for entry in listed:
        yield from _offices(entry.name, mention.override, day)
    if not listed:
        code, share = mention.person, 0.8
        if mention.entries:
            sector = "ELI" if mention.override in _PAST else mention.sector
            plain = not sector or mention.entries[0].kind in ("organisation", "office")
            code, share = mention.entries[0].code + ("" if plain else f"+{sector}"), 0.9
        yield Candidate(code, mention.person, share, f"introduced in the text: {mention.office}")


def _offices(name: str, override: str, day: date | None) -> Iterator[Candidate]:
    """Yield what a person of the list was on a day; outside their offices, a former or a later holder."""
    offices = known().offices[name]
    if override == "then" or day is None:
        told = "; the day is not known"
        yield from (Candidate(_code(one), name, 0.6, _reason(one) + told) for one in offices)
        return
    now = [one for one in offices if one.on(day)] if override not in _PAST else []
    note = f"; the list ends on {LISTED}" if day > LISTED and any(one.end is None for one in now) else ""
    for i, one in enumerate(now):
        yield Candidate(_code(one), name, (0.7 if note else 0.95) - i / 10, _reason(one) + note)
    if not now:
        past = [one for one in offices if one.end and one.end <= day] or offices
        last = max(past, key=lambda one: one.start)
        own = last if last.sector in ("OPP", "REB") else last._replace(sector="ELI")
        word = "former" if last.start <= day else "later"
        yield Candidate(_code(own), name, 0.6, f"{word} {_reason(last)}")


def _code(office: Office) -> str:
    country = len(office.code) == 3 and country_name(office.code)
    return f"{office.code}+{office.sector}" if country else office.code


def _reason(office: Office) -> str:
    return f"offices.csv: {office.office}, {office.start} to {office.end or '?'}"


__all__ = ["actors", "candidates"]
