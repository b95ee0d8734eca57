"""In which forms does a verb stand?"""

from __future__ import annotations

from functools import cache

from detente.evidence.lists import rows

FORMS = ("base", "s", "ed", "en", "ing")


def inflected(verb: str, *, doubled: bool | None = None) -> tuple[str, str, str, str, str]:
    """Return base, third person, past, participle and -ing of a verb, irregular or not.

    ``doubled`` says whether the last letter doubles ("admitted"); by default the list of verbs says so.
    """
    if doubled is None and verb in _irregular():
        base, third, past, participle, going = _irregular()[verb]
        return base, third, past, participle, going
    stem = verb + verb[-1] if (verb in _doubling() if doubled is None else doubled) else verb
    on_y = verb.endswith("y") and verb[-2:-1] not in "aeiou"
    if verb.endswith("e"):
        past = verb + "d"
        going = verb + "ing" if verb.endswith(("ee", "oe", "ye")) else verb[:-1] + "ing"
    else:
        past, going = verb[:-1] + "ied" if on_y else stem + "ed", stem + "ing"
    if on_y:
        third = verb[:-1] + "ies"
    else:
        third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")
    return verb, third, past, past, going


def kinds(verb: str) -> tuple[tuple[str, str], ...]:
    """Return the forms of a verb, each with its kind: ``base``, ``s``, ``ing``, or ``ed`` for the others."""
    base, third, past, participle, going = inflected(verb)
    return tuple({base: "base", third: "s", going: "ing"}.items()) + tuple(
        {past: "ed", participle: "ed"}.items()
    )


def plurals(noun: str) -> tuple[str, ...]:
    """Return a noun and its plural."""
    if noun.endswith("man"):
        return noun, noun[:-3] + "men"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun, noun[:-1] + "ies"
    return (
        (noun,)
        if noun.endswith(("s", "men"))
        else (noun, noun + ("es" if noun.endswith(("ch", "sh", "x")) else "s"))
    )


@cache
def _irregular() -> dict[str, tuple[str, ...]]:
    return {row[0]: row for row in rows("verb_forms") if len(row) > 1}


@cache
def _doubling() -> frozenset[str]:
    return frozenset(row[0] for row in rows("verb_forms") if len(row) == 1)


def irregular() -> frozenset[str]:
    """Return the verbs that are not regular."""
    return frozenset(_irregular())


__all__ = ["FORMS", "inflected", "irregular", "kinds", "plurals"]
