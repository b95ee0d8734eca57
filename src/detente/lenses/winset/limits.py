"""In how many draws is each part of the answer sought? Where fewer than asked, the result says how many.

Whether there is a deal and on what terms is decided in all draws that are asked for. What follows looks at some of
them, the first: draws are exchangeable, so these are a fair sample. A share p of n draws is blurred by chance by
2 √(p(1-p)/n) at most in 95 of 100 runs, 1/√n where it is a half. A draw of many voters takes long, such as
senators who each make up their own mind; longer where any may be left out, where discrete issues are packed, or
with very many deals. As heavy as more than `CROWD` voters, each number here is less in proportion (`few`).
"""

from __future__ import annotations

BRIEF = 2_000
"""Whether there is a deal, and on what terms, in a brief: 2.2 %. ``RunRecord.draws`` of the result."""
MARGINS = 400
"""How far inside or outside agreement each deal is: a spread of σ is blurred to σ/20. ``Margin.draws``."""
LEVERS = 1_000
"""What every consent waived and every red line softened would change: 3.1 %. ``Lever.draws``."""
CONFLICTS = 100
"""Draws without a deal whose conflicts of demands are all listed, by hundreds of questions each: 10 %.
``Blockers.examined``."""
CONCESSIONS = 20
"""Draws without a deal in which every demand is given up alone: 22 %. ``Opening.examined``."""
TIED_HANDS = 300
"""What happens as the hands of each side are tied, at eleven strengths: 5.7 %. ``CurvePoint.draws``."""
MOST_TIED = 16
"""Sides up to which the hands of each are tied; of more only the win-sets are told."""
ELSEWHERE = 40
"""Draws without a deal in a scenario whose conflicts are listed, to tell the most frequent one: 16 %."""
OBSTACLES = 400
"""What stands in the way in each scenario: 4.9 %. ``Lever.draws`` and ``Blockers.examined``."""
MOST_LISTED = 5_000
"""Packages of a deal in which somebody values settlements one by one; with more the deal is not examined."""
MOST_ASKED = 25_000_000
"""Deals times the square of voters, beyond which even the fewest draws take many minutes."""
LISTED = 5_000
"""All draws of a heavy case when the lens is run alone or versions are compared."""
CROWD = 24
"""Voters up to which all draws named here are made."""
LIGHT = 4
"""Discrete issues in one deal up to which it is as quick as others; each further one takes five times as long."""
MANY = 20
"""Deals, issues alone included, up to which all draws are made."""
LEAST = 4
"""Draws of a part that a crowd leaves at least."""


def weight(voters: int, free: int, discrete: int, deals: int = 1) -> int:
    """Return as many voters as a draw is as heavy as.

    Args:
        voters: of all deals.
        free: voters of a rule that needs none of them: coalitions of them are compared.
        discrete: issues of which only levels can be agreed, in the deal with most of them.
        deals: how many are examined.

    >>> weight(16, 0, 3), weight(102, 0, 0), weight(120, 120, 0), weight(5, 0, 8), weight(4, 0, 0, 200)
    (16, 216, 1800, 3125, 40)
    """
    compared = max(voters, voters**2 // (2 * CROWD), free**2 // 8 if free > CROWD else 0)
    return int(compared * 5 ** max(0, discrete - LIGHT) * max(deals, MANY) // MANY)


def few(draws: int, heavy: int) -> int:
    """Return how many draws of a part are looked at, each as heavy as so many voters.

    >>> few(2_000, 16), few(2_000, 102), few(20, 400)
    (2000, 470, 4)
    """
    return draws if heavy <= CROWD else min(draws, max(LEAST, draws * CROWD // heavy))
