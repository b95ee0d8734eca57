"""Deals, issues and chapters made by hand, for the rules of `detente.study`."""

from __future__ import annotations

from typing import Any

from detente.case import Case
from detente.show.blocks import Chapter
from detente.show.finding import Finding
from detente.show.ladder import DealRow, IssueView, Rung, Signature, Size, Step, Term
from tests.report.making import case_of, stance

SHARES: dict[Size, float] = {"agreed": 0.9, "little": 0.8, "seldom": 0.2, "none": 0.0, "undecided": 0.0}


def case() -> Case:
    """Return a case of three issues, each with three anchors."""
    scale = {0: "nothing", 50: "half", 100: "all"}
    issues = {key: {"name": key.title(), "scale": scale, "no_deal": 20} for key in ("land", "arms", "trade")}
    stances = {key: {"north": stance(80), "south": stance(10)} for key in issues}
    return case_of(stances, issues=issues)


def term(issue: str, value: float, *, moves: bool = True) -> Term:
    """Return where a deal puts an issue that ends at 20 without one."""
    return Term(issue=issue, value=value, low80=value - 5, high80=value + 5, without=20, moves=moves)


def deal(
    name: str, issues: tuple[str, ...], size: Size, terms: tuple[Term, ...] = (), **more: Any
) -> DealRow:
    """Return a deal of 1,000 draws; one on a single issue has the issue's id and name."""
    single = len(issues) == 1
    share = SHARES[size]
    signs = tuple(Signature(name=one, needed=True, stops=1 - share) for one in ("North", "South"))
    given = {
        "draws": 1000,
        "low95": share,
        "high95": share,
        "signatures": signs,
        "blockers": ("north",),
        **more,
    }
    return DealRow(
        deal=issues[0] if single else name.lower(),
        name=issues[0].title() if single else name,
        issues=issues,
        single=single,
        share=share,
        size=size,
        terms=terms,
        **given,
    )


def said(sentence: str, name: str = "said") -> Finding:
    """Return a finding without numbers."""
    return Finding(id=name, sentence=sentence, numbers={}, table="t")


def chapter(lens: str, steps: dict[Step, str], **more: Any) -> Chapter:
    """Return the chapter of a lens that says something at some steps."""
    rungs = tuple(Rung(step=step, finding=said(sentence)) for step, sentence in steps.items())
    return Chapter(lens=lens, question="?", rung=said(f"{lens} answers."), rungs=rungs, sections=(), **more)


def view(issue: str, value: float) -> IssueView:
    """Return where a pull puts an issue."""
    return IssueView(issue=issue, value=value, low80=value - 1, high80=value + 1)
