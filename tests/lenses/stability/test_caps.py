"""Is a number the number where a list is cut? Games of many states, each actor of which cares for one option."""

from __future__ import annotations

import pytest

from detente.case import Case
from detente.lenses.stability import LENS
from detente.lenses.stability.result import StabilityResult
from detente.show.blocks import Verdict


def result_of(options: int) -> StabilityResult:
    """Solve a game in which the first option is all that one actor wants, and the last all that the other does."""
    half = options // 2
    owners = {f"o{n}": {"actor": "a" if n < half else "b", "name": f"Option {n}"} for n in range(options)}
    game = {
        "options": owners,
        "preferences": {"a": ["o0"], "b": [f"o{options - 1}"]},
        "status_quo": [],
    }
    actors = {"a": {"name": "A"}, "b": {"name": "B"}}
    return LENS.simulate(Case.from_dict({"title": "Many", "actors": actors, "game": game}), draws=1).result()


@pytest.mark.parametrize(("options", "is_told"), [(4, True), (13, True), (15, False)])
def test_what_holds_is_counted_where_it_is_not_listed(options: int, is_told: bool) -> None:
    """Both have what they want in a quarter of the states, and nobody then has anything to gain."""
    result, hold = result_of(options), 2 ** (options - 2)
    assert (result.holding, result.firm, result.counts["nash"]) == (hold, hold, hold)
    assert result.leaving == ("a", "b")
    assert len(result.shares["nash"]) == min(hold, 2_000)
    told = {one.id: one.sentence for one in result.findings}
    assert f"In all, {hold:,} of {2**options:,} outcomes hold by themselves or by credible" in told["holds"]
    assert (result.states is not None) == (result.why is not None) == is_told
    blocks = [block for one in LENS.chapter(result).sections for block in one.blocks]
    printed = " ".join(block.model_dump_json() for block in blocks)
    verdicts = {block.name: " ".join(block.says) for block in blocks if isinstance(block, Verdict)}
    today = verdicts["Today: nothing is done"]
    assert "A would gain by moving" in today if is_told else today == "Gaining by a move: A and B."
    cut = f"2,000 of the {hold:,} outcomes that hold are listed"
    assert (cut in printed) == (hold > 2_000)
    assert StabilityResult.model_validate_json(result.model_dump_json()) == result


def test_a_list_that_is_not_made_is_null_and_one_that_is_empty_is_empty() -> None:
    small, large = result_of(4), result_of(15)
    assert None not in (small.states, small.why, small.reached, small.jumps)
    assert (large.states, large.why, large.reached, large.jumps) == (None,) * 4
    assert large.equilibria["nash"] is not None
    assert len(large.equilibria["nash"]) == 8_192
