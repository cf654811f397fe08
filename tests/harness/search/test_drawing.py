import hashlib
import subprocess
import sys
import textwrap

import pytest
from hypothesis import find, given, seed, settings
from hypothesis import strategies as st

from harness.search.drawing import between, one_of


@given(st.integers(-50, 50), st.integers(0, 50), st.data())
def test_between_stays_inside_its_ends(low, width, data):
    assert low <= data.draw(between(low, low + width)) <= low + width


def test_both_ends_are_reached():
    seen = set()

    @settings(max_examples=100, database=None)
    @given(between(3, 6))
    def draw(number):
        seen.add(number)

    draw()
    assert seen == {3, 4, 5, 6}


def test_what_is_simplest_comes_first():
    assert find(between(3, 900), lambda number: True) == 3
    assert find(between(3, 900), lambda number: number > 77) == 78
    assert find(one_of(("zeros", "one_hot", "normal")), lambda kind: kind != "zeros") == "one_hot"


def drawn_numbers():
    numbers = []

    @seed(7)
    @settings(max_examples=200, database=None)
    @given(between(0, 65535), one_of(range(9)))
    def draw(number, kind):
        numbers.append((number, kind))

    draw()
    return hashlib.sha256(repr(numbers).encode()).hexdigest()


@pytest.mark.parametrize("own", [0, 300])
def test_constants_of_other_modules_change_nothing(tmp_path, own):
    """Hypothesis draws constants that it finds in imported modules; ours must not depend on them."""
    (tmp_path / "engine_constants.py").write_text("\n".join(f"A{i} = {i * 7 + 130}" for i in range(own)))
    test = textwrap.dedent("""
        import hashlib, engine_constants
        from hypothesis import given, seed, settings
        from harness.search.drawing import between, one_of
        numbers = []
        @seed(7)
        @settings(max_examples=200, database=None)
        @given(between(0, 65535), one_of(range(9)))
        def draw(number, kind):
            numbers.append((number, kind))
        draw()
        print(hashlib.sha256(repr(numbers).encode()).hexdigest())
    """)
    ran = subprocess.run([sys.executable, "-c", test], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == drawn_numbers()
