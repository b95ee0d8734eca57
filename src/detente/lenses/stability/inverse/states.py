"""Which state is meant? Its letters, its id, or the options that are taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from detente.errors import OptionError, did_you_mean

if TYPE_CHECKING:
    from detente.lenses.stability.view import StabilityView

NOTHING = "-"


def wanted(view: StabilityView) -> int | None:
    """Return the number of the state that the case wants to hold, if it names one."""
    return None if view.game.wanted is None else state_number(view, view.game.wanted)


def state_number(view: StabilityView, state: str | Sequence[str]) -> int:
    """Return the number of a state.

    Args:
        view: the game.
        state: letters (``YNN``), an id, options that are taken as a list or joined by ``+``; ``-`` or an empty
            list when none is.

    Raises:
        OptionError: there is no such state, or it is not feasible.
    """
    states = view.states
    if states.form is None:
        text = state if isinstance(state, str) else "+".join(state)
        if text not in view.texts:
            raise OptionError(f"there is no state {text!r}; {did_you_mean(text, view.texts)}")
        return view.texts.index(text)
    if states.classes is not None and state in view.texts:
        return view.texts.index(str(state))
    letters = _letters(view, state)
    if states.form.index[states.form.code_of(letters)] < 0:
        raise OptionError(f"{letters} is not feasible: game.infeasible rules it out")
    return states.number(letters)


def _letters(view: StabilityView, state: str | Sequence[str]) -> str:
    if isinstance(state, str):
        if len(state) == len(view.names) and not set(state) - set("YN") and state not in view.names:
            return state
        state = [] if state.strip() in ("", NOTHING) else [name.strip() for name in state.split("+")]
    unknown = [name for name in state if name not in view.names]
    if unknown:
        told = "; ".join(
            f"no option is called {name!r}; {did_you_mean(name, view.names)}" for name in unknown
        )
        raise OptionError(
            f"{told}. A state is {len(view.names)} letters, Y or N, or the options that are taken, joined by '+'"
        )
    return "".join("Y" if name in state else "N" for name in view.names)
