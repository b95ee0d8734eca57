"""Which words report? Cue verbs in all their forms with their patterns, and the words of closed classes."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from detente.evidence.inflection import FORMS, inflected, irregular
from detente.evidence.lists import rows, words

_BRITISH = ("signal", "label", "counsel", "marvel", "quarrel", "channel", "model")
"""Double their last letter in British spelling only."""


class Verb(NamedTuple):
    """A verb that may report, as the list has it."""

    lemma: str
    rest: tuple[str, ...]
    """Its particle or preposition: ``call for`` has ``("for",)``."""
    classes: tuple[str, ...]


class Form(NamedTuple):
    """What a word may be a form of."""

    base: str
    slots: frozenset[str]
    """Of ``FORMS``."""


@cache
def verbs() -> dict[str, tuple[Verb, ...]]:
    """Return the cue verbs by their first word, the longest first."""
    found: dict[str, list[Verb]] = {}
    for lemma, classes in rows("cue_verbs"):
        first, *rest = lemma.split()
        found.setdefault(first, []).append(Verb(lemma, tuple(rest), tuple(classes.split())))
    return {first: tuple(sorted(held, key=lambda verb: -len(verb.rest))) for first, held in found.items()}


@cache
def forms() -> dict[str, Form]:
    """Return every inflected form of the cue verbs and of the irregular verbs, by the word."""
    found: dict[str, dict[str, set[str]]] = {}
    for base in {*verbs(), *irregular()}:
        spelt = [inflected(base), *([inflected(base, doubled=True)] if base in _BRITISH else [])]
        for slot, word in (pair for words_of in spelt for pair in zip(FORMS, words_of, strict=True)):
            found.setdefault(word, {}).setdefault(base, set()).add(slot)
    return {word: Form(*_likeliest(held)) for word, held in found.items()}


def _likeliest(held: dict[str, set[str]]) -> tuple[str, frozenset[str]]:
    base = min(held, key=lambda base: (base not in verbs(), base))
    return base, frozenset(held[base])


_NOT_ADVERBS = ("family", "ally", "reply", "supply", "italy", "rally", "bully", "early", "daily", "weekly")


@cache
def closed() -> dict[str, str]:
    """Return the tag of every word of a closed class."""
    return {row[0]: row[1] for row in rows("closed_words")}


@lru_cache(1 << 16)
def tagged(word: str) -> tuple[str, str]:
    """Return a word in lower case and its coarse tag.

    ``V`` a form of a verb, ``v`` another word in -ed, ``N`` a capital, ``9`` a number, ``K`` that, ``I`` to, ``x``
    other, a mark itself; else the tag that the list of closed classes gives.
    """
    lower = word.lower()
    return lower, _tag(word, lower)


def _tag(word: str, lower: str) -> str:
    known = closed().get(lower) if word != "US" else "N"
    if known and not (known == "T" and word.islower() and lower in ("march", "sun", "mar", "sat", "may")):
        return known
    if word[0].isdigit():
        return "9"
    if word[0].isupper():
        return "N"
    if not word[0].isalpha():
        return word
    if lower in forms():
        return "V"
    if lower.endswith("ly") and lower not in _NOT_ADVERBS:
        return "A"
    if lower.endswith("ed") and len(lower) > 4 and lower not in ("hundred", "indeed", "kindred", "sacred"):
        return "v"
    return "x"


def is_role(word: str) -> bool:
    """Say whether a lower-case word names people or a body that speaks."""
    return word in words("roles")


__all__ = ["Form", "Verb", "closed", "forms", "is_role", "tagged", "verbs"]
