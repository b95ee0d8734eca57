"""Formulas are drawn by the browser alone, and one that cannot be is told."""

from __future__ import annotations

import logging

import pytest
from docutils import nodes

from docs.tools.mathml import markup


@pytest.mark.parametrize(
    ("formula", "parts"),
    [
        (r"x^* = \frac{\sum_i w_i x_i}{\sum_i w_i}", ["<mfrac>", "<msub>", "<msup>"]),
        (r"1, \dots, n", ["…"]),
        (r"a < b", ["&lt;"]),
    ],
)
def test_a_formula_becomes_mathml(formula: str, parts: list[str]) -> None:
    """What the formula says is in the markup, in a form that needs no script."""
    text = markup(nodes.math(formula, formula), as_block=False)
    assert text.startswith("<math")
    assert all(part in text for part in parts)


def test_an_unknown_formula_is_shown_as_written_and_warned_about(caplog: pytest.LogCaptureFixture) -> None:
    """A warning is an error when the documentation is built, so nobody publishes such a page."""
    with caplog.at_level(logging.WARNING):
        assert markup(nodes.math("", r"\nosuchthing <"), as_block=False) == r"<code>\nosuchthing &lt;</code>"
    assert "nosuchthing" in caplog.text
