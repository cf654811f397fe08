"""Write a requirements file that pins every dependency of pyproject.toml to its lower bound.

Usage: lowest_bounds.py OUTPUT
"""

import re
import sys
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
EXTRAS = ("impl", "pytest")
GROUP = "test"


def pinned(requirement: str) -> str:
    """`name>=1.2` as `name==1.2`; any other form has no single lowest version and is refused."""
    match = re.fullmatch(r"([A-Za-z0-9._-]+)>=([0-9.]+)", requirement)
    if match is None:
        raise SystemExit(f"{PYPROJECT.name}: expected NAME>=VERSION, got {requirement!r}")
    name, version = match.groups()
    return f"{name}=={version}"


def main(output: Path) -> None:
    """Pin the dependencies, those of the extras that the tests need, and those of the test group."""
    document = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))
    project = document["project"]
    extras = [each for name in EXTRAS for each in project["optional-dependencies"][name]]
    requirements = project["dependencies"] + extras + document["dependency-groups"][GROUP]
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text("".join(f"{pinned(each)}\n" for each in requirements), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
