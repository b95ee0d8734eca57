"""Slow, literal solvers: what the fast ones in the source are held against."""
