"""Loading: exact counts of real files, nothing lost or doubled, every fault told, killed at any moment."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.errors import DetenteError, FormatError, NotFoundError, OptionError, OutputError
from detente.events.load import load
from detente.events.reports import LoadReport
from detente.events.store import MANIFEST, Store
from detente.events.unpack import unpack
from tests.events.rows import gdelt, written


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query over the view ``events``."""
    with store.connected() as connection:
        return connection.execute(query).fetchall()


def whole(report: LoadReport) -> None:
    """Every row of a report is kept or in quarantine."""
    for one in report.files:
        assert one.rows == one.kept + sum(one.rejected.values())


# file → rows, rows in each of GDELT's classes, mentions and sum of scores; counted with awk.
FIXTURES = [
    ("20180326044500.export.CSV", 1540, (946, 173, 193, 228), 8097, 513.1),
    ("20190121220000.export.CSV.zip", 1629, (918, 205, 172, 334), 7418, -72.6),
]


@pytest.mark.parametrize(("name", "count", "quads", "mentions", "scores"), FIXTURES)
def test_files_of_gdelt_are_read_to_the_last_row(
    store: Store,
    shared_data: Path,
    name: str,
    count: int,
    quads: tuple[int, ...],
    mentions: int,
    scores: float,
) -> None:
    report = load(store, [shared_data / "events" / "gdelt" / name])
    whole(report)
    assert (report.rows, report.kept) == (count, count)
    classes = ", ".join(f"count(*) FILTER (quad_given = {k})" for k in (1, 2, 3, 4))
    found = rows(store, f"SELECT {classes}, sum(mentions), round(sum(score), 1) FROM events")[0]
    assert found == (*quads, mentions, pytest.approx(scores))


def test_rule_b_is_that_of_gdelts_own_column_and_rule_a_differs_on_113_rows(
    tmp_path: Path, shared_data: Path
) -> None:
    files = [
        shared_data / "events" / "gdelt" / f"{one}.export.CSV" for one in ("20180326044500", "20190121220000")
    ]
    differ = {}
    for rule in ("A", "B"):
        store = Store.at(tmp_path / rule, make=True)
        load(store, files, rule=rule)
        differ[rule] = rows(store, "SELECT count(*) FROM events WHERE quad <> quad_given")[0][0]
    assert differ == {"A": 113, "B": 0}


def test_icews_and_keds_files_are_read_to_the_last_row(store: Store, shared_data: Path) -> None:
    data = shared_data / "events"
    report = load(store, [data / "icews" / "events.2018.sample.tab", data / "keds" / "levant.cameo.csv.gz"])
    whole(report)
    assert [(one.feed, one.kept) for one in report.files] == [("icews", 3705), ("levant", 145_709)]
    # ISR to PAL or PSE by classes, counted with awk: who merges the two gets 10,238 events.
    found = rows(
        store,
        "SELECT count(*), count(*) FILTER (quad = 1), count(*) FILTER (quad = 2), count(*) FILTER (quad = 3), "
        "count(*) FILTER (quad = 4), round(avg(score), 2) FROM events "
        "WHERE feed = 'levant' AND source = 'ISR' AND target = 'PSE'",
    )[0]
    assert found == (10_238, 3295, 731, 1106, 5106, pytest.approx(-3.03))
    parent = rows(store, "SELECT count(*), count(DISTINCT code) FROM events WHERE score_table LIKE '%^'")[0]
    assert parent == (1418, 25)


def test_codes_prove_their_ontology_whatever_the_file_is_called(store: Store, shared_data: Path) -> None:
    path = shared_data / "events" / "keds" / "gulf.cameo.csv.gz"
    refused = load(store, [path], stated="cameo").files[0]
    assert "its codes are of WEIS, not of CAMEO" in refused.refused
    taken = load(store, [path]).files[0]
    assert (taken.kept, taken.rejected) == (54_466, {})
    assert rows(store, "SELECT DISTINCT ontology, score_table FROM events") == [("weis", "weis")]
    assert rows(store, "SELECT count(*) FROM events WHERE code = '223'") == [(5022,)]


