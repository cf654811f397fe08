def test_constants_are_off_by_one(edits):
    found = edits("(b & 63) >> 4")
    assert found["64-for-63"] == ["(b & 64) >> 4"] and found["62-for-63"] == ["(b & 62) >> 4"]
    assert found["5-for-4"] == ["(b & 63) >> 5"]
    assert edits("x * 0.5")["1.5-for-0.5"] == ["x * 1.5"]


def test_an_infinity_has_the_wrong_sign(edits):
    found = edits("where(x > 0, x, -inf)")
    assert found["inf-for-minus-inf"] == ["where(x > 0, x, inf)"]
    assert not [name for name in found if name.startswith("minus-inf")]


def test_an_axis_that_has_another_shape_is_no_mutant(edits):
    assert not [name for name in edits("sum(m, 0)") if "-for-0" in name]


def test_indices_and_slices_are_moved_by_one(edits):
    found = edits("x[0]")
    assert found["next-index"] == ["x[0 + 1]"] or found["next-index"] == ["x[1]"]
    assert found["previous-index"] == ["x[-1]"]
    found = edits("x[1:2]")
    assert found["previous-slice"] == ["x[0:1]"]
    assert "next-slice" not in found  # 2:3 may leave an axis of two
    assert found["round-the-end"] == ["faulty.rolled(x, axis=-1)[1:2]"]


def test_axes_are_counted_from_the_end(edits):
    assert edits("m[..., 0]")["round-the-end"] == ["faulty.rolled(m, axis=-1)[..., 0]"]
    assert edits("m[0]")["round-the-end"] == ["faulty.rolled(m, axis=-2)[0]"]
    assert edits("m[:, 0]")["round-the-end"] == ["faulty.rolled(m, axis=-1)[:, 0]"]


def test_what_is_stored_in_blocks_is_not_cut(edits):
    assert edits("w[0] @ x")["round-the-end"] == ["faulty.rolled(w, axis=-3)[0] @ x"]
