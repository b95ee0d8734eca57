"""Does a draft name who wants what, rest on the words, and leave every number to be judged?"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from detente import load
from detente.case.formats import export_case
from detente.catalog import open_case
from detente.cli import main
from detente.errors import FormatError, QuantityError
from detente.evidence.store import Store
from detente.evidence.trail import trail
from detente.quantity import QuantityTable, parse

FIRST = """\
Kenyan officials rejected the water levy on Monday. President William Ruto said that the water levy must go before
any fisheries accord is signed. If the levy goes, Kenya will sign the fisheries accord.
"""
SECOND = """\
Tanzania supports the water levy. The Tanzanian government insisted on a fisheries accord by May.
"""


def drafted(folder: Path, *options: str) -> tuple[Path, str]:
    (folder / "nairobi.txt").write_text(FIRST, encoding="utf-8")
    (folder / "dodoma.txt").write_text(SECOND, encoding="utf-8")
    case = folder / "case.yaml"
    names = [str(folder / name) for name in ("nairobi.txt", "dodoma.txt")]
    result = CliRunner().invoke(main, ["draft", *names, "-o", str(case), *options])
    assert result.exit_code == 0, result.output
    return case, result.output


def test_a_draft_is_a_case_to_argue_with(tmp_path: Path) -> None:
    file, told = drafted(tmp_path, "--title", "The lake")
    case = load(file)
    assert case.title == "The lake"
    assert {actor.country for actor in case.actors.values()} == {"KEN", "TZA"}
    named = " / ".join(issue.name for issue in case.issues.values()).casefold()
    assert "levy" in named
    assert "accord" in named
    levy = next(key for key, issue in case.issues.items() if "levy" in issue.name.casefold())
    assert {case.actors[actor].country for actor in case.stances[levy]} == {"KEN", "TZA"}
    text = file.read_text(encoding="utf-8")
    assert "nairobi#c1, if" in text
    assert "perhaps a red line" in text
    assert f"{len(case.unjudged)} numbers to be judged" in told
    with Store.opened(tmp_path / "evidence.sqlite") as store:
        found = trail(case, store).grounds
    assert found
    assert {ground.found for ground in found.values()} == {"exact"}


def test_issues_are_noun_phrases_and_actors_are_told_as_they_are_introduced(tmp_path: Path) -> None:
    (tmp_path / "talks.txt").write_text(
        "Envoy Ana Lobo opened the talks on the water levy. “We rule out the water levy,” she said.\n",
        encoding="utf-8",
    )
    file = tmp_path / "case.yaml"
    result = CliRunner().invoke(main, ["draft", str(tmp_path / "talks.txt"), "-o", str(file)])
    assert result.exit_code == 0, result.output
    case = load(file)
    assert [issue.name for issue in case.issues.values()] == ["Water levy"]
    assert [actor.name for actor in case.actors.values()] == ["Ana Lobo"]  # by "she"


TALKS = {  # invented
    "first": """Title: Iran talks resume in Vienna\n
Iranian Foreign Minister Hossein Karimi said that Iran would never give up uranium enrichment on its soil.
"The sanctions must be lifted first," he said. The United States insisted on inspections of all nuclear sites.
The European Union supports a phased lifting of sanctions, its foreign policy chief said.""",
    "second": """Title: Israel rejects a deal on enrichment\n
Israel rejected any deal that allows uranium enrichment. Prime Minister David Alon warned that his country
would act alone if the inspections fail. China urged both sides to agree on sanctions relief.""",
    "third": """The IAEA demanded access to the Fordow site. Iran offered limited access to inspectors, but
