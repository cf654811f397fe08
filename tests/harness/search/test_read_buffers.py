"""A counterexample says where results depend on what an output buffer held before the call."""

from pathlib import Path

import numpy as np
import pytest

from harness.program.collection import load
from harness.search.engine import Search
from harness.search.outcome import FALSIFIED
from harness.subjects.subject import ModuleSubject

CONTRACT = Path(__file__).parents[1] / "subjects" / "caller_memory.yaml"
READ = "double() read what its output buffer held before"


def twice(key):
    return (2 * key).astype(np.float16)


def total(key):
    return {"total": key.sum(dtype=np.float32)}


class Adds:
    """What is computed is added to the buffer."""

    def double(self, *, key, out):
        out += twice(key)
        return total(key)


class TakesTheLarger:
    """NaN does not show in it: random bits do."""

    def double(self, *, key, out):
        np.fmax(out, twice(key), out=out)
        return total(key)


class OffByOne:
    """Wrong, whatever the buffer held."""

    def double(self, *, key, out):
        out[...] = twice(key) + np.float16(1)
        return total(key)


@pytest.mark.parametrize(("kernel", "read"), [(Adds, True), (TakesTheLarger, True), (OffByOne, False)])
def test_a_buffer_that_is_read_is_named(kernel, read):
    (program,) = load((str(CONTRACT),))
    outcome = Search(program, program.falsifiers[1], ModuleSubject("kernel", kernel()), 60).run()
    assert outcome.verdict == FALSIFIED
    told = READ in outcome.reason or "still hold what they held before" in outcome.reason
    assert told == read, outcome.reason
