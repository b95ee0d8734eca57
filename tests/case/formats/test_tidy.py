"""A table of stances becomes a case by rules that are told, and every fault has its row and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.case.formats import Imported, export_case, import_case
from detente.case.formats.headings import SYNONYMS, recognised

HEAD = "actor,issue,position,salience,influence\n"


def read(folder: Path, text: str, name: str = "talks.csv") -> Imported:
    """Return what a table says."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return import_case(path)


def told(found: Imported, severity: str = "error") -> list[str]:
    """Return the problems with row and column, without file and hint."""
    return [f"{one.line}:{one.column}: {one.message}" for one in found.problems if one.severity == severity]


@pytest.mark.parametrize(
    "head",
    [
        "actor,issue,position,salience,influence",
        " Stakeholder , TOPIC, Stance ,Importance (0-1), Clout",
        "Player,Dimension,Ideal,Priority,Resources",
        "name,question,preference,saliency,power",
    ],
)
def test_headings_may_be_synonyms(tmp_path: Path, head: str) -> None:
    """Capitals, blanks and what stands in brackets do not matter."""
    case = read(tmp_path, f"{head}\nThe King,Tax rate,0,0.5,3\nBarons,Tax rate,80,1,2\n").require()
    assert case.title == "talks"
    assert {key: actor.name for key, actor in case.actors.items()} == {
        "the-king": "The King",
        "barons": "Barons",
    }
    assert case.issues["tax-rate"].name == "Tax rate"
    assert case.stances["tax-rate"]["barons"].salience.mean == 1
    assert case.actors["the-king"].influence is not None


def test_columns_may_be_in_any_order_and_the_issue_left_out(tmp_path: Path) -> None:
    """Without a column for the issue there is one, called like the file."""
    case = read(
        tmp_path, "influence\tsalience\tposition\tactor\n1\t.5\t10\tA\n2\t1\t90\tB\n", "Fish quota.tsv"
    ).require()
    assert case.issues["fish-quota"].name == "Fish quota"
    assert set(case.stances["fish-quota"]) == {"a", "b"}


def test_a_main_heading_goes_before_its_synonyms(tmp_path: Path) -> None:
    """`influence` beside `power`: the first is read, the second is told to be unread."""
    found = read(tmp_path, "actor,Legend,position,salience,Power,influence\nA,x,1,1,9,2\nB,y,50,1,9,3\n")
    assert found.require().actors["a"].influence.mean == 2  # type: ignore[union-attr]
    assert "1:None: not read: 'Legend', 'Power'" in told(found, "warning")


def test_every_kind_of_number_is_read(tmp_path: Path) -> None:
    """Doubt is written in cells as it is in a case."""
    text = HEAD + 'A,x,40 ± 10,0.5..0.7,1\nB,x,"[30, 45 +- 5]",1,20..35..60\nC,x,100,0.1,7\n'
    case = read(tmp_path, text).require()
    assert str(case.stances["x"]["a"].position) == "40 ± 10"
    assert str(case.stances["x"]["b"].position) == "[30, 45 ± 5]"
    assert str(case.actors["b"].influence) == "20..35..60"


def test_decimal_commas_are_read_in_files_with_semicolons(tmp_path: Path) -> None:
    """As spreadsheet programs of half the world write them."""
    text = "actor;position;salience;influence;accepts\nA;0,5;0,25 ± 0,1;1,5;>= 0,4\nB;1;1;2;\n"
    stance = read(tmp_path, text).require().stances["talks"]["a"]
    assert (stance.aim.mean, str(stance.salience), str(stance.accepts)) == (0.5, "0.25 ± 0.1", ">= 0.4")
    found = read(tmp_path, "actor;position;salience;influence\nA;[0,5, 1];1;1\nB;0;1;1\n")
    assert "two ways" in told(found)[0]
    assert told(found)[0].startswith("2:2: column 'position'")


@pytest.mark.parametrize(
    ("positions", "scale"),
    [
        (["0", "0.3", "1"], (0, 1)),
        (["0", "20.5"], (0, 100)),
        (["0", "100"], (0, 100)),
        (["4", "20"], (4, 20)),
        (["4", "101"], (4, 101)),
        (["-5", "50"], (-5, 50)),
        (["30 ± 40", "20..60"], (0, 100)),
        (["2010 ± 10", "2000..2005..2030"], (2000, 2030)),
    ],
)
def test_a_scale_is_taken_from_the_positions(
    tmp_path: Path, positions: list[str], scale: tuple[float, float]
) -> None:
    """By the stated rule, and told."""
    rows = "".join(f"{chr(65 + number)},x,{position},1,1\n" for number, position in enumerate(positions))
    found = read(tmp_path, HEAD + rows)
    issue = found.require().issues["x"]
    assert (issue.low, issue.high) == scale
    assert any(
        f"the scale {scale[0]}..{scale[1]} was taken for 'x'" in message for message in told(found, "warning")
    )


