"""Who does it, and what follows? Subjects, verb groups and complements by expressions over a sentence's tags."""

from __future__ import annotations

import re
from typing import NamedTuple

from detente.evidence.grammar import Verb, forms, verbs
from detente.evidence.lists import group
from detente.evidence.table import Sentence

VERBAL = "BHMVzdgnv"
_AUXILIARY = "BHMGAs"
_CHUNK = "(?:D[Vvgdn]?)?[NRrx9vs.&’]*[NRrx9]"  # a noun phrase without prepositions
_PHRASE = re.compile(
    rf"(?P<one>{_CHUNK})(?:(?P<joint>f|\+|(?<=[NRr])[FI]){_CHUNK}(?:(?:f|\+|(?<=[NRr])[FI]){_CHUNK})?)?\Z"
)
_FAR, _APART = 40, 18  # pieces of the longest noun phrase; between a name and its verb, set off by marks
_PLAIN = r"(?P<quote>[,:—]?Q)|(?P<colon>:.)|(?P<that>K)|(?P<wh>[Wiw])|(?P<to>I(?=[VxBHGdn]))"
_FOLLOWS = re.compile(rf"{_PLAIN}|(?P<end>[,;:)C+—]|\Z)|(?P<prep>[PFfU])|(?P<thing>)")
_HEARD = re.compile(rf"[^BHMC+,:;—]{{1,14}}?(?:,?{_PLAIN}|(?<=[NRrxOT])(?P<clause>S))")
_LATER = re.compile(r"[PFI][^K:]{1,13}?(?:(?P<quote>[,:]Q)|(?P<colon>:.)|(?P<that>K))")
_CLAUSE = re.compile(r"S|[^,;:CKWQIi]{1,10}?(?:[BHM]|(?<=[NRrxA])[zd])")
_HEARERS = frozenset(("tell", "direct", "promise"))
_SAYING = frozenset(("say", "assert", "think", "tell", "show", "write"))


class Subject(NamedTuple):
    """A noun phrase or pronoun: its pieces [first, last), those of its head, and what it is."""

    first: int
    last: int
    head: tuple[int, int]
    kind: str  # `name`, `role`, `pronoun`, `it`, `first` (I, we), `other`


class Cue(NamedTuple):
    """A verb of the list at its pieces [at, end), with its auxiliaries and adverbs from ``first`` on."""

    first: int
    at: int
    end: int
    verb: Verb
    form: str  # `ing`, `progressive`, `passive`, `perfect`, or the tag of a plain form


class Complement(NamedTuple):
    """The pattern to the right of a cue, the piece where it begins and the one where the cue ends."""

    name: str
    first: int
    cue_end: int


def verb_group(tags: str, at: int) -> int:
    """Return where the auxiliaries and adverbs of the verb at a place begin."""
    return len(tags[:at].rstrip(_AUXILIARY))


def cues(s: Sentence) -> list[Cue]:
    """Return the verbs of a sentence that may report, of several entries the longest; no nouns like ``claims``."""
    found = list[Cue]()
    for at in [at for at, tag in enumerate(s.tags) if tag in "VzdgnB"]:
        base, tag = forms().get(s.lower[at], ("", ""))
        for verb in verbs().get(base, ()):
            end = at + 1
            if verb.rest:
                if verb.rest[0] not in s.lower[end : end + 2]:
                    continue
                end += s.tags[end : end + 1] in ("A", "G") and s.lower[end] != verb.rest[0]
                end += len(verb.rest)
                if (*s.lower[end - len(verb.rest) : end],) != verb.rest:
                    continue
            first = verb_group(s.tags, at)
            if not _is_noun(s, at, end):
                found.append(Cue(first, at, end, verb, _form(s.tags[first:at], tag)))
            break
    return found


def _form(auxiliaries: str, tag: str) -> str:
    be = "B" in auxiliaries
    if tag == "g":
        return "progressive" if be else "ing"
    if be and tag in "dn":
        return "passive"
    return "perfect" if "H" in auxiliaries or "M" in auxiliaries else tag


def _is_noun(s: Sentence, at: int, end: int) -> bool:
    """Say whether a form like ``claims`` or ``report`` is a noun here."""
    before, tag = s.tags[at - 1 : at], s.tags[at]
    if tag not in "Vz" or not before or before in "D9PFfs":
        return before != "" and (tag in "Vz" or (tag in "dn" and before in "Ds"))
    plural = s.lower[at - 1].endswith("s") or s.lower[at - 1] in group("plural_subjects")
    followed = s.tags[end : end + 1] in ("f", *VERBAL)
    return before in "xr" and (followed or (tag == "V" and not plural))


