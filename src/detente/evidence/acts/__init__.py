"""What was done? Events in the classes of PLOVER with the code of CAMEO: who, to whom, when, whether it was so."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Literal

from detente.evidence.actors.lists import SECTORS
from detente.evidence.actors.mentions import Mention, read
from detente.evidence.actors.resolve import candidates
from detente.evidence.acts.clauses import Clauses
from detente.evidence.acts.lexicon import act_of, composed
from detente.evidence.acts.verbs import Predicate
from detente.evidence.pieces import pieces
from detente.evidence.records import Actor, DateFound, Document, Event, Span
from detente.evidence.sentences import sentences

Factuality = Literal["reported", "denied", "planned", "possible", "past"]
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
    text = document.text
    tokens, found = read(document)
    known = {span: actor.code for actor in actors for span in actor.mentions}
    codes = [known.get(m.span) or candidates(m, text, document.date)[0].code for m in found]
    starts, places = tokens.starts, [m.span.start for m in found]
    results: list[Event] = []
    for sentence in pieces(text, sentences(text, without=document.furniture), 1_500):
        low, high = bisect_left(places, sentence.start), bisect_left(places, sentence.end)
        first, last = bisect_left(starts, sentence.start), bisect_left(starts, sentence.end)
        if low < high and last - first > 2:
            reader = _Reader(Clauses(tokens, first, last, found[low:high]), codes[low:high])
            when = [d for d in dates if sentence.start <= d.span.start < sentence.end]
            results += (_dated(event, when) for event in reader.events())
    return tuple(results)


def _dated(event: Event, when: Sequence[DateFound]) -> Event:
    if not when:
        return event
    nearest = min(when, key=lambda d: abs(d.span.start - event.trigger[0].start))
    return Event(
        source=event.source, target=event.target, act=event.act, cameo=event.cameo, trigger=event.trigger,
        source_spans=event.source_spans, target_spans=event.target_spans, date=nearest.span,
        factuality=event.factuality, confidence=event.confidence,
    )  # fmt: skip


class _Reader:
    """From the predicates of a sentence to its events."""

    def __init__(self, clauses: Clauses, codes: list[str]) -> None:
        self.c, self.codes = clauses, codes

    def events(self) -> Iterator[Event]:
        """Yield the events of the predicates, and of nouns that name both sides."""
        any_verb = False
        for p in self.c.predicates:  # a stance towards what is no act stands for itself
            own = self._own(p, self.c.lexicon.stances.get(p.lemma, []))[0]
            if p.governor is not None and own in (None, "---"):
                p.governor.taken = any(q.governor is p.governor and q is not p for q in self.c.predicates)
        for p in self.c.predicates:
            event = self._event(p)
            if event is not None:
                any_verb = True
                yield event
        if not any_verb:
            yield from self._nominal()

    def _event(self, p: Predicate) -> Event | None:
        stances = self.c.lexicon.stances.get(p.lemma, [])
        code, equal, reverse, trigger = self._own(p, stances)
        if code is None:
            return None
        source, target = (p.agent, p.subject) if p.passive else (p.subject, p.objects)
        if reverse:
            source, target = target, source
        planned, factuality = False, "reported"
        chain = p.governor
        told = chain is not None and "SAY" in self.c.lexicon.stances.get(chain.lemma, [])
        if (
            p.modal in ("must", "should")
            and told
            and chain is not None
            and source
            and source != chain.subject
        ):
            code, source, target, chain = composed("DEMAND", code), chain.subject, source, chain.governor
        elif p.modal in ("must", "should"):
            factuality = "possible"
        elif p.modal in ("will", "would", "shall") and not p.possible:
            code, planned = composed("REJECT" if p.negated else "WILL", code), True
        elif p.negated:
            factuality = "denied"
        while chain is not None and code is not None:
            code, source, target, moved = self._raised(chain, code, source, target, p)
            planned |= moved
            if chain.negated and not planned:
                factuality = "denied"
            trigger = (*self._span(chain), *trigger)
            chain = chain.governor
        if code is None or code == "---" or (code.startswith("01") and code != "015"):
            return None
        if p.possible:
            factuality = "possible"
        elif planned and factuality == "reported" and code[:2] in ("03", "13"):
            factuality = "planned"
        # "went there to discuss", "jailed for helping", "a man held in": said in passing
        aside = p.governor is None and (p.purpose or (p.reduced and self.c.after_preposition(p)))
        aside |= p.passive and p.reduced and not source
        alone = not target and not (equal and len(source) > 1) and code[:2] not in ("14", "03")
        alone |= not source and not p.passive
        return self._made(code, equal, source, target, trigger, factuality, 0.4 if aside or alone else 0.7)

    def _span(self, p: Predicate) -> tuple[Span, ...]:
        return (self.c.t.span(p.at, p.end),)

    def _own(self, p: Predicate, stances: list[str]) -> tuple[str | None, bool, bool, tuple[Span, ...]]:
        """Return the code of a predicate itself: by its object, by a noun that its stance is about, or its own."""
        meaning = self.c.meaning(p)
        trigger = self._span(p)
        if p.taken and not (meaning and meaning.objects):
            return None, False, False, trigger
        if meaning and meaning.objects:
            return meaning.code, meaning.equal, meaning.reverse, trigger
        for stance in stances:
            if stance == "SAY":
                continue
            noun = self.c.noun(p.region[0], min(p.region[1], p.end + 7)) if not p.passive else None
            if noun and (self.c.apart(p.end, noun[2]) or (stance == "AGREE" and noun[0] > "09")):
                continue  # "gave him a hearing during the war", "promised to end the war"
            vague = stance == "WILL" and (
                p.lemma not in ("seek", "want", "propose", "plan") or (noun and noun[0] > "09")
            )
            if noun and not vague and (code := composed(stance, noun[0])):
                return code, noun[1], False, (*trigger, self.c.t.span(noun[2], noun[3]))
        if meaning:
            return meaning.code, meaning.equal, meaning.reverse, trigger
        default = {"AGREE": "030", "DEMAND": "100", "APPEAL": "020", "REJECT": "120", "THREATEN": "130"}
        return next((default[s] for s in stances if s in default), None), False, False, trigger

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
            if other and hostile and self._sector(chain.subject) in _SPEAKERS:
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

    def _sector(self, members: list[int]) -> str:
        return self.codes[members[0]].partition("+")[2] if members else "-"

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
        targets = [t for t in targets if t not in sources or (len(sources) == 1 and "+" in t)] or (
            targets if not equal else []
        )
        if not any(code and code not in SECTORS for code in (*sources, *targets)):
            return None  # nobody is named: "a protester demolished the building"
        if equal and not sources:
            sources, targets, source, target = targets, [], target, []
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
