"""The scorer of attributions, on cases worked out by hand; and its counts of the gold, which are published."""

from pathlib import Path

import pytest

from tests.evidence.tools.attribution import (
    Attribution,
    Tally,
    add,
    articles,
    characters,
    kind_of,
    overlap,
    pairs,
    parse,
    table,
)


def item(
    source: tuple[int, int], cue: tuple[int, int], content: tuple[int, int], kind: str = "x"
) -> Attribution:
    return Attribution(characters([source]), characters([cue]), characters([content]), kind)


def test_overlap_is_twice_the_common_part_over_both() -> None:
    assert overlap(characters([(0, 10)]), characters([(5, 20)])) == pytest.approx(10 / 25)
    assert overlap(frozenset(), frozenset()) == 0


def test_a_cue_that_touches_beats_a_better_content() -> None:
    gold = [item((0, 4), (5, 9), (10, 30))]
    guesses = [item((0, 4), (40, 44), (10, 30)), item((0, 4), (8, 12), (10, 14))]
    assert list(pairs(gold, guesses)) == [(0, 1)]


def test_without_a_common_cue_the_contents_must_agree_by_more_than_seven_tenths() -> None:
    gold = [item((0, 4), (5, 9), (10, 30))]
    assert list(pairs(gold, [item((0, 4), (40, 44), (10, 22))])) == [(0, 0)]  # 24 / 32 = .75
    assert list(pairs(gold, [item((0, 4), (40, 44), (10, 20))])) == []  # 20 / 30


def test_gold_takes_in_file_order_and_the_first_on_ties() -> None:
    gold = [item((0, 1), (5, 9), (10, 20)), item((0, 1), (5, 9), (10, 30))]
    guesses = [item((0, 1), (5, 9), (10, 30)), item((0, 1), (5, 9), (10, 30))]
    assert list(pairs(gold, guesses)) == [(0, 0), (1, 1)]


def test_a_match_is_full_with_source_and_half_the_content() -> None:
    gold = [
        item((0, 10), (11, 15), (20, 40), "direct"),
        item((100, 110), (111, 115), (120, 140), "mixed"),
        Attribution(frozenset(), characters([(211, 215)]), characters([(220, 240)]), "indirect"),
        item((300, 310), (311, 315), (320, 340), "indirect"),
        item((400, 410), (411, 415), (420, 440), "indirect"),
    ]
    guesses = [
        item((4, 10), (11, 15), (20, 40)),  # all within the gold source: right; the same content: full
        item((105, 125), (111, 115), (120, 140)),  # 5 of the smaller 10 is not more than half
        item((250, 260), (211, 215), (220, 240)),  # gold names no source: any is right
        item((300, 310), (311, 315), (330, 370)),  # content F = 20/60
        item((900, 910), (911, 915), (920, 940)),  # found nowhere
    ]
    tally = Tally()
    add(tally, gold, guesses)
    assert (tally.predicted, tally.gold, tally.matched, tally.full) == (5, 5, 4, 2)
    assert (tally.source, tally.half, tally.exact) == (3, 3, 3)
    assert tally.figures("matched") == pytest.approx((0.8, 0.8, 0.8))
    assert tally.figures("full") == pytest.approx((0.4, 0.4, 0.4))
    both = 20 + 20 + 20 + 10
    assert tally.figures("characters")[:2] == pytest.approx((both / 120, both / 100))
    assert tally.kinds["direct", "full"] == 1
    assert "match                .800 .800 .800" in table(tally)


def test_stand_off_is_read_with_pieces_in_any_order() -> None:
    text = "“We wait,” Lobo said, “until May.” Farro: no."
    marks = "\n".join(
        [
            "T1\tSource 11 15\tLobo",
            "E1\tAttribution:T3 Content:T2 Content2:T4 Cue:T3 Source:T1",
            "T2\tContent 0 10\t“We wait,”",
            "T3\tCue 16 20\tsaid",
            "T4\tContent 22 34\t“until May.”",
            "T5\tDiscuss 0 3\tx",
            "T6\tAttribution-no-source 40 41\t:",
            "E2\tAttribution-no-source:T6 Cue:T6",
        ]
    )
    (gold,) = parse(text, marks)
    assert gold == (characters([(11, 15)]), characters([(16, 20)]), characters([(0, 10), (22, 34)]), "mixed")


@pytest.mark.parametrize(
    ("text", "spans", "kind"),
    [
        ("“We wait.”", [(0, 10)], "direct"),
        ('"We wait."', [(0, 10)], "direct"),
        ("“We wait.”", [(0, 3), (4, 10)], "mixed"),
        ("to “wait”", [(0, 9)], "mixed"),
        ("to wait", [(0, 7)], "indirect"),
    ],
)
def test_kinds(text: str, spans: list[tuple[int, int]], kind: str) -> None:
    assert kind_of(text, spans) == kind


def test_the_gold_has_the_published_counts(shared_data: Path) -> None:
    corpus = articles(shared_data / "evidence" / "polnear" / "polnear-dev.tar.gz")
    kinds = [gold.kind for article in corpus for gold in article.gold]
    assert len(corpus) == 84
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"direct": 222, "mixed": 395, "indirect": 1575}
