"""Arguments of the subject functions, good and malformed."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

NAMES = {12: "q4_k", 14: "q6_k"}


@pytest.fixture
def arguments(case):
    experts, k, intermediate, hidden = case.dims
    tensors = {
        name.removesuffix("_exps"): (NAMES[source.qtype], source.shape, memoryview(source.data.tobytes()))
        for name, source in case.sources.items()
        if name != "router"
    }
    return {
        "hidden": case.hidden,
        "router": case.sources["router"].data,
        **tensors,
        "num_experts": experts,
        "num_experts_per_tok": k,
        "intermediate": intermediate,
        "hidden_dim": hidden,
        "threads": 1,
    }


def for_expert(arguments):
    unused = ("router", "num_experts_per_tok", "threads")
    return {name: value for name, value in arguments.items() if name not in unused} | {"expert_id": 1}


def for_route(arguments):
    return {name: arguments[name] for name in ("hidden", "router", "num_experts", "num_experts_per_tok")}


def malformed(arguments):
    """Every argument replaced by everything it should not be."""
    wrong_tensors = [
        None,
        7,
        "q4_k",
        ("q4_k", (4, 48, 300), b""),
        ("q4_k", (4, 48, 300), bytes(17)),
        ("q4_k", (4, 48), bytes(144)),
        ("q5_k", (4, 48, 300), bytes(4 * 48 * 352)),
        ("f32", (4, 48, 300), bytes(4 * 48 * 1200)),
        ("nothing", (4, 48, 300), b""),
        ("q4_k", (4, 299, 48), bytes(4 * 299 * 144)),
        np.zeros((4, 48, 300), np.float32),
        np.zeros((4, 48, 300)),
        np.zeros(3, np.complex64),
        np.array(["text"]),
    ]
    wrong_vectors = [
        None,
        [1.0],
        arguments["gate"],
        np.zeros(300),
        np.zeros(0, np.float32),
        np.zeros(299, np.float32),
        np.zeros((1, 300), np.float32),
        np.zeros(300, np.int64),
        np.array(1, np.float32),
        np.full(300, np.nan, np.float32),
    ]
    wrong_integers = [None, 1.5, "2", -1, np.zeros(2), -(2**63)]
    for name in arguments:
        if name == "hidden":
            wrong = wrong_vectors
        elif name in ("router", "gate", "up", "down"):
            wrong = wrong_tensors
        else:
            # More threads than work is no mistake, and expert 0 exists.
            wrong = wrong_integers if name == "expert_id" else [*wrong_integers, 0]
            wrong = wrong if name == "threads" else [*wrong, 10**30]
        for value in wrong:
            yield name, value


@pytest.fixture(scope="session")
def shapes() -> SimpleNamespace:
    """The functions above, for tests: files here cannot import one another."""
    return SimpleNamespace(for_expert=for_expert, for_route=for_route, malformed=malformed)
