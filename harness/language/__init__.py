"""The expression language: syntax, kinds and shapes, and its two evaluations."""
