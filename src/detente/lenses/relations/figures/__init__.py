"""What does the relations lens draw? The timeline of a pair, how long resets last, and both directions in event data."""
