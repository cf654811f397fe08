"""How many cases a falsifier is tried on. Light: the command line names the profiles before it loads anything heavy."""

from __future__ import annotations

PROFILES = {"smoke": 25, "ci": 200, "deep": 10_000}
DEFAULT = "ci"
