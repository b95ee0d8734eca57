"""How are numbers, names and places in a case put into words? One way, on the page and in the terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from detente.case import Case, Issue, Rule
from detente.case.electorate import rule_tree
from detente.case.thresholds import Node, Threshold, Voter
from detente.case.words import named
from detente.quantity.quantity import number_text

MINUS = "\N{MINUS SIGN}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
MAX_UNIT = 24
COUNTS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


class OnScale(Protocol):
    """What has a scale: an issue, or an outcome that is told on one."""

    @property
    def low(self) -> float:
        """Lowest value of the scale."""

    @property
    def high(self) -> float:
        """Highest value of the scale."""


def digits(issue: OnScale) -> int:
    """Return how many decimals a position deserves: three significant digits of the scale's width."""
    width = issue.high - issue.low
    places = 0
    while width < 100 and places < 6:
        width, places = width * 10, places + 1
    return places if issue.high - issue.low < 20 else 0


def position(value: float, issue: OnScale) -> str:
    """Return a position with the decimals of its scale, a true minus sign, and large numbers cut short."""
    for size, suffix in ((1e12, "trn"), (1e9, "bn"), (1e6, "m")):
        if issue.high - issue.low >= 10 * size:
            places = 1 if issue.high - issue.low < 100 * size else 0
            return signed_minus(f"{value / size:,.{places}f}") + f" {suffix}"
    text = f"{value:,.{digits(issue)}f}"
    return signed_minus(text if text.strip("-0.,") else text.removeprefix("-"))


def change(value: float, issue: OnScale) -> str:
    """Return a difference of positions with its sign; an unsigned 0 where it rounds to nothing."""
    size = position(abs(value), issue)
    if not any(digit in size for digit in "123456789"):
        return size
    return f"{'+' if value > 0 else MINUS}{size}"


def fine_change(value: float, issue: OnScale) -> str:
    """Return a difference with one decimal more than positions have, for small differences."""
    if issue.high - issue.low >= 1e6:
        return change(value, issue)
    size = f"{abs(value):,.{digits(issue) + 1}f}"
    if not size.strip("0.,"):
        return "0"
    return f"{'+' if value > 0 else MINUS}{size}"


def span(low: float, high: float, issue: OnScale) -> str:
    """Return an interval of positions."""
    return f"{position(low, issue)} to {position(high, issue)}"


def span_of_change(low: float, high: float, issue: OnScale) -> str:
    """Return an interval of differences."""
    return f"{change(low, issue)} to {change(high, issue)}"


def percent(share: float) -> str:
    """Return a share of 0..1 as a percentage that never rounds a possibility away."""
    if 0 < share <= 0.005:
        return "under 1\N{NO-BREAK SPACE}%"
    if 0.995 <= share < 1:
        return "over 99\N{NO-BREAK SPACE}%"
    return f"{share:.0%}".replace("%", "\N{NO-BREAK SPACE}%")


def figures(value: float, significant: int = 3) -> str:
    """Return any number to some significant digits, with thousands separated and a true minus sign."""
    if value == 0:
        return "0"
    if not 1e-4 <= abs(value) < 1e9:
        return signed_minus(f"{value:.{significant - 1}e}")
    places = 0
    while abs(value) * 10**places < 10 ** (significant - 1) and places < 6:
        places += 1
    text = f"{value:,.{places}f}"
    return signed_minus(text.rstrip("0").rstrip(".") if "." in text else text)


def signed_minus(text: str) -> str:
    """Return the text with a true minus sign in place of a leading hyphen."""
    return MINUS + text[1:] if text.startswith("-") else text


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return ``no issue``, ``one issue``, ``seven issues``; digits beyond twelve."""
    return f"{count_word(count)} {one if count == 1 else many or one + 's'}"


def tally(count: int, noun: str) -> str:
    """Return a count in digits with its noun: ``0 errors``, ``1 error``, ``1,200 draws``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def out_of(count: int, total: int, noun: str) -> str:
    """Return ``two of seven issues``, ``none of the seven issues``, ``both issues``."""
    if total == 2 and count != 1:
        return f"both {noun}s" if count else f"neither of the two {noun}s"
    if count in (0, total):
        return f"{'all' if count else 'none of the'} {counted(total, noun)}"
    return f"{count_word(count)} of {counted(total, noun)}"


