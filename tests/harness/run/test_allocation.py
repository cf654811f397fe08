"""What is freed is used again: pages are not cleared anew for every array."""

import subprocess
import sys

PROGRAM = """
import resource, sys
import numpy as np
from harness.run.allocation import keep_freed_memory
if sys.argv[1] == "keep":
    keep_freed_memory()
def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):  # two arrays at a time: neither is the one that was freed last
        both = [np.ones(1 << 20), np.ones(1 << 20)]
        del both
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
faults()
print(faults())
"""


def faults(how: str) -> int:
    run = subprocess.run([sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True, timeout=60)
    return int(run.stdout)


def test_pages_are_kept():
    assert faults("keep") < faults("leave") / 10
