"""The bytes of an APRT file: "APRT", layer, number of values (both unsigned 32-bit), then the values as float32.

All little-endian. Layer 2^32 - 1 stands for the whole model. The original's reader takes files with bytes left over;
this one takes nothing but a whole file.
"""

from __future__ import annotations

import struct
from typing import Final

import numpy as np

from impl.activations import Floats, float_vector
from impl.byte_views import Buffer, byte_view
from impl.errors import BadMagic, BodyLengthMismatch, InvalidShape, Truncated

MAGIC: Final = b"APRT"
HEADER: Final = struct.Struct("<4sII")
WHOLE_MODEL_LAYER: Final = 2**32 - 1
_MOST_VALUES: Final = 2**32 - 1


def write_aprt(layer: int | None, values: Floats) -> bytes:
    """A whole file. layer: None for the whole model. values: a float32 vector, every bit of which is kept.

    Raises InvalidShape for another layer than 0 to 2^32 - 2 and for other values.
    """
    body = float_vector("write_aprt", "values", values)
    if layer is not None and not 0 <= layer < WHOLE_MODEL_LAYER:
        raise InvalidShape(f"write_aprt: layer {layer} must be between 0 and {WHOLE_MODEL_LAYER - 1}")
    if body.size > _MOST_VALUES:
        raise InvalidShape(f"write_aprt: {body.size} values, at most {_MOST_VALUES} can be counted")
    header = HEADER.pack(MAGIC, WHOLE_MODEL_LAYER if layer is None else layer, body.size)
    return header + body.astype("<f4", copy=False).tobytes()


def read_aprt(data: Buffer) -> tuple[int | None, Floats]:
    """Layer (None: the whole model) and values, a fresh float32 vector.

    Raises, in this order, Truncated (no whole header), BadMagic, BodyLengthMismatch (bytes missing or left over).
    """
    view = byte_view(data)
    layer, count = read_header(view[: HEADER.size].tobytes(), view.size)
    return layer, np.frombuffer(view[HEADER.size :].tobytes(), "<f4", count).astype(np.float32)


def read_header(header: bytes, file_size: int) -> tuple[int | None, int]:
    """Layer and number of values of a file of ``file_size`` bytes that begins with ``header``; errors as ``read_aprt``.

    Nothing is to be allocated before this has compared the count with the file.
    """
    if len(header) < HEADER.size:
        raise Truncated("byte 0 (header)", f"{HEADER.size} bytes", str(len(header)))
    magic, layer, count = HEADER.unpack(header)
    if magic != MAGIC:
        raise BadMagic("byte 0 (magic)", repr(MAGIC), repr(magic))
    body = file_size - HEADER.size
    if body != 4 * count:
        raise BodyLengthMismatch(f"byte {HEADER.size} (body)", f"{4 * count} bytes for {count} values", str(body))
    return None if layer == WHOLE_MODEL_LAYER else layer, count
