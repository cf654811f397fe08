"""A trace in a folder: ``layer-<N>/<stage>.bin`` and ``<stage>.json``, whole-model stages without the layer's folder.

Each file is written whole or not at all. What a crash can leave behind is a tensor with the sidecar of another run;
their digest does not agree then, and reading refuses them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from math import prod
from os import PathLike, fstat
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from impl.activations import Floats
from impl.aprt.format import HEADER, read_aprt, read_header, write_aprt
from impl.aprt.sidecar import MAX_BYTES, Sidecar, read_sidecar, stage_dtype, write_sidecar
from impl.errors import InvalidShape, InvalidStage, MalformedFile
from impl.stages import STAGES, check_name, is_per_layer

_MOST_ID: Final = 2**24
"""Every integer up to here is a float32."""


@dataclass(frozen=True, slots=True)
class SavedStage:
    """A tensor as it was traced, with its shape and type, and what is known about it."""

    values: NDArray[Any]
    sidecar: Sidecar


def stage_path(folder: str | PathLike[str], layer: int | None, stage: str) -> Path:
    """Where a stage is saved; its sidecar has the suffix ``.json``.

    Raises InvalidStage for what is no stage, and for a layer where there is none to have or none where one is needed.
    """
    check_name(stage)
    if is_per_layer(stage) != (layer is not None):
        whole = "is one per layer" if layer is None else "belongs to the whole model"
        raise InvalidStage(f"stage {stage} {whole}, got layer {layer}")
    return _folder(folder, layer) / f"{stage}.bin"


def save_trace(
    folder: str | PathLike[str],
    layer: int | None,
    stages: Mapping[str, NDArray[Any]],
    *,
    model_sha256: str | None = None,
    input_sha256: str | None = None,
    position: int | None = None,
) -> list[Path]:
    """Save stages of one layer (or, with None, of the whole model); the paths of the tensors, in the order given.

    stages: by name, float32 of any shape, ``moe_router_indices`` int64. Equal arguments give equal bytes. Everything
    is checked before anything is written. Raises InvalidStage, InvalidShape (type, shape, layer, ids that are no
    float32), MalformedFile (digests and position), OSError.
    """
    files: dict[Path, bytes] = {}
    paths = []
    for stage, values in stages.items():
        path = stage_path(folder, layer, stage)
        data = write_aprt(layer, _body(stage, values))
        digest = sha256(memoryview(data)[HEADER.size :]).hexdigest()
        sidecar = Sidecar(stage, layer, values.shape, stage_dtype(stage), digest, model_sha256, input_sha256, position)
        files[path] = data
        files[path.with_suffix(".json")] = write_sidecar(sidecar)
        paths.append(path)
    _write_whole(files)
    return paths


def load_trace(
    folder: str | PathLike[str], layer: int | None, stages: Iterable[str] | None = None
) -> dict[str, SavedStage]:
    """Saved stages by name, in the order of ``stages``; without it, all that are there, in the order of ``STAGES``.

    Raises InvalidStage as ``stage_path``; Truncated, BadMagic, BodyLengthMismatch, MalformedFile, each with the path
    in its place, for a file that is missing or damaged, or whose sidecar says something else than the file or its path.
    """
    if stages is None:
        here = {path.stem for path in _folder(folder, layer).glob("*.bin")}
        if not here:
            raise MalformedFile(str(_folder(folder, layer)), "saved stages", "none")
        for name in sorted(here):
            stage_path(folder, layer, name)
        stages = [stage for stage in STAGES if stage in here]
    return {stage: _load(stage_path(folder, layer, stage), layer, stage) for stage in stages}


def _folder(folder: str | PathLike[str], layer: int | None) -> Path:
    return Path(folder) if layer is None else Path(folder) / f"layer-{layer}"


def _body(stage: str, values: object) -> Floats:
    dtype = stage_dtype(stage)
    if not isinstance(values, np.ndarray) or values.dtype != dtype or not values.ndim:
        got = f"{values.dtype} of shape {values.shape}" if isinstance(values, np.ndarray) else type(values).__name__
        raise InvalidShape(f"save_trace: {stage} must be an array of {dtype}, got {got}")
    flat: NDArray[Any] = values.reshape(-1)
    if dtype == "int64":
        if flat.size and not 0 <= flat.min() <= flat.max() <= _MOST_ID:
            raise InvalidShape(
                f"save_trace: {stage} must be ids from 0 to {_MOST_ID}, got {flat.min()} to {flat.max()}"
            )
        return flat.astype(np.float32)
    return flat


def _write_whole(files: Mapping[Path, bytes]) -> None:
    """Write all files under other names, then rename them: none is ever seen in part, and mostly all are or none."""
    unique = f".{token_hex(8)}.tmp"
    written: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{path.name}{unique}")
            written[temporary] = path
            temporary.write_bytes(data)
        for temporary, path in written.items():
            temporary.replace(path)
    finally:
        for temporary in written:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _load(path: Path, layer: int | None, stage: str) -> SavedStage:
    try:
        own_layer, values = read_aprt(_file(path, None))
    except MalformedFile as error:
        raise type(error)(f"{path}: {error.place}", error.expected, error.got) from None
    beside = path.with_suffix(".json")
    try:
        sidecar = read_sidecar(_file(beside, MAX_BYTES))
    except MalformedFile as error:
        raise type(error)(f"{beside}: {error.place}", error.expected, error.got) from None
    digest = sha256(values.astype("<f4", copy=False).tobytes()).hexdigest()
    for place, expected, got in (
        (f"{path}: layer", layer, own_layer),
        (f"{beside}: layer", layer, sidecar.layer),
        (f"{beside}: stage", stage, sidecar.stage),
        (f"{beside}: number of values", values.size, prod(sidecar.shape)),
        (f"{beside}: body_sha256", digest, sidecar.body_sha256),
    ):
        if expected != got:
            raise MalformedFile(place, str(expected), str(got))
    return SavedStage(_restored(path, values, sidecar), sidecar)


def _restored(path: Path, values: Floats, sidecar: Sidecar) -> NDArray[Any]:
    if sidecar.dtype == "int64":
        if not ((values >= 0) & (values <= _MOST_ID) & (values == np.floor(values))).all():
            raise MalformedFile(str(path), f"ids from 0 to {_MOST_ID}", "other values")
        return values.astype(np.int64).reshape(sidecar.shape)
    return values.reshape(sidecar.shape)


def _file(path: Path, most: int | None) -> bytes:
    """The bytes of a file; where ``most`` is None, of an APRT file, whose header is compared with its size first."""
    if not path.is_file():
        raise MalformedFile("path", "a file", "none")
    with path.open("rb") as file:
        if most is not None:
            return file.read(most + 1)
        header = file.read(HEADER.size)
        _, count = read_header(header, fstat(file.fileno()).st_size)
        return header + file.read(4 * count)
