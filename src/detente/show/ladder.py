"""What does a lens say towards the answer? Rungs of the ladder in sentences, deals and issues as plain data.

A lens hands these over and knows no other; `detente.study` composes what all of them say.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from detente.show.finding import Finding
from detente.show.record import Record

Step = Literal["deal", "change", "hold", "follow", "relation", "sure", "record", "ask"]
STEPS: dict[Step, str] = {  # in the order in which an adviser asks
    "deal": "Is there a deal",
    "change": "What would change it",
    "hold": "If nobody signs",
    "follow": "What follows",
    "relation": "Where the relation stands",
    "sure": "How sure",
    "record": "How good such answers have been",
    "ask": "What to find out next",
}
"""Step of the ladder → what it is called; a step of which no lens says anything is not shown."""

Size = Literal["agreed", "little", "seldom", "none", "undecided"]
"""What a deal comes to: agreed in most draws, agreed and little changes, agreed seldom, never, not decided."""


class Rung(Record):
    """What one lens says at one step of the ladder.

    Attributes:
        step: of the ladder.
        finding: one or two sentences with their numbers; its section is where the page shows more.
    """

    step: Step
    finding: Finding


class Term(Record):
    """What a deal would settle on one issue.

    Attributes:
        issue: id.
        value: on the issue's scale, mean over the draws with a deal.
        low80: lower end of the middle 80 % of those draws.
        high80: upper end.
        no_deal: where the issue ends without a deal, mean over draws; ``None`` where the case does not say.
    """

    issue: str
    value: float
    low80: float
    high80: float
    no_deal: float | None = None


class Signature(Record):
    """One of those who must agree to a deal.

    Attributes:
        name: of the actor, or of the body.
        signs: whether it agrees to the terms; ``None`` where there are none.
        votes: how a body votes on them: ``326 of 320 needed``; empty where it does not vote.
    """

    name: str
    signs: bool | None = None
    votes: str = ""


class Gain(Record):
    """What a side gains by a deal.

    Attributes:
        side: name of the actor or body.
        gain: against no deal, as a share of all that it could gain or lose; negative where it loses.
    """

    side: str
    gain: float


class DealRow(Record):
    """One deal of a case, as an adviser asks about it.

    Attributes:
        deal: id of the package or, of an issue alone, of the issue.
        name: in words.
        issues: ids of what it settles.
        single: whether it is one issue alone.
        share: of the decided draws in which all who must consent would accept it, 0..1.
        low95: interval of that share from the finite number of draws; the share itself where it is exact.
        high95: its upper end.
        draws: how many were made; 1 where no input carries doubt.
        size: what it comes to.
        terms: per issue; empty where it is never agreed.
        signs: who must agree.
        gains: per side.
        stopped: what stands in its way most often, in words; empty where nothing does.
        blockers: ids of the actors whose demands these are.
        scenarios: name of a scenario → share of draws there.
        section: of the page that shows more.
    """

    deal: str
    name: str
    issues: tuple[str, ...]
    single: bool = False
    share: float
    low95: float
    high95: float
    draws: int
    size: Size
    terms: tuple[Term, ...] = ()
    signs: tuple[Signature, ...] = ()
    gains: tuple[Gain, ...] = ()
    stopped: str = ""
    blockers: tuple[str, ...] = ()
    scenarios: dict[str, float] = Field(default_factory=dict)
    section: str | None = None

    @property
    def agreed(self) -> bool:
        """Whether all who must consent would accept it in most draws."""
        return self.size in ("agreed", "little")


class IssueView(Record):
    """What a lens that asks nobody's consent says of one issue: where the pull of the parties would put it.

    Attributes:
        issue: id.
        value: on the issue's scale, mean over draws.
        low80: lower end of the middle 80 % of draws.
        high80: upper end.
    """

    issue: str
    value: float
    low80: float
    high80: float
