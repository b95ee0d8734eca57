"""Every kind of block on a page: well-formed HTML that holds what was said, and escapes it."""

from __future__ import annotations

import re
from html import unescape

import pytest

from detente.show.blocks import Details, FigureBlock, Heading, Key, Legend, Listing, Prose, Verdict, figures
from detente.show.marks import sign
from detente.show.page import blocks_html, grouped, shade
from tests.report.making import ARABIC, HOSTILE, PageReader
from tests.show.example import everything, figure


def page(*blocks: object) -> PageReader:
    """Return the HTML of some blocks, read."""
    return PageReader.of(str(blocks_html(blocks)))  # type: ignore[arg-type]


def test_every_kind_of_block_is_well_formed_and_says_what_it_holds() -> None:
    html = str(blocks_html(everything()))
    reader = PageReader.of(html)
    assert reader.faults == []
    text = " ".join("".join(reader.text).split()).replace("\N{NO-BREAK SPACE}", " ")
    for said in (
        "Peace holds.",
        "It holds in 70 % of draws.",
        "Why it holds",
        "Territory of Ukraine 50 40 to 60",
        "At “half” crosses a red line",
        "Nobody leaves.",
        "nobody gains alone",
        "Peace in doubt",
        "In the way: the Congress.",
        "Nash 70 %",
        "a forecast",
        "all <kept>",
        "How often it holds.",
        "By counting.",
        "Only on a page.",
        "Only on paper.",
    ):
        assert said in text, said
    assert "Only on a screen." not in text
    assert '<span class="status warn">in doubt</span>' in html
    assert "SEQ 100" not in text  # a share of one is said by its colour alone


def test_headings_within_a_table_span_it_and_shares_are_shaded() -> None:
    html = str(blocks_html(everything()))
    assert html.count('<th scope="colgroup" colspan="4">') == 2
    assert f'<td class="number s{shade(0.5)}"><bdi>50\N{NO-BREAK SPACE}%</bdi></td>' in html
    assert html.count('<td class="number none"><span class="hidden">none</span></td>') == 7


@pytest.mark.parametrize(
    ("share", "step"), [(0, 1), (0.24, 1), (0.25, 2), (0.5, 3), (0.75, 4), (0.95, 5), (1, 5)]
)
def test_shares_are_shaded_in_five_steps(share: float, step: int) -> None:
    assert shade(share) == step


def test_figures_and_verdicts_that_follow_one_another_stand_together() -> None:
    kinds = [(kind, len(found)) for kind, found in grouped(everything())]
    assert ("figure", 2) in kinds
    two = (Verdict(name="a"), Verdict(name="b"), Prose(text="c"), Verdict(name="d"))
    assert [(kind, len(found)) for kind, found in grouped(two)] == [
        ("verdict", 2),
        ("prose", 1),
        ("verdict", 1),
    ]
    html = str(blocks_html(everything()))
    assert html.count('<div class="panels">') == 1
    assert '<div class="panels single">' in str(blocks_html([FigureBlock(figure=figure())]))


def test_texts_are_escaped_wherever_they_stand() -> None:
    reader = page(
        Heading(text=HOSTILE),
        Listing(items=(HOSTILE,)),
        Verdict(name=HOSTILE, status=HOSTILE, says=(HOSTILE,)),
        Details(summary=HOSTILE, blocks=()),
        Legend(items=(Key(text=HOSTILE, sign="dot"),)),
    )
    assert reader.faults == []
    assert not reader.all("script", "img")
    assert "".join(reader.text).count(HOSTILE) == 7


def test_names_from_right_to_left_are_set_apart() -> None:
    html = str(blocks_html([Prose(text=f"{ARABIC} & Kyiv agree."), Listing(items=(ARABIC,))]))
    assert f"<p><bdi>{ARABIC}</bdi> &amp; Kyiv agree.</p>" in html
    assert ARABIC not in re.sub(r"<bdi>[^<]*</bdi>", "", html)


@pytest.mark.parametrize("name", ['צה"ל', "צ'כיה", "حزب 14 آذار", 'חד"ש–תע״ל', "الحزب (اليسار)"])
def test_a_name_from_right_to_left_is_one_piece(name: str) -> None:
    html = str(blocks_html([Prose(text=f"Kyiv and {name} agree on 40, not 50.")]))
    assert [unescape(one) for one in re.findall("<bdi>(.*?)</bdi>", html)] == [name]


def test_figures_are_found_within_details_too() -> None:
    inner = Details(summary="More", blocks=(FigureBlock(figure=figure("inner")),))
    assert [one.id for one in figures((*everything(), inner))] == ["holds", "again", "inner"]


def test_an_unknown_sign_or_tone_is_an_error() -> None:
    with pytest.raises(KeyError):
        sign(Key(text="", sign="star", tone="bloc-1"))
    with pytest.raises(KeyError):
        sign(Key(text="", sign="circle", tone="puce"))
    assert 'stroke-dasharray="4 2"' in sign(Key(text="", sign="stroke", tone="bloc-1", dash=(4, 2)))
