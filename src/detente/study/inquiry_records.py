"""What does a study of a case tell? Inputs, questions, plans, flips, levers, shares and choices, as records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from detente.show.record import Published, Record
from detente.show.table import Table, table_of

Kind = Literal["actor", "issue", "source"]
LeverKind = Literal["input", "consent", "red line", "point without a deal", "cost of failure"]


class OfOutcome(Record):
    """What is told of one outcome.

    Attributes:
        lens: name of the lens.
        outcome: label of the outcome.
        subject: what it is about, in words.
    """

    lens: str
    outcome: str
    subject: str


class Studied(OfOutcome):
    """One outcome that was studied.

    Attributes:
        by: method or standard by which it is found; empty where there is one only.
        share: whether it is so or not in a draw, or a share of futures; else a number on a scale.
        yes: what is so where it is.
        mean: over all draws; of what is so or not, in what share of draws it is.
        error: its Monte-Carlo error.
        spread: standard deviation over draws.
        joint_play: share of its variance that no sum over single inputs explains; ``None`` where it never changes.
        record: how far such answers were off in the past, in words.
    """

    by: str
    share: bool
    yes: str
    mean: float
    error: float
    spread: float
    joint_play: float | None
    record: str


class GroupShare(OfOutcome):
    """How much of one outcome's doubt is one input's, or one group's: of groups, all together have 1.

    Attributes:
        told: the input or the group in words.
        share: of the outcome's variance.
        error: its standard error.
    """

    told: str
    share: float
    error: float


class InputShare(GroupShare):
    """How much of one outcome's doubt would go if one input were known.

    Attributes:
        input: path of the input.
        low: mean outcome where the input is lowest.
        high: mean outcome where it is highest.
    """

    input: str
    low: float
    high: float


class Asking(OfOutcome):
    """What asking one actor, reading one source or settling one issue would do for one outcome.

    Attributes:
        kind: actor, issue or source.
        ask: its id.
        told: its name.
        share: of the outcome's variance that would go; at least, unless it was found by further runs.
        error: its standard error, where it was found by further runs.
        reported: the same where what one hears is as reliable as was asked for.
        spread_left: standard deviation of the outcome afterwards.
        expected_change: by which its mean, or its probability, would move on average.
        flips: chance that the call (likelier than not) turns; 0 where the outcome is no yes or no.
        right_before: share of right calls before asking.
        right_after: share of right calls afterwards.
        right_reported: the same after an answer of that reliability.
        cost: of asking, where it was stated; else 1.
    """

    kind: Kind
    ask: str
    told: str
    share: float
    error: float | None
    reported: float
    spread_left: float
    expected_change: float
    flips: float
    right_before: float
    right_after: float
    right_reported: float
    cost: float


class Planned(OfOutcome):
    """One question of a plan.

    Attributes:
        place: in the plan, from 1.
        ask: id of whom or what.
        told: its name.
        reached: share of the outcome's variance that is gone after it and those before it.
        spent: what it and those before it cost.
    """

    place: int
    ask: str
    told: str
    reached: float
    spent: float


class Move(OfOutcome):
    """How one input would have to move in a flip.

    Attributes:
        input: path of the input.
        told: the input in words.
        start: where it is in the middle of its doubt.
        end: where it would have to be.
        moved: both in words.
        score: how many of its own standard deviations that is away.
        alone: whether it flips the answer alone.
    """

    input: str
    told: str
    start: float
    end: float
    moved: str
    score: float
    alone: bool


class FlipRecord(OfOutcome):
    """The smallest change that flips one answer.

    Attributes:
        yes: what is so where the answer is yes.
        no: what is so where it is no.
        answer: whether it is so with all inputs in the middle of their doubt.
        length: of the smallest joint move, in units of the inputs' own doubt; ``None`` where none is in reach.
        chance: that the inputs lie beyond it, as if the boundary were flat.
        share: of draws that have the other answer.
    """

    yes: str
    no: str
    answer: bool
    length: float | None
    chance: float | None
    share: float


class Told(Published):
    """What all studies say of how they were made.

    Attributes:
        title: of the case.
        fingerprint: of the case.
        draws: of everything in doubt.
        seed: of the draws.
    """

    title: str
    fingerprint: str
    draws: int
    seed: int

    def tables(self) -> Mapping[str, Table]:
        """Return a table of every field that is a list of records, by the field's name."""
        kinds = {name: get_args(field.annotation)[:1] for name, field in type(self).model_fields.items()}
        return {
            name: table_of([((), one) for one in getattr(self, name)], kind, f"study.{name}", {})
            for name, (kind,) in ((name, found) for name, found in kinds.items() if found)
            if isinstance(kind, type) and issubclass(kind, Record)
        }


class Effect(OfOutcome):
    """What one lever does to one outcome.

    Attributes:
        lever: its id.
        kind: of lever.
        told: what is moved, in words.
        change: how.
        share: whether the outcome is so or not in a draw, or a share of futures.
        before: mean outcome as the case stands.
        after: mean outcome with the lever moved.
        difference: of the two, draw by draw.
        error: its Monte-Carlo error.
        rank: among the levers of the outcome, the largest effect first; equal where two cannot be told apart, 0
            where the effect cannot be told from none.
    """

    lever: str
    kind: LeverKind
    told: str
    change: str
    share: bool
    before: float
    after: float
    difference: float
    error: float
    rank: int


class Unread(Record):
    """What one lens does not read.

    Attributes:
        lens: name of the lens.
        kind: of lever.
        told: what is moved, in words.
    """

    lens: str
    kind: LeverKind
    told: str


class Levers(Told):
    """What every lever of a case does to the headlines of every lens.

    Attributes:
        levers: how many were moved.
        effects: one per lever and outcome whose lens reads the lever, the largest first.
        unread: which levers a lens does not read, so that they move nothing there.
    """

    levers: int
    effects: tuple[Effect, ...]
    unread: tuple[Unread, ...]

    def across(self) -> dict[str, tuple[Effect, ...]]:
        """Return the levers that move headlines of several lenses → what they do; the widest ones first."""
        found: dict[str, list[Effect]] = {}
        for one in self.effects:
            if one.rank:
                found.setdefault(one.lever, []).append(one)
        kept = {key: tuple(of) for key, of in found.items() if len({one.lens for one in of}) > 1}
        return dict(sorted(kept.items(), key=lambda item: min(one.rank for one in item[1])))


class Shares(Told):
    """Who or what makes outcomes doubtful, in shares that add to 1.

    Attributes:
        kind: of the groups.
        shares: the largest of each outcome first.
    """

    kind: Kind
    shares: tuple[GroupShare, ...]


class ScenarioChoice(Record):
    """What one scenario is worth by a criterion.

    Attributes:
        scenario: id.
        told: its name.
        value: mean of the criterion.
        error: its Monte-Carlo error.
        best: share of draws in which no other scenario is better.
        regret: by how much the best scenario of a draw is better, on average.
        worst_regret: by how much at most.
    """

    scenario: str
    told: str
    value: float
    error: float
    best: float
    regret: float
    worst_regret: float


class Choice(Told):
    """In which scenario one would rather be.

    Attributes:
        outcome: label of the criterion.
        subject: in words.
        high: whether more of it is better.
        choice: the scenario that is best on average.
        scenarios: the one with the least regret first.
        perfect: what knowing everything before choosing would be worth, in units of the criterion.
        asking: actor → what knowing its inputs would be worth, at most that.
    """

    outcome: str
    subject: str
    high: bool
    choice: str
    scenarios: tuple[ScenarioChoice, ...]
    perfect: float
    asking: dict[str, float]
