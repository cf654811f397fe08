"""The choice between vector code and plain loops."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import sys
from impl.kernels import chosen
modules = sorted(name for name in sys.modules if name.startswith(("impl.kernels.vector", "impl.kernels.plain")))
print(chosen.VECTOR, chosen.has_vector_kernels(), {name.split(".")[2] for name in modules})
"""


def choice(**environment):
    result = subprocess.run(
        [sys.executable, "-c", CODE], env=os.environ | environment, capture_output=True, text=True, check=True
    )
    return result.stdout.strip()


def test_a_cpu_without_the_instructions_gets_plain_loops():
    assert choice(NUMBA_CPU_NAME="generic") == "False False {'plain'}"


@pytest.mark.skipif("avx512_vnni" not in Path("/proc/cpuinfo").read_text(), reason="this CPU has no AVX-512 with VNNI")
def test_a_cpu_with_them_gets_vectors():
    assert choice() == "True True {'vector'}"
