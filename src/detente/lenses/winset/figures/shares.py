"""How likely is a deal, who stands in its way, and what single change would help? Rows on one scale, 0 to 100 %.

*Chances*: a row per deal and scenario, a dot at the share of draws with a deal, a line over its Monte-Carlo
interval, which says how far the finite number of draws blurs the share, not how sure the model is. *Blockers*: a
bar per actor, in what share of the draws without a deal its demands are part of a conflict; darker, where its
consent alone would open the zone. *Levers*: a red line lifted or softened, or a consent not needed; from the
probability as it stands to the one with the change, on the same draws.
"""

from __future__ import annotations

from collections.abc import Iterator

from detente.lenses.winset.answers import Chance, Lever
from detente.lenses.winset.findings import blocked, chances, lever
from detente.lenses.winset.phrases import conflict_words, lever_words
from detente.lenses.winset.result import WinsetResult
from detente.show.figure import Figure
from detente.show.palette import ACCENT, ACCENT_SOFT, MUTED
from detente.show.row_chart import Bar, Dot, Line, Row, shares
from detente.show.table import Cell, Table, table_of
from detente.show.words import capital, percent

MOST_BLOCKERS = 10
MOST_LEVERS = 8


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
        table=_chances(result),
        how=(
            f"In each of {record.draws:,} draws (seed {record.seed}) of positions, saliences, red lines and costs "
            "of failure, a deal exists when some package lets a winning coalition of the consent rule gain over "
            "no deal. Each answer is proven: by a package that they all accept, or by weights under which not "
            "even their average can be satisfied (Putnam 1988; Helly 1923). Draws that no solver could decide "
            "are reported as unknown and never counted as no deal.",
            f"Case {record.fingerprint}, détente {record.version}.",
        ),
        legend="Dot: share of draws with a deal. Line: 95 % Monte-Carlo interval.",
    )


def _chances(result: WinsetResult) -> Table:
    rows = (
        ((of.name, result.version_name(version)), deals[deal])
        for deal, of in result.deals.items()
        for version, deals in result.deal_probability.items()
        if deal in deals
    )
    keys = {"deal": "issue alone, or package", "scenario": "name"}
    return table_of(rows, Chance, "deal_probability", keys, leave=("touching", "least", "most", "draws"))


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


def blockers_figure(result: WinsetResult, deal: str) -> Figure:
    """Return who stands in the way of one deal; it must fail in some draw."""
    found, name = result.blockers[deal], result.deals[deal].name
    fewer = f"; in {percent(found.unfinished)} of them only the smallest conflicts were listed"
    unknown = f"; in {percent(found.unknown)} of them a solver failed, and they count nowhere"
    rows = []
    for actor, share in list(found.actors.items())[:MOST_BLOCKERS]:
        bars = (Bar(0, share, ACCENT_SOFT, 14), Bar(0, found.alone.get(actor, 0.0), ACCENT, 14))
        rows.append(Row(result.names[actor], bars[: 2 if bars[1].high else 1], number=percent(share)))
    return Figure(
        id=f"blockers-{deal}",
        subject=name,
        finding=blocked(result, deal),
        definition=f"{name}: the share of the draws without a deal in which an actor's demands are part of a "
        "conflict.",
        spec=shares(rows).spec(),
        table=_conflicts(result, deal),
        how=(
            "A conflict is a smallest set of demands (red lines, and being no worse off than without a deal) "
            "that no package meets; leave out any one of them and the others can be met (irreducible infeasible "
            f"subset). Looked for in {found.examined:,} draws without a deal"
            f"{fewer if found.unfinished else ''}{unknown if found.unknown else ''}.",
            *(
                f"{capital(conflict_words(result.names, one.demands))}: {percent(one.share)} of them."
                for one in found.conflicts[:5]
            ),
        ),
        legend="Light: part of a conflict of demands. Dark: its consent alone would open the zone.",
    )


def _conflicts(result: WinsetResult, deal: str) -> Table:
    found = result.blockers[deal]
    columns = {
        "actor": "name, or the demands of a conflict",
        "involved": "share of the examined draws without a deal in which it is part of a conflict",
        "alone": "share in which its consent alone would open the zone; empty for a conflict",
    }
    rows: list[tuple[Cell, ...]] = [
        (result.names[actor], share, found.alone.get(actor, 0.0)) for actor, share in found.actors.items()
    ]
    rows += [(capital(conflict_words(result.names, one.demands)), one.share, None) for one in found.conflicts]
    return Table("conflicts", columns, tuple(rows))


def levers_figure(result: WinsetResult, deal: str) -> Figure:
    """Return what would change the probability of one deal most; there must be a lever."""
    name, levers = result.deals[deal].name, result.levers[deal]
    # The strongest of those that help, or the first where none does.
    drawn = tuple(one for one in levers if one.change > 0)[:MOST_LEVERS] or levers[:1]
    rows = [
        Row(
            _lever(result, one),
            (Line(one.probability - one.change, one.probability, width=4), Dot(one.probability)),
            number=percent(one.probability),
        )
        for one in drawn
    ]
    return Figure(
        id=f"levers-{deal}",
        subject=name,
        finding=lever(result, deal),
        definition=f"{name}: the probability of a deal if one red line were lifted or softened, or one consent "
        "not needed.",
        spec=shares(rows, names="above").spec(),
        table=table_of(
            (((_lever(result, one),), one) for one in levers),
            Lever,
            "levers",
            {"lever": "the one change"},
            leave=("kind", "actor", "issue", "side", "by", "draws", "margin"),
        ),
        how=(
            f"Each change is tried alone on the same {levers[0].draws:,} draws; the error is that of the paired "
            "difference. Softening moves a red line by "
            f"{percent(float(result.record.options.get('soften', 0.1)))} of the issue's scale.",
        ),
        legend="Line: from the probability as it stands to the one with the change. Changes without effect are in "
        "the table.",
    )


def _lever(result: WinsetResult, one: Lever) -> str:
    return capital(lever_words(result.names, one, result.case))
