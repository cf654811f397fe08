"""A strict reader of GGUF files (ggml's docs/gguf.md, versions 2 and 3, little-endian).

``GGUFModel.from_path`` maps a file and reads its header, metadata and tensor descriptors; weights stay where
they are. A malformed file is refused with ``MalformedFile``, a well-formed one that is beyond this reader (a newer
tensor type, more entries than its limits) with ``UnsupportedOperation``; both in time and memory proportional to what
the file really holds.
"""

from impl.gguf.model import GGUFModel
from impl.gguf.tensors import TensorInfo

__all__ = ["GGUFModel", "TensorInfo"]
