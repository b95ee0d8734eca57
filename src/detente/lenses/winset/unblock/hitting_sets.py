"""Which smallest sets conflict, and which smallest sets must give way? Dualise and advance, by questions alone.

Given a monotone question "can these all hold together?", a *conflict* is a minimal set for which the answer is no,
a *correction* a minimal set without which it is yes. Either family is that of the minimal sets that meet every
member of the other (Reiter 1987). The search works its way along both: the smallest set that meets all corrections
found so far either is a conflict or grows into a new correction (Gunopulos, Khardon, Mannila & Toivonen 1997;
Bailey & Stuckey 2005). So conflicts come smallest first, and none is missed when the search runs to its end.

Sets are bits of an integer. The search asks by yielding, so that many of them can be answered in one go.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

WIDEST = 5_000
"""How many candidates are kept before a search gives up on being complete."""


class Reply(NamedTuple):
    """The answer to one question.

    Attributes:
        together: whether the set can hold together; ``None`` when nobody knows.
        also: bits of what else is seen to hold with it.
    """

    together: bool | None
    also: int = 0


Set = TypeVar("Set")
Named = TypeVar("Named")


@dataclass(frozen=True, slots=True)
class Families(Generic[Set]):
    """What a search found: sets as bits, or by name.

    Attributes:
        conflicts: minimal sets that cannot hold together, smallest first.
        corrections: minimal sets without which the rest can.
        complete: whether both are all there are; if not, no conflict smaller than ``below`` is missing.
        below: see ``complete``.
        asked: number of questions.
        known: ``False`` if a question stayed without an answer.
    """

    conflicts: tuple[Set, ...]
    corrections: tuple[Set, ...]
    complete: bool
    below: int
    asked: int
    known: bool = True

    def named(self, name: Callable[[Set], Named]) -> Families[Named]:
        """Return the same with sets by name."""
        conflicts, corrections = (tuple(map(name, family)) for family in (self.conflicts, self.corrections))
        return Families(conflicts, corrections, self.complete, self.below, self.asked, self.known)


Search = Generator[int, Reply, Families[int]]


def search(n: int, most: int = 64, questions: int = 1_000) -> Search:
    """Find the conflicts and corrections of n members.

    Args:
        n: number of members; the bits are 0..n-1.
        most: stop after so many conflicts.
        questions: stop before a correction is sought after so many questions.

    Yields:
        A set to be asked about.

    Returns:
        Both families.
    """
    conflicts, corrections = list[int](), list[int]()
    candidates = {0}
    asked = 0
    while True:
        pending = candidates.difference(conflicts)
        below = min((c.bit_count() for c in pending), default=n + 1)
        if not pending or len(conflicts) >= most or asked >= questions or len(candidates) > WIDEST:
            return _families(conflicts, corrections, not pending, below, asked)
        seed = min(c for c in pending if c.bit_count() == below)
        reply = yield seed
        asked += 1
        if reply.together is None:
            return _families(conflicts, corrections, False, below, asked, known=False)
        if not reply.together:
            conflicts.append(seed)
            continue
        grown, steps = yield from _grow(seed | reply.also, n, conflicts)
        asked += steps
        if grown is None:
            return _families(conflicts, corrections, False, below, asked, known=False)
        corrections.append(((1 << n) - 1) & ~grown)
        candidates = meeting(candidates, corrections[-1])


def _grow(grown: int, n: int, conflicts: list[int]) -> Generator[int, Reply, tuple[int | None, int]]:
    """Add members as long as all hold together; ``None`` when a question stays without an answer."""
    asked = 0
    for k in range(n):
        trial = grown | 1 << k
        if trial == grown or any(not conflict & ~trial for conflict in conflicts):
            continue
        reply = yield trial
        asked += 1
        if reply.together is None:
            return None, asked
        if reply.together:
            grown = trial | reply.also
    return grown, asked


def meeting(sets: set[int], another: int) -> set[int]:
    """Return the minimal sets that contain one of ``sets`` and meet another (Berge 1989)."""
    found = {s for s in sets if s & another}
    hits, misses = list(found), sets - found
    for member in (1 << k for k in range(another.bit_length()) if another >> k & 1):
        # A set that meets it already and lies within a longer one must owe that to the member just added.
        rest = [hit & ~member for hit in hits if hit & member]
        found |= {s | member for s in misses if all(part & ~s for part in rest)}
    return found


def _families(
    conflicts: list[int], corrections: list[int], complete: bool, below: int, asked: int, known: bool = True
) -> Families[int]:
    """Put both families in order of size."""

    def order(family: list[int]) -> tuple[int, ...]:
        return tuple(sorted(family, key=lambda bits: (bits.bit_count(), bits)))

    return Families(order(conflicts), order(corrections), complete, below, asked, known)
