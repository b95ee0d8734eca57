"""On what? The noun phrases of which people speak, put together by their nouns and named by their commonest form.

No parser is at hand, so the documents themselves tell which words are nouns: those that end what begins with an
article, a possessive or a preposition more often than they follow "to", "will" or "they".
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from detente.evidence.grammar import tagged
from detente.evidence.lists import group, rows
from detente.evidence.lists import words as listed

LONGEST = 3  # words before the noun, and after what joins it to the next, in the name of a topic
NO_NOUNS = {"no", "not", "verb"}
NO_ENDINGS = ("ed", "ly", "able", "ible", "ful", "ous", "less", "atic")
ENDINGS = ("tion", "sion", "ment", "ness", "ance", "ence", "ship")  # of nouns, whatever stands before them
CLASSES = dict.fromkeys("SMBHG", "V") | dict.fromkeys("fFI", "J") | dict.fromkeys("NRrVzyYdngvx", "W")
CLASSES |= {"D": "D", "s": "D", "P": "P", "9": "."}
"""Tag of a word → ``D`` begins a noun phrase, ``V`` stands before verbs, ``J`` joins two, ``W`` is part of one."""
JOIN = frozenset({"over", "against", "between"})
_TOKEN = re.compile(r"[^\W\d_]\w*(?:-\w+)*|[’']\w+|\d[\w.,]*(?:-\w+)*|[”\"](?=\s)|[^\w\s“”\"]|\n\s*\n")


class Run(NamedTuple):
    """Words between those that only join; the word before them, and its class."""

    kind: str
    word: str
    words: list[str]


class Topic(NamedTuple):
    """What several texts are about: its name, and the numbers of the texts."""

    name: str
    items: list[int]


Key: TypeAlias = tuple[str, str]  # a noun and a word beside it, `""` where none is


def topics(
    texts: Sequence[tuple[int, str]],
    documents: Sequence[str],
    worth: Callable[[Sequence[int]], float],
    most: int,
) -> list[Topic]:
    """Return what texts are about, what is worth most first; each text is on one topic at most.

    Texts (number of the document, what somebody says or wants there) share a topic that have a noun in common,
    and a word beside it; a bare noun has the word that is commonest beside it in its document. Nouns are told and
    topics named by the documents; ``worth`` is that of the numbers of texts that share a noun.
    """
    nouns = _Nouns(documents)
    held = [nouns.phrases(document) for document in documents]
    everywhere = defaultdict[str, Counter[str]](Counter)
    for noun, names in (pair for phrases in held for pair in phrases.items()):
        everywhere[noun] += names
    keys = [list(dict.fromkeys(_keys(nouns.phrases(text), held[at]))) for at, text in texts]
    left, chosen = set(range(len(texts))), dict[Key, Topic]()
    while left:
        sharing = defaultdict[Key, list[int]](list)
        for item in sorted(left):
            for key in keys[item]:
                sharing[key].append(item)
        if not sharing:
            break
        first = Counter(keys[item][0] for item in left if keys[item])  # what is named first counts most
        rank = {
            key: (worth(on) + first[key] / len(on), -on[0], nouns.often[key[0]])
            for key, on in sharing.items()
        }
        noun, beside = best = max(rank, key=lambda key: rank[key])
        wider = (one for one in chosen if one[0] == noun and _together(everywhere[noun], one[1], beside))
        if (same := next(wider, None)) is not None:
            chosen[same].items.extend(sharing[best])
        elif len(chosen) == most:
            break
        else:
            chosen[best] = Topic(_name(everywhere[noun], beside) or noun.capitalize(), sharing[best])
        left -= set(sharing[best])
    return list(chosen.values())


def _keys(phrases: Mapping[str, Iterable[str]], held: Mapping[str, Counter[str]]) -> Iterator[Key]:
    """Yield nouns with each word that stands beside them; where none does, with the commonest of the document."""
    for noun, name in ((noun, name) for noun, names in phrases.items() for name in names):
        beside = _beside(noun, name) or _beside(noun, _name(held.get(noun, Counter()), "", full=True))[:1]
        if beside or not (noun in _tags() or noun.endswith("ing")):
            yield from ((noun, word) for word in beside or [""])


def _beside(noun: str, name: str) -> list[str]:
    return [stem for word in name.split() if (stem := _stem(word)) != noun and _class(word) == "W"]


def _together(names: Iterable[str], *beside: str) -> bool:
    """Tell whether words stand beside a noun at once, as in "military aid to Talvia"; none always does."""
    return "" in beside or any(set(beside) <= set(map(_stem, name.split())) for name in names)


def _name(names: Counter[str], beside: str, *, full: bool = False) -> str:
    """Return the commonest name with a word in it; of equals one with a name in it, and of some three words."""
    fitting = (name for name in names if " " in name or not full)
    ranked = (
        (names[name], name != name.lower(), -abs(len(name.split()) - 3), name)
        for name in fitting
        if not beside or beside in map(_stem, name.split())
    )
    best = max(ranked, default=(0, False, 0, ""))[-1]
    return best[:1].upper() + best[1:]


class _Nouns:
    """Which words are nouns, by the words that stand around them in some texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.often: Counter[str] = Counter()
        self._verbs: Counter[str] = Counter()
        for (kind, word, run), after in (pair for text in texts for pair in pairwise(_runs(text))):
            if run and (kind == "V" or word == "to"):
                self._verbs[_stem(run[0])] += not run[0].endswith("ed")  # "must have fixed releases"
            elif run and kind in "DPJ":
                acts = _acts(run[-1]) and (after.kind in "DV" or after.word in {"that", "to"})
                self._verbs[_stem(run[-1])] += acts
                last = run[-2:-1] if acts else run[-1:]
                if last and (kind == "D" or not last[0].endswith("ing")):
                    self.often[_stem(last[0])] += 1

    def phrases(self, text: str) -> dict[str, Counter[str]]:
        """Return the stems of the nouns that may name a topic, each with the phrases that it ends."""
        found = defaultdict[str, Counter[str]](Counter)
        runs = list(_runs(text))
        for at, run in enumerate(runs[:-2]):
            named = self._named(run)
            if not named or not named[-1].islower() or named[-1] in listed("roles"):
                continue
            joined = self._joined(*runs[at + 1 : at + 3]) if named[-1] == run.words[-1] else ""
            while len(named) > 2 and _tags().get(_stem(named[-1]), "x") == "" and self._is_noun(named[-2]):
                named, joined = named[:-1], ""  # "visa question"
            noun, name = _stem(named[-1]), " ".join([*named, *joined.split()])
            if _tags().get(noun, "with") == "with":
                found[noun][name] += 1
        return found

    def _named(self, run: Run) -> list[str]:
        """Return the words of a run up to its last noun, without what stands before as a verb or an adverb."""
        end = next((at for at in range(len(run.words), 0, -1) if self._is_noun(run.words[at - 1])), 0)
        verb = int((run.kind == "V" or run.word == "to") and len(run.words) > 1 and run.words[0].islower())
        start = max(end - 1 - LONGEST, verb)
        for at in range(start, end - 1):
            word = run.words[at]
            verbal = (
                word.endswith(("ing", "ed")) if run.kind not in "DPJ" else at == 0 and word.endswith("ing")
            )
            verbal = verbal and run.kind != "D"
            says_little = word.endswith("ly") or _tags().get(_stem(word)) == "no"
            acts = _acts(word) and (run.kind not in "DJ" or (at > 0 and self._is_noun(run.words[at - 1])))
            if verbal or says_little or acts or self._is_verb(word):
                start = at + 1
        return run.words[start:end] if end > verb else []

    def _joined(self, first: Run, second: Run) -> str:
        """Return "to the port" where that follows at once, or "between Talvia and Lumenia"."""
        both = second.word == "and" if first.word == "between" else second.word == "the" and not first.words
        parts = [first.word, *first.words, *([second.word, *second.words] if both else [])]
        fits = first.kind == "J" and (both or first.word != "between") and 1 < len(parts) <= LONGEST + 2
        whole = fits and (parts[-1][0].isupper() or self._is_noun(parts[-1]))
        says = whole and not parts[1].endswith(("ly", "ing")) and parts[:2] != ["at", "all"]
        return " ".join(parts) if says else ""

    def _is_noun(self, word: str) -> bool:
        if word[0].isupper():
            return word[-1:].isalpha()
        stem = _stem(word)
        plain = len(word) > 2 and not word.endswith(NO_ENDINGS) and _tags().get(stem) not in NO_NOUNS
        return plain and (stem.endswith(ENDINGS) or self.often[stem] > self._verbs[stem])

    def _is_verb(self, word: str) -> bool:
        return self._verbs[_stem(word)] > self.often[_stem(word)]


