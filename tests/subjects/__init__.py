"""Implementations to try the contracts on: a plain correct one, correct variants of it, and faulty ones."""
