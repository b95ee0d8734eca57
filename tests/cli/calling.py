"""What the tests of the command line call, and the cases they call it with."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from click.testing import Result

from tests.solving import DRAWS

Invoke = Callable[..., Result]
Program = Callable[..., "subprocess.CompletedProcess[str]"]
FEW = ("--draws", str(DRAWS))
TWO = ("--scenario", "dry-years")


def data_of(result: Result) -> dict[str, Any]:
    """Return the one JSON object that a command printed."""
    data: dict[str, Any] = json.loads(result.stdout)
    assert isinstance(data, dict)
    return data


def command_line(*arguments: object) -> list[str]:
    """Return what to run for a command as a program."""
    return [sys.executable, "-m", "detente", *(str(argument) for argument in arguments)]


FAULTY = """\
detente: 1
title: A case with faults
actors:
  north: {name: North}
  south: {name: South, influence: 1}
issues:
  border: {name: Border, scale: {0: here, 100: there}}
stances:
  border:
    north: {position: 40, salience: 1.7, influence: 1}
    suoth: {position: 140, salience: 0.5}
"""

EXACT = """\
detente: 1
title: Nothing in doubt
actors:
  north: {name: North, influence: 1}
  south: {name: South, influence: 3}
issues:
  border: {name: Border, scale: {0: here, 100: there}, no_deal: 0}
stances:
  border:
    north: {position: 20, salience: 1}
    south: {position: 60, salience: 1}
"""

TABLE = """\
Actor,Issue,Position,Salience,Power
North,Border,20 ± 5,0.5,1
South,Border,60,0.9,3
North,Trade,10..30,0.8,1
South,Trade,80,0.4,3
"""
