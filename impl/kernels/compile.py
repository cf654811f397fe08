"""How kernels are compiled, and the types their signatures name.

Compiled code is kept on disk. Numba compiles a function anew when its own file has another time or size, but not when
something it calls in another file changes, nor when a file is replaced by one that keeps the time. So every name under
which code is kept ends in a digest of all sources here.

``native`` kernels are compiled once, for themselves, and called through their symbol by whatever uses them: inlined
into each of their callers they would be optimised again for every one of them, which took three times as long.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
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
    return lambda function: compiler(of_these_sources(function))


def threaded(*arguments: types.Type) -> Decorator:
    """As ``kernel``, for a function with ``prange`` loops."""
    compiler: Decorator = njit(types.none(*arguments), cache=True, nogil=True, error_model="numpy", parallel=True)
    return lambda function: compiler(of_these_sources(function))


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
        compiled = cfunc(signature, cache=True, error_model="numpy")(of_these_sources(function))
        symbol = f"{function.__module__}.{function.__qualname__}"
        llvmlite.binding.add_symbol(symbol, compiled.address)
        KEPT.append(compiled)  # its machine code would go with it
        return types.ExternalFunction(symbol, signature)

    return compiler


KEPT: list[Any] = []
HELPERS: set[str] = set()


def digest_of(folder: Path) -> str:
    """Twelve hexadecimal digits for the names and contents of all source files below ``folder``."""
    digest = sha256()
    for source in sorted(folder.rglob("*.py")):
        content = source.read_bytes()
        digest.update(f"{source.relative_to(folder).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:12]


def of_these_sources(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, under whose qualified name Numba keeps its code; the digest goes into it."""
    function.__qualname__ += f"_{DIGEST}"
    return function


def remove_stale(folder: Path, digest: str) -> None:
    """Remove what is kept below ``folder`` of kernels compiled from other sources."""
    for kept in folder.rglob("__pycache__/*.nb[ic]"):
        if f"_{digest}-" not in kept.name:
            with suppress(OSError):  # another process has removed it already, or the installation is read-only
                kept.unlink()


DIGEST = digest_of(Path(__file__).parent)
remove_stale(Path(__file__).parent, DIGEST)
