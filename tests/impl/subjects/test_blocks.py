import numpy as np
import pytest

from impl import subjects
from impl.errors import ImplError


@pytest.mark.parametrize("dtype", ["q4_k", "q6_k"])
def test_decode(truth, dtype):
    qtype = {"q4_k": 12, "q6_k": 14}[dtype]
    data = truth.random_rows(np.random.default_rng(0), qtype, 6, 300)
    values = subjects.decode(tensor=(dtype, (2, 3, 300), data.tobytes()))["values"]
    expected = truth.dequantised(qtype, data, 6, 300).reshape(2, 3, 300)
    np.testing.assert_array_equal(values.view(np.uint32), expected.view(np.uint32))


def test_row_products_in_both_arithmetics(truth):
    rng = np.random.default_rng(1)
    data = truth.random_rows(rng, 12, 5, 300)
    x = rng.standard_normal(300).astype(np.float32)
    tensor = ("q4_k", (5, 300), data.tobytes())
    exact = truth.dequantised(12, data, 5, 300).astype(np.float64) @ x
    near = truth.relative_l2(subjects.row_products(tensor=tensor, x=x)["products"], exact)
    far = truth.relative_l2(subjects.row_products_q8_k(tensor=tensor, x=x)["products"], exact)
    assert near < 2e-6
    assert far > 1e-4


def test_expert_slice():
    data = np.arange(100, dtype=np.uint8)
    got = subjects.expert_slice(data=data, offset=4, byte_size=96, expert_id=2, num_experts=3)["bytes"]
    np.testing.assert_array_equal(got, data[68:100])
    assert not np.shares_memory(got, data)


@pytest.mark.parametrize("function", ["decode", "row_products", "row_products_q8_k"])
def test_no_malformed_tensor_escapes_as_another_error(shapes, arguments, function):
    x = {} if function == "decode" else {"x": np.zeros(300, np.float32)}
    for name, value in shapes.malformed(arguments):
        if name == "gate" and not (isinstance(value, tuple) and value[2] and value[0] == "q4_k" and value[1][-1] == 48):
            with pytest.raises(ImplError):
                getattr(subjects, function)(tensor=value, **x)
        if name == "hidden" and x:
            with pytest.raises(ImplError):
                getattr(subjects, function)(tensor=("q4_k", (1, 300), bytes(288)), x=value)


@pytest.mark.parametrize("name", ["data", "offset", "byte_size", "expert_id", "num_experts"])
@pytest.mark.parametrize("value", [None, 1.5, "text", -1, 10**30])
def test_no_malformed_slice_escapes_as_another_error(name, value):
    good = {"data": bytes(96), "offset": 0, "byte_size": 96, "expert_id": 2, "num_experts": 3}
    with pytest.raises(ImplError):
        subjects.expert_slice(**good | {name: value})
