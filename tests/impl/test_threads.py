import os
import subprocess
import sys
import time

import numba
import pytest

from impl import threads
from impl.errors import InvalidShape
from impl.kernels import side_by_side


class Recorded:
    """A kernel and its namesake on threads, which say how they were called."""

    def __init__(self, monkeypatch):
        self.calls = []
        monkeypatch.setattr(side_by_side, "run_matvec", self.on_threads)

    def run_matvec(self, *arguments):
        self.calls.append(("alone", arguments))

    def on_threads(self, *arguments):
        self.calls.append(("side by side", arguments, numba.get_num_threads()))


@pytest.fixture
def recorded(monkeypatch):
    return Recorded(monkeypatch)


POOL = numba.config.NUMBA_NUM_THREADS


@pytest.mark.parametrize(
    ("asked", "weights", "expected"),
    [
        (1, 10**9, ("alone", ("x",))),
        (2, threads.WORTH_A_THREAD - 1, ("alone", ("x",))),
        (2, 2 * threads.WORTH_A_THREAD, ("side by side", (2, "x"), min(2, POOL))),
        (8, 3 * threads.WORTH_A_THREAD, ("side by side", (3, "x"), min(3, POOL))),
    ],
)
def test_threads_are_used_where_they_are_worth_it(recorded, asked, weights, expected):
    before = numba.get_num_threads()
    threads.run(recorded.run_matvec, asked, weights, "x")
    assert recorded.calls == [expected]
    assert numba.get_num_threads() == before


def test_no_thread_is_refused(recorded):
    with pytest.raises(InvalidShape, match="threads must be at least 1, got 0"):
        threads.run(recorded.run_matvec, 0, 10**9)
    assert not recorded.calls


MISSING = """
import sys, warnings
sys.modules["numba.np.ufunc.omppool"] = None
from impl import threads
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    print(threads.has_openmp(), threads.has_openmp(), [str(warning.message) == threads.NO_OPENMP for warning in said])
"""


def test_a_missing_openmp_is_said_once():
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_THREADING_LAYER"}
    result = subprocess.run(
        [sys.executable, "-c", MISSING], capture_output=True, text=True, check=True, env=environment
    )
    assert result.stdout.strip() == "False False [True]"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_computes_the_same_on_one_thread(truth):
    from impl.layer import moe_ffn_forward_layer

    case = truth.make_case(hidden=512, intermediate=512, experts=4, top_k=4)
    expected = moe_ffn_forward_layer(*case.arguments, threads=2)
    child = os.fork()
    if child == 0:
        with pytest.warns(RuntimeWarning, match="forked from one that had started OpenMP threads"):
            got = moe_ffn_forward_layer(*case.arguments, threads=2)
        os._exit(0 if got.tobytes() == expected.tobytes() else 1)
    deadline = time.monotonic() + 60
    while (done := os.waitpid(child, os.WNOHANG)) == (0, 0):
        if time.monotonic() > deadline:
            os.kill(child, 9)
            os.waitpid(child, 0)
            pytest.fail("the child waits for threads that it does not have")
        time.sleep(0.01)
    assert done[1] == 0
