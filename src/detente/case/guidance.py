"""Does what a case says of no deal decide the answer by itself? Who would accept nearly anything, or nothing.

What an actor accepts on an issue follows from where no deal leaves it and from what failing costs: it puts up
with terms as far from its position as no deal is, and further by the costs of failure, short of its red line. Here
it is computed for every issue alone, at the means; the win-set lens computes it for every deal and draw.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from detente.case.electorate import Electorate
from detente.case.validation import Fault, warning

NEARLY_ALL, NEARLY_NOTHING = 0.95, 0.05
"""Shares of a scale from which on an actor accepts nearly all of it, and up to which nearly nothing."""
WAYS = {
    "nearly everything": "lower the costs of failure, or state its red lines with 'accepts'",
    "nearly nothing": "is no deal really what it wants? else move 'no_deal', or give failing a cost",
}


@dataclass(frozen=True, slots=True)
class OneSize:
    """An actor whose consent is won by nearly anything, or by nearly nothing, whatever the issue.

    Attributes:
        actor: its id.
        accepts: which of the two.
        least: the smallest share of a scale that it accepts, 0..1.
        most: the greatest.
        sentence: the same in plain words.
    """

    actor: str
    accepts: Literal["nearly everything", "nearly nothing"]
    least: float
    most: float
    sentence: str

    @property
    def way(self) -> str:
        """What to look at."""
        return WAYS[self.accepts]


def accepted(case: Any, actor: str) -> Iterator[tuple[str, float]]:
    """Yield issues and the share of its scale that an actor accepts there at the means, if no deal has a place."""
    stated = ((key, by[actor]) for key, by in case.stances.items() if actor in by)
    placed = [key for key, stance in stated if stance.position is not None]  # values have no distances
    on = [key for key in placed if case.issues[key].no_deal is not None]
    cares = {key: _mean(case, f"stances.{key}.{actor}.salience") for key in on}
    whole, own = sum(cares.values()), _mean(case, f"actors.{actor}.failure_cost")
    for key in on if whole > 0 else ():
        yield key, _accepted(case, key, actor, own * cares[key] / whole)


def _accepted(case: Any, key: str, actor: str, own: float) -> float:
    issue, stance = case.issues[key], f"stances.{key}.{actor}"

    def at(path: str, otherwise: float) -> float:
        return float((_mean(case, path, otherwise) - issue.low) / (issue.high - issue.low))

    ideal, aside = at(f"{stance}.position", issue.low), at(f"issues.{key}.no_deal", issue.low)
    square = 2 if case.options.winset.loss == "quadratic" else 1
    costs = (_mean(case, f"issues.{key}.failure_cost"), own)
    loss = abs(aside - ideal) ** square + sum(math.copysign(abs(one) ** square, one) for one in costs)
    reach = math.pow(loss, 1 / square) if loss > 0 else 0.0
    low, high = at(f"{stance}.accepts.lower", issue.low), at(f"{stance}.accepts.upper", issue.high)
    return max(0.0, min(ideal + reach, high, 1.0) - max(ideal - reach, low, 0.0))


def _mean(case: Any, path: str, otherwise: float = 0.0) -> float:
    return float(case.quantities[path].mean) if path in case.quantities else otherwise


def one_size(case: Any) -> tuple[OneSize, ...]:
    """Return the actors with a say who accept nearly the whole of every scale, or nearly nothing of any.

    Left out is who does so on one issue only because no deal lies at its position, or at the other end: that is
    what the case is about.
    """
    electorate, unknown, found = Electorate(case), case.unjudged, []
    asked = dict.fromkeys(member.actor for member in electorate.members([*case.issues]))
    for actor in asked:
        shares = dict[str, float]()
        for key, part in accepted(case, actor):
            shares[key] = part
            if min(shares.values()) < NEARLY_ALL and max(shares.values()) > NEARLY_NOTHING:
                break  # neither, whatever else it accepts
        valued = any(by[actor].values for by in case.stances.values() if actor in by)  # no shares of a scale
        unjudged = any(_about(path, actor, case) for path in unknown)
        if unjudged or not shares or valued or (len(shares) == 1 and not _judged(case, actor, *shares)):
            continue
        name, least, most = case.actors[actor].name, min(shares.values()), max(shares.values())
        where = "on its issue" if len(shares) == 1 else f"on each of its {len(shares)} issues"
        if least >= NEARLY_ALL:
            share = "the whole" if least > 0.999 else f"{math.floor(100 * least)} % or more"
            told = f"{name} would accept {share} of the scale {where}, so it stops nothing"
            found.append(OneSize(actor, "nearly everything", least, most, told))
        elif most <= NEARLY_NOTHING:
            nothing = f"{name} would accept next to nothing {where}, so no deal can win it"
            found.append(OneSize(actor, "nearly nothing", least, most, f"beside its own position {nothing}"))
    return tuple(found)


def _about(path: Sequence[str | int], actor: str, case: Any) -> bool:
    """Tell whether what an actor accepts may depend on a number."""
    part, key, *rest = path
    if part == "stances":
        return rest[0] == actor and rest[-1] != "influence"
    return path == ("actors", actor, "failure_cost") or (
        part == "issues" and actor in case.stances.get(key, {}) and rest[0] in ("no_deal", "failure_cost")
    )


def _judged(case: Any, actor: str, issue: str) -> bool:
    """Tell whether a cost of failure or a red line has a part in what an actor accepts on an issue."""
    costs = (f"issues.{issue}.failure_cost", f"actors.{actor}.failure_cost")
    return case.stances[issue][actor].accepts is not None or any(_mean(case, path) != 0 for path in costs)


def guidance_warnings(case: Any, _: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a warning for each of these actors."""
    for one in one_size(case):
        yield warning(("actors", one.actor), one.sentence, one.way)
