"""Events: who did what to whom. All sentences are invented."""

from __future__ import annotations

from datetime import date

import pytest

from detente.evidence.actors import actors
from detente.evidence.acts import events
from detente.evidence.acts.lexicon import act_of, composed, lexicon
from detente.evidence.dates import dates
from detente.evidence.grammar import kinds
from detente.evidence.records import Document, Event


def read(text: str) -> list[Event]:
    """Return the events of a text."""
    document = Document(id="x", text=text, sha256="0", date=date(2024, 11, 7))
    return list(events(document, actors(document), dates(document)))


EVENTS = [  # text, source, target, class, code, factuality
    ("Kenya attacked Chad.", ["KEN"], ["TCD"], "ASSAULT", "190", "reported"),
    ("Chad was attacked by Kenya.", ["KEN"], ["TCD"], "ASSAULT", "190", "reported"),
    ("Kenya did not attack Chad.", ["KEN"], ["TCD"], "ASSAULT", "190", "denied"),
    ("Kenyan troops shelled Chad.", ["KEN+MIL"], ["TCD"], "ASSAULT", "194", "reported"),
    ("Kenya imposed sanctions on Chad.", ["KEN"], ["TCD"], "SANCTION", "163", "reported"),
    ("Kenya lifted the sanctions on Chad.", ["KEN"], ["TCD"], "RETREAT", "085", "reported"),
    ("Kenya threatened to impose sanctions on Chad.", ["KEN"], ["TCD"], "THREATEN", "1312", "planned"),
    ("Kenya refused to send weapons to Chad.", ["KEN"], ["TCD"], "REJECT", "122", "reported"),
    ("Kenya sent weapons to Chad.", ["KEN"], ["TCD"], "AID", "072", "reported"),
    ("Kenya will send food to Chad.", ["KEN"], ["TCD"], "AGREE", "033", "planned"),
    ("Kenya agreed to withdraw its troops from Chad.", ["KEN"], ["TCD"], "AGREE", "0356", "planned"),
    ("Kenya urged Chad to release the prisoners.", ["KEN"], ["TCD"], "APPEAL", "0253", "reported"),
    ("Kenya accused Chad of attacking the port.", ["KEN"], ["TCD"], "ACCUSE", "112", "reported"),
    ("Kenya said that Chad had attacked the port.", ["KEN"], ["TCD"], "ACCUSE", "112", "reported"),
    ("Kenya said Chad must release the prisoners.", ["KEN"], ["TCD"], "REQUEST", "1053", "reported"),
    ("Kenya and Chad signed a treaty.", ["KEN", "TCD"], [], "SUPPORT", "057", "reported"),
    ("Kenya held talks with Chad.", ["KEN"], ["TCD"], "CONSULT", "046", "reported"),
    ("The Kenyan president visited Chad.", ["KEN+GOV"], ["TCD"], "CONSULT", "042", "reported"),
    ("Kenya expelled two Chadian diplomats.", ["KEN"], ["TCD+GOV"], "SANCTION", "161", "reported"),
    ("Kenyan police arrested a Chadian journalist.", ["KEN+COP"], ["TCD+MED"], "COERCE", "173", "reported"),
    ("Kenyan students demonstrated against Chad.", ["KEN+EDU"], ["TCD"], "PROTEST", "141", "reported"),
    ("Kenya mobilized troops against Chad.", ["KEN"], ["TCD"], "MOBILIZE", "154", "reported"),
    ("Kenya might attack Chad.", ["KEN"], ["TCD"], "ASSAULT", "190", "possible"),
    ("Kenya, a key ally of Peru, has refused to meet Chad.", ["KEN"], ["TCD"], "REJECT", "125", "reported"),
    ("Kenya repeated its demand that Chad release the men.", ["KEN"], ["TCD"], "REQUEST", "1053", "reported"),
    (
        "Kenyan envoys who met the Chadian president left.",
        ["KEN+GOV"],
        ["TCD+GOV"],
        "CONSULT",
        "040",
        "reported",
    ),
]


@pytest.mark.parametrize(("text", "source", "target", "act", "code", "factuality"), EVENTS)
def test_an_event_has_its_sides_its_class_and_its_code(
    text: str, source: list[str], target: list[str], act: str, code: str, factuality: str
) -> None:
    """Passives, negations, plans, stances, speech."""
    found = read(text)
    assert [(list(e.source), list(e.target), e.act, e.cameo, e.factuality) for e in found] == [
        (source, target, act, code, factuality)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The attack on the port was long.",
        "A protester demolished the shed.",
        "Kenya's visits are rare.",
        "The Kenyan report was late.",
    ],
)
def test_nouns_and_nobody_are_no_events(text: str) -> None:
    """A noun that names one side at most; role nouns that no country has."""
    assert [e for e in read(text) if e.confidence > 0.5] == []


def test_an_event_takes_the_nearest_date_of_its_sentence_and_exact_spans() -> None:
    """Every field points at the words."""
    text = "On 3 March 2014 Kenya attacked Chad."
    (event,) = read(text)
    assert event.date is not None
    assert event.date.of(text) == "3 March 2014"
    assert [s.of(text) for s in (*event.trigger, *event.source_spans, *event.target_spans)] == [
        "attacked",
        "Kenya",
        "Chad",
    ]


@pytest.mark.parametrize(
    ("stance", "code", "expected"),
    [("AGREE", "071", "033"), ("DEMAND", "0874", "1056"), ("REJECT", "046", "125"), ("THREATEN", "163", "1312"),
     ("WILL", "190", "138"), ("END", "163", "085"), ("END", "190", "087"), ("REJECT", "190", None),
     ("SAY", "111", "111")],
)  # fmt: skip
def test_a_stance_moves_a_code_as_the_codebook_mirrors_it(
    stance: str, code: str, expected: str | None
) -> None:
    """CAMEO repeats the branches of cooperation under consent, appeal, demand and refusal."""
    assert composed(stance, code) == expected


@pytest.mark.parametrize(
    ("code", "act"),
    [("031", "AGREE"), ("046", "CONSULT"), ("083", "CONCEDE"), ("0813", "RETREAT"), ("0874", "RETREAT"),
     ("090", "ACCUSE"),
     ("112", "ACCUSE"), ("102", "REQUEST"), ("195", "ASSAULT"), ("023", "APPEAL"), ("015", "STATEMENT")],
)  # fmt: skip
def test_codes_fall_in_the_classes_of_plover(code: str, act: str) -> None:
    """By the conversion that its authors give."""
    assert act_of(code) == act


def test_the_lexicon_holds_codes_of_cameo_only() -> None:
    """Every line was understood, and every verb has a meaning or a stance."""
    book = lexicon()
    codes = {m.code for meanings in book.meanings.values() for m in meanings.values()} | {
        c for c, _ in book.nouns.values()
    }
    assert all(c == "---" or (c.isdigit() and 3 <= len(c) <= 4 and 1 <= int(c[:2]) <= 20) for c in codes)
    assert dict(kinds("stop")) == {"stop": "base", "stops": "s", "stopping": "ing", "stopped": "ed"}
    assert set(dict(kinds("agree"))) == {"agree", "agrees", "agreeing", "agreed"}
