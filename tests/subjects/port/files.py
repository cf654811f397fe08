"""GGUF files, the four tensors of a layer in one, and trace files."""

from __future__ import annotations

from math import prod

import numpy as np

from tests.subjects.port.errors import BrokenFile, Misfit, NoSuchTensor, NotComputed, WrongLength, WrongMagic

# ggml's numbers of tensor types: weights per block, and bytes.
TYPES = {0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),
         10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 16: (256, 66), 17: (256, 74),
         18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1),
         25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54),
         35: (256, 66)}  # fmt: skip
LATER = {39: "mxfp4", 40: "nvfp4", 41: "q1_0", 42: "q2_0"}
# What says of a layer what is computed anyway: the bits of its value.
NEUTRAL = {"expert_gating_func": 1, "expert_weights_norm": 1, "expert_weights_scale": 0x3F800000,
           "expert_shared_count": 0, "expert_shared_feed_forward_length": 0, "expert_group_count": 0,
           "leading_dense_block_count": 0}  # fmt: skip
SIZES = ("expert_count", "expert_used_count", "expert_feed_forward_length")
SCALARS = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
U32, BOOL, TEXT, ARRAY = 4, 7, 8, 9


class Reader:
    """Bytes from first to last."""

    def __init__(self, data):
        self.data, self.at = data.tobytes(), 0

    def take(self, count):
        if count > len(self.data) - self.at:
            raise BrokenFile(f"{count} bytes wanted at {self.at}, the file has {len(self.data)}")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, width):
        return int.from_bytes(self.take(width), "little")

    def text(self):
        try:
            return self.take(self.number(8)).decode()
        except UnicodeDecodeError:
            raise BrokenFile(f"the text that ends at {self.at} is no UTF-8") from None

    def value(self, kind, depth=0):
        """One metadata value; of an array only its length is kept."""
        if kind in SCALARS:
            value = self.number(SCALARS[kind])
            if kind == BOOL and value > 1:
                raise BrokenFile(f"{value} is no truth value")
            return value
        if kind == TEXT:
            return self.text()
        if kind != ARRAY or depth > 8:
            raise BrokenFile(f"metadata of type {kind}")
        inner, count = self.number(4), self.number(8)
        if inner in SCALARS and inner != BOOL:
            self.take(count * SCALARS[inner])
        elif count > len(self.data) or inner not in (*SCALARS, TEXT, ARRAY):
            raise BrokenFile(f"an array of {count} elements of type {inner}")
        else:
            for _ in range(count):
                self.value(inner, depth + 1)
        return count


def described(reader):
    """One tensor: name, axes (the row first), type, offset and bytes."""
    name = reader.text()
    axes = [reader.number(8) for _ in range(_up_to(reader.number(4), 4))]
    kind, offset = reader.number(4), reader.number(8)
    if not name or not axes or 0 in axes or prod(axes) >= 1 << 62:
        raise BrokenFile(f"a tensor {name!r} of axes {axes}")
    if kind in LATER:
        raise NotComputed(f"{name} of type {LATER[kind]}")
    per, size = TYPES.get(kind, (0, 0))
    if not per or axes[0] % per:
        raise BrokenFile(f"rows of {axes[0]} in type {kind}")
    return name, axes, kind, offset, prod(axes) // per * size


def _up_to(count, most):
    if count > most:
        raise BrokenFile(f"{count}, and {most} is the most")
    return count


