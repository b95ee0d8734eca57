"""On what? The noun phrases of which people speak, put together by their nouns and named by their commonest form.

No parser is at hand, so the documents themselves tell which words are nouns: those that end what begins with an
article, a possessive or a preposition more often than they follow "to", "will" or "they".
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple, TypeAlias

from detente.evidence.lists import rows
from detente.evidence.lists import words as listed

LONGEST = 3
"""Words before the noun, and after what joins it to the next, in the name of a topic."""
BEGINNING = [
    "the",
    "a",
    "an",
    "its",
    "their",
    "his",
    "her",
    "our",
    "my",
    "your",
    "’s",
    "'s",
    "this",
    "these",
    "any",
]
JOINING = ["of", "on", "in", "with", "for", "to", "over", "against", "between", "from"]
BEFORE_VERBS = ["to", "not", "n’t", "n't", "i", "you", "he", "she", "we", "they", "who"]
_TOKEN = re.compile(r"[^\W\d_]\w*(?:-\w+)*|[’']\w+|\d[\w.,]*|[^\w\s“”\"]")


class Run(NamedTuple):
    """Words between those that only join; the word before them, and its class."""

    kind: str
    word: str
    words: list[str]


class Topic(NamedTuple):
    """What several texts are about: its name, and the numbers of the texts."""

    name: str
    items: list[int]


Key: TypeAlias = tuple[str, str]
"""A noun and a word beside it, ``""`` where none is."""


def topics(
    texts: Sequence[tuple[int, str]],
    documents: Sequence[str],
    worth: Callable[[Sequence[int]], float],
    most: int,
) -> list[Topic]:
    """Return what texts are about, what is worth most first; each text is on one topic at most.

    Texts share a topic that have a noun in common, and a word beside it. A bare noun has the word that
    is commonest beside it in its document.

    Args:
        texts: number of the document, and what somebody says or wants there.
        documents: by which nouns are told and topics are named.
        worth: of the numbers of texts that share a noun.
        most: how many topics.
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
        ranked = {
            key: (
                worth(items) + sum(keys[item][0] == key for item in items) / len(items),
                nouns.often[key[0]],
            )
            for key, items in sharing.items()
        }
        if not ranked:
            break
        noun, beside = best = max(ranked, key=lambda key: ranked[key])
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
        if beside or noun not in _vague():
            yield from ((noun, word) for word in beside or [""])


def _beside(noun: str, name: str) -> list[str]:
    return [
        stem for word in name.split() if (stem := _stem(word)) != noun and word.casefold() not in _classes()
    ]


def _together(names: Iterable[str], *beside: str) -> bool:
    """Tell whether words stand beside a noun at once, as in "military aid to Talvia"; none always does."""
    return "" in beside or any(set(beside) <= set(map(_stem, name.split())) for name in names)


def _name(names: Counter[str], beside: str, *, full: bool = False) -> str:
    """Return the commonest name with a word in it; of equals one with a name in it, and of some three words."""
    fitting = [
        name
        for name in names
        if (not beside or beside in map(_stem, name.split())) and (" " in name or not full)
    ]
    best = max(
        fitting,
        key=lambda name: (names[name], name != name.lower(), -abs(len(name.split()) - 3), name),
        default="",
    )
    return best[:1].upper() + best[1:]


