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


REACHED = {  # F of matches, of full matches and of characters, and precision of matches
    "all": {"matched": 0.795, "full": 0.666, "characters": 0.829, "precision": 0.819},
    "held out": {"matched": 0.776, "full": 0.647, "characters": 0.836, "precision": 0.782},
}
SLACK = 0.01


@pytest.mark.parametrize("part", REACHED)
def test_statements_are_found_as_well_as_the_page_says(shared_data: Path, part: str) -> None:
    """The project asks for .68, .56 and .68, and a precision of .75; a loss from what is reached shows."""
    tally = tallies(shared_data / "evidence" / "polnear" / "polnear-dev.tar.gz")[part]
    found = {what: tally.figures(what)[2] for what in ("matched", "full", "characters")}
    found["precision"] = tally.figures("matched")[0]
    assert {what: value for what, value in found.items() if value < REACHED[part][what] - SLACK} == {}
