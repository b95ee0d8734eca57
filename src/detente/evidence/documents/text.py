"""What does a plain text or Markdown say, in which characters and in which language? Kept as it is."""

from __future__ import annotations

import codecs
import re
import tomllib
import unicodedata
from collections import Counter
from contextlib import suppress
from typing import Any

from detente.evidence.documents.paper import Blocks, Paper, is_furniture
from detente.evidence.lists import listed
from detente.evidence.records import Span

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
# Code → name, the script that tells a language or that it shares (`in`), and its commonest words.
_LANGUAGES: dict[str, dict[str, Any]] = {
    code: of | {"words": frozenset(of.get("words", "").split())}
    for code, of in tomllib.loads(listed("languages.toml")).items()
}
CYRILLIC = 0.35  # share of bytes from 0xC0 on that tells a Cyrillic page; French has under 0.1
SAMPLED, FEWEST_LETTERS = 2_000, 20  # characters by which a language is told, and letters among them
_WORD = re.compile(r"[^\W\d_]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
NAMES = ("title", "author", "publisher", "date", "url", "language", "licence")
KEYS = dict(zip(NAMES, NAMES, strict=True)) | {
    **dict.fromkeys(("headline", "subject"), "title"),
    "by": "author",
    "source": "publisher",
    "published": "date",
    "link": "url",
    "lang": "language",
    "license": "licence",
}
MOST_LINES = 30
FEWEST = 2  # lines that a head without a fence must have to be one: a text may well begin with "Source: …"
CONTROLS = 0.05
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_PAIR = re.compile(r"([A-Za-z][\w -]{0,29}):[ \t]*([^\r\n]*)")
_MARKUP = re.compile(
    r"^[ ]{0,3}(?:(`{3,}|~{3,})[^\n]*\n.*?(?:^[ ]{0,3}\1[^\n]*$|\Z)"
    r"|(?:[-*_][ \t]*){3,}$|\[[^\]\n]{1,200}\]:[ \t]*\S[^\n]*|!\[[^\]\n]{0,500}\]\([^)\n]{0,2000}\)[ \t]*$"
    r"|\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)+$)",
    re.MULTILINE | re.DOTALL,
)
_HEADING = re.compile(r"^#[ \t]+(.{1,300}?)[ \t#]*$", re.MULTILINE)
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
        if codec := _codec(declared):
            with suppress(UnicodeDecodeError):
                return data.decode(codec)
        why = "which its bytes are not" if codec else "which is not known"
        paper.notes.append(f"declares the encoding {declared[:40]!r}, {why}")
    sample = data[:SAMPLE]
    zeros = [sample[at::2].count(0) / max(len(sample) // 2, 1) for at in (1, 0)]
    for name, own, other in (("utf-16-le", 0, 1), ("utf-16-be", 1, 0)):
        if zeros[own] > 0.4 and zeros[other] < 0.1:
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


def language_of(text: str, declared: str | None = None) -> str | None:
    """Return the language of a text as BCP 47, by its script and commonest words.

    What it declares counts where the text does not tell; None where neither tells.
    """
    sample = text[:SAMPLED].casefold()
    stated = match[0] if (match := re.match(r"[a-z]{2,3}\b", (declared or "").casefold())) else None
    words = _WORD.findall(sample)
    letters = "".join(words)
    if len(letters) < FEWEST_LETTERS:
        return stated
    foreign = _NOT_ASCII.findall(letters)
    scripts = Counter({"LATIN": len(letters) - len(foreign)})
    for letter, count in Counter(foreign).items():
        scripts[re.split("[ -]", unicodedata.name(letter, "?"))[0]] += count
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > 0.1 * len(letters):
        return "ja"
    script = max(scripts, key=lambda one: scripts[one])
    if script == "LATIN":
        known = {code: of["words"] for code, of in _LANGUAGES.items() if of["words"]}
        shares = {code: sum(map(own.__contains__, words)) / len(words) for code, own in known.items()}
        *_, second, first = sorted(shares, key=lambda code: shares[code])
        if shares[first] < 0.08 or shares[first] < 1.25 * shares[second]:
            return stated or ("en" if first == "en" else None)
        return first
    if _LANGUAGES.get(stated or "", {}).get("in") == script:
        return stated
    ukrainian, russian = (sum(map(sample.count, letters)) for letters in ("іїєґ", "ыэёъ"))
    if ukrainian > russian:
        return "uk"
    return next((code for code, known in _LANGUAGES.items() if known.get("script") == script), stated)


def name_of(language: str) -> str:
    """Return the name of a language."""
    return str(_LANGUAGES.get(language, {}).get("name", language))


def extract(data: bytes, paper: Paper) -> Blocks:
    """Take a plain text as it is, its line ends too; lines that are furniture are marked."""
    text = paper.text = decode(data, paper)
    if len(_CONTROL.findall(text, 0, 20_000)) > CONTROLS * max(len(text[:20_000]), 1):
        paper.refuse("is not text", "name a text, Markdown, HTML, PDF, DOCX or .eml file")
    marked, at = [Span(0, _head(paper))], 0
    for line in text.splitlines(keepends=True):
        if is_furniture(line.rstrip()):
            marked.append(Span(at, at + len(line.rstrip())))
        at += len(line)
    paper.mark(marked)
    return ()


def extract_markdown(data: bytes, paper: Paper) -> Blocks:
    """Take a Markdown text as it is; what is only markup is furniture."""
    extract(data, paper)
    paper.mark(Span(*match.span()) for match in _MARKUP.finditer(paper.text))
    if first := _HEADING.search(paper.text):
        paper.state("title", first[1])
    return ()


def _head(paper: Paper) -> int:
    """Read ``key: value`` lines at the beginning, up to ``---`` or an empty line; return where they end."""
    found: dict[str, str] = {}
    fenced, end = False, 0
    for number, line in enumerate(re.finditer(r"([^\r\n]*)(\r\n|\r|\n|\Z)", paper.text[:10_000])):
        content = line[1].rstrip()
        if number == 0 and content == "---":
            fenced = True
        elif content in ({"---", "..."} if fenced else {""}):
            end = line.end(1) if fenced else end
            break
        elif pair := _PAIR.fullmatch(content):
            if name := KEYS.get(pair[1].strip().casefold()):
                found.setdefault(name, pair[2].strip().strip("\"'"))
            end = 0 if fenced else line.end(1)
        elif not (fenced and content.startswith((" ", "-", "#"))):
            return 0
        if number > MOST_LINES:
            return 0
    if not end or len(found) < (1 if fenced else FEWEST):
        return 0
    for name, value in found.items():
        paper.state(name, value)
    return end
