"""A term means one thing: all that the lenses can print keeps to the glossary, and to plain words."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

import detente
from detente.case.electorate import has_rules
from detente.catalog import open_case, slugs
from docs.tools.architecture import PACKAGE, REPOSITORY
from tests.solving import briefed
from tests.telling import of_brief, own_words

PAGE = REPOSITORY / "docs" / "reference" / "glossary.md"
MOST_WORDS = 40
ALWAYS = {  # what is printed nowhere → what to say instead
    r"\bNash\b(?! (bargaining|terms|1950))": "Nash bargaining is a method, Nash terms are those of a deal",
    r"\b(SEQ|SMR|GMR|SIM|cNash|cSEQ)\b": "credible, inescapable, possible, simultaneous deterrence",
    r"\bL\d\b": "looking so many moves ahead",
    r"\bpulls\b": "pull belongs to 'the pull of the parties'; weight lies with an actor",
    r"\b[Pp]ulls? (hardest|equally)": "weight lies with an actor",
    r"outcome that is wanted": "the outcome that the case asks for",
    r"proven to be the cheapest": "given whose saliences?",
    r"to at most 100": "an upper bound is not told as a finding",
    r"today’s state": "today's pattern",
    r"\bis one that lasts\b": "holds",
    r"whoever leaves it is deterred": "others could answer so that it does not pay",
    r"gladly": "what others would want to do",
    r"\ball (one|two) \b": "the only, both",
    r"\bnone of the two\b": "neither of the two",
    r"without deterrence": "by itself",
    r"\bConsent \.": "name who consents",
    r"\bbetter than no deal for everyone\b": "for every actor",
    r"(?i)\bcompromise\b": "weighted mean",
    r"from 0 % to 0 %|from 0 to 0\b": "what says nothing is not told",
    r"\bin (?:[^\s;,.]+ )?in\b": "in said twice",
    r"\b(a|an) (a|an)\b|\bthe the\b|\bof of\b": "a word said twice",
    r" [.,;:]": "a name is missing before the stop",
    r"\.\.(?!\d)|,,|“”|\(\)|\bNone\b|\bnan\b": "something was not filled in",
    r"…’s’|s’s\b": "one possessive",
    r"\b1 (draws|outcomes|issues|moves|rounds|methods|inputs|others)\b": "singular",
}
CONSENT = {  # what is not printed by a lens that asks nobody, in a case whose rules say who must consent
    r"\bsettles?\b|\bwould settle\b": "the pull of the parties is",
    r"\bagreement would\b": "the pull of the parties",
    r"\bopen to\b": "the pull of the parties",
    r"\bforecast\b": "pull",
}
JARGON = (  # of the literature: in the last column of the glossary, and in tables of methods
    *("equilibri", "metarational", "Pareto", "payoff", "saliency", "BATNA", "unilateral improvement"),
    *("status quo", "expected utility", "limited-move", "coalition", "disagreement point", "ideal point"),
)


def glossary() -> dict[str, tuple[str, str]]:
    """Return word → its meaning, and what the literature calls it."""
    rows = re.findall(r"^\| (?!word )(.+?) \| (.+?) \| (.*?) ?\|$", PAGE.read_text("utf-8"), re.MULTILINE)
    return {word: (meaning, elsewhere) for word, meaning, elsewhere in rows}


@cache
def told(slug: str) -> tuple[str, ...]:
    """Return all that a brief of a published case says, the case's own words aside."""
    case = open_case(slug)
    return tuple(text.replace("\N{NO-BREAK SPACE}", " ") for text in own_words(of_brief(briefed(case)), case))


def literals() -> dict[str, str]:
    """Return place → text of every sentence that stands in the modules by which lenses tell."""
    names = (
        "findings",
        "headlines",
        "phrases",
        "rung",
        "rungs",
        "chapter",
        "wanted",
        "explain",
        "rows",
        "steps",
    )
    files = [path for path in PACKAGE.rglob("*.py") if path.stem in names or path.parent.name == "figures"]
    found: dict[str, str] = {}
    for path in sorted(files):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        parts = [
            node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        ]
        opening = [node.body[0] for node in parts if node.body]
        documents = {id(first.value) for first in opening if isinstance(first, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
                found |= (
                    {f"{path.relative_to(PACKAGE)}:{node.lineno}": node.value}
                    if " " in node.value.strip()
                    else {}
                )
    return found


def faults(texts: tuple[str, ...], forbidden: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (text, instead)
        for text in texts
        for pattern, instead in forbidden.items()
        if re.search(pattern, text)
    ]


def test_the_glossary_has_at_most_forty_words_in_order_each_with_one_meaning() -> None:
    words = glossary()
    assert 20 <= len(words) <= MOST_WORDS
    assert list(words) == sorted(words, key=str.lower)
    for word, (meaning, _) in words.items():
        assert meaning.endswith("."), word
        assert len(meaning) <= 130, word
    assert len({meaning for meaning, _ in words.values()}) == len(words)


@pytest.mark.parametrize("slug", slugs())
def test_nothing_that_a_brief_prints_is_forbidden(slug: str) -> None:
    assert faults(told(slug), ALWAYS) == []
    assert [(text, word) for text in told(slug) for word in JARGON if word in text] == []


@pytest.mark.parametrize("slug", [slug for slug in slugs() if has_rules(open_case(slug))])
def test_where_somebody_must_consent_the_pull_of_the_parties_settles_nothing(slug: str) -> None:
    case = open_case(slug)
    chapters = [one for one in briefed(case).chapters if one.issues]
    texts = [text for chapter in chapters for text in _of(chapter)]
    assert texts
    assert faults(tuple(own_words(texts, case)), CONSENT) == []
    assert any("ignoring who must consent" in text for text in texts)


def _of(chapter: detente.show.blocks.Chapter) -> list[str]:
    from tests.telling import of_chapter

    return list(of_chapter(chapter))


def test_no_sentence_in_the_code_is_forbidden() -> None:
    found = literals()
    assert len(found) > 400
    left_open = {
        pattern: instead for pattern, instead in ALWAYS.items() if pattern.strip("\\b ")[0].isalpha()
    }
    wrong = [(place, text) for place, text in found.items() if faults((text,), left_open)]
    assert wrong == []


def test_every_word_of_the_glossary_is_printed_somewhere_and_explained_once() -> None:
    printed = " ".join(text for slug in slugs() for text in told(slug)).lower().replace("’", "'")
    printed += " ".join(literals().values()).lower()
    assert [word for word in glossary() if word.lower() not in printed] == []


def test_words_of_the_literature_are_in_the_glossary() -> None:
    elsewhere = " ".join(elsewhere for _, elsewhere in glossary().values())
    known = (
        "Nash stability",
        "(SEQ)",
        "(SMR)",
        "(GMR)",
        "(SIM)",
        "Nash solution",
        "status quo",
        "equilibrium",
    )
    assert [name for name in known if name not in elsewhere] == []


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("The Nash package is 3.", True),
        ("Nash terms: Toll 3.", False),
        ("Nash bargaining puts it at 3.", False),
        ("The senators pulls hardest.", True),
        ("It keeps to all two red lines.", True),
        ("Consent .", True),
        ("By credible deterrence, in 3 % of draws.", False),
    ],
)
def test_the_test_finds_what_it_is_for(text: str, caught: bool) -> None:
    assert bool(faults((text,), ALWAYS)) == caught
