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
