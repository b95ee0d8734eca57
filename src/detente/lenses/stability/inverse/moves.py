"""What would nobody have to be able to do? Options taken away or made one-way, states ruled out, moves barred.

Each such cut stops some moves. The cheapest set of cuts is found as a hitting set: an improvement that nothing
deters must itself be stopped, or one of the cuts that took away its deterrents must be spared, or (by SMR) every
escape from one of the answers must be stopped. Cuts only ever take moves away, so each of these clauses is
necessary, and the optimum of the program over the clauses found so far is a lower bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from detente.lenses.programs import Array
from detente.lenses.stability.inverse.question import Failure, Question
from detente.lenses.stability.inverse.search import Effort, Remedy, Theory, cheapest_change
from detente.lenses.stability.inverse.task import Task
from detente.lenses.stability.levers import NEAR, Change, Lever
from detente.lenses.stability.space import BOTH, NOBODY, Mask, Ranks, Space

Kind = Literal["remove", "forward", "back", "ban", "bar"]
ONE_WAY = {"forward": ("once taken", "dropped"), "back": ("once dropped", "taken again")}


@dataclass(frozen=True, eq=False)
class Cut:
    """Something that takes moves away.

    Its kind is ``remove`` (an option stays as it is in the chosen state), ``forward`` (once taken it stays taken),
    ``back`` (once dropped it stays dropped), ``ban`` (a state is ruled out) or ``bar`` (one listed move is).
    """

    kind: Kind
    what: int  # number of the option, of the state, or of the move
    cost: float  # above 0; infinite where it must not be done
    stops: Mask  # which moves it takes away, shape (moves,)


def option_cuts(question: Question, space: Space) -> list[Cut]:
    """Return every option that could be taken away or made one-way, each at the cost 1."""
    codes = space.codes
    before, after = codes[question.graph.sources], codes[question.graph.targets]
    found = []
    for option, owner in enumerate(space.owners):
        if owner == NOBODY:
            continue
        bit = 1 << space.bit[option]
        dropped, taken = (before & ~after & bit) != 0, (after & ~before & bit) != 0
        found.append(Cut("remove", option, 1.0, dropped | taken))
        if space.directions[option] == BOTH:
            found += [Cut("forward", option, 1.0, dropped), Cut("back", option, 1.0, taken)]
    return [cut for cut in found if cut.stops.any()]


def state_cuts(question: Question, spared: Sequence[int] = ()) -> list[Cut]:
    """Return every state but the chosen one and those spared, each ruled out at the cost 1."""
    states = sorted(set(range(question.graph.states)) - {question.state, *spared})
    found = (Cut("ban", s, 1.0, np.asarray(question.graph.targets == s)) for s in states)
    return [cut for cut in found if cut.stops.any()]


def move_cuts(question: Question) -> list[Cut]:
    """Return every single move, barred at the cost 1."""
    count = question.graph.targets.size
    return [Cut("bar", move, 1.0, np.asarray(np.arange(count) == move)) for move in range(count)]


@dataclass(eq=False)
class Cutting(Theory):
    """The choice of cuts as a program: a variable for each, and by SMR one for each answer that is closed off."""

    cuts: Sequence[Cut]

    def __post_init__(self) -> None:
        for cut in self.cuts:
            self.choice(cut.cost)
        shape = (len(self.cuts), self.question.graph.targets.size)
        self.stops = np.array([cut.stops for cut in self.cuts], dtype=np.bool_).reshape(shape)
        self._closed: dict[tuple[int, int], int | None] = {}

    def made(self, values: Array) -> list[int]:
        """Return the numbers of the cuts that are made."""
        return [n for n in range(len(self.cuts)) if values[n] > 0.5]

    def left(self, made: Sequence[int]) -> Mask:
        """Return which moves are left after some cuts."""
        return np.asarray(~self.stops[list(made)].any(axis=0))

    def refute(self, values: Array, effort: Effort) -> int:
        """Judge the state with the moves that are left, and add a clause for each failure."""
        made = self.made(values)
        failures = self.question.failures(self.before, self.left(made))
        for failure in failures:
            self._demand(made, failure, effort)
        return len(failures)

    def _demand(self, made: Sequence[int], failure: Failure, effort: Effort) -> None:
        """Require to make one cut of several, or to spare one that was made."""
        # Of the cuts that were made, those without which the improvement would be deterred do harm; of all the
        # others the failure remains.
        harming, seen, escapes = list(made), failure, self.left(made)
        for cut in made:
            effort.left -= self.question.judging / self.question.graph.actors
            fewer = [other for other in harming if other != cut]
            still = self.question.failure(failure.move, self.before, self.left(fewer), escapes)
            if still is not None:
                harming, seen = fewer, still
        helping = [cut for cut in self.stopping(failure.move) if cut not in harming]
        if self.question.concept == "smr":
            helping += self._answers(seen)
        row = dict.fromkeys(helping, 1.0) | dict.fromkeys(harming, -1.0)
        self.program.row(row, least=1.0 - len(harming))

    def stopping(self, move: int) -> list[int]:
        """Return the numbers of the cuts that take a move away."""
        return [int(cut) for cut in np.flatnonzero(self.stops[:, move])]

    def _answers(self, failure: Failure) -> list[int]:
        """Return a variable for each answer that would deter if the actor could not move on."""
        down = self.before[failure.actor] <= self.before[failure.actor, self.question.state]
        answers = np.flatnonzero(failure.seen.any(axis=1) & down).tolist()
        found = [self._close(failure.actor, answer, down) for answer in answers]
        return [variable for variable in found if variable is not None]

    def _close(self, i: int, answer: int, down: Mask) -> int | None:
        """Return a variable that is 1 only where an actor's every escape from an answer is stopped, if any."""
        if (i, answer) not in self._closed:
            graph = self.question.graph
            escapes = (graph.rows == i) & (graph.sources == answer) & ~down[graph.targets]
            stopping = [self.stopping(move) for move in np.flatnonzero(escapes).tolist()]
            self._closed[i, answer] = variable = self.choice() if all(stopping) else None
            if variable is not None:
                for cuts in stopping:
                    self.program.row({variable: 1.0} | dict.fromkeys(cuts, -1.0), most=0.0)
        return self._closed[i, answer]


