"""Implementations under test: how one is loaded and called, and what it says of itself."""
