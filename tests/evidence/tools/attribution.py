"""How well are statements found? The attribution protocol on PolNeAR, as a table.

Gold and predictions are spans of characters. Per article, gold items in file order take, among the predictions
that are left, the one with the greatest (c, f), the first on ties; f is the F of the two contents as sets of
characters, c says that the cues touch, and c or f > .7 must hold. A match is *full* if the source is right (gold
has none, or more than half of the smaller of the two is common) and f ≥ .5. Characters of content are counted
union against union, per document. All is micro-averaged. Run ``python -m tests.evidence.tools.attribution``.

Newell, Margolin, Ruths, "An Attribution Relations Corpus for Political News", LREC 2018.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import tarfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from detente.evidence.records import Document, Span

DATA = Path(os.environ.get("DETENTE_SHARED_DATA", Path(__file__).resolve().parents[4] / "shared/data"))
ARCHIVE = DATA / "evidence" / "polnear" / "polnear-dev.tar.gz"
KINDS = ("direct", "mixed", "indirect")


class Attribution(NamedTuple):
    """Characters of one attribution."""

    source: frozenset[int]
    cue: frozenset[int]
    content: frozenset[int]
    kind: str
    """``direct``, ``mixed`` or ``indirect`` of gold; the rule's name of a prediction."""


class Article(NamedTuple):
    """A text and its gold, in file order."""

    name: str
    text: str
    gold: tuple[Attribution, ...]

    @property
    def held_out(self) -> bool:
        """Whether the article was kept aside while the rules were written: a third, by the hash of its name."""
        return hashlib.sha256(self.name.encode()).digest()[0] % 3 == 0

    def document(self) -> Document:
        """Return it as the reader sees it."""
        return Document(self.name, self.text, hashlib.sha256(self.text.encode()).hexdigest())


def characters(spans: Iterable[tuple[int, int]]) -> frozenset[int]:
    """Return the characters of spans as a set."""
    return frozenset(place for start, end in spans for place in range(start, end))


def overlap(one: frozenset[int], other: frozenset[int]) -> float:
    """Return F of two sets of characters: 2|∩| / (|one| + |other|), 0 if both are empty."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def kind_of(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return the kind of a gold content: one segment in double marks is direct; one that has any is mixed."""
    pieces = [text[start:end] for start, end in spans]
    if len(pieces) == 1 and pieces[0][0] in '“"' and pieces[0][-1] in '”"':
        return "direct"
    return "mixed" if any(mark in piece for piece in pieces for mark in '“"') else "indirect"


def parse(text: str, annotation: str) -> tuple[Attribution, ...]:
    """Read brat stand-off: spans (T), then attributions (E) in file order, without those that have no content."""
    held: dict[str, list[Span]] = {}
    events: list[list[str]] = []
    for line in annotation.splitlines():
        cells = line.split("\t")
        if line.startswith("T"):
            _, places = cells[1].split(" ", 1)
            held[cells[0]] = [Span(*map(int, part.split())) for part in places.split(";")]
        elif line.startswith("E"):
            events.append(cells[1].split())
    gold = []
    for roles in events:
        spans: dict[str, list[Span]] = defaultdict(list)
        for role in roles:
            name, _, key = role.partition(":")
            spans[name.rstrip("0123456789")] += held[key]
        if content := sorted(spans["Content"]):
            source, cue = characters(spans["Source"]), characters(spans["Cue"])
            gold.append(Attribution(source, cue, characters(content), kind_of(text, content)))
    return tuple(gold)


def articles(archive: Path = ARCHIVE) -> tuple[Article, ...]:
    """Return the articles of the dev split, each with its first annotator in file-name order."""
    texts: dict[str, str] = {}
    marks: dict[str, str] = {}
    with tarfile.open(archive) as packed:
        for member in sorted(packed.getmembers(), key=lambda member: member.name):
            if not member.isfile():
                continue
            data = packed.extractfile(member)
            assert data is not None
            content = io.TextIOWrapper(data, "utf-8", newline="").read()
            stem = Path(member.name).stem
            if member.name.endswith(".txt"):
                texts[stem] = content
            elif member.name.endswith(".ann"):
                marks.setdefault(stem.rpartition("_")[0], content)
    return tuple(Article(name, text, parse(text, marks[name])) for name, text in texts.items())


@dataclass
class Tally:
    """Counts from which precision, recall and F follow."""

    predicted: int = 0
    gold: int = 0
    matched: int = 0
    full: int = 0
    source: int = 0
    half: int = 0
    exact: int = 0
    characters: Counter[str] = field(default_factory=Counter)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)

    def figures(self, what: str) -> tuple[float, float, float]:
        """Return precision, recall and F of ``matched``, ``full`` or ``characters``."""
        if what == "characters":
            counts = self.characters
            hit, predicted, gold = counts["both"], counts["predicted"], counts["gold"]
        else:
            hit, predicted, gold = getattr(self, what), self.predicted, self.gold
        precision, recall = hit / max(predicted, 1), hit / max(gold, 1)
        return precision, recall, 2 * precision * recall / max(precision + recall, 1e-12)


