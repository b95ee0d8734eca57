"""Whom may a mention mean? Ranked candidates, each with its reason: offices by date, capitals as governments."""

from __future__ import annotations

import re
from datetime import date

from detente.case.countries import country_name
from detente.evidence.actors.lists import LISTED, SECTORS, Office, known
from detente.evidence.actors.mentions import Mention
from detente.evidence.records import Candidate

_AT = re.compile(
    r"\b(?:in|at|near|outside|inside|around|across|through|over|capital|city of|streets of)\s(?:the\s)?$"
)
_GOING = re.compile(
    r"\b(?:visit\w*|trip\w*|tour|travel\w*|fl[eyi]w?\w*|went|go\w*|return\w*|arriv\w+|journey|came|back|heads?|headed|left|leav\w+"
    r"|embassy|road|based|held|hosted)\s(?:to|for|from|in)\s$"
)
_ENTERING = re.compile(
    r"\b(?:leav\w+|left|reach\w*|enter\w*|seiz\w+|captur\w+|storm\w*|bomb\w*|shell\w*|visit\w*)\s\Z"
)
_ACTS = re.compile(
    r"(?:[’']s?\s|,|\sand\s|\sor\s)|\s(?:\w+ly\s|also\s|still\s|alone\s|itself\s|now\s|not\s)?"
    r"(?:has|had|have|is|was|were|will|would|may|might|could|can|should|must|does|did|do|to|and|or|said|told|made|took|gave|sent"
    r"|saw|held|got|won|lost|put|set|let|met|cut|hit|began|broke|went|came|spoke|wrote|\w{2,}(?:s|ed))\b"
)
_INVERTED = re.compile(r"\b(?:will|would|can|could|should|does|did)\s$")
_END = re.compile(
    r"\s?(?:[.,;:!?)”\"’]|$|\n|and\b|or\b|over\b|on\b|for\b|to\b|in\b|with\b|as\b|that\b|by\b|if\b)"
)


def candidates(mention: Mention, text: str, day: date | None) -> tuple[Candidate, ...]:
    """Return whom a mention may mean, the likeliest first.

    Args:
        mention: from `mentions`.
        text: of the document.
        day: on which offices are looked up; None: all are given, and said to be undated.
    """
    if mention.person:
        return _person(mention, day)
    if mention.bare:
        return (Candidate(mention.sector, mention.span.of(text), 0.3, "role noun without a country"),)
    found: list[Candidate] = []
    for entry in mention.entries:
        sector = f"+{mention.sector}" if mention.sector else ""
        if entry.kind == "place" and not sector:
            found.append(Candidate(entry.code, entry.name, 0.8, f"{entry.source}: contested"))
            found += [
                Candidate(
                    claim, country_name(claim) or claim, 0.4 - i / 10, f"{entry.source}: claims or holds it"
                )
                for i, claim in enumerate(entry.claims)
            ]
        elif entry.kind == "organisation":
            plain = mention.sector in ("", "GOV", "PTY", "REB")
            share = 0.6 if len(mention.entries) > 1 else 0.95
            found.append(
                Candidate(entry.code if plain else entry.code + sector, entry.name, share, entry.source)
            )
        elif entry.kind == "office":
            found.append(Candidate(entry.code, entry.name, 0.9, entry.source))
        elif entry.kind == "seat" and not sector:
            found += _seat(mention, entry.code, entry.source, text)
        else:
            code = entry.claims[0] if entry.kind == "place" else entry.code
            name = country_name(code) or entry.name
            reason = f"{entry.source}; role noun" if sector else entry.source
            share = (0.9 if sector else 0.95) - 0.6 * (entry.kind == "city" and len(mention.entries) > 1)
            found.append(Candidate(code + sector, name, share, reason))
    if mention.sector == "GOV" and found:
        found += _holders(mention, found[0].code[:3], text, day)
    return tuple(sorted(found, key=lambda c: -c.score))


