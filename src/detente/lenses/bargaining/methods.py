"""What are the methods called, what do they do, and where do they come from?"""

from __future__ import annotations

from detente.lenses.lens import RunRecord

METHODS = {
    "mean": "Weighted mean",
    "median": "Weighted median",
    "nash": "Nash bargaining",
    "challenge": "Challenge model",
    "exchange": "Position exchange",
}
IN_TEXT = {name: word if name == "nash" else word.lower() for name, word in METHODS.items()}
METHOD_NOTES = {
    "mean": "the mean of the positions, each weighted by influence × salience",
    "median": "the position with half of the weight on either side",
    "nash": "the outcome with the largest product of everybody’s gains over no deal",
    "challenge": "actors press one another round by round, where each expects to gain",
    "exchange": "pairs of actors trade concessions across issues, then the weighted mean",
}
BASELINES = {"unweighted_mean": "Plain average", "no_deal": "No deal"}
BASELINE_NOTES = {
    "unweighted_mean": "the mean of the positions, everybody counting alike",
    "no_deal": "where the issue ends without an agreement",
}
REFERENCES = {
    "mean": "Van den Bos 1991; Achen 2006, in The European Union Decides",
    "median": "Black 1948, Journal of Political Economy 56:23",
    "nash": "Nash 1950, Econometrica 18:155",
    "challenge": "Bueno de Mesquita 1994, in European Community Decision Making; Scholz, Calbert & Smith 2011",
    "exchange": "Stokman & Van Oosten 1994, in European Community Decision Making",
}


def what_is_drawn(noun: str, method: str) -> str:
    """Say by which method a forecast, or a pull, is found."""
    return f"The {noun} is the {IN_TEXT[method]}: {METHOD_NOTES[method]} ({REFERENCES[method]})."


def made_how(record: RunRecord) -> str:
    """Say how the forecasts were drawn."""
    doubt = (
        "No input carries doubt, so there is one draw and no interval."
        if record.exact
        else f"{record.draws:,} draws of everything that carries doubt, seed {record.seed}; intervals are "
        "quantiles of those draws."
    )
    return f"{doubt} Case {record.fingerprint}, détente {record.version}."
