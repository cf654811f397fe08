"""How kernels are compiled, and the types their signatures name.

Compiled code is kept on disk beside its source. Numba compiles a function anew when its own file changes, but not
when something it calls in another file does, so whatever is older than the newest file here is removed first.

``native`` kernels are compiled once, for themselves, and called through their symbol by whatever uses them: inlined
into each of their callers they would be optimised again for every one of them, which took three times as long.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import llvmlite.binding
from numba import cfunc, njit, types

# Read-only so that a memory map and an ordinary array meet the same signature: Numba converts writable to
# read-only, never back, and without a signature it would compile each kernel once per combination.
BYTES = types.Array(types.uint8, 1, "C", readonly=True)
FLOATS = types.Array(types.float32, 1, "C", readonly=True)
FLOATS_OUT = types.Array(types.float32, 1, "C")
IDS_OUT = types.Array(types.int64, 1, "C")
FLOAT_TABLE = types.Array(types.float32, 2, "C", readonly=True)
FLOAT_TABLE_OUT = types.Array(types.float32, 2, "C")
ID_TABLE = types.Array(types.int64, 2, "C", readonly=True)
ID_TABLE_OUT = types.Array(types.int64, 2, "C")

INTEGER = types.int64
BYTE_POINTER = types.CPointer(types.uint8)
FLOAT_POINTER = types.CPointer(types.float32)
INTEGER_POINTER = types.CPointer(types.int64)

Decorator = Callable[[Callable[..., Any]], Any]


def kernel(*arguments: types.Type, returns: types.Type = types.none) -> Decorator:
    """Compile for exactly these argument types, at import (from the on-disk cache after the first time)."""
    compiler: Decorator = njit(returns(*arguments), cache=True, nogil=True, error_model="numpy")
    return compiler


def threaded(*arguments: types.Type) -> Decorator:
    """As ``kernel``, for a function with ``prange`` loops."""
    compiler: Decorator = njit(types.none(*arguments), cache=True, nogil=True, error_model="numpy", parallel=True)
    return compiler


def helper(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that kernels call and that LLVM is free to inline into them. Its name must be its own.

    Its code is kept with each kernel that calls it, and found by its name and a number. The number counts what one
    process compiled, so two kernels compiled in two processes may give it to two functions; those of one name would
    then be taken for each other. A factory that makes several sets the ``__qualname__`` of each.
    """
    name = f"{function.__module__}.{function.__qualname__}"
    if name in HELPERS:
        raise ValueError(f"two helpers are called {name}")
    HELPERS.add(name)
    compiled: Callable[..., Any] = njit(error_model="numpy")(function)
    return compiled


def native(*arguments: types.Type) -> Decorator:
    """Compile a function without result for the C calling convention, as ``kernel`` does.

    What comes out can be called in compiled code only. An array is passed as ``array.ctypes``.
    """

    def compiler(function: Callable[..., Any]) -> Any:
        signature = types.void(*arguments)
        compiled = cfunc(signature, cache=True, error_model="numpy")(function)
        symbol = f"{function.__module__}.{function.__qualname__}"
        llvmlite.binding.add_symbol(symbol, compiled.address)
        KEPT.append(compiled)  # its machine code would go with it
        return types.ExternalFunction(symbol, signature)

    return compiler


KEPT: list[Any] = []
HELPERS: set[str] = set()


def remove_stale(folder: Path) -> None:
    """Remove the indices of kernels compiled before the newest source file below ``folder`` was written."""
    newest = max(source.stat().st_mtime for source in folder.rglob("*.py"))
    for index in folder.rglob("__pycache__/*.nbi"):
        # Another process may have removed it already; an installation that is read-only does not change.
        with suppress(OSError):
            if index.stat().st_mtime < newest:
                index.unlink()


remove_stale(Path(__file__).parent)