def test_red_lines_and_no_deal_are_on_the_scale_that_is_taken(tmp_path: Path) -> None:
    """They are positions too."""
    case = read(
        tmp_path, "actor,position,salience,influence,accepts,no_deal\nA,5,1,1,>= 3,\nB,9,1,1,,12\n"
    ).require()
    assert (case.issues["talks"].low, case.issues["talks"].high) == (3, 12)


def test_scales_are_read_from_their_columns(tmp_path: Path) -> None:
    """A row may leave them blank when another has them."""
    head = "actor,issue,position,salience,influence,scale_low,scale_high,no_deal\n"
    case = read(tmp_path, head + "A,x,5,1,1,0,50,10\nB,x,9,1,1,,,\nA,y,5,1,1,0,10,\n").require()
    assert [(issue.low, issue.high) for issue in case.issues.values()] == [(0, 50), (0, 10)]
    assert str(case.issues["x"].no_deal) == "10"


def test_wrong_scales_are_told_once(tmp_path: Path) -> None:
    """Half a scale, one upside down, one that differs, one that is no number, positions that give none."""
    head = "actor,issue,position,salience,influence,scale_low,scale_high\n"
    rows = "A,x,5,1,1,0,\nA,y,5,1,1,9,1\nA,z,5,1,1,0,10\nB,z,5,1,1,0,20\nA,u,5,1,1,a,10 ± 1\nA,v,7,1,1,,\n"
    assert told(read(tmp_path, head + rows)) == [
        "2:6: column 'scale_low': gives one end of the scale; scale_high is not given",
        "3:6: column 'scale_low': 9 is not below scale_high 1",
        "5:7: column 'scale_high': says otherwise than row 4 ('10')",
        "6:6: column 'scale_low': must be a number without doubt",
        "6:7: column 'scale_high': must be a number without doubt",
        "7:3: column 'position': every position on the issue is 7, which gives no scale",
    ]


def test_saliences_in_per_cent_are_divided(tmp_path: Path) -> None:
    """The whole column, numbers with doubt too, and told."""
    found = read(tmp_path, HEAD + "A,x,0,80 ± 10,1\nB,x,1,5,1\nC,x,1,20..30,1\n")
    stances = found.require().stances["x"]
    assert [str(stance.salience) for stance in stances.values()] == ["0.8 ± 0.1", "0.05", "0.2..0.3"]
    assert "None:4: column 'salience' was taken as per cent: divided by 100" in told(found, "warning")


def test_saliences_above_a_hundred_are_told(tmp_path: Path) -> None:
    """Each, and nothing else about them."""
    found = read(tmp_path, HEAD + "A,x,0,80,1\nB,x,1,101,1\nC,x,1,1000 ± 1,1\nD,x,1,much,1\n")
    assert told(found) == [
        "3:4: column 'salience': above 100",
        "4:4: column 'salience': above 100",
        "5:4: column 'salience': 'much' is not a number; write 40, 40 ± 10, 20..60, 20..35..60 or [30, 45 ± 5]",
    ]


def test_blank_cells_mean_absence_not_zero(tmp_path: Path) -> None:
    """Neither position nor salience is made up; the count is told."""
    found = read(tmp_path, HEAD + "A,x,0,0.5,1\nB,x,,0.5,1\nC,x,1,NA,1\nD,x,1,0,1\nB,y,1,1,1\n")
    case = found.require()
    assert set(case.stances["x"]) == {"a", "d"}
    assert case.stances["x"]["d"].salience.mean == 0
    assert set(case.actors) == {"a", "b", "c", "d"}
    assert any("2 rows have no position or no salience" in message for message in told(found, "warning"))


