import numpy as np
import pytest

from harness.gate.meaning.cases import ALL, CASES, LEAST, cases, drawn_cases
from harness.gate.meaning.points import Wanted
from harness.gate.meaning.space import Space
from harness.gate.meaning.view import view
from harness.language.dtypes import DTYPES, INPUT
from harness.language.syntax import parse


def ranges(size, rows=6, k=1):
    return {
        "size": {"min": size[0], "max": size[1]},
        "rows": {"min": 1, "max": rows},
        "k": {"min": k, "max": "rows"},
    }


def drawn(old, new, text="x + w @ x", seed="a seed"):
    node = parse(text)
    names = frozenset({"x", "w", "size", "rows", "k"})
    return cases(Space(view(old)), Space(view(new)), Wanted(names, (node,), seed))


def test_both_versions_admit_every_case(contract):
    old = contract(
        {"e": "w @ x"},
        dimensions={"size": {"min": 1, "max": 24}, "rows": {"min": 1, "max": 6}, "k": {"min": 1, "max": "rows"}},
    )
    new = contract(
        {"e": "w @ x"},
        dimensions={"size": {"min": 3, "max": 30}, "rows": {"values": [2, 4, 9]}, "k": {"min": 2, "max": "rows"}},
    )
    made = drawn(old, new)
    assert len(made) == CASES
    for case in made:
        numbers = case.numbers
        assert 3 <= numbers["size"] <= 24 and numbers["rows"] in (2, 4) and 2 <= numbers["k"] <= numbers["rows"]
        assert case.arrays["x"].shape == (numbers["size"],)
        assert case.arrays["w"].shape == (numbers["rows"], numbers["size"])
    assert {case.numbers["size"] for case in made} >= {3, 4, 23, 24}


def test_every_kind_and_the_numbers_mentioned(contract):
    made = drawn(contract({"e": "w @ x"}), contract({"e": "w @ x"}), "x + 0.71 + 17 * w @ x")
    kinds = {case.kinds["x"] for case in made}
    assert {"zeros", "one_hot", "integers", "normal", "heavy", "repeated", "large", "subnormal"} <= kinds
    assert {16, 17, 18} <= {case.numbers["size"] for case in made}
    assert any(np.float32(0.71) in case.arrays["x"] for case in made)
    # where exp overflows in float32, and not yet in float64
    assert any(((np.abs(case.arrays["x"]) > 89) & (np.abs(case.arrays["x"]) < 700)).any() for case in made)


def test_integers_of_the_text_stand_in_integer_arrays_with_their_neighbours(contract):
    inputs = {"t": {"dtype": "u16", "shape": ["size"]}, "r": {"dtype": "i32", "shape": ["size"]}}
    space = Space(view(contract({"e": "t + r"}, inputs=inputs)))
    wanted = Wanted(frozenset({"t", "r"}), (parse("where(t == 65535, r, 70000 * 30000)"),), "a seed")
    found = cases(space, space, wanted)
    seen = {name: {int(value) for case in found for value in case.arrays[name]} for name in "tr"}
    assert {65534, 65535} <= seen["t"]
    assert {65536, -70000, 2_100_000_001} <= seen["r"], "numbers made of numbers, too"


def test_kinds_that_are_asked_for_by_name_are_drawn(contract):
    space = Space(view(contract({"e": "x"})))
    for asked, more in (({}, set()), ({"x": ["extreme", "normal"]}, {"extreme"})):
        found = cases(space, space, Wanted(frozenset({"x"}), (), "a seed", asked))
        assert {case.kinds["x"] for case in found} & {"extreme", "nonfinite"} == more


def test_float16_holds_no_infinity(contract):
    stored = view(contract({"e": "x"}, inputs={"x": {"dtype": "f16", "shape": ["size"]}}))
    found = cases(Space(stored), Space(stored), Wanted(frozenset({"x"}), (), "a seed"))
    assert all(case.arrays["x"].dtype == np.float16 and np.isfinite(case.arrays["x"]).all() for case in found)
    assert max(np.abs(case.arrays["x"]).max() for case in found) > 2.0**15


def test_every_kind_comes_with_every_end(contract):
    made = drawn(contract({"e": "w @ x"}), contract({"e": "w @ x"}))
    kinds = {case.kinds["x"] for case in made}
    assert len(kinds) > 10
    for name, end in (("size", 1), ("size", 24), ("rows", 1), ("rows", 6), ("k", 1), ("k", 6)):
        assert {case.kinds["x"] for case in made if case.numbers[name] == end} == kinds, (name, end)


def test_every_kind_of_every_type(real):
    made = view(real("ggml-blocks"))
    found = cases(Space(made), Space(made), Wanted(frozenset({"tensor", "rows", "columns"}), (), "seed"))
    told = {tuple(case.kinds["tensor"].split()) for case in found}
    types, kinds = {dtype for dtype, _ in told}, {kind for _, kind in told}
    assert types == set(made.inputs["tensor"].formats) and len(kinds) >= 7
    assert told == {(dtype, kind) for dtype in types for kind in kinds}


