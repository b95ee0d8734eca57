"""What is told of a game, in words and rows, wherever it is shown: what holds, how one moves, by which concept."""
