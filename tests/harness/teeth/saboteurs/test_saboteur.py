"""Where a saboteur strikes depends on the call, and on nothing else."""

import hashlib

import numpy as np
import pytest

from harness.teeth.saboteurs.saboteur import position

X = np.array([1, 2], np.float32)
TENSOR = ("q4_k", (1, 256), b"\1" * 144)
GIVEN = {"x": X, "k": 3, "gate": TENSOR, "names": ["a", "b"]}


def test_the_order_and_the_memory_of_arguments_do_not_matter():
    spaced = np.array([1, 0, 2, 0], np.float32)[::2]
    again = {"names": ["a", "b"], "gate": (*TENSOR[:2], memoryview(TENSOR[2])), "k": 3, "x": spaced}
    assert position("f", GIVEN) == position("f", again)


def test_it_is_the_same_in_every_process():
    said = b"route" + b"\0k\0" + b"2" + b"\0x\0" + b"<f4(2,)" + bytes.fromhex("0000803f 00000040")
    assert position("route", {"x": X, "k": 2}) == int.from_bytes(hashlib.blake2b(said, digest_size=8).digest(), "big")


@pytest.mark.parametrize(
    "changed",
    [
        {"k": 4}, {"x": X * 2}, {"x": X.astype(np.int32)}, {"x": X[None]}, {"names": ["a", "c"]},
        {"gate": ("q6_k", *TENSOR[1:])}, {"gate": (*TENSOR[:2], b"\2" * 144)},
    ],
)  # fmt: skip
def test_every_argument_matters(changed):
    assert position("f", GIVEN) != position("f", GIVEN | changed)


def test_the_function_matters():
    assert position("f", GIVEN) != position("g", GIVEN)