def test_names_that_differ_in_capitals_are_one(tmp_path: Path) -> None:
    """With a warning; ids of another column are kept apart."""
    found = read(tmp_path, HEAD + "EU,x,0,1,1\nEu,y,1,1,1\nUS,x,1,1,1\n")
    assert list(found.require().actors) == ["eu", "us"]
    assert "3:1: 'Eu' was read as 'EU': they differ only in capitals or blanks" in told(found, "warning")
    kept = read(tmp_path, "actor,actor_name,position,salience,influence\nEU,Union,0,1,1\neu,union,1,1,1\n")
    assert {key: actor.name for key, actor in kept.require().actors.items()} == {"EU": "Union", "eu": "union"}


def test_influence_is_the_actors_when_it_is_the_same_everywhere(tmp_path: Path) -> None:
    """Else it is the stance's; a row may leave it blank only if the others agree."""
    case = read(tmp_path, HEAD + "A,x,0,1,5\nA,y,1,1,5.0\nA,z,1,1,\nB,x,1,1,2\nB,y,0,1,3\n").require()
    assert str(case.actors["a"].influence) == "5"
    assert case.actors["b"].influence is None
    assert str(case.stances["y"]["b"].influence) == "3"
    found = read(tmp_path, HEAD + "A,x,0,1,5\nA,y,1,1,6\nA,z,1,1,\nB,x,1,1,\n")
    assert told(found) == [
        "4:5: column 'influence': is blank",
        "5:5: column 'influence': is blank",
    ]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """Blank names, unreadable numbers, numbers off their scale, a row twice, countries, cells too many."""
    head = "actor,country,issue,position,salience,influence,scale_low,scale_high,accepts\n"
    rows = [
        ",NOR,x,1,1,1,0,10,",
        "A,NOR,,1,1,1,0,10,",
        "A,NOR,x,11,1,1,0,10,soon",
        "A,SWE,x,1,1,1,0,10,",
        "B,XY,x,1,-1,-1,0,10,>= 20",
        "C,,x,high,1,1,0,10,,,extra",
    ]
    assert told(read(tmp_path, head + "\n".join(rows))) == [
        "2:1: column 'actor': is blank",
        "3:3: column 'issue': is blank",
        "4:4: column 'position': 11 is above 10",
        "4:9: column 'accepts': 'soon' is not a red line; write '>= 40', '<= 30' or '20 to 60'; "
        "each number may carry doubt ('>= 40 ± 5')",
        "5:1: column 'actor': 'A' stands twice on this issue (rows 4 and 5)",
        "5:2: column 'country': says otherwise than row 4 ('NOR')",
        "6:5: column 'salience': -1 is below 0",
        "6:6: column 'influence': -1 is below 0",
        "6:9: column 'accepts': 20 is above 10",
        "7:4: column 'position': 'high' is not a number; write 40, 40 ± 10, 20..60, 20..35..60 or [30, 45 ± 5]",
        "7:10: a cell beyond the last heading",
    ]


def test_an_unreadable_no_deal_is_told_and_gives_no_scale(tmp_path: Path) -> None:
    """The positions do."""
    found = read(tmp_path, "actor,position,salience,influence,no_deal\nA,0,1,1,soon\nB,80,1,1,\n")
    assert [error.split(";")[0] for error in told(found)] == ["2:5: column 'no_deal': 'soon' is not a number"]
    assert any("the scale 0..100 was taken" in message for message in told(found, "warning"))


def test_a_heading_that_stands_twice_is_told(tmp_path: Path) -> None:
    """No guess which of the two is meant."""
    found = read(tmp_path, "actor,position,Position,salience,influence\nA,1,2,1,1\nB,3,4,1,1\n")
    assert told(found) == ["1:2: column 'position': stands twice (columns 2 and 3)"]


def test_groups_and_evidence_come_from_lists(tmp_path: Path) -> None:
    """Ids alone, names alone, ids with names; sources are declared because nothing else does it."""
    head = "actor,group,issue,position,salience,influence,sources,note\n"
    rows = 'A,Big Four,x,0,1,1,"speech-2024: The speech; Law of 1991","as said"\n'
    rows += 'B,"nato, eu",x,1,1,1,speech-2024,\n'
    case = read(tmp_path, head + rows).require()
    assert {key: group.name for key, group in case.groups.items()} == {
        "big-four": "Big Four",
        "nato": "nato",
        "eu": "eu",
    }
    assert case.actors["b"].groups == ("nato", "eu")
    assert {key: source.title for key, source in case.sources.items()} == {
        "speech-2024": "The speech",
        "law-of-1991": "Law of 1991",
    }
    assert case.stances["x"]["a"].because == ("speech-2024", "law-of-1991")
    assert case.stances["x"]["a"].note == "as said"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("actor,salience\nA,1\n", "no column 'position' among the headings 'actor', 'salience'"),
        ("", "the file is empty"),
        ("Dear all,\nplease find\n", "in no known format: as a table it has no column 'actor', 'position'"),
    ],
)
def test_what_is_no_table_is_told(tmp_path: Path, text: str, message: str) -> None:
    """With what is lacking, or with the formats that are known."""
    found = read(tmp_path, text)
    assert found.case is None
    assert message in found.problems[0].message


