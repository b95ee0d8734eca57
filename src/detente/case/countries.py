"""Which countries exist, and how are they called? Codes of ISO 3166-1, English names, and names in common use.

Codes and short names as of ISO 3166-1:2020 with its changes to 2024; names in common use are our own list.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from detente.errors import did_you_mean

# A line each: alpha-3, alpha-2, then names, the usual one first.
_LINES = Path(__file__).with_name("countries.txt").read_text(encoding="utf-8").splitlines()
ENTRIES = [line.split(maxsplit=2) for line in _LINES]
ALPHA_3 = frozenset(alpha_3 for alpha_3, _, _ in ENTRIES if alpha_3 != "XKX")
_USER_ASSIGNED = re.compile("X[A-Z]{2}")  # XKX, widely used for Kosovo, is one of them


def plain_name(name: str) -> str:
    """Return a name without accents, capitals, dots, ``the`` and other marks; ``&`` is ``and``."""
    spelt = name[:100].replace("’", "'").replace("&", " and ")
    letters = "".join(one for one in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(one))
    bare = re.sub(r"[\W\d_]+", " ", re.sub(r"\bst\.? ", "saint ", letters.casefold().replace(".", "")))
    return bare.strip().removeprefix("the ")


@cache
def _codes() -> dict[str, str]:
    """Return plain name or code → alpha-3."""
    return {plain_name(word): entry[0] for entry in ENTRIES for word in (*entry[:2], *entry[2].split("/"))}


def country_code(text: str) -> str | None:
    """Return the alpha-3 code that a code or name means, ``None`` where it means none.

    >>> country_code("Russia"), country_code("UK"), country_code("the Netherlands"), country_code("Obama")
    ('RUS', 'GBR', 'NLD', None)
    """
    known, name = _codes(), plain_name(text)
    code = known.get(name) or known.get(re.sub("[^a-z]+", " ", name).strip())
    return text if _USER_ASSIGNED.fullmatch(text) else code


def country_name(code: str) -> str | None:
    """Return the usual English name of a code of ISO 3166-1 alpha-3, ``None`` where it means no country."""
    return next(iter(country_names(code)), None)


def country_names(code: str) -> tuple[str, ...]:
    """Return the English names of a code, the usual one first."""
    return next((tuple(entry[2].split("/")) for entry in ENTRIES if entry[0] == code), ())


def checked_country(text: str) -> str:
    """Return the code of ISO 3166-1 alpha-3 that a code or name means; a `ValueError` offers the nearest."""
    code = country_code(text)
    if code is None:
        names = [entry[2].split("/")[0] for entry in ENTRIES]
        hint = did_you_mean(text, names) or did_you_mean(text, sorted(ALPHA_3)) or "for example Norway or NOR"
        raise ValueError(f"no country is known by this name or code; {hint}")
    return code