def phrase(tags: str, end: int, low: int = 0) -> Subject | None:
    """Return the pronoun or the noun phrase that ends at a place, with up to two that prepositions join to it."""
    found = _PHRASE.search(tags, max(low, end - _FAR), end)
    if found is None:
        return None
    first, last = found.start(), end if found["joint"] in (None, "+") else found.end("one")
    named = tags[last - 1] in "NR"
    head = max(first, len(tags[: last - 1].rstrip("N." if named else "NRrx"))), last
    if tags[last - 1] == "R" and tags[last:end].endswith(("NNN", "RNN")):
        head = end - 2, end  # "Former Secretary of State Ana Lobo"
    kind = "role" if tags[last - 1] in "rR" else "name" if named else "other"
    return Subject(first, end, head, kind)


def subject(s: Sentence, at: int, low: int = 0) -> Subject | None:
    """Return the subject that ends directly before a place, past an apposition, a date or ``who``."""
    tags, end = s.tags, len(s.tags[:at].rstrip("T"))
    end = len(tags[:end].rstrip("PFA")) if end < at else end  # "on Friday"
    end = end if end > low else at
    last = tags[end - 1] if end > low else ""
    if last == "S":
        word = s.lower[end - 1]
        kind = "it" if word == "it" else "first" if word in ("i", "we", "you") else "pronoun"
        return Subject(end - 1, end, (end - 1, end), kind)
    if last == "w" or (last == "K" and tags[end - 2 : end - 1] in ("N", "R", "r", "x")):
        before = end - 1 - (tags[end - 2 : end - 1] in (",", "—"))
        found = phrase(tags, before, low) or _past_apposition(tags, before, low)
        return found._replace(last=end) if found else Subject(end - 1, end, (end - 1, end), "pronoun")
    return _past_apposition(tags, end, low) if last in (",", ")", "—") else phrase(tags, end, low)


def _past_apposition(tags: str, end: int, low: int) -> Subject | None:
    closing = tags[end - 1 : end]
    for place in range(end - 2, max(low, end - 2 - _APART), -1):
        if tags[place] == ("(" if closing == ")" else closing) and (found := phrase(tags, place, low)):
            named = found.kind == "role" and re.fullmatch("[NR]+", tags[place + 1 : end - 1])
            head = (place + 1, end - 1) if named else found.head
            return found._replace(last=end - (closing == ","), head=head)
    return None


def main_subject(s: Sentence, before: int) -> Subject | None:
    """Return the subject of the first finite verb, for a participle or a purpose that follows."""
    for at in range(1, before):
        if s.tags[at] in "BHMzdv":
            found = subject(s, verb_group(s.tags, at))
            if found is not None and (found.kind not in ("other", "first") or found.first == 0):
                return found
    return None


def complement(s: Sentence, cue: Cue) -> Complement:
    """Return the pattern that follows a cue.

    Such as ``quote``, ``that``, ``to``, ``clause``, ``thing`` or ``end``; ``hearer-`` before it if one is between.
    """
    tags, classes, end = s.tags, {*cue.verb.classes}, cue.end
    at = len(tags) - len(tags[end:].lstrip("AT"))
    found, far = _FOLLOWS.match(tags, at), None
    if found and found.lastgroup in ("prep", "thing"):
        hearer = _HEARD.match(tags, at) if _HEARERS & classes else None
        far = hearer or (_LATER.match(tags, at) if found["prep"] and s.lower[at] != "with" else None)
        found = far or found
        if far is None and found["prep"] and at + 1 < len(tags):
            return Complement("prep", at + 1, at + 1)
        if far is None and _SAYING & classes and _CLAUSE.match(tags, at):
            return Complement("clause", at, end)
    name = (found and found.lastgroup) or "end"
    first = found.start(name) if found else at
    marked = name in ("quote", "colon") and tags[first] != "Q"
    if marked and tags[first] != "," and far is None:
        end = first + 1  # "added:"
    hears = "hearer-" if far is not None and far.re is _HEARD else ""
    return Complement(hears + name, first + marked, end)
