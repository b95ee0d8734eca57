"""What has become of every question of a ledger? Its acts are replayed; one that is not allowed names its line.

``open → sealed (→ updated)* → resolved | annulled``, and ``withdrawn``, ``corrected``, ``overdue``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Literal, NamedTuple

from detente.errors import LedgerError
from detente.record.chain import Chain
from detente.record.questions import REASONS, Forecast, Forecasts, Provenance, Question, Resolution, of_body

State = Literal["open", "sealed", "withdrawn", "resolved", "annulled", "overdue"]
FIELDS = ("forecasts", "inputs", "rationale")
"""That are sealed under a commitment of their own."""
OPEN_ACTS = {  # state → acts that it allows
    "open": ("seal", "annul"),
    "sealed": ("update", "withdraw", "resolve", "annul", "redact"),
    "withdrawn": ("annul", "resolve", "redact"),
    "resolved": ("correct", "redact"),
    "annulled": ("correct", "redact"),
}


@dataclass(slots=True)
class Seal:
    """A forecast, as it stands in the ledger.

    Attributes:
        commits: field → what binds to it.
        forecasts: ``None`` where the opening is missing or was redacted.
        retrospective: whether it was sealed as one, after the deadline.
        redacted: fields that were redacted.
    """

    at: str
    commits: Mapping[str, str]
    forecasts: Forecasts | None
    provenance: Provenance | None
    retrospective: bool
    redacted: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Followed:
    """A question and all that happened to it.

    Attributes:
        state: in which it is; `state_at` knows what is overdue.
        seals: its forecasts, the first before the others.
        resolution: that counts; a correction takes the place of an earlier one.
        reason: of an annulment, with its words.
        disputed: whether merged ledgers end it differently, so that neither counts.
    """

    id: str
    question: Question
    state: State = "open"
    seals: list[Seal] = field(default_factory=list)
    resolution: Resolution | None = None
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
    def ended(self) -> bool:
        """Tell whether it is resolved or annulled."""
        return self.state in ("resolved", "annulled")

    @property
    def counted(self) -> list[Seal]:
        """Return the forecasts that count by the rule that was fixed when the question was put."""
        end = self.withdrawn or "9"
        made = [seal for seal in self.seals if not self.is_retrospective(seal) and seal.at <= end]
        return {"average": made, "first": made[:1], "last": made[-1:]}[self.question.counting]


class Replay(NamedTuple):
    """A ledger, replayed.

    Attributes:
        fault: the first act that is not allowed, or the first line that fails.
        missing: commitments whose openings are neither there nor redacted.
        anchors: what proves that a head existed at a time.
        merged: head and file of every ledger that was merged into it.
    """

    questions: dict[str, Followed]
    fault: str | None
    missing: tuple[str, ...]
    anchors: tuple[Mapping[str, Any], ...]
    merged: tuple[Mapping[str, Any], ...]


def replay(ledger: Chain, openings: Mapping[str, Any]) -> Replay:
    """Follow every act of a ledger, with what is known of its commitments, up to the first that is not allowed."""
    followed: dict[str, Followed] = {}
    anchors, merged = list[Mapping[str, Any]](), list[Mapping[str, Any]]()
    fault = ledger.fault
    for number, entry in enumerate((line.entry for line in ledger.lines), start=1):
        try:
            if entry["kind"] == "anchor":
                if not Chain(ledger.lines[: number - 1]).holds(str(entry["body"]["head"])):
                    raise LedgerError("anchor of a head that is not on the chain before it")
                anchors.append(entry["body"])
            elif entry["kind"] == "merge":
                merged.append({part: str(entry["body"][part]) for part in ("head", "file")})
            elif entry["kind"] != "open":
                act(followed, entry, openings)
        except (LedgerError, KeyError, TypeError, AttributeError) as error:
            fault = f"line {number}: {'' if isinstance(error, LedgerError) else 'lacks '}{error}"
            break
    missing = tuple(
        commit
        for one in followed.values()
        for seal in one.seals
        for name, commit in seal.commits.items()
        if commit not in openings and name not in seal.redacted
    )
    return Replay(followed, fault, missing, tuple(anchors), tuple(merged))


def act(followed: dict[str, Followed], entry: Mapping[str, Any], openings: Mapping[str, Any]) -> None:
    """Do to a question what a line says.

    Raises:
        LedgerError: it is not allowed, or the line is not what its kind says.
    """
    kind, name, at = (str(entry.get(part, "")) for part in ("kind", "id", "at"))
    told = entry.get("body", {})
    if kind == "question":
        if name in followed:
            raise LedgerError(f"the question {name!r} stands in it already")
        followed[name] = Followed(name, of_body(Question, told, f"question {name!r}"))
        return
    if name not in followed:
        raise LedgerError(f"{kind} of {name!r}, of which no question stands before it")
    if not isinstance(told, Mapping):
        raise LedgerError(f"{kind} of {name!r} says {told!r}, which is no mapping")
    one = followed[name]
    _allow(kind, one)
    match kind:
        case "seal" | "update":
            one.seals.append(_seal(one, at, told, openings))
            one.state = "sealed"
        case "withdraw":
            one.withdrawn, one.state = at, "withdrawn"
        case "resolve" | "correct":
            one.resolution, one.state = _resolution(one, at, told), "resolved"
            one.corrections += kind == "correct"
            one.disputed, one.reason = one.disputed and kind != "correct", ""
        case "annul":
            one.reason, one.state = _reason(one, told), "annulled"
        case "redact":
            for seal in one.seals:
                seal.redacted |= set(map(str, told["fields"])) & set(seal.commits)


def _allow(kind: str, one: Followed) -> None:
    if kind not in chain.from_iterable(OPEN_ACTS.values()):
        raise LedgerError(f"there is no act {kind!r}")
    if kind not in OPEN_ACTS[one.state]:
        again = kind == "resolve" and one.state == "resolved"
        way = "; a wrong resolution is put right with --correct" if again else ""
        raise LedgerError(f"{kind} of {one.id!r}, which is {one.state}{way}")


def _seal(one: Followed, at: str, told: Mapping[str, Any], openings: Mapping[str, Any]) -> Seal:
    retrospective = bool(told.get("retrospective", False))
    if at > one.question.deadline and not retrospective:
        raise LedgerError(f"a forecast of {one.id!r} after its deadline, {one.question.deadline}")
    commits = told.get("commit")
    if not isinstance(commits, Mapping) or "forecasts" not in commits:
        raise LedgerError("a seal without a commitment to its forecasts")
    forecasts = provenance = None
    if (found := openings.get(commits["forecasts"])) is not None:
        forecasts = {who: of_body(Forecast, said, f"forecast {who!r}") for who, said in found.items()}
        _fits(one.question, forecasts)
    if (made := told.get("provenance")) is not None:
        provenance = of_body(Provenance, made, "provenance")
    return Seal(at, {str(of): str(it) for of, it in commits.items()}, forecasts, provenance, retrospective)


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


def _resolution(one: Followed, at: str, told: Mapping[str, Any]) -> Resolution:
    found: Resolution = of_body(Resolution, told, f"resolution of {one.id!r}")
    scale, wrong = one.question.scale, []
    if found.known > at:
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
    return found


def _reason(one: Followed, told: Mapping[str, Any]) -> str:
    reason = str(told.get("reason", ""))
    if reason not in REASONS:
        raise LedgerError(f"{one.id!r} is annulled for {reason!r}; reasons are {', '.join(REASONS)}")
    return f"{reason}: {told['words']}" if "words" in told else reason


def join(own: dict[str, Followed], others: Mapping[str, Followed]) -> None:
    """Join the questions of a merged ledger.

    A question that both put alike is one, with the forecasts of both; where one resolves it and the other does so
    differently or annuls it, neither counts until a correction. A withdrawal stays with the ledger that made it.
    A question that both put differently stays two.
    """
    for name, other in others.items():
        mine = own.get(name)
        if mine is None:
            own[name] = other
        elif mine.question != other.question:
            join(own, {f"{name} (merged)": other})
        else:
            seen = {seal.commits["forecasts"] for seal in mine.seals}
            mine.seals += [seal for seal in other.seals if seal.commits["forecasts"] not in seen]
            mine.seals.sort(key=lambda seal: seal.at)
            if not mine.ended and other.ended:
                mine.resolution, mine.state, mine.reason = other.resolution, other.state, other.reason
                mine.disputed, mine.corrections = other.disputed, other.corrections
            elif other.ended and not mine.corrections:
                mine.disputed |= other.disputed or mine.resolution != other.resolution
                mine.resolution = mine.resolution or other.resolution
                mine.state = "resolved" if mine.disputed else mine.state
