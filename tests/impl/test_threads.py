import os
import subprocess
import sys
import time

import pytest

from impl import threads
from impl.errors import InvalidShape


def record(calls, name):
    return lambda *arguments: calls.append((name, arguments))


@pytest.mark.parametrize(
    ("asked", "weights", "expected"),
    [
        (1, 10**9, ("alone", ("x",))),
        (2, threads.WORTH_A_THREAD - 1, ("alone", ("x",))),
        (2, 2 * threads.WORTH_A_THREAD, ("side by side", (2, "x"))),
        (8, 3 * threads.WORTH_A_THREAD, ("side by side", (3, "x"))),
    ],
)
def test_threads_are_used_where_they_are_worth_it(asked, weights, expected):
    calls = []
    threads.run(asked, weights, record(calls, "alone"), record(calls, "side by side"), "x")
    assert calls == [expected]


def test_no_thread_is_refused():
    with pytest.raises(InvalidShape, match="threads must be at least 1, got 0"):
        threads.run(0, 10**9, print, print)


def test_the_number_of_threads_of_the_caller_is_left_alone():
    import numba

    before = numba.get_num_threads()
    seen = []
    threads.run(2, 10**9, print, lambda parts: seen.append(numba.get_num_threads()))
    assert seen == [min(2, numba.config.NUMBA_NUM_THREADS)]
    assert numba.get_num_threads() == before


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
