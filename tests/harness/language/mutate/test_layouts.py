def test_a_matrix_is_read_the_other_way_round(edits):
    assert edits("m @ x")["column-major"] == ["faulty.column_major(m, rank=2) @ x"]
    assert edits("reshape(m, n, k)")["column-major"][0] == "faulty.column_major(reshape(m, n, k), rank=2)"
    assert edits("w[0] @ x")["column-major"] == ["faulty.column_major(w, rank=3)[0] @ x"]
    assert "column-major" not in edits("x * 2")


def test_parts_in_another_order(edits):
    assert edits("stack(x, y)")["rotate-parts"] == ["stack(y, x)"]
    assert edits("concat(x, y, axis=0)")["rotate-parts"] == ["concat(y, x, axis=0)"]
