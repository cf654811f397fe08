"""Contracts as data: reading, shape, meaning of the fields."""
