"""What a subject leaves behind around itself, and what the judge notices of it: nothing."""

import builtins
import gc
import io
import locale
import os
import signal
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from harness.subjects.surroundings import PARTS, Surroundings, judging


def no_handler(*_):
    raise TimeoutError("an alarm of the subject")


def raising_errors(kind, flag):
    raise FloatingPointError(kind, flag)


def strange_errors():
    np.seterr(all="call")
    np.seterrcall(raising_errors)


def alarm():
    signal.signal(signal.SIGALRM, no_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.01)


LEFT_BEHIND = {
    "np.seterr": lambda: np.seterr(all="raise"),
    "np.seterrcall": strange_errors,
    "np.setbufsize": lambda: np.setbufsize(16),
    "np.set_printoptions": lambda: np.set_printoptions(precision=1, formatter={"float": lambda x: builtins.str(1 / 0)}),
    "warnings": lambda: warnings.simplefilter("error"),
    "locale": lambda: locale.setlocale(locale.LC_ALL, "C.UTF-8"),
    "os.chdir": lambda: os.chdir("/"),
    "sys.stdout": lambda: setattr(sys, "stdout", io.StringIO()),
    "sys.stderr": lambda: setattr(sys, "stderr", None),
    "SIGALRM": alarm,
    "SIGINT": lambda: signal.signal(signal.SIGINT, no_handler),
    "recursion limit": lambda: sys.setrecursionlimit(400),
    "digits": lambda: sys.set_int_max_str_digits(640),
    "gc": gc.disable,
    "settrace": lambda: sys.settrace(lambda *_: None),
}


def state():
    return [part.read() for part in PARTS if part.name != "floating point"]


@pytest.mark.parametrize("change", LEFT_BEHIND.values(), ids=LEFT_BEHIND)
def test_the_judge_has_its_own_state_back(change, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = state()
    with Surroundings().entered():
        change()
    assert state() == before
    signal.sigtimedwait([], 0.02)  # an alarm would end in a handler now
    with np.errstate(over="ignore"):
        assert np.float32(1e38) * np.float32(1e38) == np.inf


def test_after_an_error_too():
    before = state()
    with pytest.raises(ValueError, match="no"), Surroundings().entered():
        np.seterr(all="raise")
        raise ValueError("no")
    assert state() == before


def test_what_its_results_depend_on_a_subject_gets_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    surroundings = Surroundings()
    with surroundings.entered():
        os.chdir("data")
        np.seterr(all="raise")
    assert Path.cwd() == tmp_path
    with surroundings.entered():
        assert Path.cwd() == tmp_path / "data"
        assert np.geterr()["over"] == "warn"  # how NumPy treats errors stays the judge's
        os.chdir("..")
    with surroundings.entered():
        assert Path.cwd() == tmp_path


def test_the_judges_arithmetic_is_that_of_a_new_process():
    with np.errstate(all="raise"):
        with judging():
            assert np.geterr() == {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
        assert np.geterr()["under"] == "raise"


def test_a_process_that_a_subject_forked_ends_where_it_would_judge():
    read, write = os.pipe()
    with Surroundings().entered():
        child = os.fork()
    if not child:  # never: it would be a second test run
        os.write(write, b"judging")
    os.close(write)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert os.read(read, 10) == b""
    os.close(read)


def test_no_subject_flushes_unless_it_asks_for_it():
    assert not Surroundings().flushes()
