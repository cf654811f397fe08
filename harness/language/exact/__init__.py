"""Evaluation in float64 with a bound on what any float32 evaluation may differ by."""
