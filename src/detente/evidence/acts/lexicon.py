"""Which code of CAMEO does an act have? A lexicon of our own, and how a stance towards an act changes its code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from detente.evidence.inflection import kinds
from detente.evidence.lists import rows

_STANCES = ("AGREE", "DEMAND", "APPEAL", "REJECT", "THREATEN", "END")


class Form(NamedTuple):
    """An inflected verb: its words after the first, its lemma, and ``base``, ``s``, ``ed`` or ``ing``."""

    rest: tuple[str, ...]
    lemma: str
    tag: str


class Meaning(NamedTuple):
    """What a verb does, with any object (None) or with one of some objects."""

    code: str
    equal: bool
    """Source and target are equals (a meeting)."""
    reverse: bool
    """The subject is acted upon."""
    objects: frozenset[str] | None


@dataclass(slots=True)
class Lexicon:
    """Verbs by form, what they mean, nouns of acts, and stances."""

    forms: dict[str, list[Form]] = field(default_factory=dict)
    meanings: dict[str, list[Meaning]] = field(default_factory=dict)
    nouns: dict[str, tuple[str, bool]] = field(default_factory=dict)
    stances: dict[str, list[str]] = field(default_factory=dict)
    noun_starts: frozenset[str] = frozenset()
    """First words of the nouns."""
    object_starts: dict[str, frozenset[str]] = field(default_factory=dict)
    """First words of the objects by which the meaning of a verb is told, by the verb."""


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of acts."""
    found, classes, section = Lexicon(), {}, ""
    for (line,) in rows("acts"):
        if line.startswith("["):
            section = line.strip("[]")
            continue
        head, _, tail = line.partition(": ")
        verbs, _, objects = tail.partition(" | ")
        listed = [w.strip() for w in verbs.split(",")]
        if section == "classes":
            classes[head] = {form for word in listed for form in plurals(word)}
        elif section == "nouns":
            code, *marks = head.split()
            found.nouns |= {form: (code, "r" in marks) for word in listed for form in plurals(word)}
        else:
            for verb in listed:
                _learn(found, verb)
                if section == "operators":
                    found.stances.setdefault(verb, []).append(head)
                else:
                    code, *marks = head.split()
                    wanted = frozenset(_expanded(objects, classes)) if objects else None
                    found.meanings.setdefault(verb, []).append(
                        Meaning(code, "r" in marks, "<" in marks, wanted)
                    )
    found.noun_starts = frozenset(noun.split()[0] for noun in found.nouns)
    for verb, meanings in found.meanings.items():
        starts = frozenset(one.split()[0] for meaning in meanings for one in meaning.objects or ())
        if starts:
            found.object_starts[verb] = starts
    return found


def _expanded(objects: str, classes: dict[str, set[str]]) -> Iterator[str]:
    for word in (w.strip() for w in objects.split(",")):
        yield from classes[word[1:]] if word.startswith("@") else plurals(word)


def plurals(noun: str) -> tuple[str, ...]:
    """Return a noun and its regular plural."""
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun, noun[:-1] + "ies"
    if noun.endswith(("s", "en", "ies")):
        return (noun,)
    return noun, noun + ("es" if noun.endswith(("ch", "sh", "x")) else "s")


def _learn(lexicon: Lexicon, verb: str) -> None:
    first, *rest = verb.split()
    for form, tag in kinds(first):
        entry = Form(tuple(rest), verb, tag)
        known = lexicon.forms.setdefault(form, [])
        if entry not in known:
            known.append(entry)
            known.sort(key=lambda one: -len(one.rest))


@cache
def _roots() -> dict[str, dict[str, str]]:
    """Return by stance, and for the class, what each root becomes."""
    table: dict[str, dict[str, str]] = {name: {} for name in ("class", *_STANCES)}
    for root, *cells in rows("cameo"):
        for name, cell in zip(table, cells, strict=True):
            if cell != "-":
                table[name][root] = cell
    return table


def composed(stance: str, code: str) -> str | None:
    """Return the code of a stance (to agree, demand, refuse, threaten, end) towards an act, None where it is none.

    CAMEO mirrors the codes of cooperation in those of consent (03), appeal (02), demand (10) and refusal (12), and
    the codes of conflict in those of threats (13). To promise a sanction is that sanction, planned.
    """
    if stance in ("DO", "SAY") or (stance == "AGREE" and code[:2] in ("16", "17")):
        return code
    if stance == "ACCUSE":
        return "112"
    found = _longest("AGREE" if stance == "WILL" else stance, code)
    if found or stance in ("END", "REJECT"):
        return found
    if stance in ("AGREE", "WILL"):
        return _longest("THREATEN", code) or code
    return {"DEMAND": "100", "APPEAL": "020", "THREATEN": "130"}[stance]


def act_of(code: str) -> str:
    """Return the class of PLOVER that a code of CAMEO falls in; STATEMENT and APPEAL are of CAMEO alone."""
    return _longest("class", code) or "STATEMENT"


def _longest(column: str, code: str) -> str | None:
    table = _roots()[column]
    return next((table[code[:size]] for size in range(len(code), 1, -1) if code[:size] in table), None)


__all__ = ["Form", "Lexicon", "Meaning", "act_of", "composed", "lexicon", "plurals"]
