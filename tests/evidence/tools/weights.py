"""Learn how much each mark of a candidate weighs, from the articles that are not held out.

``python -m tests.evidence.tools.weights`` writes ``lists/statement_weights.txt`` again: a logistic regression with
a ridge on whether a candidate's cue touches a cue of the gold. Marks are names of rules, classes, words; one that
fewer than ``FEWEST`` articles show is left out, so that no article is learnt. ``--folds`` shows how the whole
extractor does on articles left out of the learning, for the choice of ridge and threshold. No text is kept.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

import detente.evidence.lists as lists
from detente.evidence import statements as reader
from detente.evidence.records import Document
from detente.evidence.statements.candidates import candidates
from detente.evidence.statements.candidates import marks as marks_of
from detente.evidence.table import tables
from tests.evidence.tools.attribution import (
    Article,
    Attribution,
    articles,
    characters,
    overlap,
    rules,
    score,
    table,
)

FILE = Path(lists.__file__).parent / "statement_weights.txt"
FEWEST = 3
Vector: TypeAlias = npt.NDArray[np.float64]
RIDGE = 4.0
GIVEN = {
    "rule:“…” — name": 3.0,
    "rule:in view": 3.0,
    "rule:as X said": 3.0,
    "nominal that": 1.5,
    "rule:name:": 1.0,
    "silent": 2.0,
}
"""By judgement: plain conventions that too few articles show."""
HEAD = """# Weights of the marks of a candidate statement; their sum is the log-odds that it is one.
# Learnt by tests/evidence/tools/weights.py from two thirds of the dev articles of PolNeAR (Newell and others, LREC
# 2018): figures per rule, class and word; nothing of the texts.
"""


def samples(article: Article) -> list[tuple[tuple[str, ...], bool]]:
    """Return the marks of each candidate and whether gold has it."""
    found = []
    whole = [one for table in tables(article.document()) for one in table.quoting]
    for sentence in whole:
        held = candidates(article.text, sentence)
        for item in held:
            cue, content = characters([item.cue]), characters(item.content)
            hit = any(cue & gold.cue or overlap(content, gold.content) > 0.7 for gold in article.gold)
            found.append((tuple(marks_of(item, held)), hit))
    return found


def learn(corpus: Sequence[list[tuple[tuple[str, ...], bool]]], ridge: float = RIDGE) -> dict[str, float]:
    """Return the weight of each mark."""
    seen: dict[str, set[int]] = defaultdict(set)
    for number, held in enumerate(corpus):
        for marks, _ in held:
            for mark in marks:
                seen[mark].add(number)
    names = sorted(mark for mark, where in seen.items() if len(where) >= FEWEST and mark not in GIVEN)
    place = {name: number for number, name in enumerate(names)}
    flat = [sample for held in corpus for sample in held]
    x = np.zeros((len(flat), len(names)))
    y = np.array([hit for _, hit in flat], dtype=float)
    for row, (marks, _) in enumerate(flat):
        x[row, [place[mark] for mark in marks if mark in place]] = 1

    known = np.array([sum(GIVEN.get(mark, 0.0) for mark in marks) for marks, _ in flat])

    def loss(w: Vector) -> tuple[float, Vector]:
        z = x @ w + known
        value = float(np.sum(np.logaddexp(0, z) - y * z) + ridge / 2 * w @ w)
        return value, x.T @ (expit(z) - y) + ridge * w

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    found = {name: float(weight) for name, weight in zip(names, best.x, strict=True) if abs(weight) >= 0.005}
    return found | GIVEN


def crossed(corpus: Sequence[Article], ridge: float, folds: int = 5) -> dict[int, dict[str, float]]:
    """Return for each fold the weights learnt from the others."""
    held = [samples(article) for article in corpus]
    fold = [hashlib.sha256(article.name.encode()).digest()[1] % folds for article in corpus]
    return {k: learn([h for h, f in zip(held, fold, strict=True) if f != k], ridge) for k in range(folds)}


def main() -> None:
    """Learn and write, or show the figures by cross-validation."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folds", action="store_true")
    parser.add_argument("--ridge", type=float, nargs="*", default=[RIDGE])
    parser.add_argument("--threshold", type=float, nargs="*", default=[reader.THRESHOLD])
    asked = parser.parse_args()
    corpus = [article for article in articles() if not article.held_out]
    if not asked.folds:
        found = learn([samples(article) for article in corpus])
        FILE.write_text(HEAD + "".join(f"{name}\t{weight:.2f}\n" for name, weight in sorted(found.items())))
        return
    for ridge in asked.ridge:
        learnt = crossed(corpus, ridge)
        for threshold in asked.threshold:
            lines = table(score(partial(left_out, learnt, threshold), corpus)).splitlines()
            print(f"ridge {ridge} threshold {threshold}")
            print("\n".join(lines if len(asked.threshold) == 1 else lines[:5]))


def left_out(learnt: dict[int, dict[str, float]], threshold: float, document: Document) -> list[Attribution]:
    """Read a document with weights that were learnt without it."""
    k = hashlib.sha256(document.id.encode()).digest()[1] % len(learnt)
    with patch.object(reader, "weights", lambda: learnt[k]), patch.object(reader, "THRESHOLD", threshold):
        return rules(document)


if __name__ == "__main__":
    main()
