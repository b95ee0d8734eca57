"""How does a forecast get on the record, and what came out of it? Every act, allowed before it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.case import Case
from detente.case.files import write_whole
from detente.errors import LedgerError, NotFoundError, offering
from detente.record import openings
from detente.record.chain import Appended, Chain, append, read
from detente.record.forecasting import own_constants, rerun
from detente.record.life import FIELDS, Replay, act, join, replay
from detente.record.questions import Forecasts, Provenance, Question, Resolution, body
from detente.record.scoring import MODEL, OWN
from detente.show.record import Record
from detente.study.outlook.foothold import Constants


class Sealed(Record):
    """That forecasts of a case stand in a ledger.

    Attributes:
        ledger: name of its file.
        head: count and hash of its last line, which proves all before it.
        at: when the first of them was sealed, UTC.
        retrospective: whether all were sealed when their outcomes were known.
        share: of outcomes that are a held position, by the published record and the ledger's own.
        half: half-distance, as a share of the contested range, likewise.
    """

    ledger: str
    head: str
    at: str
    questions: tuple[str, ...]
    retrospective: bool
    share: float
    half: float

    @property
    def told(self) -> str:
        """Return it in words that go on from "this one is"."""
        late = ", after the fact" if self.retrospective else ""
        return f"sealed in {self.ledger} since {self.at[:10]}{late}"


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger: the file of its chain, beside which the openings lie."""

    path: Path

    def chain(self) -> Chain:
        """Return the chain as it stands."""
        return read(self.path)

    def replay(self, within: tuple[Path, ...] = ()) -> Replay:
        """Return what became of every question, those of merged ledgers included.

        ``within`` are the ledgers into which this one was merged.

        Raises:
            LedgerError: the file of a merged ledger is gone, fails, or no longer holds the head that was merged.
        """
        own, within = replay(self.chain(), openings.opened(self.path)), (self.path, *within)
        for other, head in self._merged(own):
            if other.path in within:
                raise LedgerError(f"{other.path}: is said to be merged into itself")
            joined = other.replay(within)
            if joined.fault is not None or not other.chain().holds(head):
                why = joined.fault or "it is not what it was"
                raise LedgerError(f"{other.path}: a ledger that was merged fails: {why}")
            join(own.questions, joined.questions)
        return own

    def _merged(self, own: Replay) -> Iterator[tuple[Ledger, str]]:
        """Yield the ledgers that were merged into this one, each with its head at that time."""
        for told in own.merged:
            other = Ledger(self.path.with_name(Path(told["file"]).name))
            if not other.path.exists():
                raise LedgerError(f"{other.path}: a ledger that was merged is gone")
            yield other, told["head"]

    def _whole(self) -> Iterator[Ledger]:
        """Yield this ledger and all that were merged into it, or into those."""
        yield self
        for other, _ in self._merged(replay(self.chain(), {})):
            yield from other._whole()

    def verified(self, heads: Sequence[str] = ()) -> tuple[Replay, str | None]:
        """Return the replay of this ledger alone, and why it or one that was merged into it fails.

        Each of the ``heads``, which were kept elsewhere, must be on this chain or on a merged one.
        """
        chain = self.chain()
        followed = replay(chain, openings.opened(self.path))
        if followed.fault is not None:
            return followed, followed.fault
        missing = [head for head in heads if not chain.holds(head)]
        try:
            self.replay()
            for one in self._whole():
                missing = [head for head in missing if not one.chain().holds(head)]
        except LedgerError as error:
            return followed, str(error)
        if missing:
            told = f"which ends at {chain.head[:20]}…: lines were cut off or written anew"
            return followed, f"the head {missing[0][:20]}… is not on the chain, {told}"
        return followed, None

    def rerun(self) -> dict[str, str | None]:
        """Make every forecast again that was sealed here: id → what differs, ``None`` where it is the same.

        A further forecast of a question has its number after the id.
        """
        kept = openings.opened(self.path)
        found: dict[str, str | None] = {}
        for name, one in replay(self.chain(), kept).questions.items():
            for number, seal in enumerate(one.seals, start=1):
                if seal.forecasts is None:
                    why: str | None = "what was sealed is not kept here, or was redacted"
                elif seal.provenance is None:
                    why = "it is somebody's own: no case was sealed with it"
                else:
                    inputs = kept.get(seal.commits.get("inputs", ""))
                    why = rerun(seal.provenance, inputs, one.question.about, seal.forecasts)
                found[name if number == 1 else f"{name}, forecast {number}"] = why
        return found

    def sealed(self, case: Case) -> Sealed:
        """Return that forecasts of a case, as it stands here, are in the ledger.

        Raises:
            LedgerError: there are none.
        """
        own = [
            (name, seal.at, one.is_retrospective(seal))
            for name, one in self.replay().questions.items()
            for seal in one.seals
            if seal.provenance is not None and seal.provenance.case == case.fingerprint
        ]
        if not own:
            told = "seal one, or write the report without a ledger"
            raise LedgerError(f"{self.path}: no forecast of this case, {case.fingerprint}, is in it; {told}")
        constants = self.constants()
        return Sealed(
            ledger=self.path.name,
            head=self.chain().head,
            at=min(at for _, at, _ in own),
            questions=tuple(dict.fromkeys(name for name, *_ in own)),
            retrospective=all(late for *_, late in own),
            share=constants.share,
            half=constants.half,
        )

    def constants(self) -> Constants:
        """Return the published constants of the outlook, brought up to date by this ledger's own record."""
        return own_constants(self.replay(), openings.opened(self.path))

    def seal(
        self,
        name: str,
        forecasts: Forecasts,
        *,
        question: Question | None = None,
        provenance: Provenance | None = None,
        inputs: str = "",
        rationale: str = "",
        author: str = "",
        retrospective: bool = False,
        at: str | None = None,
    ) -> Appended:
        """Put a question with its first forecast, or a further forecast of a question, on the record.

        Args:
            name: id of the question.
            forecasts: who says what; the forecast before a further one is sealed with it, as a baseline.
            question: for a first forecast.
            provenance: from what the forecast was made.
            inputs: the case, as a text of JSON.
            rationale: in the forecaster's words.
            author: of the forecast.
            retrospective: sealed though the deadline has passed; shown, never counted.
            at: time of the entry; now when ``None``.

        Raises:
            LedgerError: the ledger does not allow it.
        """
        said = dict(forecasts)
        if question is None and self.path.exists():
            seals = known.seals if (known := self.replay().questions.get(name)) else []
            before = (seals[-1].forecasts or {}) if seals else {}
            if latest := before.get(MODEL) or before.get(OWN):
                said["previous"] = latest
        words = {who: body(of) for who, of in said.items()}
        sealing = openings.sealing(_given(forecasts=words, inputs=inputs, rationale=rationale))
        made = None if provenance is None else body(provenance)
        told = _given(author=author, provenance=made, retrospective=retrospective, commit=sealing.commits)
        acts = [{"kind": "update" if question is None else "seal", "id": name, "body": told}]
        if question is not None:
            acts.insert(0, {"kind": "question", "id": name, "body": body(question)})
        return self._act(acts, at, sealing)

    def resolve(
        self, name: str, resolution: Resolution, *, correct: bool = False, at: str | None = None
    ) -> Appended:
        """Enter what came out; a correction takes the place of an earlier resolution and of its scores."""
        kind = "correct" if correct else "resolve"
        return self._act([{"kind": kind, "id": name, "body": body(resolution)}], at)

    def annul(self, name: str, reason: str, words: str = "", at: str | None = None) -> Appended:
        """Take a question out of the score, for one of the listed reasons; it stays in the count."""
        return self._act([{"kind": "annul", "id": name, "body": _given(reason=reason, words=words)}], at)

    def withdraw(self, name: str, words: str = "", at: str | None = None) -> Appended:
        """Stop forecasting a question whose outcome is not known; it stays visible."""
        return self._act([{"kind": "withdraw", "id": name, "body": _given(words=words)}], at)

    def redact(self, name: str, fields: Sequence[str], words: str = "", at: str | None = None) -> Appended:
        """Delete what was sealed under some fields of a question's forecasts, and say so on the chain."""
        if unknown := sorted(set(fields) - set(FIELDS)):
            raise LedgerError(f"there is no sealed field {unknown[0]!r}; fields are {', '.join(FIELDS)}")
        told = _given(fields=sorted(set(fields)), words=words)
        done = self._act([{"kind": "redact", "id": name, "body": told}], at)
        seals = replay(done.chain, openings.opened(self.path)).questions[name].seals
        gone = {seal.commits[field] for seal in seals for field in fields if field in seal.commits}
        openings.forget(self.path, gone)
        return done

    def anchor(self, told: Mapping[str, str], at: str | None = None) -> Appended:
        """Note a proof, kept elsewhere, that a head existed at a time."""
        return self._act([{"kind": "anchor", "body": dict(told)}], at)

    def merge(self, other: Ledger, at: str | None = None) -> Appended:
        """Join another ledger: it and what was merged into it is kept beside this one, its head on this chain.

        Chains cannot be interleaved: order is proven within each, and between them by anchors alone.

        Raises:
            LedgerError: it fails, it is here already, or both are copies of one that went on differently.
        """
        chain, own = other.chain(), self.chain()
        for of, fault in ((other, other.replay().fault), (self, own.fault)):
            if fault is not None:
                raise LedgerError(f"{of.path}: {fault}; nothing was merged")
        if chain.lines[:1] == own.lines[:1] and not (own.holds(chain.head) or chain.holds(own.head)):
            both = "begin alike and go on differently: somebody added to a copy"
            told = "give each forecaster a ledger of their own, and merge those"
            raise LedgerError(f"{self.path} and {other.path} {both}; {told}")
        if own.holds(chain.head) or any(told["head"] == chain.head for told in replay(own, {}).merged):
            raise LedgerError(f"{other.path}: all of it stands in {self.path} already")
        kept = self.path.with_name(f"{self.path.name}.merged-{chain.lines[-1].hash[:12]}")
        for one in other._whole():
            copy = kept if one is other else self.path.with_name(one.path.name)
            write_whole(copy, one.path.read_bytes())
            if (beside := openings.beside(one.path)).exists():
                write_whole(openings.beside(copy), beside.read_bytes())
        return self._act([{"kind": "merge", "body": {"head": chain.head, "file": kept.name}}], at)

    def _act(
        self, entries: Sequence[Mapping[str, Any]], at: str | None, sealing: openings.Sealing | None = None
    ) -> Appended:
        """Append entries when the ledger, as it stands under its lock, allows every one of them."""
        if entries[0]["kind"] != "question" and not self.path.exists():
            raise NotFoundError(f"{self.path}: there is no ledger; 'detente seal' begins one")
        known = {**openings.opened(self.path), **(sealing.bodies if sealing else {})}

        def allowed(chain: Chain, moment: str) -> Sequence[Mapping[str, Any]]:
            followed = replay(chain, known)
            if followed.fault is not None:
                raise LedgerError(f"{self.path}: {followed.fault}; nothing was added")
            for entry in entries:
                if entry["kind"] in ("anchor", "merge"):
                    continue
                if entry["kind"] != "question" and entry["id"] not in followed.questions:
                    told = f"there is no question {entry['id']!r} in the ledger"
                    raise LedgerError(offering(told, entry["id"], followed.questions))
                act(followed.questions, {**entry, "at": moment}, known)
            if sealing is not None:
                openings.keep(self.path, sealing.lines)
            return entries

        return append(self.path, allowed, at)


def _given(**told: Any) -> dict[str, Any]:
    """Return what is not empty: only that is written."""
    return {name: value for name, value in told.items() if value}
