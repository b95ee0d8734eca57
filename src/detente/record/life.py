"""What has become of every question of a ledger? Its acts are replayed; one that is not allowed names its line.

``open → sealed (→ updated)* → resolved | annulled``, and ``withdrawn``, ``corrected``, ``overdue``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from detente.errors import LedgerError
from detente.record.chain import Chain, Fault, Line
from detente.record.questions import (
    REASONS,
    Forecast,
    Forecasts,
    Provenance,
    Question,
    Resolution,
    of_body,
)

State = Literal["open", "sealed", "withdrawn", "resolved", "annulled", "overdue"]
FIELDS = ("forecasts", "inputs", "rationale")
"""That are sealed under a commitment of their own."""
OPEN_ACTS = {  # state → acts that it allows
    "open": ("seal", "annul"),
    "sealed": ("update", "withdraw", "resolve", "annul", "redact"),
    "withdrawn": ("annul", "resolve", "redact"),
    "resolved": ("correct", "redact"),
    "annulled": ("redact",),
}


@dataclass(slots=True)
class Seal:
    """A forecast, as it stands in the ledger.

    Attributes:
        seq: number of its line.
        at: when it was sealed.
        author: who sealed it.
        commits: field → what binds to it.
        forecasts: who says what; ``None`` where the opening is missing or was redacted.
        provenance: from what it was made.
        retrospective: whether it was sealed as one, after the deadline.
        redacted: fields that were redacted.
    """

    seq: int
    at: str
    author: str
    commits: Mapping[str, str]
    forecasts: Forecasts | None
    provenance: Provenance | None
    retrospective: bool
    redacted: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Followed:
    """A question and all that happened to it.

    Attributes:
        id: of the question.
        question: as it was put.
        state: in which it is; `state_at` knows what is overdue.
        seals: its forecasts, the first before the others.
        resolution: that counts; a correction takes the place of an earlier one.
        resolved_at: when it was entered.
        reason: of an annulment, with its words.
        withdrawn: when the forecaster withdrew.
        corrections: how many there were.
        disputed: whether merged ledgers resolve it differently, so that neither counts.
    """

    id: str
    question: Question
    state: State = "open"
    seals: list[Seal] = field(default_factory=list)
    resolution: Resolution | None = None
    resolved_at: str = ""
    reason: str = ""
    withdrawn: str = ""
    corrections: int = 0
    disputed: bool = False

    def state_at(self, moment: str) -> State:
        """Return the state at a time: overdue where the latest time to resolve has passed."""
        waiting = self.state in ("open", "sealed") and moment > self.question.latest
        return "overdue" if waiting else self.state

    def is_retrospective(self, seal: Seal) -> bool:
        """Tell whether a forecast was sealed when its outcome was known, or after the deadline."""
        known = self.resolution is not None and seal.at >= self.resolution.known
        return seal.retrospective or known or seal.at > self.question.deadline

    @property
    def counted(self) -> list[Seal]:
        """Return the forecasts that count by the rule that was fixed when the question was put."""
        end = self.withdrawn or "9"
        made = [seal for seal in self.seals if not self.is_retrospective(seal) and seal.at <= end]
        if self.question.counting == "average":
            return made
        return made[:1] if self.question.counting == "first" else made[-1:]


@dataclass(frozen=True, slots=True)
class Replay:
    """A ledger, replayed.

    Attributes:
        questions: id → what became of it.
        fault: the first act that is not allowed, or the first line that fails.
        missing: commitments whose openings are neither there nor redacted.
        anchors: what proves that a head existed at a time.
        merged: head and file of every ledger that was merged into it.
    """

    questions: dict[str, Followed]
    fault: Fault | None
    missing: tuple[str, ...]
    anchors: tuple[Mapping[str, Any], ...]
    merged: tuple[Mapping[str, Any], ...]


def replay(chain: Chain, openings: Mapping[str, Any]) -> Replay:
    """Follow every act of a ledger up to the first that is not allowed.

    Args:
        chain: the ledger.
        openings: commitment → what was sealed under it.
    """
    followed: dict[str, Followed] = {}
    anchors, merged = list[Mapping[str, Any]](), list[Mapping[str, Any]]()
    fault = chain.fault
    for number, line in enumerate(chain.lines, start=1):
        try:
            if line.kind == "anchor":
                if not Chain(chain.lines[: number - 1]).holds(str(line.entry["body"]["head"])):
                    raise LedgerError("anchor of a head that is not on the chain before it")
                anchors.append(line.entry["body"])
            elif line.kind == "merge":
                merged.append(line.entry["body"])
            elif line.kind != "open":
                act(followed, line, openings)
        except (LedgerError, KeyError, TypeError) as error:
            why = str(error) if isinstance(error, LedgerError) else f"lacks {error}"
            fault = Fault(number, why)
            break
    missing = tuple(
        commit
        for one in followed.values()
        for seal in one.seals
        for name, commit in seal.commits.items()
        if commit not in openings and name not in seal.redacted
    )
    return Replay(followed, fault, missing, tuple(anchors), tuple(merged))


def act(followed: dict[str, Followed], line: Line, openings: Mapping[str, Any]) -> None:
    """Do to a question what a line says.

    Raises:
        LedgerError: it is not allowed, or the line is not what its kind says.
    """
    kind, name = line.kind, str(line.entry.get("id", ""))
    told = line.entry.get("body", {})
    if kind == "question":
        if name in followed:
            raise LedgerError(f"the question {name!r} stands in it already")
        followed[name] = Followed(name, of_body(Question, told, f"question {name!r}"))
        return
    if name not in followed:
        raise LedgerError(f"{kind} of {name!r}, of which no question stands before it")
    one = followed[name]
    known = {kind for kinds in OPEN_ACTS.values() for kind in kinds}
    if kind not in known:
        raise LedgerError(f"there is no act {kind!r}")
    if kind not in OPEN_ACTS[one.state]:
        way = (
            "; a wrong resolution is put right with --correct" if kind == one.state[:-1] == "resolve" else ""
        )
        raise LedgerError(f"{kind} of {name!r}, which is {one.state}{way}")
    ACTS[kind](one, line, told, openings)


def _seal(one: Followed, line: Line, told: Mapping[str, Any], openings: Mapping[str, Any]) -> None:
    retrospective = bool(told.get("retrospective", False))
    if line.at > one.question.deadline and not retrospective:
        raise LedgerError(f"a forecast of {one.id!r} after its deadline, {one.question.deadline}")
    commits = of_commits(told)
    forecasts = provenance = None
    if (found := openings.get(commits["forecasts"])) is not None:
        forecasts = {who: of_body(Forecast, said, f"forecast {who!r}") for who, said in found.items()}
        _fits(one.question, forecasts)
    if (made := told.get("provenance")) is not None:
        provenance = of_body(Provenance, made, "provenance")
    author = str(told.get("author", ""))
    one.seals.append(Seal(line.seq, line.at, author, commits, forecasts, provenance, retrospective))
    one.state = "sealed"


def of_commits(told: Mapping[str, Any]) -> dict[str, str]:
    """Return field → commitment of a seal.

    Raises:
        LedgerError: the forecasts are not among them.
    """
    commits = told.get("commit")
    if not isinstance(commits, Mapping) or "forecasts" not in commits:
        raise LedgerError("a seal without a commitment to its forecasts")
    return {str(name): str(commit) for name, commit in commits.items()}


def _fits(question: Question, forecasts: Forecasts) -> None:
    """Refuse forecasts that do not answer their question, all of them at once."""
    wrong = []
    for who, said in forecasts.items():
        if question.scale is None and (said.chance is None or said.position is not None):
            wrong.append(f"the forecast {who!r} of an event is a chance, and nothing else")
        if question.scale is not None and said.position is not None:
            ends = (said.position.low, said.position.high)
            if tuple(map(float, ends)) != (float(question.scale.low), float(question.scale.high)):
                wrong.append(f"the forecast {who!r} stands on another scale than its question")
    if wrong:
        raise LedgerError("; ".join(wrong))


def _withdraw(one: Followed, line: Line, told: Mapping[str, Any], openings: Mapping[str, Any]) -> None:
    del told, openings
    one.withdrawn, one.state = line.at, "withdrawn"


def _resolve(one: Followed, line: Line, told: Mapping[str, Any], openings: Mapping[str, Any]) -> None:
    del openings
    found: Resolution = of_body(Resolution, told, f"resolution of {one.id!r}")
    scale, wrong = one.question.scale, []
    if found.known > line.at:
        wrong.append(f"the outcome of {one.id!r} is said to be known at {found.known}, after its entry")
    if one.question.condition is not None and found.condition is not True:
        wrong.append(f"{one.id!r} is resolved though its condition is not declared true; annul it instead")
    for reading in found.readings:
        if scale is None and reading.value is not None:
            wrong.append(f"{one.id!r} is an event: its outcome is yes or no, not {reading.value}")
        if scale is not None and reading.happened:
            low, high = float(scale.low), float(scale.high)
            if reading.value is None or not low <= float(reading.value) <= high:
                wrong.append(f"the outcome of {one.id!r} must lie on its scale, {low:g} to {high:g}")
    if wrong:
        raise LedgerError("; ".join(dict.fromkeys(wrong)))
    one.resolution, one.resolved_at, one.state = found, line.at, "resolved"


def _correct(one: Followed, line: Line, told: Mapping[str, Any], openings: Mapping[str, Any]) -> None:
    _resolve(one, line, told, openings)
    one.corrections += 1
    one.disputed = False


def _annul(one: Followed, line: Line, told: Mapping[str, Any], openings: Mapping[str, Any]) -> None:
    del line, openings
    reason = str(told.get("reason", ""))
    if reason not in REASONS:
        raise LedgerError(f"{one.id!r} is annulled for {reason!r}; reasons are {', '.join(REASONS)}")
    one.reason, one.state = reason, "annulled"


def _redact(one: Followed, line: Line, told: Mapping[str, Any], openings: Mapping[str, Any]) -> None:
    del line, openings
    names = set(map(str, told["fields"]))
    for seal in one.seals:
        seal.redacted |= names & set(seal.commits)


ACTS = {
    "seal": _seal,
    "update": _seal,
    "withdraw": _withdraw,
    "resolve": _resolve,
    "correct": _correct,
    "annul": _annul,
    "redact": _redact,
}


def join(own: dict[str, Followed], others: Mapping[str, Followed]) -> None:
    """Join the questions of a merged ledger.

    A question that both put alike is one, with the forecasts of both; where they resolve it differently, neither
    counts until a correction. A question that both put differently stays two.
    """
    for name, other in others.items():
        mine = own.get(name)
        if mine is None:
            own[name] = other
        elif mine.question != other.question:
            own[f"{name} (merged)"] = other
        else:
            seen = {seal.commits["forecasts"] for seal in mine.seals}
            mine.seals += [seal for seal in other.seals if seal.commits["forecasts"] not in seen]
            mine.seals.sort(key=lambda seal: seal.at)
            both = mine.resolution is not None and other.resolution is not None
            mine.disputed = both and mine.resolution != other.resolution and not mine.corrections
            if mine.resolution is None and other.resolution is not None:
                mine.resolution, mine.resolved_at, mine.state = (
                    other.resolution,
                    other.resolved_at,
                    other.state,
                )


def ids(questions: Mapping[str, Followed], wanted: Sequence[str] = ()) -> list[str]:
    """Return the questions that are meant, all of them where none is named.

    Raises:
        LedgerError: one is not there; with the nearest names.
    """
    from detente.errors import did_you_mean

    for one in wanted:
        if one not in questions:
            raise LedgerError(f"there is no question {one!r} in the ledger; {did_you_mean(one, questions)}")
    return list(wanted or questions)
