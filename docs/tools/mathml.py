"""How is a formula shown without fetching a script? As MathML, which browsers draw by themselves.

Sphinx's usual renderer loads MathJax from elsewhere; these pages are complete as they are built.
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

LOGGER = logging.getLogger(__name__)


def markup(node: nodes.math | nodes.math_block, *, as_block: bool) -> str:
    """Return a formula as MathML; one that cannot be read is a warning with its place, and shown as written."""
    text = node.astext().replace(r"\dots", r"\ldots")
    try:
        shown: str = tex2mathml(text, as_block=as_block)
    except MathError as error:
        LOGGER.warning("formula %r: %s", text, error, location=node)
        return f"<code>{escape(text)}</code>"
    return shown


def _inline(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(markup(node, as_block=False))
    raise nodes.SkipNode


def _block(translator: HTML5Translator, node: nodes.math_block) -> None:
    translator.body.append(f'<div class="math">{markup(node, as_block=True)}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the renderer with Sphinx."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
