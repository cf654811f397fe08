"""What is said of functions of which too little was seen."""

import pytest

from harness.teeth.shown import VARIES, Shown, add_shown, blind


@pytest.mark.parametrize(("seen", "said"), [
    (Shown(True, {"x": VARIES, "w": "0.0"}), ""),
    (Shown(True), ""),  # sizes alone
    (Shown(True, {"x": "1.0", "w": "0.0"}), "`f` is never given other values than x = 1.0 and w = 0.0"),
    (Shown(False, {"x": VARIES}), "a kernel that returns the same number for every input passes as `f`"),
    (Shown(False), "a kernel that returns the same number for every input passes as `f`"),
])  # fmt: skip
def test_what_is_said(seen, said):
    told = list(blind({"f": seen}))
    assert len(told) == bool(said) and all(text.startswith(said) for text in told)


def test_falsifiers_are_added():
    shown = {"f": Shown(False, {"x": "0.0"})}
    add_shown(shown, {"f": Shown(True, {"x": "0.0"}), "g": Shown()})
    assert shown == {"f": Shown(True, {"x": "0.0"}), "g": Shown()} and not shown["f"].varied
    add_shown(shown, {"f": Shown(False, {"x": "1.0"})})
    assert shown["f"] == Shown(True, {"x": VARIES}) and shown["f"].complete
