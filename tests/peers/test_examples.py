"""torch's kernels survive the contracts of the examples that it has the kernel of.

It needs torch: `tox run -e peers`.
"""

from __future__ import annotations

import pytest

from harness.search.outcome import SURVIVED
from tests.example_kernels import WITH_TORCH, kernels, outcomes

pytestmark = pytest.mark.peers


@pytest.mark.parametrize("name", WITH_TORCH)
def test_torch_survives(name: str) -> None:
    right = kernels(name, "torch_kernels").RIGHT
    assert right
    for kernel in right:
        for outcome in outcomes(name, kernel):
            assert outcome.verdict == SURVIVED, (kernel.__name__, outcome.falsifier, outcome.reason)