def test_what_was_loaded_before_is_known_again_also_in_a_zip(store: Store, tmp_path: Path) -> None:
    plain = written(tmp_path / "a.CSV", [gdelt(k) for k in range(5)])
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(plain, "a.CSV")
    (tmp_path / "a.gz").write_bytes(gzip.compress(plain.read_bytes()))
    assert load(store, [plain]).kept == 5
    again = load(store, [plain, tmp_path / "a.zip", tmp_path / "a.gz"])
    assert [one.state for one in again.files] == ["known"] * 3
    assert rows(store, "SELECT count(*) FROM events") == [(5,)]


FAULTS = [
    (gdelt() + "\textra", "has a wrong number of fields"),
    ("one\ttwo", "has a wrong number of fields"),
    (gdelt(day="20181345"), "has no date that can be read"),
    (gdelt(day=""), "has no date that can be read"),
    (gdelt(day="18010101"), "has a date that cannot be"),
    (gdelt(day="29990101"), "has a date that cannot be"),
    (gdelt(code="---]"), "has no code that can be read"),
    (gdelt(code="O43"), "has no code that can be read"),
    (gdelt(code=""), "has no code that can be read"),
]


@pytest.mark.parametrize(("row", "reason"), FAULTS, ids=[f"{k}" for k in range(len(FAULTS))])
def test_a_faulty_row_is_set_aside_with_its_line_and_reason(
    store: Store, tmp_path: Path, row: str, reason: str
) -> None:
    report = load(store, [written(tmp_path / "a.CSV", [gdelt(1), "", row, gdelt(2)])])
    assert report.files[0].rejected == {reason: 1}
    assert report.kept == 2
    with store.connected() as connection:
        part = store.parts("quarantine")[0]
        found = connection.execute("SELECT file, line, reason, text FROM read_parquet(?)", [part]).fetchall()
    assert found == [("a.CSV", 3, reason, row)]
    assert rows(store, "SELECT line FROM events ORDER BY 1") == [(1,), (4,)]


