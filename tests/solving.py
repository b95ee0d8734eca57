"""Briefs that are solved once for all tests, in whichever process, and handed out read back from their data."""

from __future__ import annotations

import json
import os
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path
from typing import Any

from detente.case import Case
from detente.report import Brief, brief

DRAWS = 300
"""Of the briefs that tests of pages, figures, words and commands share."""


def briefed(case: Case, *, draws: int = DRAWS, seed: int = 1, **_: Any) -> Brief:
    """Return the brief of a case; whoever asks for the same one later, here or beside, need not wait for it."""
    asked = json.dumps([case.to_dict(), case.scenario, draws, seed])
    path = Path(os.environ["DETENTE_TESTS"]) / f"{sha256(asked.encode()).hexdigest()}.json"
    with path.with_suffix(".lock").open("w") as alone:
        flock(alone, LOCK_EX)  # until it is closed, or whoever holds it dies
        if not path.exists():
            made = brief(case, draws=draws, seed=seed, workers=1)
            path.write_text(json.dumps(made.to_dict(), allow_nan=False), encoding="utf-8")
    return Brief.from_dict(json.loads(path.read_text(encoding="utf-8")))
