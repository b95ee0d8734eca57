"""How are things of one name told apart? By whose they are, such as a parliament's country, else by their id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any


def apart(named: Mapping[str, str], whose: Mapping[str, str]) -> dict[str, str]:
    """Return key → name; where several have the same, with whose it is, and the key where that is the same too.

    >>> apart({"rada": "Parliament", "duma": "Parliament", "eu": "Union"}, {"rada": "Ukraine", "duma": "Russia"})
    {'rada': 'Parliament (Ukraine)', 'duma': 'Parliament (Russia)', 'eu': 'Union'}
    """
    told = {key: (name, whose.get(key, "")) for key, name in named.items()}
    same, alike = Counter(named.values()), Counter(told.values())
    found = {}
    for key, (name, of) in told.items():
        marks = [of] if of else []
        marks += [key] if alike[name, of] > 1 or not of else []
        found[key] = f"{name} ({', '.join(marks)})" if same[name] > 1 else name
    return found


def told_apart(things: Mapping[str, Any], whose: Mapping[str, str]) -> dict[str, Any]:
    """Return key → the thing under its new name, for those that have the name of another."""
    named = {key: thing.name for key, thing in things.items()}
    found = apart(named, whose)
    return {
        key: thing.model_copy(update={"name": found[key]})
        for key, thing in things.items()
        if found[key] != named[key]
    }
