"""How are blocks printed on a page? As escaped HTML that needs no script, with its colours from one style."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from detente.show import words
from detente.show.blocks import Block
from detente.show.cells import shown
from detente.show.marks import sign, strip
from detente.show.palette import properties

if TYPE_CHECKING:
    from jinja2 import Environment

_RIGHT_TO_LEFT = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]+"
_WITHIN = (
    r"(?:&#3[49];|[\s\d.'’”״׳/–-])*"  # a name: its blanks, numbers, quotation marks; then words in brackets
)
_WORDS = f"{_RIGHT_TO_LEFT}(?:{_WITHIN}{_RIGHT_TO_LEFT})*"
_TURNED = re.compile(rf"{_WORDS}(?:{_WITHIN}\({_WORDS}\))*")
# Blocks that stand in one list, or side by side, where they follow one another.
TOGETHER = {"verdict", "figure"}


def isolate(text: str) -> Markup:
    """Return a text escaped, with what runs from right to left set apart from the sentence around it."""
    return Markup(_TURNED.sub(r"<bdi>\g<0></bdi>", str(escape(text))))  # noqa: S704 - escaped


def blocks_html(blocks: Iterable[Block]) -> Markup:
    """Return blocks as HTML; what is for screens of characters only is left out."""
    macros: Any = environment().get_template("blocks.html.j2").module
    return Markup(macros.render(blocks))  # noqa: S704 - made by our own template, which escapes


def notebook(title: str, answer: str, headlines: Iterable[str], blocks: Iterable[Block]) -> str:
    """Return what a notebook shows of an answer: the blocks of a page, in the notebook's own style."""
    items = Markup().join(Markup("<li>{}</li>").format(one) for one in headlines)
    head = Markup("<h3>{}</h3><p><strong>{}</strong></p>{}<ul>{}</ul>")
    return head.format(title, answer, blocks_html(blocks), items)


def part(template: str, **given: object) -> str:
    """Return a part of a page, from its template and what that shows, without a style of its own."""
    return environment().get_template(template).render(**given)


def whole(template: str, **given: object) -> str:
    """Return a page with its style inside it; its template also gets ``style`` and the ``digest`` of it."""
    css = style()
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return part(template, style=Markup(css), digest=digest, **given)  # noqa: S704 - ours


def grouped(blocks: Iterable[Block]) -> list[tuple[str, list[Block]]]:
    """Return kind and blocks: those of a kind that stand together where they follow one another, others alone."""
    groups: list[tuple[str, list[Block]]] = []
    for block in blocks:
        if block.on == "screen":
            continue
        if groups and groups[-1][0] == block.kind and block.kind in TOGETHER:
            groups[-1][1].append(block)
        else:
            groups.append((block.kind, [block]))
    return groups


def shade(share: float) -> int:
    """Return by how much a share is shaded, 1 to 5."""
    return 1 + sum(share >= least for least in (0.25, 0.5, 0.75, 0.95))


def style() -> str:
    """Return the style sheet of a page, with the colours of both themes."""
    css = files("detente.show").joinpath("page.css").read_text(encoding="utf-8")
    light, dark = properties("light"), properties("dark")
    themes = f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return themes + re.sub(r"\s*/\*.*?\*/\s*", "\n", css, flags=re.DOTALL)


@cache
def environment() -> Environment:
    """Return where templates come from: those of the kit, then those of the rooms that make pages."""
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=ChoiceLoader([PackageLoader(f"detente.{room}") for room in ("show", "report", "evidence")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {"grouped": grouped, "isolate": isolate, "read": shown, "shade": shade, "sign": sign}
    made.globals |= {"strip": strip, "words": words}
    return made
