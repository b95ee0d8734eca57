"""Random rules, for the tests of power."""

from __future__ import annotations

from hypothesis import strategies as st

from detente.case.thresholds import Node, Threshold, Voter, voters


@st.composite
def rules(draw: st.DrawFn, most_voters: int = 7, depth: int = 2) -> Threshold:
    """Return a rule that nobody alone does not need and that all together meet; its voters are 0 to n - 1."""
    rule = draw(_thresholds(most_voters, depth))
    order = {voter: number for number, voter in enumerate(voters(rule))}

    def renamed(node: Node) -> Node:
        if isinstance(node, Voter):
            return Voter(order[node.index], node.seats)
        return Threshold(node.quota, tuple((weight, renamed(part)) for weight, part in node.parts))

    found = renamed(rule)
    assert isinstance(found, Threshold)
    return found


@st.composite
def _thresholds(draw: st.DrawFn, most_voters: int, depth: int) -> Threshold:
    leaf = st.builds(Voter, st.integers(0, most_voters - 1), st.sampled_from([1, 1, 1, 3]))
    part = leaf | _thresholds(most_voters, depth - 1) if depth else leaf
    parts = tuple(draw(st.lists(st.tuples(st.integers(1, 4), part), min_size=1, max_size=5)))
    return Threshold(draw(st.integers(1, Threshold(1, parts).total)), parts)


def vote(quota: int, *weights: int) -> Threshold:
    """Return a weighted vote."""
    return Threshold(quota, tuple((weight, Voter(index)) for index, weight in enumerate(weights)))
