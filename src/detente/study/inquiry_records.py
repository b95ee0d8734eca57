"""What does a study of a case tell? Shares of inputs, what asking would do, a plan, and flips, as records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from detente.show.record import Published, Record
from detente.show.table import Table, table_of

Kind = Literal["actor", "issue", "source"]


class InputShare(Record):
    """How much of one outcome's doubt comes of one input.

    Attributes:
        lens: name of the lens.
        outcome: label of the outcome.
        subject: of the outcome, in words.
        input: path of the input.
        told: the input in words.
        share: of the outcome's variance that would go if the input were known.
        error: its standard error.
        low: mean outcome where the input is lowest.
        high: mean outcome where it is highest.
    """

    lens: str
    outcome: str
    subject: str
    input: str
    told: str
    share: float
    error: float
    low: float
    high: float


class Asking(Record):
    """What asking one actor, reading one source or settling one issue would do for one outcome.

    Attributes:
        lens: name of the lens.
        outcome: label of the outcome.
        subject: of the outcome, in words.
        kind: actor, issue or source.
        ask: its id.
        told: its name.
        share: of the outcome's variance that would go, at least.
        half: the same where the answer is worth half as much as the truth.
        spread_left: standard deviation of the outcome afterwards.
        expected_change: by which its mean, or its probability, would move on average.
        flips: chance that the call (likelier than not) turns; 0 where the outcome is no yes or no.
        right_before: share of right calls before asking.
        right_after: share of right calls afterwards.
        cost: of asking, where it was stated; else 1.
    """

    lens: str
    outcome: str
    subject: str
    kind: Kind
    ask: str
    told: str
    share: float
    half: float
    spread_left: float
    expected_change: float
    flips: float
    right_before: float
    right_after: float
    cost: float


class Planned(Record):
    """One question of a plan.

    Attributes:
        outcome: label of the outcome.
        place: in the plan, from 1.
        ask: id of whom or what.
        told: its name.
        reached: share of the outcome's variance that is gone after it and those before it.
    """

    outcome: str
    place: int
    ask: str
    told: str
    reached: float


class Move(Record):
    """How one input would have to move in a flip.

    Attributes:
        outcome: label of the outcome.
        input: path of the input.
        told: the input in words.
        start: where it is in the middle of its doubt.
        end: where it would have to be.
        score: how many of its own standard deviations that is away.
        alone: whether it flips the answer alone.
    """

    outcome: str
    input: str
    told: str
    start: float
    end: float
    score: float
    alone: bool


class FlipRecord(Record):
    """The smallest change that flips one answer.

    Attributes:
        lens: name of the lens.
        outcome: label of the outcome.
        subject: in words.
        answer: whether it is so with all inputs in the middle of their doubt.
        length: of the smallest joint move, in units of the inputs' own doubt; ``None`` where none is in reach.
        chance: that the inputs lie beyond it, as if the boundary were flat.
        share: of draws that have the other answer.
    """

    lens: str
    outcome: str
    subject: str
    answer: bool
    length: float | None
    chance: float | None
    share: float


class Study(Published):
    """What a study of a case found.

    Attributes:
        title: of the case.
        fingerprint: of the case.
        draws: of everything in doubt.
        seed: of the draws.
        inputs: what each input explains of each outcome, beyond chance; the most first.
        asking: what asking would do, the most first.
        plan: whom to ask first, and then whom.
        flips: what would flip each answer.
        moves: of the inputs in these flips.
        joint_play: outcome → share of its variance that no sum over single inputs explains.
        steady: outcomes that are the same in every draw.
    """

    title: str
    fingerprint: str
    draws: int
    seed: int
    inputs: tuple[InputShare, ...]
    asking: tuple[Asking, ...]
    plan: tuple[Planned, ...]
    flips: tuple[FlipRecord, ...] = ()
    moves: tuple[Move, ...] = ()
    joint_play: dict[str, float]
    steady: tuple[str, ...]

    def tables(self) -> Mapping[str, Table]:
        """Return its tables by name."""
        kinds: dict[str, tuple[tuple[Record, ...], type[Record]]] = {
            "inputs": (self.inputs, InputShare),
            "asking": (self.asking, Asking),
            "plan": (self.plan, Planned),
            "flips": (self.flips, FlipRecord),
            "moves": (self.moves, Move),
        }
        return {
            name: table_of([((), one) for one in rows], of, f"study.{name}", {})
            for name, (rows, of) in kinds.items()
        }