def test_bytes_that_are_not_utf8_cost_their_line_alone(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.CSV"
    bad = gdelt(2).encode() + b"\xff\xfe"
    path.write_bytes(b"\n".join([gdelt(1).encode(), bad, gdelt(3).encode()]) + b"\n")
    report = load(store, [path])
    assert report.files[0].rejected == {"is not UTF-8": 1}
    assert rows(store, "SELECT event_id, line FROM events ORDER BY 2") == [("1", 1), ("3", 3)]


def test_gdelt_1_has_57_or_58_fields(store: Store, tmp_path: Path) -> None:
    cells = gdelt(7).split("\t")
    old = cells[:35] + ["1", "Moscow", "RS", "RS", "1", "2", "3"] * 3 + ["20130401", "http://example.org"]
    report = load(store, [written(tmp_path / "a.CSV", ["\t".join(old), "\t".join(old[:57])])])
    assert (report.files[0].feed, report.kept) == ("gdelt1", 2)
    assert rows(store, "SELECT DISTINCT source, place, place_country, CAST(added AS DATE) FROM events") == [
        ("USA", "Moscow", "RS", date(2013, 4, 1))
    ]


TIDY = "date,source,target,code\n2014-03-01,RUS,UKR,190\n2014-03-02,UKR,RUS,0233\n"


def test_a_tidy_table_is_read_with_quotes_and_further_columns(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        'date,source,target,code,note\n2014-03-01,RUS,UKR,190,"a, b"\n2014-03-02,UKR,RUS,0233,\n', "utf-8"
    )
    report = load(store, [path])
    assert (report.files[0].feed, report.kept) == ("mine", 2)
    assert rows(store, "SELECT source, target, code, quad, score FROM events ORDER BY date") == [
        ("RUS", "UKR", "190", 4, -10.0),
        ("UKR", "RUS", "0233", 1, 3.4),
    ]


def test_codes_that_prove_nothing_ask_which_they_are(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("date,source,target,code\n2014-03-01,RUS,UKR,190\n", "utf-8")
    assert "say which with --ontology" in load(store, [path]).files[0].refused
    assert load(store, [path], stated="weis").kept == 1
    assert rows(store, "SELECT ontology, quad FROM events") == [("weis", 4)]


GED = (
    "id,relid,year,active_year,code_status,type_of_violence,side_a,side_b,where_description,country,date_start\n"
    '1,X,2014,1,Clear,1,Government of Ukraine,DPR,"near Donetsk, town",Ukraine,2014-05-26 00:00:00.000\n'
)


def test_a_ged_file_is_read_by_its_headings(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "ged.csv"
    path.write_text(GED, "utf-8")
    assert load(store, [path]).kept == 1
    assert rows(store, "SELECT feed, source, target_raw, quad, place, code, ontology FROM events") == [
        ("ged", "UKR", "DPR", 4, "near Donetsk, town", "1", "ucdp")
    ]


def test_conflict_years_of_ucdp_stand_between_the_states_of_their_numbers(
    store: Store, tmp_path: Path
) -> None:
    heads = "conflict_id,location,side_a,gwno_a,gwno_b,year,intensity_level,type_of_conflict,start_date"
    lines = [
        heads,
        '13246,"Russia, Ukraine",X,365,369,2022,2,2,2014-02-27',
        "9,Chad,X,483,,1990,1,3,1966-01-01",
    ]
    report = load(store, [written(tmp_path / "acd.csv", lines)])
    assert (report.kept, report.files[0].feed) == (2, "acd")
    assert rows(store, "SELECT source, target, date::VARCHAR, quad FROM events ORDER BY date DESC") == [
        ("RUS", "UKR", "2022-01-01", 4),
        ("TCD", None, "1990-01-01", 4),
    ]


def test_the_published_conflict_years_are_read_to_the_last_row(store: Store, shared_data: Path) -> None:
    report = load(store, [shared_data / "events" / "cow" / "ucdp_acd.csv.gz"])
    assert (report.rows, report.kept) == (5652, 5652)


HEADS = (
    "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,"
    "dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,"
    "number_of_sources,source_article,source_office,source_date,source_headline,source_original,where_prec,"
    "where_coordinates,where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,"
    "region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,"
    "high,low,gwnoa,gwnob"
)


def test_a_ged_file_has_the_49_columns_of_its_codebook_or_those_of_an_older_one(
    store: Store, tmp_path: Path
) -> None:
    """UCDP GED Codebook 24.1: a state's party is called by its government, with an older name in brackets."""
    heads = HEADS.split(",")
    row = dict.fromkeys(heads, "") | {
        "id": "1", "type_of_violence": "1", "side_a": "Government of Russia (Soviet Union)",
        "side_b": "Government of Ukraine", "date_start": "2022-02-24 00:00:00.000",
    }  # fmt: skip
    for number, left in enumerate((set(), {"relid", "code_status", "gwnoa", "gwnob"})):
        kept = [head for head in heads if head not in left]
        lines = [",".join(f'"{head}"' for head in kept), ",".join(row[head] for head in kept)]
        report = load(store, [written(tmp_path / f"ged{number}.csv", lines)])
        assert report.kept == 1
    assert rows(store, "SELECT DISTINCT source, target, date::VARCHAR FROM events") == [
        ("RUS", "UKR", "2022-02-24")
    ]


def test_a_ged_file_without_headings_is_read_in_the_order_of_its_codebook(
    store: Store, tmp_path: Path
) -> None:
    """One release has none; it is told, and the first row is not lost."""
    heads = HEADS.split(",")
    row = dict.fromkeys(heads, "") | {
        "id": "1", "year": "2022", "type_of_violence": "1", "side_a": "Government of Russia (Soviet Union)",
        "side_b": "Government of Ukraine", "where_description": '"Kherson, the town"',
        "date_start": "2022-02-24 00:00:00.000",
    }  # fmt: skip
    lines = [",".join(({**row, "id": number}).values()) for number in ("1", "2")]
    other = [*reversed(heads)]  # read beside it: as long, and in another order
    headed = [f"id,{','.join(head for head in other if head != 'id')}"]
    headed.append(f"3,{','.join(row[head] for head in other if head != 'id')}")
    files = [written(tmp_path / "ged.csv", lines), written(tmp_path / "other.csv", headed)]
    report = load(store, files)
    whole(report)
    assert [one.kept for one in report.files] == [2, 1]
    assert report.files[0].assumed == (
        "it has no headings: its 49 columns were taken in the order of the codebook",
    )
    assert report.files[1].assumed == ()
    found = rows(store, "SELECT event_id, source, target, place, date::VARCHAR FROM events ORDER BY 1")
    assert found == [(f"{k}", "RUS", "UKR", "Kherson, the town", "2022-02-24") for k in (1, 2, 3)]
    assert load(store, [files[0]]).files[0].state == "known"


@pytest.mark.parametrize(
    "text",
    [
        ",".join(["1"] * 49),  # no day where the codebook has one
        ",".join(["x"] * 38 + ["2022-02-24"] + ["1"] * 10),
        ",".join(["1"] * 38 + ["2022-02-24"] + ["1"] * 9),
        ",".join(["1"] * 48) + ',"' + "x" * 200_000,
    ],
)
def test_what_is_no_row_of_ged_is_not_taken_for_one(text: str, store: Store, tmp_path: Path) -> None:
    report = load(store, [written(tmp_path / "x.csv", [text])])
    assert "no event data that is known" in report.files[0].refused


POLECAT = (
    "Event ID\tEvent Date\tEvent Type\tEvent Mode\tIntensity\tQuad Code\tContexts\tActor Name\tActor Country\t"
    "Actor COW\tPrimary Actor Sector\tActor Sectors\tActor Title\tActor Name Raw\tWikipedia Actor ID\t"
    "Recipient Name\tRecipient Country\tRecipient COW\tPrimary Recipient Sector\tRecipient Sectors\t"
    "Recipient Title\t"
    "Recipient Name Raw\tWikipedia Recipient ID\tPlacename\tCity\tDistrict\tProvince\tCountry"
)


def test_a_polecat_file_is_read_by_its_headings(store: Store, tmp_path: Path) -> None:
    row = ["7", "2023-05-01", "SANCTION", "None", "-6.0", "MATERIAL CONFLICT", "", "United States", "USA"] + [
        ""
    ] * 19
    row[16] = "RUS"
    path = written(tmp_path / "p.txt", [POLECAT, "\t".join(row)])
    assert load(store, [path]).kept == 1
    assert rows(store, "SELECT source, target, code, quad, score, score_table FROM events") == [
        ("USA", "RUS", "SANCTION", 4, -6.0, "polecat")
    ]
    later = POLECAT.replace("\tIntensity", "\tEvent Intensity") + "\tHeadline"
    row = [*row, "News"]
    row[0], row[8] = "8", "USA; CAN"  # several countries are none: told, not guessed
    report = load(store, [written(tmp_path / "r.txt", [later, "\t".join(row)])])
    assert report.files[0].unmatched == {"USA; CAN": 1}
    assert rows(store, "SELECT source, source_raw, score FROM events WHERE event_id = '8'") == [
        (None, None, -6.0)
    ]
    row = row[:-1]  # some weekly files have the heading alone, and rows without that field
    row[0] = "9"
    assert load(store, [written(tmp_path / "s.txt", [later, "\t".join(row)])]).kept == 1
    lacking = written(tmp_path / "q.txt", [POLECAT.replace("Recipient Country", "X"), "\t".join(row)])
    assert "lacks the columns Recipient Country" in load(store, [lacking]).files[0].refused


def test_lines_of_polecat_are_utf_8_or_windows_1252_and_end_as_they_like(
    store: Store, tmp_path: Path
) -> None:
    row = POLECAT.split("\t")
    made = []
    for number, (name, encoding, end) in enumerate(
        [
            ("Société Générale", "utf-8", "\r\n"),
            ("Nuñez", "latin-1", "\n"),
            ("Müller – „er“", "cp1252", "\r\n"),
        ]
    ):
        values = dict.fromkeys(row, "") | {
            "Event ID": f"{number}", "Event Date": "2023-05-01", "Event Type": "SANCTION", "Intensity": "-6.0",
            "Actor Name": name, "Actor Country": "FRA", "Recipient Country": "RUS", "Country": "FRA",
        }  # fmt: skip
        made.append(("\t".join(values.values()) + end).encode(encoding))
    path = tmp_path / "ngecEvents.20230501.Release507.DV.txt"
    path.write_bytes(b"\xef\xbb\xbf" + (POLECAT + "\r\n").encode() + b"".join(made))
    report = load(store, [path])
    whole(report)
    assert (report.kept, report.files[0].rejected) == (3, {})
    assert report.files[0].assumed == ("2 lines that are not UTF-8 were read as cp1252",)
    told = " ".join(block.model_dump_json() for block in report.blocks())
    assert "2 lines that are not UTF-8 were read as cp1252" in told
    assert rows(store, "SELECT source_name, place_country FROM events ORDER BY event_id") == [
        ("Société Générale", "FRA"),
        ("Nuñez", "FRA"),
        ("Müller – „er“", "FRA"),
    ]


def test_an_unknown_file_says_what_it_looks_like(store: Store, tmp_path: Path) -> None:
    report = load(store, [written(tmp_path / "x.txt", ["hello world"])])
    assert "no event data that is known" in report.files[0].refused
    assert report.files[0].state == "refused"


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    """Write a zip and return it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_hostile_and_damaged_archives_are_refused(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    sound = gdelt().encode() * 100
    cases = {
        zipped(tmp_path / "bomb.zip", {"a": b"0" * 60_000_000}): "200 times its size",
        zipped(tmp_path / "escape.zip", {"../../a.CSV": sound}): "outside its folder",
        zipped(tmp_path / "absolute.zip", {"/etc/a": sound}): "outside its folder",
        zipped(tmp_path / "two.zip", {"a": sound, "b": sound}): "holds 2 files",
        zipped(tmp_path / "none.zip", {}): "holds 0 files",
    }
    cut = tmp_path / "cut.zip"
    cut.write_bytes(zipped(tmp_path / "whole.zip", {"a": os.urandom(50_000)}).read_bytes()[:30_000])
    packed = zipped(tmp_path / "packed.zip", {"a": sound})  # by a method that nobody here knows
    packed.write_bytes(packed.read_bytes().replace(b"\x08\x00", b"\x09\x00"))
    torn = tmp_path / "torn.gz"
    torn.write_bytes(gzip.compress(os.urandom(50_000))[:30_000])
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress(b"0" * 60_000_000))
    for path, told in {
        **cases,
        cut: "damaged",
        packed: "damaged",
        torn: "damaged",
        bomb: "200 times",
    }.items():
        with pytest.raises(FormatError, match=told):
            unpack(path, work)
    assert list(work.iterdir()) == []


def test_a_file_with_another_md5_than_listed_is_refused(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path / "a.CSV", [gdelt()])
    report = load(store, [path], expected={"a.CSV": "0" * 32})
    assert "the list has 000" in report.files[0].refused
    assert report.kept == 0


def test_wrong_folders_and_rules_are_told(tmp_path: Path, store: Store) -> None:
    with pytest.raises(NotFoundError, match="no event store"):
        Store.at(tmp_path / "absent")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    with pytest.raises(OutputError, match="is not empty"):
        Store.at(tmp_path / "full", make=True)
    with pytest.raises(OptionError, match="rules are A, B"):
        load(store, [], rule="C")
    with pytest.raises(NotFoundError):
        load(store, [tmp_path / "none"])
    (store.folder / "detente-events.json").write_text('{"version": 99}')
    with pytest.raises(FormatError, match="newer"):
        Store.at(store.folder)
    with store.locked(), pytest.raises(OutputError, match="another program"), store.locked():
        pass


MUTATED = gdelt(1)


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(MUTATED) - 1),
            st.sampled_from(["", "\t", "0", "x", "\x00", "'", '"', "é", "-"]),
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mutated_rows_never_crash_and_never_vanish(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, str]]
) -> None:
    row = MUTATED
    for place, text in changes:
        row = row[:place] + text + row[place + 1 :]
    folder = tmp_path_factory.mktemp("m")
    store = Store.at(folder / "store", make=True)
    report = load(store, [written(folder / "a.CSV", [gdelt(0), row, gdelt(2)])])
    whole(report)
    assert report.rows == 3
    assert report.kept >= 2
    assert rows(store, "SELECT count(*) FROM events") == [(report.kept,)]


def test_thousands_of_mutated_lines_are_each_kept_or_set_aside(store: Store, tmp_path: Path) -> None:
    """A tenth as many as in the full run, where there are a hundred thousand."""
    count = 100_000 if os.environ.get("DETENTE_FULL") else 10_000
    chance = random.Random(1)
    made = []
    for number in range(count):
        row = list(gdelt(number))
        for _ in range(chance.randrange(4)):
            row[chance.randrange(len(row))] = chance.choice(["\t", "", "9", "z", "\x01", "\u2028", "\r"])
        made.append("".join(row))
    path = written(tmp_path / "a.CSV", [gdelt(count + 1), *made])
    report = load(store, [path])
    whole(report)
    assert report.rows == count + 1
    assert 0 < sum(report.files[0].rejected.values()) < count
    assert rows(store, "SELECT count(*) FROM events")[0][0] == report.kept


LOADER = """
import sys
from pathlib import Path
from detente.events.load import load
from detente.events.store import Store
import detente.events.load as module
module.BATCH_FILES = 2
print("ready", flush=True)
load(Store.at(Path(sys.argv[1]), make=True), [Path(sys.argv[2])])
"""


def test_a_kill_at_any_moment_loses_no_row_and_doubles_none(tmp_path: Path, often: int) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for number in range(12):
        lines = [gdelt(1000 * number + k, day=f"201{k % 8}0101") for k in range(400)]
        written(source / f"{number:02}.CSV", lines)
    folder = tmp_path / "store"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    chance = random.Random(2)
    for _ in range(often):
        running = subprocess.Popen(
            [sys.executable, "-c", LOADER, str(folder), str(source)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        assert running.stdout is not None
        running.stdout.readline()
        time.sleep(chance.random() * 0.6)
        running.send_signal(signal.SIGKILL)
        running.communicate(timeout=60)
        store = Store.at(folder, make=True) if (folder / "detente-events.json").exists() else None
        if store is not None and store.manifest():
            count, distinct = rows(store, "SELECT count(*), count(DISTINCT event_id) FROM events")[0]
            assert count == distinct == 400 * len(store.files())
    store = Store.at(folder, make=True)
    load(store, [source])
    assert rows(store, "SELECT count(*), count(DISTINCT event_id) FROM events") == [(4800, 4800)]
    assert not (folder / ".loading").exists()
    parts = {str(path) for path in (folder / "events").rglob("*.parquet")}
    assert parts == set(store.parts())


def test_a_torn_line_of_the_manifest_counts_for_nothing(store: Store, tmp_path: Path) -> None:
    load(store, [written(tmp_path / "a.CSV", [gdelt(1)])])
    manifest = store.folder / MANIFEST
    manifest.write_bytes(manifest.read_bytes() + b'{"batch": "half')
    assert len(store.manifest()) == 1
    load(store, [written(tmp_path / "b.CSV", [gdelt(2)])])
    assert [json.loads(line)["files"][0]["file"] for line in manifest.read_text().splitlines()] == [
        "a.CSV",
        "b.CSV",
    ]


def test_anybody_opens_the_folder_without_us(store: Store, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    load(store, [written(tmp_path / "a.CSV", [gdelt(1), gdelt(2, day="20170101")])])
    parts = f"{store.folder}/events/**/*.parquet"
    query = "SELECT feed, year, count(*) FROM read_parquet(?) GROUP BY ALL ORDER BY 2"
    assert duckdb.execute(query, [parts]).fetchall() == [("gdelt2", 2017, 1), ("gdelt2", 2018, 1)]


def test_an_error_is_one_of_ours_whatever_the_bytes(store: Store, tmp_path: Path) -> None:
    chance = random.Random(3)
    for number in range(20):
        path = tmp_path / f"{number}.{chance.choice(['zip', 'gz', 'csv', 'tab'])}"
        path.write_bytes(chance.randbytes(chance.randrange(2000)))
        with suppress(DetenteError):
            load(store, [path])


def stored(folder: Path, files: list[Path]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Load files, and return what is in the store and in quarantine, without the time."""
    store = Store.at(folder, make=True)
    report = load(store, files)
    whole(report)
    kept = rows(store, "SELECT * EXCLUDE (loaded_at) FROM events ORDER BY file, line")
    with store.connected() as connection:
        parts = store.parts("quarantine")
        aside = (
            connection.execute("SELECT * FROM read_parquet(?) ORDER BY file, line", [parts]).fetchall()
            if parts
            else []
        )
    return kept, aside


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["20180326", "20180230", "2018", "30000101", ""]),
            st.sampled_from(["043", "190", "0256", "abc", ""]),
            st.sampled_from(["USA", "RUSGOV", " ukr ", "XYZ", "AFR", ""]),
            st.sampled_from(["2.8", "", "x"]),
        ),
        min_size=1,
        max_size=12,
    ),
    st.integers(1, 3),
)
@settings(max_examples=25, deadline=None)
def test_files_read_at_once_give_the_rows_of_files_read_line_by_line(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str, str, str]], count: int
) -> None:
    """A torn line at the end of every second copy sends the file the slow way; all else is equal."""
    folder = tmp_path_factory.mktemp("ways")
    lines = [
        gdelt(number, day=day, code=code, source=source, score=score, url=f"http://example.org/{number}")
        for number, (day, code, source, score) in enumerate(cells)
    ]
    ways = {}
    for way, more in (("fast", []), ("slow", ["torn"])):
        (folder / way).mkdir()
        files = [
            written(folder / way / f"{k}.CSV", [gdelt(900 + k), *lines[k::count], *more])
            for k in range(count)
        ]
        ways[way] = stored(folder / f"{way}-store", files)
    assert ways["fast"][0] == ways["slow"][0]
    torn = [row for row in ways["slow"][1] if row[2] != "has a wrong number of fields"]
    assert ways["fast"][1] == torn
    assert len(ways["slow"][1]) == len(torn) + count


