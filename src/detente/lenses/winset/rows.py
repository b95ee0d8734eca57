"""What is to be said of each deal, as plain data: how often it is agreed, on what terms, what is in its way?"""

from __future__ import annotations

from collections.abc import Iterator

from detente.lenses.winset.agreements import Agreement
from detente.lenses.winset.findings import SIGNING
from detente.lenses.winset.phrases import conflict_words
from detente.lenses.winset.result import WinsetResult
from detente.show.ladder import DealRow, Elsewhere, Signature, Size, Term, Vote


def rows(result: WinsetResult) -> Iterator[DealRow]:
    """Yield every deal, packages before issues alone."""
    for deal in sorted(result.deals, key=lambda one: result.deals[one].single):
        yield _row(result, deal)


def _row(result: WinsetResult, deal: str) -> DealRow:
    of, chance, found = result.deals[deal], result.chance(deal), result.agreements[deal]
    size: Size = "undecided" if chance.unknown == 1 else found.size
    blocked = result.blockers.get(deal)
    first = None if blocked is None else next(iter(blocked.conflicts), None)
    return DealRow(
        deal=deal,
        name=of.name,
        issues=of.issues,
        single=of.single,
        share=chance.probability,
        low95=chance.low95,
        high95=chance.high95,
        draws=chance.draws,
        size=size,
        rule=of.rule,
        terms=tuple(_terms(result, found)),
        signatures=tuple(_signatures(result, deal)),
        votes=tuple(_votes(found)),
        no_better=tuple(result.names[actor] for actor in found.no_better),
        stopped="" if first is None else conflict_words(result.names, first.demands),
        blockers=() if first is None else tuple(dict.fromkeys(one.actor for one in first.demands)),
        scenarios=tuple(_elsewhere(result, deal)),
        section=SIGNING,
    )


def _elsewhere(result: WinsetResult, deal: str) -> Iterator[Elsewhere]:
    for version, deals in result.deal_probability.items():
        if version != result.version and deal in deals:
            found = result.obstacles.get(version, {}).get(deal)
            yield Elsewhere(
                scenario=result.version_name(version),
                share=deals[deal].probability,
                terms={} if found is None else found.terms,
            )


def _terms(result: WinsetResult, found: Agreement) -> Iterator[Term]:
    for issue, one in found.terms.items():
        of = result.case.issues[issue]
        yield Term(
            issue=issue,
            value=one.value,
            low80=one.low80,
            high80=one.high80,
            without=one.without,
            today=one.today,
            moves=one.noticed(found.threshold, of.high - of.low),
            toward=tuple(result.names[actor] for actor in one.toward),
        )


def _signatures(result: WinsetResult, deal: str) -> Iterator[Signature]:
    """Yield all who have a say, in the order of the case."""
    found, needed = result.agreements[deal], result.deals[deal].required
    heard = {*needed, *found.signs, *found.stops}
    for actor in (one for one in result.case.actors if one in heard):
        yield Signature(
            name=result.names[actor],
            needed=actor in needed,
            signs=found.signs.get(actor),
            stops=found.stops.get(actor, 0.0),
            gain=found.gains.get(actor),
        )


def _votes(found: Agreement) -> Iterator[Vote]:
    """Yield the vote of every chamber: of those that would do, the one that needs the fewest."""
    least: dict[tuple[str, float], Vote] = {}
    for one in found.ballots:
        key = one.body, one.total
        if key not in least or one.needed < least[key].needed:
            least[key] = Vote(body=one.body, votes=one.votes, needed=one.needed, total=one.total)
    yield from least.values()
