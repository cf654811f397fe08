import mmap

import numpy as np
import pytest

from impl import subjects
from impl.errors import (
    BadMagic,
    BodyLengthMismatch,
    ImplError,
    InvalidShape,
    MalformedFile,
    Truncated,
    UnsupportedOperation,
)
from impl.loader import load_qwen3_moe_layer
from impl.synthetic import SourceTensor, gguf_bytes

NO_BUFFERS = [None, 7, "GGUF", [1, 2], object(), np.zeros((4, 8), np.uint8)[:, ::2]]


@pytest.fixture(scope="module")
def whole(peer_model):
    return np.frombuffer(peer_model.data, np.uint8)


def test_read_gguf(peer_model, whole):
    got = subjects.read_gguf(data=whole)
    assert list(got) == ["names", "offsets", "sizes", "types"]
    assert got["names"] == list(peer_model.tensors)
    for at, tensor in enumerate(peer_model.tensors.values()):
        assert (got["offsets"][at], got["sizes"][at], got["types"][at]) == (
            tensor.offset,
            tensor.byte_size,
            tensor.qtype,
        )
    for name in ("offsets", "sizes", "types"):
        assert got[name].dtype == np.int64 and got[name].shape == (len(got["names"]),)
        assert got[name].flags.c_contiguous


def test_any_bytes_will_do(whole):
    raw = whole.tobytes()
    for data in (raw, bytearray(raw), memoryview(raw), whole.copy()):
        assert subjects.read_gguf(data=data)["names"] == subjects.read_gguf(data=whole)["names"]
    with mmap.mmap(-1, len(raw)) as mapped:
        mapped[:] = raw
        assert subjects.read_gguf(data=mapped)["names"] == subjects.read_gguf(data=whole)["names"]


def test_a_file_without_tensors_is_sound():
    got = subjects.read_gguf(data=gguf_bytes({}, {}))
    assert got["names"] == []
    assert all(got[name].shape == (0,) and got[name].dtype == np.int64 for name in ("offsets", "sizes", "types"))


def test_load_layer(peer_model, whole):
    for layer in (0, 1):
        got = subjects.load_layer(data=whole, layer=layer)
        loaded = load_qwen3_moe_layer(peer_model, layer)
        refs = (loaded.router, loaded.gate_exps, loaded.up_exps, loaded.down_exps)
        assert got["offsets"].tolist() == [ref.offset for ref in refs]
        assert got["sizes"].tolist() == [ref.byte_size for ref in refs]
        assert got["types"].tolist() == [ref.qtype for ref in refs]
        assert all(values.dtype == np.int64 for values in got.values())


def test_load_layer_fails_as_the_loader_does(whole):
    with pytest.raises(InvalidShape, match=r"^Tensor 'blk\.2\.ffn_gate_inp\.weight' not found$"):
        subjects.load_layer(data=whole, layer=2)
    with pytest.raises(UnsupportedOperation, match=r"load refused: general.architecture is 'llama'"):
        tensors = {
            f"blk.0.{name}.weight": SourceTensor(0, (1,), bytes(4))
            for name in ("ffn_gate_inp", "ffn_gate_exps", "ffn_up_exps", "ffn_down_exps")
        }
        subjects.load_layer(data=gguf_bytes({"general.architecture": (8, "llama")}, tensors), layer=0)
    for layer in (None, 1.5, "0", 10**5000):
        with pytest.raises(InvalidShape, match=r"^layer must"):
            subjects.load_layer(data=whole, layer=layer)


@pytest.mark.parametrize("call", [subjects.read_gguf, lambda data: subjects.load_layer(data=data, layer=0)])
def test_a_damaged_file_is_malformed(call, whole):
    for data in (b"", np.empty(0, np.uint8), b"GGUF", whole[:-1], whole[1:], bytes(100)):
        with pytest.raises(MalformedFile):
            call(data=data)
    for data in NO_BUFFERS:
        with pytest.raises(ImplError):
            call(data=data)


def test_aprt_there_and_back():
    values = np.array([0x7F800001, 0x80000000, 0x3F800000], np.uint32).view(np.float32)
    for layer, number in ((0, 0), (47, 47), (-1, 2**32 - 1), (2**32 - 2, 2**32 - 2)):
        data = subjects.write_aprt(layer=layer, values=values)["data"]
        assert data.dtype == np.uint8 and data.shape == (24,) and data.flags.writeable
        assert data[4:8].view("<u4") == number
        got = subjects.read_aprt(data=data)
        assert got["layer"] == layer
        assert got["values"].tobytes() == values.tobytes()


def test_aprt_of_no_values():
    data = subjects.write_aprt(layer=0, values=np.empty(0, np.float32))["data"]
    assert data.tobytes() == b"APRT" + bytes(8)
    assert subjects.read_aprt(data=data)["values"].shape == (0,)


@pytest.mark.parametrize("layer", [-2, 2**32 - 1, 10**30, None, 1.5, "0"])
def test_aprt_of_another_layer(layer):
    with pytest.raises(InvalidShape, match="layer"):
        subjects.write_aprt(layer=layer, values=np.zeros(1, np.float32))


@pytest.mark.parametrize("values", [None, [1.0], np.zeros(1), np.zeros((1, 1), np.float32), "x"])
def test_aprt_of_other_values(values):
    with pytest.raises(InvalidShape, match="write_aprt: values must be a float32 vector"):
        subjects.write_aprt(layer=0, values=values)


def test_damaged_aprt():
    data = subjects.write_aprt(layer=0, values=np.zeros(3, np.float32))["data"]
    for damaged, error in (
        (data[:0], Truncated),
        (data[:11], Truncated),
        (data[::-1].copy(), BadMagic),
        (data[:-1], BodyLengthMismatch),
        (np.append(data, np.uint8(0)), BodyLengthMismatch),
    ):
        with pytest.raises(error):
            subjects.read_aprt(data=damaged)
    for other in NO_BUFFERS:
        with pytest.raises(ImplError):
            subjects.read_aprt(data=other)
