"""How does a domain of automated negotiation become a case? Issues with options, and per party their values.

Genius (XML; Lin et al. 2014, *Computational Intelligence* 30:48–70) and NegMAS (YAML or JSON; Mohammad, Nakadai &
Greenwald 2021) share the model: a party's utility is Σ weight · value of the chosen option, over issues, and it
would rather have no deal than less than its reservation value. That is a case whose stances are values: weights
become saliences, values are brought to 0..1, the reservation value is what no deal is worth on each issue. A
domain is a folder: one file with the issues, and beside it the profile of each party.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from detente.case.files import CASE_FILE, SUFFIXES, read_bytes
from detente.case.formats import cells
from detente.case.formats.draft import Draft, new_ids, whole_line
from detente.case.formats.elements import place_of, read_elements
from detente.case.formats.sheet import decoded, refusal
from detente.case.reading import Document, Path, Place, read_yaml
from detente.case.validation import as_list, as_mapping, shown
from detente.errors import CaseError, FormatError, Problem
from detente.quantity.quantity import number_text

MAX_OPTIONS = 1_000
MOST_FILES = 200
DOMAIN, PROFILE = "negotiation_template", "utility_space"
LINEAR = ("LinearAdditiveUtilityFunction", "LinearUtilityAggregationFunction")
_KINDS = (b"<" + DOMAIN.encode(), b"<" + PROFILE.encode())
_DIGITS = 12


class Domain(NamedTuple):
    """What is negotiated."""

    title: str
    options: dict[str, list[str]]  # of each issue, in the order of the file


class Profile(NamedTuple):
    """What one party wants."""

    name: str
    file: str
    weights: dict[str, float]  # issue → how much it counts, ≥ 0
    values: dict[str, dict[str, float]]  # issue → option → what it is worth
    reserved: float | None  # utility of no deal, if it is stated
    places: dict[str, Place]  # issue → where its values stand


# --- files ---------------------------------------------------------------------------------------


def is_genius(content: bytes) -> bool:
    """Tell whether an XML file is a domain or a profile of Genius."""
    return any(kind in content[:4_000] for kind in _KINDS)


def domain_of(path: FilePath) -> str:
    """Return the name of the format, ``genius`` or ``negmas``, if a folder holds files of one, else ``""``."""
    for file in () if (path / CASE_FILE).exists() else _files(path):
        if file.suffix.casefold() == ".xml" and is_genius(_start(file)):
            return "genius"
        if file.suffix.casefold() in SUFFIXES and b"OutcomeSpace" in _start(file):
            return "negmas"
    return ""


def read_folder(folder: FilePath, kind: str) -> Document:
    """Return the data of the case that the files of a folder say.

    A file that cannot be read is told, and the others make the case.

    Raises:
        FormatError: there is not one domain with a party.
    """
    domain, profiles, rest, problems = None, list[Profile](), list[str](), list[Problem]()
    endings = (".xml",) if kind == "genius" else SUFFIXES
    files = [file for file in _files(folder) if file.suffix.casefold() in endings]
    for file in sorted(files, key=lambda one: b"OutcomeSpace" not in _start(one)):  # the domain first
        try:
            part = _part(file, kind, domain)
        except CaseError as error:
            problems += error.problems
            continue
        if isinstance(part, Profile):
            profiles.append(part)
        elif part is None:
            rest.append(file.name)
        elif domain is not None:
            hint = "keep one in a folder"
            problems.append(Problem("holds two domains", file=str(folder), hint=hint))
        else:
            domain = part
    if domain is None and profiles:  # a profile lists the options too
        first = profiles[0]
        domain = Domain(folder.resolve().name, {name: list(of) for name, of in first.values.items()})
    if domain is None:
        raise FormatError(problems or [Problem("holds no domain", file=str(folder))])
    try:
        draft = _case_of(domain, profiles, str(folder))
    except FormatError as error:
        raise FormatError(problems or error.problems) from error
    draft.problems[:0] = problems
    draft.warn(f"the parties were read from {', '.join(FilePath(profile.file).name for profile in profiles)}")
    if rest:
        draft.warn(f"not read: {', '.join(rest)}")
    return draft.document


def _part(file: FilePath, kind: str, domain: Domain | None) -> Domain | Profile | None:
    """Return what a file says, ``None`` where it is neither a domain nor a profile."""
    content, name = read_bytes(file), str(file)
    if kind == "genius":
        return _genius(read_elements(content, name), name, file.stem) if is_genius(content) else None
    document = read_yaml(decoded(content, name), name)
    if document.problems:
        raise FormatError(document.problems)
    said = str(as_mapping(document.data).get("type"))
    if said.endswith("OutcomeSpace"):
        return _domain(document, name, file.stem)
    if said.endswith(("UtilityFunction", "AggregationFunction", "UFun")) and domain is not None:
        return _profile(document, domain, name, file.stem)
    return None


def _files(folder: FilePath) -> list[FilePath]:
    return sorted(file for file in folder.iterdir() if file.is_file())[:MOST_FILES]


def _start(file: FilePath) -> bytes:
    with file.open("rb") as stream:
        return stream.read(20_000)


# --- NegMAS --------------------------------------------------------------------------------------


def _domain(document: Document, file: str, stem: str) -> Domain:
    draft, options = Draft(document, file), dict[str, list[str]]()
    for number, issue in enumerate(as_list(document.data.get("issues"))):
        of = as_mapping(issue)
        listed = [str(one) for one in as_list(of.get("values"))]
        numbered = bool(of.get("type")) and not str(of["type"]).startswith(("Categorical", "Ordinal"))
        if numbered or not 0 < len(listed) <= MAX_OPTIONS:
            message = f"the issue {shown(of.get('name'))!r} lists no options, and is not read"
            draft.refuse(document.place(("issues", number)), message)
        options[str(of.get("name") or f"issue {number + 1}")] = listed
    if not options:
        draft.refuse(document.place(("issues",)), "the domain has no issues")
    draft.end()
    return Domain(str(document.data.get("name") or stem), options)


def _profile(document: Document, domain: Domain, file: str, stem: str) -> Profile:
    draft, data, names = Draft(document, file), document.data, list(domain.options)

    def refuse(path: Path, message: str, hint: str | None = None, value: object = None) -> None:
        draft.refuse(document.place(path), message, hint, value)

    def number(value: object, path: Path) -> float:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e15:
            return float(value)
        refuse(path, "must be a number between -1e15 and 1e15", None, value)
        return 0.0

    def by_issue(key: str, default: Any) -> dict[str, Any]:
        """Return what stands for each issue: by its name, or in a list in the order of the domain."""
        stated = data.get(key)
        if isinstance(stated, Mapping):
            return {name: stated.get(name, default) for name in names}
        listed = as_list(stated) if stated is not None else [default] * len(names)
        if len(listed) != len(names):
            refuse((key,), f"{key} has {len(listed)} entries for {len(names)} issues")
            draft.end()
        return dict(zip(names, listed, strict=True))

    if not str(data.get("type")).endswith(LINEAR):
        refuse(("type",), f"{shown(data.get('type'))} is not read", "only sums of values per issue are")
        draft.end()
    values, places = dict[str, dict[str, float]](), dict[str, Place]()
    for name, table in by_issue("values", None).items():
        path: Path = ("values", names.index(name) if isinstance(data.get("values"), list) else name)
        listed = as_mapping(table).get("mapping", table)
        if not isinstance(listed, Mapping):
            refuse(path, f"the values on {name!r} are no list of options", "write mapping: {option: value}")
        values[name] = {str(option): number(value, path) for option, value in as_mapping(listed).items()}
        places[name] = document.place(path) or Place(1, 1)
    reserved, bias = data.get("reserved_value"), number(data.get("bias") or 0.0, ("bias",))
    known = reserved is not None and not str(reserved).lstrip("-.").startswith(("inf", "nan"))
    weights = {name: number(weight, ("weights",)) for name, weight in by_issue("weights", 1.0).items()}
    for name, weight in weights.items():
        if weight < 0:
            message = f"the weight of {name!r} is below 0"
            refuse(("weights",), message, "turn its values round instead", weight)
    least = number(reserved, ("reserved_value",)) - bias if known else None
    draft.end()
    return Profile(str(data.get("name") or stem), file, weights, values, least, places)


# --- Genius --------------------------------------------------------------------------------------


def _genius(root: Element, file: str, stem: str) -> Domain | Profile:
    """Return the domain or the profile that an XML file says.

    The value of an option is its evaluation divided by the largest of its issue; weights are brought to the sum 1.
    """
    draft = Draft(file=file)
    space = root if root.tag == PROFILE else root.find(PROFILE)
    objectives = list(space.iter("objective")) if space is not None else []
    issues = [issue for objective in objectives for issue in objective.findall("issue")]
    if space is None or not issues:
        draft.refuse(place_of(root), "has no issues")
        draft.end()
    if objectives[1:]:
        hint = "put all issues into one"
        draft.refuse(place_of(objectives[1]), "objectives within objectives are not read", hint)

    def number(at: Element, attribute: str) -> float:
        text, found = at.get(attribute, ""), math.nan
        with suppress(ValueError):
            found = float(text)
        if not 0 <= found < 1e15:
            message = f"{attribute} is a number of at least 0" if text else f"has no {attribute}"
            draft.refuse(place_of(at), message, None, text or None)
            return 0.0
        return found

    named = {cells.content(issue.get("name", "")): issue for issue in issues}
    options = {name: _options(draft, name, issue) for name, issue in named.items()}
    if root.tag == DOMAIN:
        draft.end()
        return Domain(stem, {name: list(of) for name, of in options.items()})
    stated = {weight.get("index"): number(weight, "value") for weight in objectives[0].findall("weight")}
    weights = {name: stated.get(issue.get("index"), 0.0) for name, issue in named.items()}
    whole, values = sum(weights.values()) or 1.0, dict[str, dict[str, float]]()
    for name, of in options.items():
        worth = {one: number(item, "evaluation") for one, item in of.items()}
        top = max(worth.values(), default=0.0) or 1.0
        values[name] = {one: value / top for one, value in worth.items()}
    weights = {name: weight / whole for name, weight in weights.items()}
    reservation, discount = root.find(".//reservation"), root.find(".//discount_factor")
    reserved = None if reservation is None else number(reservation, "value")
    if discount is not None and number(discount, "value") not in (0.0, 1.0):
        hint = "set discount_factor to 1.0"
        draft.refuse(place_of(discount), "what loses worth with time is not read", hint)
    draft.end()
    places = {name: place_of(issue, file) for name, issue in named.items()}
    return Profile(stem, file, weights, values, reserved, places)


def _options(draft: Draft, name: str, issue: Element) -> dict[str, Element]:
    """Return the options of an issue with where they stand."""
    found, items, kind = dict[str, Element](), issue.findall("item"), issue.get("type", "discrete")
    if kind != "discrete":
        message = f"an issue of the type {shown(kind)!r} is not read"
        draft.refuse(place_of(issue), message, "list its options, as type discrete")
        return {}
    if not name:
        draft.refuse(place_of(issue), "the issue has no name")
    for item in items[:MAX_OPTIONS]:
        value = cells.content(item.get("value", ""))
        if not value or value in found:
            message = f"the option {value!r} stands twice" if value else "the option has no value"
            draft.refuse(place_of(item), message)
        found[value] = item
    if not 0 < len(items) <= MAX_OPTIONS:
        draft.refuse(place_of(issue), f"an issue has from 1 to {MAX_OPTIONS:,} options")
    return found


# --- the case ------------------------------------------------------------------------------------


def _case_of(domain: Domain, profiles: list[Profile], file: str) -> Draft:
    """Return the case that a domain and the profiles of its parties say.

    Raises:
        FormatError: no profile, or no issue that leaves a choice.
    """
    draft = Draft(file=file, title=domain.title)
    chosen = {issue: options for issue, options in domain.options.items() if len(options) > 1}
    if not profiles or not chosen:
        lacks = "no profile of a party stands beside it" if chosen else "no issue has two options or more"
        hint = "put the domain and the profile of each party into one folder, and name the folder"
        raise refusal(lacks, file, hint)
    ids = dict(zip(chosen, new_ids(chosen, set(), "issue"), strict=True))
    for issue, options in chosen.items():
        scale = {str(n): one for n, one in enumerate(options, start=1)}
        draft.put(("issues", ids[issue]), {"name": issue, "scale": scale, "discrete": True})
    for left in domain.options.keys() - chosen.keys():
        draft.warn(f"the issue {left!r} has one option, so nothing to agree on, and was left out")
    actors = new_ids((profile.name for profile in profiles), set(), "party")
    for actor, profile in zip(actors, profiles, strict=True):
        draft.put(("actors", actor), {"name": profile.name, "influence": 1})
        _put_stances(draft, profile, actor, chosen, ids)
    draft.put(("consent",), {"all_of": actors})
    hint = "write actors.….influence if they differ"
    draft.warn("every party was given the influence 1, and each must agree", hint)
    return draft


def _put_stances(
    draft: Draft, profile: Profile, actor: str, chosen: Mapping[str, Iterable[str]], ids: Mapping[str, str]
) -> None:
    """Put what one party wants: utilities brought to 0..1, which changes neither order nor agreement.

    With lowest value m and highest M of each issue, U = Σ w v = Σ w m + Σ w (M − m) · (v − m)/(M − m).
    """
    file = whole_line(file=profile.file)
    values = {issue: profile.values.get(issue, {}) for issue in chosen}
    lacking = [(issue, one) for issue, of in chosen.items() for one in of if one not in values[issue]]
    for issue, option in lacking:
        place = replace(profile.places.get(issue, file), file=profile.file)
        draft.refuse(place, f"no value for {option!r} on {issue!r}", "value every option")
    if lacking:
        return
    listed = {issue: [values[issue][one] for one in of] for issue, of in chosen.items()}
    low = {issue: min(0.0, *worth) for issue, worth in listed.items()}  # 0 stays 0 where nothing is below it
    spread = {issue: max(worth) - low[issue] for issue, worth in listed.items()}
    share = {issue: profile.weights.get(issue, 0.0) * spread[issue] for issue in chosen}
    whole = sum(share.values())
    if not whole > 0:
        message = f"{profile.name}: no issue counts: every weight, or every value, is 0"
        draft.refuse(file, message, "give one of them a weight above 0")
        return
    least = sum(profile.weights.get(issue, 0.0) * low[issue] for issue in chosen)
    reserved = 0.0 if profile.reserved is None else _bare((profile.reserved - least) / whole)
    if not 0 <= reserved <= 1:
        never = int(reserved > 1)
        told = "no package is worth its reservation value, so it agrees to nothing"
        told = told if never else "its reservation value is below every package"
        draft.warn(f"{profile.name}: {told}; read as {never}", None, file)
        reserved = never
    for issue, worth in listed.items():
        of = spread[issue]
        scaled = [_bare((value - low[issue]) / of) if of > 0 else 1 for value in worth]
        stance: dict[str, object] = {"values": {str(n): value for n, value in enumerate(scaled, start=1)}}
        stance |= {"no_deal": reserved, "salience": _bare(share[issue] / whole)}
        draft.put(("stances", ids[issue], actor), stance, profile.places.get(issue))


def _bare(value: float) -> int | float:
    value = round(value, _DIGITS)
    return int(value) if value == int(value) else float(number_text(value))
