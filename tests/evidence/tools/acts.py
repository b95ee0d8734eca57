"""How well are events found? PETR2_GSR (exact triples) and PLOVER_GSR (class, dyad, full, trigger).

Run ``python -m tests.evidence.tools.acts`` to print the tables; the data lie beside the repository and are no part
of it. Codes of actors are put into those of CAMEO: ``KEN+GOV`` is KENGOV, an organisation has its code there, a
role without a country is ``---GOV``; an act of equals without an object counts in each direction, as PETRARCH
writes it. Events that are denied, only possible, or surer than not to be asides (confidence < .5) do not count.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import permutations
from pathlib import Path

from detente.evidence.actors import actors
from detente.evidence.actors.lists import SECTORS
from detente.evidence.acts import events
from detente.evidence.acts.lexicon import act_of
from detente.evidence.dates import dates
from detente.evidence.lists import table as listed
from detente.evidence.records import Document, Event

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "evidence"
Triple = tuple[str, str, str]
RECIPROCAL = ("AGREE", "CONSULT")
OLD_NAMES = {"DEMAND": "REQUEST", "DISAPPROVE": "ACCUSE", "INVESTIGATE": "ACCUSE", "FIGHT": "ASSAULT"}
NOT_ISO = {"JAP": "JPN", "ITL": "ITA", "VTN": "VNM", "GBR": "GBR"}


@dataclass(frozen=True)
class Counts:
    """True and false positives, false negatives."""

    hits: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        return self.hits / max(1, self.hits + self.false)

    @property
    def recall(self) -> float:
        """Share of what is there that was found."""
        return self.hits / max(1, self.hits + self.missed)


def read(text: str, day: date | None) -> tuple[Event, ...]:
    """Return the events of a text."""
    document = Document(id="gold", text=text, sha256="0", date=day)
    return events(document, actors(document), dates(document))


@cache
def cameo_codes() -> dict[str, str]:
    """Return our codes of organisations and places in those of CAMEO's dictionaries."""
    found = {row["code"]: row["cameo"] for row in listed("organisations")}
    return found | {row["name"].split("|")[0]: row["cameo"] for row in listed("places")}


def cameo(code: str) -> str:
    """Return one of our codes of actors in CAMEO's."""
    country, plus, sector = code.partition("+")
    if not plus and country in SECTORS:
        return f"---{country}"
    own = cameo_codes().get(country, country)
    return own + sector if plus else own or "---"


def triples(found: tuple[Event, ...]) -> set[Triple]:
    """Return source, target and code of the events that are reported as facts or as plans."""
    result: set[Triple] = set()
    for event in found:
        if event.factuality in ("denied", "possible") or event.confidence < 0.5 or not event.cameo:
            continue
        code = event.cameo.ljust(3, "0")
        sources = [cameo(c) for c in event.source] or ["---"]
        targets = [cameo(c) for c in event.target]
        if not targets and len(sources) > 1 and event.act in ("AGREE", "CONSULT", "SUPPORT", "COOPERATE"):
            result |= {(a, b, code) for a, b in permutations(sources, 2)}
            continue
        for a in sources:
            for b in targets or ["---"]:
                result.add((a, b, code))
    return {t for t in result if t[0] != "---" or t[1] != "---"}


def petrarch() -> Iterator[tuple[str, str, date, set[Triple]]]:
    """Yield id, text, day and gold triples of each sentence of PETR2_GSR that has a text."""
    raw = (SHARED / "petrarch" / "PETR2_GSR_validation.xml").read_text(encoding="utf-8", errors="replace")
    for block in re.split(r"<Sentence ", raw)[1:]:
        name, stamp = re.search(r'id="([^"]*)"', block), re.search(r'date="(\d+)"', block)
        text = re.search(r"<Text>(.*?)</Text>", block, re.DOTALL)
        if not (name and stamp and text and text[1].strip()):
            continue
        day = datetime.strptime(stamp[1][-6:], "%y%m%d").replace(tzinfo=None).date()
        gold = {
            (e["sourcecode"], e["targetcode"], e["eventcode"])
            for line in re.findall(r"<EventCoding[^>]*>", block)
            if "eventcode" in (e := dict(re.findall(r'(\w+)="([^"]*)"', line)))
        }
        yield name[1], " ".join(text[1].split()), day, gold


QUADS = {
    **dict.fromkeys(("AGREE", "CONSULT", "SUPPORT", "CONCEDE"), "words of cooperation"),
    **dict.fromkeys(("COOPERATE", "AID", "RETREAT"), "deeds of cooperation"),
    **dict.fromkeys(("REQUEST", "DEMAND", "ACCUSE", "REJECT", "THREATEN"), "words of conflict"),
    **dict.fromkeys(("PROTEST", "MOBILIZE", "SANCTION", "COERCE", "ASSAULT"), "deeds of conflict"),
}
LEVELS: dict[str, Callable[[Triple], tuple[str, ...]]] = {
    "exact triples": lambda one: one,
    "countries and class": lambda one: (one[0][:3], one[1][:3], act_of(one[2])),
    "countries and quad": lambda one: (one[0][:3], one[1][:3], QUADS.get(act_of(one[2]), "")),
    "countries": lambda one: (one[0][:3], one[1][:3]),
    "quad": lambda one: (QUADS.get(act_of(one[2]), ""),),
}
"""What of a triple is compared, from all of it to what two coders of different habits should agree on."""


