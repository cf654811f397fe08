"""How many cases a falsifier is tried on. Light: the command line names the profiles before anything heavy is loaded."""

from __future__ import annotations

PROFILES = {"smoke": 25, "ci": 200, "deep": 10_000}
DEFAULT = "ci"
