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
    detente.inquire(case)                           # what decides, whom to ask, what would flip it
    detente.brief(case).save("report.html")         # all of it, on one page

Nothing heavy is imported before it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from detente.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from detente.case import Case
    from detente.catalog import open_case as load
    from detente.lenses import LensResult, compare, tornado
    from detente.quantity import Quantity
    from detente.report import brief
    from detente.study.inquiry import inquire

__all__ = [
    "Case",
    "Quantity",
    "__version__",
    "brief",
    "compare",
    "inquire",
    "load",
    "tornado",
]  # and a function per lens

_PLACES = {
    "Case": ("detente.case", "Case"),
    "Quantity": ("detente.quantity", "Quantity"),
    "brief": ("detente.report", "brief"),
    "compare": ("detente.lenses", "compare"),
    "inquire": ("detente.study.inquiry", "inquire"),
    "load": ("detente.catalog", "open_case"),
    "tornado": ("detente.lenses", "tornado"),
}


def __getattr__(name: str) -> Any:
    """Import what is asked for, once; every lens that is installed is a function of its own name."""
    from importlib import import_module

    if name in _PLACES:
        module, attribute = _PLACES[name]
        found = getattr(import_module(module), attribute)
    elif name == "study":  # a package that can be called
        found = import_module("detente.study")
    elif not name.startswith("_") and name in _lenses():
        found = _asking(name)
    else:
        raise AttributeError(f"module 'detente' has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List what the package offers, imported or not."""
    return sorted({*globals(), *__all__, *_lenses()})


def _lenses() -> Mapping[str, str]:
    from detente.lenses import available

    return available()


def _asking(name: str) -> Callable[..., LensResult]:
    """Return the function that asks a lens."""
    from detente.lenses import lens, run

    def ask(
        case: Case,
        *,
        draws: int = 10_000,
        seed: int = 1,
        workers: int | Literal["ray"] | None = None,
        scenario: str | None = None,
        changes: Mapping[str, Any] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> LensResult:
        return run(
            case,
            name,
            draws=draws,
            seed=seed,
            workers=workers,
            scenario=scenario,
            changes=changes,
            progress=progress,
        )

    ask.__name__ = ask.__qualname__ = name
    ask.__doc__ = f"{lens(name).question}\n{_DOCSTRING}"
    return ask


_DOCSTRING = """
    Args:
        case: the case; `load` opens one.
        draws: of everything that carries doubt.
        seed: of the draws; the same seed gives the same bytes, whatever the number of workers.
        workers: threads; all processors when ``None``; ``"ray"`` for those of a cluster (extra ``ray``).
        scenario: one of the case's scenarios, applied first.
        changes: path in the case → value, applied after the scenario.
        progress: called with (draws done, draws in all).

    Raises:
        NotFoundError: no such scenario.
        CaseError: the changes do not make a valid case.
        MissingPartError: the case lacks the part that the lens reads.
    """
