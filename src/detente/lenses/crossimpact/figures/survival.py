"""How firm is each future? Its survival when judgements are in doubt, with margin and basin beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.lenses.crossimpact.findings import of_survival, rank
from detente.lenses.crossimpact.records import Future
from detente.lenses.crossimpact.result import CrossImpactResult
from detente.show import words
from detente.show.figure import Figure
from detente.show.palette import ACCENT, MUTED
from detente.show.row_chart import Dot, Line, Row, shares

WIDE = 1.96
EXACT = (
    "Exact: every judgement is drawn on its own, and the distribution of each balance is the convolution of those "
    "of its judgements."
)
DRAWN = (
    "Drawn: experts differ or judgements are correlated, so whole matrices are drawn; the line is the 95 % "
    "Monte-Carlo interval."
)


def survival(result: CrossImpactResult, futures: Sequence[tuple[int, Future]]) -> Figure:
    """Return the chart of some futures, each with its number in the list, from 1; the firmest first."""
    return Figure(
        id="survival",
        subject="",
        finding=of_survival(min((one for _, one in futures), key=rank)),
        definition="Probability that each future stays consistent when the judgements are in doubt as stated; "
        "under it the margin of its weakest variant, and its basin.",
        spec=shares(list(_rows(futures)), labels=76.0, numbers=124.0).spec(),
        table=result.tables()["futures"].only(
            ["future", "survival", "margin", "basin", "starts", "pressure"]
        ),
        how=(
            EXACT if result.survival_by == "exact" else DRAWN,
            "The margin is by how much the weakest variant leads the best other, by the best guesses; 0 is a tie. "
            "The basin counts starting points that end here by succession; it depends on the order of the "
            "variants through ties, and is no probability.",
            f"Case {result.record.fingerprint}, détente {result.record.version}.",
        ),
        legend="Dot: survival. Hollow: not consistent by the best guesses.",
    )


def _rows(futures: Sequence[tuple[int, Future]]) -> Iterator[Row]:
    for number, one in futures:
        reach = WIDE * one.survival_error
        doubt = (Line(max(one.survival - reach, 0.0), min(one.survival + reach, 1.0)),) if reach else ()
        margin = "" if one.margin is None else f"margin {words.figures(float(one.margin), 3)}, "
        yield Row(
            f"Future {number}",
            (*doubt, Dot(one.survival, hollow=not one.consistent)),
            number=words.percent(one.survival),
            detail=f"{margin}basin {words.percent(one.basin / one.starts) if one.starts else '0'}",
            tone=ACCENT if one.consistent else MUTED,
        )
