"""The source files and binaries of a subject's package, with their digests."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

CODE = {".py", ".so", ".pyd", ".dylib", ".dll", ".c", ".cc", ".cpp", ".cu", ".h", ".hpp", ".rs", ".pyx", ".pxd"}
MAX_FILES = 10_000  # of a folder
MAPS = Path("/proc/self/maps")


def subject_files(dotted: str) -> dict[str, str]:
    """SHA-256 by path, for a module that has been imported.

    Of a package, all files, also of modules that are not imported yet; of a single module, it and the loaded modules
    beside it. On Linux also shared libraries that this process has loaded from the working directory. Paths are
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
            continue  # deleted meanwhile or not readable: not a file that was run
    return digests


def _below(folder: Path) -> Iterator[Path]:
    for path in islice(folder.rglob("*"), MAX_FILES):
        if path.suffix in CODE and "__pycache__" not in path.parts and path.is_file():
            yield path


def _loaded(root: Path) -> Iterator[Path]:
    """The files of modules loaded from a folder or below it, without those of installed packages and of harness."""
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
    """The shared libraries that this process has loaded; none on systems without /proc."""
    try:
        lines = MAPS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return
    for name in {line.split(maxsplit=5)[5] for line in lines if line.count("/")}:
        path = Path(name)
        if ".so" in path.suffixes and path.is_file():
            yield path
