import json
from dataclasses import replace

import pytest

from impl.aprt import Sidecar, read_sidecar, write_sidecar
from impl.aprt.sidecar import MAX_BYTES, check_sidecar, stage_dtype
from impl.errors import MalformedFile

DIGEST = "0123456789abcdef" * 4
FULL = Sidecar("moe_expert_gate", 3, (2, 48), "float32", DIGEST, DIGEST[::-1], DIGEST, 17)
BARE = Sidecar("lm_head", None, (151936,), "float32", DIGEST)
IDS = Sidecar("moe_router_indices", 0, (2,), "int64", DIGEST)


@pytest.mark.parametrize("sidecar", [FULL, BARE, IDS])
def test_what_is_written_is_read(sidecar):
    data = write_sidecar(sidecar)
    assert read_sidecar(data) == sidecar
    assert write_sidecar(read_sidecar(data)) == data
    assert len(data) < MAX_BYTES


def test_every_key_is_there():
    assert json.loads(write_sidecar(BARE)) == {
        "format": "aprt-sidecar",
        "version": 1,
        "stage": "lm_head",
        "layer": None,
        "shape": [151936],
        "dtype": "float32",
        "body_sha256": DIGEST,
        "model_sha256": None,
        "input_sha256": None,
        "position": None,
    }


def test_only_ids_are_integers():
    assert stage_dtype("moe_router_indices") == "int64"
    assert stage_dtype("moe_router") == "float32"


WRONG = [
    ("format", "aprt"),
    ("format", None),
    ("version", 2),
    ("version", "1"),
    ("version", True),
    ("version", 1.0),
    ("stage", "moe"),
    ("stage", "MOE_ROUTER"),
    ("stage", "../lm_head"),
    ("stage", "layer_output"),
    ("stage", None),
    ("stage", ["lm_head"]),
    ("stage", "lm_head"),  # of the whole model: the layer does not fit
    ("stage", "moe_router_indices"),  # the type does not fit
    ("layer", None),
    ("layer", -1),
    ("layer", 2**32 - 1),
    ("layer", 3.0),
    ("layer", "3"),
    ("layer", True),
    ("shape", []),
    ("shape", [2, -1]),
    ("shape", [2, 48.0]),
    ("shape", [True, 2]),
    ("shape", [1, 1, 1, 1, 1]),
    ("shape", [2**32]),
    ("shape", "2"),
    ("shape", 96),
    ("shape", {"0": 2}),
    ("dtype", "int64"),
    ("dtype", "float64"),
    ("dtype", None),
    ("body_sha256", None),
    ("body_sha256", DIGEST.upper()),
    ("body_sha256", DIGEST[1:]),
    ("body_sha256", DIGEST + "\n"),
    ("body_sha256", 7),
    ("model_sha256", ""),
    ("model_sha256", "x" * 64),
    ("input_sha256", [DIGEST]),
    ("position", -1),
    ("position", 1.5),
    ("position", False),
    ("position", 2**32),
]


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_a_wrong_value_is_refused_by_its_key(key, value):
    document = json.loads(write_sidecar(FULL)) | {key: value}
    with pytest.raises(MalformedFile) as caught:
        read_sidecar(json.dumps(document).encode())
    assert "sidecar '" in str(caught.value)
    if (key, value) not in (("stage", "lm_head"), ("stage", "moe_router_indices")):
        assert f"sidecar {key!r}" in str(caught.value)


@pytest.mark.parametrize("key", json.loads(write_sidecar(FULL)))
def test_a_missing_key_is_refused(key):
    document = json.loads(write_sidecar(FULL))
    del document[key]
    with pytest.raises(MalformedFile, match=r"^sidecar: expected an object of "):
        read_sidecar(json.dumps(document).encode())


def test_an_unknown_key_and_one_given_twice_are_refused():
    text = write_sidecar(FULL).decode()
    with pytest.raises(MalformedFile, match="an object of"):
        read_sidecar(text.replace("{", '{"more": 1,', 1).encode())
    with pytest.raises(MalformedFile, match="a key a second time"):
        read_sidecar(text.replace("{", '{"version": 1,', 1).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"7",
        b"{",
        b"{}",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b"NaN",
        b'{"position": Infinity}',
        b"[" * 4000,
        b"9" * 4000,
        b"[" * (MAX_BYTES + 1),
        write_sidecar(FULL) + b"{}",
        write_sidecar(FULL)[:-3],
        write_sidecar(FULL) + b" " * MAX_BYTES,
    ],
)
def test_what_is_no_such_object_is_refused(data):
    with pytest.raises(MalformedFile, match=r"^sidecar: expected "):
        read_sidecar(data)


@pytest.mark.parametrize(
    "sidecar",
    [replace(FULL, shape=()), replace(FULL, stage="x"), replace(BARE, layer=1), replace(FULL, body_sha256="0")],
)
def test_nothing_is_written_that_would_not_be_read(sidecar):
    for function in (check_sidecar, write_sidecar):
        with pytest.raises(MalformedFile):
            function(sidecar)
