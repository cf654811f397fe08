import xml.etree.ElementTree as ET

import pytest

from benchmarks.drawing import drawn, steps
from benchmarks.layer_text import told


def spread(median: float) -> dict[str, float]:
    return {"median": median, "q1": 0.9 * median, "q3": 1.1 * median, "least": 0.8 * median, "count": 9}


def row(name: str, threads: int, tokens: int, seconds: float) -> dict[str, object]:
    traced, compared = name.endswith("traced"), name not in ("ggml", "read")
    return {
        "name": name, "threads": threads, "tokens": tokens, "bytes": 25.5e6 * tokens, "seconds": spread(seconds),
        "times_ggml": spread(1.43) if compared else None,
        "of_bandwidth": spread(0.64) if name != "read" else None,
        "cost_of_trace": spread(0.013) if traced else None,
    }  # fmt: skip


@pytest.fixture
def results() -> dict[str, object]:
    names = ("read", "ggml", "f32", "f32 traced", "q8_k", "q8_k traced")
    return {
        "date": "2026-01-02 03:04 UTC",
        "options": {"threads": [1, 2], "tokens": [1, 32], "growth": [1, 8, 32], "rounds": 9},
        "machine": {"cpu": "A <processor>", "processors": 2, "load_at_start": 0.1, "used_by_others": 0.01,
                    "python": "3.11", "numpy": "2", "numba": "0.6", "threading_layer": "omp"},
        "shape": {"hidden": 2048, "intermediate": 768, "experts": 128, "top_k": 8},
        "cold": {"weights": 1.6e9, "shortest_distance": 6e8, "largest_cache": 2.7e8, "huge_pages": 1.5e9},
        "ggml": {"version": "0.25.3", "nodes": [32], "features": {"avx512": True, "neon": False}},
        "reading": {"1": {"one stream": 2e10}, "2": {"one stream": 3e10}},
        "many_tokens": "one call",
        "rows": [row(name, threads, tokens, 0.002 * (at + 1) * tokens**0.8 / threads)
                 for tokens in (1, 8, 32) for threads in ((2,) if tokens == 8 else (1, 2))
                 for at, name in enumerate(names) if tokens == 1 or "traced" not in name],
        "checks": {"errors": [{"name": "f32", "how": "one by one", "relative_l2": 3.8e-7}], "wrong": []},
        "noise": [],
    }  # fmt: skip


def test_picture_is_xml_and_everything_lies_within_it(results) -> None:
    root = ET.fromstring(drawn(results))
    width, height = float(root.get("width")), float(root.get("height"))
    for element in root.iter():
        for name in ("x", "x1", "x2", "cx"):
            assert 0 <= float(element.get(name, 0)) <= width
        for name in ("y", "y1", "y2", "cy"):
            assert 0 <= float(element.get(name, 0)) <= height


def test_bars_are_as_long_as_they_say(results) -> None:
    root = ET.fromstring(drawn(results))
    bars = [float(one.get("width")) for one in root.iter("{http://www.w3.org/2000/svg}rect")][:6]
    assert bars[1] / bars[0] == pytest.approx(3 / 2, rel=0.01)  # f32 by ggml, 1 thread
    assert bars[0] / bars[3] == pytest.approx(2, rel=0.01)  # 1 thread by 2


def test_picture_without_ggml(results) -> None:
    results["ggml"] = {"missing": "left out: not installed"}
    results["rows"] = [one | {"times_ggml": None} for one in results["rows"] if one["name"] != "ggml"]
    assert "ggml was not measured" in drawn(results)
    assert "left out: not installed" in told(results)


def test_text_fits_80_columns_and_says_what_is_noisy(results) -> None:
    results["noise"] = [f"reason {number}" for number in range(9)]
    text = told(results)
    assert max(map(len, text.splitlines())) <= 80
    assert "NOISY" in text
    assert "and 3 more" in text
    assert "1.43 (1.29-1.57)" in text


@pytest.mark.parametrize(("most", "expected"), [(2.2, [0, 0.5, 1, 1.5, 2, 2.5]), (80, [0, 20, 40, 60, 80])])
def test_steps(most: float, expected: list[float]) -> None:
    assert steps(most) == pytest.approx(expected)
