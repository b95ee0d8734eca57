"""How is a model of plain data shown? By its fields and its own methods; not by what pydantic adds to it.

A constructor that takes forty annotated fields is no signature that anybody reads.
"""

from __future__ import annotations

import inspect
from typing import Any

from pydantic import BaseModel
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def is_model(thing: object) -> bool:
    """Say whether something is a model of plain data."""
    return inspect.isclass(thing) and issubclass(thing, BaseModel)


def signature(_: Sphinx, what: str, name: str, thing: object, *rest: object) -> tuple[str, str] | None:
    """Leave out the signature of a model."""
    del what, name, rest
    return ("", "") if is_model(thing) else None


def skip(_: Sphinx, what: str, name: str, *rest: object) -> bool | None:
    """Leave out what every model has."""
    del what, rest
    return True if name in {"model_config", "model_post_init", "model_fields"} else None


def fields(_: Sphinx, what: str, name: str, thing: Any, options: object, lines: list[str]) -> None:
    """Name the fields of a model below what it says of itself."""
    del what, name, options
    if is_model(thing) and thing.model_fields:
        lines += ["", "Fields: " + ", ".join(f"``{field}``" for field in thing.model_fields) + ".", ""]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with autodoc."""
    app.connect("autodoc-process-signature", signature)
    app.connect("autodoc-skip-member", skip)
    app.connect("autodoc-process-docstring", fields, priority=600)  # after napoleon
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
