"""What was done? Events in the classes of PLOVER with the code of CAMEO: who, to whom, when, whether it was so."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from detente.evidence.actors.lists import SECTORS
from detente.evidence.actors.mentions import Mention, read
from detente.evidence.actors.resolve import candidates
from detente.evidence.acts.clauses import Clauses, Predicate
from detente.evidence.acts.lexicon import act_of, composed
from detente.evidence.records import Actor, DateFound, Document, Event, Span

_WISHES = ("seek", "want", "propose", "plan")
_DEFAULT = {"AGREE": "030", "DEMAND": "100", "APPEAL": "020", "REJECT": "120", "THREATEN": "130"}
_SPEAKERS = frozenset(("GOV", "MIL", "LEG", "REB", "OPP", ""))


def events(
    document: Document, actors: Sequence[Actor] = (), dates: Sequence[DateFound] = ()
) -> tuple[Event, ...]:
    """Return the acts that a document reports, in order.

    Args:
        document: its text.
        actors: as `actors` returns them; their codes are those of the events. Role nouns without a country take
            part too, with their sector as code.
        dates: as `dates` returns them; an event takes the nearest of its sentence.
    """
    known = {span: actor.code for actor in actors for span in actor.mentions}
    days = [d.span.start for d in dates]
    results: list[Event] = []
    for table, found in read(document):
        codes = [known.get(m.span) or candidates(m, table.text, document.date)[0].code for m in found]
        places = [m.span.start for m in found]
        for sentence in table.sentences:
            low, high = (bisect_left(places, end) for end in sentence)
            if low < high:
                reader = _Reader(Clauses(table, *table.within(sentence), found[low:high]), codes[low:high])
                when = dates[bisect_left(days, sentence.start) : bisect_left(days, sentence.end)]
                results += (_dated(event, when) for event in reader.events())
    return tuple(results)


def _dated(event: Event, when: Sequence[DateFound]) -> Event:
    nearest = min(when, key=lambda d: abs(d.span.start - event.trigger[0].start), default=None)
    return replace(event, date=nearest.span) if nearest else event


class _Reader:
    """From the predicates of a sentence to its events."""

    def __init__(self, clauses: Clauses, codes: list[str]) -> None:
        self.c, self.codes = clauses, codes

    def events(self) -> Iterator[Event]:
        """Yield the events of the predicates, and of nouns that name both sides."""
        for p in self.c.predicates:  # a stance towards what is no act stands for itself
            if p.governor is not None and self._own(p)[0] in (None, "---"):
                p.governor.taken = any(q.governor is p.governor and q is not p for q in self.c.predicates)
                p.governor.objects = p.governor.objects or p.objects
        found = [event for p in self.c.predicates if (event := self._event(p))]
        yield from found or self._nominal()

    def _event(self, p: Predicate) -> Event | None:
        code, equal, reverse, trigger = self._own(p)
        chain, planned, factuality = p.governor, False, "denied" if p.negated else "reported"
        told = chain is not None and "SAY" in self.c.stances(chain)
        if code is None and told and p.modal == "must":
            code = "100"  # "said that they must go": a demand, whatever for
        if code is None or (p.lemma == "must" and not told):
            return None
        source, target = (p.agent, p.subject) if p.passive else (p.subject, p.objects)
        if reverse:
            source, target = target, source
        raised: str | None = code
        must = p.modal in ("must", "should") or p.lemma == "must"
        if must and told and source and chain is not None and source != chain.subject:
            raised, source, target, chain = composed("DEMAND", code), chain.subject, source, chain.governor
            factuality = "reported"
        elif must:
            factuality = "possible"
        elif p.modal in ("will", "would", "shall"):  # "will send", "would not send"
            raised, planned = composed("REJECT" if p.negated else "WILL", code), True
            factuality = "reported"
        while chain is not None and raised is not None:
            raised, source, target, moved = self._raised(chain, raised, source, target, p)
            planned |= moved
            factuality = "denied" if chain.negated and not planned else factuality
            trigger = (*self._span(chain), *trigger)
            chain = chain.governor
        if raised is None or raised == "---" or (raised.startswith("01") and raised != "015"):
            return None
        if p.possible:
            factuality = "possible"
        elif planned and factuality == "reported" and raised[:2] in ("03", "13"):
            factuality = "planned"
        if not source and not (p.passive and target and raised[:2] not in ("03", "10", "12", "13")):
            return None  # nobody did it
        alone = not target and not (equal and len(source) > 1) and raised[:2] not in ("14", "03")
        # "went there to discuss", "jailed for helping", "a man held in": said in passing
        aside = p.governor is None and (p.purpose or (p.reduced and self.c.after_preposition(p)))
        weak = alone or aside or (p.passive and p.reduced and not source)
        return self._made(raised, equal, source, target, trigger, factuality, 0.4 if weak else 0.7)

    def _span(self, p: Predicate) -> tuple[Span, ...]:
        return (self.c.t.span(p.at, p.end),)

    def _own(self, p: Predicate) -> tuple[str | None, bool, bool, tuple[Span, ...]]:
        """Return the code of a predicate itself: by its object, by a noun that its stance is about, or its own."""
        meaning, trigger = self.c.meaning(p), self._span(p)
        if p.taken and not (meaning and meaning.objects):
            return None, False, False, trigger
        if meaning and meaning.objects:
            return meaning.code, meaning.equal, meaning.reverse, trigger
        stances = [stance for stance in self.c.lexicon.stances.get(p.lemma, []) if stance != "SAY"]
        noun = self.c.noun(p.region[0], min(p.region[1], p.end + 7)) if stances and not p.passive else None
        for stance in stances:
            if noun is None or self.c.apart(p.end, noun[2]):
                break
            vague = stance == "WILL" and (p.lemma not in _WISHES or noun[0] > "09")
            if not vague and (code := composed(stance, noun[0])):
                return code, noun[1], False, (*trigger, self.c.t.span(noun[2], noun[3]))
        if meaning:
            return meaning.code, meaning.equal, meaning.reverse, trigger
        return next((_DEFAULT[s] for s in stances if s in _DEFAULT), None), False, False, trigger

    def _raised(
        self, chain: Predicate, code: str, source: list[int], target: list[int], inner: Predicate
    ) -> tuple[str | None, list[int], list[int], bool]:
        """Return code, source and target of an act as somebody's stance towards it."""
        stances = self.c.lexicon.stances.get(chain.lemma, [])
        stance = stances[0] if stances else "DO"
        planned = stance in ("WILL", "AGREE", "THREATEN", "DEMAND", "APPEAL")
        if stance == "SAY":
            other = source and chain.subject and source != chain.subject
            hostile = code[:2] in ("16", "17", "18", "19", "20")
            if not other and chain.lemma == "claim" and hostile and inner.governor is chain:
                return "015", chain.subject, target, False
            if other and hostile and self.codes[chain.subject[0]].partition("+")[2] in _SPEAKERS:
                return "112", chain.subject, source, False
            return code, source or chain.subject, target, False
        if stance == "WILL" and inner.subject and inner.subject != chain.subject:
            if chain.lemma not in ("want", "seek", "wish"):
                return None, source, target, False  # "hopes that they will": nobody's act
            stance = "APPEAL"
        if chain.negated and stance in ("AGREE", "WILL", "DO"):
            stance = "REJECT"
        raised = composed(stance, code)
        hearer = chain.objects if stance in ("APPEAL", "DEMAND", "ACCUSE") else []
        if stance in ("DEMAND", "APPEAL", "ACCUSE") and not hearer and source != chain.subject:
            hearer = source
        return raised, chain.subject, hearer or target or chain.objects, planned

    def _nominal(self) -> Iterator[Event]:
        """Yield acts that a noun names between two sides: "Talvian shelling of Odra"."""
        c = self.c
        low = c.first
        while (noun := c.noun(low, c.last)) is not None:
            code, equal, i, low = noun
            before = next((c.at[k] for k in range(i - 1, max(c.first, i - 4) - 1, -1) if k in c.at), None)
            after = next((c.at[k] for k in range(low, min(c.last, low + 6)) if k in c.at), None)
            if before is None or after is None or before == after:
                continue
            if c.apart(c.ranges[before][1], i) or "of" in c.t.lower[c.ranges[before][1] : i]:
                continue  # "US involvement in endless wars"
            source, target = c.groups[c.group_of[before]], c.groups[c.group_of[after]]
            if c.prepositions[c.group_of[after]] in ("of", "on", "against", "to", "with", "over", "for"):
                event = self._made(code, equal, source, target, (c.t.span(i, low),), "reported", 0.4)
                if event:
                    yield event

    def _made(
        self, code: str, equal: bool, source: list[int], target: list[int], trigger: tuple[Span, ...],
        factuality: str, confidence: float,
    ) -> Event | None:  # fmt: skip
        target = [m for m in target if m not in source]
        sources, targets = self._codes(source), self._codes(target)
        if not code.startswith("14"):  # nobody acts upon his own country as a whole
            targets = [t for t in targets if "+" in t or all(t != s.partition("+")[0] for s in sources)]
        others = [t for t in targets if t not in sources or (len(sources) == 1 and "+" in t)]
        targets = others or ([] if equal else targets)
        if not any(code and code not in SECTORS for code in (*sources, *targets)):
            return None  # nobody is named: "a protester demolished the building"
        if equal and not sources:
            return None
        spans = [tuple(sorted({self.c.mentions[m].span for m in side})) for side in (source, target)]
        return Event(
            source=tuple(sources), target=tuple(targets), act=act_of(code), cameo=code,
            trigger=tuple(sorted(set(trigger))), source_spans=spans[0], target_spans=spans[1],
            factuality=factuality, confidence=confidence,  # type: ignore[arg-type]
        )  # fmt: skip

    def _codes(self, members: list[int]) -> list[str]:
        """Return the codes of a group; "US and British activists" are activists of both."""
        found: list[str] = []
        last: Mention | None = self.c.mentions[members[-1]] if members else None
        for m in members:
            code = self.codes[m]
            short = self.c.weak[m] or code in ("USA", "GBR")
            if short and last and last.sector in SECTORS and "+" not in code:
                code = f"{code}+{last.sector}"
            if code and code not in found:
                found.append(code)
        return found


__all__ = ["events"]
