"""A strict reader of GGUF files (ggml's docs/gguf.md, versions 2 and 3, little-endian).

``GGUFModel.from_path`` maps a file and reads its header, metadata and tensor descriptors; weights stay where
they are. A malformed file is refused with ``MalformedFile``, in time and memory proportional to what the file
really holds.
"""

from impl.gguf.model import GGUFModel
from impl.gguf.tensors import TensorInfo

__all__ = ["GGUFModel", "TensorInfo"]
