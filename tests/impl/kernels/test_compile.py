import os
import subprocess
import sys

import numpy as np
import pytest
from numba import carray

from impl.kernels import experts, matvec, q4_k, q6_k, routing, side_by_side, swiglu
from impl.kernels.compile import FLOAT_POINTER, FLOATS_OUT, INTEGER, KEPT, helper, kernel, native, remove_stale

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


def test_kernels_older_than_a_helper_are_compiled_anew(tmp_path):
    (tmp_path / "__pycache__").mkdir()
    for name, age in {
        "helper.py": 50,
        "kernel.py": 100,
        "__pycache__/old.nbi": 70,
        "__pycache__/new.nbi": 30,
    }.items():
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (10**9 - age, 10**9 - age))
    remove_stale(tmp_path)
    assert [path.name for path in (tmp_path / "__pycache__").iterdir()] == ["new.nbi"]


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
    compiled = list(tmp_path.rglob("products.*_levels-*.nbi"))
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
