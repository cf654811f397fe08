from harness.language.mutate.faulty import STAND_IN
from harness.language.mutate.neighbours import FUNCTIONS
from harness.language.signatures import SIGNATURES


def test_neighbour_functions(edits):
    found = edits("silu(x)")
    assert found["relu-for-silu"] == ["relu(x)"]
    assert found["gelu-for-silu"] == ["faulty.gelu(x)"]
    assert edits("max(m, 1)")["min-for-max"] == ["min(m, 1)"]
    assert edits("top_k(x, k)")["bottom-k-for-top-k"] == ["faulty.bottom_k(x, k)"]
    assert edits("round(x)")["half-even-for-round"] == ["faulty.half_even(x)"]


def test_neighbour_signs(edits):
    assert edits("x + y")["minus-for-plus"] == ["x - y"]
    assert edits("b >> 4")["left-shift-for-right-shift"] == ["b << 4"]
    assert edits("where(x < y, x, y)")["at-most-for-less"] == ["where(x <= y, x, y)"]


def test_the_tables_name_what_exists():
    for name, others in FUNCTIONS.items():
        assert name in SIGNATURES and name not in others
        assert all(other in SIGNATURES or other in STAND_IN for other in others)