Karimi said that frozen funds in South Korea must be released. Russia proposed to store the enriched uranium on
its territory. Saudi Arabia opposes sanctions relief without limits on missiles.""",
}


def test_a_pile_of_documents_gives_the_issues_that_a_reader_would_name(tmp_path: Path) -> None:
    for name, text in TALKS.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    file = tmp_path / "case.yaml"
    result = CliRunner().invoke(main, ["draft", str(tmp_path), "-o", str(file)])
    assert result.exit_code == 0, result.output
    case = load(file)
    names = [issue.name for issue in case.issues.values()]
    wanted = {
        "Sanctions relief",
        "Uranium enrichment",
        "Access to the Fordow site",
        "Inspections of all nuclear sites",
    }
    assert wanted <= set(names)
    assert len(names) <= 12
    relief = next(key for key, issue in case.issues.items() if issue.name == "Sanctions relief")
    assert {case.actors[actor].country for actor in case.stances[relief]} == {"CHN", "SAU"}


def test_plurals_that_are_verbs_too_name_issues_and_remarks_that_want_nothing_do_not(tmp_path: Path) -> None:
    (tmp_path / "dam.txt").write_text(
        "Egypt insisted on fixed annual releases. “We must have fixed releases,” Water Minister Hani Sorour said. "
        "Sudan demands compensation for flood damage. Ethiopia opposes compensation. Sudan now backs binding\n"
        "arbitration. Ethiopia will never accept a binding arbitration clause. Kenya supports the exchange\n"
        "of data. Uganda rejects a phased filling. Officials in Egypt dismissed the warning. "
        "Chad said it had rained.\n",
        encoding="utf-8",
    )
    file = tmp_path / "case.yaml"
    result = CliRunner().invoke(main, ["draft", str(tmp_path / "dam.txt"), "-o", str(file)])
    assert result.exit_code == 0, result.output
    assert {issue.name for issue in load(file).issues.values()} == {
        "Fixed annual releases",
        "Compensation for flood damage",
        "Binding arbitration",
        "Exchange of data",
        "Phased filling",
    }


def test_what_is_to_be_judged_is_listed_and_shown_and_not_run(tmp_path: Path) -> None:
    file, _ = drafted(tmp_path)
    checked = CliRunner().invoke(main, ["check", str(file)])
    assert checked.exit_code == 0
    assert checked.output.count("to be judged") == len(load(file).unjudged)
    shown = CliRunner().invoke(main, ["show", str(file)])
    assert shown.exit_code == 0, shown.output
    for command in (["brief"], ["run", "bargaining"], ["study", "inputs"]):
        refused = CliRunner().invoke(main, [*command, str(file), "--draws", "300"])
        assert refused.exit_code == 1, command
        assert "still to be judged" in " ".join(refused.output.split())


def test_without_quotes_no_words_of_the_documents_stand_in_comments(tmp_path: Path) -> None:
    file, _ = drafted(tmp_path, "--no-quotes")
    comments = [
        line.split("#", 1)[1] for line in file.read_text(encoding="utf-8").splitlines() if "#" in line
    ]
    assert not [line for line in comments if "must go" in line or "insisted" in line]


def test_nothing_is_drafted_over_a_case_or_from_nothing(tmp_path: Path) -> None:
    file, _ = drafted(tmp_path)
    before = file.read_bytes()
    again = CliRunner().invoke(main, ["draft", str(tmp_path / "nairobi.txt"), "-o", str(file)])
    assert again.exit_code != 0
    assert file.read_bytes() == before
    (tmp_path / "rain.txt").write_text("It rained.\n", encoding="utf-8")
    empty = CliRunner().invoke(main, ["draft", str(tmp_path / "rain.txt"), "-o", str(tmp_path / "new.yaml")])
    assert empty.exit_code == 1
    assert "no statement or position of a named actor" in " ".join(empty.output.split())
    assert not (tmp_path / "new.yaml").exists()


def test_a_question_mark_is_a_number_nobody_has_judged() -> None:
    asked = parse("?").within(0, 100)
    assert (str(asked), asked.unjudged, asked.is_exact, asked.mean) == ("?", True, False, 50)
    assert parse(["?", 40]).unjudged
    assert asked.to_plain() == "?"
    with pytest.raises(QuantityError, match=r"still to be judged: stances\.a\.b\.position"):
        QuantityTable({"stances.a.b.position": asked, "x": parse(3)})


def test_a_file_of_numbers_does_not_hold_what_is_to_be_judged(tmp_path: Path) -> None:
    case = open_case("river-dam")
    issue, stances = next(iter(case.stances.items()))
    asked = case.with_({f"stances.{issue}.{next(iter(stances))}.position": "?"})
    with pytest.raises(FormatError, match="still to be judged"):
        export_case(asked, tmp_path / "out.csv")
    export_case(asked, tmp_path / "out.yaml")
    assert load(tmp_path / "out.yaml").unjudged == asked.unjudged


def test_an_unquoted_question_mark_is_told_with_the_way_to_write_it(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(
        "detente: 1\ntitle: x\nstances:\n  a:\n    b: {position: ?, salience: 1}\n", encoding="utf-8"
    )
    told = CliRunner().invoke(main, ["check", str(file)]).output
    assert 'write "?"' in " ".join(told.split())
