"""How does a brief become one page? A template filled with text that is escaped, and styles that travel inside.

The page needs no script, no network and no other file, and says so in a Content-Security-Policy: nothing may load,
and only this very style sheet may apply.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Container, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from detente.case import Case
from detente.lenses.lens import Finding
from detente.report import words
from detente.report.cells import shown
from detente.report.palette import properties

if TYPE_CHECKING:
    from jinja2 import Template

    from detente.report.briefing import Brief


def page(brief: Brief) -> str:
    """Return the whole page."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    text: str = _template().render(style=Markup(style), digest=digest, **_context(brief))  # noqa: S704 - ours
    return text


def _context(brief: Brief) -> dict[str, Any]:
    figures = brief.figures_of
    contents: dict[str, str] = {}
    places: dict[str, str] = {}
    for chapter in brief.chapters:
        contents |= chapter.contents(figures[chapter.lens])
        places |= chapter.places
    return {
        "brief": brief,
        "case": brief.case,
        "record": brief.record,
        "contents": contents,
        "chapters": [
            (f"{chapter.lens}.html.j2", chapter.drawn(brief.case, figures[chapter.lens]))
            for chapter in brief.chapters
        ],
        "charts": {figure.id: Markup(figure.svg("page")) for figure in brief.figures},  # noqa: S704 - ours
        "place": lambda finding: _place(finding, places, contents),
        "read": shown,
        "isolate": _Isolated(brief.case),
        "words": words,
    }


def _place(finding: Finding, places: Mapping[str, str], contents: Container[str]) -> str | None:
    """Return the section that shows a finding, if the page has it."""
    place = places.get(finding.id.partition(".")[0])
    return place if place in contents else None


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
