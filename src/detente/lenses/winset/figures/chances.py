"""How likely is a deal, on each issue alone and as a package, in each scenario?

One row per deal and scenario along 0 to 100 %: a dot at the share of draws with a deal, a line over its
Monte-Carlo interval. That interval says how far the finite number of draws blurs the share, not how sure the
model is.
"""

from __future__ import annotations

from collections.abc import Iterator

from detente.lenses.winset.findings import chances
from detente.lenses.winset.result import WinsetResult
from detente.show.figure import Figure
from detente.show.palette import MUTED
from detente.show.row_chart import Dot, Line, Row, shares
from detente.show.table import Table
from detente.show.words import percent

LEGEND = "Dot: share of draws with a deal. Line: 95 % Monte-Carlo interval."


def chances_figure(result: WinsetResult) -> Figure:
    """Return the probability of every deal in every scenario."""
    record = result.record
    return Figure(
        id="chances",
        subject="",
        finding=chances(result),
        definition="Every deal, on one issue alone or as a package: the share of draws in which all who must "
        "consent gain over no deal within their red lines.",
        spec=shares(list(_rows(result))).spec(),
        table=_table(result),
        how=(
            f"In each of {record.draws:,} draws (seed {record.seed}) of positions, saliences, red lines and costs "
            "of failure, a deal exists when some package lets a winning coalition of the consent rule gain over "
            "no deal. Each answer is proven: by a package that they all accept, or by weights under which not "
            "even their average can be satisfied (Putnam 1988; Helly 1923). Draws that no solver could decide "
            "are reported as unknown and never counted as no deal.",
            f"Case {record.fingerprint}, détente {record.version}.",
        ),
        legend=LEGEND,
    )


def _table(result: WinsetResult) -> Table:
    columns = {
        "deal": "issue alone, or package",
        "scenario": "name",
        "probability": "share of draws with a deal",
        "low95": "95 % Monte-Carlo interval",
        "high95": "its upper end",
        "unknown": "share of draws that could not be decided",
    }
    rows = tuple(
        (of.name, result.version_name(version), c.probability, c.low95, c.high95, c.unknown)
        for deal, of in result.deals.items()
        for version, deals in result.deal_probability.items()
        if (c := deals.get(deal)) is not None
    )
    return Table("deal_probability", columns, rows)


def _rows(result: WinsetResult) -> Iterator[Row]:
    several = len(result.deal_probability) > 1
    for deal, of in result.deals.items():
        if several:
            yield Row(of.name, head=True)
        for version, deals in result.deal_probability.items():
            if (found := deals.get(deal)) is not None:
                dot = Dot(found.probability, hollow=version != result.version)
                doubt = () if result.record.exact else (Line(found.low95, found.high95),)
                yield Row(
                    result.version_name(version) if several else of.name,
                    (*doubt, dot),
                    number=percent(found.probability),
                    tone=MUTED,
                )
