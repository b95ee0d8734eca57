"""How well are dates, actors, conditionals and positions found? Precision and recall on our own gold.

Run ``python -m tests.evidence.tools.facts`` for the table. Dates: spans overlap; bounds and granularity are equal.
Actors: a mention is found if spans overlap, right if code or name are the gold's; B-cubed over those found.
Conditionals: markers overlap or conditions share half their characters; right if both sides share half (F >= .5)
and kind and polarity are equal. Positions: holders overlap, stance equal, evidence F >= .5.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from detente.evidence.actors import actors
from detente.evidence.conditionals import conditionals
from detente.evidence.dates import dates
from detente.evidence.positions import positions
from detente.evidence.records import Document, Span

GOLD = Path(__file__).resolve().parents[1] / "gold" / "facts.yaml"
LAYERS = ("dates", "actors", "conditionals", "positions")


@dataclass
class Score:
    """Right ones, found ones, ones in the gold."""

    right: int = 0
    found: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        return self.right / max(1, self.found)

    @property
    def recall(self) -> float:
        """Share of the gold that was found right."""
        return self.right / max(1, self.gold)


def texts(half: str = "all") -> list[dict[str, Any]]:
    """Return the texts of the gold: ``dev`` (odd numbers), ``held`` (even numbers) or ``all``."""
    loaded: list[dict[str, Any]] = YAML(typ="safe").load(GOLD.read_text(encoding="utf-8"))
    return [x for x in loaded if half == "all" or (x["id"] % 2 == 1) == (half == "dev")]


def document(entry: dict[str, Any]) -> Document:
    """Return the document of a text."""
    day = entry.get("date", date(2024, 11, 7))
    return Document(id=f"gold-{entry['id']}", text=entry["text"], sha256="0", date=day)


def spans(text: str, words: str) -> list[Span]:
    """Return the spans that a gold's words may be, alternatives between bars, ``##n`` for the n-th place.

    A word alone is the n-th whole word; raises ValueError where it does not occur.
    """
    found = []
    for choice in words.split("|"):
        quote, _, number = choice.partition("##")
        places = [m.start() for m in re.finditer(rf"(?<!\w){re.escape(quote)}(?!\w)", text)]
        if len(places) < int(number or 1):
            raise ValueError(f"{choice!r} is not in {text!r}")
        start = places[int(number or 1) - 1]
        found.append(Span(start, start + len(quote)))
    return found


def share(a: Span, b: Span) -> float:
    """Return the F of two spans as sets of characters."""
    return 2 * max(0, min(a.end, b.end) - max(a.start, b.start)) / max(1, a.end - a.start + b.end - b.start)


def overlap(a: Span, b: Span) -> bool:
    """Tell whether two spans share a character."""
    return a.start < b.end and b.start < a.end


def measure(half: str = "all", *, show: bool = False) -> tuple[dict[str, Score], tuple[float, float]]:
    """Return the scores by layer, and B-cubed precision and recall of the actors' mentions."""
    scores = {layer: Score() for layer in LAYERS}
    cubed: list[tuple[float, float]] = []
    for entry in texts(half):
        doc = document(entry)
        for layer, (right, found, gold, notes) in {
            "dates": _dates(entry, doc), "actors": _actors(entry, doc, cubed),
            "conditionals": _conditionals(entry, doc), "positions": _positions(entry, doc),
        }.items():  # fmt: skip
            score = scores[layer]
            score.right, score.found, score.gold = score.right + right, score.found + found, score.gold + gold
            if show and (right < found or right < gold):
                print(entry["id"], layer, notes, "|", entry["text"])
    size = max(1, len(cubed))
    return scores, (sum(p for p, _ in cubed) / size, sum(r for _, r in cubed) / size)


