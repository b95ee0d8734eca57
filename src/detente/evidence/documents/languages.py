"""In which language is a text? By its script and its commonest words; only English is read so far."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from functools import cache

from detente.evidence.documents.paper import listed

READ = frozenset({"en"})
SAMPLE = 6_000
FEWEST_LETTERS = 20
_WORD = re.compile(r"[^\W\d_]+")


@cache
def _known() -> dict[str, dict[str, str]]:
    return tomllib.loads(listed("languages.toml"))


@cache
def _commonest() -> dict[str, frozenset[str]]:
    return {code: frozenset(known["words"].split()) for code, known in _known().items() if "words" in known}


def language_of(text: str, declared: str | None = None) -> str | None:
    """Return the language of a text as BCP 47; what it declares counts where the text does not tell.

    Returns None where neither tells.
    """
    sample = text[:SAMPLE]
    scripts: Counter[str] = Counter()
    for character, count in Counter(filter(str.isalpha, sample)).items():
        scripts[unicodedata.name(character, "?").partition(" ")[0].partition("-")[0]] += count
    stated = _stated(declared)
    if not scripts or scripts.total() < FEWEST_LETTERS:
        return stated
    script = scripts.most_common(1)[0][0]
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > 0.1 * scripts.total():
        return "ja"
    if script == "CYRILLIC":
        return _cyrillic(sample, stated)
    for code, known in _known().items():
        if known.get("script") == script:
            return stated if stated in {"fa", "ur", "ja"} else code
    return stated if script != "LATIN" else _latin(sample, stated)


def _stated(declared: str | None) -> str | None:
    match = re.match(r"([A-Za-z]{2,3})\b", declared or "")
    return match[1].casefold() if match else None


def _cyrillic(sample: str, stated: str | None) -> str:
    folded = sample.casefold()
    ukrainian = sum(map(folded.count, "іїєґ"))
    russian = sum(map(folded.count, "ыэёъ"))
    if not ukrainian and not russian:
        return stated or "ru"
    if stated in {"be", "bg", "sr", "mk", "kk"}:
        return stated
    return "uk" if ukrainian > russian else "ru"


def _latin(sample: str, stated: str | None) -> str | None:
    words = Counter(_WORD.findall(sample.casefold()))
    shares = {
        language: sum(words[word] for word in likely) / max(words.total(), 1)
        for language, likely in _commonest().items()
    }
    first, second = sorted(shares.values(), reverse=True)[:2]
    if first < 0.08 or first < 1.25 * second:
        return stated or ("en" if shares["en"] == first else None)
    return max(shares, key=lambda language: shares[language])


def name_of(language: str | None) -> str:
    """Return the name of a language."""
    return _known().get(language or "", {}).get("name", language or "an unknown language")
