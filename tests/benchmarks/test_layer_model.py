import numpy as np
import pytest
from gguf import GGMLQuantizationType
from gguf.quants import dequantize

from benchmarks.layer_model import EXPERTS, HIDDEN, TOP_K, Layer, fill_q4_k, fill_q6_k, tokens_for


@pytest.mark.parametrize(
    ("fill", "size", "kind"), [(fill_q4_k, 144, GGMLQuantizationType.Q4_K), (fill_q6_k, 210, GGMLQuantizationType.Q6_K)]
)
def test_weights_have_the_mean_and_deviation_asked_for(fill, size: int, kind: GGMLQuantizationType) -> None:
    blocks = np.empty((2000, size), np.uint8)
    fill(blocks.reshape(-1), 0.02, np.random.default_rng(0))
    values = dequantize(blocks, kind).astype(np.float64)
    assert np.isfinite(values).all()
    assert abs(values.mean()) < 0.02 * 0.01
    assert values.std() == pytest.approx(0.02, rel=0.1)
    assert len(np.unique(blocks[:, -60:])) == 256 or size == 144


def test_tokens_go_where_they_are_to_go() -> None:
    class Router(Layer):
        def __init__(self) -> None:
            rng = np.random.default_rng(0)
            self.router = (rng.standard_normal((EXPERTS, HIDDEN)) / HIDDEN**0.5).astype(np.float32)

    layer, rng = Router(), np.random.default_rng(1)
    sets = np.array([rng.choice(EXPERTS, TOP_K, replace=False) for _ in range(20)])
    hidden = tokens_for(sets, layer, np.linalg.pinv(layer.router.astype(np.float64)), rng)
    logits = hidden.astype(np.float64) @ layer.router.T.astype(np.float64)
    best = np.argsort(-logits, 1)[:, :TOP_K]
    assert np.array_equal(np.sort(best), np.sort(sets))
    assert 0.9 < hidden.std() < 1.2
