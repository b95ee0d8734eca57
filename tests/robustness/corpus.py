"""The files that are spoiled: every case of the catalog, and one or more of every format that is read."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from detente.case import load
from detente.case.formats import export_case
from detente.lenses import formats as more_formats
from tests.case.formats.test_fuzz import EXAMPLES
from tests.case.formats.test_profiles import DOMAIN, negmas_files, profile
from tests.case.formats.test_scenariowizard import SMALL
from tests.case.formats.test_strategic import LAYOUTS

ROOT = Path(__file__).parents[2]
CATALOG = sorted((ROOT / "src/detente/catalog").glob("*.yaml"))
EXPORTED = (
    *(("chicken", ".gmcr"), ("elmira-1991", ".gmcr"), ("cuban-missile-crisis-1962", ".gmcr")),
    *(("chicken", ".nfg"), ("river-dam", ".csv"), ("river-dam", ".decide.txt"), ("linked-issues", ".xlsx")),
    *(("somewhereland", ".scw"), ("somewhereland", ".matrix.csv"), ("somewhereland", ".matrix.xlsx")),
)
TABLES = {
    "wide.csv": (
        "Actor,Influence,Position Quota,Salience Quota,Position Inspections,Salience Inspections\n"
        "Northland,100,45,0.8,60,0.5\nSouthland,80,80,0.6,40,0.3\n"
    ),
    "deu.csv": ("issue;pnorth;psouth;snorth;ssouth;out\nQuota;45;80;80;60;60\nInspections;60;40;50;30;50\n"),
    "titled.csv": (
        "Survey of March 2030,,,\n,,,\nActor,Position,Salience (%),Seats\nNorth,10,50%,30\nSouth,90,90%,40\n"
    ),
    "marks.csv": "Party;Issue;Position;Salience;Power\nA;X;20,5;0,5;1\nB;X;60;0,9;3\nC;X;61;1;2\n",
}


@cache
def corpus() -> dict[str, bytes]:
    """Return name → content of the files that are mutated; those of one folder are read together."""
    found = {path.name: path.read_bytes() for path in [*CATALOG, ROOT / "tests/contract/every_part.yaml"]}
    cases = {path.stem: path for path in CATALOG}
    with TemporaryDirectory() as folder:
        for stem, ending in EXPORTED:
            written = Path(folder) / f"{stem}{ending}"
            export_case(load(cases[stem]), written, further=more_formats())
            found[written.name] = written.read_bytes()
        negmas = Path(folder) / "negmas"
        negmas.mkdir()
        negmas_files(negmas)
        found |= {f"negmas/{path.name}": path.read_bytes() for path in sorted(negmas.iterdir())}
    given = {**LAYOUTS, **TABLES, "small.scw": SMALL, **_genius()}
    return {**found, **EXAMPLES, **{name: text.encode() for name, text in given.items()}}


def _genius() -> dict[str, str]:
    rest = '<reservation value="0.3"/>'
    return {
        "genius/party.xml": DOMAIN,
        "genius/ann.xml": profile((2, 4, 8), (10, 5), (0.6, 0.4), rest),
        "genius/bob.xml": profile((90, 60, 0), (1, 3), (1, 3), '<discount_factor value="1.0"/>'),
    }


@cache
def kinds() -> dict[str, tuple[str, ...]]:
    """Return kind of file → the names of that kind; the largest case is a kind of its own."""
    found: dict[str, list[str]] = {}
    for name in corpus():
        folder, _, file = name.rpartition("/")
        kind = folder or ".".join(file.split(".")[1:])
        found.setdefault("us-russia" if file.startswith("us-russia") else kind, []).append(name)
    return {kind: tuple(names) for kind, names in found.items()}
