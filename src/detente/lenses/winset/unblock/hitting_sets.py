"""Which smallest sets conflict, and which smallest sets must give way? Dualise and advance, by questions alone.

Given a monotone question "can these all hold together?", a *conflict* is a minimal set for which the answer is no,
a *correction* a minimal set without which it is yes. Either family is that of the minimal sets that meet every
member of the other (Reiter 1987). The search works its way along both: a smallest set that meets all corrections
found so far either is a conflict or grows into a new correction (Gunopulos, Khardon, Mannila & Toivonen 1997;
Bailey & Stuckey 2005). So conflicts come smallest first, and none is missed when the search runs to its end.

Sets are bits of an integer. Many searches run side by side, and put their questions together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

WIDEST = 5_000
"""How many candidates are kept before a search gives up on being complete."""

Question = tuple[int, int]
"""Which search asks, and about which set."""
Ask = Callable[[Sequence[Question]], Sequence[int | bool | None]]
"""Answers questions: ``False``, or a set of members that are seen to hold with those; ``None`` if nobody knows."""


@dataclass(slots=True)
class Families:
    """What one search has found.

    Attributes:
        candidates: minimal sets that meet every correction; each is a conflict, or leads to another correction.
        conflicts: minimal sets that cannot hold together.
        corrections: minimal sets without which the rest can.
        asked: number of questions.
        known: ``False`` if a question stayed without an answer, which ends the search.
    """

    candidates: set[int] = field(default_factory=lambda: {0})
    conflicts: set[int] = field(default_factory=set)
    corrections: set[int] = field(default_factory=set)
    asked: int = 0
    known: bool = True

    @property
    def complete(self) -> bool:
        """Whether both families are all there are; if not, no conflict smaller than those found is missing."""
        return self.known and self.candidates == self.conflicts

    def smallest(self) -> list[int]:
        """Return the smallest candidates that are no conflicts yet."""
        pending = self.candidates - self.conflicts
        least = min(map(int.bit_count, pending), default=0)
        return sorted(one for one in pending if one.bit_count() == least)


def search(n: int, searches: int, ask: Ask, most: int = 64, questions: int = 1_000) -> list[Families]:
    """Find the conflicts and corrections of n members, bits 0..n-1, in many searches.

    Args:
        n: number of members.
        searches: how many.
        ask: answers questions.
        most: a search stops after so many conflicts.
        questions: it looks for no further ones after so many questions; those under way may take n more.
    """
    families, every = [Families() for _ in range(searches)], (1 << n) - 1
    going = set(range(searches))
    while going:
        posed = [
            (at, members)
            for at in sorted(going)
            for members in families[at].smallest()[
                # Each may take a question, and one more per member to grow.
                : min(most - len(families[at].conflicts), max(1, (questions - families[at].asked) // (n + 1)))
            ]
        ]
        held: set[Question] = set()
        for at, members, reply in _answered(families, posed, ask):
            if reply is False:
                families[at].conflicts.add(members)
            else:
                held.add((at, members | reply))
        for at, members in _grown(families, held, n, ask):
            if families[at].known:
                families[at].corrections.add(every & ~members)
                if len(families[at].candidates) <= WIDEST:
                    families[at].candidates = meeting(families[at].candidates, every & ~members)
        going = {
            at
            for at in going
            if families[at].known
            and not families[at].complete
            and len(families[at].conflicts) < most
            and families[at].asked < questions
            and len(families[at].candidates) <= WIDEST
        }
    return families


def _answered(
    families: Sequence[Families], posed: Sequence[Question], ask: Ask
) -> list[tuple[int, int, int | bool]]:
    """Return search, set and answer of every question that has one."""
    answered = []
    for (at, members), reply in zip(posed, ask(posed) if posed else (), strict=True):
        families[at].asked += 1
        if reply is None:
            families[at].known = False
        else:
            answered.append((at, members, reply))
    return answered


def _grown(families: Sequence[Families], held: set[Question], n: int, ask: Ask) -> set[Question]:
    """Return sets that hold, to which nothing can be added: each member is tried with all of them at once."""
    for member in (1 << k for k in range(n)):
        growing = {
            (at, members | member): (at, members)
            for at, members in held
            if not members & member
            and families[at].known
            and all(conflict & ~(members | member) for conflict in families[at].conflicts)
        }
        for at, members, reply in _answered(families, list(growing), ask):
            if reply is not False:
                held.remove(growing[at, members])
                held.add((at, members | reply))
    return held


def meeting(sets: set[int], another: int) -> set[int]:
    """Return the minimal sets that contain one of ``sets`` and meet another (Berge 1989)."""
    found = {s for s in sets if s & another}
    hits, misses = list(found), sets - found
    for member in (1 << k for k in range(another.bit_length()) if another >> k & 1):
        # A set that meets it already and lies within a longer one must owe that to the member just added.
        rest = [hit & ~member for hit in hits if hit & member]
        found |= {s | member for s in misses if all(part & ~s for part in rest)}
    return found
