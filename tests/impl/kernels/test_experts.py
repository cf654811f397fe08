"""Grouping; what the layer computes is tested in tests/impl/test_layer.py."""

import numpy as np
import pytest

from impl.kernels.experts import grouped, slab


@pytest.mark.parametrize(("tokens", "k", "count"), [(1, 1, 1), (1, 3, 8), (5, 2, 3), (40, 4, 16)])
def test_pairs_are_taken_expert_by_expert_and_token_by_token(tokens, k, count):
    rng = np.random.default_rng(tokens)
    experts = np.stack([rng.permutation(count)[:k] for _ in range(tokens)])
    pairs, of_tokens, begins = grouped(experts, count)
    assert sorted(pairs) == list(range(tokens * k))
    assert begins[0] == 0
    assert begins[-1] == tokens * k
    for expert in range(count):
        group = slice(begins[expert], begins[expert + 1])
        assert (experts.reshape(-1)[pairs[group]] == expert).all()
        assert (np.diff(pairs[group]) > 0).all()
        assert (of_tokens[group] == pairs[group] // k).all()


def test_a_slab_is_one_experts_bytes():
    tensor = np.arange(12, dtype=np.uint8)
    assert slab(tensor, 2, np.zeros(5, np.int64)).tolist() == [6, 7, 8]
