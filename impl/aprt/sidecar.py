"""What an APRT file does not say: a small JSON file beside it, with a digest that ties the two together."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, NoReturn

from impl.aprt.format import WHOLE_MODEL_LAYER
from impl.errors import MalformedFile
from impl.stages import INTEGER_STAGES, STAGES, is_per_layer

FORMAT: Final = "aprt-sidecar"
VERSION: Final = 1
MAX_BYTES: Final = 4096
MAX_DIMS: Final = 4
_MOST: Final = 2**32 - 1
_SHA256: Final = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Sidecar:
    """One saved tensor.

    stage: of ``impl.stages.STAGES``. layer: None for a stage of the whole model. shape: row-major. dtype: ``float32``,
    or ``int64`` for ids, which the body holds as float32. body_sha256: of the body's bytes. model_sha256,
    input_sha256: of the model file and of whatever the caller takes for its input; position: of the token in it; None
    where they are not known.
    """

    stage: str
    layer: int | None
    shape: tuple[int, ...]
    dtype: str
    body_sha256: str
    model_sha256: str | None = None
    input_sha256: str | None = None
    position: int | None = None


_KEYS: Final = ("format", "version", *(field.name for field in fields(Sidecar)))


def stage_dtype(stage: str) -> str:
    """The type of a stage's values in a trace."""
    return "int64" if stage in INTEGER_STAGES else "float32"


def check_sidecar(sidecar: Sidecar) -> None:
    """MalformedFile, naming the key, for a value that no sidecar may hold."""
    if sidecar.stage not in STAGES:
        _refuse("stage", "a trace stage", sidecar.stage)
    if is_per_layer(sidecar.stage):
        if not _is_count(sidecar.layer, WHOLE_MODEL_LAYER - 1):
            _refuse("layer", f"an integer from 0 to {WHOLE_MODEL_LAYER - 1} for {sidecar.stage}", sidecar.layer)
    elif sidecar.layer is not None:
        _refuse("layer", f"null for {sidecar.stage}", sidecar.layer)
    if not 1 <= len(sidecar.shape) <= MAX_DIMS or not all(_is_count(dim, _MOST) for dim in sidecar.shape):
        _refuse("shape", f"1 to {MAX_DIMS} integers from 0 to {_MOST}", list(sidecar.shape))
    if sidecar.dtype != stage_dtype(sidecar.stage):
        _refuse("dtype", f"{stage_dtype(sidecar.stage)} for {sidecar.stage}", sidecar.dtype)
    for name in ("body_sha256", "model_sha256", "input_sha256"):
        digest = getattr(sidecar, name)
        if digest is None and name != "body_sha256":
            continue
        if not isinstance(digest, str) or not _SHA256.fullmatch(digest):
            _refuse(name, "64 lower-case hexadecimal digits", digest)
    if sidecar.position is not None and not _is_count(sidecar.position, _MOST):
        _refuse("position", f"null or an integer from 0 to {_MOST}", sidecar.position)


def write_sidecar(sidecar: Sidecar) -> bytes:
    """The file: the same bytes for the same values. Raises as ``check_sidecar``."""
    check_sidecar(sidecar)
    document = {"format": FORMAT, "version": VERSION, **asdict(sidecar), "shape": list(sidecar.shape)}
    return (json.dumps(document, indent=1) + "\n").encode()


def read_sidecar(data: bytes) -> Sidecar:
    """What a file says. Raises MalformedFile for anything but one object with exactly the keys of ``write_sidecar``."""
    if len(data) > MAX_BYTES:
        raise MalformedFile("sidecar", f"at most {MAX_BYTES} bytes", str(len(data)))
    try:
        document = json.loads(data.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise MalformedFile("sidecar", "JSON in UTF-8", f"{error}") from None
    if not isinstance(document, dict) or tuple(sorted(document)) != tuple(sorted(_KEYS)):
        got = ", ".join(sorted(document)) if isinstance(document, dict) else type(document).__name__
        raise MalformedFile("sidecar", f"an object of {', '.join(sorted(_KEYS))}", got[:200])
    if document.pop("format") != FORMAT:
        raise MalformedFile("sidecar 'format'", repr(FORMAT), "another")
    version = document.pop("version")
    if not _is_count(version, _MOST) or version != VERSION:
        _refuse("version", str(VERSION), version)
    if not isinstance(document["shape"], list):
        _refuse("shape", f"1 to {MAX_DIMS} integers from 0 to {_MOST}", document["shape"])
    sidecar = Sidecar(**document | {"shape": tuple(document["shape"])})
    check_sidecar(sidecar)
    return sidecar


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key a second time")
    return found


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _is_count(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _refuse(key: str, expected: str, got: object) -> NoReturn:
    raise MalformedFile(f"sidecar {key!r}", expected, f"{got!r:.100}")
