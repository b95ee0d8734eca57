"""No deal: who blocks, and what would it take?

Conflicting demands, the cheapest concessions and payments, leverage, levers on the probability of a deal, and the
two levels of the game (Putnam 1988; Schelling 1960).
"""
