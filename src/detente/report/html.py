"""How does a brief become one page? A template filled with text that is escaped, and styles that travel inside.

The page needs no script, no network and no other file, and says so in a Content-Security-Policy: nothing may load,
and only this very style sheet may apply.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from detente.case import Case
from detente.lenses.lens import Finding
from detente.report import sections, words
from detente.report.blocs import blocs
from detente.report.cells import shown
from detente.report.facts import ForecastRow, issues_table
from detente.report.figures.method import REFERENCES
from detente.report.palette import properties
from detente.report.strip import strip

if TYPE_CHECKING:
    from jinja2 import Template

    from detente.report.briefing import Brief

PLACES = {
    "outcome": "outcomes",
    "no_agreement": "outcomes",
    "red_lines": "positions",
    "distance": "glance",
    "methods": "outcomes",
    "scenarios": "scenarios",
    "input": "tornado",
    "pull": "pulls",
    "trade": "trades",
}
MARKS = {
    "circle": '<circle cx="8" cy="8" r="5.5"/>',
    "square": '<path d="M3 3h10v10H3z"/>',
    "triangle-up": '<path d="M8 2l6.5 11.5h-13z"/>',
    "diamond": '<path d="M8 1.5l5.5 6.5L8 14.5 2.5 8z"/>',
    "triangle-down": '<path d="M8 14L1.5 2.5h13z"/>',
    "cross": '<path d="M6 2h4v4h4v4h-4v4H6v-4H2V6h4z"/>',
    "triangle-right": '<path d="M14 8L2.5 14.5v-13z"/>',
}


def page(brief: Brief) -> str:
    """Return the whole page."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    text: str = _template().render(style=Markup(style), digest=digest, **_context(brief))  # noqa: S704 - ours
    return text


def _context(brief: Brief) -> dict[str, Any]:
    case, result = brief.case, brief.result
    found = sections.sections(brief.figures)
    isolate = _Isolated(case)
    return {
        "brief": brief,
        "case": case,
        "record": result.record,
        "sections": found,
        "charts": {figure.id: Markup(figure.svg("page")) for figure in brief.figures},  # noqa: S704 - ours
        "glance": [_glance(brief, row) for row in brief.forecast_rows],
        "issues_table": issues_table(brief.forecast_rows),
        "legend": [(bloc.name, _sign(bloc.look.shape, bloc.look.tone.css("page"))) for bloc in blocs(case)],
        "place": lambda finding: _place(finding, found, brief),
        "pulls": sections.pulls(brief),
        "trades": sections.trades(brief),
        "doubts": sections.doubts(brief),
        "doubts_finding": sections.doubts_finding(brief),
        "methods": _methods(brief),
        "left_out": max(0, len(result.issues) - len(found["positions"].figures)),
        "read": shown,
        "isolate": isolate,
        "anchors": {issue: _anchors(case, issue) for issue in result.issues},
        "words": words,
    }


def _place(finding: Finding, found: Iterable[str], brief: Brief) -> str | None:
    """Return the section that shows a finding, if the page has it."""
    place = PLACES.get(finding.id.partition(".")[0])
    there = {*found, "glance", "pulls"} | ({"trades"} if brief.result.trades else set())
    return place if place in there else None


def _glance(brief: Brief, row: ForecastRow) -> dict[str, Any]:
    of = brief.case.issues[row.issue]
    if row.blocked:
        status, tone = (
            f"no deal is better for somebody in {words.percent(row.no_agreement or 0)} of draws",
            "warn",
        )
    elif row.crossed:
        status, tone = f"crosses {words.counted(row.crossed, 'red line')}", "warn"
    elif row.red_lines or row.no_agreement is not None:
        status, tone = "open to a settlement", "good"
    else:
        status, tone = "", ""
    return {
        "row": row,
        "strip": Markup(strip(brief.case, brief.result, row)),  # noqa: S704 - numbers and escaped words only
        "value": words.position(row.mean, of),
        "unit": words.measured(row.mean, of).removeprefix(words.position(row.mean, of)).strip(),
        "span": words.span(row.low80, row.high80, of) if row.low80 < row.high80 else "no doubt stated",
        "low": f"{words.anchor(of.low, of)} {of.scale[of.low]}",
        "high": f"{words.anchor(of.high, of)} {of.scale[of.high]}",
        "status": status,
        "tone": tone,
    }


def _anchors(case: Case, issue: str) -> list[tuple[str, str]]:
    """Return what the points of a scale between its ends mean; the ends stand in the figure."""
    of = case.issues[issue]
    return [(words.anchor(at, of), told) for at, told in of.scale.items() if of.low < at < of.high]


def _methods(brief: Brief) -> list[dict[str, str]]:
    used = dict.fromkeys(method for methods in brief.result.issues.values() for method in methods)
    options = brief.result.record.options
    return [
        {
            "name": words.METHODS[method],
            "note": words.METHOD_NOTES[method],
            "reference": REFERENCES[method],
            "options": _options(options.get(method, {})),
        }
        for method in used
    ]


def _options(options: dict[str, Any]) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {str(value).replace('_', ' ').lower()}"
        for name, value in options.items()
        if value is not None
    )


def _sign(shape: str, colour: str) -> Markup:
    mark = MARKS[shape]
    return Markup(  # noqa: S704 - made of our own constants
        f'<svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true" fill="{colour}">{mark}</svg>'
    )


class _Isolated:
    """Sets names that run from right to left apart from the sentence around them."""

    def __init__(self, case: Case) -> None:
        names = {actor.name for actor in case.actors.values()} | {one.name for one in case.issues.values()}
        names |= {group.name for group in case.groups.values()} | {
            one.name for one in case.scenarios.values()
        }
        turned = sorted((name for name in names if _right_to_left(name)), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, turned))) if turned else None

    def __call__(self, text: str) -> Markup:
        """Return the text, escaped, with those names in ``<bdi>``."""
        if self._pattern is None:
            return escape(text)
        out, last = Markup(), 0
        for match in self._pattern.finditer(text):
            out += escape(text[last : match.start()]) + Markup("<bdi>{}</bdi>").format(match[0])
            last = match.end()
        return out + escape(text[last:])


def _right_to_left(name: str) -> bool:
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in name)


@cache
def _style() -> str:
    css = files("detente.report").joinpath("templates", "brief.css").read_text(encoding="utf-8")
    light, dark = properties("light"), properties("dark")
    themes = f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return themes + re.sub(r"\s*/\*.*?\*/\s*", "\n", css, flags=re.DOTALL)


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("detente.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    return environment.get_template("brief.html.j2")
