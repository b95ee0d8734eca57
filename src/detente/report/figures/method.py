"""How was a figure's forecast computed? The same few sentences wherever a figure needs them."""

from __future__ import annotations

from detente.lenses.bargaining.result import BargainingResult
from detente.show.words import IN_TEXT, METHOD_NOTES

REFERENCES = {
    "mean": "Van den Bos 1991; Achen 2006, in The European Union Decides",
    "median": "Black 1948, Journal of Political Economy 56:23",
    "nash": "Nash 1950, Econometrica 18:155",
    "challenge": "Bueno de Mesquita 1994, in European Community Decision Making; Scholz, Calbert & Smith 2011",
    "exchange": "Stokman & Van Oosten 1994, in European Community Decision Making",
}


def leading(result: BargainingResult, issue: str) -> str:
    """Return the method that forecasts an issue: the headline method or, where it cannot, the first that can."""
    methods = result.issues[issue]
    return result.headline if result.headline in methods else next(iter(methods))


def method_notes(result: BargainingResult, issue: str | None = None) -> tuple[str, ...]:
    """Say what the forecast is and how it was drawn."""
    name = result.headline if issue is None else leading(result, issue)
    record = result.record
    doubt = (
        "No input carries doubt, so there is one draw and no interval."
        if record.exact
        else f"{record.draws:,} draws of everything that carries doubt, seed {record.seed}; intervals are "
        "quantiles of those draws."
    )
    return (
        f"The forecast is the {IN_TEXT[name]}: {METHOD_NOTES[name]} ({REFERENCES[name]}).",
        f"{doubt} Case {record.fingerprint}, détente {record.version}.",
    )
