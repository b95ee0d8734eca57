"""What does the program itself put on the record? Its forecast of an issue or a deal, beside the naive ones."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.case import Case
from detente.errors import DetenteError, NotFoundError, OptionError, offering
from detente.lenses.summary import Array
from detente.record.chain import canonical, sha256
from detente.record.life import Followed, Replay
from detente.record.questions import Distribution, Forecast, Forecasts, Provenance, Scale, as_text, body
from detente.record.scoring import MODEL, OWN
from detente.study.outlook.foothold import PRIOR, PUBLISHED, Constants, fitted, footholds
from detente.study.outlook.issue import distribution, settled, stances, zones
from detente.study.outlook.mixed import MixedDistribution, atoms, point, uniform
from detente.version import __version__

MEAN_DRAWS = 1_000
"""Whose mean is a case as it was known: constants are fitted on one row per question."""


def is_issue(case: Case, about: str) -> bool:
    """Tell whether a question is about an issue (a position), or about a deal (an event).

    Raises:
        NotFoundError: the case has neither of that name.
        OptionError: nobody has a stance on the issue.
    """
    if about in case.issues:
        if not case.stances.get(about):
            raise OptionError(f"nobody has a stance on {about!r}, so nothing is forecast of it")
        return True
    if about in case.deals:
        return False
    known = [*case.issues, *case.deals]
    raise NotFoundError(offering(f"the case has no issue or deal {about!r}", about, known))


def scale_of(case: Case, issue: str) -> Scale:
    """Return the scale of an issue in texts."""
    of = case.issues[issue]
    anchors = {as_text(value): words for value, words in of.scale.items()}
    return Scale(low=as_text(of.low), high=as_text(of.high), unit=of.unit or "", anchors=anchors)


def forecasts(case: Case, about: str, draws: int, seed: int, constants: Constants = PUBLISHED) -> Forecasts:
    """Return the program's forecast of an issue or a deal, and the baselines that are sealed with it."""
    among = zones(case, draws, seed)
    if not is_issue(case, about):
        if about not in among:
            raise OptionError(f"no lens tells whether there is a deal on {about!r}; state who must consent")
        zone = next(iter(among[about].values()))
        return {MODEL: Forecast(chance=_chance(~np.isnan(zone[:, 0]))), "even": Forecast(chance="0.5")}
    of = case.issues[about]
    by = settled(among, about)
    chance = None if by is None else _chance(by.there)
    made, centre = distribution(case, about, draws, seed, by=by, constants=constants)
    position, weight, reference = stances(case, about, draws, seed)
    naive = {
        "uniform": uniform(of.low, of.high),
        "weighted mean": point(float(centre.mean()), of.low, of.high),
        "weighted positions": atoms(position.mean(axis=0), weight.mean(axis=0), of.low, of.high),
    }
    if reference is not None:
        naive["no deal"] = point(float(reference.mean()), of.low, of.high)
    if constants != PUBLISHED:
        naive["published constants"], _ = distribution(case, about, draws, seed, by=by)
    even = None if chance is None else "0.5"
    return {
        MODEL: Forecast(chance=chance, position=Distribution.of(made)),
        **{name: Forecast(chance=even, position=Distribution.of(one)) for name, one in naive.items()},
    }


def _chance(exists: NDArray[np.bool_]) -> str:
    """Return a chance from draws: never 0 or 1, which no finite number of draws can mean."""
    return as_text(round((float(exists.sum()) + 0.5) / (len(exists) + 1), 9))


def own(text: str, scale: Scale | None) -> Forecast:
    """Read an analyst's own forecast: a chance (``0.3``, ``30 %``), quantiles (``10:20, 50:40, 90:70``), or both.

    Quantiles are joined by straight lines, from the lower end of the scale to the upper one.

    Raises:
        OptionError: it is none of these, or does not ascend.
    """
    chances, pairs = list[float](), list[tuple[float, float]]()
    try:
        for part in filter(None, map(str.strip, text.split(","))):
            level, colon, value = part.rpartition(":")
            share = value.removesuffix("%")
            if colon:
                pairs.append((float(level) / 100, float(value)))
            else:
                chances.append(float(share) / (100 if share != value else 1))
    except ValueError:
        chances = [np.nan, np.nan]
    if len(chances) > 1 or not chances + pairs:
        told = "write a chance such as 0.3 or 30 %, quantiles such as 10:20, 50:40, 90:70, or both"
        raise OptionError(f"{text!r} is no forecast; {told}")
    if not all(0 < chance < 1 for chance in chances):
        raise OptionError(f"a chance lies between 0 and 1, and is never one of them; {text!r} is not")
    if pairs and scale is None:
        raise OptionError(f"{text!r} has quantiles, but the question asks whether something comes true")
    chance = as_text(chances[0]) if chances else None
    if not pairs or scale is None:
        return Forecast(chance=chance)
    low, high = float(scale.low), float(scale.high)
    levels, values = np.array([(0.0, low), *sorted(pairs), (1.0, high)]).T
    if np.any(np.diff(values) <= 0) or np.any(np.diff(levels) <= 0):
        told = f"levels lie between 0 and 100, and values between {low:g} and {high:g}, each higher than the last"
        raise OptionError(f"{text!r} does not ascend; {told}")
    made = MixedDistribution(low, high, np.empty(0), np.empty(0), values, levels)
    return Forecast(chance=chance, position=Distribution.of(made))


