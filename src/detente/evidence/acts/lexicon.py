"""Which code of CAMEO does an act have? A lexicon of our own, and how a stance towards an act changes its code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from detente.evidence.lists import rows

_IRREGULAR = (
    "meet met met|fight fought fought|strike struck struck|shoot shot shot|hit hit hit|send sent sent|give gave given"
    "|sell sold sold|hold held held|take took taken|seek sought sought|break broke broken|cut cut cut|drive drove driven"
    "|withdraw withdrew withdrawn|blow blew blown|say said said|tell told told|speak spoke spoken|forbid forbade forbidden"
    "|freeze froze frozen|flee fled fled|leave left left|make made made|begin began begun|put put put|set set set"
    "|lay laid laid|bring brought brought|buy bought bought|forgive forgave forgiven|beat beat beaten|shut shut shut"
    "|overrun overran overrun|lend lent lent|find found found|swear swore sworn|get got got|keep kept kept|let let let"
    "|quit quit quit|go went gone|slay slew slain|fly flew flown|throw threw thrown|burn burned burnt|bow bowed bowed"
    "|build built built|retake retook retaken|come came come|pay paid paid|draw drew drawn|hang hanged hanged"
    "|see saw seen|walk walked walked|hurt hurt hurt|rise rose risen|win won won|lead led led"
)
_DOUBLED = frozenset(
    ["ban", "stop", "snub", "rebut", "submit", "permit", "admit", "commit", "compel", "expel", "repel", "dispel", "cancel", "rob", "stab", "bar", "plan", "ship", "drop", "scrap", "slap", "kidnap", "club", "tar", "incur", "concur", "hijack", "rebel", "plot", "pressure"]
) - {"hijack", "pressure", "cancel"}

# What becomes of an act by its root when somebody agrees to it, demands it, refuses it, threatens it. Longest first.
_POSITIVE = ["045", "057", "0871", "0811", "081", "083", "084", "085", "086", "087", "04", "05", "06", "07", "08", "03", "02"]
_COMPOSED = {
    "AGREE": ["039", "030", "0356", "034", "0351", "034", "0353", "0354", "0355", "0356", "036", "032", "031", "033", "035", "030", "030"],
    "DEMAND": ["108", "107", "107", "104", "1051", "104", "1053", "1054", "1055", "1056", "106", "102", "101", "103", "105", "100", "100"],
    "APPEAL": ["028", "027", "027", "024", "0251", "024", "0253", "0254", "0255", "0256", "022", "022", "021", "023", "025", "020", "020"],
    "REJECT": ["126", "120", "127", "123", "1241", "123", "1243", "1244", "1245", "1246", "125", "120", "121", "122", "124", "120", "120"],
}
_THREATS = {
    "161": "1313", "162": "1311", "163": "1312", "164": "134", "165": "135", "166": "136", "16": "131", "14": "133",
    "172": "132", "174": "136", "17": "137", "15": "138", "18": "138", "19": "138", "20": "138", "13": "130",
}  # fmt: skip
_ENDED = {
    "191": "0872", "163": "085", "172": "0814", "173": "0841", "15": "0873", "18": "087", "19": "087", "20": "087",
    "045": "165", "042": "160", "04": "164", "05": "160", "06": "160", "07": "162", "162": "070", "161": "050", "17": "080",
}  # fmt: skip
_PLOVER = {
    "01": "STATEMENT", "02": "APPEAL", "03": "AGREE", "04": "CONSULT", "05": "SUPPORT", "06": "COOPERATE", "07": "AID",
    "0813": "RETREAT", "0814": "RETREAT", "080": "CONCEDE", "081": "CONCEDE", "082": "CONCEDE", "083": "CONCEDE",
    "08": "RETREAT", "09": "ACCUSE", "10": "REQUEST", "11": "ACCUSE", "12": "REJECT", "13": "THREATEN", "14": "PROTEST",
    "15": "MOBILIZE", "16": "SANCTION", "17": "COERCE", "18": "ASSAULT", "19": "ASSAULT", "20": "ASSAULT",
}  # fmt: skip


class Form(NamedTuple):
    """An inflected verb: its words after the first, its lemma, ``base``, ``s``, ``ed`` (or participle) or ``ing``."""

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


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of acts."""
    found, classes, section = Lexicon(), {}, ""
    for (line,) in rows("acts"):
        if line.startswith("["):
            section = line.strip("[]")
            continue
        head, _, tail = line.partition(": ")
        words, _, objects = tail.partition(" | ")
        listed = [w.strip() for w in words.split(",")]
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
    for form, tag in inflected(first):
        entry = Form(tuple(rest), verb, tag)
        known = lexicon.forms.setdefault(form, [])
        if entry not in known:
            known.append(entry)
            known.sort(key=lambda one: -len(one.rest))


def inflected(verb: str) -> Iterator[tuple[str, str]]:
    """Yield the forms of a verb with their kind."""
    yield verb, "base"
    if verb.endswith(("s", "x", "ch", "sh", "z", "o")):
        yield verb + "es", "s"
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        yield verb[:-1] + "ies", "s"
    else:
        yield verb + "s", "s"
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")) else verb
    if verb in _DOUBLED or verb in (
        "cut",
        "hit",
        "get",
        "set",
        "put",
        "let",
        "quit",
        "begin",
        "shut",
        "forbid",
        "overrun",
    ):
        stem += verb[-1]
    yield stem + "ing", "ing"
    irregular = _irregular().get(verb)
    if irregular:
        yield from ((form, "ed") for form in sorted(set(irregular)))
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        yield verb[:-1] + "ied", "ed"
    else:
        yield verb + "d" if verb.endswith("e") else stem + "ed", "ed"


@cache
def _irregular() -> dict[str, tuple[str, ...]]:
    return {base: tuple(forms) for base, *forms in (entry.split() for entry in _IRREGULAR.split("|"))}


def composed(stance: str, code: str) -> str | None:
    """Return the code of an act that somebody agrees to, demands, refuses, threatens or ends; None where it is none.

    CAMEO mirrors the codes of cooperation in those of consent (03), appeal (02), demand (10) and refusal (12), and
    the codes of conflict in those of threats (13).
    """
    if stance in ("DO", "SAY"):
        return code
    if stance == "ACCUSE":
        return "112"
    if stance == "END":
        return _longest(_ENDED, code)
    if stance == "AGREE" and code[:2] in ("16", "17"):
        return code
    if stance == "WILL":
        stance = "AGREE"
    if stance == "THREATEN":
        return _longest(_THREATS, code) or "130"
    positive = dict(zip(_POSITIVE, _COMPOSED[stance], strict=True))
    if found := _longest(positive, code):
        return found
    if stance == "AGREE":
        return _longest(_THREATS, code) or code
    return {"DEMAND": "100", "APPEAL": "020"}.get(stance)


def act_of(code: str) -> str:
    """Return the class of PLOVER that a code of CAMEO falls in; STATEMENT and APPEAL are of CAMEO alone."""
    return _longest(_PLOVER, code) or "STATEMENT"


def _longest(table: dict[str, str], code: str) -> str | None:
    return next((table[code[:size]] for size in range(len(code), 1, -1) if code[:size] in table), None)


__all__ = ["Form", "Lexicon", "Meaning", "act_of", "composed", "inflected", "lexicon", "plurals"]
