"""The page: complete in itself, well formed, and nothing in it that a case could smuggle in."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest

from detente.catalog import slugs
from detente.report import Brief
from tests.report.making import ARABIC, HOSTILE, PageReader, edge_cases

NAMES = [*slugs(), *edge_cases()]
LOADING = ("src", "srcset", "data", "poster", "background", "action", "formaction", "ping")


@pytest.fixture(params=NAMES)
def page(request: pytest.FixtureRequest, page_of: Callable[[str], str]) -> str:
    return page_of(request.param)


def test_every_element_is_closed_where_it_belongs(page: str) -> None:
    assert PageReader.of(page).faults == []


def test_ids_are_unique_and_every_reference_finds_its_target(page: str) -> None:
    reader = PageReader.of(page)
    ids = Counter(reader.values("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    targets = [link.removeprefix("#") for link in reader.values("href") if link.startswith("#")]
    labels = [name for value in reader.values("aria-labelledby") for name in value.split()]
    drawn = re.findall(r"url\(#([^)]+)\)", page)
    assert [name for name in (*targets, *labels, *drawn) if name not in ids] == []


def test_headings_descend_one_step_at_a_time(page: str) -> None:
    levels = [int(element.tag[1]) for element in PageReader.of(page).all(*(f"h{k}" for k in range(1, 7)))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_every_picture_has_a_name_or_is_decoration(page: str) -> None:
    for element in PageReader.of(page).all("svg", "img"):
        named = element.attributes.get("aria-labelledby") or element.attributes.get("aria-label")
        assert (element.attributes.get("role") == "img" and named) or (
            element.attributes.get("aria-hidden") == "true"
        )


def test_every_table_has_a_caption_and_its_headings_a_scope(page: str) -> None:
    reader = PageReader.of(page)
    assert len(reader.all("caption")) == len(reader.all("table"))
    assert all(element.attributes.get("scope") in ("col", "row", "colgroup") for element in reader.all("th"))


def test_the_page_has_landmarks_a_language_and_a_way_past_the_top(page: str) -> None:
    reader = PageReader.of(page)
    assert reader.all("html")[0].attributes["lang"] == "en"
    assert [len(reader.all(tag)) for tag in ("main", "header", "footer", "nav")] == [1, 1, 1, 1]
    assert reader.all("a")[0].attributes == {"class": "skip", "href": "#answer"}


def test_the_page_loads_nothing_and_runs_nothing(page: str) -> None:
    reader = PageReader.of(page)
    assert not reader.all("script", "iframe", "object", "embed", "form", "base", "audio", "video", "img")
    assert [link.attributes for link in reader.all("link")] == [{"rel": "icon", "href": "data:,"}]
    for element in reader.elements:
        assert not [name for name in element.attributes if name.startswith("on") or name in LOADING]
        assert "style" not in element.attributes
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert len(style) == 1
    assert not re.search(r"url\(|@import|expression\(", style[0])


def test_only_this_style_sheet_may_apply(page: str) -> None:
    policy = next(
        str(element.attributes["content"])
        for element in PageReader.of(page).all("meta")
        if element.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_links_lead_to_places_in_the_page_or_politely_to_the_web(page: str) -> None:
    for link in PageReader.of(page).all("a"):
        address = str(link.attributes["href"])
        if not address.startswith("#"):
            assert address.startswith(("http://", "https://"))
            assert link.attributes["rel"] == "noopener noreferrer"


def test_no_placeholder_reaches_the_reader(page: str) -> None:
    text = " ".join(PageReader.of(page).text)
    assert not re.search(r"(?<![\w])(nan|NaN|None(?! of)|undefined|inf)(?![\w])", text)
    assert not re.search(
        r"\bNaN\b|\bundefined\b|Infinity", "".join(re.findall(r"<svg.*?</svg>", page, re.DOTALL))
    )
    assert "{{" not in text.replace("{{ 7 * 7 }}", "")
    assert "}}" not in text.replace("{{ 7 * 7 }}", "")


def test_the_page_stays_small(page: str) -> None:
    assert len(page.encode()) < 1_500_000


def test_names_that_look_like_markup_are_shown_as_they_are(page_of: Callable[[str], str]) -> None:
    page = page_of("hostile names")
    assert "<script" not in page
    assert "alert(1)" in page
    reader = PageReader.of(page)
    assert HOSTILE in "".join(reader.text)
    assert "{{ 7 * 7 }} ${x} B" in "".join(reader.text)
    assert "49" not in "".join(reader.text).split()


def test_names_from_right_to_left_are_set_apart(page_of: Callable[[str], str]) -> None:
    page = page_of("right to left")
    apart = r"<bdi>[^<]*</bdi>|<svg.*?</svg>|(?:title|aria-label)=\"[^\"]*\""
    outside = re.sub(apart, "", page, flags=re.DOTALL)
    assert ARABIC in page
    assert ARABIC not in outside


def test_each_figure_has_its_table_and_method_beside_it(brief_of: Callable[[str], Brief]) -> None:
    made = brief_of("river-dam")
    page = made.to_html(full=True)
    for figure in made.figures:
        body = page.split(f'id="fig-{figure.id}"', 1)[1].split("</figure>", 1)[0]
        assert "<svg" in body
        assert "<table>" in body
        assert "<summary>" in body
        assert "détente" in body


def test_the_page_says_how_to_make_it_again(
    page_of: Callable[[str], str], brief_of: Callable[[str], Brief]
) -> None:
    record = brief_of("river-dam").record
    text = " ".join("".join(PageReader.of(page_of("river-dam")).text).split())
    assert f"detente brief CASE --draws {record.draws} --seed {record.seed}" in text
    assert record.fingerprint in text
    assert record.version in text


def test_a_page_of_a_scenario_says_so() -> None:
    from detente.catalog import open_case
    from detente.report import brief

    page = brief(open_case("river-dam").with_(scenario="dry-years"), draws=20).to_html()
    assert "scenario Two dry years" in " ".join("".join(PageReader.of(page).text).split())


def test_the_ladder_leads_to_the_sections_that_show_more(page_of: Callable[[str], str]) -> None:
    page = page_of("us-russia-2024")
    sections = re.findall(r'<section id="([\w-]+)"', page)
    ladder = page.split('<dl class="ladder">', 1)[1].split("</dl>", 1)[0]
    targets = re.findall(r'href="#([\w-]+)"', ladder)
    assert set(targets) <= set(sections)
    assert {"holds", "signing"} <= set(targets)
