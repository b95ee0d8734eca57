"""What does a report look like? The picture of it in the README, taken from the real thing.

`python -m docs.tools.picture` makes the brief of the first case and photographs its page, 1280 pixels wide and
in light colours: question, verdict, deals and ladder.
It needs Chromium and playwright; faces are those of the machine, so the bytes are too.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from detente.catalog import open_case
from detente.report import brief

CASE = "us-russia-2024"
PICTURE = Path(__file__).resolve().parents[1] / "_static" / f"brief-{CASE}.png"
WIDTH = 1280
MARGIN = 6
LARGEST = 500_000  # bytes
NAMES = ("chromium", "chromium-browser", "google-chrome")


def photograph(page: str, path: Path) -> None:
    """Write a picture of the top of a page, to the end of its ladder."""
    from playwright.sync_api import sync_playwright

    browser = next((found for name in NAMES if (found := shutil.which(name))), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        file = Path(folder) / "brief.html"
        file.write_text(page, encoding="utf-8")
        opened = driver.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        view = opened.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme="light")
        view.goto(file.as_uri())
        end = view.evaluate("document.querySelector('.ladder').getBoundingClientRect().bottom") + MARGIN
        clip = {"x": 0.0, "y": 0.0, "width": float(WIDTH), "height": float(end)}
        path.parent.mkdir(parents=True, exist_ok=True)
        view.screenshot(path=path, full_page=True, clip=clip)  # type: ignore[arg-type]
        opened.close()


def main() -> None:
    """Take the picture, and refuse one that would weigh too much on the README."""
    photograph(brief(open_case(CASE)).to_html(), PICTURE)
    size = PICTURE.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{PICTURE} has {size:,} bytes; at most {LARGEST:,} are wanted")
    print(f"wrote {PICTURE} ({size:,} bytes)")


if __name__ == "__main__":
    main()
