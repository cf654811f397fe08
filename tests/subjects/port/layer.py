"""The feed-forward layer: a router, k experts, and their weighted sum. `int8` rounds activations before products."""

from __future__ import annotations

import numpy as np

from tests.subjects.port.blocks import F, check_finite, check_kernel, times, times_int8, weights
from tests.subjects.port.errors import Misfit, NotComputed

# --- slabs of experts ------------------------------------------------------------------------------------------------


def slab(offset, size, e, experts, available):
    """First byte of expert e, and the one behind its last."""
    if experts == 0:
        raise Misfit("a tensor of no experts")
    if not 0 <= e < experts:
        raise Misfit(f"there are {experts} experts, and the one asked for is {e}")
    if size % experts:
        raise Misfit(f"{experts} experts cannot share {size} bytes")
    first, last = (offset + place * (size // experts) for place in (e, e + 1))
    if last > available:
        raise Misfit(f"the file ends at {available}, inside or before the expert's bytes {first} to {last}")
    return first, last


def expert_slice(*, data, offset, byte_size, expert_id, num_experts):
    first, last = slab(offset, byte_size, expert_id, num_experts, len(data))
    return {"bytes": data[first:last].copy()}


def experts_of(tensor, chosen, experts):
    """The chosen experts of a stacked tensor, decoded: [k, rows, columns]."""
    check_kernel(tensor)
    kind, shape, data = tensor
    slabs = [slab(0, len(data), int(e), experts, len(data)) for e in chosen]
    return weights((kind, (len(slabs), *shape[1:]), b"".join(data[first:last] for first, last in slabs)))


# --- router ----------------------------------------------------------------------------------------------------------


def check_router(router, experts, hidden):
    if not isinstance(router, np.ndarray):
        raise NotComputed(f"a router is read as float32, not as {router[0]}")
    if router.nbytes != 4 * experts * hidden:
        raise Misfit(f"the router takes {4 * experts * hidden} bytes here, and {router.nbytes} are given")


def check_count(k, experts):
    if not 0 < k <= experts:
        raise Misfit(f"of {experts} experts, {k} cannot be chosen")


def routed(x, router, k):
    """Logits, probabilities, the k best experts in descending order (equal ones by index), their weights."""
    logits = (router * x).sum(-1, dtype=F)
    check_finite("scores of the experts", logits)
    raised = np.exp(logits - logits.max())
    probs = raised / raised.sum(dtype=F)
    chosen = np.lexsort((np.arange(len(probs)), -probs))[:k]
    return {"logits": logits, "probs": probs, "experts": chosen, "weights": probs[chosen] / probs[chosen].sum(dtype=F)}


def route(*, hidden, router, num_experts, num_experts_per_tok):
    check_router(router, num_experts, len(hidden))
    check_count(num_experts_per_tok, num_experts)
    check_finite("token", hidden)
    with np.errstate(all="ignore"):
        found = routed(hidden, router, num_experts_per_tok)
    return {name: found[name] for name in ("experts", "weights")}


# --- experts ---------------------------------------------------------------------------------------------------------


def check_token(x, hidden):
    if x.shape[-1] != hidden:
        raise Misfit(f"a token of {x.shape[-1]} values in a layer of {hidden}")


def gated(x, gate, up, down, product):
    """down(silu(gate x) * up x) for each of the experts, with every step."""
    g, u = product(gate, x), product(up, x)
    h = g / (F(1) + np.exp(-g)) * u
    return {"gate": g, "up": u, "swiglu": h, "down": product(down, h)}


def expert_stages(*, hidden, gate, up, down, expert_id, num_experts, intermediate, hidden_dim):
    del intermediate  # the tensors say it
    check_token(hidden, hidden_dim)
    check_finite("token", hidden)
    own = [experts_of(tensor, [expert_id], num_experts) for tensor in (gate, up, down)]
    with np.errstate(all="ignore"):
        steps = gated(hidden, *own, times)
    return {"gate": steps["gate"][0], "up": steps["up"][0], "swiglu": steps["swiglu"][0], "output": steps["down"][0]}


def expert(**arguments):
    return {"output": expert_stages(**arguments)["output"]}


# --- the layer -------------------------------------------------------------------------------------------------------


def layer(
    product, *, hidden, router, gate, up, down, num_experts, num_experts_per_tok, intermediate, hidden_dim, threads
):
    """Every stage for one token."""
    del intermediate, threads  # one thread computes all
    check_token(hidden, hidden_dim)
    check_router(router, num_experts, hidden_dim)
    check_count(num_experts_per_tok, num_experts)
    for tensor in (gate, up, down):
        check_kernel(tensor)
    check_finite("token", hidden)
    with np.errstate(all="ignore"):
        steps = routed(hidden, router, num_experts_per_tok)
        own = [experts_of(tensor, steps["experts"], num_experts) for tensor in (gate, up, down)]
        steps |= gated(hidden, *own, product)
        steps["output"] = (steps["weights"][:, None] * steps["down"]).sum(0, dtype=F)
    return steps


def trace(**arguments):
    return layer(times, **arguments)


def trace_q8_k(**arguments):
    return layer(times_int8, **arguments)


def among(product, token, hidden, arguments):
    if not 0 <= token < len(hidden):
        raise Misfit(f"token {token} of {len(hidden)}")
    return {"output": [layer(product, hidden=row, **arguments) for row in hidden][token]["output"]}


def forward_among(*, token, hidden, **arguments):
    return among(times, token, hidden, arguments)


def forward_among_q8_k(*, token, hidden, **arguments):
    return among(times_int8, token, hidden, arguments)


def some(steps, *names):
    return {name: steps[name] for name in names}


def forward(**arguments):
    return some(trace(**arguments), "output")


def forward_q8_k(**arguments):
    return some(trace_q8_k(**arguments), "output")


def forward_with_router(**arguments):
    return some(trace(**arguments), "output", "weights", "experts")


def trace_routing(**arguments):
    return some(trace(**arguments), "logits", "probs", "experts", "weights")


def trace_experts(**arguments):
    return some(trace(**arguments), "gate", "up", "swiglu", "down")


def trace_output(**arguments):
    return some(trace(**arguments), "output")
