"""Of what is the answer of the stability lens made? Frozen records that compute and plot nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from pydantic import Field

from detente.show import words
from detente.show.record import Record

OFTEN = 0.5  # share of draws from which a state counts as one that holds
LADDER = ("nash", "seq", "smr", "gmr")  # concepts that are told in sentences, the most demanding first

FIRM = ("nash", "seq")  # concepts by which others are counted: deterred, if at all, by what others want to do
DETERRENCE = {"seq": "credible", "smr": "inescapable", "gmr": "possible", "sim": "simultaneous"}
"""Concept by which somebody would gain by leaving, but is deterred → of what kind the deterrence is."""


def label(concept: str) -> str:
    """Return a concept as the literature writes it: Nash, SEQ, L2, cNash; for methods and exports only."""
    if concept.startswith("c"):
        return f"c{label(concept[1:])}"
    return "Nash" if concept == "nash" else concept.upper()


def by(concept: str, *, many: bool = False) -> str:
    """Return in which way an outcome holds by a concept, in words that follow "holds".

    >>> by("nash"), by("seq"), by("l3")
    ('by itself', 'by credible deterrence', 'looking 3 moves ahead')
    >>> by("cgmr")
    'by possible deterrence, against groups too'
    """
    if concept.startswith("l"):
        return f"looking {concept[1:]} moves ahead"
    if concept.startswith("c"):
        return f"{by(concept[1:], many=many)}, against groups too"
    alone = "by themselves" if many else "by itself"
    return f"by {DETERRENCE[concept]} deterrence" if concept in DETERRENCE else alone


def short(concept: str) -> str:
    """Return the same as the heading of a column.

    >>> short("nash"), short("seq"), short("l2"), short("cseq")
    ('by itself', 'credible', '2 ahead', 'credible, groups')
    """
    if concept.startswith("l"):
        return f"{concept[1:]} ahead"
    if concept.startswith("c"):
        return f"{short(concept[1:])}, groups"
    return DETERRENCE.get(concept, "by itself")


def key(concepts: Iterable[str]) -> str:
    """Return what the headings of columns mean, in sentences."""
    told = "By itself: nobody alone gains by leaving."
    found = [DETERRENCE[concept] for concept in concepts if concept in DETERRENCE]
    if found:
        several = f"{words.capital(', '.join(found))}: "
        told += f" {several}somebody would gain by leaving, but deterrence of that kind keeps them."
    ahead = [concept for concept in concepts if concept.startswith("l")]
    return told + "".join(f" {short(one)}: everybody looks {one[1:]} moves ahead." for one in ahead)


def kinds(concepts: Iterable[str]) -> list[str]:
    """Return the concepts that judge single actors looking at their own moves: all but those of coalitions."""
    return [concept for concept in concepts if not concept.startswith("c")]


def leading(shares: Mapping[str, float]) -> str:
    """Return the most demanding concept by which a state holds in most draws, else the one of most draws."""
    for concept in LADDER:
        if shares.get(concept, 0.0) >= OFTEN:
            return concept
    return max(shares, key=lambda concept: (shares[concept], concept in LADDER))


def apart(names: Iterable[str], before: str, after: str) -> tuple[list[str], list[str]]:
    """Return which of some options are taken up between two states, and which are dropped.

    >>> apart(["court", "law", "ban"], "YNN", "NYN")
    (['law'], ['court'])
    """
    steps = list(zip(names, before, after, strict=True))
    return [name for name, old, new in steps if old < new], [name for name, old, new in steps if old > new]


class Share(Record):
    """In how many draws a state is an equilibrium.

    Attributes:
        share: share of draws in which it is stable for everybody, 0..1.
        mc_error: standard error of the share due to the finite number of draws.
    """

    share: float
    mc_error: float


class Move(Record):
    """One move: who (several actors who move together are joined by ``+``), and to which state."""

    actor: str
    to: str


class Deterrent(Record):
    """What becomes of one improvement.

    Attributes:
        to: the state that the actor would improve to.
        sanction: moves of the others from there that leave it no better off; ``None`` when nothing deters. By
            ``sim`` they are made at the same moment, each from the state itself; by ``l2``, ``l3`` … they are
            what the actor expects to follow.
        by: how a coalition gets to ``to``; nothing for one actor, which moves at once.
        end: where the sanction leads, or what the actor expects in the end.
    """

    to: str
    sanction: tuple[Move, ...] | None
    by: tuple[Move, ...] = ()
    end: str | None = None


class Why(Record):
    """Why a state is stable for an actor by a concept, or not, every preference at its mean.

    Attributes:
        state: letters or id.
        actor: id, or ids of a coalition joined by ``+``.
        concept: by which it is judged.
        stable: the verdict.
        moves: how many moves the actor has from the state.
        answers: if stable, every improvement and what deters it; else the best improvement that nothing deters.
        sentence: the same in words.
    """

    state: str
    actor: str
    concept: str
    stable: bool
    moves: int
    answers: tuple[Deterrent, ...]
    sentence: str


class Reached(Record):
    """How an equilibrium is reached from the status quo, every preference at its mean.

    Attributes:
        state: the equilibrium.
        by: ``undeterred`` (improvements that no improvements of the others deter), ``improvements`` (each step
            better for who makes it) or ``moves`` (any).
        length: least number of moves; ``None`` when it cannot be reached.
        paths: some of the shortest paths.
        complete: whether these are all the shortest paths.
    """

    state: str
    by: str
    length: int | None
    paths: tuple[tuple[Move, ...], ...]
    complete: bool


class Jump(Record):
    """A joint improvement from the status quo: better for every member, by legal moves of the members."""

    coalition: tuple[str, ...]
    to: str


class Sway(Record):
    """What settling one uncertain preference would change most.

    Attributes:
        state: whose share of draws changes most.
        concept: by which concept.
        below: share among the draws in which the weight is below its median.
        above: share among the others.
    """

    state: str
    concept: str
    below: float
    above: float


class Limit(Record):
    """Where looking further ahead leads.

    Attributes:
        horizon: from this number of moves on the answers repeat.
        period: after how many moves; 1 when they settle.
        equilibria: the states that hold in the limit; ``None`` when there is none.
    """

    horizon: int
    period: int
    equilibria: tuple[str, ...] | None


class Reading(Record):
    """What holds when the unknown preferences are read in one of four ways, every number at its mean.

    Attributes:
        stable: concept → actor → states that are stable for it.
        equilibria: concept → states that are stable for everybody.
        strong: concept → actor → states that are strongly stable for it, where strength is stated.
        strong_equilibria: concept → states that are strongly stable for everybody.
    """

    stable: dict[str, dict[str, tuple[str, ...] | None]]
    equilibria: dict[str, tuple[str, ...] | None]
    strong: dict[str, dict[str, tuple[str, ...] | None]] = Field(default_factory=dict)
    strong_equilibria: dict[str, tuple[str, ...] | None] = Field(default_factory=dict)


class Arc(NamedTuple):
    """One move between two states that are drawn.

    Attributes:
        mover: number of who makes it.
        start: number of the state that it leaves.
        end: number of the state that it makes.
        gain: by how many ranks the state that it makes is better for the mover, of several for the one who gains
            least; at most 0 where it does not pay.
    """

    mover: int
    start: int
    end: int
    gain: int

    @property
    def pays(self) -> bool:
        """Say whether who makes the move is better off."""
        return self.gain > 0


class MoveGraph(Record):
    """The states of a game, and the moves between them, every preference at its mean.

    Attributes:
        states: letters or ids.
        distance: least number of moves from the status quo to each, ``None`` where it is out of reach.
        movers: ids of those who move, several who move together joined by ``+``.
        arcs: the moves, by numbers of movers and of states.
    """

    states: tuple[str, ...]
    distance: tuple[int | None, ...]
    movers: tuple[str, ...]
    arcs: tuple[Arc, ...]


class InScenario(Record):
    """What holds in a scenario.

    Attributes:
        name: of the scenario.
        game: ``same`` where nothing differs that the lens reads, so that it was not solved again; ``other`` where
            it is played with other options, so that outcomes cannot be compared; else ``compared``.
        draws: how many were made.
        shares: concept → state → share of draws, of the states that are told as things stand.
    """

    name: str
    game: Literal["same", "other", "compared"]
    draws: int = 0
    shares: dict[str, dict[str, float]] = Field(default_factory=dict)

    def share(self, concept: str, state: str) -> float:
        """Return the share of draws in which a state holds by a concept."""
        return self.shares.get(concept, {}).get(state, 0.0)


class Outcome(NamedTuple):
    """A state that holds in some draw."""

    state: str  # its letters or id
    words: str  # the same in words
    shares: dict[str, float]  # concept → share of draws in which it holds
    central: tuple[str, ...]  # concepts by which it holds with every preference at its mean
    concept: str  # the most demanding one by which it holds in most draws, else the one of most draws
    share: float  # of draws for that concept
    concepts: int  # by how many concepts of single actors it holds in most draws
    today: bool  # whether it is the status quo
    way: Reached | None  # how it is best reached from the status quo; ``None`` where it is not, or not known
    scenarios: dict[str, float]  # id of a scenario → share of draws for the same concept there

    @property
    def holds(self) -> bool:
        """Say whether it holds in most draws by some concept."""
        return self.share >= OFTEN


REASONS = {
    "nash": "nobody alone gains by leaving",
    "seq": "leaving would pay at first, but others would then want to act so that it does not",
    "smr": "leaving would pay at first, but others could undo the gain, and there would be no way out",
    "gmr": "leaving would pay at first, but others could undo the gain, whether they would want to or not",
}
NOTES = {
    "nash": "By itself: nobody alone gains by leaving (Nash stability, Nash 1950)",
    "gmr": "Possible deterrence: the others could answer every gain so that it was none (general metarationality, "
    "Howard 1971)",
    "smr": "Inescapable deterrence: there is no way out of that answer (symmetric metarationality, Howard 1971)",
    "seq": "Credible deterrence: each step of that answer pays for whoever takes it (sequential stability, Fraser "
    "& Hipel 1984)",
    "sim": "Simultaneous deterrence: others who gain move at the same moment (simultaneous stability, Fraser & "
    "Hipel 1984)",
    "ahead": "Looking that many moves ahead (limited-move stability, Zagare 1984; Kilgour 1984)",
    "coalitions": "The same for every group of actors and its joint moves (Kilgour, Hipel, Fang & Peng 2001)",
}


def in_draws(share: float) -> str:
    """Return in how many draws something holds, with a space before it; nothing where it is all of them."""
    return "" if share == 1 else f" in {words.percent(share)} of draws"


def reason(concept: str) -> str:
    """Return why an outcome holds that holds by a concept."""
    return REASONS.get(concept, f"it holds {by(concept)}")


def note(concept: str) -> str:
    """Return what a concept means, and who proposed it."""
    kind = "coalitions" if concept.startswith("c") else "ahead" if concept.startswith("l") else concept
    return NOTES.get(kind, label(concept))
