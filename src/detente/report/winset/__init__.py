"""Is there a deal? The win-set lens's part of a brief."""
