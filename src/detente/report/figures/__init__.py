"""THE FIGURES: one module per kind, each from results to a chart whose title is its finding."""