def test_lines_too_short_and_too_long_that_make_up_for_each_other_are_found(
    store: Store, tmp_path: Path
) -> None:
    """As many tabs in all as sound lines would have: the fast reader refuses, and each line is looked at."""
    rows_ = [gdelt(1), gdelt(2).replace("\t", " ", 1), gdelt(3) + "\t", gdelt(4)]
    report = load(store, [written(tmp_path / "a.CSV", rows_), written(tmp_path / "b.CSV", [gdelt(5)])])
    whole(report)
    assert [one.rejected for one in report.files] == [{"has a wrong number of fields": 2}, {}]
    assert rows(store, "SELECT event_id, file, line FROM events ORDER BY event_id") == [
        ("1", "a.CSV", 1),
        ("4", "a.CSV", 4),
        ("5", "b.CSV", 1),
    ]


def test_a_file_given_twice_in_one_load_is_taken_once_and_left_where_it_was(
    store: Store, tmp_path: Path
) -> None:
    files = [written(tmp_path / name, [gdelt(1), gdelt(2)]) for name in ("a.CSV", "b.CSV")]
    report = load(store, [*files, files[0]])
    assert [one.state for one in report.files] == ["loaded", "known", "known"]
    assert rows(store, "SELECT count(*) FROM events") == [(2,)]
    assert all(path.is_file() for path in files)
