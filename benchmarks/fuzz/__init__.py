"""Fuzzers of everything that is read from outside; run with `python -m benchmarks.fuzz`."""