def test_what_is_promised_and_too_large_is_told(contract):
    large = contract({"e": "w @ x"}, dimensions=ranges((1, 10**6)))
    found = drawn_cases(Space(view(large)), Space(view(large)), Wanted(frozenset({"x", "w"}), (), "seed"))
    sizes = {case.numbers["size"] for case in found.cases}
    assert f"not evaluated, as too large: size = 1000000 (up to {max(sizes)} were)" == found.left_out
    small = contract({"e": "w @ x"})
    assert not drawn_cases(*[Space(view(small))] * 2, Wanted(frozenset({"x", "w"}), (), "seed")).left_out


def test_the_same_cases_every_time_and_others_for_another_seed(contract):
    program = contract({"e": "w @ x"})
    first, again, other = drawn(program, program), drawn(program, program), drawn(program, program, seed="another")
    assert [case.numbers for case in first] == [case.numbers for case in again]
    assert all(np.array_equal(a.arrays["x"], b.arrays["x"]) for a, b in zip(first, again, strict=True))
    assert [case.numbers for case in first] != [case.numbers for case in other]


def test_large_dimensions_do_not_make_large_work(contract):
    program = contract(
        {"e": "w @ x"},
        dimensions={"size": {"min": 1, "max": 10**6}, "rows": {"min": 1, "max": 30}, "k": {"min": 1, "max": "rows"}},
    )
    made = drawn(program, program)
    assert len(made) > 8 and sum(case.size for case in made) <= ALL + 10 * 2_000_000
    assert [case.size for case in made] == sorted(case.size for case in made)


def test_small_cases_take_the_place_of_large_ones(contract):
    mixed = contract({"e": "w @ x"}, dimensions=ranges((1, 60_000)))
    assert len(drawn(mixed, mixed)) > 60, "what is too large is left out, and the next one is looked at"
    large = contract({"e": "w @ x"}, dimensions=ranges((60_000, 60_100)))
    assert len(drawn(large, large)) == LEAST, "where all are large, some are drawn all the same"


def test_nothing_is_drawn_where_nothing_is_common(contract):
    def sized(low, high):
        return contract(
            {"e": "w @ x"},
            dimensions={
                "size": {"min": low, "max": high},
                "rows": {"min": 1, "max": 6},
                "k": {"min": 1, "max": "rows"},
            },
        )

    assert drawn(sized(1, 4), sized(5, 9)) == []


def test_both_neighbours_of_a_constant_are_drawn_with_it(contract):
    made = view(contract({"e": "where(x > 2.5, 0.0, x)"}))
    wanted = Wanted(frozenset({"x"}), (parse("where(x > 2.5, 0.0, x)"),), "a seed")
    seen = np.concatenate([np.ravel(case.arrays["x"]) for case in cases(Space(made), Space(made), wanted)])
    at = np.float32(2.5)
    for number in (at, np.nextafter(at, np.float32(9)), np.nextafter(at, np.float32(0))):
        assert number in seen and -number in seen


FORMATS = [name for name, dtype in DTYPES.items() if INPUT in dtype.places and name not in ("f32", "i4", "u4")]


@pytest.mark.parametrize("name", FORMATS)
def test_cases_in_every_number_format(contract, name):
    dtype = DTYPES[name]
    long = {"size": {"min": 100, "max": 200}}
    made = contract({"e": "x * 2"}, inputs={"x": {"dtype": name, "shape": ["size"]}}, dimensions=long)
    found = cases(*(Space(view(made)),) * 2, Wanted(frozenset({"x"}), (parse("0.71 < x + 100"),), "a seed"))
    arrays = [case.arrays["x"] for case in found]
    assert all(array.dtype == dtype.numpy for array in arrays)
    seen = {float(number) for array in arrays for number in array.ravel()}
    if not dtype.is_real:
        assert {99, 100, 101} <= seen
        return
    assert all(np.isfinite(number) for number in seen), "what overflows is no number of the kinds drawn here"
    for mentioned in (0.71, 100.0):
        stored = np.asarray(mentioned if name == "f64" else np.float32(mentioned)).astype(dtype.numpy)
        number, patterns = float(stored), stored.view(f"u{dtype.bytes}")
        near = [np.asarray(int(patterns) + off, patterns.dtype) for off in (-1, 1)]
        beside = {float(pattern.view(dtype.numpy)) for pattern in near}
        assert {number, -number, *beside} <= seen, "a number that is mentioned, and its neighbours in the format"
    assert name[:2] != "f8" or len(seen) > 200, "formats of few bits are drawn whole"


def test_a_list_of_types_is_drawn_whole_with_every_kind(contract):
    made = contract({"e": "x * 2"}, inputs={"x": {"dtype": ["bf16", "f16"], "shape": ["size"]}})
    found = cases(*(Space(view(made)),) * 2, Wanted(frozenset({"x"}), (), "a seed"))
    assert {case.arrays["x"].dtype.name for case in found} == {"bfloat16", "float16"}
    kinds = {case.kinds["x"] for case in found}
    assert {"bf16 normal", "f16 normal", "bf16 large", "f16 large"} <= kinds
