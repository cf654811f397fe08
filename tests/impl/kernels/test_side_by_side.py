"""Every kernel on threads gives the bits that it gives on one."""

import numpy as np
import pytest

from impl.kernels import experts, matvec, routing, side_by_side

PARTS = pytest.mark.parametrize("parts", [1, 2, 3, 50])
LEVELS = pytest.mark.parametrize("levels", [False, True])


@PARTS
@LEVELS
@pytest.mark.parametrize("qtype", [12, 14])
def test_a_product(truth, qtype, levels, parts):
    rng = np.random.default_rng(parts)
    weights = truth.random_rows(rng, qtype, 37, 512)
    x = rng.standard_normal(512).astype(np.float32)
    alone, together = np.full((2, 37), np.nan, np.float32)
    matvec.run_matvec(levels, qtype, weights, x, alone)
    side_by_side.run_matvec(parts, levels, qtype, weights, x, together)
    assert alone.tobytes() == together.tobytes()
    assert not np.isnan(alone).any()


@PARTS
def test_logits(parts):
    rng = np.random.default_rng(parts)
    router = rng.standard_normal((7, 130)).astype(np.float32)
    x = rng.standard_normal((4, 130)).astype(np.float32)
    alone, together = np.full((2, 4, 7), np.nan, np.float32)
    routing.router_logits(x, router.reshape(-1), alone)
    side_by_side.router_logits(parts, x, router.reshape(-1), together)
    assert alone.tobytes() == together.tobytes()
    assert not np.isnan(alone).any()


@PARTS
@LEVELS
@pytest.mark.parametrize("qtypes", [(12, 14, 14), (14, 14, 12)])
def test_experts(truth, qtypes, levels, parts):
    rng = np.random.default_rng(parts)
    tensors = tuple(
        truth.random_rows(rng, qtype, 3 * rows, cols, 1e-3)
        for qtype, rows, cols in zip(qtypes, (40, 40, 300), (300, 300, 40), strict=True)
    )
    x = rng.standard_normal((5, 300)).astype(np.float32)
    chosen = np.stack([rng.permutation(3)[:2] for _ in range(5)])
    weights = rng.random((5, 2)).astype(np.float32)

    def results(run):
        filled = [np.full(shape, np.nan, np.float32) for shape in [(10, 40)] * 3 + [(10, 300), (5, 300)]]
        run(levels, x, chosen, weights, 3, tensors, qtypes, *filled)
        return filled

    alone = results(experts.run_experts)
    together = results(lambda *arguments: side_by_side.run_experts(parts, *arguments))
    for one, other in zip(alone, together, strict=True):
        assert one.tobytes() == other.tobytes()
        assert not np.isnan(one).any()