def test_no_cell_that_is_written_runs_as_a_formula(tmp_path: Path) -> None:
    """Names and notes are guarded, numbers are not."""
    found = read(tmp_path, HEAD.replace("\n", ",note\n") + "=cmd|x,x,-5,1,1,@SUM(A1)\n'+1,x,5 ± 1,1,1,-\n")
    case = found.require()
    assert export_case(case, tmp_path / "talks.csv") == []
    lines = (tmp_path / "talks.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1].startswith("cmd-x,'=cmd|x,x,x,-5,1,1,'@SUM(A1)")
    assert import_case(tmp_path / "talks.csv").require() == case


def test_what_a_table_does_not_hold_is_told(tmp_path: Path) -> None:
    """By kind and number; the title is the file's name."""
    catalog = Path(__file__).resolve().parents[3] / "src" / "detente" / "catalog" / "us-russia-2024.yaml"
    warnings = export_case(import_case(catalog).require(), tmp_path / "other.csv")
    messages = "\n".join(warning.message for warning in warnings)
    for part in (
        "sources.*.publisher is not kept (",
        "scenarios.*.changes is not kept (",
        "correlations is not kept",
        "issues.*.scale (what its anchors mean) is not kept (7 times)",
        "issues.*.failure_cost is not kept (",
        "question is not kept",
        "the title 'US–Russia reset after the 2024 election' is not kept",
    ):
        assert part in messages
    assert "stances" not in messages
    assert all(warning.severity == "warning" for warning in warnings)


ABROAD = [
    ("Akteur;Thema;Position;Wichtigkeit;Einfluss;Land", "DEU"),
    ("Partei;Streitfrage;Standpunkt;Salienz;Sitze;Staat", "DEU"),
    ("Parteien;Themen;Haltung;Bedeutung;Stimmen;Länder", "DEU"),
    ("Acteur;Enjeu;Position;Saillance;Poids;Pays", "FRA"),
    ("Parti;Sujet;Préférence;Importance;Sièges;Pays", "FRA"),
    ("ACTEURS;ENJEUX;POSITIONS;PRIORITÉS;VOIX;PAYS", "FRA"),
    ("Actor;Asunto;Posición;Importancia;Peso;País", "ESP"),
    ("Partido;Tema;Postura;Saliencia;Escaños;País", "ESP"),
    ("Actores;Cuestiones;Posiciones;Prioridades;Votos;Países", "ESP"),
    ("Актор;Вопрос;Позиция;Значимость;Влияние;Страна", "RUS"),
]


@pytest.mark.parametrize(("headings", "country"), ABROAD)
def test_headings_of_other_languages_are_read_with_decimal_commas(
    headings: str, country: str, tmp_path: Path
) -> None:
    found = read(tmp_path, f"{headings}\nA;Quota;20,5;0,5;1;{country}\nB;Quota;80;0,9;3;{country}\n")
    case = found.require()
    stance = case.stances["quota"]["a"]
    assert (str(stance.position), str(stance.salience), str(case.influence("quota", "a"))) == (
        "20.5",
        "0.5",
        "1",
    )
    assert case.actors["b"].country == country
    assert not any("not read" in one.message for one in found.warnings)


def test_a_word_of_another_language_beside_english_headings_may_be_an_issue() -> None:
    """The column ``Land`` is no country where nothing else is German."""
    assert recognised(["Actor", "Position", "Land"]) == {"actor": 0, "position": 1}
    assert recognised(["Akteur", "Position", "Land"]) == {"actor": 0, "position": 1, "country": 2}


def test_no_heading_means_two_things() -> None:
    words = [(word, name) for name, others in SYNONYMS.items() for word in {name, *others}]
    twice = {word for word, _ in words if sum(word == one for one, _ in words) > 1}
    assert {name for word, name in words if word in twice} == {"actor", "actor_name"}