def pairs(gold: Sequence[Attribution], predicted: Sequence[Attribution]) -> Iterator[tuple[int, int]]:
    """Yield (gold, prediction) that the protocol pairs."""
    free = dict(enumerate(predicted))
    for place, item in enumerate(gold):
        best: tuple[float, ...] = ()
        taken = -1
        for other, guess in free.items():
            f = overlap(item.content, guess.content)
            cue = bool(item.cue & guess.cue)
            if (cue or f > 0.7) and (not best or (float(cue), f) > best):
                best, taken = (float(cue), f), other
        if taken >= 0:
            del free[taken]
            yield place, taken


def source_is_right(gold: Attribution, guess: Attribution) -> bool:
    """Gold has no source, or the two overlap by more than half of the smaller."""
    smaller = min(len(gold.source), len(guess.source))
    return not gold.source or (smaller > 0 and len(gold.source & guess.source) / smaller > 0.5)


def add(tally: Tally, gold: Sequence[Attribution], predicted: Sequence[Attribution]) -> None:
    """Count one article."""
    tally.predicted += len(predicted)
    tally.gold += len(gold)
    tally.kinds.update((item.kind, "gold") for item in gold)
    tally.rules.update((item.kind, "predicted") for item in predicted)
    for one, other in pairs(gold, predicted):
        f, right = (
            overlap(gold[one].content, predicted[other].content),
            source_is_right(gold[one], predicted[other]),
        )
        full = right and f >= 0.5
        tally.matched += 1
        tally.full += full
        tally.source += right
        tally.half += f >= 0.5
        tally.exact += f > 0.97
        for counter, key in ((tally.kinds, gold[one].kind), (tally.rules, predicted[other].kind)):
            counter[key, "matched"] += 1
            counter[key, "full"] += full
    whole = frozenset[int]().union(*(item.content for item in gold))
    found = frozenset[int]().union(*(item.content for item in predicted))
    tally.characters.update({"gold": len(whole), "predicted": len(found), "both": len(whole & found)})


def score(read: Callable[[Document], Sequence[Attribution]], corpus: Iterable[Article]) -> Tally:
    """Read every article and count."""
    tally = Tally()
    for article in corpus:
        add(tally, article.gold, read(article.document()))
    return tally


def rules(document: Document) -> list[Attribution]:
    """Return what the rules find, each with the name of its rule."""
    from detente.evidence.statements import found
    from detente.evidence.table import tables

    return [
        Attribution(characters(item.speaker), characters(item.cue), characters(item.content), rule)
        for table in tables(document)
        for rule, item in found(table)
        if item.content
    ]


def by_parser(document: Document) -> list[Attribution]:
    """Return what the rules find with the speakers of a parse."""
    from detente.evidence.statements.parsed import with_parse

    return [
        Attribution(characters(item.speaker), characters(item.cue), characters(item.content), item.kind)
        for item in with_parse(document)
        if item.content
    ]


def table(tally: Tally) -> str:
    """Return the figures as lines."""
    lines = [
        f"{'':20}    P    R    F   ({tally.gold} gold, {tally.predicted} predicted, {tally.matched} matched)"
    ]
    for what in ("matched", "full", "characters"):
        name = {"matched": "match", "characters": "content characters"}.get(what, what)
        lines.append(f"{name:20} " + " ".join(f"{figure:.3f}"[1:] for figure in tally.figures(what)))
    matched = max(tally.matched, 1)
    lines.append(
        f"of matches: source right {tally.source / matched:.3f}, content F ≥ .5 {tally.half / matched:.3f}, "
        f"near-exact {tally.exact / matched:.3f}"
    )
    for kind in KINDS:
        counts = [tally.kinds[kind, what] for what in ("matched", "full", "gold")]
        lines.append(f"{kind:20} {counts[0]} matched, {counts[1]} full of {counts[2]}")
    lines.append(f"{'rule':28} {'n':>5}  match P  full P")
    by_size = sorted({rule for rule, _ in tally.rules}, key=lambda rule: -tally.rules[rule, "predicted"])
    for rule in by_size:
        n = tally.rules[rule, "predicted"]
        shares = [tally.rules[rule, what] / n for what in ("matched", "full")]
        lines.append(f"{rule:28} {n:5}      {shares[0]:.2f}    {shares[1]:.2f}")
    return "\n".join(lines)


def main() -> None:
    """Print the table of all, of the articles that the rules were written with, and of those held out."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", choices=("all", "written", "held-out"), help="one part only")
    parser.add_argument(
        "--parser", action="store_true", help="with the speakers of an installed spaCy pipeline"
    )
    given = parser.parse_args()
    asked, read = given.part, by_parser if given.parser else rules
    corpus = articles()
    parts = {
        "all": corpus,
        "written": [article for article in corpus if not article.held_out],
        "held-out": [article for article in corpus if article.held_out],
    }
    for name, part in parts.items():
        if asked not in (None, name):
            continue
        began = time.process_time()
        for article in part:
            read(article.document())
        spent = time.process_time() - began
        size = sum(len(article.text.encode()) for article in part)
        print(f"== {name}: {len(part)} articles; read at {size / spent / 1000:.0f} KB/s of one core")
        print(table(score(read, part)), end="\n\n")


if __name__ == "__main__":
    main()
