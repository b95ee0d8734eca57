"""Who speaks, by a parse? spaCy corrects the speakers, where a pipeline for English is installed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import Any

from detente.evidence.grammar import forms, verbs
from detente.evidence.records import Document, Span, Statement, common
from detente.evidence.statements import statements
from detente.evidence.table import parts

_SIZES = ("trf", "lg", "md", "sm")
_SUBJECTS = ("nsubj", "csubj")
_CLIMBED = ("conj", "advcl", "xcomp", "acl", "acl:relcl", "relcl")
_STEPS = 4
_COMPLEMENTS = ("ccomp", "parataxis", "xcomp", "obj", "dobj")
_CLASSES = frozenset(("say", "tell", "assert", "think", "write", "promise", "manner"))


def pipeline_name() -> str | None:
    """Return the installed English pipeline that would be used, the largest first; nothing is ever downloaded."""
    if find_spec("spacy") is None:
        return None
    names = sorted(entry.name for entry in entry_points(group="spacy_models") if entry.name.startswith("en_"))
    return min(names, key=lambda name: [f"_{size}" not in name for size in _SIZES], default=None)


@cache
def pipeline() -> Any:
    """Load the pipeline, without what is not needed; None if there is none."""
    name = pipeline_name()
    if name is None:
        return None
    import spacy

    return spacy.load(name, exclude=["ner", "lemmatizer"])


def with_parse(document: Document) -> tuple[Statement, ...]:
    """Return the statements of the rules with the speakers that a parse gives them.

    The subject of a verb of speech or thought is its own, else that of the verb it hangs on, at most four steps
    up. Where it and the rules' speaker have no character in common, it stands in its place; where they agree, the
    parser is a second witness. Without a pipeline these are the statements of the rules.
    """
    known, parse = statements(document), pipeline()
    if parse is None or not known:
        return known
    subjects = []
    for part in parts(document.text):
        for token in parse(part.of(document.text)):
            if token.pos_ == "VERB" and _reports(token) and (subject := _subject(token)) is not None:
                held = (token, token), (subject.left_edge, subject.right_edge), (subject, subject)
                subjects.append([Span(part.start + a.idx, part.start + b.idx + len(b)) for a, b in held])
    return tuple(_corrected(one, subjects) for one in known)


def _corrected(one: Statement, subjects: Sequence[Sequence[Span]]) -> Statement:
    found = next(((whole, head) for verb, whole, head in subjects if common(one.cue, (verb,))), None)
    if found is None or one.kind == "nominal":
        return one
    witnesses = (*one.witnesses, "parser")
    if common(one.speaker, (found[0],)):
        return replace(one, witnesses=witnesses)
    return replace(one, speaker=(found[0],), head=found[1], witnesses=witnesses)


def _reports(token: Any) -> bool:
    """Say whether this is a verb of speech or thought with a clause or an object."""
    held = verbs().get(forms().get(token.lower_, ("", ""))[0], ())
    return any(_CLASSES & {*verb.classes} for verb in held if not verb.rest) and any(
        child.dep_ in _COMPLEMENTS for child in token.children
    )


def _subject(token: Any) -> Any:
    for _ in range(_STEPS + 1):
        own = next((child for child in token.children if child.dep_ in _SUBJECTS), None)
        if own is not None or token.dep_ not in _CLIMBED:
            return own
        token = token.head
    return None
