"""The files that a subject is made of: its package's sources and binaries, by digest."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

CODE = {".py", ".so", ".pyd", ".dylib", ".dll", ".c", ".cc", ".cpp", ".cu", ".h", ".hpp", ".rs", ".pyx", ".pxd"}
MOST = 10_000  # files looked at
MAPS = Path("/proc/self/maps")


def subject_files(dotted: str) -> dict[str, str]:
    """SHA-256 by path, for a module that has been imported.

    A package is taken whole, modules not imported yet included; a module alone brings the modules beside it that are
    loaded. On Linux, shared libraries that this process has loaded from the working directory are added. Paths are
    relative to the folder that holds the package, so that they are the same on every machine.
    """
    top = sys.modules.get(dotted.partition(".")[0])
    folders = [Path(folder).resolve() for folder in getattr(top, "__path__", ())]
    if folders:
        found = {(folder.parent, path) for folder in folders for path in _below(folder)}
    else:
        file = getattr(top, "__file__", None)
        root = Path(file).resolve().parent if file else None
        found = {(root, path) for path in _loaded(root)} if root else set()
    here = Path.cwd()
    found |= {(here, path) for path in _mapped() if path.is_relative_to(here) and not _installed(path)}
    digests: dict[str, str] = {}
    for root, path in sorted(found):
        try:
            with path.open("rb") as file:
                digests.setdefault(path.relative_to(root).as_posix(), hashlib.file_digest(file, "sha256").hexdigest())
        except OSError:
            continue  # gone in the meantime, or not for us to read: not a file that was run
    return digests


def _below(folder: Path) -> Iterator[Path]:
    for path in islice(folder.rglob("*"), MOST):
        if path.suffix in CODE and "__pycache__" not in path.parts and path.is_file():
            yield path


def _loaded(root: Path) -> Iterator[Path]:
    """Modules loaded from a folder or below, those of installed packages left out."""
    for module in list(sys.modules.values()):
        name = getattr(module, "__file__", None)
        path = Path(name).resolve() if isinstance(name, str) else None
        if path is not None and path.is_relative_to(root) and not _installed(path) and _own(module.__name__):
            yield path


def _own(name: str) -> bool:
    return name != "__main__" and name.partition(".")[0] not in ("harness", "__mp_main__")


def _installed(path: Path) -> bool:
    return "site-packages" in path.parts or "dist-packages" in path.parts


def _mapped() -> Iterator[Path]:
    """Shared libraries in this process's memory; none where the system does not say."""
    try:
        lines = MAPS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return
    for name in {line.split(maxsplit=5)[5] for line in lines if line.count("/")}:
        path = Path(name)
        if ".so" in path.suffixes and path.is_file():
            yield path
