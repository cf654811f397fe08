"""Stable identity: what fails, wherever and in whatever version it is found again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from harness.search.outcome import ERROR, SURVIVED

NUMBER = re.compile(r"[-+]?\d+(\.\d+)?(e[-+]?\d+)?")
CLASS = re.compile(r"[A-Za-z_][\w.]*(?=: |$)")


def diverges(verdict: str, reason: str, example: Mapping[str, Any] | None) -> dict[str, str] | None:
    """Where subject and contract differ first, and how; None where it survived. Free of numbers."""
    if verdict == SURVIVED:
        return None
    if example is None:
        error = CLASS.match(reason) if verdict == ERROR else None
        return {"at": "", "how": f"{verdict}: {error.group()}" if error else verdict}
    evidence = example["evidence"]
    parted = (stage["equation"] for stage in example["stages"] if stage["verdict"] == "parts")
    stepped = (step["name"] for step in example["steps"] if step["verdict"] == "parts")
    at = evidence["stage"] or next(parted, "") or next(stepped, "") or evidence["equation"]
    how = NUMBER.sub("#", evidence["reason"])
    raised = CLASS.match(evidence["got"]) if "error" in evidence["reason"] else None
    return {"at": at, "how": f"{how}: {raised.group()}" if raised else how}


def fingerprint(contract: str, falsifier: str, divergence: Mapping[str, str] | None) -> str:
    """16 hexadecimal digits from the ids and from what diverges; versions, cases and numbers take no part."""
    what = ("", "") if divergence is None else (divergence["at"], divergence["how"])
    return hashlib.sha256("\0".join((contract, falsifier, *what)).encode()).hexdigest()[:16]
