import base64
import copy
import json
import tracemalloc
import zlib

import numpy as np
import pytest

from harness.findings import HandledError
from harness.language.arithmetic import float32
from harness.program.case import Case
from harness.program.limits import LARGEST_CASE
from harness.search.arrays import Draw, packed_array
from harness.search.counterexample import counterexample
from harness.search.stored_case import decode_case, encode


@pytest.fixture
def stored(tiny, rule, make_case, judge, subject):
    case = make_case([1, 2, 3], [[1, 2, 3], [4, 5, 6]])
    wrong = {"product": lambda **arguments: {"out": np.zeros(2, np.float32)}}
    judged = judge(1, case, **wrong)
    return counterexample(tiny, rule(1), case, judged.evidence, subject(**wrong), float32())


STRANGE = np.array([0x7FC00001, 0xFF800001, 0x80000000, 0x7F800000, 0xFF800000, 1, 0x80000001], np.uint32).view(
    np.float32
)


@pytest.mark.parametrize("kind", ["zeros", "one_hot", "normal", "large", "subnormal", "nonfinite"])
def test_a_case_comes_back_bit_for_bit(tiny, kind):
    tensor = packed_array("m", Draw(kind, seed=9, dtype="q8"), (2, 7), tiny.formats["q8"])
    case = Case({"rows": 2, "size": 7, "k": 1}, {"x": STRANGE, "m": tensor}, {"factor": 2}, {}, "by hand")
    data = {"dimensions": case.dimensions, "inputs": {name: encode(value) for name, value in case.inputs.items()},
            "table": case.table, "recipe": case.recipe}  # fmt: skip
    again = decode_case(tiny, json.loads(json.dumps(data, allow_nan=False)))
    assert again.inputs["x"].tobytes() == STRANGE.tobytes() and again.inputs["x"].dtype == np.float32
    assert again.inputs["m"].raw.tobytes() == tensor.raw.tobytes() and again.inputs["m"].shape == (2, 7)
    assert (again.dimensions, again.table, again.recipe) == (case.dimensions, case.table, case.recipe)


def test_other_layouts_of_memory_store_the_same_values(tiny):
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert encode(values.T.copy().T)["data"] == encode(values)["data"] == encode(np.asfortranarray(values))["data"]


def test_a_label_is_kept(tiny, make_case):
    tensor = make_case([1], [[1]]).inputs["m"].relabelled("q5")
    data = {"dimensions": {"rows": 1, "size": 1, "k": 1}, "inputs": {"m": encode(tensor)}}
    assert decode_case(tiny, data).inputs["m"].dtype == "q5"


def bomb(size):
    return base64.b64encode(zlib.compress(bytes(size), 9)).decode()


def edit(path, value):
    def change(stored):
        *parents, last = path
        target = stored
        for step in parents:
            target = target[step]
        if value is None:
            del target[last]
        else:
            target[last] = value

    return change


DAMAGED = {
    "no dimensions": edit(["dimensions"], None),
    "dimensions are a list": edit(["dimensions"], [1]),
    "a dimension is missing": edit(["dimensions", "rows"], None),
    "a dimension is a text": edit(["dimensions", "rows"], "two"),
    "a dimension is infinite": edit(["dimensions", "rows"], float("inf")),
    "a dimension is a fraction": edit(["dimensions", "rows"], 1.5),
    "a dimension is a truth value": edit(["dimensions", "k"], True),
    "an axis is a fraction": edit(["inputs", "x", "shape"], [3.5]),
    "a dimension is huge": edit(["dimensions", "size"], 10**30),
    "inputs are a text": edit(["inputs"], "none"),
    "unknown input": edit(["inputs", "weights"], {"dtype": "f32", "shape": [3], "data": ""}),
    "an input is a list": edit(["inputs", "x"], []),
    "other shape": edit(["inputs", "x", "shape"], [4]),
    "negative shape": edit(["inputs", "x", "shape"], [-3]),
    "shape is a number": edit(["inputs", "x", "shape"], 3),
    "no data": edit(["inputs", "x", "data"], None),
    "not base64": edit(["inputs", "x", "data"], "%%%"),
    "not zlib": edit(["inputs", "x", "data"], base64.b64encode(b"plain").decode()),
    "too few bytes": edit(["inputs", "x", "data"], bomb(11)),
    "too many bytes": edit(["inputs", "x", "data"], bomb(13)),
    "truncated data": edit(["inputs", "x", "data"], base64.b64encode(zlib.compress(bytes(range(12)))[:-3]).decode()),
    "trailing data": edit(["inputs", "x", "data"], base64.b64encode(zlib.compress(bytes(12)) + b"more").decode()),
    "unknown dtype": edit(["inputs", "x", "dtype"], "f8"),
    "other dtype": edit(["inputs", "x", "dtype"], "u8"),
    "unknown format": edit(["inputs", "m", "format"], "q9"),
    "format of a plain input": edit(["inputs", "x", "format"], "q8"),
    "no format": edit(["inputs", "m", "format"], None),
    "table is a number": edit(["table"], 7),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_cases_are_refused_in_one_line(tiny, stored, name):
    damaged = copy.deepcopy(stored)
    DAMAGED[name](damaged)
    with pytest.raises(HandledError) as refused:
        decode_case(tiny, damaged)
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 300


def test_decompression_bombs_are_not_unpacked(tiny, stored):
    stored["inputs"]["x"]["data"] = bomb(1 << 28)
    tracemalloc.start()
    with pytest.raises(HandledError, match="more than the 12 bytes of its shape"):
        decode_case(tiny, stored)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1 << 22


def test_a_shape_without_room_is_refused_before_its_data_is_looked_at(tiny, stored):
    stored["dimensions"]["size"] = LARGEST_CASE
    stored["inputs"]["x"]["shape"] = [LARGEST_CASE]
    with pytest.raises(HandledError, match="its arrays would take more than 1024 MiB"):
        decode_case(tiny, stored)
