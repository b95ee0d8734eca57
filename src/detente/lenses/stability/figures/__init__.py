"""What does the stability lens draw? The graph of states and moves, and outcomes by concept."""
