"""Which words are verbs, in which form, and of which kind is any other word? Facts of English, from the lists."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from detente.evidence.lists import rows, words

_OF_FORM = {"ing": "g", "ed": "d", "s": "z", "base": "V", "en": "n"}  # the likelier reading first


class Verb(NamedTuple):
    """A verb that may report, as the list has it."""

    lemma: str
    rest: tuple[str, ...]  # its particle or preposition: `call for` has `("for",)`
    classes: tuple[str, ...]


@cache
def _listed(size: int) -> dict[str, tuple[str, ...]]:
    """Return the irregular verbs with all their forms (5), or those that double their last letter (1)."""
    return {row[0]: row for row in rows("verb_forms") if len(row) == size}


def inflected(verb: str) -> tuple[str, ...]:
    """Return base, third person, past, participle and -ing of a verb, irregular or not."""
    if verb in _listed(5):
        return _listed(5)[verb]
    stem = verb + verb[-1] if verb in _listed(1) else verb
    on_y = verb.endswith("y") and verb[-2:-1] not in "aeiou"
    if verb.endswith("e"):
        past = verb + "d"
        going = verb + "ing" if verb.endswith(("ee", "oe", "ye")) else verb[:-1] + "ing"
    else:
        past, going = verb[:-1] + "ied" if on_y else stem + "ed", stem + "ing"
    sibilant = verb.endswith(("s", "sh", "ch", "x", "z", "o"))
    third = verb[:-1] + "ies" if on_y else verb + ("es" if sibilant else "s")
    return verb, third, past, past, going


def kinds(verb: str) -> tuple[tuple[str, str], ...]:
    """Return the forms of a verb, each with its kind: ``base``, ``s``, ``ing``, or ``ed`` for the others."""
    base, third, past, participle, going = inflected(verb)
    return (*{base: "base", third: "s", going: "ing"}.items(), *{past: "ed", participle: "ed"}.items())


def plurals(noun: str) -> tuple[str, ...]:
    """Return a noun and its plural."""
    if noun.endswith("man"):
        return noun, noun[:-3] + "men"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun, noun[:-1] + "ies"
    if noun.endswith(("s", "men")):
        return (noun,)
    return noun, noun + ("es" if noun.endswith(("ch", "sh", "x")) else "s")


@cache
def verbs() -> dict[str, tuple[Verb, ...]]:
    """Return the cue verbs by their first word, the longest first."""
    found: dict[str, list[Verb]] = {}
    for lemma, classes in rows("cue_verbs"):
        first, *rest = lemma.split()
        found.setdefault(first, []).append(Verb(lemma, tuple(rest), tuple(classes.split())))
    return {first: tuple(sorted(held, key=lambda verb: -len(verb.rest))) for first, held in found.items()}


@cache
def forms() -> dict[str, tuple[str, str]]:
    """Return base and tag of every inflected form of the cue verbs and of the irregular verbs."""
    found: dict[str, dict[str, set[str]]] = {}
    for base in {*verbs(), *_listed(5)}:
        spelt = [*zip(("base", "s", "ed", "en", "ing"), inflected(base), strict=True)]
        if base.endswith(("al", "el")):  # "signalled", as in British spelling
            spelt += [("ed", base + "led"), ("ing", base + "ling")]
        for slot, word in spelt:
            found.setdefault(word, {}).setdefault(base, set()).add(slot)
    bases = {word: min(held, key=lambda base: (base not in verbs(), base)) for word, held in found.items()}
    return {
        word: (base, next(tag for slot, tag in _OF_FORM.items() if slot in found[word][base]))
        for word, base in bases.items()
    }


_CLOSED = {row[0]: row[1] for row in rows("closed_words")}
_NOT_ADVERBS = ("family", "ally", "reply", "supply", "italy", "rally", "bully", "early", "daily", "weekly")
_NOT_VERBS = ("hundred", "indeed", "kindred", "sacred")
_NOT_TIMES = ("march", "sun", "mar", "sat", "may")


@lru_cache(1 << 16)
def tagged(word: str) -> tuple[str, str]:
    """Return a word in lower case and its coarse tag, one character.

    Forms of verbs are ``V`` base and ``z`` third person (``y`` and ``Y`` if also role nouns), ``d`` past, ``n``
    participle, ``g`` -ing, ``v`` an unknown one in -ed; ``N`` a capital, ``R`` one of a role, ``r`` a role noun,
    ``9`` a number, ``—`` a dash, ``x`` any other word, a mark itself. The list of closed classes has the others.
    """
    lower = word.lower()
    return lower, _tag(word, lower)


def _tag(word: str, lower: str) -> str:
    known = _CLOSED.get(lower) if word != "US" else "N"
    if known and not (known == "T" and word.islower() and lower in _NOT_TIMES):
        return known
    if word[0].isdigit():
        return "9"
    if word[0].isupper():
        return "R" if lower in words("roles") else "N"
    if not word[0].isalpha():
        return "—" if word in ("–", "--", "―") else word[0]
    if lower in forms():
        tag = forms()[lower][1]
        return {"V": "y", "z": "Y"}.get(tag, tag) if lower in words("roles") else tag
    if lower in words("roles"):
        return "r"
    if lower.endswith("ly") and lower not in _NOT_ADVERBS:
        return "A"
    return "v" if lower.endswith("ed") and len(lower) > 4 and lower not in _NOT_VERBS else "x"
