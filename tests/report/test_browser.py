"""The page in a browser: wide and narrow, light and dark, on paper; it keeps its own rules and fits."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from detente.report import Brief

if TYPE_CHECKING:
    from playwright.sync_api import Browser

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation', event => window.violations.push(event.violatedDirective));
"""
OUTSIDE = """
() => [...document.querySelectorAll('body *')].filter(element => {
    const box = element.getBoundingClientRect();
    return box.right > document.documentElement.clientWidth + 1 && box.width > 1
        && !element.closest('.scroll, .chart, .hidden') && element.checkVisibility();
}).map(element => element.tagName + '.' + element.getAttribute('class'))
"""
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; install one to run this test"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # of the driver's own pipes
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module", params=["us-russia-2024", "long names", "right to left", "one actor"])
def address(
    request: pytest.FixtureRequest, page_of: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> str:
    path: Path = tmp_path_factory.mktemp("pages") / "brief.html"
    path.write_text(page_of(request.param), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_fits_keeps_its_policy_and_asks_for_nothing(
    browser: Browser, address: str, width: int, dark: bool
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(WATCH)
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert page.evaluate("window.violations") == []
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OUTSIDE) == []
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(21, 25, 29)" if dark else "rgb(255, 255, 254)")
    assert len(page.screenshot()) > 10_000
    context.close()


def test_text_in_charts_is_large_enough_to_read_on_a_phone(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto(address)
    heights = page.evaluate(
        """() => [...document.querySelectorAll('.chart svg text')].map(text => {
            const svg = text.ownerSVGElement;
            const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
            return parseFloat(getComputedStyle(text).fontSize) * scale;
        })"""
    )
    assert heights
    assert min(heights) >= 8.5
    context.close()


def test_the_keyboard_reaches_the_answer_and_what_opens(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("getComputedStyle(document.activeElement).left") != "-100vw"
    page.focus("details summary")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('details').open")
    page.close()


def test_paper_shows_the_tables_of_the_annex_in_light_colours(
    browser: Browser, brief_of: Callable[[str], Brief], tmp_path: Path
) -> None:
    path = tmp_path / "full.html"
    path.write_text(brief_of("one actor").to_html(full=True), encoding="utf-8")
    page = browser.new_page(color_scheme="dark")
    page.goto(path.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 254)"
    seen = page.evaluate(
        "[...document.querySelectorAll('details table')].every(table => table.checkVisibility())"
    )
    assert seen
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.close()
