import os
import subprocess
import sys

import numpy as np
import pytest
from numba import carray

from impl.kernels import experts, matvec, q4_k, q6_k, routing, side_by_side, swiglu
from impl.kernels.compile import (
    DIGEST,
    FLOAT_POINTER,
    FLOATS_OUT,
    INTEGER,
    KEPT,
    digest_of,
    helper,
    kernel,
    native,
    remove_stale,
)

KERNELS = [
    *(q4_k.decode_rows, q6_k.decode_rows, swiglu.swiglu, routing.router_logits, routing.choose),
    *(experts.run_experts, matvec.run_matvec),
    *(side_by_side.router_logits, side_by_side.run_experts, side_by_side.run_matvec),
]


@pytest.mark.parametrize("compiled", KERNELS, ids=lambda compiled: f"{compiled.__module__}.{compiled.__name__}")
def test_each_kernel_is_compiled_once_for_all_dimensions(compiled):
    assert len(compiled.signatures) == 1
    with pytest.raises(TypeError):
        compiled(*(np.zeros(3, np.complex128) for _ in compiled.signatures[0]))
    assert len(compiled.signatures) == 1


def test_products_are_not_fused_with_sums():
    @helper
    def product_plus(a, b, c):
        return a * b + c

    @kernel(FLOATS_OUT)
    def into(values):
        values[0] = product_plus(values[0], values[1], values[2])

    # (1 + u)^2 - (1 + 2u) is u^2 with a fused multiply-add and 0 without.
    u = np.float32(2**-12)
    values = np.array([1 + u, 1 + u, -(1 + 2 * u)], np.float32)
    into(values)
    assert values[0] == 0


def test_what_was_compiled_from_other_sources_is_removed(tmp_path):
    (tmp_path / "deep/__pycache__").mkdir(parents=True)
    (tmp_path / "kernel.py").write_text("1")
    (tmp_path / "deep/helper.py").write_text("2")
    digest = digest_of(tmp_path)
    names = [f"f_{digest}-3.py311.{end}" for end in ("nbi", "1.nbc")]
    for name in (*names, "f_0123456789ab-3.py311.nbi", "f_0123456789ab-3.py311.1.nbc", "f-3.py311.nbi", "f.pyc"):
        (tmp_path / "deep/__pycache__" / name).touch()
    remove_stale(tmp_path, digest)
    assert {path.name for path in (tmp_path / "deep/__pycache__").iterdir()} == {*names, "f.pyc"}


def test_the_digest_is_of_contents_and_names_and_not_of_times(tmp_path):
    source = tmp_path / "helper.py"
    source.write_text("x = 1")
    digest = digest_of(tmp_path)
    os.utime(source, (1, 1))
    assert digest_of(tmp_path) == digest
    source.write_text("x = 2")
    os.utime(source, (1, 1))  # of the same time and size
    changed = digest_of(tmp_path)
    source.rename(tmp_path / "other.py")
    assert len({digest, changed, digest_of(tmp_path)}) == 3


def test_kernels_are_kept_under_the_digest_of_their_sources():
    for compiled in KERNELS:
        assert compiled.py_func.__qualname__ == f"{compiled.__name__}_{DIGEST}"


def test_every_helper_has_a_name_of_its_own():
    def made(constant):
        def scaled(x):
            return x * constant

        return helper(scaled)

    assert made(2)(3) == 6
    with pytest.raises(ValueError, match=r"two helpers are called .*made\.<locals>\.scaled"):
        made(5)


MULTIPLY = """
import numpy as np
from impl.kernels.matvec import run_matvec

rng = np.random.default_rng(1)
for qtype, size, scales in ((12, 144, (0, 2)), (14, 210, (208,))):
    blocks = rng.integers(0, 256, (8, size), np.uint8)
    for at in scales:
        blocks[:, at : at + 2] = np.array([0.1], np.float16).view(np.uint8)
    for levels in (False, True):
        out = np.empty(4, np.float32)
        run_matvec(levels, qtype, blocks.reshape(-1), rng.standard_normal(512).astype(np.float32), out)
        print(out.tobytes().hex())
"""


def test_kernels_compiled_by_several_processes_work_together(tmp_path):
    """Two processes that start with an empty cache fill it between them, each with its own numbers in the names."""

    def multiply():
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
        run = subprocess.run([sys.executable, "-c", MULTIPLY], env=environment, check=True, capture_output=True)
        return run.stdout

    first = multiply()
    compiled = list(tmp_path.rglob("products.*_levels_*.nbi"))
    assert len(compiled) == 2
    for index in compiled:
        index.unlink()
    assert multiply() == first  # compiled anew
    assert multiply() == first  # and loaded


def test_importing_the_package_loads_no_compiler():
    code = "import sys, impl.subjects, impl.loader; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@native(FLOAT_POINTER, INTEGER)
def doubled(values, size):
    for i in range(size):
        carray(values, (size,))[i] *= 2


@kernel(FLOATS_OUT)
def doubled_twice(values):
    doubled(values.ctypes, values.size)
    doubled(values.ctypes, values.size)


def test_a_native_kernel_is_called_by_its_symbol_and_kept():
    values = np.array([1, 2, 3], np.float32)
    doubled_twice(values)
    assert values.tolist() == [4, 8, 12]
    assert [kept.__name__ for kept in KEPT].count("doubled") == 1
