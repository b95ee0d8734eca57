"""Which words may be a date? Patterns by shape, and the letters that each needs: most text is passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
SEASON = r"(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter)"
ORDINALS = [f"{n}th" for n in ("four", "fif", "six", "seven", "eigh", "nin", "ten", "eleven", "twelf")]
ORDINALS = ["first", "second", "third", *ORDINALS]
ORDINALS += [f"{n}teenth" for n in ("thir", "four", "fif", "six", "seven", "eigh", "nine")]
ORDINALS += ["twentieth", "twenty-first"]
_COUNTS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
NUMBERS = {"a": 1, "an": 1} | {word: n for n, word in enumerate(_COUNTS, 1)}
NUMBERS |= {"fifteen": 15, "twenty": 20, "thirty": 30}
VAGUE = {"a couple of": 2, "several": 4, "a few": 3}
SPECIALS = dict.fromkeys(("today", "tonight", "this morning", "this afternoon", "this evening"), 0)
SPECIALS |= {"yesterday": -1, "last night": -1, "tomorrow": 1}
SPECIALS |= {"the day after tomorrow": 2, "the day before yesterday": -2}

_YEAR = r"(?:1[4-9]\d\d|20\d\d)"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_DAYS = rf"(?P<d>{_DAY})(?:(?:\s?[-–—]\s?|\s(?:to|and)\s)(?P<d2>{_DAY}))?"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_COUNT = rf"(?P<c>\d{{1,3}}|{'|'.join(sorted([*NUMBERS, *VAGUE], key=len, reverse=True))})"
_UNIT = r"(?P<u>day|week|month|quarter|year|decade)"
_PART = (
    r"(?P<part>(?:[Ee]arly|[Mm]id|[Ll]ate)(?:\s+in)?[\s-]\s?"
    r"|(?:the\s+)?(?:end|close|middle|beginning|start|first half|second half)\s+of\s+)?"
)
# A number of four digits is a year after one of these, and is none before a noun that is counted.
_BEFORE_YEAR = (
    r"(?:\b(?:[Ii]n|[Ss]ince|[Bb]y|[Uu]ntil|[Tt]ill|[Bb]efore|[Aa]fter|[Ff]rom|[Tt]o|[Oo]f|[Dd]uring|[Tt]hrough"
    r"|[Tt]hroughout|[Tt]he|[Aa]round|[Aa]bout|[Cc]irca|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|[Aa]nd|[Oo]r|[Ff]or|[Ii]nto"
    r"|a|this|that)\s|[’']s\s|\(|(?=\b(?:[Ee]arly|[Mm]id|[Ll]ate)[\s-])|^)"
)
_COUNTED = (
    r"(?!\s*(?:percent|per\s|%|km|kilomet|metres|meters|miles|tons|tonnes|troops|soldiers|people|men\b|women"
    r"|dollars|euros|rubles|roubles|dead|wounded|killed|prisoners|civilians|others|feet|hours|days|times|seats"
    r"|votes|homes|jobs|refugees|protesters|workers|members|tanks|missiles|drones|million|billion))"
)
_NOUNS = (
    r"(?:election|vote|referendum|war|invasion|agreement|accord|treaty|deal|crisis|summit|coup|revolution"
    r"|annexation|ceasefire|truce|budget|census|pact|memorandum|protests|talks)s?"
)
_LEAD = r"(?i:in|since|by|until|before|after|from|during|this|last|next|through|of)"

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DIGITS = ("14", "15", "16", "17", "18", "19", "20")
_UNITS = ("week", "month", "quarter", "year", "decade", "century", "day")
_IS_UNIT = rf"(?:{'|'.join(_UNITS)})"
_NEAR = {  # what must stand at the letters besides: the cheap test before a pattern
    "iso": r"\d{4}-",
    "dmy": rf"(?<=[\dtdhf]\s){MONTH}",
    "mdy": rf"{MONTH}\s\d",
    "my": rf"{MONTH}(?:,|\sof)?\s\d{{4}}",
    "month": rf"{MONTH}\b",
    "slash": r"(?<=[/.])\d{4}",
    "years": r"\d{4}(?:\s?[-–—]|\s(?:to|until|through|and)\s)",
    "year": r"\d{4}",
    "modifier": rf"\d{{4}}\s{_NOUNS}",
    "relative": r"(?:(?<=his\s)|(?<=ast\s)|(?<=ext\s)|(?<=coming\s)|(?<=previous\s)|(?<=following\s))",
    "of_the": r"(?<=\sof\sthe\s)",
    "ago": rf"(?<=\s){_IS_UNIT}s?\s(?:ago|from|hence)",
    "in": r"(?<=\s)",
    "past": rf"(?<=\s){_IS_UNIT}s\b",
}

PATTERNS: dict[
    str, tuple[tuple[str, ...], str]
] = {  # name: letters of which one must stand there; the pattern
    "iso": (
        _DIGITS,
        rf"(?<![\d/-])(?P<y>{_YEAR})-(?P<m>0[1-9]|1[0-2])(?:-(?P<d>0[1-9]|[12]\d|3[01]))?(?![\d/-])",
    ),
    "dmy": (_MONTHS, rf"\b{_DAYS}\s(?:of\s)?(?P<m>{MONTH})(?:,?\s(?P<y>{_YEAR}))?\b"),
    "mdy": (_MONTHS, rf"\b(?P<m>{MONTH})\s{_DAYS}(?!\d)(?:,?\s(?P<y>{_YEAR}))?\b"),
    "my": (_MONTHS, rf"\b{_PART}(?P<m>{MONTH})(?:,|\sof)?\s(?P<y>{_YEAR})\b"),
    "month": (
        _MONTHS,
        rf"\b(?P<lead>{_LEAD}|(?=[Ee]arly|[Mm]id|[Ll]ate))\s?{_PART}(?P<m>{MONTH})\b(?!\s(?:{_DAY}|{_YEAR})\b)",
    ),
    "slash": (
        _DIGITS,
        rf"(?<![\d/])(?P<a>\d{{1,2}})(?P<s>[/.])(?P<b>\d{{1,2}})(?P=s)(?P<y>{_YEAR})(?![\d/])",
    ),
    "quarter": (
        ("Q1", "Q2", "Q3", "Q4", "quarter"),
        r"\b(?:Q(?P<q>[1-4])\s(?:of\s)?|(?:[Tt]he\s)?(?P<w>first|second|third|fourth|last)\squarter\sof\s)"
        rf"(?P<y>{_YEAR})\b",
    ),
    "season": (
        ("pring", "ummer", "utumn", "fall", "Fall", "winter", "Winter"),
        rf"\b(?P<lead>[Tt]he\s|[Tt]his\s|[Ll]ast\s|[Nn]ext\s)?{_PART}(?P<n>{SEASON})"
        rf"(?:\s(?:of\s)?(?P<y>{_YEAR})(?:[-–/]\d\d(?:\d\d)?)?\b)?",
    ),
    "decade": (("0s",), rf"\b(?:[Tt]he\s)?{_PART}(?:(?P<y>(?:1[4-9]|20)\d0)s|[’'‘](?P<s>\d0)s)\b"),
    "century": (
        ("century",),
        rf"\b(?:[Tt]he\s)?{_PART}(?:(?P<n>1\d|2[01]|[2-9])(?:st|nd|rd|th)|(?P<w>{'|'.join(reversed(ORDINALS))}))"
        r"[\s-]century\b(?!\s(?:BC|B\.C))",
    ),
    "years": (
        _DIGITS,
        rf"\b(?:[Ff]rom\s)?(?:[Bb]etween\s(?=\S+\sand))?(?P<y>{_YEAR})"
        r"(?:\s?[-–—]\s?|\s(?:to|until|through|(?<=[Bb]etween\s\d{4}\s)and)\s)"
        rf"(?P<y2>{_YEAR}|\d\d)(?![\d,.]\d|\d|-){_COUNTED}",
    ),
    "year": (
        _DIGITS,
        rf"{_BEFORE_YEAR}(?P<whole>{_PART}(?P<y>{_YEAR}))\b(?![\d,./]\d|[-–]\d|[’']?s\b){_COUNTED}",
    ),
    "modifier": (_DIGITS, rf"(?P<whole>\b(?P<y>{_YEAR}))\b(?=\s{_NOUNS}\b)"),
    "day": (
        ("oday", "night", "this ", "This ", "esterday", "omorrow"),
        rf"\b(?P<n>(?i:{'|'.join(sorted(SPECIALS, key=len, reverse=True))}))\b",
    ),
    "relative": (
        _UNITS,
        rf"\b{_PART}(?P<dir>[Tt]his|[Ll]ast|[Nn]ext|[Tt]he\s(?:past|coming|previous|following)|[Pp]ast)\s"
        r"(?P<u>week(?:end)?|month|quarter|year|decade|century)\b(?![’']s\b)",
    ),
    "of_the": (
        _UNITS,
        r"\bthe\s(?P<e>end|start|beginning|middle)\sof\sthe\s(?P<u>week|month|quarter|year|decade)\b",
    ),
    "weekday": (
        ("nday", "esday", "rsday", "riday", "urday"),
        rf"\b(?P<dir>[Tt]his\s|[Ll]ast\s|[Nn]ext\s|[Tt]his\spast\s)?(?P<n>{_WEEKDAY})\b"
        rf"(?!\s(?:{_DAY}\b|Times|Mirror|Telegraph|Express))",
    ),
    "ago": (_UNITS, rf"\b{_COUNT}\s{_UNIT}s?\s(?P<dir>ago|from\snow|hence)\b"),
    "in": (_UNITS, rf"\b[Ii]n\s{_COUNT}\s{_UNIT}s?(?:[’']\stime)?\b(?!\s(?:ago|of|since|old))(?=[\s,.;])"),
    "past": (
        _UNITS,
        rf"\b(?:[Oo]ver|[Ii]n|[Dd]uring|[Ff]or)\sthe\s(?P<dir>past|last|next|coming)\s{_COUNT}\s{_UNIT}s\b",
    ),
}
COMPILED = {name: re.compile(pattern, re.MULTILINE) for name, (_, pattern) in PATTERNS.items()}
_TESTS = {name: re.compile(pattern) for name, pattern in _NEAR.items()}

NO_YEAR = re.compile(
    r"(?:[Rr]esolution|[Ff]light|[Nn]o\.|[Nn]umber|[Aa]rticle|[Ss]ection|[Pp]age|[Rr]oom|[Bb]oeing|[Aa]irbus"
    r"|[$€£#§])\s?$"
)
BOUND = re.compile(
    r"(?P<b>\b(?:[Bb]efore|[Pp]rior to|[Uu]ntil|[Tt]ill|[Uu]p to|[Bb]y|[Ss]ince|[Ee]ver since|[Aa]fter"
    r"|[Nn]o later than|[Ff]rom))\s(?:the\s)?$"
)
ABOUT = re.compile(r"\b(?:[Aa]round|[Aa]bout|[Cc]irca|c\.|[Rr]oughly|[Ss]ome\s?time\sin)\s$")
FORENAME = re.compile(r"(?:April|May|June|August)\s[A-Z][a-z]")
ONWARDS = re.compile(r"\s(?:on|onwards?)\b")
AHEAD = re.compile(
    r"\b(?:(?:may|might)(?!\shave)|will|shall|due|scheduled|plans?|planned|expected|set|begins?|to be)\b"
)
QUOTES = re.compile(r"“[^”\n]{1,900}”|\"[^\"\n]{1,900}\"")
_REACH = 64  # characters before and after its letters that a date may take


class Candidate(NamedTuple):
    """A match of one shape."""

    shape: str
    match: re.Match[str]


def candidates(text: str) -> Iterator[Candidate]:
    """Yield whatever has the shape of a date, shape by shape."""
    there: dict[tuple[str, ...], list[int]] = {}
    for shape, (letters, _) in PATTERNS.items():
        if letters not in there:
            there[letters] = _places(text, letters)
        test = _TESTS.get(shape)
        places = [at for at in there[letters] if test.match(text, at)] if test else there[letters]
        for start, end in _windows(text, places):
            for match in COMPILED[shape].finditer(text, start, end):
                yield Candidate(shape, match)


def _places(text: str, letters: tuple[str, ...]) -> list[int]:
    """Return where any of some letters stand, in order."""
    places = []
    for word in letters:
        at = text.find(word)
        while at >= 0:
            places.append(at)
            at = text.find(word, at + 1)
    return sorted(places)


def _windows(text: str, places: Sequence[int]) -> list[tuple[int, int]]:
    """Return the stretches round some places, joined where they touch and cut at blanks."""
    merged: list[tuple[int, int]] = []
    for at in places:
        start, end = max(0, at - _REACH), min(len(text), at + _REACH * 2)
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return [(_blank(text, start), _blank(text, end)) for start, end in merged]


def _blank(text: str, at: int) -> int:
    found = max(text.rfind(" ", at - _REACH // 2, at), text.rfind("\n", at - _REACH // 2, at)) if at else 0
    return found if found >= 0 and at < len(text) else at
