"""Analyse international negotiations: where would issues settle, is there a deal, what holds, how sure is that?

What it looks like::

    import detente

    case = detente.load("us-russia-2024")           # or a case file, a case folder, a table of stances
    result = detente.bargaining(case)               # where would each issue settle?
    result.forecast("sanctions").intervals["80"]
    detente.winset(case).blockers                   # is there a deal all would accept, and who blocks it?
    detente.stability(case).equilibria              # which outcomes hold?
    firm = case.with_(scenario="congress-holds-firm")
    detente.compare({"as is": case, "firm": firm})  # on the same draws
    detente.tornado(case)                           # which inputs matter
    detente.brief(case).save("report.html")         # all of it, on one page

Nothing heavy is imported before it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from detente.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from detente.case import Case
    from detente.catalog import open_case as load
    from detente.lenses import compare, tornado
    from detente.lenses.bargaining import BargainingResult
    from detente.lenses.stability import StabilityResult
    from detente.lenses.winset import WinsetResult
    from detente.quantity import Quantity
    from detente.report import brief

__all__ = [
    "Case",
    "Quantity",
    "__version__",
    "bargaining",
    "brief",
    "compare",
    "load",
    "stability",
    "tornado",
    "winset",
]

_PLACES = {
    "Case": ("detente.case", "Case"),
    "Quantity": ("detente.quantity", "Quantity"),
    "brief": ("detente.report", "brief"),
    "compare": ("detente.lenses", "compare"),
    "load": ("detente.catalog", "open_case"),
    "tornado": ("detente.lenses", "tornado"),
}


def __getattr__(name: str) -> Any:
    """Import what is asked for, once."""
    if name not in _PLACES:
        raise AttributeError(f"module 'detente' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _PLACES[name]
    found = getattr(import_module(module), attribute)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List what the package offers, imported or not."""
    return sorted({*globals(), *__all__})


def bargaining(
    case: Case,
    *,
    draws: int = 10_000,
    seed: int = 1,
    workers: int | None = None,
    scenario: str | None = None,
    changes: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> BargainingResult:
    """Tell where each issue of a case would settle, by five methods, with the doubt in the inputs carried through.

    Args:
        case: the case; `load` opens one.
        draws: of everything that carries doubt.
        seed: of the draws; the same seed gives the same bytes, whatever the number of workers.
        workers: threads; all processors when ``None``.
        scenario: one of the case's scenarios, applied first.
        changes: path in the case → value, applied after the scenario.
        progress: called with (draws done, draws in all).

    Raises:
        NotFoundError: no such scenario.
        CaseError: the changes do not make a valid case.
        MissingPartError: nobody has a stance on anything.

    >>> import detente
    >>> result = detente.bargaining(detente.load("river-dam"), draws=200)
    >>> list(result.issues)
    ['filling', 'release']
    """
    return cast("BargainingResult", _run("bargaining", locals()))


def winset(
    case: Case,
    *,
    draws: int = 10_000,
    seed: int = 1,
    workers: int | None = None,
    scenario: str | None = None,
    changes: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> WinsetResult:
    """Tell whether there is a deal that all who must consent would accept, on what terms, and who blocks it.

    Args:
        case: the case, with ``consent`` and ``no_deal`` points.
        draws: of everything that carries doubt.
        seed: of the draws; the same seed gives the same bytes, whatever the number of workers.
        workers: threads; all processors when ``None``.
        scenario: one of the case's scenarios, applied first; else all of them are compared.
        changes: path in the case → value, applied after the scenario.
        progress: called with (draws done, draws in all).

    Raises:
        NotFoundError: no such scenario.
        CaseError: the changes do not make a valid case.
        MissingPartError: the case lacks consent rules, stances or no-deal points.

    >>> import detente
    >>> result = detente.winset(detente.load("linked-issues"))
    >>> result.chance(result.headline).probability
    1.0
    """
    return cast("WinsetResult", _run("winset", locals()))


def stability(
    case: Case,
    *,
    draws: int = 10_000,
    seed: int = 1,
    workers: int | None = None,
    scenario: str | None = None,
    changes: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> StabilityResult:
    """Tell which outcomes hold because nobody who can move away wants to, and how one gets there.

    Args:
        case: the case, with a ``game``.
        draws: of the weights that carry doubt.
        seed: of the draws; the same seed gives the same bytes, whatever the number of workers.
        workers: threads; all processors when ``None``.
        scenario: one of the case's scenarios, applied first.
        changes: path in the case → value, applied after the scenario.
        progress: called with (draws done, draws in all).

    Raises:
        NotFoundError: no such scenario.
        CaseError: the changes do not make a valid case, or the game contradicts itself.
        MissingPartError: the case has no game.

    >>> import detente
    >>> result = detente.stability(detente.load("prisoners-dilemma"))
    >>> len(result.equilibria["nash"]), len(result.equilibria["seq"])
    (1, 2)
    """
    return cast("StabilityResult", _run("stability", locals()))


def _run(lens: str, asked: dict[str, Any]) -> Any:
    from detente.lenses import run

    return run(asked.pop("case"), lens, **asked)
