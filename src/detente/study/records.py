"""What does a study of a case tell? Its outcomes, and of each whatever was asked about it, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from detente.show.record import Record
from detente.show.table import Table, table_of

Kind = Literal["actor", "issue", "source"]
LeverKind = Literal["input", "consent", "red line", "point without a deal", "cost of failure"]


class Share(Record):
    """How much of an outcome's doubt is one input's, or one group's.

    Attributes:
        told: the input or the group in words.
        share: of the outcome's variance.
        error: its standard error.
    """

    told: str
    share: float
    error: float


class InputShare(Share):
    """How much of an outcome's doubt would go if one input were known.

    Attributes:
        input: path of the input.
        low: mean outcome where the input is lowest.
        high: mean outcome where it is highest.
    """

    input: str
    low: float
    high: float


class Asking(Record):
    """What asking one actor, reading one source or settling one issue would do for an outcome.

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


class Planned(Record):
    """One question of a plan, the first one first.

    Attributes:
        ask: id of whom or what.
        told: its name.
        reached: share of the outcome's variance that is gone after it and those before it.
        spent: what it and those before it cost.
    """

    ask: str
    told: str
    reached: float
    spent: float


class Flip(Record):
    """The smallest change that flips an answer.

    Attributes:
        asked: what is asked: the subject and, where one was given, the value.
        answer: whether it is so with all inputs in the middle of their doubt.
        length: of the smallest joint move, in units of the inputs' own doubt; ``None`` where none is in reach.
        chance: that the inputs lie beyond it, as if the boundary were flat.
        share: of draws that have the other answer.
    """

    asked: str
    answer: bool
    length: float | None
    chance: float | None
    share: float


class Move(Record):
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


class Effect(Record):
    """What one lever does to an outcome.

    Attributes:
        lever: its id.
        kind: of lever.
        told: what is moved, in words.
        change: how.
        after: mean outcome with the lever moved.
        difference: to the outcome as it stands, draw by draw.
        error: its Monte-Carlo error.
        rank: among the levers of the outcome, the largest effect first; equal where two cannot be told apart, 0
            where the effect cannot be told from none.
    """

    lever: str
    kind: LeverKind
    told: str
    change: str
    after: float
    difference: float
    error: float
    rank: int = 0


class Scenario(Record):
    """What one scenario is worth by an outcome.

    Attributes:
        scenario: id.
        told: its name.
        value: mean of the outcome.
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


class Outcome(Record):
    """One outcome that was studied, and the rows of what was asked about it; the most comes first.

    Attributes:
        lens: name of the lens.
        outcome: label of the outcome.
        subject: what it is about, in words.
        by: method or standard by which it is found; empty where there is one only.
        share: whether it is so or not in a draw, or a share of futures; else a number on a scale.
        yes: what is so where it is.
        no: what is so where it is not.
        mean: over all draws; of what is so or not, in what share of draws it is.
        error: its Monte-Carlo error.
        spread: standard deviation over draws; 0 where it is the same in every draw.
        joint_play: share of its variance that no sum over single inputs explains; ``None`` where it never changes,
            nobody asked for it, or there are too few draws to tell.
        enough: draws that would do to tell that, where those that were made are too few for so many inputs.
        record: how far such answers were off in the past, in words.
        inputs: what each explains, beyond chance.
        asking: what asking would do.
        plan: whom to ask first, and then whom.
        flips: the smallest change that flips it, where that was sought and it has a margin.
        moves: of the inputs in that flip.
        effects: of every lever that its lens reads.
        shares: of groups, which add to 1.
        scenarios: the one with the least regret first.
    """

    lens: str
    outcome: str
    subject: str
    by: str
    share: bool
    yes: str
    no: str
    mean: float
    error: float
    spread: float
    joint_play: float | None = None
    enough: int | None = None
    record: str
    inputs: tuple[InputShare, ...] = ()
    asking: tuple[Asking, ...] = ()
    plan: tuple[Planned, ...] = ()
    flips: tuple[Flip, ...] = ()
    moves: tuple[Move, ...] = ()
    effects: tuple[Effect, ...] = ()
    shares: tuple[Share, ...] = ()
    scenarios: tuple[Scenario, ...] = ()

    @property
    def together(self) -> tuple[Move, ...]:
        """Return the moves of the joint flip."""
        return tuple(one for one in self.moves if not one.alone)


def tables_of(records: Sequence[Record], of: type[Record], name: str, *keys: str) -> dict[str, Table]:
    """Return records as a table and, of all that they have several of, one table per kind, by their names.

    Rows of these stand behind the ``keys`` of the record to which they belong.
    """
    found = {name: table_of([((), one) for one in records], of, f"study.{name}", {})}
    own = [(tuple(getattr(one, key) for key in keys), one) for one in records]
    for field in of.model_fields:
        several = [(cells, many) for cells, one in own if isinstance(many := getattr(one, field), tuple)]
        if rows := [(cells, row) for cells, many in several for row in many if isinstance(row, Record)]:
            told = {key: of.columns()[key] for key in keys}
            found[field] = table_of(rows, type(rows[0][1]), f"study.{field}", told)
    return found
