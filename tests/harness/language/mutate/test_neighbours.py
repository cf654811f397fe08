def test_neighbour_functions(edits):
    found = edits("silu(x)")
    assert found["relu-for-silu"] == ["relu(x)"]
    assert found["gelu-for-silu"] == ["faulty.gelu(x)"]
    assert edits("max(m, 1)")["min-for-max"] == ["min(m, 1)"]
    assert edits("top_k(x, k)")["bottom-k-for-top-k"] == ["faulty.bottom_k(x, k)"]
    assert edits("round(x)")["half-even-for-round"] == ["faulty.half_even(x)"]
    assert edits("round(x)")["floor-for-round"] == ["faulty.floor(x)"]  # whatever a contract calls `floor`
    assert edits("cumsum(x, 0)")["exclusive-cumsum-for-cumsum"] == ["faulty.exclusive_cumsum(x, 0)"]


def test_a_clip_without_one_of_its_ends(edits):
    found = edits("clip(x, -7, 7)")
    assert (found["drop-low-end"], found["drop-high-end"]) == (["minimum(x, 7)"], ["maximum(x, -7)"])
    assert "clip(x, 7, -7)" in found["swap-operands"]


def test_neighbour_signs(edits):
    assert edits("x > 0 and y > 1")["either-for-both"] == ["(x > 0) or (y > 1)"]
    assert edits("x + y")["minus-for-plus"] == ["x - y"]
    assert edits("b >> 4")["left-shift-for-right-shift"] == ["b << 4"]
    assert edits("where(x < y, x, y)")["at-most-for-less"] == ["where(x <= y, x, y)"]
