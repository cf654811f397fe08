import json
import struct
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from impl.aprt import load_trace, read_aprt, save_trace, stage_path, write_aprt
from impl.errors import BadMagic, BodyLengthMismatch, InvalidShape, InvalidStage, MalformedFile, Truncated
from impl.stages import MOE_FIELDS
from impl.trace import moe_ffn_trace_layer, saveable

DIGEST = "ab" * 32


@pytest.fixture
def stages(case):
    return saveable(moe_ffn_trace_layer(*case.arguments))


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_paths():
    assert stage_path("t", 3, "moe_router") == Path("t/layer-3/moe_router.bin")
    assert stage_path(Path("t"), None, "lm_head") == Path("t/lm_head.bin")
    with pytest.raises(InvalidStage, match="stage lm_head belongs to the whole model, got layer 3"):
        stage_path("t", 3, "lm_head")
    with pytest.raises(InvalidStage, match="stage moe_router is one per layer, got layer None"):
        stage_path("t", None, "moe_router")
    with pytest.raises(InvalidStage, match="unknown save-tensor stage"):
        stage_path("t", 3, "../moe_router")


def test_a_trace_comes_back_bit_for_bit(tmp_path, stages):
    paths = save_trace(tmp_path, 7, stages, model_sha256=DIGEST, input_sha256=DIGEST[::-1], position=4)
    assert paths == [tmp_path / "layer-7" / f"{name}.bin" for name in MOE_FIELDS]
    assert set(contents(tmp_path)) == {f"layer-7/{name}.{end}" for name in MOE_FIELDS for end in ("bin", "json")}
    loaded = load_trace(tmp_path, 7)
    assert set(loaded) == set(stages)
    for name, saved in loaded.items():
        assert saved.values.dtype == stages[name].dtype and saved.values.shape == stages[name].shape
        assert saved.values.tobytes() == stages[name].tobytes()
        assert (saved.sidecar.stage, saved.sidecar.layer, saved.sidecar.position) == (name, 7, 4)
        assert (saved.sidecar.model_sha256, saved.sidecar.input_sha256) == (DIGEST, DIGEST[::-1])


def test_the_tensor_alone_is_what_other_tools_read(tmp_path, stages):
    save_trace(tmp_path, 7, stages)
    data = (tmp_path / "layer-7/moe_expert_up.bin").read_bytes()
    magic, layer, count = struct.unpack_from("<4sII", data)
    assert (magic, layer, count) == (b"APRT", 7, stages["moe_expert_up"].size)
    body = np.frombuffer(data, "<f4", offset=12)
    assert body.tobytes() == stages["moe_expert_up"].tobytes()
    ids = read_aprt((tmp_path / "layer-7/moe_router_indices.bin").read_bytes())[1]
    assert ids.tolist() == stages["moe_router_indices"].tolist()
    sidecar = json.loads((tmp_path / "layer-7/moe_expert_up.json").read_bytes())
    assert sidecar["body_sha256"] == sha256(data[12:]).hexdigest()
    assert sidecar["shape"] == list(stages["moe_expert_up"].shape)


def test_reruns_are_byte_identical(tmp_path, case, stages):
    save_trace(tmp_path / "a", 0, stages, position=1)
    save_trace(tmp_path / "b", 0, saveable(moe_ffn_trace_layer(*case.arguments, threads=3)), position=1)
    save_trace(tmp_path / "b", 0, stages, position=1)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_a_subset_changes_no_file(tmp_path, stages):
    save_trace(tmp_path / "all", 0, stages)
    save_trace(tmp_path / "some", 0, {name: stages[name] for name in ("moe_ffn_out", "moe_router")})
    some = contents(tmp_path / "some")
    assert len(some) == 4
    assert some.items() <= contents(tmp_path / "all").items()


def test_whole_model_stages_lie_beside_the_layers(tmp_path, stages):
    logits = np.array([np.nan, -0.0, np.inf], np.float32)
    save_trace(tmp_path, None, {"lm_head": logits})
    save_trace(tmp_path, 0, stages)
    assert list(load_trace(tmp_path, None)) == ["lm_head"]
    assert load_trace(tmp_path, None)["lm_head"].values.tobytes() == logits.tobytes()
    assert (tmp_path / "lm_head.bin").read_bytes()[4:8] == b"\xff" * 4


def test_loading_what_is_asked_for_in_its_order(tmp_path, stages):
    save_trace(tmp_path, 0, stages)
    assert list(load_trace(tmp_path, 0, ["moe_ffn_out", "moe_router"])) == ["moe_ffn_out", "moe_router"]
    assert load_trace(tmp_path, 0, []) == {}


@pytest.mark.parametrize("order", ["C", "F"])
def test_shapes_survive_any_memory_order(tmp_path, order):
    values = np.asarray(np.arange(12, dtype=np.float32).reshape(3, 4), order=order)
    save_trace(tmp_path, 0, {"ffn_norm": values})
    np.testing.assert_array_equal(load_trace(tmp_path, 0)["ffn_norm"].values, values)