def _runs(text: str) -> Iterator[Run]:
    """Yield the content words after each other word or mark; there may be none."""
    kind, before, run = ".", "", list[str]()
    for token, after in pairwise([*_TOKEN.findall(text), "."]):
        is_ = _class(token)
        if is_ == "W":
            run.append(token)
        elif is_ != "”" or (_class(after) == "W" and after.islower()):  # what is quoted ends there
            yield Run(kind, before, run)
            kind, before, run = is_, token.casefold(), []
    yield from (Run(kind, before, run), Run(".", "", []), Run(".", "", []))


@cache
def _class(token: str) -> str:
    lower, tag = tagged(token)
    if token in ("”", '"'):
        return "”"
    if lower in JOIN:
        return "J"
    is_ = CLASSES.get(tag, "F" if token[0].isalpha() else ".")
    return "F" if is_ == "W" and lower in group("stop") else is_


def _acts(word: str) -> bool:
    """Tell whether a word is a form of a verb in -s or of the past, whatever else it may be."""
    return word.islower() and tagged(word)[1] in "zYdn"


@cache
def _tags() -> Mapping[str, str]:
    """Return word → its tag in the list ``topics``; ``""`` for a noun that names no topic."""
    return {word: tag[0] if tag else "" for word, *tag in rows("topics")}


def _stem(word: str) -> str:
    word = word.casefold()
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    plural = word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3
    return word[:-1] if plural else word
