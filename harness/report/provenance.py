"""From what a report was made: the harness, the subject, packages, the machine; by digest where there are files."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from harness import __version__
from harness.search.seed import DERIVED
from harness.shipped import DATA

PACKAGES = ("hypothesis", "llvmlite", "ml_dtypes", "numba", "numpy")  # those that a value or a case depends on
THREADS = ("MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
SHIPPED = (".py", ".json", ".yaml", ".j2")
FEATURES = frozenset({
    "sse4_2", "avx", "avx2", "fma", "f16c", "avx_vnni", "avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni",
    "avx512_bf16", "avx512_fp16", "amx_int8", "amx_bf16", "asimd", "asimddp", "asimdhp", "sve", "sve2", "bf16", "i8mm",
})  # fmt: skip  # those that change how a kernel computes
LISTED = 400
CPU = Path("/proc/cpuinfo")


def provenance(subject: str, files: Mapping[str, str], model: str) -> dict[str, Any]:
    """`files`: the subject's own, with their digests. What is not known is an empty text."""
    return {
        "harness": {"version": __version__, "digest": harness_digest()},
        "subject": made_of(subject, files),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "packages": {name: _version(name) for name in PACKAGES},
        "platforms": [machine()],
        "threads": {name: os.environ[name] for name in THREADS if name in os.environ},
        "seeds": DERIVED,
        "model": _model(model),
    }


def made_of(subject: str, files: Mapping[str, str]) -> dict[str, Any]:
    """The subject's files, the first of them listed, and one digest of all; "" where none are known."""
    listed = [{"path": path, "digest": files[path]} for path in sorted(files)]
    return {"name": subject, "digest": combined_digest(files) if files else "", "files": listed[:LISTED],
            "count": len(listed)}  # fmt: skip


@cache
def harness_digest() -> str:
    """Of every file of the harness itself: another harness may come to another verdict.

    Shipped contracts are not part of it: a record has the digest of each contract that was run.
    """
    root = Path(__file__).resolve().parent.parent
    files = (path for path in root.rglob("*") if path.suffix in SHIPPED and path.is_file())
    own = [path for path in files if not path.is_relative_to(DATA)]
    return combined_digest({path.relative_to(root).as_posix(): file_digest(path) for path in own})


def combined_digest(files: Mapping[str, str]) -> str:
    """One digest of many files: of their paths and digests, in the order of the paths."""
    text = "".join(f"{files[path]}  {path}\n" for path in sorted(files))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def machine() -> dict[str, Any]:
    """The kind of machine; its name is no part of it."""
    described = _cpu()
    flags = set(described.get("flags", described.get("Features", "")).split())
    return {
        "system": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "cpu": described.get("model name", ""),
        "features": sorted(flags & FEATURES),
        "libc": " ".join(platform.libc_ver()).strip(),
    }


def _cpu() -> dict[str, str]:
    """What Linux says of the first processor; nothing elsewhere."""
    try:
        text = CPU.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    first = text.partition("\n\n")[0]
    pairs = (line.partition(":") for line in first.splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _model(path: str) -> dict[str, Any] | None:
    file = Path(path)
    if not path or not file.is_file():  # what is no file is refused where it is opened
        return None
    return {"path": path, "bytes": file.stat().st_size, "digest": file_digest(file)}
