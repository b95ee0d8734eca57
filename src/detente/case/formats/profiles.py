"""How does a domain of automated negotiation become a case? Issues with options, and per party their values.

Genius and NegMAS share the model: a party's utility is a weighted sum, over issues, of what the chosen option of
each is worth to it, and it would rather have no deal than less than its reservation value. That is a case whose
stances are values: weights become saliences, values are brought to 0..1, the reservation value is what no deal is
worth on each issue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from detente.case.formats.draft import Draft
from detente.case.reading import Document, Place
from detente.case.text import slug
from detente.errors import FormatError, Problem
from detente.quantity.quantity import number_text

MAX_OPTIONS = 1_000
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Domain:
    """What is negotiated.

    Attributes:
        title: of the domain.
        options: issue → its options, in the order of the file.
    """

    title: str
    options: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Profile:
    """What one party wants.

    Attributes:
        name: of the party.
        file: that says so, for messages.
        weights: issue → how much it counts, ≥ 0.
        values: issue → option → what it is worth.
        reserved: utility of no deal, ``None`` where none is stated.
        places: issue → where its values stand.
    """

    name: str
    file: str
    weights: dict[str, float]
    values: dict[str, dict[str, float]]
    reserved: float | None = None
    places: dict[str, Place] = field(default_factory=dict)


def read_profiles(domain: Domain, profiles: Iterable[Profile], file: str) -> Document:
    """Return the data of the case that a domain and the profiles of its parties say.

    Raises:
        FormatError: no profile, or no issue that leaves a choice.
    """
    draft = Draft(title=domain.title)
    chosen = {issue: options for issue, options in domain.options.items() if len(options) > 1}
    listed = list(profiles)
    if not listed or not chosen:
        lacks = "no profile of a party stands beside it" if chosen else "no issue has two options or more"
        hint = "put the domain and the profile of each party into one folder, and name the folder"
        raise FormatError([Problem(lacks, file=file, hint=hint)])
    taken: set[str] = set()
    ids: dict[str, str] = {}
    for issue, options in chosen.items():
        ids[issue] = slug(issue, taken, "issue")
        taken.add(ids[issue])
        draft.put(("issues", ids[issue], "name"), issue)
        draft.put(("issues", ids[issue], "scale"), {str(n): one for n, one in enumerate(options, start=1)})
        draft.put(("issues", ids[issue], "discrete"), True)
    for left in domain.options.keys() - chosen.keys():
        _warn(draft, file, f"the issue {left!r} has one option, so nothing to agree on, and was left out")
    actors: list[str] = []
    for profile in listed:
        actors.append(slug(profile.name, set(actors), "party"))
        draft.put(("actors", actors[-1]), {"name": profile.name, "influence": 1})
        _put_stances(draft, profile, actors[-1], chosen, ids)
    draft.put(("consent",), {"all_of": actors})
    hint = "write actors.….influence if they differ"
    _warn(draft, file, "every party was given the influence 1, and each must agree", hint)
    return draft.document


def _warn(draft: Draft, file: str, message: str, hint: str | None = None) -> None:
    draft.problem(Problem(message, file=file, hint=hint, severity="warning"))


def _put_stances(
    draft: Draft, profile: Profile, actor: str, chosen: Mapping[str, list[str]], ids: Mapping[str, str]
) -> None:
    """Put what one party wants: utilities brought to 0..1, which changes neither order nor agreement.

    With lowest value m and highest M of each issue, U = Σ w v = Σ w m + Σ w (M − m) · (v − m)/(M − m).
    """
    lacking = [
        (issue, option)
        for issue, options in chosen.items()
        for option in options
        if option not in profile.values.get(issue, {})
    ]
    for issue, option in lacking:
        place = profile.places.get(issue)
        message = f"no value for {option!r} on {issue!r}"
        where = (place.line, place.column) if place else (None, None)
        draft.problem(Problem(message, "", None, "value every option", profile.file, *where))
    if lacking:
        return
    low = {issue: min(profile.values[issue][one] for one in options) for issue, options in chosen.items()}
    high = {issue: max(profile.values[issue][one] for one in options) for issue, options in chosen.items()}
    low = {issue: min(least, 0.0) for issue, least in low.items()}  # 0 stays 0 where nothing is below it
    share = {issue: profile.weights.get(issue, 0.0) * (high[issue] - low[issue]) for issue in chosen}
    whole = sum(share.values())
    if not whole > 0:
        message = f"{profile.name}: no issue counts: every weight, or every value, is 0"
        draft.problem(Problem(message, file=profile.file, hint="give one of them a weight above 0"))
        return
    least = sum(profile.weights.get(issue, 0.0) * low[issue] for issue in chosen)
    reserved = 0.0 if profile.reserved is None else _rounded((profile.reserved - least) / whole)
    if not 0 <= reserved <= 1:
        never = reserved > 1
        told = (
            "no package is worth its reservation value, so it agrees to nothing"
            if never
            else ("its reservation value is below every package")
        )
        _warn(draft, profile.file, f"{profile.name}: {told}; read as {int(never)}")
        reserved = float(never)
    for issue, options in chosen.items():
        path, place = ("stances", ids[issue], actor), profile.places.get(issue)
        spread = high[issue] - low[issue]
        values = {
            str(n): _rounded((profile.values[issue][one] - low[issue]) / spread) if spread > 0 else 1.0
            for n, one in enumerate(options, start=1)
        }
        stance: dict[str, object] = {"values": {key: _bare(value) for key, value in values.items()}}
        stance |= {"no_deal": _bare(reserved), "salience": _bare(_rounded(share[issue] / whole))}
        draft.put(path, stance, place)


def _rounded(value: float) -> float:
    return round(value, _DIGITS)


def _bare(value: float) -> int | float:
    return int(value) if value == int(value) else float(number_text(value))
