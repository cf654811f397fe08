"""Checked contracts: every expression parsed, typed and ready to be evaluated."""
