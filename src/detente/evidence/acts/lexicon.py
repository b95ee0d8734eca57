"""Which code of CAMEO does an act have? A lexicon of our own, and how a stance towards an act changes its code."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple, TypeAlias

from detente.evidence.grammar import kinds, plurals
from detente.evidence.lists import rows

_STANCES = ("AGREE", "DEMAND", "APPEAL", "REJECT", "THREATEN", "END")


Form: TypeAlias = tuple[tuple[str, ...], str, str]
"""An inflected verb: its words after the first, its lemma, and ``base``, ``s``, ``ed`` or ``ing``."""


class Meaning(NamedTuple):
    """What a verb does. ``equal``: source and target are (a meeting). ``reverse``: the subject is acted upon."""

    code: str
    equal: bool
    reverse: bool


class Lexicon(NamedTuple):
    """Verbs by form, what they mean by object ("" for any), nouns of acts, stances; first words of both."""

    forms: dict[str, list[Form]]
    meanings: dict[str, dict[str, Meaning]]
    nouns: dict[str, tuple[str, bool]]
    stances: dict[str, list[str]]
    starts: set[str]


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of acts."""
    found, classes, section = Lexicon({}, {}, {}, {}, set()), dict[str, set[str]](), ""
    for (line,) in rows("acts"):
        if line.startswith("["):
            section = line.strip("[]")
            continue
        head, _, tail = line.partition(": ")
        verbs, _, objects = tail.partition(" | ")
        listed, (code, *marks) = [w.strip() for w in verbs.split(",")], head.split()
        if section == "classes":
            classes[head] = {form for word in listed for form in plurals(word)}
        elif section == "nouns":
            found.nouns.update({form: (code, "r" in marks) for word in listed for form in plurals(word)})
        else:
            named = [w.strip() for w in objects.split(",")] if objects else []
            wanted = {f for w in named for f in (classes[w[1:]] if w[0] == "@" else plurals(w))}
            for verb in listed:
                first, *rest = verb.split()
                for form, tag in kinds(first):
                    learnt = {*found.forms.get(form, ()), ((*rest,), verb, tag)}
                    found.forms[form] = sorted(learnt, key=lambda one: (-len(one[0]), one))
                if section == "operators":
                    found.stances.setdefault(verb, []).append(head)
                    continue
                meanings = found.meanings.setdefault(verb, {})
                for noun in wanted or [""]:
                    meanings.setdefault(noun, Meaning(code, "r" in marks, "<" in marks))
                found.starts.update(noun.split()[0] for noun in wanted)
    found.starts.update(noun.split()[0] for noun in found.nouns)
    return found


@cache
def _roots() -> dict[str, dict[str, str]]:
    """Return by stance, and for the class, what each root becomes."""
    roots, *columns = zip(*rows("cameo"), strict=True)
    named = zip(("class", *_STANCES), columns, strict=True)
    return {
        name: {root: cell for root, cell in zip(roots, cells, strict=True) if cell != "-"}
        for name, cells in named
    }


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