def count_word(count: int) -> str:
    """Return ``no``, ``one`` to ``twelve``, then digits."""
    return COUNTS[count] if count < len(COUNTS) else f"{count:,}"


def capital(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]


def listed(names: Sequence[str], most: int = 4) -> str:
    """Return ``a, b and c``; beyond ``most`` names, the first of them and how many others.

    >>> listed(["a", "b", "c"]), listed(["a", "b", "c"], 2)
    ('a, b and c', 'a and 2 others')
    """
    if len(names) > most:
        return f"{', '.join(names[: most - 1])} and {len(names) - most + 1:,} others"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def possessive(name: str) -> str:
    """Return the possessive of a name: ``Kyiv’s``, ``Congress’``."""
    return f"{name}’" if name.endswith(("s", "S")) else f"{name}’s"


def place(value: float, issue: Issue) -> str:
    """Say a position in the words of its scale: at an anchor, or between the two around it."""
    anchors = list(issue.scale.items())
    near = min(anchors, key=lambda anchor: abs(anchor[0] - value))
    if abs(near[0] - value) <= 0.05 * (issue.high - issue.low):
        return f"at “{near[1]}”"
    below = max((anchor for anchor in anchors if anchor[0] <= value), default=anchors[0])
    above = min((anchor for anchor in anchors if anchor[0] >= value), default=anchors[-1])
    return f"between “{below[1]}” and “{above[1]}”"


def input_phrase(case: Case, path: str, within: str | None = None) -> str:
    """Return a path of the case as the subject of a sentence: ``Congress’s position on sanctions``."""
    said = named(case, path)
    if said.phrase is not None:
        return said.phrase
    if said.of_issue:
        return f"the {said.what}" if said.issue == within else f"the {said.what} of {said.owner}"
    where = "" if said.issue in (None, within) else f" on {case.issues[str(said.issue)].name}"
    return f"{possessive(said.owner)} {said.what}{where}"


def measured(value: float, issue: Issue) -> str:
    """Return a position with its unit, where the unit is a short one."""
    unit = issue.unit or ""
    if not unit or len(unit) > MAX_UNIT or any(character.isdigit() for character in unit):
        return position(value, issue)
    return f"{position(value, issue)} {unit}"


def numbered(issue: Issue) -> bool:
    """Say whether the numbers of a scale do but count its settlements, so that only their names mean anything."""
    first, *_ = steps = sorted(issue.scale)
    return issue.discrete and issue.unit is None and steps == [first + n for n in range(len(steps))]


def spot(value: float, issue: Issue) -> str:
    """Return a position with its unit or, where numbers but count settlements, by the name of the settlement."""
    if not numbered(issue):
        return measured(value, issue)
    return place(value, issue).removeprefix("at ")


def input_value(case: Case, path: str, value: float) -> str:
    """Return a number of the case in the form of its kind: positions by their scale, others by their size."""
    scale = named(case, path).scale
    return figures(value, 2) if scale is None else position(value, case.issues[scale])


def red_line(lower: float | None, upper: float | None, issue: Issue) -> str:
    """Return what an actor accepts, in words."""
    if lower is not None and upper is not None:
        return span(lower, upper, issue)
    if lower is not None:
        return f"at least {position(lower, issue)}"
    return f"at most {position(upper, issue)}" if upper is not None else ""


def rule_words(rule: Node, actors: Sequence[str], names: Mapping[str, str]) -> str:
    """Return whose consent is needed: “Kremlin, Kyiv and 60 of 100 votes (Left 55, Right 45)”.

    Args:
        rule: the rule; a body in it that has a name is told by it.
        actors: id of each voter's actor, by its row.
        names: id → name.
    """
    if isinstance(rule, Voter):
        return f"{rule.seats} × {names[actors[rule.index]]}" if rule.seats > 1 else names[actors[rule.index]]
    return rule.name if rule.name is not None else _parts_words(rule, actors, names)


