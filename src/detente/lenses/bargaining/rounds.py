"""How did the challenge model get there? Its rounds with every input at its mean, and the mean over draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.lenses.bargaining.result import Rounds

if TYPE_CHECKING:
    from detente.lenses.bargaining.gather import Gathered
    from detente.lenses.bargaining.solve import Solved
    from detente.lenses.bargaining.view import BargainingView


def rounds(view: BargainingView, gathered: Gathered, central: Solved) -> dict[str, Rounds]:
    """Return issue → rounds; empty when the challenge model was not run.

    Rounds after which nothing moved any more, in every draw and in the central run, are cut off.
    """
    challenge = central.challenge
    if challenge is None or challenge.path is None or gathered.median_path is None:
        return {}
    found = {}
    over_draws = gathered.median_path / gathered.draws
    for i, issue in enumerate(view.issues):
        last = int(challenge.rounds_used[0, i])
        positions = {
            actor: tuple(challenge.path[0, i, : last + 1, a].tolist())
            for a, actor in enumerate(view.actors)
            if view.present[i, a]
        }
        total = sum(gathered.stopped[i].values())
        found[issue] = Rounds(
            median=tuple(challenge.median[0, i, : last + 1].tolist()),
            mean=tuple(challenge.mean[0, i, : last + 1].tolist()),
            positions=positions,
            median_over_draws=tuple(over_draws[i, : last + 1].tolist()),
            stopped={reason: count / total for reason, count in gathered.stopped[i].most_common()},
        )
    return found
