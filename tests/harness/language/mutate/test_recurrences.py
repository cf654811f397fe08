def test_the_state_forgotten_read_too_early_and_steps_backwards(edits):
    made = edits("scan(x[i] * s + x[i], i=n, s=2)")
    assert made["reset-s"] == ["scan((x[i] * 2) + x[i], i=n, s=2)"]
    assert made["step-early"] == ["concat(stack(2, 2, axis=0)[:1], scan((x[i] * s) + x[i], i=n, s=2)[:-1], axis=0)"]
    assert made["steps-backwards"] == ["scan((x[(n - 1) - i] * s) + x[(n - 1) - i], i=n, s=2)"]


def test_what_stands_in_a_step_is_edited_too(edits):
    made = edits("scan(x[i] * s + 1, i=n, s=2)")
    assert "scan(x[i] * s, i=n, s=2)" in made["drop-term"]
    assert "scan(x[i] + 1, i=n, s=2)" in made["drop-factor"]
    assert "scan((x[i] * s) + 1, i=n, s=3)" in made["3-for-2"]
    assert "scan((y[i] * s) + 1, i=n, s=2)" in made["y-for-x"]


def test_each_of_several_states_is_forgotten(edits):
    made = edits("scan(c + x[i], s * c, i=n, c=0, s=1)")
    assert made["reset-c"] == ["scan(0 + x[i], s * 0, i=n, c=0, s=1)"]
    assert made["reset-s"] == ["scan(c + x[i], 1 * c, i=n, c=0, s=1)"]
