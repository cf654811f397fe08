"""The harness's own GGUF reader as a subject of `gguf-container`: what the contract says holds for it, too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from harness.model_files.gguf import DamagedFile, ModelFile, UnsupportedFile
from harness.model_files.tensor_types import TYPES

CLAIMS = ["gguf-container"]
NUMBERS = {entry.name: number for number, entry in TYPES.items()}


class MalformedFile(Exception):
    """The reader's DamagedFile, by the contract's name."""


class UnsupportedOperation(Exception):
    """The reader's UnsupportedFile, by the contract's name."""


def read_gguf(*, data: np.ndarray) -> dict[str, Any]:
    """Names, and offsets, sizes and types of the tensors, in the order of the file."""
    try:
        tensors = ModelFile(Path("case.gguf"), data.tobytes()).tensors
    except DamagedFile as error:
        raise MalformedFile(str(error)) from None
    except UnsupportedFile as error:
        raise UnsupportedOperation(str(error)) from None
    rows = [(tensor.offset, tensor.size, NUMBERS[tensor.dtype]) for tensor in tensors.values()]
    offsets, sizes, types = np.array(rows, np.int64).reshape(-1, 3).T.copy()
    return {"names": list(tensors), "offsets": offsets, "sizes": sizes, "types": types}
