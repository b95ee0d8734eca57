"""Are topics noun phrases of the documents, one to a matter, those on which most is said first?"""

from __future__ import annotations

from collections.abc import Sequence

from detente.evidence.topics import Topic, topics

NEWS = (
    "The envoy wants military aid to Talvia. Lumenia opposes the aid. The military aid must end, she said. "
    "The levy on grain was raised. They levy fines. A new chapter begins, with the old levy.",
    "The nuclear test alarmed the guild. The guild condemned the test and wants inspections of the site.",
)


def found(*texts: tuple[int, str], most: int = 9) -> list[Topic]:
    def worth(items: Sequence[int]) -> float:
        return len(items)

    return topics(texts, NEWS, worth, most)


def test_a_bare_noun_means_what_its_document_calls_so() -> None:
    said = [
        (0, "military aid to Talvia"),
        (0, "that the aid must end"),
        (1, "the test"),
        (1, "a nuclear test"),
    ]
    assert found(*said) == [Topic("Military aid to Talvia", [0, 1]), Topic("Nuclear test", [2, 3])]


def test_what_says_nothing_of_a_matter_is_no_topic() -> None:
    assert found((0, "a new chapter"), (0, "that they levy fines quickly"), (0, "no")) == []


def test_none_at_all_is_no_matter() -> None:
    text = "Talvia demands no enrichment at all. The guild wants enrichment at all costs."
    (topic,) = topics([(0, "no enrichment at all")], [text], len, 9)
    assert topic.name == "Enrichment"


def test_no_more_are_made_than_asked_for_and_the_fullest_come_first() -> None:
    said = [(0, "the levy on grain"), (1, "inspections of the site"), (0, "that the levy goes")]
    assert [topic.items for topic in found(*said)] == [[0, 2], [1]]
    (only,) = found(*said, most=1)
    assert "levy" in only.name.casefold()


def test_words_in_quotation_marks_and_pairs_stand_in_names() -> None:
    text = "Lobo hopes for a “reset” between Talvia and Lumenia."
    (topic,) = topics([(0, "hope for a “reset” between Talvia and Lumenia")], [text], len, 9)
    assert topic.name == "Reset between Talvia and Lumenia"
