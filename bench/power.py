"""How long does it take to count the power in a rule exactly, and how much is saved by not listing coalitions?

Seconds for the swings and indices of every voter: the federal system of the United States (537 voters, target
5 s), the qualified majority of the European Union (27 states of different populations, target 0.5 s), a vote of
100 members; and the ratio to listing all coalitions, where that can still be waited for.

Run: ``python -m bench power``
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bench.clock import best, table
from detente.case.bodies import ready_body
from detente.case.electorate import body_rule
from detente.case.thresholds import Node, Threshold, Voter, voters, wins
from detente.case.voting.counting import Counted, counted
from detente.lenses.power import analyse
from detente.lenses.power.indices import powers

LISTED = 18  # voters whose coalitions can be listed in seconds


def vote(weights: list[int]) -> Threshold:
    return Threshold(sum(weights) // 2 + 1, tuple((w, Voter(v)) for v, w in enumerate(weights)))


def rules() -> dict[str, tuple[Node, str]]:
    random = np.random.default_rng(1)
    many = [int(w) for w in random.integers(1, 30, 100)]
    wide = [int(w) for w in random.integers(10**5, 10**8, LISTED)]
    return {
        "US federal, 537 voters": (body_rule(ready_body("us-statute-vp"))[0], "5 s"),
        "EU27 qualified majority": (body_rule(ready_body("eu27-qualified-majority"))[0], "0.5 s"),
        "EU27 votes of Nice": (body_rule(ready_body("eu27-nice-votes"))[0], ""),
        "100 members of 1 to 29 votes": (vote(many), ""),
        f"{LISTED} members, all different": (vote(wide), ""),
    }


def counting(rule: Node) -> Callable[[], object]:
    def work() -> object:
        found = counted(rule)
        assert isinstance(found, Counted)
        return powers(found)

    return work


def listing(rule: Node) -> Callable[[], object]:
    """Return the naive way: all coalitions as rows, each voter flipped in each."""
    n = len(list(voters(rule)))

    def work() -> object:
        agreed = ((np.arange(2**n)[:, None] >> np.arange(n)) & 1).astype(np.bool_)
        carried = wins(rule, agreed).reshape([2] * n)
        return [int(np.diff(carried.astype(np.int8), axis=axis).sum()) for axis in range(n)]

    return work


def main() -> None:
    rows = []
    for name, (rule, target) in rules().items():
        seconds = best(counting(rule), 3)
        n = len(list(voters(rule)))
        naive = best(listing(rule), 1) if n <= LISTED else None
        whole = best(lambda rule=rule: analyse(rule), 1)  # type: ignore[misc]
        ratio = "" if naive is None else f"{naive / seconds:,.0f}"
        rows.append((name, str(n), f"{seconds:.4f}", target, f"{whole:.3f}", ratio))
    head = ("rule", "voters", "indices s", "target", "all answers s", "times faster than listing")
    table(head, rows)


if __name__ == "__main__":
    main()