def _seat(mention: Mention, code: str, source: str, text: str) -> list[Candidate]:
    """Return a capital as government and as place: a place after "in" or "near", a government if it acts."""
    before, after = (
        text[max(0, mention.span.start - 30) : mention.span.start],
        text[mention.span.end : mention.span.end + 30],
    )
    place = bool(_AT.search(before) or _GOING.search(before) or _ENTERING.search(before))
    if not place:
        place = not (_ACTS.match(after) or _END.match(after) or _INVERTED.search(before))
    elsewhere = len(mention.entries) > 1
    name = country_name(code) or code
    share = 0.4 if elsewhere else 0.9
    return [
        Candidate(
            code if place else f"{code}+GOV",
            name,
            share,
            f"{source}: {'place' if place else 'capital that acts'}",
        ),
        Candidate(f"{code}+GOV" if place else code, name, share - 0.7 if share > 0.7 else 0.1, source),
    ]


def _holders(mention: Mention, country: str, text: str, day: date | None) -> list[Candidate]:
    """Return who held the office that a role noun names: "the Brazilian president"."""
    role = mention.span.of(text).lower()
    if day is None or day > LISTED:
        return []
    held = [
        o
        for offices in known().offices.values()
        for o in offices
        if o.code == country and o.on(day) and role.endswith(" " + o.office)
    ]
    return [Candidate(f"{o.code}+{o.sector}", o.name, 0.5, _reason(o)) for o in held]


def _person(mention: Mention, day: date | None) -> tuple[Candidate, ...]:
    found: list[Candidate] = []
    for entry in mention.entries:
        if entry.kind == "person":
            found += _offices(entry.name, mention.override, day)
    if not found and mention.entries:
        entry = mention.entries[0]
        sector = "ELI" if mention.override in ("former", "ex", "onetime") else mention.sector
        plain = entry.kind == "organisation"
        code = entry.code if plain or not sector or entry.kind == "office" else f"{entry.code}+{sector}"
        found.append(Candidate(code, mention.person, 0.9, f"introduced in the text: {mention.office}"))
    if not found:
        found.append(
            Candidate(mention.person, mention.person, 0.8, f"introduced in the text: {mention.office}")
        )
    return tuple(sorted(found, key=lambda c: -c.score))


def _offices(name: str, override: str, day: date | None) -> list[Candidate]:
    """Return what a person of the list was on a day; outside their offices, a former or a later holder."""
    offices = known().offices[name]
    if override == "then" or day is None:
        return [Candidate(_code(o), name, 0.6, f"{_reason(o)}; the day is not known") for o in offices]
    now = [o for o in offices if o.on(day)] if override not in ("former", "ex", "onetime") else []
    if now:
        late = day > LISTED
        note = f"; the list ends on {LISTED}" if late and any(o.end is None for o in now) else ""
        return [
            Candidate(_code(o), name, (0.7 if note else 0.95) - i / 10, _reason(o) + note)
            for i, o in enumerate(now)
        ]
    past = [o for o in offices if o.end and o.end <= day] or offices
    last = max(past, key=lambda o: o.start)
    word = "former" if last.start <= day else "later"
    sector = last.sector if last.sector in ("OPP", "REB") else "ELI"
    return [
        Candidate(
            f"{last.code}+{sector}" if len(last.code) == 3 else last.code,
            name,
            0.6,
            f"{word} {_reason(last)}",
        )
    ]


def _code(office: Office) -> str:
    return (
        f"{office.code}+{office.sector}"
        if len(office.code) == 3 and country_name(office.code)
        else office.code
    )


def _reason(office: Office) -> str:
    return f"offices.csv: {office.office}, {office.start} to {office.end or '?'}"


def type_of(mention: Mention, code: str) -> str:
    """Return what kind of actor a mention means."""
    if mention.person:
        return "person"
    _, plus, sector = code.partition("+")
    if plus:
        return SECTORS.get(sector, "organisation")
    return mention.entries[0].type or ("country" if country_name(code) else "place")


def name_of(mention: Mention, candidate: Candidate) -> str:
    """Return how the actor is called: a person by name, a part of a state by both."""
    if mention.person:
        return candidate.name
    country, plus, sector = candidate.code.partition("+")
    if plus and (name := country_name(country)):
        return f"{name} ({SECTORS.get(sector, sector)})"
    return candidate.name


__all__ = ["candidates", "name_of", "type_of"]
