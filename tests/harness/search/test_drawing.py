import hashlib
import subprocess
import sys
import textwrap
from collections import Counter

import pytest
from hypothesis import find, given, seed, settings
from hypothesis import strategies as st

from harness.search.drawing import between, one_of


@st.composite
def pairs(draw):
    """What a recipe is like: a large number and two choices among the same few options."""
    kinds = ("zeros", "one_hot", "integers", "normal")
    return between(draw, "number", 3, 900), one_of(draw, "x", kinds), one_of(draw, "y", kinds)


def drawn(count=400):
    values = []

    @seed(7)
    @settings(max_examples=count, database=None)
    @given(pairs())
    def draw(pair):
        values.append(pair)

    draw()
    return values


@pytest.mark.parametrize("count", [1, 2, 95, 96, 97, 192, 193])
def test_every_number_between_the_ends_is_reached_once(count):
    seen = Counter()

    @settings(max_examples=1000, database=None)
    @given(st.composite(lambda draw: between(draw, "number", 5, 4 + count))())
    def draw(number):
        seen[number] += 1

    draw()
    assert seen == dict.fromkeys(range(5, 5 + count), 1)


def test_what_is_simplest_comes_first():
    assert find(pairs(), lambda pair: True) == (3, "zeros", "zeros")
    assert find(st.composite(lambda draw: between(draw, "number", 3, 98))(), lambda number: number > 77) == 78
    assert find(pairs(), lambda pair: pair[2] != "zeros") == (3, "zeros", "one_hot")


def test_nothing_crowds_out_the_rest():
    values = drawn()
    assert sum(number > 451 for number, _, _ in values) > 100
    for place in (1, 2):
        assert min(Counter(value[place] for value in values).values()) > 50


@pytest.mark.parametrize("constants", [0, 300])
def test_constants_of_other_modules_change_nothing(tmp_path, constants):
    """Hypothesis draws constants that it finds in imported modules; ours must not depend on them."""
    (tmp_path / "engine_constants.py").write_text("\n".join(f"A{i} = {i}" for i in range(constants)))
    test = textwrap.dedent("""
        import hashlib, sys, engine_constants
        from importlib.util import module_from_spec, spec_from_file_location
        spec = spec_from_file_location("drawn_here", sys.argv[1])
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        print(hashlib.sha256(repr(module.drawn()).encode()).hexdigest())
    """)
    ran = subprocess.run(
        [sys.executable, "-c", test, __file__], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == hashlib.sha256(repr(drawn()).encode()).hexdigest()
