"""A sealed forecast can be made again: the same bytes, or a reason why not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import detente
from detente.record import forecasting
from detente.record.chain import canonical, sha256
from detente.record.forecasting import forecasts, inputs_of, provenance, scale_of, with_own
from detente.record.ledger import Ledger
from detente.record.questions import Condition, Forecast, Question, body
from detente.study.outlook.foothold import Constants

TIMES = {
    "opened": "2026-01-01T00:00:00Z",
    "deadline": "2099-01-01T00:00:00Z",
    "latest": "2099-06-01T00:00:00Z",
}
RULE = {"criteria": "as written", "source": "a gazette"}
AT = "2026-02-01T00:00:00Z"
DRAWS = 200
SAY = """
import detente
from detente.record.chain import canonical, sha256
from detente.record.forecasting import forecasts
from detente.record.questions import body
case = detente.load("panama-canal-1974")
made = forecasts(case, "duration", 200, 3)
print(sha256(canonical({who: body(one) for who, one in made.items()})))
"""


def sealed(
    ledger: Ledger, slug: str, about: str, name: str, scenario: str | None = None, **changes: object
) -> None:
    """Seal the program's forecast of an issue or a deal, with changes to what is kept of it."""
    case = detente.load(slug)
    case = case.with_(scenario=scenario) if scenario else case
    constants = Constants(0.55, 1 / 3)
    made = with_own(forecasts(case, about, DRAWS, 3, constants=constants), Forecast(chance="0.4"))
    position = forecasting.is_issue(case, about)
    asked = Question.model_validate(
        {
            **TIMES,
            "text": "?",
            "about": about,
            "outcome": "position" if position else "event",
            "scale": scale_of(case, about).model_dump() if position else None,
            "rule": RULE,
            "cluster": slug,
            "condition": Condition(scenario=scenario, criteria="it came") if scenario else None,
        }
    )
    told = provenance(case, DRAWS, 3, {}, constants)
    given = {"forecasts": made, "provenance": told, "inputs": inputs_of(case), **changes}
    ledger.seal(name, question=asked, at=AT, **given)  # type: ignore[arg-type]


def test_issues_deals_scenarios_and_updates_come_out_the_same(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l.jsonl")
    case = detente.load("us-russia-2024")
    sealed(ledger, "panama-canal-1974", "duration", "issue")
    sealed(ledger, "us-russia-2024", "business", "deal")
    sealed(ledger, "us-russia-2024", "aid", "conditional", scenario=next(iter(case.scenarios)))
    again = forecasts(detente.load("panama-canal-1974"), "duration", DRAWS, 4)
    panama = detente.load("panama-canal-1974")
    ledger.seal("issue", again, provenance=provenance(panama, DRAWS, 4, {}), inputs=inputs_of(panama), at=AT)
    assert ledger.rerun() == dict.fromkeys(["issue", "issue, forecast 2", "deal", "conditional"])


def test_another_process_makes_the_same_bytes() -> None:
    case = detente.load("panama-canal-1974")
    made = forecasts(case, "duration", 200, 3)
    own = sha256(canonical({who: body(one) for who, one in made.items()}))
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", SAY], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.strip() == own


def test_why_it_cannot_be_made_again_is_told(tmp_path: Path) -> None:
    ledger, slug, about = Ledger(tmp_path / "l.jsonl"), "panama-canal-1974", "duration"
    case = detente.load(slug)
    told = provenance(case, DRAWS, 3, {}, Constants(0.55, 1 / 3))
    wider = {"constants": {"share": "0.6", "half": "0.3"}}
    other = inputs_of(detente.load("linked-issues"))
    sealed(ledger, slug, about, "other case", inputs=other)
    sealed(ledger, slug, about, "older", provenance=told.model_copy(update={"version": "0.0.1"}))
    sealed(ledger, slug, about, "other constants", provenance=told.model_copy(update=wider))
    elsewhere = {**wider, "platform": "elsewhere"}
    sealed(ledger, slug, about, "elsewhere", provenance=told.model_copy(update=elsewhere))
    sealed(ledger, slug, about, "unread", inputs='{"detente": 1}')
    sealed(ledger, slug, about, "nobody's", provenance=None, inputs="")
    sealed(ledger, slug, about, "redacted")
    sealed(ledger, slug, about, "secret")
    ledger.redact("redacted", ["inputs"], at=AT)
    ledger.redact("secret", ["forecasts"], at=AT)
    why = {
        "other case": "has the fingerprint",
        "older": "it was made by détente 0.0.1; this is",
        "other constants": "comes out otherwise though libraries and platform are alike",
        "elsewhere": "it was sealed on elsewhere",
        "unread": "is no longer read",
        "nobody's": "somebody's own",
        "redacted": "not kept here, or was redacted",
        "secret": "what was sealed is not kept here",
    }
    found = ledger.rerun()
    assert found.keys() == why.keys()
    for name, part in why.items():
        assert part in str(found[name])
