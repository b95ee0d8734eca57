"""How sure is an outcome, whose doubt decides it, what should be found out next, and what would flip it?"""
