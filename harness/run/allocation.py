"""Memory that a process frees stays with it: exact values are arrays of megabytes, made and freed by the thousand."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

# Of glibc's malloc.h. Pieces above the threshold are asked of the kernel one by one, which clears every page anew.
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD = -1, -2, -3
KEPT = 1 << 28  # bytes that are freed and yet kept, at most
LARGEST_KEPT = 1 << 25  # bytes of one piece; glibc takes no more
AHEAD = 1 << 24  # bytes asked for at once


def keep_freed_memory() -> None:
    """Ask glibc to reuse what is freed; elsewhere nothing happens. A third of the time of large exact values."""
    if not sys.platform.startswith("linux"):
        return
    with suppress(OSError, AttributeError):  # another C library, without mallopt
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_MMAP_THRESHOLD, LARGEST_KEPT)
        mallopt(M_TRIM_THRESHOLD, KEPT)
        mallopt(M_TOP_PAD, AHEAD)
