import pytest

from benchmarks import layer_results
from benchmarks.layer_results import noise_of, rows_of, unused_features
from benchmarks.rounds import Contender


class Model:
    class Target:
        bytes = 100

    targets = {1: [Target], 2: [Target]}  # noqa: RUF012


def contender(name: str, threads: int = 1, tokens: int = 1) -> Contender:
    return Contender(name, threads, tokens, lambda _: lambda: None)


def test_ratios_are_those_of_the_same_threads_and_tokens() -> None:
    samples = {
        contender("read"): [1.0, 1.0, 2.0],
        contender("ggml"): [4.0, 4.0, 8.0],
        contender("f32"): [2.0, 2.0, 4.0],
        contender("f32 traced"): [2.1, 2.1, 4.2],
        contender("ggml", 2): [1.0, 1.0, 1.0],
        contender("f32", 2, 2): [1.0, 1.0, 1.0],
    }
    rows = {(row["name"], row["threads"], row["tokens"]): row for row in rows_of(samples, Model)}
    production = rows["f32", 1, 1]
    assert production["seconds"]["median"] == 2
    assert production["times_ggml"]["median"] == 2  # twice as fast
    assert production["of_bandwidth"]["median"] == 0.5
    assert production["cost_of_trace"] is None
    assert rows["f32 traced", 1, 1]["cost_of_trace"]["median"] == pytest.approx(0.05)
    assert rows["ggml", 1, 1]["times_ggml"] is None
    assert rows["f32", 2, 2]["times_ggml"] is None
    assert rows["f32", 2, 2]["of_bandwidth"] is None


def test_noise() -> None:
    cold = {"shortest_distance": 3.0, "largest_cache": 1.0}
    steady = rows_of({contender("read"): [1.0] * 8, contender("f32"): [2.0, 2.1] * 4}, Model)
    assert noise_of(steady, cold, 0.01, 0.1) == []
    jumping = rows_of({contender("read"): [1.0] * 8, contender("f32"): [2.0, 4.0] * 4}, Model)
    (told,) = noise_of(jumping, cold, None, None)
    assert "f32, 1 threads, 1 tokens: the ratio to the bandwidth spreads" in told
    assert len(noise_of(steady, cold | {"shortest_distance": 1.9}, 0.2, 1e6)) == 3


def test_a_build_of_ggml_that_leaves_features_unused(monkeypatch) -> None:
    monkeypatch.setattr(layer_results, "cpu_lines", lambda: ["model name: x", "flags\t: fma avx2 avx512f avx512_vnni"])
    features = {"fma": True, "avx2": True, "avx512": True, "avx512_vnni": False, "neon": False}
    (told,) = unused_features({"features": features})
    assert "without avx512_vnni" in told
    assert unused_features({"missing": "not installed"}) == []
