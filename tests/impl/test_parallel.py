import os
import threading
import time

import pytest

from impl.errors import InvalidShape
from impl.parallel import for_ranges


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 64])
@pytest.mark.parametrize("threads", [1, 2, 3, 8, 10**9])
def test_ranges_cover_everything_once(count, threads):
    seen = []
    for_ranges(count, threads, lambda first, last: seen.extend(range(first, last)))
    assert sorted(seen) == list(range(count))


def test_ranges_run_on_several_threads():
    both = threading.Barrier(2, timeout=30)
    for_ranges(2, 2, lambda first, last: both.wait())


def test_no_thread_is_refused():
    with pytest.raises(InvalidShape, match="threads must be at least 1, got 0"):
        for_ranges(3, 0, lambda first, last: None)


def test_everything_is_finished_before_an_error_comes_out():
    finished = []

    def task(first, last):
        if first == 0:
            raise ValueError("lowest")
        if last == 3:
            raise ValueError("highest")
        time.sleep(0.05)
        finished.append(first)

    with pytest.raises(ValueError, match="lowest"):
        for_ranges(3, 3, task)
    assert finished == [1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_starts_threads_of_its_own():
    for_ranges(2, 2, lambda first, last: None)
    child = os.fork()
    if child == 0:
        seen = []
        for_ranges(2, 2, lambda first, last: seen.append(first))
        os._exit(0 if sorted(seen) == [0, 1] else 1)
    deadline = time.monotonic() + 30
    while (done := os.waitpid(child, os.WNOHANG)) == (0, 0):
        if time.monotonic() > deadline:
            os.kill(child, 9)
            os.waitpid(child, 0)
            pytest.fail("the child waits for threads that it does not have")
        time.sleep(0.01)
    assert os.waitstatus_to_exitcode(done[1]) == 0
