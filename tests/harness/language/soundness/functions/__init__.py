"""Recipes that attack the bounds of functions, one file per function; adversary.py finds them."""
