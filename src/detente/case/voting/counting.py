"""How often does each voter turn a losing coalition into a winning one? Exactly, by whichever way is feasible.

Four ways, whichever is likely to be fastest: all profiles at once where kinds are few; chambers without common
members one by one, then combined; halves where voters are few; vectors of tallies. None lists coalitions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import comb

from detente.case.thresholds import Node, Threshold, Voter, voters
from detente.case.voting import dynamic_program, meet_in_the_middle, profiles
from detente.case.voting.compound import compound
from detente.case.voting.generating_functions import Sizes, from_swings

MOST_LEVELS = 500
_FEW_PROFILES, _FEW_VOTERS = 50_000, 30
Counts = tuple[int, ...]
Parts = tuple[tuple[int, Node], ...]


@dataclass(frozen=True)
class Counted:
    """Swings of every voter.

    Attributes:
        kinds: voters that are alike, by their indexes.
        swings: of one voter of each kind, by the size of the coalition that it joins, 0 to n.
    """

    kinds: tuple[tuple[int, ...], ...]
    swings: tuple[Counts, ...]

    @cached_property
    def voters(self) -> int:
        """Number of voters, n."""
        return sum(map(len, self.kinds))

    @cached_property
    def wins(self) -> Counts:
        """Winning coalitions by size, 0 to n."""
        pairs = zip(map(len, self.kinds), self.swings, strict=True)
        return from_swings(pairs, self.voters)


def counted(rule: Node) -> Counted | None:
    """Return the swings of every voter, or ``None`` where no way of counting is feasible.

    Args:
        rule: one that the empty coalition does not meet and that all together do.
    """
    rule = _unwrapped(rule)
    found = compound(rule)
    kinds = tuple(kind.members for kind in found.kinds)
    few, many = profiles.number(found) <= _FEW_PROFILES, profiles.number(found) > profiles.MOST_PROFILES
    together = None if few or not isinstance(rule, Threshold) else _of_chambers(rule)
    if together is not None:
        return together
    swings = meet_in_the_middle.swings(found) if not few and found.voters <= _FEW_VOTERS else None
    if swings is None and not many:
        swings = profiles.swings(found)
    if swings is None:
        swings = dynamic_program.swings(found) or meet_in_the_middle.swings(found)
    return None if swings is None else Counted(kinds, tuple(swings))


def _unwrapped(rule: Node) -> Node:
    """Return the part of a rule that has but one."""
    while isinstance(rule, Threshold) and len(rule.parts) == 1:
        weight, part = rule.parts[0]
        if isinstance(part, Voter) or not 0 < rule.quota <= weight:
            break
        rule = part
    return rule


# --- chambers ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Chamber:
    """Parts of a rule whose voters are in no other part.

    Attributes:
        levels: weights that they can contribute, ascending, none above the quota of the rule.
        counts: swings across each level.
    """

    levels: tuple[int, ...]
    counts: tuple[Counted, ...]

    def values(self, sizes: Sizes) -> dict[int, int]:
        """Return weight contributed → coalitions of its voters that contribute it, packed."""
        n = self.counts[0].voters
        reached = [sizes.pack([comb(n, size) for size in range(n + 1)])]
        reached += [sizes.pack(count.wins) for count in self.counts]
        return {
            level: more - less
            for level, more, less in zip((0, *self.levels), reached, [*reached[1:], 0], strict=True)
        }


def _of_chambers(rule: Threshold) -> Counted | None:
    """Count chamber by chamber; ``None`` where there is but one, or one of them cannot be counted."""
    groups = list(_groups(rule.parts))
    if len(groups) < 2:
        return None
    chambers = []
    for parts in groups:
        levels = _levels(parts, rule.quota)
        counts = [counted(Threshold(level, parts)) for level in levels] if levels else []
        sound = [count for count in counts if count is not None]
        if not levels or len(sound) < len(counts):
            return None
        chambers.append(_Chamber(levels, tuple(sound)))
    return _combined(rule.quota, chambers)


def _groups(parts: Parts) -> Iterator[Parts]:
    """Yield parts that have voters in common; single voters that sit nowhere else together."""
    groups: list[tuple[set[int], list[tuple[int, Node]]]] = []
    for weight, part in parts:
        inside = set(voters(part))
        touching = [group for group in groups if group[0] & inside]
        groups = [group for group in groups if not group[0] & inside]
        members = [(weight, part), *(item for group in touching for item in group[1])]
        groups.append((inside.union(*(group[0] for group in touching)), members))
    single = [item for _, members in groups if _is_single(members) for item in members]
    if single:
        yield tuple(single)
    yield from (tuple(members) for _, members in groups if not _is_single(members))


def _is_single(members: list[tuple[int, Node]]) -> bool:
    return all(isinstance(part, Voter) for _, part in members)


def _levels(parts: Parts, quota: int) -> tuple[int, ...] | None:
    """Return the weights that parts can contribute, what is above the quota as the quota."""
    reached = {0}
    for weight, part in parts:
        whole = weight * (part.seats if isinstance(part, Voter) else 1)
        reached |= {min(quota, level + whole) for level in reached}
        if len(reached) > MOST_LEVELS:
            return None
    return tuple(sorted(reached - {0}))


def _combined(quota: int, chambers: Sequence[_Chamber]) -> Counted:
    """Return the swings of all voters: across a level of their chamber while the others lack just that."""
    sizes = Sizes(sum(chamber.counts[0].voters for chamber in chambers))
    values = [chamber.values(sizes) for chamber in chambers]
    before, after = [{0: 1}], [{0: 1}]
    for k in range(len(chambers) - 1):
        before.append(_sums(before[-1], values[k], quota))
        after.append(_sums(after[-1], values[-1 - k], quota))
    kinds: list[tuple[int, ...]] = []
    swings: list[Counts] = []
    for k, chamber in enumerate(chambers):
        others = _sums(before[k], after[-1 - k], quota)
        lacking = [
            sum(count for sum_, count in others.items() if quota - high <= sum_ < quota - low)
            for low, high in zip((0, *chamber.levels), chamber.levels, strict=False)
        ]
        kinds += chamber.counts[0].kinds
        for number in range(len(chamber.counts[0].kinds)):
            across = [sizes.pack(count.swings[number]) for count in chamber.counts]
            packed = sum(swing * rest for swing, rest in zip(across, lacking, strict=True))
            swings.append(sizes.unpack(packed))
    return Counted(tuple(kinds), tuple(swings))


def _sums(first: dict[int, int], second: dict[int, int], most: int) -> dict[int, int]:
    found: dict[int, int] = {}
    for one, ways in first.items():
        for other, more in second.items():
            reached = min(most, one + other)
            found[reached] = found.get(reached, 0) + ways * more
    return found
