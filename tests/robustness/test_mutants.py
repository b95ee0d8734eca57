"""Whatever a file or a command line holds, it is answered or refused: no other exception, hang, or growth.

The variable DETENTE_MUTANTS says how many are tried, by default a few hundred and in the profile `full` twenty
thousand; `make mutants` tries a million of files first (tests/robustness/sweep.py). The seed of one that fails is
told: `mutant(seed)` makes it again.
"""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.case import Case
from detente.case.formats import import_case
from detente.cli import main
from detente.errors import DetenteError
from detente.lenses import available, run
from tests.robustness import sweep
from tests.robustness.corpus import corpus, kinds
from tests.robustness.mutating import command_line, mutant

FULL = os.environ.get("HYPOTHESIS_PROFILE") == "full"
MUTANTS = int(os.environ.get("DETENTE_MUTANTS", "20000" if FULL else "320"))
SLICES = 16
LONGEST = 5.0  # seconds of the processor, not of the clock
GROWTH = (
    400_000  # kilobytes that a slice may add to the peak: files are read, and lenses compiled, all the same
)


def read(seed: int, folder: Path) -> Case | None:
    """Read the mutant of a seed, and tell which it is if that goes wrong."""
    name, content = mutant(seed)
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    begun = time.process_time()
    try:
        found = import_case(path)
    except DetenteError:
        return None
    except BaseException as error:
        error.add_note(f"mutant({seed}), of {name}")
        raise
    took = time.process_time() - begun
    assert took < LONGEST, f"mutant({seed}), of {name}: {took:.1f} s"
    assert (found.case is None) == bool(found.errors), f"mutant({seed})"
    return found.case


@pytest.mark.parametrize("part", range(SLICES))
def test_mutants_of_files_are_cases_or_problems(part: int, tmp_path: Path) -> None:
    corpus()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    accepted = sum(read(seed, tmp_path) is not None for seed in range(part, MUTANTS, SLICES))
    tried = MUTANTS // SLICES
    assert accepted < tried
    assert accepted or tried < 100  # of a few, it may be that none is a case
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < GROWTH


@pytest.mark.parametrize("kind", ["csv", "genius", "xlsx"])
def test_mutants_of_a_seed_are_alike(kind: str) -> None:
    assert [mutant(seed, kind) for seed in range(20)] == [mutant(seed, kind) for seed in range(20)]
    assert {name for name, _ in (mutant(seed, kind) for seed in range(20))} <= set(kinds()[kind])


def test_the_sweep_tells_what_breaks_and_what_hangs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    names: list[str] = []

    def attempt(name: str, _: bytes, __: Path) -> bool:
        names.append(name)
        while len(names) == 3:
            pass
        if len(names) == 5:
            raise IndexError("out of it")
        return len(names) == 7

    monkeypatch.setattr(sweep, "attempt", attempt)
    monkeypatch.setattr(sweep, "LONGEST", 0.1)
    tally = sweep.sweep("csv", 40, 9, float("inf"), tmp_path / "log")
    assert (tally.tried, tally.accepted, tally.slowest_seed) == (9, 1, 42)
    assert [(one["seed"], one["error"]) for one in tally.broken] == [
        (42, "TookTooLong: "),
        (44, "IndexError: out of it"),
    ]
    assert len((tmp_path / "log").read_text().splitlines()) == 2


@pytest.mark.parametrize("part", range(SLICES))
def test_mutants_that_are_cases_are_solved_or_refused(part: int, tmp_path: Path) -> None:
    """By every lens that reads them, with few draws: what passes the check must not break a compiled loop."""
    left, seed = max(1, MUTANTS // SLICES // 20), part
    while left:
        case = read(seed, tmp_path)
        for name in available() if case is not None else ():
            assert case is not None
            begun = time.process_time()
            try:
                run(case, name, draws=4, workers=1).to_dict()
            except DetenteError:  # it lacks the part, for instance
                continue
            except BaseException as error:
                error.add_note(f"mutant({seed}) by {name}")
                raise
            if seed > SLICES:  # loops are compiled first
                took = time.process_time() - begun
                assert took < 60 * LONGEST, f"mutant({seed}) by {name}: {took:.1f} s"
        left -= case is not None
        seed += SLICES


@pytest.mark.parametrize("part", range(SLICES))
def test_mutated_command_lines_end_in_an_answer_or_a_refusal(
    part: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for seed in range(part, max(SLICES, MUTANTS // 4), SLICES):
        words = command_line(seed)
        done = CliRunner().invoke(main, words)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            done.exception.add_note(f"command_line({seed}): {words}")
            raise done.exception
        assert done.exit_code in (0, 1, 2), f"command_line({seed}): {words}"