def parsed(data):
    """Metadata {key: (type, value)} and tensors {name: (axes, type, place, bytes)}."""
    reader = Reader(data)
    if reader.take(4) != b"GGUF" or reader.number(4) not in (2, 3):
        raise BrokenFile("no GGUF file of version 2 or 3")
    tensors, entries = reader.number(8), reader.number(8)
    metadata = {}
    for _ in range(_up_to(entries, len(reader.data))):
        key, kind = reader.text(), reader.number(4)
        if not key or key in metadata:
            raise BrokenFile(f"the key {key!r} is empty or there twice")
        metadata[key] = kind, reader.value(kind)
    kind, alignment = metadata.get("general.alignment", (U32, 32))
    if kind != U32 or alignment < 8 or alignment & (alignment - 1):
        raise BrokenFile(f"data aligned to {alignment}")
    found = [described(reader) for _ in range(_up_to(tensors, len(reader.data)))]
    start = -(-reader.at // alignment) * alignment
    end = 0
    for name, _, _, offset, size in sorted(found, key=lambda part: part[3]):
        if offset % alignment or offset < end or start + offset + size > len(reader.data):
            raise BrokenFile(f"{name!r} at {offset}: misaligned, inside another one, or beyond the file")
        end = offset + size
    placed = {name: (axes, kind, start + offset, size) for name, axes, kind, offset, size in found}
    if len(placed) < len(found):
        raise BrokenFile("two tensors of one name")
    return metadata, placed


def columns(tensors):
    table = np.array([(place, size, kind) for _, kind, place, size in tensors], np.int64).reshape(-1, 3)
    return {name: table[:, index].copy() for index, name in enumerate(("offsets", "sizes", "types"))}


def read_gguf(*, data):
    tensors = parsed(data)[1]
    return {"names": list(tensors), **columns(tensors.values())}


def load_layer(*, data, layer):
    """Router, gate, up and down of a layer, where they agree with each other and with the metadata."""
    metadata, tensors = parsed(data)
    if metadata.get("general.architecture") != (TEXT, "qwen3moe"):
        raise NotComputed("general.architecture is another one, or missing")
    found = []
    for role in ("gate_inp", "gate_exps", "up_exps", "down_exps"):
        name = f"blk.{layer}.ffn_{role}.weight"
        if name not in tensors:
            raise NoSuchTensor(f"{name} is not in the file")
        found.append(tensors[name])
    for (_, kind, _, _), kinds in zip(found, ((0,), (12, 14), (12, 14), (12, 14)), strict=True):
        if kind not in kinds:
            raise NotComputed(f"type {kind} where {kinds} are computed")
    stated = ("embedding_length", "expert_feed_forward_length", "expert_count", "expert_used_count")
    hidden, inner, experts, used = (metadata.get(f"qwen3moe.{key}", (0, 0))[1] for key in stated)
    wanted = [[hidden, experts], [hidden, inner, experts], [hidden, inner, experts], [inner, hidden, experts]]
    if [axes for axes, *_ in found] != wanted or not 0 < used <= experts:
        raise Misfit(f"axes {[axes for axes, *_ in found]}, and by the metadata {wanted} with {used} used")
    same_function(metadata, tensors, f"blk.{layer}.")
    return columns(found)


def same_function(metadata, tensors, prefix):
    """Refuses what would make the layer another function: tensors beside the four, and keys about experts."""
    known = {f"{prefix}ffn_{role}.weight" for role in ("gate_inp", "gate_exps", "up_exps", "down_exps", "norm")}
    for name in tensors:
        if name.startswith(prefix) and name not in known and not name.startswith(f"{prefix}attn"):
            raise NotComputed(f"{name} is not computed with")
    for key, (_, value) in metadata.items():
        short = key.removeprefix("qwen3moe.")
        asked = short in NEUTRAL or (short.startswith("expert") and short not in SIZES)
        if short != key and asked and value != NEUTRAL.get(short):
            raise NotComputed(f"{key} asks for another function")


def write_aprt(*, layer, values):
    header = b"APRT" + (layer % 2**32).to_bytes(4, "little") + len(values).to_bytes(4, "little")
    return {"data": np.frombuffer(header + values.astype("<f4", copy=False).tobytes(), np.uint8).copy()}


def read_aprt(*, data):
    raw = data.tobytes()
    if len(raw) < 12:
        raise BrokenFile("no whole header")
    if raw[:4] != b"APRT":
        raise WrongMagic("the file of another program")
    layer, count = (int.from_bytes(raw[at : at + 4], "little") for at in (4, 8))
    if len(raw) - 12 != 4 * count:
        raise WrongLength(f"a body of {len(raw) - 12} bytes for {count} values")
    return {"layer": -1 if layer == 2**32 - 1 else layer, "values": np.frombuffer(raw[12:], "<f4").copy()}
