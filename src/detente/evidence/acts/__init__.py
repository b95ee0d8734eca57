"""What was done? Events in the classes of PLOVER with the code of CAMEO: who, to whom, when, whether it was so."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from detente.evidence.actors import candidates
from detente.evidence.actors.lists import SECTORS
from detente.evidence.actors.mentions import read
from detente.evidence.acts.clauses import Clauses, Predicate
from detente.evidence.acts.lexicon import act_of, composed, lexicon
from detente.evidence.records import Actor, DateFound, Document, Event, Span

_DEFAULT = {"AGREE": "030", "DEMAND": "100", "APPEAL": "020", "REJECT": "120", "THREATEN": "130"}
_PLANS = ("WILL", "AGREE", "THREATEN", "DEMAND", "APPEAL")
_SPEAKERS = frozenset(("GOV", "MIL", "LEG", "REB", "OPP", ""))


def events(
    document: Document, actors: Sequence[Actor] = (), dates: Sequence[DateFound] = ()
) -> tuple[Event, ...]:
    """Return the acts that a document reports, in order.

    Sides have the codes of its actors, role nouns without a country that of their sector; an event takes the
    nearest date of its sentence.
    """
    known = {span: actor.code or "" for actor in actors for span in actor.mentions}
    days = [d.span.start for d in dates]
    results: list[Event] = []
    for table, found in read(document):
        for m in found:
            known[m.span] = known.get(m.span) or candidates(m, table.text, document.date)[0].code
        places = [m.span.start for m in found]
        for sentence, inside in table.holding(places):
            if lexicon().forms.keys().isdisjoint(sentence.lower):
                continue
            when = dates[bisect_left(days, sentence.span.start) : bisect_left(days, sentence.span.end)]
            results += _Reader(Clauses(sentence, found[inside]), known, when).events()
    return tuple(results)


class _Reader:
    """From the predicates of a sentence to its events."""

    def __init__(self, clauses: Clauses, known: Mapping[Span, str], when: Sequence[DateFound]) -> None:
        self.c, self.when, self.codes = clauses, when, [known[m.span] for m in clauses.mentions]

    def events(self) -> Iterator[Event]:
        """Yield the events of the predicates; a stance towards what is no act stands for itself."""
        for p in self.c.predicates:
            if p.governor is not None and self._own(p)[0] in (None, "---"):
                p.governor.taken = any(q.governor is p.governor and q is not p for q in self.c.predicates)
                p.governor.objects = p.governor.objects or p.objects
        yield from (event for p in self.c.predicates if (event := self._event(p)))

    def _event(self, p: Predicate) -> Event | None:
        code, equal, reverse, words = self._own(p)
        chain, planned, factuality = p.governor, False, "denied" if p.negated else "reported"
        told = chain is not None and "SAY" in self.c.stances(chain)
        if code is None and told and p.modal == "must":
            code = "100"  # "said that they must go": a demand, whatever for
        if code is None or (p.lemma == "must" and not told):
            return None
        source, target = (p.agent, p.subject) if p.passive else (p.subject, p.objects)
        source, target = (target, source) if reverse else (source, target)
        raised: str | None = code
        if p.modal in ("must", "should") or p.lemma == "must":
            if told and source and chain is not None and source != chain.subject:
                raised = composed("DEMAND", code)
                source, target, chain = chain.subject, source, chain.governor
                factuality = "reported"
            else:
                factuality = "possible"
        elif p.modal in ("will", "would", "shall"):  # "will send", "would not send"
            raised, planned, factuality = composed("REJECT" if p.negated else "WILL", code), True, "reported"
        while chain is not None and raised is not None:
            raised, source, target, moved = self._raised(chain, raised, source, target, p)
            planned |= moved
            factuality = "denied" if chain.negated and not planned else factuality
            words, chain = [*words, (chain.at, chain.end)], chain.governor
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
        before = self.c.s.tags[p.at - 1 : p.at]
        aside = p.governor is None and (p.purpose or (p.reduced and before in ("P", "F", "f")))
        weak = alone or aside or (p.passive and p.reduced and not source)
        return self._made(raised, equal, source, target, words, factuality, 0.4 if weak else 0.7)

    def _own(self, p: Predicate) -> tuple[str | None, bool, bool, list[tuple[int, int]]]:
        """Return code, whether of equals, whether reversed, and the words of a predicate by itself.

        The code is that of its object, of a noun that its stance is about, or its own.
        """
        (meaning, by_object), words = self.c.meaning(p), [(p.at, p.end)]
        if meaning is not None and (by_object or p.taken):
            return (*meaning, words) if by_object else (None, False, False, words)
        if not p.taken:
            stances = [one for one in self.c.lexicon.stances.get(p.lemma, []) if one != "SAY"]
            named = None if p.passive else self.c.noun(p.region[0], min(p.region[1], p.end + 7))
            for stance, noun in ((stance, named) for stance in stances if named and stance != "WILL"):
                if code := composed(stance, noun[0]):
                    return code, noun[1], False, [*words, noun[2:]]
            if meaning is not None:
                return *meaning, words
            if default := next((_DEFAULT[one] for one in stances if one in _DEFAULT), None):
                return default, False, False, words
        return None, False, False, words

    def _raised(
        self, chain: Predicate, code: str, source: list[int], target: list[int], inner: Predicate
    ) -> tuple[str | None, list[int], list[int], bool]:
        """Return code, source and target of an act as somebody's stance towards it, and whether that is a plan."""
        stance = (self.c.lexicon.stances.get(chain.lemma) or ["DO"])[0]
        if stance == "SAY":
            other = source and chain.subject and source != chain.subject
            hostile = code[:2] in ("16", "17", "18", "19", "20")
            if not other and chain.lemma == "claim" and hostile and inner.governor is chain:
                return "015", chain.subject, target, False
            if other and hostile and self.codes[chain.subject[0]].partition("+")[2] in _SPEAKERS:
                return "112", chain.subject, source, False
            return code, source or chain.subject, target, False
        planned = stance in _PLANS
        if stance == "WILL" and inner.subject and inner.subject != chain.subject:
            if chain.lemma not in ("want", "seek", "wish"):
                return None, source, target, False  # "hopes that they will": nobody's act
            stance = "APPEAL"
        if chain.negated and stance in ("AGREE", "WILL", "DO"):
            stance = "REJECT"
        hears = stance in ("APPEAL", "DEMAND", "ACCUSE")
        hearer = (chain.objects or (source if source != chain.subject else [])) if hears else []
        return composed(stance, code), chain.subject, hearer or target or chain.objects, planned

    def _made(
        self, code: str, equal: bool, source: list[int], target: list[int], words: list[tuple[int, int]],
        factuality: str, confidence: float,
    ) -> Event | None:  # fmt: skip
        target = [m for m in target if m not in source]
        sides = [self._codes(side) for side in (source, target)]
        if SECTORS.keys() >= {*sides[0], *sides[1]} or (equal and not sides[0]):
            return None  # nobody is named: "a protester demolished the building"
        spans = [tuple(sorted({self.c.mentions[m].span for m in side})) for side in (source, target)]
        trigger = tuple(sorted({self.c.s.of(*ends) for ends in words}))
        day = min(self.when, key=lambda d: abs(d.span.start - trigger[0].start), default=None)
        return Event(
            source=sides[0], target=sides[1], act=act_of(code), cameo=code, trigger=trigger,
            source_spans=spans[0], target_spans=spans[1], date=day.span if day else None,
            factuality=factuality, confidence=confidence,  # type: ignore[arg-type]
        )  # fmt: skip

    def _codes(self, members: Sequence[int]) -> tuple[str, ...]:
        """Return the codes of a group; "US and British activists" are activists of both."""
        sector = self.c.mentions[members[-1]].sector if members else ""
        codes = [
            f"{code}+{sector}"
            if sector in SECTORS and "+" not in code and (self.c.mentions[m].weak or code in ("USA", "GBR"))
            else code
            for m in members
            if (code := self.codes[m])
        ]
        return tuple(dict.fromkeys(codes))
