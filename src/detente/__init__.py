"""Analyse international negotiations."""
