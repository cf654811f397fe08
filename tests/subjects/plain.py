"""A correct implementation in plain NumPy float32, made of small methods so that each can be done differently.

Written from the formats and the algorithm alone; it shares no code with `harness` or `impl`. Correct variants
(correct.py) and faulty ones (faulty.py) override one method each, at the place where real code would differ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

F = np.float32
Floats = np.ndarray
Arrays = dict[str, np.ndarray]

BLOCK = 256
BLOCK_BYTES = {"q4_k": 144, "q6_k": 210}


class InvalidShape(Exception):
    """A length, a count or a byte range does not fit."""


class UnsupportedOperation(Exception):
    """Well formed, but not computed here."""


class NonFiniteValue(Exception):
    """An activation or a logit is infinite or not a number."""


@dataclass(frozen=True)
class Tensor:
    """A quantised tensor: logical shape, and flat bytes."""

    dtype: str
    shape: tuple[int, ...]
    data: np.ndarray

    @staticmethod
    def of(argument: Any) -> Tensor:
        dtype, shape, data = argument
        return Tensor(dtype, tuple(shape), np.frombuffer(data, np.uint8))


def q4_k_fields(raw: np.ndarray) -> tuple[np.ndarray, ...]:
    """d, dmin, packed scales and nibble bytes as bytes."""
    return raw[..., 0:2], raw[..., 2:4], raw[..., 4:16], raw[..., 16:144]


def q6_k_fields(raw: np.ndarray) -> tuple[np.ndarray, ...]:
    """ql, qh, scales and d as bytes."""
    return raw[..., 0:128], raw[..., 128:192], raw[..., 192:208], raw[..., 208:210]


class Plain:
    """Float32 throughout; sums in NumPy's pairwise order."""

    CLAIMS = ("ggml-blocks", "expert-slices", "moe-router", "expert-swiglu", "qwen3-moe-ffn")

    # --- block formats -----------------------------------------------------------------------------------------

    def half(self, raw: np.ndarray) -> Floats:
        """One float16 per block, [..., 1]."""
        return np.ascontiguousarray(raw).view("<f2").astype(F)

    def q4_k_scales(self, s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Scales and minima of the 8 sub-blocks, 6 bits each, from 12 bytes."""
        a, b, c = s[..., 0:4], s[..., 4:8], s[..., 8:12]
        sc = np.concatenate([a & 63, (c & 15) | (a >> 6 << 4)], -1)
        mn = np.concatenate([b & 63, (c >> 4) | (b >> 6 << 4)], -1)
        return sc, mn

    def q4_k_quants(self, qs: np.ndarray) -> np.ndarray:
        """[..., 8, 32]: of every 32 bytes first the low nibbles, then the high ones."""
        chunks = qs.reshape(*qs.shape[:-1], 4, 1, 32)
        return np.concatenate([chunks & 15, chunks >> 4], -2).reshape(*qs.shape[:-1], 8, 32)

    def q4_k(self, raw: np.ndarray) -> Floats:
        """Weights [..., 256] of blocks [..., 144]."""
        d, dmin, s, qs = q4_k_fields(raw)
        sc, mn = self.q4_k_scales(s)
        values = self.q4_k_values(self.half(d), self.half(dmin), sc, mn, self.q4_k_quants(qs))
        return values.reshape(*raw.shape[:-1], BLOCK)

    def q4_k_values(self, d: Floats, dmin: Floats, sc: np.ndarray, mn: np.ndarray, q: np.ndarray) -> Floats:
        """Weights [..., 8, 32]; both products are exact, so there is one rounding."""
        return (d * sc)[..., None] * q - (dmin * mn)[..., None]

    def q6_k_scales(self, raw: np.ndarray) -> np.ndarray:
        """16 signed scales."""
        return np.ascontiguousarray(raw).view(np.int8)

    def q6_k_quants(self, ql: np.ndarray, qh: np.ndarray) -> np.ndarray:
        """[..., 256]: 4 low bits and 2 high bits, before the offset."""
        low = ql.reshape(*ql.shape[:-1], 2, 2, 32)
        high = qh.reshape(*qh.shape[:-1], 2, 1, 32)
        four = np.concatenate([low & 15, low >> 4], -2)
        two = np.concatenate([high & 3, (high >> 2) & 3, (high >> 4) & 3, high >> 6], -2)
        return (four | (two << 4)).reshape(*ql.shape[:-1], BLOCK)

    def q6_k_offset(self, q: np.ndarray) -> Floats:
        return q.astype(F) - F(32)

    def q6_k(self, raw: np.ndarray) -> Floats:
        """Weights [..., 256] of blocks [..., 210]."""
        ql, qh, sc, d = q6_k_fields(raw)
        q = self.q6_k_offset(self.q6_k_quants(ql, qh)).reshape(*raw.shape[:-1], 16, 16)
        scale = self.half(d) * self.q6_k_scales(sc)
        return (scale[..., None] * q).reshape(*raw.shape[:-1], BLOCK)

    def blocks_per_row(self, columns: int) -> int:
        return -(-columns // BLOCK)

    def blocks(self, tensor: Tensor) -> np.ndarray:
        """[..., rows, blocks, bytes]."""
        blocks = self.blocks_per_row(tensor.shape[-1])
        return tensor.data.reshape(*tensor.shape[:-1], blocks, BLOCK_BYTES[tensor.dtype])

    def weights_of(self, tensor: Tensor) -> Floats:
        """Every weight of a tensor, of its logical shape."""
        raw = self.blocks(tensor)
        values = self.q4_k(raw) if tensor.dtype == "q4_k" else self.q6_k(raw)
        return values.reshape(*raw.shape[:-2], -1)[..., : tensor.shape[-1]]

    def decode(self, *, tensor: Any) -> Arrays:
        return {"values": np.ascontiguousarray(self.weights_of(Tensor.of(tensor)))}

    # --- row products ------------------------------------------------------------------------------------------

    def add_up(self, terms: Floats) -> Floats:
        """The sum over the last axis."""
        return terms.sum(-1)

    def dot(self, w: Floats, x: Floats) -> Floats:
        """The sum of w * x over the last axis."""
        return self.add_up(w * x)

    def products(self, tensor: Tensor, x: Floats) -> Floats:
        """[..., rows] of a tensor [..., rows, n] with x [n] or [..., n]."""
        return self.dot(self.weights_of(tensor), x[..., None, :] if x.ndim > 1 else x)

    def check_length(self, x: Floats, tensor: Tensor) -> None:
        if len(x) != tensor.shape[-1]:
            raise InvalidShape(f"Activation length {len(x)} doesn't match in_dim {tensor.shape[-1]}")

    def row_products(self, *, tensor: Any, x: Floats) -> Arrays:
        packed = Tensor.of(tensor)
        self.check_length(x, packed)
        self.refuse_activations("row_products", x)
        return {"products": self.products(packed, x)}

    def quantise(self, x: Floats) -> tuple[Floats, Floats]:
        """Per 256 values a scale [blocks, 1] and integers [blocks, 256] as floats."""
        parts = x.reshape(-1, BLOCK)
        scale = np.abs(parts).max(-1, keepdims=True) / F(127)
        return scale, np.where(scale > 0, np.rint(parts / np.where(scale > 0, scale, F(1))), F(0))

    def row_products_q8_k(self, *, tensor: Any, x: Floats) -> Arrays:
        packed = Tensor.of(tensor)
        self.check_length(x, packed)
        self.refuse_activations("row_products_q8_k", x)
        scale, quants = self.quantise(x)
        w = self.weights_of(packed).reshape(len(self.blocks(packed)), -1, BLOCK)
        return {"products": (self.add_up(w * quants) * scale[:, 0]).sum(-1)}

    # --- slabs of experts --------------------------------------------------------------------------------------

    def slab(self, size: int, experts: int, e: int) -> tuple[int, int]:
        """First byte of an expert and the one behind its last."""
        per = size // experts
        return e * per, (e + 1) * per

    def refuse_slice(self, offset: int, size: int, e: int, experts: int, available: int) -> None:
        name = "expert_byte_slice"
        if experts < 1:
            raise InvalidShape(f"{name}: num_experts must be > 0")
        if not 0 <= e < experts:
            raise InvalidShape(f"{name}: expert_id {e} out of range (num_experts = {experts})")
        if size % experts:
            raise InvalidShape(f"{name}: tensor byte_size {size} not divisible by num_experts {experts}")
        first, last = (offset + end for end in (e * (size // experts), (e + 1) * (size // experts)))
        if last > available:
            raise InvalidShape(f"{name}: slice range [{first}, {last}) exceeds file size {available}")

    def expert_slice(
        self, *, data: np.ndarray, offset: int, byte_size: int, expert_id: int, num_experts: int
    ) -> Arrays:
        self.refuse_slice(offset, byte_size, expert_id, num_experts, len(data))
        first, last = self.slab(byte_size, num_experts, expert_id)
        return {"bytes": data.take(np.arange(offset + first, offset + last), mode="wrap")}

    def slabs(self, tensor: Tensor, experts: int, chosen: np.ndarray) -> Tensor:
        """The chosen experts of a stacked tensor, in that order. A slab outside wraps: some bytes are there."""
        ranges = [self.slab(tensor.data.size, experts, int(e)) for e in chosen]
        expected = tensor.data.size // experts
        data = [tensor.data.take(np.arange(first, first + expected), mode="wrap") for first, _ in ranges]
        return replace(tensor, shape=(len(chosen), *tensor.shape[1:]), data=np.concatenate(data))

    # --- router ------------------------------------------------------------------------------------------------

    def logits(self, router: Floats, x: Floats) -> Floats:
        return self.dot(router, x)

    def exp(self, z: Floats) -> Floats:
        return np.exp(z)

    def softmax(self, logits: Floats) -> Floats:
        e = self.exp(logits - logits.max())
        return e / self.add_up(e)

    def select(self, probs: Floats, k: int) -> np.ndarray:
        """The k largest, descending; equal ones by lower index."""
        return np.argsort(-probs, kind="stable")[:k]

    def normalise(self, probs: Floats, chosen: np.ndarray) -> Floats:
        return probs[chosen] / self.add_up(probs[chosen])

    def weigh(self, logits: Floats, probs: Floats, chosen: np.ndarray) -> Floats:
        """Routing weights; `logits` for a variant that starts from them."""
        return self.normalise(probs, chosen)

    def refuse_router(self, owner: str, router: Any, experts: int, hidden: int) -> None:
        if not isinstance(router, np.ndarray):
            reason = f"{owner}: router qtype = {router[0]} (not F32)"
            raise UnsupportedOperation(f"moe_router_quantized_read: {reason}")
        if router.nbytes != experts * hidden * 4:
            raise InvalidShape(f"{owner}: router byte_size {router.nbytes} != expected {experts * hidden * 4}")

    def refuse_top_k(self, owner: str, k: int, experts: int) -> None:
        if not 1 <= k <= experts:
            raise InvalidShape(f"{owner}: num_experts_per_tok {k} must be between 1 and num_experts {experts}")

    def refuse_activations(self, owner: str, x: Floats) -> None:
        if not np.isfinite(x).all():
            raise NonFiniteValue(f"{owner}: hidden is not finite")

    def refuse_logits(self, owner: str, logits: Floats) -> None:
        if not np.isfinite(logits).all():
            raise NonFiniteValue(f"{owner}: a logit is not finite")

    def routing(self, owner: str, x: Floats, router: Floats, k: int) -> Arrays:
        """Stages logits, probs, experts and weights."""
        logits = self.logits(router, x)
        self.refuse_logits(owner, logits)
        probs = self.softmax(logits)
        chosen = self.select(probs, k)
        weights = self.weigh(logits, probs, chosen)
        return {"logits": logits, "probs": probs, "experts": chosen, "weights": weights}

    def route(self, *, hidden: Floats, router: Any, num_experts: int, num_experts_per_tok: int) -> Arrays:
        self.refuse_router("route", router, num_experts, len(hidden))
        self.refuse_top_k("route", num_experts_per_tok, num_experts)
        self.refuse_activations("route", hidden)
        stages = self.routing("route", hidden, router, num_experts_per_tok)
        return {name: stages[name] for name in ("experts", "weights")}

    # --- experts -----------------------------------------------------------------------------------------------

    def silu(self, g: Floats) -> Floats:
        return g / (F(1) + self.exp(-g))

    def swiglu(self, gate: Floats, up: Floats) -> Floats:
        return self.silu(gate) * up

    def refuse_hidden(self, owner: str, x: Floats, hidden_dim: int) -> None:
        if len(x) != hidden_dim:
            raise InvalidShape(f"{owner}: hidden.len() = {len(x)} but hidden_dim = {hidden_dim}")

    def refuse_type(self, tensor: Tensor) -> None:
        if tensor.dtype not in BLOCK_BYTES:
            raise UnsupportedOperation(f"moe_expert_matvec: qtype {tensor.dtype} not supported")

    def expert_products(self, x: Floats, gate: Tensor, up: Tensor, down: Tensor) -> Arrays:
        """Stages gate, up, swiglu and down of the chosen experts, [k, ...]."""
        g, u = self.products(gate, x), self.products(up, x)
        h = self.swiglu(g, u)
        return {"gate": g, "up": u, "swiglu": h, "down": self.products(down, h)}

    def expert_stages(
        self, *, hidden: Floats, gate: Any, up: Any, down: Any, expert_id: int, num_experts: int,
        intermediate: int, hidden_dim: int,
    ) -> Arrays:  # fmt: skip
        self.refuse_hidden("expert_swiglu_quantized", hidden, hidden_dim)
        tensors = [Tensor.of(part) for part in (gate, up, down)]
        for tensor in tensors:
            self.refuse_slice(0, tensor.data.size, expert_id, num_experts, tensor.data.size)
        for tensor in tensors:
            self.refuse_type(tensor)
        self.refuse_activations("expert_swiglu_quantized", hidden)
        own = [self.slabs(tensor, num_experts, np.array([expert_id])) for tensor in tensors]
        stages = self.expert_products(hidden, *own)
        names = {"gate": "gate", "up": "up", "swiglu": "swiglu", "down": "output"}
        return {shown: stages[name][0] for name, shown in names.items()}

    def expert(self, **arguments: Any) -> Arrays:
        return {"output": self.expert_stages(**arguments)["output"]}

    # --- the layer ---------------------------------------------------------------------------------------------

    def combine(self, weights: Floats, down: Floats, experts: np.ndarray) -> Floats:
        """The weighted sum in rank order; `experts` for a variant that adds in another."""
        output = np.zeros(down.shape[1:], F)
        for weight, part in zip(weights, down, strict=True):
            output += weight * part
        return output

    def layer(
        self, owner: str, *, hidden: Floats, router: Any, gate: Any, up: Any, down: Any, num_experts: int,
        num_experts_per_tok: int, intermediate: int, hidden_dim: int, threads: int,
    ) -> Arrays:  # fmt: skip
        """Every stage in computation order."""
        self.refuse_hidden(owner, hidden, hidden_dim)
        self.refuse_router(owner, router, num_experts, hidden_dim)
        self.refuse_top_k(owner, num_experts_per_tok, num_experts)
        tensors = [Tensor.of(part) for part in (gate, up, down)]
        for tensor in tensors:
            self.refuse_type(tensor)
        self.refuse_activations(owner, hidden)
        stages = self.routing(owner, hidden, router, num_experts_per_tok)
        chosen = stages["experts"]
        stages |= self.expert_products(hidden, *(self.slabs(part, num_experts, chosen) for part in tensors))
        stages["output"] = self.combine(stages["weights"], stages["down"], chosen)
        return stages

    def forward(self, **arguments: Any) -> Arrays:
        return {"output": self.layer("moe_ffn_forward_layer", **arguments)["output"]}

    def forward_among(self, *, token: int, hidden: Floats, **arguments: Any) -> Arrays:
        return {"output": self.rows(hidden, arguments)[token]}

    def rows(self, hidden: Floats, arguments: dict[str, Any]) -> list[Floats]:
        """The output of each token, one after the other."""
        return [self.layer("moe_ffn_forward_tokens", hidden=row, **arguments)["output"] for row in hidden]

    def forward_with_router(self, **arguments: Any) -> Arrays:
        stages = self.layer("moe_ffn_forward_layer_with_router", **arguments)
        return {name: stages[name] for name in ("output", "weights", "experts")}

    def trace(self, **arguments: Any) -> Arrays:
        return self.layer("moe_ffn_trace_layer", **arguments)
