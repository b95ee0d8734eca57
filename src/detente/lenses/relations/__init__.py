"""Where does the relation stand, when did it turn, and how long do resets last?

The lens reads the part `relations` of a case: pairs that are followed, and a chronology of dated events, each
graded from −10 (war) to 10 (alliance) by one rule. With a store of event data it reads both directions of
every pair there.

- *Standing*: the mean grade of events, in which an event counts half after three years.
- *Turning points*: exact penalised segmentation of the graded events (or of counts), with the doubt of each date.
- *Resets*: rises of the standing by a stated step, and how long they lasted (Kaplan–Meier); beside them, how often
  resets lasted elsewhere, from published counts.

It assumes that the chronology is even: as full in good years as in bad ones, and graded by the rule. It
describes and compares; it does not say why a relation turned, nor that the next reset will go as others did.

Killick, Fearnhead & Eckley (2012), J. American Statistical Association 107:1590; Kaplan & Meier (1958), 53:457.

*Not* to be used where the two hardly dealt with each other, or where the chronology holds only what supports
a thesis.
"""
