"""Results that a function does not return but writes into arrays of the caller's: `updates` of a contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.language.infer import SubjectType


def gathered(subject: SubjectType, arguments: Mapping[str, Any], returned: Any) -> Any:
    """All results of a call by name: what was returned, and copies of what was updated.

    What was returned is passed on as it is where it is no mapping, and where the function updates nothing.
    """
    if not subject.updates or not isinstance(returned, Mapping | None):
        return returned
    updated = {name: np.array(arguments[name]) for name in subject.updates if name in arguments}
    return {**(returned or {}), **updated}


def delivered(subject: SubjectType, arguments: Mapping[str, Any], results: Any) -> Any:
    """What a function returns of all its results; the others are written into the arguments."""
    if not subject.updates or not isinstance(results, Mapping):
        return results
    for name in subject.updates:
        if name in results:
            np.copyto(arguments[name], results[name])
    return {name: value for name, value in results.items() if name not in subject.updates}


def copied(subject: SubjectType, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call, with copies of those that it updates: they hold what they do now, whatever follows."""
    return {name: np.array(value) if name in subject.updates else value for name, value in arguments.items()}
