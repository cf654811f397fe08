"""Whether a kernel runs on threads, and on which.

Numba starts a parallel region in about 2 us with OpenMP, and in about 90 us with its own work queue: so OpenMP is
asked for, and where it is missing that is said once. Results do not depend on any of this: a kernel's threads divide
the rows, and a row is computed by the same instructions wherever it is.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any, Final

from impl.errors import InvalidShape

WORTH_A_THREAD: Final = 2**17
"""Weights below which handing rows to a thread costs more than computing them."""

NO_OPENMP: Final = (
    "no OpenMP for Numba's threads (its library libgomp.so.1 is missing; Debian's package is libgomp1): results are "
    "the same, but every parallel region costs some 90 us instead of 2 us"
)
FORKED: Final = (
    "this process was forked from one that had started OpenMP threads, which a child cannot use: kernels run on one "
    "thread here, with the same results (start processes by `spawn` or `forkserver` to have threads in them)"
)

_one_at_a_time = Lock()
_state: dict[str, bool] = {"started": False, "forked": False}


def run(kernel: Callable[..., Any], threads: int, weights: int, *arguments: Any) -> None:
    """``kernel(*arguments)``, in parts on threads where there are ``weights`` enough for more than one.

    The kernel has a namesake in ``impl.kernels.side_by_side``. Raises InvalidShape for less than one thread.
    """
    if threads < 1:
        raise InvalidShape(f"threads must be at least 1, got {threads}")
    parts = min(threads, weights // WORTH_A_THREAD)
    if parts <= 1 or not _may_start():
        kernel(*arguments)
        return
    import numba

    from impl.kernels import side_by_side

    on_threads = getattr(side_by_side, kernel.__name__)
    before = numba.get_num_threads()
    numba.set_num_threads(min(parts, numba.config.NUMBA_NUM_THREADS))
    _state["started"] = True
    try:
        if has_openmp():
            on_threads(parts, *arguments)
        else:
            with _one_at_a_time:  # the work queue ends the process where two threads use it at once
                on_threads(parts, *arguments)
    finally:
        numba.set_num_threads(before)


@cache
def has_openmp() -> bool:
    """Whether Numba has OpenMP; asks for it before the first parallel region, and says once where it is missing."""
    import numba

    if numba.config.THREADING_LAYER not in ("default", "omp"):  # somebody has chosen
        return bool(numba.config.THREADING_LAYER in ("tbb", "safe", "threadsafe"))
    try:
        import numba.np.ufunc.omppool  # only whether it can be loaded
    except ImportError:
        warnings.warn(NO_OPENMP, RuntimeWarning, stacklevel=2)
        return False
    numba.config.THREADING_LAYER = "omp"
    return True


def _may_start() -> bool:
    if _state["forked"]:
        _say_forked()
        return False
    return True


@cache
def _say_forked() -> None:
    warnings.warn(FORKED, RuntimeWarning, stacklevel=2)


def _after_fork() -> None:
    _state["forked"] = _state["forked"] or _state["started"]


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