@pytest.mark.parametrize(
    ("stage", "values"),
    [
        ("moe_router", np.zeros(2)),
        ("moe_router", np.zeros(2, np.int64)),
        ("moe_router", [0.5, 0.5]),
        ("moe_router", None),
        ("moe_router", np.array(1, np.float32)),
        ("moe_router_indices", np.zeros(2, np.float32)),
        ("moe_router_indices", np.array([0, -1])),
        ("moe_router_indices", np.array([2**24 + 1])),
    ],
)
def test_what_cannot_be_saved_is_refused_and_nothing_is_written(tmp_path, stages, stage, values):
    with pytest.raises(InvalidShape, match=f"save_trace: {stage} must be"):
        save_trace(tmp_path, 0, stages | {stage: values})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("layer", "more", "error"),
    [
        (-1, {}, InvalidShape),
        (2**32 - 1, {}, InvalidShape),
        (None, {}, InvalidStage),
        (0, {"model_sha256": "?"}, MalformedFile),
        (0, {"position": -1}, MalformedFile),
    ],
)
def test_other_mistakes_write_nothing_either(tmp_path, stages, layer, more, error):
    with pytest.raises(error):
        save_trace(tmp_path, layer, stages, **more)
    assert not list(tmp_path.iterdir())


def test_a_write_that_fails_leaves_nothing_behind(tmp_path, stages, monkeypatch):
    save_trace(tmp_path, 0, {"moe_router": stages["moe_router"]})
    before = contents(tmp_path)
    write = Path.write_bytes
    written = []

    def full(path, data):
        if len(written) == 5:
            write(path, data[: len(data) // 2])
            raise OSError("no space left on device")
        written.append(path)
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="no space"):
        save_trace(tmp_path, 0, stages | {"moe_router": -stages["moe_router"]})
    assert contents(tmp_path) == before


def damaged(path, change):
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda data: b"", Truncated),
        (lambda data: data[:11], Truncated),
        (lambda data: b"GGUF" + data[4:], BadMagic),
        (lambda data: data[:-1], BodyLengthMismatch),
        (lambda data: data + b"\0", BodyLengthMismatch),
        (lambda data: data[:8] + b"\xff" * 4 + data[12:], BodyLengthMismatch),
        (lambda data: data[:4] + b"\x01" + data[5:], MalformedFile),  # another layer
        (lambda data: data[:12] + bytes([data[12] ^ 1]) + data[13:], MalformedFile),  # one bit of the body
        (lambda data: write_aprt(0, read_aprt(data)[1][:-1]), MalformedFile),  # sound, but not what was saved
    ],
)
def test_a_damaged_tensor_is_refused_with_its_path(tmp_path, stages, change, error):
    save_trace(tmp_path, 0, stages)
    path = tmp_path / "layer-0/moe_ffn_out.bin"
    damaged(path, change)
    with pytest.raises(error) as caught:
        load_trace(tmp_path, 0)
    assert type(caught.value) is error
    assert str(path.with_suffix("")) in str(caught.value)
    assert set(load_trace(tmp_path, 0, ["moe_router"])) == {"moe_router"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"moe_ffn_out"', '"moe_expert_out"'),
        ('"layer": 0', '"layer": 1'),
        ("300", "299"),
        ('"body_sha256": "', '"body_sha256": "0'),
        ('"version": 1', '"version": 2'),
        ("{", "{{"),
    ],
)
def test_a_damaged_sidecar_is_refused_with_its_path(tmp_path, stages, old, new):
    save_trace(tmp_path, 0, stages)
    path = tmp_path / "layer-0/moe_ffn_out.json"
    assert old in path.read_text()
    damaged(path, lambda data: data.replace(old.encode(), new.encode(), 1))
    with pytest.raises(MalformedFile) as caught:
        load_trace(tmp_path, 0)
    assert str(path) in str(caught.value)


def test_the_sidecar_of_another_run_is_refused(tmp_path, stages):
    save_trace(tmp_path, 0, stages)
    old = (tmp_path / "layer-0/moe_ffn_out.json").read_bytes()
    save_trace(tmp_path, 0, {"moe_ffn_out": -stages["moe_ffn_out"]})
    (tmp_path / "layer-0/moe_ffn_out.json").write_bytes(old)
    with pytest.raises(MalformedFile, match="body_sha256"):
        load_trace(tmp_path, 0)


def test_ids_that_are_no_ids_are_refused(tmp_path):
    save_trace(tmp_path, 0, {"moe_router_indices": np.array([1, 2])})
    path = tmp_path / "layer-0/moe_router_indices.bin"
    for ids in ([1, 1.5], [1, -1], [1, np.nan], [np.inf, 0], [1, 2**25]):
        data = write_aprt(0, np.array(ids, np.float32))
        path.write_bytes(data)
        sidecar = path.with_suffix(".json")
        document = json.loads(sidecar.read_bytes()) | {"body_sha256": sha256(data[12:]).hexdigest()}
        sidecar.write_text(json.dumps(document))
        with pytest.raises(MalformedFile, match=r"moe_router_indices.bin: expected ids from 0 to 16777216"):
            load_trace(tmp_path, 0)


def test_what_is_missing_is_no_empty_trace(tmp_path, stages):
    with pytest.raises(MalformedFile, match="expected saved stages, got none"):
        load_trace(tmp_path, 0)
    save_trace(tmp_path, 0, stages)
    with pytest.raises(MalformedFile, match=r"ffn_norm.bin: path: expected a file, got none"):
        load_trace(tmp_path, 0, ["ffn_norm"])
    (tmp_path / "layer-0/moe_router.json").unlink()
    with pytest.raises(MalformedFile, match=r"moe_router.json: path: expected a file"):
        load_trace(tmp_path, 0)


def test_a_file_that_is_no_stage_is_refused(tmp_path, stages):
    save_trace(tmp_path, 0, stages)
    (tmp_path / "layer-0/other.bin").write_bytes(b"")
    with pytest.raises(InvalidStage, match='"other"'):
        load_trace(tmp_path, 0)
