"""How every kernel is compiled, and the array types its signature names.

Compiled kernels are kept on disk beside their source. Numba compiles a kernel anew when its own file changes,
but not when a helper in another file does, so whatever is older than the newest file here is removed first.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from numba import njit, types

# Read-only so that a memory map and an ordinary array meet the same signature: Numba converts writable to
# read-only, never back, and without a signature it would compile each kernel once per combination.
BYTES = types.Array(types.uint8, 1, "C", readonly=True)
FLOATS = types.Array(types.float32, 1, "C", readonly=True)
FLOATS_OUT = types.Array(types.float32, 1, "C")
IDS_OUT = types.Array(types.int64, 1, "C")


def kernel(
    *arguments: types.Type, returns: types.Type = types.none
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Compile for exactly these argument types, at import (from the on-disk cache after the first time)."""
    compiler: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(
        returns(*arguments), cache=True, nogil=True, error_model="numpy"
    )
    return compiler


def helper(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that kernels call and that LLVM is free to inline into them."""
    compiled: Callable[..., Any] = njit(error_model="numpy")(function)
    return compiled


def remove_stale(folder: Path) -> None:
    """Remove the indices of kernels compiled before the newest source file in ``folder`` was written."""
    newest = max(source.stat().st_mtime for source in folder.glob("*.py"))
    for index in (folder / "__pycache__").glob("*.nbi"):
        # Another process may have removed it already; an installation that is read-only does not change.
        with suppress(OSError):
            if index.stat().st_mtime < newest:
                index.unlink()


remove_stale(Path(__file__).parent)
