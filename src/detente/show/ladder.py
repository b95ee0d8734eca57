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
    """Where a deal puts one issue, beside where it stands today and without one.

    Attributes:
        issue: id.
        value: on the issue's scale, mean over the draws with a deal.
        low80: lower end of the middle 80 % of those draws.
        high80: upper end.
        without: where the issue ends without a deal, mean of what the case states; ``None`` where nobody says.
        today: where it stands today; ``None`` where the case says no other value than ``without``.
        moves: whether a reader would notice the change: it is neither as today nor as without a deal.
        toward: names of those with a say who want it to move that way.
    """

    issue: str
    value: float
    low80: float
    high80: float
    without: float | None = None
    today: float | None = None
    moves: bool = True
    toward: tuple[str, ...] = ()

    @property
    def before(self) -> float | None:
        """Return what it is held against: today or, where that is not stated, no deal."""
        return self.without if self.today is None else self.today


class Signature(Record):
    """One of those who have a say in a deal.

    Attributes:
        name: of the actor.
        needed: whether there is no deal without it.
        signs: share of the draws with a deal in which it accepts the terms; ``None`` where there is never one.
        stops: share of all draws in which there is no deal and its demands are part of why.
        gain: what it gains over no deal, as a share of all that it could gain or lose; ``None`` without a deal.
    """

    name: str
    needed: bool
    signs: float | None = None
    stops: float = 0.0
    gain: float | None = None


class Vote(Record):
    """A vote that a deal has to carry.

    Attributes:
        body: name of the body that votes.
        votes: for the terms, median over the draws with a deal.
        needed: votes that carry it.
        total: of all votes.
    """

    body: str
    votes: float
    needed: float
    total: float


class Elsewhere(Record):
    """What becomes of a deal in a scenario.

    Attributes:
        scenario: its name.
        share: of the draws with a deal there.
        terms: issue → where the deal puts it there; empty where it is never agreed, or nobody looked.
    """

    scenario: str
    share: float
    terms: dict[str, float] = Field(default_factory=dict)


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
        rule: whose consent is needed, in words.
        terms: per issue; empty where it is never agreed.
        signatures: of all who have a say, the order of the case.
        votes: of the bodies that vote on it.
        no_better: names of those who are needed and want change, whom the terms give nothing over today.
        stopped: what stands in its way most often, in words; empty where nothing does.
        blockers: ids of the actors whose demands these are.
        scenarios: what becomes of it in each scenario.
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
    rule: str = ""
    terms: tuple[Term, ...] = ()
    signatures: tuple[Signature, ...] = ()
    votes: tuple[Vote, ...] = ()
    no_better: tuple[str, ...] = ()
    stopped: str = ""
    blockers: tuple[str, ...] = ()
    scenarios: tuple[Elsewhere, ...] = ()
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