def _dates(entry: dict[str, Any], doc: Document) -> tuple[int, int, int, Any]:
    found, used = list(dates(doc)), set()
    gold = entry.get("dates") or []
    for words, lo, hi, grain in gold:
        ends = tuple(None if x in ("-", "?") else x for x in (lo, hi))
        for i, d in enumerate(found):
            same = (d.lo, d.hi, d.granularity) == (*ends, grain)
            if i not in used and same and any(overlap(d.span, s) for s in spans(doc.text, words)):
                used.add(i)
                break
    return (
        len(used),
        len(found),
        len(gold),
        [(d.span.of(doc.text), d.lo, d.hi, d.granularity) for i, d in enumerate(found) if i not in used],
    )


def _actors(
    entry: dict[str, Any], doc: Document, cubed: list[tuple[float, float]]
) -> tuple[int, int, int, Any]:
    mine = [(m, number, a) for number, a in enumerate(actors(doc)) for m in a.mentions]
    gold = [
        (spans(doc.text, w), number, line[0])
        for number, line in enumerate(entry.get("actors") or [])
        for w in line[1:]
    ]
    pairs, right, used = [], 0, set()
    for places, number, code in gold:
        for i, (m, cluster, a) in enumerate(mine):
            if i not in used and any(overlap(m, s) for s in places):
                used.add(i)
                pairs.append((cluster, number))
                right += code in (a.code, a.name)
                break
    for cluster, number in pairs:
        both = sum(p == (cluster, number) for p in pairs)
        cubed.append((both / sum(p[0] == cluster for p in pairs), both / sum(p[1] == number for p in pairs)))
    return right, len(mine), len(gold), [(m.of(doc.text), a.code, a.name) for m, _, a in mine]


def _conditionals(entry: dict[str, Any], doc: Document) -> tuple[int, int, int, Any]:
    found, used = list(conditionals(doc)), set()
    gold = entry.get("conditionals") or []
    for kind, marker, antecedent, consequent, polarity in gold:
        for i, c in enumerate(found):
            sides = ((c.antecedent[0], antecedent), (c.consequent[0], consequent))
            good = all(max(share(mine, s) for s in spans(doc.text, words)) >= 0.5 for mine, words in sides)
            same = (c.kind, c.polarity) == (kind, polarity)
            if (
                i not in used
                and good
                and same
                and any(overlap(c.marker[0], s) for s in spans(doc.text, marker))
            ):
                used.add(i)
                break
    return (
        len(used),
        len(found),
        len(gold),
        [
            (c.kind, c.antecedent[0].of(doc.text), c.consequent[0].of(doc.text))
            for i, c in enumerate(found)
            if i not in used
        ],
    )


def _positions(entry: dict[str, Any], doc: Document) -> tuple[int, int, int, Any]:
    found, used = list(positions(doc)), set()
    gold = entry.get("positions") or []
    for holder, stance, evidence, basis in gold:
        for i, p in enumerate(found):
            held = any(overlap(p.holder[0], s) for s in spans(doc.text, holder))
            shown = max(share(p.evidence[0], s) for s in spans(doc.text, evidence)) >= 0.5
            if i not in used and held and shown and (p.stance, p.basis) == (stance, basis):
                used.add(i)
                break
    return (
        len(used),
        len(found),
        len(gold),
        [
            (p.stance, p.holder[0].of(doc.text), p.evidence[0].of(doc.text), p.basis)
            for i, p in enumerate(found)
            if i not in used
        ],
    )


def main() -> None:
    """Print the table."""
    print(f"{'half':6} {'layer':13} {'gold':>5} {'found':>6} {'right':>6} {'P':>6} {'R':>6}")
    for half in ("dev", "held", "all"):
        scores, (p, r) = measure(half, show="--show" in sys.argv and half == "dev")
        for layer, s in scores.items():
            print(
                f"{half:6} {layer:13} {s.gold:5} {s.found:6} {s.right:6} {s.precision:6.3f} {s.recall:6.3f}"
            )
        print(f"{half:6} {'B-cubed':13} {'':19} {p:6.3f} {r:6.3f}")


if __name__ == "__main__":
    main()
