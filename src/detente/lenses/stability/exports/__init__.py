"""How is a game written with what holds in it? As a strategic form for Gambit, or as a graph."""
