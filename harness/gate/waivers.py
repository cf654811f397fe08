"""Accepted findings, by key, each with a reason and a last day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from harness.contract.access import entries
from harness.contract.node import YamlNode
from harness.contract.opening import is_there
from harness.contract.spans import load
from harness.findings import Finding, Place, Refused
from harness.gate.kinds import kinds
from harness.gate.problems import FIRM, PROBLEMS, Problem
from harness.gate.version import Version

FILE = Path("waivers") / "gate.yaml"  # beside the contracts, in a folder of its own: every *.yaml there is a contract
_KEYS = ("key", "reason", "expires")


@dataclass(frozen=True)
class Waiver:
    """One exception; it counts up to and including the day `expires`."""

    key: str
    reason: str
    expires: date
    place: str

    def lives(self, today: date) -> bool:
        """Whether it still counts."""
        return today <= self.expires


def read_waivers(folder: Path) -> list[Waiver]:
    """The waivers of a folder of contracts; Refused where the file is not of this form."""
    path = folder / FILE
    for misnamed in filter(is_there, [path.with_suffix(".yml")]):
        raise Refused([Finding(Place(str(misnamed)), f"waivers are read from {path.name} alone", hint="rename it")])
    if not is_there(path):
        return []
    root = load(path)
    findings: list[Finding] = []
    waivers: list[Waiver] = []
    listed = root.value.get("waivers") if isinstance(root.value, dict) else None
    if listed is None or not isinstance(listed.value, list) or len(entries(root)) != 1:
        raise Refused([Finding(root.place, "not a file of waivers", "waivers: [{key, reason, expires}]")])
    for item in listed.value:
        problem = _wrong(item)
        if problem is not None:
            findings.append(problem)
            continue
        parts = {key: str(child.value).strip() for key, child in entries(item).items()}
        waivers.append(Waiver(parts["key"], parts["reason"], date.fromisoformat(parts["expires"]), str(item.place)))
        if waivers[-1].key in {waiver.key for waiver in waivers[:-1]}:
            findings.append(Finding(item.place, f"{waivers[-1].key} is waived twice", hint="remove one of them"))
    if findings:
        raise Refused(findings)
    return waivers


def _wrong(item: YamlNode) -> Finding | None:
    expected = '{key: ..., reason: ..., expires: "2027-01-31"}'
    if not isinstance(item.value, dict) or set(item.value) != set(_KEYS):
        return Finding(item.place, "not a waiver", expected)
    for child in item.value.values():
        if not isinstance(child.value, str) or not child.value.strip():
            return Finding(child.place, "not a text", expected)
    expires = item.value["expires"]
    if _day(str(expires.value)) is None:
        return Finding(expires.place, "not a date", '"2027-01-31"', repr(expires.value))
    return None


def _day(text: str) -> date | None:
    """A day of the calendar as 2027-01-31; Python reads 20270131 and 2027-W04-7 as well."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if day.isoformat() == text.strip() else None


def waiver_problems(
    waivers: Collection[Waiver], used: Collection[str], gated: Collection[str],
    latest: Mapping[str, Version | None], today: date,
) -> Iterator[Problem]:  # fmt: skip
    """What is wrong with waivers: of no contract or kind, of what cannot be waived, expired, or of nothing.

    `latest` has the contracts that there are or were, and their last releases; only waivers of the `gated` ones can be
    told to be unused.
    """
    for waiver in waivers:
        contract, kind = (*waiver.key.split(":"), "")[:2]
        contract = contract.partition("@")[0]
        if contract not in latest or (kind not in kinds() and kind not in PROBLEMS):
            message = f"waives {waiver.key}, but there is no such {'kind' if contract in latest else 'contract'}"
            found = "waiver-unknown", message, "copy the key from the gate's output"
        elif kind in FIRM:
            raised = "declare a higher version, and waive the changes by their keys"
            hint = raised if "version" in kind else "restore it"
            found = "waiver-impossible", f"waives {waiver.key}, but no waiver accepts {kind}", hint
        elif contract not in gated:
            continue
        elif not waiver.lives(today):
            hint = "fix the finding and remove the waiver, or set a new date"
            found = "waiver-expired", f"waived {waiver.key} until {waiver.expires.isoformat()}", hint
        elif waiver.key not in used and not _served(waiver, latest[contract]):
            found = "waiver-unused", f"waives {waiver.key}, which matches no finding", "remove it"
        else:
            continue
        id, message, hint = found
        yield Problem(id, contract, waiver.key.partition(":")[2].replace(":", "-"), waiver.place, message, hint)


def _served(waiver: Waiver, latest: Version | None) -> bool:
    """Whether what it accepts was released: until that is merged, it is needed against the branch that is merged into.

    The key says since which version it waives a change, or which version it accepts.
    """
    first, *rest = waiver.key.split(":")
    since = first.partition("@")[2]
    try:
        version = Version.of(since or rest[1])
    except (ValueError, IndexError):  # of something that has no version
        return False
    return latest is not None and (version < latest if since else version <= latest)
