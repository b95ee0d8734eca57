"""Cases at the edges, and a reader of pages that notices what a browser would forgive."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from detente.case import Case

VOID = {"meta", "link", "br", "img", "input", "hr", "path", "line", "circle", "rect"}


def case_of(
    stances: dict[str, dict[str, dict[str, Any]]],
    *,
    issues: dict[str, dict[str, Any]] | None = None,
    actors: dict[str, dict[str, Any]] | None = None,
    **parts: Any,
) -> Case:
    """Return a case from its stances; issues run from 0 to 100 and actors are named by their ids."""
    who = {actor: {"name": actor.upper()} for stand in stances.values() for actor in stand}
    what = {issue: {"name": issue.title(), "scale": {0: "none", 100: "all"}} for issue in stances}
    return Case.from_dict(
        {
            "title": "A test",
            "actors": {**who, **(actors or {})},
            "issues": {**what, **(issues or {})},
            "stances": stances,
            **parts,
        }
    )


def stance(position: object, weight: object = 1, **more: Any) -> dict[str, Any]:
    """Return a stance of full salience."""
    return {"position": position, "salience": 1, "influence": weight, **more}


HOSTILE = "<script>alert(1)</script>\"'&"
ARABIC = "وزارة الخارجية"


def edge_cases() -> dict[str, Case]:
    """Return name → a case at some edge."""
    many = {f"actor-{k}": stance(f"{k * 2} ± 3", 1 + k % 7) for k in range(40)}
    return {
        "one actor": case_of({"peace": {"a": stance(40)}}),
        "one actor in doubt": case_of({"peace": {"a": stance("40 ± 5")}}),
        "nothing in doubt": case_of({"peace": {"a": stance(0), "b": stance(100, 3)}}),
        "everybody in one place": case_of({"peace": {"a": stance(50), "b": stance(50)}}),
        "no no-deal point": case_of({"peace": {"a": stance("20..40"), "b": stance(90)}}),
        "forty actors": case_of({"peace": many}),
        "no salience at all for one": case_of(
            {"peace": {"a": {**stance("30 ± 3"), "salience": 0}, "b": stance(80), "c": stance("60 ± 9")}}
        ),
        "huge numbers": case_of(
            {"aid": {"a": stance("2e9 ± 5e8"), "b": stance(9e9)}},
            issues={"aid": {"name": "Aid", "unit": "euros", "scale": {0: "nothing", 1e10: "ten billion"}}},
        ),
        "tiny numbers": case_of(
            {"rate": {"a": stance("0.0002 ± 0.0001"), "b": stance(0.0009)}},
            issues={"rate": {"name": "Rate", "scale": {0: "nothing", 0.001: "a thousandth"}}},
        ),
        "below zero": case_of(
            {"balance": {"a": stance("-40 ± 5"), "b": stance(30)}},
            issues={
                "balance": {"name": "Balance", "scale": {-50: "out", 0: "even", 50: "in"}, "no_deal": -20}
            },
        ),
        "hostile names": case_of(
            {"peace": {"a": stance("30 ± 5", accepts="<= 20"), "b": stance(80)}},
            actors={"a": {"name": HOSTILE, "groups": ["g"]}, "b": {"name": "{{ 7 * 7 }} ${x} B"}},
            issues={"peace": {"name": HOSTILE, "scale": {0: HOSTILE, 50: HOSTILE, 100: "all"}, "no_deal": 5}},
            groups={"g": {"name": HOSTILE}},
            title=HOSTILE,
            question=HOSTILE,
            note=HOSTILE,
            sources={"s": {"title": HOSTILE, "url": "https://example.org/?a=1&b=2", "note": HOSTILE}},
            scenarios={"up": {"name": HOSTILE, "note": HOSTILE, "changes": {"stances.peace.b.position": 95}}},
        ),
        "right to left": case_of(
            {"peace": {"a": stance("30 ± 5"), "b": stance(80)}},
            actors={"a": {"name": ARABIC}, "b": {"name": "外交部"}},
        ),
        "long names": case_of(
            {"peace": {"a": stance("30 ± 5", accepts="40 to 60"), "b": stance(80), "c": stance("70 ± 3")}},
            actors={"a": {"name": "Plenipotentiary " * 18}, "b": {"name": "W" * 300}},
            issues={"peace": {"name": "A lasting peace " * 18, "scale": {0: "no " * 90, 100: "y" * 290}}},
        ),
        "outcome and no deal close together": case_of(
            {"peace": {"a": stance("30 ± 5"), "b": stance(80)}},
            issues={
                "peace": {
                    "name": "Peace",
                    "scale": {0: "none", 100: "all"},
                    "no_deal": "54 ± 2",
                    "failure_cost": 0.2,
                    "outcome": {"value": 55, "date": 1999},
                }
            },
        ),
        "ids that could collide": case_of(
            {
                "a": {"x": stance("30 ± 5"), "y": stance(80)},
                "a-title": {"x": stance("30 ± 5"), "y": stance(80)},
            }
        ),
        "seven blocs and some of none": case_of(
            {"peace": {f"m{k}": stance(f"{10 * k} ± 4") for k in range(9)}},
            actors={f"m{k}": {"name": f"Member {k}", "groups": [f"g{k}"] if k < 7 else []} for k in range(9)},
            groups={f"g{k}": {"name": f"Bloc {k}"} for k in range(7)},
        ),
        "scenario that takes an issue away": case_of(
            {
                "peace": {"a": stance("30 ± 5"), "b": stance(80)},
                "arms": {"a": stance("10 ± 5"), "b": stance(60)},
            },
            scenarios={
                "silent": {"name": "Silent", "changes": {"stances.arms.a": None, "stances.arms.b": None}},
                "same": {"name": "Same", "changes": {"stances.peace.b.position": 80}},
            },
        ),
        "doubt on one issue only": case_of(
            {"peace": {"a": stance("30 ± 5"), "b": stance(80)}, "arms": {"a": stance(10), "b": stance(60)}},
            options={"bargaining": {"methods": ["mean", "median"]}},
        ),
        "crowded anchors": case_of(
            {"peace": {"a": stance("1001 ± 1"), "b": stance(1900)}},
            issues={
                "peace": {
                    "name": "Peace",
                    "scale": {1000: "none", 1010: "a little", 1020: "some", 1900: "much", 2000: "all"},
                }
            },
        ),
        "one method": case_of(
            {"peace": {"a": stance("30 ± 5"), "b": stance(80)}},
            options={"bargaining": {"methods": ["median"]}},
        ),
        "headline method without forecasts": case_of(
            {"peace": {"a": stance("30 ± 5"), "b": stance(80)}},
            options={"bargaining": {"methods": ["nash", "median"], "headline": "nash"}},
            scenarios={"up": {"name": "Up", "changes": {"stances.peace.b.position": 95}}},
        ),
        "thirty issues": case_of(
            {f"issue-{k}": {"a": stance(f"{k} ± 1"), "b": stance(70)} for k in range(30)}
        ),
    }


@dataclass
class Element:
    """A start tag."""

    tag: str
    attributes: dict[str, str | None]


@dataclass
class PageReader(HTMLParser):
    """Reads a page and notes what is in it and what is wrong with it."""

    elements: list[Element] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []

    @classmethod
    def of(cls, page: str) -> PageReader:
        """Return the reader of a page."""
        reader = cls()
        reader.feed(page)
        reader.close()
        if reader._open:
            reader.faults.append(f"never closed: {reader._open}")
        return reader

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"</{tag}> inside {self._open[-3:]}")
            if tag not in self._open:
                return
            while self._open[-1] != tag:
                self._open.pop()
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1] != "style":
            self.text.append(data)

    def all(self, *tags: str) -> list[Element]:
        """Return the elements with one of those tags."""
        return [element for element in self.elements if element.tag in tags]

    def values(self, name: str) -> list[str]:
        """Return every value of an attribute."""
        return [value for element in self.elements if (value := element.attributes.get(name)) is not None]


def numbers_in(text: str) -> list[float]:
    """Return the numbers that a sentence shows in digits, percentages as shares."""
    found = []
    for match in re.finditer(r"(?<![\w.])([-−+]?\d[\d,]*(?:\.\d+)?)(\s%)?", text):
        value = float(match[1].replace(",", "").replace("−", "-"))
        found.append(value / 100 if match[2] else value)
    return found
