"""What do the figures of this lens show? What an assumption shifts, how firm futures are, and what moves what."""
