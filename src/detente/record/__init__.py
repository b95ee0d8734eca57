"""How good have such answers been? Forecasts that are sealed, resolved and scored, and the methods' own record."""
