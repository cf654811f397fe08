"""Small projects that the gate is run on: edits, the bumps that they need, and git."""

import subprocess
from datetime import date
from pathlib import Path

TODAY = date(2027, 1, 15)
MINOR = ("features: {min: 1, max: 8}", "features: {min: 1, max: 9}")
MAJOR = ("features: {min: 1, max: 8}", "features: {min: 1, max: 7}")
PATCH = ("title: The best k of some scores", "title: The best k of a few scores")
NEXT = {"patch": "1.0.1", "minor": "1.1.0", "major": "2.0.0"}


def version(text):
    return ("version: 1.0.0", f"version: {text}")


def git(*arguments, cwd="."):
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments], cwd=cwd, check=True,
                   capture_output=True)  # fmt: skip


def ids(result):
    return [problem.id for problem in result.findings]


def waive(key, expires="2027-06-30", **more):
    path = Path("contracts/waivers/gate.yaml")
    path.parent.mkdir(exist_ok=True)
    extra = "".join(f", {name}: {value}" for name, value in more.items())
    path.write_text(f'waivers:\n  - {{key: "{key}", reason: "agreed with all users", expires: "{expires}"{extra}}}\n')
