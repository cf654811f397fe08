"""The floating-point state of the processor: rounding, flush-to-zero, traps. It belongs to the whole thread.

A library built with `-ffast-math` sets flush-to-zero when it is loaded, and every subnormal number of the process
becomes zero. The C library reads and sets that state (<fenv.h>: on x86-64 MXCSR too, on aarch64 FPCR).
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from functools import cache
from typing import Any

ROOM = 256  # bytes; a fenv_t has 32 on x86-64 Linux, 8 or 16 on aarch64
DEFAULT = ctypes.c_void_p(-1)  # FE_DFL_ENV of glibc, on x86-64 and aarch64


@cache
def _library() -> Any:
    """The C library's functions; None on systems where they are not found."""
    if sys.platform == "win32":
        return None
    for name in (None, ctypes.util.find_library("m")):
        try:
            library = ctypes.CDLL(name)
            library.fegetenv.argtypes = library.fesetenv.argtypes = (ctypes.c_void_p,)
            return library
        except (AttributeError, OSError):
            continue
    return None


def floating_point_state() -> bytes:
    """The state of this thread; empty where it cannot be read."""
    library = _library()
    if library is None:
        return b""
    state = ctypes.create_string_buffer(ROOM)
    library.fegetenv(state)
    return state.raw


def set_floating_point_state(state: bytes) -> None:
    """Put a state back."""
    if state:
        _library().fesetenv(ctypes.create_string_buffer(state, ROOM))


def default_floating_point_state() -> None:
    """Rounding to nearest, subnormal numbers, no traps; on Linux, where the default has a known name."""
    if sys.platform == "linux" and _library() is not None:
        _library().fesetenv(DEFAULT)
