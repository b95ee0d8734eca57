"""No label is clipped: texts of charts stay within their frames, clear of each other and whole, and cells fit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from detente.catalog import open_case, slugs
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.row_chart import Dot, Row, RowChart
from detente.show.table import Table
from tests.solving import briefed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from tests.report.test_browser import ARGUMENTS, CHROMIUM  # noqa: E402 - it skips where there is no playwright

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; install one to run this test"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # of the driver's own pipes
]
OPEN = "document.querySelectorAll('details').forEach(one => { one.open = true })"
# A browser rounds the boxes of texts outwards to whole pixels, hence 1.5; lines of one text touch, hence 3.
CLIPPED = """
() => {
  const found = [], told = text => text.textContent.trim().slice(0, 60);
  for (const svg of document.querySelectorAll('svg')) {
    if (!svg.checkVisibility() || !svg.viewBox.baseVal || !svg.viewBox.baseVal.width) continue;
    const frame = svg.getBoundingClientRect(), named = svg.getAttribute('aria-labelledby') || '';
    const texts = [...svg.querySelectorAll('text')].map(one => [one, one.getBoundingClientRect()]);
    const drawn = texts.filter(([, box]) => box.width);
    drawn.forEach(([text, box], k) => {
      const across = Math.max(frame.left - box.left, box.right - frame.right);
      const down = Math.max(frame.top - box.top, box.bottom - frame.bottom);
      if (Math.max(across, down) > 1.5) found.push(['outside the frame', named, told(text)]);
      if (text.textContent.endsWith('\\u2026')) found.push(['cut short', named, told(text)]);
      for (const [other, near] of drawn.slice(k + 1)) {
        const wide = Math.min(box.right, near.right) - Math.max(box.left, near.left);
        const high = Math.min(box.bottom, near.bottom) - Math.max(box.top, near.top);
        const halo = text.textContent === other.textContent;
        if (wide > 1.5 && high > 3 && !halo) found.push(['over another', named, told(text) + ' | ' + told(other)]);
      }
    });
  }
  for (const cell of document.querySelectorAll('td, th, h1, h2, h3, p, li, summary, dt, dd, figcaption')) {
    if (!cell.checkVisibility() || cell.closest('.hidden') || !cell.clientWidth) continue;
    if (cell.scrollWidth > cell.clientWidth + 1) found.push(['wider than its place', cell.tagName, told(cell)]);
  }
  return found;
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


def clipped(browser: Browser, address: str, width: int, media: str) -> list[list[str]]:
    """Return what is clipped on a page: how, in which figure or element, and the text."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.emulate_media(media="print" if media == "print" else "screen")
    page.goto(address)
    page.evaluate(OPEN)
    found: list[list[str]] = page.evaluate(CLIPPED)
    page.close()
    return found


@pytest.mark.parametrize("slug", slugs())
def test_no_label_of_a_full_brief_is_clipped(browser: Browser, slug: str, tmp_path: Path) -> None:
    path = tmp_path / "brief.html"
    path.write_text(briefed(open_case(slug)).to_html(full=True), encoding="utf-8")
    sizes = ((1280, "screen"), (390, "screen"), (760, "print"))  # A4 without its margins is about 760 pixels
    assert {size: clipped(browser, path.as_uri(), *size) for size in sizes} == {size: [] for size in sizes}


def test_the_measure_finds_a_label_that_is_clipped(browser: Browser, tmp_path: Path) -> None:
    """A chart half as wide as its texts need is caught."""
    rows = [Row("Plenipotentiary of the Republic", (Dot(5.0),), number="1,234,567 to 7,654,321")]
    spec: dict[str, Any] = {**RowChart(0.0, 10.0, rows).spec(), "width": 150}
    finding = Finding(id="f", sentence="A chart.", numbers={}, table="t")
    made = Figure("narrow", "", finding, "A chart.", spec, Table("t", {"a": "a"}, ()), how=())
    path = tmp_path / "narrow.html"
    path.write_text(f"<!doctype html><body>{made.svg('page')}</body>", encoding="utf-8")
    assert {how for how, *_ in clipped(browser, path.as_uri(), 1280, "screen")} >= {"outside the frame"}
