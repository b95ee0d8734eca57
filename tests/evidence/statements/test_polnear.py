"""How well statements are found in real news, by the published protocol; skipped where the corpus is not there."""

from functools import cache
from pathlib import Path

import pytest

from tests.evidence.tools.attribution import Tally, articles, rules, score


@cache
def tallies(archive: Path) -> dict[str, Tally]:
    corpus = articles(archive)
    return {
        "all": score(rules, corpus),
        "held out": score(rules, [article for article in corpus if article.held_out]),
    }


@pytest.mark.parametrize("part", ["all", "held out"])
@pytest.mark.parametrize(("what", "least"), [("matched", 0.77), ("full", 0.64), ("characters", 0.82)])
def test_statements_are_found_as_well_as_the_page_says(
    shared_data: Path, part: str, what: str, least: float
) -> None:
    tally = tallies(shared_data / "evidence" / "polnear" / "polnear-dev.tar.gz")[part]
    assert tally.figures(what)[2] >= least


@pytest.mark.parametrize("part", ["all", "held out"])
def test_three_of_four_statements_are_right(shared_data: Path, part: str) -> None:
    tally = tallies(shared_data / "evidence" / "polnear" / "polnear-dev.tar.gz")[part]
    assert tally.figures("matched")[0] >= 0.75
