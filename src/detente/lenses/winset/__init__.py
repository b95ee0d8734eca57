"""Is there a deal that everybody who must consent would accept, which one, and who stands in the way?

Two-level games: leaders bargain abroad and must carry allies, legislatures and rivals at home (Putnam 1988).
"""