def cheapest_cuts(
    question: Question, ranks: Ranks, cuts: Sequence[Cut], effort: Effort
) -> tuple[Remedy, tuple[Cut, ...]]:
    """Return the cheapest set of cuts by which the chosen state holds."""
    remedy, theory = cheapest_change(question, lambda one: Cutting(one, ranks, cuts), effort)
    return remedy, () if remedy.values is None else tuple(cuts[n] for n in theory.made(remedy.values))


def kept(question: Question, chosen: Sequence[Cut]) -> Mask:
    """Return which moves are left, shape (moves,)."""
    stopped = [cut.stops for cut in chosen]
    return np.asarray(~np.any(stopped, axis=0)) if stopped else question.every_move


# --- told -----------------------------------------------------------------------------------------


def moves_lever(task: Task) -> Lever:
    """Return the cheapest cuts."""
    question, graph = task.question, task.question.graph
    cuts = [replace(cut, cost=task.prices.of(*_priced(task, cut))) for cut in _possible(task)]
    remedy, chosen = cheapest_cuts(question, task.ranks, cuts, task.effort)
    if any(cut.kind == "ban" for cut in chosen):  # a rule about options says more than one about states
        plain = [cut for cut in cuts if cut.kind != "ban"]
        other, instead = cheapest_cuts(question, task.ranks, plain, task.effort)
        if other.cost <= remedy.cost + NEAR:
            remedy, chosen = replace(other, bound=remedy.bound), instead
    chosen = _least(task, chosen, cuts)
    changes, edits = [], dict[str, Any]()
    for cut in chosen:
        changes.append(_told(task, cut, [other for other in chosen if other is not cut]))
        _edit(task, cut, edits)
    listed = task.view.states.form is None
    if listed and any((graph.rows[cut.stops] >= graph.actors).any() for cut in chosen):
        edits = {}  # common moves between listed states stand in no list of one actor
    stable = replace(question, graph=graph.keeping(kept(question, chosen))).holds(task.ranks)
    return Lever.found("moves", remedy.cost, remedy.bound, remedy.clauses, changes, edits, holds=stable)


def _possible(task: Task) -> list[Cut]:
    view, question = task.view, task.question
    cuts = state_cuts(question, () if view.status_quo is None else (view.status_quo,))
    if view.states.form is None:
        return [*move_cuts(question), *cuts]
    return [*(option_cuts(question, view.states.form) if view.states.classes is None else ()), *cuts]


