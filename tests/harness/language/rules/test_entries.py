"""What is known of the entries of integers: tried on every dimension that its range admits."""

import numpy as np
import pytest

from harness.language import types as T
from harness.language.evaluate import Bindings, evaluate
from harness.language.infer import Scope, infer
from harness.language.single import Single
from harness.language.sizes import Range, Size
from harness.language.syntax import parse

NAMES = {
    "n": T.dimension("n"),
    "k": T.dimension("k"),
    "raw": T.Array("int", (Size.of("n"),)),
    "byte": T.Array("int", (Size.of("n"),), low=Size.of(0), high=Size.of(255)),
    "signed": T.Array("int", (Size.of("n"),), low=Size.of(-128), high=Size.of(127)),
}
RANGES = {"n": Range(Size.of(2), Size.of(6)), "k": Range(Size.of(1), Size.of("n"))}


def ends(text: str) -> tuple[Size | None, Size | None]:
    kind = infer(parse(text), Scope(NAMES, RANGES))
    assert isinstance(kind, T.Array)
    return kind.low, kind.high


@pytest.mark.parametrize(
    "text, low, high",
    [
        ("raw % n", "0", "n - 1"),
        ("raw & 7", "0", "7"),
        ("byte & n & 7", "0", "7"),
        ("arange(n) + 1", "1", "n"),
        ("arange(n) * 2 + 1", "1", "2*n - 1"),
        ("n - 1 - arange(n)", "0", "n - 1"),
        ("n - k + arange(k)", "-k + n", "n - 1"),
        ("arange(n) - 1", "-1", "n - 2"),
        ("k - arange(n)", "k - n + 1", "k"),
        ("-arange(n)", "-n + 1", "0"),
        ("arange(2 * n) // 2", "0", "n - 1"),
        ("arange(n * k) // k", "0", "n - 1"),
        ("arange(n * k + k) // k", "0", "n"),
        ("(raw % n) // 3", "0", "((n - 1) // 3)"),
        ("arange(n) // 4 * 2", "0", "2*((n - 1) // 4)"),
        ("raw % n // 2 + byte[0] // 16", "0", "((n - 1) // 2) + 15"),
        ("raw % n * k", "0", "-k + k*n"),
        ("arange(2 * k) // 2 + arange(2 * k) % 2 * k", "0", "2*k - 1"),
        ("sum(where(raw > 3, 1, 0)[:2])", "0", "2"),
        ("sum(byte[:n], 0) + raw % n", "0", "256*n - 1"),
        ("sum(signed[:2])", "-256", "254"),
        ("sum(raw)", None, None),
        ("byte", "0", "255"),
        ("signed + 128", "0", "255"),
        ("~signed", "-128", "127"),
        ("byte // 16", "0", "15"),
        ("byte >> 4", "0", "15"),
        ("signed >> 4", "-8", "7"),
        ("byte << 2", "0", "1020"),
        ("arange(6) ^ 1", "0", "7"),
        ("byte | 256", "0", "511"),
        ("concat(arange(n), raw % k)", "0", "n - 1"),
        ("concat(raw % k, raw % (2 * k))", "0", "2*k - 1"),
        ("concat(arange(n), raw)", None, None),
        ("stack(0, n - 1)", None, None),
        ("raw", None, None),
        ("raw % (n - 2 + raw)", None, None),
        ("raw + 1", None, None),
        ("raw % -n", None, None),
        ("signed * signed", None, None),
        ("signed ^ 1", None, None),
        ("byte >> raw", None, None),
        ("byte << 60", None, None),
    ],
)
def test_entries_are_inside_whatever_the_dimensions_are(text, low, high):
    assert [None if end is None else str(end) for end in ends(text)] == [low, high]
    if low is None:
        return
    numbers = {"raw": np.arange(-300, 300), "byte": np.arange(256), "signed": np.arange(-128, 128)}
    for n in range(2, 7):
        for k in range(1, n + 1):
            value = evaluate(parse(text), Bindings(Single(), {}, {}, {**numbers, "n": n, "k": k}))
            assert value.min() >= eval(low, {"n": n, "k": k})
            assert value.max() <= eval(high, {"n": n, "k": k})