class _Nouns:
    """Which words are nouns, by the words that stand before them in some texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.often: Counter[str] = Counter()
        self._verbs: Counter[str] = Counter()
        for text in texts:
            for kind, _, run in _runs(text):
                if run and (kind == "D" or (kind == "P" and not run[-1].endswith("ing"))):
                    self.often[_stem(run[-1])] += 1
                elif run and kind == "V":
                    self._verbs[_stem(run[0])] += 1

    def phrases(self, text: str) -> dict[str, Counter[str]]:
        """Return the stems of the nouns that may name a topic, each with the phrases that it ends."""
        found = defaultdict[str, Counter[str]](Counter)
        runs = list(_runs(text))
        for at, run in enumerate(runs):
            named = self._named(run)
            if not named or not named[-1].islower() or named[-1] in listed("roles"):
                continue
            noun, name = _stem(named[-1]), " ".join(named)
            joined = self._joined(runs[at + 1 : at + 3]) if named[-1] == run.words[-1] else ""
            name = f"{name} {joined}" if joined else name
            if _vague().get(noun, "with") == "with":
                found[noun][name] += 1
        return found

    def _named(self, run: Run) -> list[str]:
        """Return the words of a run up to its last noun, without what stands before as a verb or an adverb."""
        end = next((at for at in range(len(run.words), 0, -1) if self._is_noun(run.words[at - 1])), 0)
        verb = int(run.kind == "V" and len(run.words) > 1 and run.words[0].islower())
        if end == verb:
            return []
        start = max(end - 1 - LONGEST, verb)
        for at in range(start, end - 1):
            word = run.words[at]
            verbal = word.endswith("ing" if run.kind in "DP" else ("ing", "ed")) and run.kind != "D"
            if (
                verbal
                or word.endswith("ly")
                or _vague().get(_stem(word)) == "no"
                or self._verbs[_stem(word)] > self.often[_stem(word)]
            ):
                start = at + 1
        return run.words[start:end]

    def _joined(self, following: Sequence[Run]) -> str:
        """Return "to the port" where that follows at once, or "between Talvia and Lumenia"."""
        if not following or following[0].word not in JOINING:
            return ""
        first, *others = following
        parts = [first.word, *first.words]
        if others and others[0].word in (["and"] if first.word == "between" else ["the", "its", "their"]):
            parts += [others[0].word, *others[0].words] if others[0].word == "and" or not first.words else []
        elif first.word == "between":
            return ""
        whole = 1 < len(parts) <= LONGEST + 2 and (parts[-1][0].isupper() or self._is_noun(parts[-1]))
        return " ".join(parts) if whole and not parts[1].endswith(("ly", "ing")) else ""

    def _is_noun(self, word: str) -> bool:
        if word[0].isupper():
            return word[-1:].isalpha()
        stem = _stem(word)
        plain = len(word) > 2 and not word.endswith(("ed", "ly")) and _vague().get(stem) not in {"no", "not"}
        return plain and self.often[stem] > self._verbs[stem]


def _runs(text: str) -> Iterator[Run]:
    """Yield the content words after each other word or mark; there may be none."""
    kind, before, run = ".", "", list[str]()
    for token in _TOKEN.findall(text):
        is_ = _classes().get(token.casefold(), "W" if token[0].isalpha() else ".")
        if is_ == "W":
            run.append(token)
            continue
        yield Run(kind, before, run)
        kind, before, run = is_, token.casefold(), []
    yield Run(kind, before, run)


@cache
def _classes() -> Mapping[str, str]:
    """Return word → ``D`` begins a noun phrase, ``P`` prepositions, ``V`` stands before verbs, ``F`` others."""
    groups = {row[0]: row[1].casefold().split() for row in rows("grammar")}
    found = dict.fromkeys(
        [*listed("closed_words"), *groups["stop"], *groups["calendar"], *groups["adverbs"]], "F"
    )
    found |= dict.fromkeys([*groups["auxiliary"], *BEFORE_VERBS], "V")
    found |= dict.fromkeys([*groups["prepositions"], *JOINING], "P")
    return found | dict.fromkeys(BEGINNING, "D") | {"to": "V"}


@cache
def _vague() -> Mapping[str, str]:
    """Return noun → ``with`` where it wants another word beside it, else ``""``; ``no`` and ``not`` are none."""
    return {row[0]: row[1] if len(row) > 1 else "" for row in rows("vague_nouns")}


def _stem(word: str) -> str:
    word = word.casefold()
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return (
        word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word
    )
