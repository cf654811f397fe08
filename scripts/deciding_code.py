"""Hold the code that decides kills against the versions in harness/teeth/versions.py, or acknowledge that it changed.

`python scripts/deciding_code.py --check` says whether that code is as it was when its version was last acknowledged in
tests/data/deciding.json. `python scripts/deciding_code.py "REASON"` acknowledges it as it is now. Code is compared
without comments, docstrings and layout; a module without code does not count.
"""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.teeth.versions import VERSIONS

ROOT = Path(__file__).resolve().parent.parent
ACKNOWLEDGED = ROOT / "tests" / "data" / "deciding.json"
# What each version stands for, of harness/. The longest path that fits a file decides.
DECIDES = {
    "language": ("contract", "judge", "language", "program", "search", "subjects"),
    "teeth": ("language/mutate", "teeth"),
}
SHORTEST = 12  # characters of a reason
DIGITS = 16  # of a digest

Files = dict[str, str]


def code_that_decides(root: Path) -> dict[str, Files]:
    """By version, the digest of every file that has code; `root`: the folder that `harness/` is in."""
    found: dict[str, Files] = {name: {} for name in DECIDES}
    folders = {folder: name for name, below in DECIDES.items() for folder in below}
    for path in sorted((root / "harness").rglob("*")):
        where = path.relative_to(root / "harness").as_posix()
        fitting = [folder for folder in folders if where.startswith(f"{folder}/")]
        digest = digest_of(path) if fitting and path.suffix in (".py", ".json") else ""
        if digest and path.name != "versions.py":
            found[folders[max(fitting, key=len)]][f"harness/{where}"] = digest
    return found


def digest_of(path: Path) -> str:
    """What a file does as a short digest, or "" where it does nothing."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        told = json.dumps(_without_descriptions(json.loads(text)), sort_keys=True)
    else:
        told = "".join(_told(ast.parse(text)))
        if told == "".join(_told(ast.parse(""))):
            return ""
    return hashlib.sha256(told.encode()).hexdigest()[:DIGITS]


def _told(value: object) -> Iterator[str]:
    """A syntax tree as text, the same in every version of Python: what is empty or absent is left out."""
    if isinstance(value, ast.Constant):
        yield f"{type(value.value).__name__} {value.value!r};"
    elif isinstance(value, ast.AST):
        yield f"({type(value).__name__}"
        for name, part in ast.iter_fields(value):
            said = _without_docstring(part) if name == "body" and isinstance(part, list) else part
            if said is not None and said != []:
                yield f" {name}="
                yield from _told(said)
        yield ")"
    elif isinstance(value, list):
        for part in value:
            yield from _told(part)
    else:
        yield f"{value!r};"


def _without_docstring(body: list[ast.AST]) -> list[ast.AST]:
    """The statements without texts that stand alone."""
    return [
        part
        for part in body
        if not (
            isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) and isinstance(part.value.value, str)
        )
    ]


def _without_descriptions(value: Any) -> Any:
    """A JSON Schema without what it says to readers."""
    if isinstance(value, dict):
        return {
            key: _without_descriptions(part)
            for key, part in value.items()
            if key not in ("description", "title") or not isinstance(part, str)
        }
    return [_without_descriptions(part) for part in value] if isinstance(value, list) else value


def changes(acknowledged: Mapping[str, Any], now: Mapping[str, Files], versions: Mapping[str, int]) -> Iterator[str]:
    """What is not acknowledged, each as a sentence with what to do."""
    for name, files in now.items():
        known = acknowledged.get(name, {"version": 0, "files": {}})
        differ = sorted(path for path in {*files, *known["files"]} if files.get(path) != known["files"].get(path))
        raised = known["version"] != versions[name]
        if differ and not raised:
            yield (
                f"code that decides kills has changed, and {name.upper()} in harness/teeth/versions.py is still "
                f"{versions[name]}: {_listed(differ)}\n"
                f"  If a verdict or a kill can be another than before: raise {name.upper()}, run `harness teeth`, "
                "commit contracts/teeth/.\n"
                '  In either case: python scripts/deciding_code.py "no verdict changes, because ..." (or what changes)'
            )
        elif differ or raised:
            yield (
                f"{name.upper()} is {versions[name]}, acknowledged is {known['version']}: say what is another verdict "
                'or kill now: python scripts/deciding_code.py "..."'
            )


def _listed(paths: list[str]) -> str:
    more = f" and {len(paths) - 8} more" if len(paths) > 8 else ""
    return ", ".join(paths[:8]) + more


def read(path: Path) -> dict[str, Any]:
    """What was acknowledged last; nothing where there is no file."""
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return stored


def acknowledge(path: Path, now: Mapping[str, Files], reason: str) -> None:
    """Write what the code is now, with the reason at each version whose code or number changed."""
    before = read(path)
    after = {}
    for name, files in now.items():
        known = before.get(name, {})
        same = known.get("files") == files and known.get("version") == VERSIONS[name]
        why = known["because"] if same else reason
        after[name] = {"version": VERSIONS[name], "because": why, "files": files}
    path.write_text(json.dumps(after, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """The exit code: 0 where nothing is left to acknowledge."""
    now = code_that_decides(ROOT)
    found = list(changes(read(ACKNOWLEDGED), now, VERSIONS))
    if len(arguments) != 1:
        print(__doc__)
        return 2
    if not found:
        print("up to date")
        return 0
    if arguments[0] == "--check":
        print("\n".join(found))
        return 1
    if arguments[0].startswith("-") or len(arguments[0].strip()) < SHORTEST:
        print(f"give the reason in words (at least {SHORTEST} characters)")
        return 2
    acknowledge(ACKNOWLEDGED, now, arguments[0].strip())
    print(f"acknowledged in {ACKNOWLEDGED.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
