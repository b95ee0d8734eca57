"""How are agreements, what they rest on and what proves the answer told as tables?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from detente.lenses.winset.agreements import Agreement, Ballot, Margin, Moved, Overlap, Reliance, Rests
from detente.lenses.winset.answers import DealAnswer
from detente.show.table import Cell, Table, table_of

DEAL = "issue or package, by its id"


def agreement_tables(found: Mapping[str, Agreement]) -> Iterator[Table]:
    """Yield what every deal changes, what each gains and whether it signs, and the votes of bodies."""
    yield table_of((((deal,), a) for deal, a in found.items()), Agreement, "agreements", {"deal": DEAL})
    yield table_of((((deal,), a.margin) for deal, a in found.items()), Margin, "margins", {"deal": DEAL})
    keys = {"deal": DEAL, "issue": "id"}
    moved = [((deal, issue), one) for deal, a in found.items() for issue, one in a.terms.items()]
    yield table_of(moved, Moved, "moved", keys)
    columns = {
        "deal": DEAL,
        "issue": "id",
        "actor": "id, with a say and a stance there",
        "nearer": "to what it wants than today, share of the scale; negative where it is farther",
    }
    nearer = [
        (deal, issue, actor, by)
        for deal, a in found.items()
        for issue, one in a.terms.items()
        for actor, by in one.nearer.items()
    ]
    yield Table("nearer", columns, tuple(nearer))
    columns = {
        "deal": DEAL,
        "actor": "id",
        "signs": "share of the draws with a deal in which it accepts the leading package",
        "gain": "over no deal, share of the deal's whole scale, mean over the draws with a deal",
        "by_terms": "the part of it that the terms give; the rest is what failing would have cost",
    }
    actors = [
        (deal, actor, share, a.gains[actor], a.by_terms[actor])
        for deal, a in found.items()
        for actor, share in a.signs.items()
    ]
    yield Table("signing", columns, tuple(actors))
    columns = {
        "deal": DEAL,
        "actor": "id",
        "stops": "share of all draws in which there is no deal and its demands are part of why",
    }
    stops = [(deal, actor, share) for deal, a in found.items() for actor, share in a.stops.items()]
    yield Table("stopping", columns, tuple(stops))
    ballots = [((deal,), ballot) for deal, a in found.items() for ballot in a.ballots]
    yield table_of(ballots, Ballot, "ballots", {"deal": DEAL})


def reliance_tables(found: Mapping[str, Rests]) -> Iterator[Table]:
    """Yield on which inputs of the case every deal rests, and which red lines must meet."""
    keys = {"deal": DEAL, "examined": "numbers of the case that were looked at"}
    relied = [((deal, a.examined), one) for deal, a in found.items() for one in (*a.inputs, *a.failure_costs)]
    yield table_of(relied, Reliance, "reliance", keys)
    overlaps = [((deal,), one) for deal, a in found.items() for one in a.overlaps]
    yield table_of(overlaps, Overlap, "overlaps", {"deal": DEAL})
    looked = [((deal,), a) for deal, a in found.items()]
    yield table_of(looked, Rests, "rests", {"deal": DEAL})


def proof_table(deals: Mapping[str, DealAnswer]) -> Table:
    """Return the numbers of every proof, in the order in which they are added up."""
    columns = {
        "deal": DEAL,
        "proves": "no_deal, or the bound of the cheapest concessions",
        "part": "actor, actor with its red line, issue, or total",
        "weight": "of the actor or the red line",
        "value": "what no deal costs the actor; the red line; least of the weighted sum; the total",
        "low": "least value of the issue that is looked at",
        "high": "greatest value",
    }
    rows: list[tuple[Cell, ...]] = []
    for deal, a in deals.items():
        found = {"no_deal": a.centre.proof, "concessions": None if a.opening is None else a.opening.proof}
        for proves, proof in found.items():
            if proof is None:
                continue
            for actor, weight in proof.weights.items():
                rows.append((deal, proves, actor, weight, proof.without[actor], None, None))
            for line in proof.lines:
                part = f"{line.actor} {line.issue} {line.kind}"
                rows.append((deal, proves, part, line.weight, line.value, None, None))
            for issue, (low, high) in proof.within.items():
                rows.append((deal, proves, issue, None, proof.least.get(issue), low, high))
            if proof.total is not None:
                rows.append((deal, proves, "total", None, proof.total, None, None))
    return Table("proofs", columns, tuple(rows))
