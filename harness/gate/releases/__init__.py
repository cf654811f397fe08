"""Frozen releases: their list, their copies, and that both only grow."""
