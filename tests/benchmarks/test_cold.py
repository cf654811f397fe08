from collections import OrderedDict

import numpy as np
import pytest

from benchmarks.cold import Rotation, largest_cache
from benchmarks.layer_model import EXPERT_BYTES, EXPERTS, TOP_K, Target


class Cache:
    """Evicts what was used least recently; holds whole experts."""

    def __init__(self, size: int) -> None:
        self.places, self.held, self.hits = size // EXPERT_BYTES, OrderedDict(), 0

    def read(self, layer: int, expert: int) -> bool:
        hit = (layer, expert) in self.held
        self.held[layer, expert] = None
        self.held.move_to_end((layer, expert))
        while len(self.held) > self.places:
            self.held.popitem(last=False)
        return hit


def targets(layers: int, tokens: int, each: int, rng: np.random.Generator) -> list[Target]:
    def chosen() -> np.ndarray:
        return np.array([rng.choice(EXPERTS, TOP_K, replace=False) for _ in range(tokens)])

    return [
        Target(layer, 0, np.zeros((tokens, 1), np.float32), chosen()) for layer in range(layers) for _ in range(each)
    ]


@pytest.mark.parametrize("layers", [2, 3])
def test_no_call_finds_an_expert_in_a_cache_of_half_the_distance(layers: int) -> None:
    rng = np.random.default_rng(0)
    size = 60 * EXPERT_BYTES
    cache = Cache(size)
    rotation = Rotation(layers, 2 * size, cache.read)
    pool = {tokens: targets(layers, tokens, 3, rng) for tokens in (1, 4)}
    hits = 0
    for number in range(200):
        target = rotation.next(pool[(1, 4)[number % 2]])
        hits += sum([cache.read(target.layer, int(expert)) for expert in target.experts])
        if number == 20:
            rotation.forget()
            hits = 0
    assert hits == 0
    assert rotation.shortest >= 2 * size


def test_says_so_where_there_is_too_little_to_read() -> None:
    rotation = Rotation(1, 4 * EXPERTS * EXPERT_BYTES, lambda *_: None)
    pool = targets(1, 1, 2, np.random.default_rng(0))
    for _ in range(5):
        rotation.next(pool)
    assert rotation.shortest < rotation.needed


def test_largest_cache(tmp_path) -> None:
    for index, size in enumerate(("48K", "2M", "512K")):
        (tmp_path / f"index{index}").mkdir()
        (tmp_path / f"index{index}" / "size").write_text(size + "\n")
    assert largest_cache(tmp_path) == 2 * 2**20
    assert largest_cache(tmp_path / "nowhere") > 0
