"""Which characters are these bytes, and in which language? Decoded once; only English is read so far."""

from __future__ import annotations

import codecs
import re
import tomllib
import unicodedata
from collections import Counter
from contextlib import suppress
from functools import cache

from detente.evidence.documents.paper import Paper
from detente.evidence.lists import listed

READ = frozenset({"en"})
KNOWN = re.compile(
    r"(?:utf-?(?:8|16|32)(?:[-_]?[lb]e)?|(?:us-?)?ascii|latin-?1|iso-?8859-?\d{1,2}|(?:windows-?|cp)\d{3,5}|"
    r"koi8-[ru]|macroman|mac(?:intosh|cyrillic)|gb2312|gbk|gb18030|big5|euc-?(?:kr|jp)|shift-?jis|sjis|iso-?2022-jp)"
)
"""Charsets that may be declared; Python has others, which unpack or execute."""
AS_IN_BROWSERS = {"iso88591": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "usascii": "cp1252"}
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
SAMPLE = 20_000
CYRILLIC = 0.35
"""Share of bytes from 0xC0 on among letters from which a page is Cyrillic; French has under 0.1."""
SAMPLED, FEWEST_LETTERS = 2_000, 20
"""Characters by which a language is told, and letters that must be among them."""
_WORD = re.compile(r"[^\W\d_]+")
# The few bytes that a code page leaves open become controls, as in browsers.
codecs.register_error("detente.control", lambda fault: (chr(fault.object[fault.start]), fault.end))  # type: ignore[attr-defined]


def decode(data: bytes, paper: Paper, declared: str | None = None) -> str:
    """Return the text, line ends as they are; what must be told of the decoding becomes a note.

    Args:
        data: the bytes; a byte order mark is no part of the text.
        paper: takes the notes.
        declared: charset that the document names.
    """
    for mark, name in MARKS.items():
        if data.startswith(mark):
            return _certainly(data[len(mark) :], name, paper)
    if declared is not None:
        codec = _codec(declared)
        if codec is not None:
            with suppress(UnicodeDecodeError):
                return data.decode(codec)
        why = "which is not known" if codec is None else "which its bytes are not"
        paper.notes.append(f"declares the encoding {declared[:40]!r}, {why}")
    sample = data[:SAMPLE]
    half = max(len(sample) // 2, 1)
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros > 0.4 and others < 0.1:
            paper.notes.append(f"the encoding is not declared; read as {name.upper()}")
            return _certainly(data, name, paper)
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8")
    upper = sum(byte >= 0xC0 for byte in sample)
    cyrillic = upper > CYRILLIC * (upper + len(re.findall(rb"[A-Za-z]", sample)))
    page, where = ("1251", "Cyrillic") if cyrillic else ("1252", "Western European")
    paper.notes.append(f"is not UTF-8; read as {where} (Windows-{page})")
    return data.decode(f"cp{page}", "detente.control")


def _codec(declared: str) -> str | None:
    name = declared.strip().strip("\"'").casefold().replace("_", "-")
    if KNOWN.fullmatch(name):
        with suppress(LookupError):
            return codecs.lookup(AS_IN_BROWSERS.get(name.replace("-", ""), name)).name
    return None


def _certainly(data: bytes, name: str, paper: Paper) -> str:
    text = data.decode(name, "replace")
    if (wrong := text.count("\ufffd") - data.count("\ufffd".encode(name))) > 0:
        paper.notes.append(f"{wrong} places are no {name.upper()}; each is shown as \ufffd")
    return text


@cache
def _languages() -> dict[str, dict[str, str]]:
    return tomllib.loads(listed("languages.toml"))


def language_of(text: str, declared: str | None = None) -> str | None:
    """Return the language of a text as BCP 47, by its script and commonest words.

    What it declares counts where the text does not tell; None where neither tells.
    """
    sample = text[:SAMPLED].casefold()
    stated = match[0] if (match := re.match(r"[a-z]{2,3}\b", (declared or "").casefold())) else None
    scripts: Counter[str] = Counter()
    for character, count in Counter(filter(str.isalpha, sample)).items():
        scripts[re.split("[ -]", unicodedata.name(character, "?"))[0]] += count
    if scripts.total() < FEWEST_LETTERS:
        return stated
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > 0.1 * scripts.total():
        return "ja"
    script = scripts.most_common(1)[0][0]
    if script == "LATIN":
        return _latin(sample, stated)
    if _languages().get(stated or "", {}).get("in") == script:
        return stated
    ukrainian, russian = (sum(map(sample.count, letters)) for letters in ("іїєґ", "ыэёъ"))
    if ukrainian > russian:
        return "uk"
    return next((code for code, known in _languages().items() if known.get("script") == script), stated)


def _latin(sample: str, stated: str | None) -> str | None:
    words = Counter(_WORD.findall(sample))
    shares = {
        language: sum(words[word] for word in known["words"].split()) / max(words.total(), 1)
        for language, known in _languages().items()
        if "words" in known
    }
    first, second = sorted(shares.values(), reverse=True)[:2]
    best = max(shares, key=lambda language: shares[language])
    if first < 0.08 or first < 1.25 * second:
        return stated or ("en" if best == "en" else None)
    return best


def name_of(language: str) -> str:
    """Return the name of a language."""
    return _languages().get(language, {}).get("name", language)
