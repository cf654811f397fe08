"""What the writer writes, read by the gguf package."""

import gguf
import numpy as np
import pytest

from impl.errors import InvalidShape
from impl.ggml_types import F32, Q4_K
from impl.synthetic import SourceTensor, gguf_bytes, pack_tensors


def test_tensors_lie_aligned_in_order_with_their_descriptors():
    a, b = np.arange(5, dtype=np.uint8), np.arange(40, dtype=np.uint8)
    data, refs = pack_tensors({"a": SourceTensor(24, (5,), a), "b": SourceTensor(24, (2, 20), b)})
    assert [(ref.offset, ref.byte_size, ref.num_elements, ref.qtype, ref.shape) for ref in refs.values()] == [
        (0, 5, 5, 24, (5,)),
        (32, 40, 40, 24, (2, 20)),
    ]
    assert data.size == 72
    assert not data.flags.writeable
    np.testing.assert_array_equal(data[32:72], b)


@pytest.mark.parametrize("alignment", [32, 64])
def test_the_gguf_package_reads_what_is_written(tmp_path, truth, alignment):
    rows = truth.random_rows(np.random.default_rng(0), Q4_K, 6, 512)
    router = np.arange(8, dtype=np.float32).reshape(2, 4)
    metadata = {
        "general.architecture": (8, "qwen3moe"),
        "general.alignment": (4, alignment),
        "flag": (7, True),
        "half": (6, 0.5),
        "names": (9, (8, ["a", "ü", ""])),
        "numbers": (9, (5, [-1, 2])),
    }
    tensors = {"w": SourceTensor(Q4_K, (2, 3, 512), rows), "r": SourceTensor(F32, (2, 4), router)}
    path = tmp_path / "model.gguf"
    path.write_bytes(gguf_bytes(metadata, tensors, alignment=alignment))
    reader = gguf.GGUFReader(path)
    fields = {key: reader.fields[key].contents() for key in metadata}
    assert fields == {
        "general.architecture": "qwen3moe",
        "general.alignment": alignment,
        "flag": True,
        "half": 0.5,
        "names": ["a", "ü", ""],
        "numbers": [-1, 2],
    }
    w, r = reader.tensors
    assert (w.name, w.shape.tolist(), w.data_offset % alignment) == ("w", [512, 3, 2], 0)
    assert w.data.tobytes() == rows.tobytes()
    np.testing.assert_array_equal(r.data, router)


def test_an_unknown_value_type_is_not_written():
    with pytest.raises(InvalidShape, match="no GGUF value type 13"):
        gguf_bytes({"k": (13, 0)}, {})
