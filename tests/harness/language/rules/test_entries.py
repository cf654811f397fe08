"""What is known of the entries of integers: tried on every dimension that its range admits."""

import numpy as np
import pytest

from harness.language import types as T
from harness.language.evaluate import Bindings, evaluate
from harness.language.infer import Scope, infer
from harness.language.single import Single
from harness.language.sizes import Range, Size
from harness.language.syntax import parse

NAMES = {"n": T.dimension("n"), "k": T.dimension("k"), "raw": T.Array("int", (Size.of("n"),))}
RANGES = {"n": Range(Size.of(2), Size.of(6)), "k": Range(Size.of(1), Size.of("n"))}


def below(text: str) -> Size | None:
    kind = infer(parse(text), Scope(NAMES, RANGES))
    assert isinstance(kind, T.Array)
    return kind.below


@pytest.mark.parametrize(
    "text, end",
    [
        ("raw % n", "n"),
        ("raw & 7", "8"),
        ("arange(n) + 1", "n + 1"),
        ("arange(n) * 2 + 1", "2*n"),
        ("n - 1 - arange(n)", "n"),
        ("n - k + arange(k)", "n"),
        ("arange(2 * n) // 2", "(2*n - 1 // 2) + 1"),
        ("arange(n * k) // k", "n"),
        ("arange(n * k) // n", "k"),
        ("arange(n * k + k) // k", "n + 1"),
        ("arange(n * (k + 1)) // (k + 1)", "n"),
        ("arange(n * k + 1) // k", "n + 1"),
        ("arange(n) // k", "n"),
        ("n * k // k - 1 - arange(n)", "n"),
        ("arange(n) // raw", None),
        ("arange(n) // -k", None),
        ("raw % n * k", "-k + k*n + 1"),
        ("raw", None),
        ("raw % (n - 2 + raw)", None),
        ("raw + 1", None),
        ("arange(n) - 1", None),
        ("k - arange(n)", None),
        ("-arange(n)", None),
        ("raw % -n", None),
    ],
)
def test_entries_are_inside_whatever_the_dimensions_are(text, end):
    known = below(text)
    assert (known is None) == (end is None)
    if end is None or known is None:
        return
    if "//" not in end:
        assert str(known) == end
    for n in range(2, 7):
        for k in range(1, n + 1):
            given = {"n": n, "k": k, "raw": np.arange(-128, 128)}
            value = evaluate(parse(text), Bindings(Single(), {}, {}, given))
            assert value.min() >= 0
            assert value.max() < eval(end, {"n": n, "k": k})
