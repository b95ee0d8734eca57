"""What may stand in a case file, in a form that editors understand: JSON Schema, draft 2020-12."""

from __future__ import annotations

from typing import Any

from detente.case.model import CaseModel


def case_schema() -> dict[str, Any]:
    """Return the JSON Schema of a case file."""
    schema = CaseModel.model_json_schema(mode="validation")
    schema["title"] = "détente case"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
