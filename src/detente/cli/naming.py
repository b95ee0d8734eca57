"""What is a method, an outcome or an input called on the screen? By the names of the case, not by paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.case import Case

METHODS = {
    "mean": "compromise (mean)",
    "median": "weighted median",
    "nash": "Nash bargaining",
    "challenge": "challenge model",
    "exchange": "position exchange",
    "unweighted_mean": "plain mean",
    "no_deal": "without agreement",
}
PARTS = {"no_deal": "without agreement", "failure_cost": "cost of failure"}


def method_name(method: str) -> str:
    """Return what a method, or a baseline, is called."""
    return METHODS.get(method, method.replace("_", " "))


def parted(outcome: str) -> tuple[str, str]:
    """Return issue and method of an outcome's label (``<issue>.<method>``)."""
    issue, _, method = outcome.rpartition(".")
    return issue, method


def input_name(case: Case, path: str, issue: str) -> str:
    """Return what a number of the case is called among those that bear on an issue.

    Args:
        case: the case.
        path: of the number.
        issue: id of the issue that is being told about; other issues are named.
    """
    kind, _, rest = path.partition(".")
    parts = rest.split(".")
    if kind == "actors":
        return f"{case.actors[parts[0]].name}: {parts[1]}"
    where = "" if parts[0] == issue else f" on {case.issues[parts[0]].name}"
    if kind == "issues":
        return f"{PARTS.get(parts[1], parts[1])}{where}"
    return f"{case.actors[parts[1]].name}{where}: {' '.join(parts[2:])}"
