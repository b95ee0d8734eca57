"""Which states does a game have, and who can go where? By options or listed, with states that are one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.case import Game, Statement
from detente.errors import OptionError, offering
from detente.lenses.stability.graph import Graph
from detente.lenses.stability.space import BACK, BOTH, FORWARD, NOBODY, Mask, Ranks, Space

DIRECTIONS = {"both": BOTH, "forward": FORWARD, "back": BACK}
NOTHING = "-"
MOST_KEPT = 1 << 12  # states up to which the letters of each are written once and kept
Team = tuple[int, ...]


class States:
    """The states of a game, numbered from 0.

    Attributes:
        names: ids of the options, in the order of the letters of a state; none when states are listed.
        option_names: id of an option → what it is called, different for each.
        state_names: the same for listed states.
        teams: sets of actors who decide something only together.
        form: every combination of options before states are merged, or ``None`` when states are listed.
        classes: number of the state that each feasible combination is part of, shape (combinations,), or
            ``None`` when none are merged.
    """

    def __init__(self, game: Game, actors: Sequence[str], people: Mapping[str, str]) -> None:
        """Lay out the states of a game."""
        self.game, self.actors = game, tuple(actors)
        self.option_names = game.option_names(people)
        self.state_names = game.state_names()
        self.names = tuple(game.options)
        self._listed = {state: s for s, state in enumerate(game.states)}
        sets = [*(o.actors for o in game.options.values()), *(part.actors for part in game.together)]
        teams = [self._team(actors) for actors in sets if actors]
        self.teams: tuple[Team, ...] = tuple(dict.fromkeys(teams))
        self.form = self._form() if self.names else None
        self.classes = self._classes() if game.merged and self.form is not None else None

    def _team(self, actors: Sequence[str]) -> Team:
        return tuple(sorted(self.actors.index(actor) for actor in actors))

    def _form(self) -> Space:
        owners = []
        for option in self.game.options.values():
            if option.actors:
                owners.append(len(self.actors) + self.teams.index(self._team(option.actors)))
            else:
                owners.append(NOBODY if option.actor is None else self.actors.index(option.actor))
        directions = [DIRECTIONS[option.moves] for option in self.game.options.values()]
        space = Space.build(owners, len(self.actors) + len(self.teams), directions)
        return space.without(
            space.where(ban.statement.over(self.names), self.names) for ban in self.game.infeasible
        )

    def _classes(self) -> NDArray[np.int32]:
        """Number the states that are one by their first members."""
        assert self.form is not None  # noqa: S101 - asked for options only
        first = np.arange(self.form.codes.size)
        for merge in self.game.merged:
            members = np.flatnonzero(self.where(merge.statement))
            first[members] = members[0]
        return np.unique(first, return_inverse=True)[1].astype(np.int32)

    # --- names -----------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """How many states there are, m."""
        if self.form is None:
            return len(self._listed)
        return int(self.form.codes.size if self.classes is None else self.classes.max() + 1)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Every state by its letters or id, in the order of their numbers."""
        if self.form is None:
            return tuple(self._listed)
        if self.classes is None:
            return tuple(self.form.text(s) for s in range(self.count))
        return tuple(_label(members) for members in self.members)

    @cached_property
    def members(self) -> tuple[tuple[str, ...], ...]:
        """The combinations of options that each state stands for, as letters; none when states are listed."""
        if self.form is None:
            return ()
        found: list[list[str]] = [[] for _ in range(self.count)]
        classes = range(self.count) if self.classes is None else self.classes.tolist()
        for combination, state in enumerate(classes):
            found[state].append(self.form.text(combination))
        return tuple(map(tuple, found))

    def text(self, state: int) -> str:
        """Return the letters or the id of a state; ``-`` stands where states that are one differ."""
        if self.form is not None and self.classes is None and self.count > MOST_KEPT:
            return self.form.text(state)
        return self.texts[state]

    def number(self, text: str) -> int:
        """Return the number of the state with an id or letters, also of one that is part of another."""
        if self.form is None:
            return self._listed[text]
        if text in self._by_label:
            return self._by_label[text]
        combination = int(self.form.index[self.form.code_of(text)])
        return combination if self.classes is None else int(self.classes[combination])

    @cached_property
    def _by_label(self) -> dict[str, int]:
        return {} if self.classes is None else {text: s for s, text in enumerate(self.texts)}

    def find(self, state: str | Sequence[str]) -> int:
        """Return the number of the state that somebody means.

        Args:
            state: letters (``YNN``), an id, options that are taken as a list or joined by ``+``; ``-`` or an empty
                list when none is.

        Raises:
            OptionError: there is no such state, or it is not feasible.
        """
        if self.form is None:
            text = state if isinstance(state, str) else "+".join(state)
            if text not in self._listed:
                raise OptionError(offering(f"there is no state {text!r}", text, self.texts))
            return self._listed[text]
        if isinstance(state, str) and state in self._by_label:
            return self._by_label[state]
        letters = self._letters(state)
        if self.form.index[self.form.code_of(letters)] < 0:
            raise OptionError(f"{letters} is not feasible: game.infeasible rules it out")
        return self.number(letters)

    def _letters(self, state: str | Sequence[str]) -> str:
        if isinstance(state, str):
            if len(state) == len(self.names) and not set(state) - set("YN") and state not in self.names:
                return state
            state = [] if state.strip() in ("", NOTHING) else [name.strip() for name in state.split("+")]
        if unknown := [name for name in state if name not in self.names]:
            told = "; ".join(offering(f"no option is called {name!r}", name, self.names) for name in unknown)
            raise OptionError(
                f"{told}. A state is {len(self.names)} letters, Y or N, or the options that are taken, joined "
                "by '+'"
            )
        return "".join("Y" if name in state else "N" for name in self.names)

    @cached_property
    def wanted(self) -> int | None:
        """Number of the state that the case wants to hold, if it names one."""
        return None if self.game.wanted is None else self.find(self.game.wanted)

    def words(self, state: int) -> str:
        """Return a state in words: what is taken, or its name."""
        text = self.text(state)
        if self.form is None:
            return self.state_names[text]
        if self.classes is not None and len(self.members[state]) > 1:
            merge = next(m for m in self.game.merged if self.of_statement(m.statement)[state])
            return merge.name or merge.statement.over(self.names).text
        letters = zip(self.names, text, strict=True)
        taken = [self.option_names[name] for name, letter in letters if letter == "Y"]
        return " + ".join(taken) if taken else "nothing is done"

    @cached_property
    def status_quo(self) -> int | None:
        """Number of the state of today, if the game says which."""
        return None if self.game.status_quo is None else self.find(self.game.status_quo)

    # --- sets of states --------------------------------------------------------------------------

    def where(self, statement: Statement) -> Mask:
        """Return in which combinations of options a statement or pattern holds, shape (combinations,)."""
        assert self.form is not None  # noqa: S101 - listed states have no options
        return np.asarray(self.form.where(statement.over(self.names), self.names)[self.form.codes])

    def like(self, letters: str) -> Mask:
        """Return which combinations look like letters with ``-`` for either, or which listed state it is."""
        if self.form is None:
            return np.asarray(np.arange(self.count) == self._listed[letters])
        if "-" in letters:
            return self.where(Statement(letters, ("name", letters, 0)))
        return np.asarray(self.form.codes == self.form.code_of(letters))

    def gathered(self, values: Ranks) -> Ranks:
        """Return for each state the largest of the values of its combinations, given along the last axis."""
        if self.classes is None:
            return values
        found: Ranks = np.full((*values.shape[:-1], self.count), -1, dtype=values.dtype)
        np.maximum.at(found.T, self.classes, values.T)
        return found

    def of_statement(self, statement: Statement) -> Mask:
        """Return in which states a statement holds, of merged ones in some part; shape (m,)."""
        return self.gathered(self.where(statement).astype(np.int32)) > 0

    def of_letters(self, letters: str) -> Mask:
        """Return which states are, or stand for something, like letters; shape (m,)."""
        return self.gathered(self.like(letters).astype(np.int32)) > 0

    @cached_property
    def _unperceived(self) -> Mask:
        """Which combinations each actor does not perceive, shape (k, combinations)."""
        size = self.count if self.form is None else self.form.codes.size
        found = np.zeros((len(self.actors), size), dtype=np.bool_)
        for actor, conditions in self.game.misperceives.items():
            for condition in conditions:
                known = self.form is not None
                seen = self.where(condition.statement) if known else self.like(condition.statement.text)
                found[self.actors.index(actor)] |= seen
        return found

    # --- moves -----------------------------------------------------------------------------------

    @cached_property
    def graph(self) -> Graph:
        """Every move, the actors first and then the teams."""
        graph = self._drawn() if self.form is None else Graph.from_space(self.form, self.teams)
        if self.game.misperceives:
            blind = self._unperceived[:, graph.sources] | self._unperceived[:, graph.targets]
            graph = graph.keeping(np.asarray(~(blind & graph.members[graph.rows].T).any(axis=0)))
        return graph if self.classes is None else graph.joined(self.classes)

    def _drawn(self) -> Graph:
        number = self._listed
        arcs = [[(number[a], number[b]) for a, b in self.game.moves.get(actor, ())] for actor in self.actors]
        for team in self.teams:
            joint = [part.moves for part in self.game.together if self._team(part.actors) == team]
            arcs.append([(number[a], number[b]) for moves in joint for a, b in moves])
        return Graph.from_arcs(len(number), arcs, self.teams)


def _label(members: Sequence[str]) -> str:
    """Return letters that say of which combinations a state is made, and of no others.

    >>> _label(["YNY"]), _label(["YNN", "YNY"]), _label(["YNN", "NYY"])
    ('YNY', 'YN-', 'YNN|NYY')
    """
    same = [set(letters) for letters in zip(*members, strict=True)]
    pattern = "".join(letters.pop() if len(letters) == 1 else "-" for letters in same)
    whole = len(members) == 1 << pattern.count("-")
    if whole or len(members) > 8:
        return pattern
    return "|".join(members)
