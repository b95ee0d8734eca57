"""One screen answers: what is seen first in a browser and on a terminal, and how long the whole page is."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from detente.cli.brief import _show
from detente.cli.output import Output
from detente.report import Brief
from tests.report.test_browser import CHROMIUM, browser  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MOST_WORDS, MOST_PAGES = 2_500, 8
SHOWN = """() => ['.answer', '.deals', '.ladder > div'].map(
    one => document.querySelector(one)?.getBoundingClientRect().bottom)"""
FIRST = ["us-russia-2024", "panama-canal-1974", "divided-government", "linked-issues"]
needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine; install one to run this test"
)


@pytest.fixture(params=FIRST)
def address(request: pytest.FixtureRequest, page_of: Callable[[str], str], tmp_path: Path) -> str:
    path = tmp_path / "brief.html"
    path.write_text(page_of(request.param), encoding="utf-8")
    return path.as_uri()


@needs_browser
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_verdict_deals_and_what_would_change_it_are_on_the_first_screen(
    browser: Browser,  # noqa: F811 - the fixture
    address: str,
    width: int,
    height: int,
    dark: bool,
) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
    )
    page.goto(address)
    verdict, deals, step = page.evaluate(SHOWN)
    assert verdict < deals < step <= height
    page.close()


@needs_browser
def test_the_page_is_short(browser: Browser, page_of: Callable[[str], str], tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "brief.html"
    path.write_text(page_of("us-russia-2024"), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(path.as_uri())
    assert len(page.evaluate("document.body.innerText").split()) <= MOST_WORDS
    printed = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= MOST_PAGES
    page.close()


def shown(
    made: Brief, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lines: int
) -> list[str]:
    """Return the lines that a terminal of 80 columns shows of a brief."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    size = os.terminal_size((80, lines))
    monkeypatch.setattr(shutil, "get_terminal_size", lambda *_, **__: size)
    _show(made.case, made, Output())
    return re.sub(r"\x1b\[\d*m", "", capsys.readouterr().out).splitlines()


@pytest.mark.parametrize("name", [*FIRST, "elmira-1991", "cuban-missile-crisis-1962", "river-dam"])
def test_a_terminal_of_24_lines_shows_question_verdict_and_what_leads(
    name: str,
    brief_of: Callable[[str], Brief],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = brief_of(name)
    lines = shown(made, monkeypatch, capsys, 24)
    assert len(lines) <= 24
    text = " ".join(" ".join(lines).split())
    assert made.case.title in text
    assert str(made.question) in text
    assert made.verdict.sentence.replace("\N{NO-BREAK SPACE}", " ") in text.replace("\N{NO-BREAK SPACE}", " ")
    for line in made.lines:
        assert line.name.split()[0] in text
    for step in ("What would change it", "How sure"):
        assert (f"{step}: " in text) == (step in dict(made.steps)), step
    assert lines[-1].endswith(made.record.version)


def test_a_terminal_says_what_would_change_it_what_holds_and_how_sure_it_is(
    brief_of: Callable[[str], Brief], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "\n".join(shown(brief_of("us-russia-2024"), monkeypatch, capsys, 24))
    for step in ("What would change it: ", "If nobody signs: ", "How sure: "):
        assert f"\n{step}" in text
    whole = "\n".join(shown(brief_of("us-russia-2024"), monkeypatch, capsys, 60))
    assert len(whole) > len(text)
    assert "\nWhat to find out next: " in whole
