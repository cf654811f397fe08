import os
import signal
import threading

import pytest

from harness.subjects.interrupt import Interrupted, user_interrupts


def test_ctrl_c_is_told_apart_inside_and_is_as_before_outside():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(Interrupted), user_interrupts():
        os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_other_threads_get_no_signals():
    entered = []

    def inside():
        with user_interrupts():
            entered.append(True)

    thread = threading.Thread(target=inside)
    thread.start()
    thread.join()
    assert entered
