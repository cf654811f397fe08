import numpy as np
import pytest

from benchmarks.bandwidth import PIECE, WAYS, read_by


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("threads", [1, 2])
def test_every_word_is_read_once(way: str, threads: int) -> None:
    words = np.random.default_rng(0).integers(0, 2**63, 100 * PIECE, np.uint64)
    stretches = np.array([[0, 16], [40, 24], [99, 0]])  # multiples of 4 streams x 2 threads
    expected = sum(int(word) for first, size in stretches for word in words[first * PIECE : (first + size) * PIECE])
    import numba

    before = numba.get_num_threads()
    assert read_by(way, words, stretches, min(threads, before)) == expected % 2**64
    assert numba.get_num_threads() == before
