import platform
import shutil
import subprocess
import sys

import numpy as np
import pytest

from harness.subjects.floating_point import (
    default_floating_point_state,
    floating_point_state,
    set_floating_point_state,
)
from harness.subjects.surroundings import Surroundings

needs_flush = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64" or shutil.which("cc") is None,
    reason="needs a C compiler, and a processor whose flush-to-zero bit the test knows how to set",
)


@pytest.fixture(scope="session")
def flushing(tmp_path_factory):
    """A shared library that sets flush-to-zero when it is loaded, as those built with -ffast-math do."""
    import ctypes

    folder = tmp_path_factory.mktemp("flushing")
    (folder / "fast.c").write_text(
        "#include <xmmintrin.h>\n"
        "__attribute__((constructor)) static void fast(void) { _mm_setcsr(_mm_getcsr() | 0x8040); }\n"
        "void flush(void) { fast(); }\n"
    )
    subprocess.run(["cc", "-shared", "-fPIC", "-o", "fast.so", "fast.c"], cwd=folder, check=True)
    before = floating_point_state()
    library = ctypes.CDLL(str(folder / "fast.so"))
    set_floating_point_state(before)
    return library


def subnormals_are_zero():
    return bool(np.float32(1e-40) * np.float32(1) == 0)


@needs_flush
def test_flush_to_zero_is_set_back(flushing):
    assert not subnormals_are_zero()
    before = floating_point_state()
    flushing.flush()
    assert subnormals_are_zero()
    flushed = floating_point_state()
    set_floating_point_state(before)
    assert not subnormals_are_zero()
    set_floating_point_state(flushed)
    assert subnormals_are_zero()
    default_floating_point_state()
    assert not subnormals_are_zero()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no <fenv.h> to be found")
def test_the_state_can_be_read_and_set():
    state = floating_point_state()
    assert len(state) > 8
    set_floating_point_state(state)
    set_floating_point_state(b"")
    assert np.float32(1e-40) * np.float32(1) > 0


@needs_flush
def test_a_subject_that_flushes_does_so_in_its_calls_alone(flushing):
    surroundings = Surroundings()
    with surroundings.entered():
        flushing.flush()
    assert not subnormals_are_zero() and surroundings.flushes()
    with surroundings.entered():
        assert subnormals_are_zero()
    assert not subnormals_are_zero()
