"""How are blocks printed on a page? As escaped HTML that needs no script, with its colours from one style.

Names that run from right to left are set apart from the sentence around them.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
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

Isolate = Callable[[str], Markup]
# Blocks that stand in one list, or side by side, where they follow one another.
TOGETHER = {"verdict", "figure"}


def blocks_html(blocks: Iterable[Block], isolate: Isolate = escape) -> Markup:
    """Return blocks as HTML; what is for screens of characters only is left out.

    Args:
        blocks: to be printed.
        isolate: escapes a text and sets names apart that run from right to left; see `isolating`.
    """
    macros: Any = environment().get_template("blocks.html.j2").make_module({"isolate": isolate})
    return Markup(macros.render(blocks))  # noqa: S704 - made by our own template, which escapes


def notebook(title: str, answer: str, headlines: Iterable[str], blocks: Iterable[Block]) -> str:
    """Return what a notebook shows of an answer: the blocks of a page, in the notebook's own style."""
    items = Markup().join(Markup("<li>{}</li>").format(one) for one in headlines)
    head = Markup("<h3>{}</h3><p><strong>{}</strong></p>{}<ul>{}</ul>")
    return head.format(title, answer, blocks_html(blocks), items)


def part(template: str, names: Sequence[str], **given: object) -> str:
    """Return a part of a page, without a style of its own.

    Args:
        template: name of the part's template.
        names: that are set apart in sentences where they run from right to left.
        given: what the template shows; it also gets ``isolate``.
    """
    return environment().get_template(template).render(isolate=isolating(names), **given)


def whole(template: str, names: Sequence[str], **given: object) -> str:
    """Return a page with its style inside it.

    Args:
        template: name of the page's template.
        names: that are set apart in sentences where they run from right to left.
        given: what the template shows; it also gets ``style``, the ``digest`` of it, and ``isolate``.
    """
    css = style()
    return part(
        template,
        names,
        style=Markup(css),  # noqa: S704 - ours
        digest=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        **given,
    )


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
    made.globals |= {"grouped": grouped, "read": shown, "shade": shade, "sign": sign, "strip": strip}
    made.globals["words"] = words
    return made


def isolating(names: Sequence[str]) -> Isolate:
    """Return what escapes a text and sets those of some names apart that run from right to left."""
    turned = sorted((name for name in names if _right_to_left(name)), key=len, reverse=True)
    if not turned:
        return escape
    pattern = re.compile("|".join(map(re.escape, turned)))

    def isolate(text: str) -> Markup:
        out, last = Markup(), 0
        for match in pattern.finditer(text):
            out += escape(text[last : match.start()]) + Markup("<bdi>{}</bdi>").format(match[0])
            last = match.end()
        return out + escape(text[last:])

    return isolate


def _right_to_left(name: str) -> bool:
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in name)
