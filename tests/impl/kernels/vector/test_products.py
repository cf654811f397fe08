"""Vector products against float64 on weights that the gguf package decoded; skipped where the CPU has no AVX-512."""

import numpy as np
import pytest
from numba import njit

from impl.kernels.chosen import VECTOR

if not VECTOR:
    pytest.skip("this CPU has no AVX-512 with VNNI", allow_module_level=True)

from impl.kernels.vector import products
from impl.kernels.vector.products import alternating, product_with_floats
from impl.kernels.vector.q4_k import order_of_bytes as q4_bytes
from impl.kernels.vector.q4_k import order_of_floats as q4_floats
from impl.kernels.vector.q6_k import order_of_bytes as q6_bytes
from impl.kernels.vector.q6_k import order_of_floats as q6_floats

FLOATS = [np.array(q4_floats()), np.array(q6_floats())]
LEVELS = [np.array(q4_bytes()), np.array(q6_bytes())]
NATIVES = [
    (products.q4_k_floats, FLOATS, 12, np.float32),
    (products.q4_k_levels, LEVELS, 12, np.int8),
    (products.q6_k_floats, FLOATS, 14, np.float32),
    (products.q6_k_levels, LEVELS, 14, np.int8),
]


@pytest.mark.parametrize(
    ("native", "orders", "qtype", "dtype"), NATIVES, ids=lambda value: getattr(value, "symbol", "")
)
@pytest.mark.parametrize("cols", [1, 256, 300, 1024])
@pytest.mark.parametrize("pairs", range(1, 10))
def test_products_meet_float64_and_do_not_depend_on_their_company(
    truth, check_products, native, orders, qtype, dtype, cols, pairs
):
    check_products(truth, native, orders, qtype, dtype, cols, pairs)


@pytest.mark.parametrize("count", range(1, 12))
def test_rows_are_taken_from_both_halves_each_once(count):
    order = [alternating(i, count) for i in range(count)]
    assert sorted(order) == list(range(count))
    assert order[0] == 0
    assert count == 1 or order[1] == (count + 1) // 2


@njit
def product(row, x):
    return product_with_floats(row, 3, x)


@pytest.mark.parametrize("size", [1, 63, 64, 65, 200, 256])
def test_plain_rows_meet_float64(size):
    rng = np.random.default_rng(size)
    row, x = rng.standard_normal((2, size + 3)).astype(np.float32)
    got = product(row, x[:size])
    exact = row[3:].astype(np.float64) @ x[:size]
    assert abs(got - exact) <= 2**-24 * (size + 2) * (np.abs(row[3:]).astype(np.float64) @ np.abs(x[:size]))