def petr2(level: str = "exact triples", *, show: bool = False) -> tuple[Counts, int, int]:
    """Return the counts over PETR2_GSR, the sentences that are exactly right, and all sentences.

    Args:
        level: of `LEVELS`.
        show: print what differs.
    """
    hits = false = missed = exact = total = 0
    for name, text, day, triples_of in petrarch():
        found, gold = ({LEVELS[level](t) for t in held} for held in (triples(read(text, day)), triples_of))
        hits, false, missed = hits + len(gold & found), false + len(found - gold), missed + len(gold - found)
        exact, total = exact + (gold == found), total + 1
        if show and gold != found:
            print(name, text, "\n   missed", sorted(gold - found), "\n   false ", sorted(found - gold))
    return Counts(hits, false, missed), exact, total


def plover_records() -> list[dict[str, object]]:
    """Return the 322 records of PLOVER_GSR."""
    raw = json.loads((SHARED / "plover_gsr" / "PLOVER_GSR_CAMEO.txt").read_text(encoding="utf-8"))
    return [record for record in raw if record["event"] != "DOCUMENT"]


def _side(record: dict[str, object], name: str) -> frozenset[str]:
    held = record.get(name) or []
    listed = held if isinstance(held, list) else [held]
    codes = (a.get("code") or "" for a in listed if isinstance(a, dict))
    return frozenset("IGO" if c.startswith("IGO") else NOT_ISO.get(c, c) for c in codes if c)


def _countries(codes: tuple[str, ...]) -> frozenset[str]:
    full = (cameo(c) for c in codes)
    return frozenset("IGO" if c.startswith("IGO") else c[:3] for c in full if c and not c.startswith("---"))


def _dyad(event: Event, record: dict[str, object]) -> bool:
    mine, gold = (
        (_countries(event.source), _countries(event.target)),
        (_side(record, "source"), _side(record, "target")),
    )
    if event.act in RECIPROCAL and OLD_NAMES.get(str(record["event"]), record["event"]) in RECIPROCAL:
        return mine[0] | mine[1] == gold[0] | gold[1]
    return mine == gold


def marked(record: dict[str, object]) -> tuple[str, list[tuple[int, int]]] | None:
    """Return the text of a record and the spans of its EVT pieces, None where the markup does not give it back."""
    info, text = record.get("textInfo"), str(record["text"])
    if not isinstance(info, dict):
        return None
    markup, out, spans, stack = str(info.get("markup", "")), "", [], []
    i = 0
    while i < len(markup):
        tag = re.match(r"\(((?:SRC|TAR|EVT|LOC)(?:/(?:SRC|TAR|EVT|LOC))*):\s*", markup[i:])
        if tag:
            stack.append((tag[1], len(out)))
            i += tag.end()
            continue
        if markup[i] == "(":
            stack.append(("", len(out)))
        elif markup[i] == ")" and stack:
            kind, start = stack.pop()
            if kind:
                if "EVT" in kind:
                    spans.append((start, len(out)))
                i += 1
                continue
        out += markup[i]
        i += 1
    return (text, spans) if out == text else None


def plover(part: int | None = None, *, show: bool = False) -> dict[str, float]:
    """Return the measures (a) to (d); part 1 is the records of odd number (for development), 0 those of even."""
    total = any_class = top = dyad = full = triggers = recoverable = found_events = 0
    for number, record in enumerate(plover_records(), 1):
        if part is not None and number % 2 != part:
            continue
        gold = OLD_NAMES.get(str(record["event"]), str(record["event"]))
        found = tuple(e for e in read(str(record["text"]), None) if e.factuality != "denied")
        ranked = sorted(found, key=lambda e: -e.confidence)
        right = [e for e in found if e.act == gold]
        total, found_events = total + 1, found_events + len(found)
        any_class, top = any_class + bool(right), top + bool(ranked and ranked[0].act == gold)
        dyad += any(_dyad(e, record) for e in found)
        full += any(_dyad(e, record) for e in right)
        pieces = marked(record)
        if pieces:
            recoverable += 1
            triggers += any(s < b and a < t for e in found for s, t in e.trigger for a, b in pieces[1])
        if show and not any(_dyad(e, record) for e in right):
            print(gold, sorted(_side(record, "source")), sorted(_side(record, "target")), "|", record["text"])
            print("    ", [(e.act, e.cameo, e.source, e.target) for e in found])
    return {
        "records": total, "class": any_class / total, "top class": top / total, "dyad": dyad / total,
        "full": full / total, "trigger": triggers / recoverable, "events per record": found_events / total,
    }  # fmt: skip


def main() -> None:
    """Print the tables."""
    show = "--show" in sys.argv
    for name in LEVELS:
        c, exact, total = petr2(name, show=show and name == "exact triples")
        counted = f"TP {c.hits} FP {c.false} FN {c.missed}  P {c.precision:.3f}  R {c.recall:.3f}"
        print(f"PETR2_GSR  {name:20} {counted}  sentences right {exact}/{total}")
    for name, part in (("odd", 1), ("even (held out)", 0), ("all", None)):
        measures = plover(part, show=show and part == 1)
        print(f"PLOVER_GSR {name:20}", "  ".join(f"{key} {value:.3g}" for key, value in measures.items()))


if __name__ == "__main__":
    main()
