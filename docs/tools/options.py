"""Which options does a case take for each lens, with which values, and what holds where none is given?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from detente.case.options import Options
from docs.tools.places import filled

PAGE = Path(__file__).resolve().parents[1] / "reference" / "case-format.md"


def rows(options: BaseModel, path: str = "") -> Iterator[str]:
    """Yield the table row of every option below a part of the options."""
    properties = type(options).model_json_schema()["properties"]
    for name in type(options).model_fields:
        value = getattr(options, name)
        if isinstance(value, BaseModel):
            yield from rows(value, f"{path}{name}.")
        else:
            yield f"| `{path}{name}` | {values(properties[name])} | `{json.dumps(value)}` |"


def values(schema: dict[str, Any]) -> str:
    """Return in words what the schema of an option allows."""
    if "anyOf" in schema:
        return " or ".join(values(choice) for choice in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if schema["type"] == "array" and "prefixItems" in schema:
        return f"a list of {len(schema['prefixItems'])}: {values(schema['prefixItems'][0])} each"
    if schema["type"] == "array":
        return f"a list of {values(schema['items'])}"
    if schema["type"] in {"integer", "number"}:
        bounds = {"minimum": "from", "exclusiveMinimum": "above", "maximum": "to"}
        limits = [f"{word} {schema[key]:g}" for key, word in bounds.items() if key in schema]
        return " ".join(["a whole number" if schema["type"] == "integer" else "a number", *limits])
    return {"boolean": "`true`, `false`", "null": "`null`"}.get(schema["type"], "text")


def page() -> str:
    """Return the page of the case format with its table of options as the code now has it."""
    head = ["| path | values | default |", "|---|---|---|"]
    return filled(PAGE, "options", [*head, *rows(Options())])