def _least(task: Task, chosen: tuple[Cut, ...], cuts: Sequence[Cut]) -> tuple[Cut, ...]:
    """Return cuts of the same cost, with options made one-way where that does as well as to take them away."""
    for n, cut in enumerate(chosen):
        for other in cuts if cut.kind == "remove" else ():
            if other.kind in ONE_WAY and other.what == cut.what and other.cost == cut.cost:
                instead = (*chosen[:n], other, *chosen[n + 1 :])
                if not task.question.failures(task.ranks, kept(task.question, instead)):
                    return _least(task, instead, cuts)
    return chosen


def _priced(task: Task, cut: Cut) -> tuple[str, str]:
    """Return the path of the price of a cut."""
    if cut.kind == "ban":
        return "ban", task.view.text(cut.what)
    if cut.kind == "bar":
        return "bar", task.view.mover(int(task.question.graph.rows[cut.what]))
    return "remove" if cut.kind == "remove" else "one_way", task.view.names[cut.what]


def _told(task: Task, cut: Cut, others: list[Cut]) -> Change:
    view, graph = task.view, task.question.graph
    actor: str | None = None
    after: str = cut.kind
    if cut.kind == "ban":
        what, before, after = view.text(cut.what), "possible", "ruled out"
        sentence = f"Ruled out would have to be {task.place(cut.what)}."
    elif cut.kind == "bar":
        actor, before, after = view.mover(int(graph.rows[cut.what])), "possible", "barred"
        start, end = int(graph.sources[cut.what]), int(graph.targets[cut.what])
        who = " and ".join(task.actor(i) for i in graph.movers[graph.rows[cut.what]])
        what = f"{view.text(start)} → {view.text(end)}"
        sentence = f"{who} would have to be unable to go from {task.place(start)} to {task.place(end)}."
    else:
        what = view.names[cut.what]
        option = view.game.options[what]
        actor, before = option.actor or "+".join(option.actors), option.moves
        if cut.kind == "remove":
            stays = "taken" if view.text(task.state)[cut.what] == "Y" else "not taken"
            after = f"stays {stays}"
            sentence = f"{task.option(cut.what)} would have to stay {stays}, whatever anybody wants."
        else:
            since, never = ONE_WAY[cut.kind]
            sentence = f"{task.option(cut.what)}, {since}, could not be {never}."
    return Change(
        actor=actor,
        what=what,
        before=before,
        after=after,
        cost=cut.cost,
        sentence=sentence,
        without=task.undeterred(task.ranks, kept(task.question, others)),
    )


def _edit(task: Task, cut: Cut, edits: dict[str, Any]) -> None:
    """Add the change of the case that makes a cut."""
    view, game = task.view, task.view.game
    option = view.names[cut.what] if cut.kind in ("remove", *ONE_WAY) else ""
    if option:
        whose = "moves" if cut.kind in ONE_WAY else "actors" if game.options[option].actors else "actor"
        edits[f"game.options.{option}.{whose}"] = cut.kind if cut.kind in ONE_WAY else None
    elif view.states.form is not None:
        stands = game.model_dump(mode="json", exclude_defaults=True).get("infeasible", [])
        banned = edits.setdefault("game.infeasible", stands)
        banned += view.states.members[cut.what]
        _unrank(task, cut.what, edits)
    else:
        _shorten(task, cut, edits)


def _unrank(task: Task, state: int, edits: dict[str, Any]) -> None:
    """Take a state that is ruled out from the rankings, which name no others than feasible states."""
    gone = set(task.view.states.members[state])
    for actor, preference in task.view.game.preferences.items():
        path = f"game.preferences.{actor}"
        if preference.ranking:
            stands = edits.get(path) or preference.model_dump(mode="json", exclude_defaults=True)
            groups = [
                [s for s in (g if isinstance(g, list) else [g]) if s not in gone] for g in stands["ranking"]
            ]
            left = [group[0] if len(group) == 1 else group for group in groups if group]
            edits[path] = {**stands, "ranking": left}


def _shorten(task: Task, cut: Cut, edits: dict[str, Any]) -> None:
    """Take the moves that a cut stops from the lists of single actors."""
    view, graph = task.view, task.question.graph
    gone: dict[int, set[tuple[str, str]]] = {}
    for n in np.flatnonzero(cut.stops & (graph.rows < graph.actors)).tolist():
        move = view.text(int(graph.sources[n])), view.text(int(graph.targets[n]))
        gone.setdefault(int(graph.rows[n]), set()).add(move)
    for i, moves in gone.items():
        path, listed = f"game.moves.{view.actors[i]}", view.game.moves.get(view.actors[i], ())
        edits[path] = [list(pair) for pair in edits.get(path, listed) if tuple(pair) not in moves]
