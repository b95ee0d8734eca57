"""Where on a written page does something stand that is made from the code?

Between two comments that name it: `<!-- rooms: ... -->` and `<!-- end of rooms -->`.
The rest is written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path


def filled(page: Path, name: str, lines: Iterable[str]) -> str:
    """Return the text of a page with new lines in the place of that name.

    Raises:
        ValueError: the page has no such place, or several.
    """
    place = re.compile(rf"(<!-- {name}:[^\n]*-->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    text = page.read_text(encoding="utf-8")
    if len(place.findall(text)) != 1:
        raise ValueError(f"{page}: must have one place named {name!r}, begun and ended by a comment")
    body = "\n".join(lines)
    return place.sub(lambda match: f"{match[1]}\n{body}\n\n{match[2]}", text)
