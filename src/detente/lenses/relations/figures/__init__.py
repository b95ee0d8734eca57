"""What does the relations lens draw? The timeline of a pair, how long resets last, both directions in data."""
