"""What came after stretches like this one? The last periods of a direction, and those of others most like it."""

from __future__ import annotations

from detente.lenses.relations import findings
from detente.lenses.relations.figures import below, beside, points
from detente.lenses.relations.result import Counted, PairRecord
from detente.show.figure import Figure
from detente.show.palette import ACCENT_SOFT, FAINT, INK, MUTED
from detente.show.table import Table
from detente.show.vega import SMALL, WIDTH, Scale, Spec, fixed, frame, grid, layer, text, ticks, value
from detente.show.words import capital

TOP, BOTTOM, HEIGHT = 20.0, 150.0, 184.0
LEFT, RIGHT, NAMES = 34.0, WIDTH - 96.0, 13.0
AFTER = 3
TOPS = (0.2, 0.4, 0.6, 0.8, 1.0)
"""Shares of conflict at which the scale may end."""


def figure(pair: PairRecord, way: Counted) -> Figure:
    """Return the stretches most like the last periods of a direction, with what came next."""
    columns = {"pair": "", "period": "from the last of the stretch", "share": "of conflict"}
    rows = tuple((name, place, share) for name, line in _lines(way) for place, share in line)
    return Figure(
        id=f"alike-{pair.id}-{way.source}".replace(" ", "-"),
        subject=capital(f"{way.source} to {way.target}"),
        finding=findings.alike(way),
        definition=f"Share of conflict in the last {way.by}s, and in the stretches of other pairs most like them.",
        spec=_spec(way),
        table=Table("alike", columns, rows),
        how=(
            "Nearest stretches by the root mean square difference of the empirical logit of the share, at "
            "most one per pair; the pair itself and what was not known then are left out.",
            "By chance: share of 200 random orders of the same stretches in which one is as near.",
        ),
        legend="Thick: here. Thin: the stretches most like it; right of the upright line, what came next.",
    )


def _lines(way: Counted) -> list[tuple[str, list[tuple[int, float]]]]:
    """Return name and (periods from the last, share) of the last periods here, then of every analogue."""
    named = [(f"{way.source} to {way.target}", [one.share for one in way.periods[-way.stretch :]])]
    named += [(one.pair, list(one.shares)) for one in way.analogues]
    return [(name, list(enumerate(shares, 1 - way.stretch))) for name, shares in named]


def _spec(way: Counted) -> Spec:
    width = way.stretch
    lines = [[{"at": float(place), "share": share} for place, share in line] for _, line in _lines(way)]
    top = next(one for one in TOPS if one >= max(row["share"] for line in lines for row in line))
    across, up = Scale(1.0 - width, float(AFTER), LEFT, RIGHT), Scale(0.0, top, BOTTOM, TOP)
    x, y = value("at", across), value("share", up)
    at, upright = {"x": x, "y": y}, {"x": x, "y": fixed(TOP), "y2": fixed(BOTTOM)}
    edges = {"y": y, "x": fixed(LEFT), "x2": fixed(RIGHT)}
    layers = [
        *grid(across, [1.0 - width], TOP, BOTTOM),
        *layer("rule", [{"at": 0.0}], upright, color=MUTED.light, strokeDash=[3, 2]),
        *layer("rule", [{"share": 0.0}, {"share": top}], edges, color=FAINT.light),
    ]
    for path in lines[1:]:
        layers += layer("line", path, at, color=ACCENT_SOFT.light, strokeWidth=1.3)
        layers += points(path[-1:], at, ACCENT_SOFT.light, 14)
    layers += layer("line", lines[0], at, color=INK.light, strokeWidth=2.4)
    labels = [f"{place:+.0f}".replace("-", "−").replace("+0", "now") for place in (1 - width, 0, AFTER)]
    layers += _ends(way, up)
    layers += beside([{"share": one, "text": f"{one:.0%}"} for one in (0.0, top / 2, top)], LEFT - 5, y)
    layers += ticks(across, [1.0 - width, 0.0, float(AFTER)], labels, BOTTOM + 10)
    layers += below([{"text": f"{way.by}s before and after"}], fixed((LEFT + RIGHT) / 2), BOTTOM + 23)
    return frame(HEIGHT, layers)


def _ends(way: Counted, up: Scale) -> list[Spec]:
    """Return the names of the analogues right of where their lines end, none upon another."""
    rows = sorted(
        ((up.pixel(one.shares[-1]), f"{one.pair}, {one.start[:4]}") for one in way.analogues),
        key=lambda row: row[0],
    )
    layers: list[Spec] = []
    last = TOP - NAMES
    for number, (at, name) in enumerate(rows):
        room = BOTTOM - NAMES * (len(rows) - 1 - number)
        last = min(max(at, last + NAMES), room)
        layers += text(
            [{"text": name}], fixed(RIGHT + 5), fixed(last), tone=MUTED, fontSize=SMALL, align="left"
        )
    return layers
