"""How fast are draws of a deal decided, by what, and how near is that to a bound that no solver of programs beats?

12 actors, 6 issues, a consent tree of two levels: four who must agree and a majority of the other eight, 56
minimal winning coalitions. Naive is one linear program per coalition by HiGHS until one has a deal. The bound
counts one such program per draw that intervals and candidates leave open, as if one were enough.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from bench.clock import best, in_threads, seconds, table
from detente.case.thresholds import Node, Threshold, Voter, all_of
from detente.lenses.winset.deal import Deal, Loss
from detente.lenses.winset.engine import DEAL, NAMES, UNKNOWN, WAYS, Verdicts, extents, solutions, verdicts
from tests.lenses.winset.literal_engine import of_coalition

DRAWS, BLOCK, VETOERS = 10_000, 1024, 4
COSTS = {"easy": 0.05, "even": -0.06, "hard": -0.2}


def main() -> None:
    first = seconds(lambda: verdicts(random_deal(2, 3, 2, 0.0)))
    print(f"first call {first:.2f} s: compiling, or loading what was compiled before")
    losses: tuple[Loss, ...] = ("city_block", "quadratic")
    rows = [row(loss, name, cost) for loss in losses for name, cost in COSTS.items()]
    table(
        ("10,000 draws, 12 × 6", "deal", *WAYS[1:], "1 thread s", "2 threads s", "naive ×", "bound ×"), rows
    )
    print()
    table(("all named solutions, 4 parties", "draws with a deal", "2 threads s", "extents s"), solved(losses))
    for cost in (*COSTS.values(), -0.19):
        one = random_deal(1, 100, 10, cost)
        two_levels = "4 who must agree and 49 of 96 others"
        for rule, name in ((one.rule, two_levels), (all_of(*(Voter(v) for v in range(100))), "all")):
            deal = with_rule(one, rule)
            took, found = seconds(lambda deal=deal: verdicts(deal)), verdicts(deal)  # type: ignore[misc]
            print(
                f"one draw, 100 actors × 10 issues, cost {cost}, {name}: {took:.3f} s (limit 1 s), "
                f"status {found.status[0]} by {WAYS[found.decided[0]]}"
            )


def with_rule(deal: Deal, rule: Node) -> Deal:
    """Return the deal under another rule."""
    return Deal(**{**{name: getattr(deal, name) for name in Deal.__dataclass_fields__}, "rule": rule})


def random_deal(draws: int, voters: int, issues: int, cost: float, loss: Loss = "city_block") -> Deal:
    """Return stances that scatter around random centres, and a no-deal point better for all the lower ``cost``."""
    rng = np.random.default_rng(3)
    shape = draws, voters, issues
    salience = rng.random(shape[1:]) * np.exp(0.3 * rng.standard_normal(shape))
    others = tuple((1, Voter(v)) for v in range(min(VETOERS, voters - 1), voters))
    deal = Deal(
        ideal=np.clip(rng.random(shape[1:]) + 0.12 * rng.standard_normal(shape), 0, 1),
        salience=salience / salience.sum(axis=-1, keepdims=True),
        radius=np.zeros(shape[:2]),
        floor=np.zeros(shape),
        ceiling=np.ones(shape),
        no_deal=np.clip(rng.random(issues) + 0.1 * rng.standard_normal((draws, issues)), 0, 1),
        levels=(None,) * issues,
        rule=all_of(
            *(Voter(v) for v in range(voters - len(others))), Threshold(len(others) // 2 + 1, others)
        ),
        loss=loss,
    )
    deal.radius[:] = deal.losses(deal.no_deal[:, None])[:, 0] + cost * rng.random(shape[:2])
    return deal


def row(loss: Loss, name: str, cost: float) -> Sequence[str]:
    """Measure verdicts on one kind of draws."""
    deal = random_deal(DRAWS, 12, 6, cost, loss)
    found = verdicts(deal)
    shares = [f"{(found.decided == way).mean():.1%}" for way in range(1, len(WAYS))]
    alone = best(lambda: verdicts(deal), 2)
    both = best(blocks(deal, verdicts), 2)
    ratios = ("", "")
    if loss == "city_block":
        program, naive = naive_seconds(deal, found)
        open_draws = (found.decided >= WAYS.index("search")).sum()
        ratios = f"{naive * DRAWS / alone:.0f}", f"{open_draws * program / alone:.1f}"
    unknown = (found.status == UNKNOWN).sum()
    label = f"{loss}, {name}" + (f", {unknown} unknown" if unknown else "")
    return [label, f"{(found.status == DEAL).mean():.1%}", *shares, f"{alone:.2f}", f"{both:.2f}", *ratios]


def blocks(deal: Deal, work: Callable[[Deal], object]) -> Callable[[], object]:
    """Return a job that works on blocks of draws in two threads."""
    parts = [deal.rows(slice(at, at + BLOCK)) for at in range(0, deal.draws, BLOCK)]
    return in_threads(lambda k: work(parts[k]), len(parts))


def naive_seconds(deal: Deal, found: Verdicts, draws: int = 3) -> tuple[float, float]:
    """Return seconds of one program of a coalition by HiGHS, and of all that a draw takes, from a few draws."""
    coalitions = [[*range(VETOERS), *some] for some in combinations(range(VETOERS, 12), 5)]
    program = best(lambda: of_coalition(deal, 0, coalitions[0]), 5)
    chosen = np.linspace(0, deal.draws - 1, draws).astype(int)

    def naive() -> None:
        for k in chosen:
            any_deal = any(of_coalition(deal, int(k), members) > 0 for members in coalitions)
            assert any_deal == (found.status[k] == DEAL)

    return program, seconds(naive) / draws


def solved(losses: Sequence[Loss]) -> Sequence[Sequence[str]]:
    """Measure the named solutions and the extents of the zone."""
    rows = []
    for loss in losses:
        deal = random_deal(DRAWS, 12, 6, COSTS["easy"], loss)
        both = seconds(blocks(deal, lambda part: solutions(part, verdicts(part), range(VETOERS), NAMES)))
        ends = seconds(blocks(deal, lambda part: extents(part, verdicts(part))))
        count = int((verdicts(deal).status == DEAL).sum())
        rows.append((f"{loss}, {deal.draws:,} draws", f"{count}", f"{both:.2f}", f"{ends:.2f}"))
    return rows


if __name__ == "__main__":
    main()