def _parts_words(rule: Threshold, actors: Sequence[str], names: Mapping[str, str]) -> str:
    if rule.abstention is not None:
        return _cast_words(rule, [rule_words(part, actors, names) for _, part in rule.parts])
    everybody, told = rule.quota == rule.total, dict[str, int]()
    for weight, part in _joined(rule) if everybody else rule.parts:
        text = names[actors[part.index]] if isinstance(part, Voter) else rule_words(part, actors, names)
        if isinstance(part, Threshold) and part.name is None and len(part.parts) > 1:
            text = f"({text})" if part.quota in (1, part.total) else text
        told[text] = told.get(text, 0) + weight * (part.seats if isinstance(part, Voter) else 1)
    if len(told) == 1 and rule.quota >= 1:
        (only,) = told
        return only if everybody or rule.quota == 1 else f"{rule.quota} of {rule.total} votes of {only}"
    if everybody:
        return listed(list(told), 12)
    if rule.quota == 1:
        return " or ".join(told)
    if rule.total == len(told):
        return f"{rule.quota} of {listed(list(told), 12)}"
    weighed = [f"{text} {weight}" for text, weight in told.items()]
    more = f" and {len(weighed) - 12} others" if len(weighed) > 12 else ""
    return f"{rule.quota:,} of {rule.total:,} votes ({', '.join(weighed[:12])}{more})"


def _cast_words(rule: Threshold, parts: Sequence[str]) -> str:
    """Return a rule that says what abstaining does."""
    share, strict = rule.abstention or (None, False)
    who = listed(list(dict.fromkeys(parts)), 12)
    if share is None:
        return f"none of {who} voting no"
    return f"{'a majority' if strict else share} of the votes cast by {who}"


def _joined(rule: Threshold) -> Iterator[tuple[int, Node]]:
    """Yield the parts of a rule that all must meet, those of a nameless part that all must meet among them."""
    for weight, part in rule.parts:
        if isinstance(part, Threshold) and part.quota == part.total and not (part.name or part.abstention):
            yield from _joined(part)
        else:
            yield weight, part


def consent(case: Case, rule: Rule, *, unfold: bool = False) -> str:
    """Return whose consent a rule of a case asks for.

    Args:
        case: the case.
        rule: one of its rules.
        unfold: tell what is behind the name, where the whole rule is that of one ready-made body.
    """
    tree, actors = rule_tree(case, rule)
    names = {key: actor.name for key, actor in case.actors.items()}
    if not unfold or isinstance(tree, Voter) or tree.name is None:
        return rule_words(tree, actors, names)
    return f"{tree.name}: {rule_words(replace(tree, name=None), actors, names)}"


def width_of(text: str) -> float:
    """Return about how wide a text is, in ems, in the widest sans-serif face that browsers commonly choose."""
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in "ilj|'’":
        return 0.3
    if character in "tfrI.,:;!()[] ":
        return 0.39
    if character in "mwMW@%—":
        return 0.97
    return 0.7 if character.isupper() else 0.62


def cut(text: str, ems: float) -> str:
    """Return the text, shortened with an ellipsis where it is wider than ``ems``."""
    if width_of(text) <= ems:
        return text
    while text and width_of(text) > ems - 1:
        text = text[:-1]
    return text.rstrip(" ,;:.-–") + ELLIPSIS


def broken(text: str, ems: float, lines: int = 2) -> list[str]:
    """Return the text on at most ``lines`` lines of at most ``ems``, broken between words where it can be."""
    out: list[str] = []
    rest = [
        word for word in text.replace("\n", " ").split(" ") if word
    ]  # no-break spaces hold words together
    while rest and len(out) < lines - 1:
        line = rest.pop(0)
        while rest and width_of(f"{line} {rest[0]}") <= ems:
            line = f"{line} {rest.pop(0)}"
        if width_of(line) > ems:
            return [*out, cut(" ".join([line, *rest]), ems)]
        out.append(line)
    if rest:
        out.append(cut(" ".join(rest), ems))
    return out


def quantity_text(value: object) -> str:
    """Return a number with doubt as it is written in a case, with the signs of typography."""
    return str(value).replace("..", "–").replace("-", MINUS)


def anchor(value: float, issue: OnScale) -> str:
    """Return a point of a scale as it was written, or cut short where the scale is a large one."""
    return position(value, issue) if issue.high - issue.low >= 1e7 else plain_number(value)


def plain_number(value: float) -> str:
    """Return the shortest text of a number, with a true minus sign."""
    return signed_minus(number_text(value))
