"""How does a brief become one page? A template filled with the blocks of its chapters, and a style that travels inside.

The page needs no script, no network and no other file, and says so in a Content-Security-Policy: nothing may load,
and only this very style sheet may apply.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from markupsafe import Markup

from detente.show.page import environment, isolating, style

if TYPE_CHECKING:
    from detente.report.briefing import Brief


def page(brief: Brief) -> str:
    """Return the whole page."""
    css, case = style(), brief.case
    parts = (case.actors, case.issues, case.groups, case.scenarios)
    template = environment().get_template("brief.html.j2")
    return template.render(
        style=Markup(css),  # noqa: S704 - ours
        digest=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        brief=brief,
        case=case,
        record=brief.record,
        isolate=isolating([one.name for part in parts for one in part.values()]),
    )