def with_own(made: Forecasts, said: Forecast | None, *, only: bool = False) -> Forecasts:
    """Return forecasts with the analyst's own beside the program's, or in its place."""
    found = {who: one for who, one in made.items() if not (only and who == MODEL)}
    return {**({OWN: said} if said is not None else {}), **found}


def provenance(
    case: Case, draws: int, seed: int, files: Mapping[str, Path], constants: Constants = PUBLISHED
) -> Provenance:
    """Return from what a forecast is made: hashes of inputs, program and libraries."""
    installed = sorted(f"{one.name}=={one.version}" for one in metadata.distributions() if one.name)
    return Provenance(
        case=case.fingerprint,
        files={name: sha256(path.read_bytes()) for name, path in files.items() if path.is_file()},
        scenario=case.scenario,
        draws=draws,
        seed=seed,
        constants={
            "share": repr(constants.share),
            "half": repr(constants.half),
        },  # every digit: to be made again
        version=__version__,
        libraries=sha256("\n".join(dict.fromkeys(installed)).encode()),
        platform=f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
    )


def inputs_of(case: Case) -> str:
    """Return the case as one text of JSON: hashed content holds no floats."""
    return json.dumps(case.to_dict(), ensure_ascii=False)


def _case_of(inputs: str, scenario: str | None) -> Case:
    """Return the case that was sealed, under its scenario; an error where this version no longer reads it."""
    case = Case.from_dict(json.loads(inputs))
    return case.with_(scenario=scenario) if scenario else case


def rerun(made: Provenance, inputs: str | None, about: str, sealed: Forecasts) -> str | None:
    """Make a sealed forecast again; say why that cannot be done or what differs, ``None`` where it is the same."""
    if inputs is None:
        return "the case that was sealed with it is not kept here, or was redacted"
    if made.version != __version__:
        return f"it was made by détente {made.version}; this is {__version__}"
    try:
        case = _case_of(inputs, made.scenario)
    except DetenteError as error:
        return f"the case that was sealed is no longer read: {error}"
    if case.fingerprint != made.case:
        return f"the case that was sealed has the fingerprint {case.fingerprint}, not {made.case}"
    constants = Constants(**{name: float(text) for name, text in made.constants.items()})
    again = forecasts(case, about, made.draws, made.seed, constants=constants)
    for who, one in again.items():
        if who in sealed and canonical(body(one)) != canonical(body(sealed[who])):
            here = provenance(case, made.draws, made.seed, {}, constants)
            alike = here.libraries == made.libraries and here.platform == made.platform
            apart = (
                f"here, on {here.platform}; it was sealed on {made.platform}, perhaps with other libraries"
            )
            where = "though libraries and platform are alike" if alike else apart
            return f"the forecast {who!r} comes out otherwise {where}"
    return None


def own_constants(followed: Replay, openings: Mapping[str, Any]) -> Constants:
    """Return the constants of the next forecast: the published ones, brought up to date by one's own record.

    The prior is the published record; every question that was sealed before its outcome, resolved and kept with
    its case adds its likelihood. Few questions move the constants little.
    """
    known = [row for one in followed.questions.values() if (row := _decided(one, openings)) is not None]
    if not known:
        return PUBLISHED
    positions, weights, *numbers = zip(*known, strict=True)
    width = max(map(len, positions))
    position, weight = (
        np.array([np.pad(row, (0, width - len(row)), constant_values=np.nan) for row in rows])
        for rows in (positions, weights)
    )
    reference, outcome, low, high = (np.array(column, dtype=np.float64) for column in numbers)
    return fitted(footholds(position, weight, reference), outcome, (low, high), PRIOR)


def _decided(
    one: Followed, openings: Mapping[str, Any]
) -> tuple[Array, Array, float, float, float, float] | None:
    """Return positions, weights, reference point, outcome and scale of a question that counts."""
    if one.state != "resolved" or one.resolution is None or one.disputed or one.question.scale is None:
        return None
    seal, values = next(iter(one.counted), None), one.resolution.values
    inputs = None if seal is None else openings.get(seal.commits.get("inputs", ""))
    if not values or inputs is None:
        return None
    under = one.question.condition
    try:
        case = _case_of(inputs, under.scenario if under else None)
        position, weight, reference = stances(case, one.question.about, MEAN_DRAWS, 1)
    except (DetenteError, KeyError):
        return None  # a case that this version no longer reads
    point = np.nan if reference is None else float(reference.mean())
    ends = float(one.question.scale.low), float(one.question.scale.high)
    return position.mean(axis=0), weight.mean(axis=0), point, float(np.mean(values)), *ends
