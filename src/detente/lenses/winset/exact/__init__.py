"""Is there a deal, which one, and what proves it? One draw, exact, by linear and mixed-integer programs."""
