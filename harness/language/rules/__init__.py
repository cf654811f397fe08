"""Typing rules: the types of the arguments to the type of the result, or Mismatch."""
