"""HOW OFTEN A VOTE DECIDES   what a rule looks at, and in how many coalitions each voter turns it, exactly."""
