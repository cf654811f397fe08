"""Plain products against float64 on weights that the gguf package decoded, on whatever CPU this is."""

import numpy as np
import pytest
from numba import njit

from impl.kernels.plain import products
from impl.kernels.plain.products import product_with_floats

ORDERS = [np.arange(256)] * 2
NATIVES = [
    (products.q4_k_floats, 12, np.float32),
    (products.q4_k_levels, 12, np.int8),
    (products.q6_k_floats, 14, np.float32),
    (products.q6_k_levels, 14, np.int8),
]


@pytest.mark.parametrize(("native", "qtype", "dtype"), NATIVES, ids=lambda value: getattr(value, "symbol", ""))
@pytest.mark.parametrize("cols", [1, 256, 300, 1024])
@pytest.mark.parametrize("pairs", [1, 2, 5])
def test_products_meet_float64_and_do_not_depend_on_their_company(
    truth, check_products, native, qtype, dtype, cols, pairs
):
    check_products(truth, native, ORDERS, qtype, dtype, cols, pairs)


@njit
def product(row, x):
    return product_with_floats(row, 3, x)


@pytest.mark.parametrize("size", [1, 31, 32, 33, 200])
def test_plain_rows_meet_float64(size):
    rng = np.random.default_rng(size)
    row, x = rng.standard_normal((2, size + 3)).astype(np.float32)
    got = product(row, x[:size])
    exact = row[3:].astype(np.float64) @ x[:size]
    assert abs(got - exact) <= 2**-24 * (size + 2) * (np.abs(row[3:]).astype(np.float64) @ np.abs(x[:size]))
