"""Faulty variants of the production package, one bug each, in names, files and stages: contracts must falsify them.

Everything that a class does not define is `impl.subjects`. `by` names the falsifiers (without "FALSIFY-"), each of
which kills the variant by itself; those without it survive 200 cases, and say what no rule reaches. Most of these bugs
were in somebody's released code: the seed's issues are named.
"""

from __future__ import annotations

from typing import Any, ClassVar
from unittest.mock import patch

import numpy as np

from impl import loader, subjects, tensor_names
from impl.errors import InvalidShape, InvalidStage, MalformedFile, UnknownTensor, UnsupportedOperation
from impl.ggml_types import GGML_TYPES, NAMED_ONLY, GgmlType
from impl.gguf import GGUFModel, TensorInfo
from impl.gguf import metadata as gguf_metadata
from impl.gguf import model as gguf_model
from impl.gguf import tensors as gguf_tensors
from impl.gguf.cursor import Cursor
from impl.gguf.metadata import SCALARS, metadata_count, read_metadata
from impl.stages import STAGES

VARIANTS: list[type[Faulty]] = []
Arrays = dict[str, Any]


class Faulty:
    """The base of all: `class Bug(Faulty, by="NAMES-001 NAMES-003")`."""

    by: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, by: str = "") -> None:
        cls.by = tuple(by.split())
        if by:
            VARIANTS.append(cls)

    def __getattr__(self, name: str) -> Any:
        return getattr(subjects, name)


# --- names of tensors ----------------------------------------------------------------------------------------------


class DenseNamesForExperts(Faulty, by="NAMES-003 NAMES-004 NAMES-008 NAMES-009"):
    """The dense feed-forward names are hard-coded, also where there are experts (M29; a preload did it in PR 1491)."""

    @staticmethod
    def dense(role: str) -> str:
        return role.replace("_exps_", "_")

    def templates(self, *, architecture: str, role: str) -> Arrays:
        names = subjects.templates(architecture=architecture, role=self.dense(role))
        return subjects.templates(architecture=architecture, role=role) | {key: names[key] for key in ("names", "gguf")}

    def resolve(self, *, role: str, **arguments: Any) -> Arrays:
        return subjects.resolve(role=self.dense(role), **arguments)


class RawNameNotRecognised(Faulty, by="NAMES-001"):
    """GGUF says "qwen3moe", the code knows "qwen3_moe": the defaults of Llama are taken (PR 2148)."""

    def normalise(self, *, name: str) -> Arrays:
        return {"key": "llama"} if name == "qwen3moe" else subjects.normalise(name=name)


class CaseIgnored(Faulty, by="NAMES-002"):
    """Aliases are compared without case, so names that nobody wrote are recognised."""

    def normalise(self, *, name: str) -> Arrays:
        lower = {alias.lower(): key for alias, key in tensor_names.ALIASES.items()}
        return {"key": lower.get(name.lower(), "llama")}


class QueryNormNotRequired(Faulty, by="NAMES-005"):
    """Norms of queries and keys are optional everywhere, so a model without them talks gibberish (PR 1228)."""

    def templates(self, *, architecture: str, role: str) -> Arrays:
        found = subjects.templates(architecture=architecture, role=role)
        return found | {"required": found["required"] and not role.endswith(("q_norm_weight", "k_norm_weight"))}


class RouterReversed(Faulty, by="NAMES-006"):
    """The router is [hidden, experts], as GGUF stores the axes (the seed's table has it so)."""

    def templates(self, *, architecture: str, role: str) -> Arrays:
        found = subjects.templates(architecture=architecture, role=role)
        return found | {"shape": "[hidden, experts]"} if role == "ffn_gate_inp_weight" else found


class Resolving(Faulty):
    """A base: `tried` lists the candidates."""

    def tried(self, architecture: str, role: str, layer: int, expert: int) -> list[str]:
        return list(tensor_names.candidates(architecture, role, layer, expert))

    def resolve(self, *, architecture: str, role: str, layer: int, expert: int, names: list[str]) -> Arrays:
        tried = self.tried(architecture, role, layer, expert)
        for name in tried:
            if name in names:
                return {"name": name}
        return self.missing(role, architecture, tried)

    def missing(self, role: str, architecture: str, tried: list[str]) -> Arrays:
        raise UnknownTensor(role, architecture, tuple(tried))


class BareNamesBeforeGguf(Resolving, by="NAMES-010"):
    """Names without "model." are tried before the GGUF name."""

    def tried(self, architecture: str, role: str, layer: int, expert: int) -> list[str]:
        names = super().tried(architecture, role, layer, expert)
        gguf = {subjects.templates(architecture=architecture, role=role)["gguf"]}
        return sorted(names, key=lambda name: (not name.startswith("model."), name in gguf))


class FileOrderDecides(Resolving, by="NAMES-010"):
    """The first name in the file that the role may have is taken."""

    def resolve(self, *, names: list[str], **arguments: Any) -> Arrays:
        tried = self.tried(**arguments)
        found = [name for name in names if name in tried]
        return {"name": found[0]} if found else self.missing(arguments["role"], arguments["architecture"], tried)


class LayerOffByOne(Resolving, by="NAMES-008 NAMES-009"):
    """Layers are counted from 1."""

    def tried(self, architecture: str, role: str, layer: int, expert: int) -> list[str]:
        return super().tried(architecture, role, layer + 1, expert)


class ExpertAndLayerSwapped(Resolving, by="NAMES-009"):
    """The expert's index is written where the layer's belongs."""

    def tried(self, architecture: str, role: str, layer: int, expert: int) -> list[str]:
        stacked = subjects.templates(architecture=architecture, role=role)["stacked"]
        return super().tried(architecture, role, *((expert, layer) if stacked else (layer, expert)))


class MissingIsEmpty(Resolving, by="NAMES-011"):
    """A tensor that is not there resolves to the empty name, and the model loads without it."""

    def missing(self, role: str, architecture: str, tried: list[str]) -> Arrays:
        return {"name": ""}


class NamesNotListed(Resolving, by="NAMES-018"):
    """The error says that a tensor is missing, but not what was looked for."""

    def missing(self, role: str, architecture: str, tried: list[str]) -> Arrays:
        raise UnknownTensor(role, architecture, ())


class OnlyGgufNameTold(Resolving, by="NAMES-019"):
    """The error names what a GGUF file would have had, and nothing of the architecture's own names."""

    def missing(self, role: str, architecture: str, tried: list[str]) -> Arrays:
        return super().missing(role, architecture, [name for name in tried if name.startswith(("blk.", "output"))])


class GgufNameFirst(Resolving, by="NAMES-013"):
    """The GGUF name is tried first but for the norms, where somebody looked."""

    def tried(self, architecture: str, role: str, layer: int, expert: int) -> list[str]:
        names = super().tried(architecture, role, layer, expert)
        return names if "norm" in role else sorted(names, key=lambda name: not name.startswith("blk."))


class OnlyTheFirstSpelling(Resolving, by="NAMES-015"):
    """Of several spellings the first and the GGUF name are tried."""

    def tried(self, architecture: str, role: str, layer: int, expert: int) -> list[str]:
        names = super().tried(architecture, role, layer, expert)
        return [name for at, name in enumerate(names) if at == 0 or name.startswith(("blk.", "output", "token"))]


class NamesByTheirEnd(Resolving, by="NAMES-014"):
    """A name of the file that ends in the one looked for is taken."""

    def resolve(self, *, names: list[str], **arguments: Any) -> Arrays:
        ends = [name for name in self.tried(**arguments) if any(known.endswith(name) for known in names)]
        return {"name": ends[0]} if ends else super().resolve(names=names, **arguments)


class EverythingStacked(Faulty, by="NAMES-007"):
    """Every tensor of a feed-forward layer is said to be a stack of experts."""

    def templates(self, *, architecture: str, role: str) -> Arrays:
        found = subjects.templates(architecture=architecture, role=role)
        return found | {"stacked": role.startswith("ffn")}


# --- GGUF files ----------------------------------------------------------------------------------------------------


class Reading(Faulty):
    """A base: production's reader in steps, each of which a bug may replace."""

    def version(self, cursor: Cursor) -> None:
        gguf_model._read_version(cursor)

    def alignment(self, metadata: Any) -> int:
        return gguf_model._alignment(metadata)

    def metadata(self, cursor: Cursor) -> Any:
        return read_metadata(cursor, metadata_count(cursor))

    def descriptors(self, cursor: Cursor, count: int) -> dict[str, TensorInfo]:
        return gguf_tensors.read_descriptors(cursor, count)

    def start(self, at: int, alignment: int) -> int:
        return -(-at // alignment) * alignment

    def placed(self, tensors: dict[str, TensorInfo], start: int, alignment: int, size: int) -> dict[str, TensorInfo]:
        return gguf_tensors.placed(tensors, start, alignment, size)

    def read_gguf(self, *, data: np.ndarray) -> Arrays:
        cursor = Cursor(memoryview(data.tobytes()))
        self.version(cursor)
        count = gguf_tensors.tensor_count(cursor)
        alignment = self.alignment(self.metadata(cursor))
        tensors = self.descriptors(cursor, count)
        tensors = self.placed(tensors, self.start(cursor.at, alignment), alignment, data.size)
        return {"names": list(tensors), **described(list(tensors.values()))}


def described(tensors: list[TensorInfo]) -> Arrays:
    """The arrays that subjects return for some tensors."""
    rows = [(tensor.offset, tensor.byte_size, tensor.qtype) for tensor in tensors]
    offsets, sizes, types = np.array(rows, np.int64).reshape(-1, 3).T.copy()
    return {"offsets": offsets, "sizes": sizes, "types": types}


def moved(tensor: TensorInfo, offset: int) -> TensorInfo:
    """The same tensor elsewhere."""
    return TensorInfo(tensor.name, tensor.ggml_dims, tensor.qtype, offset, tensor.byte_size)


class AlignmentNotRead(Reading, by="GGUF-002"):
    """The default alignment is taken, whatever general.alignment says."""

    def alignment(self, metadata: Any) -> int:
        return gguf_model.DEFAULT_ALIGNMENT


class DataNotAligned(Reading, by="GGUF-001"):
    """The data are taken to begin right behind the last descriptor."""

    def start(self, at: int, alignment: int) -> int:
        return at


class MisalignedAccepted(Reading, by="GGUF-005"):
    """An offset may be any, as long as it is in the file."""

    def placed(self, tensors: dict[str, TensorInfo], start: int, alignment: int, size: int) -> dict[str, TensorInfo]:
        return super().placed(tensors, start, 1, size)


class TruncatedAccepted(Reading, by="GGUF-002 GGUF-003"):
    """The descriptors are read, but not compared with the size of the file: a download that broke off is served."""

    def placed(self, tensors: dict[str, TensorInfo], start: int, alignment: int, size: int) -> dict[str, TensorInfo]:
        return super().placed(tensors, start, alignment, 2**80)


class LastByteNotNeeded(Reading, by="GGUF-004"):
    """The last tensor may lack its last byte."""

    def placed(self, tensors: dict[str, TensorInfo], start: int, alignment: int, size: int) -> dict[str, TensorInfo]:
        return super().placed(tensors, start, alignment, size + 1)


class DuplicatesAccepted(Reading, by="GGUF-002"):
    """Of two tensors of one name the last one wins."""

    def descriptors(self, cursor: Cursor, count: int) -> dict[str, TensorInfo]:
        found = [gguf_tensors._read_descriptor(cursor) for _ in range(count)]
        return {tensor.name: tensor for tensor in found}


class OverlapAccepted(Reading, by="GGUF-002"):
    """Each tensor is compared with the file, none with its neighbour."""

    def placed(self, tensors: dict[str, TensorInfo], start: int, alignment: int, size: int) -> dict[str, TensorInfo]:
        place = super().placed
        return {name: place({name: tensor}, start, alignment, size)[name] for name, tensor in tensors.items()}


class OffsetsWrap(Reading, by="GGUF-002"):
    """Start and end are computed in 64 bits, and wrap around into the file."""

    def placed(self, tensors: dict[str, TensorInfo], start: int, alignment: int, size: int) -> dict[str, TensorInfo]:
        located = {name: moved(tensor, (start + tensor.offset) % 2**64) for name, tensor in tensors.items()}
        if any(tensor.offset % alignment or (tensor.offset + tensor.byte_size) % 2**64 > size
               for tensor in located.values()):  # fmt: skip
            raise MalformedFile("a tensor", "data inside the file", "others")
        return located


class VersionOneAccepted(Reading, by="GGUF-002"):
    """Every version up to the newest is read alike, but the counts of version 1 have 32 bits."""

    def version(self, cursor: Cursor) -> None:
        if cursor.bytes(4, "magic") != b"GGUF" or not 1 <= cursor.u32("version") <= 3:
            raise MalformedFile("byte 0", "GGUF of versions 1 to 3", "another")


class DefaultAlignmentOf64(Reading, by="GGUF-007"):
    """A file that states no alignment is taken to be aligned to 64 bytes."""

    def alignment(self, metadata: Any) -> int:
        return super().alignment(metadata) if "general.alignment" in metadata else 64


class WordsOfFourBytes(Reading, by="GGUF-006"):
    """16-bit values in the metadata are read as if they had 32 bits."""

    def metadata(self, cursor: Cursor) -> Any:
        with patch.dict(SCALARS, {2: SCALARS[4], 3: SCALARS[5]}):
            return super().metadata(cursor)


class BlockSizeOfAnother(Reading, by="GGUF-008"):
    """A block of Q5_K is taken for as large as one of Q4_K."""

    def descriptors(self, cursor: Cursor, count: int) -> dict[str, TensorInfo]:
        with patch.dict(GGML_TYPES, {13: GgmlType(13, "q5_k", 256, 144)}):
            return super().descriptors(cursor, count)


class LastKeyWins(Reading, by="GGUF-009"):
    """Of two metadata entries of one key the last one counts."""

    def metadata(self, cursor: Cursor) -> Any:
        entries: dict[str, Any] = {}
        for _ in range(metadata_count(cursor)):
            entries |= read_metadata(cursor, 1)
        return entries


class OffsetsIn32Bits(Reading, by="GGUF-002"):
    """Offsets are kept in 32 bits: beyond 4 GiB they begin anew."""

    def placed(self, tensors: dict[str, TensorInfo], start: int, alignment: int, size: int) -> dict[str, TensorInfo]:
        kept = {name: moved(tensor, tensor.offset % 2**32) for name, tensor in tensors.items()}
        return super().placed(kept, start, alignment, size)


class InnerArraysSkippedByNothing(Reading, by="GGUF-101"):
    """Of an array of arrays the inner headers are stepped over, their elements are not (sparkinfer 5)."""

    def metadata(self, cursor: Cursor) -> Any:
        whole = gguf_metadata._skip_array

        def skipped(inner: Cursor, key: str, depth: int) -> Any:
            if depth == 1:
                return whole(inner, key, depth)
            inner.need(12, key)
            inner.at += 12
            return None

        with patch.object(gguf_metadata, "_skip_array", skipped):
            return super().metadata(cursor)


class SizesWrap(Reading, by="GGUF-102"):
    """The values of a tensor and its bytes are counted in 64 bits (llama.cpp 26978)."""

    def descriptors(self, cursor: Cursor, count: int) -> dict[str, TensorInfo]:
        with patch.object(gguf_tensors, "_MAX_ELEMENTS", 2**300):
            found = super().descriptors(cursor, count)
        return {name: self.wrapped(tensor) for name, tensor in found.items()}

    @staticmethod
    def wrapped(tensor: TensorInfo) -> TensorInfo:
        size = (tensor.byte_size + 31) % 2**64 // 32 * 32
        return TensorInfo(tensor.name, tensor.ggml_dims, tensor.qtype, tensor.offset, size)


class NewerTypesMalformed(Faulty, by="GGUF-098"):
    """What the table of types does not have is called damage."""

    def read_gguf(self, *, data: np.ndarray) -> Arrays:
        try:
            return subjects.read_gguf(data=data)
        except UnsupportedOperation as error:
            raise MalformedFile("a tensor", "a known type", str(error)) from None


class NewerTypeTakenForAnother(Reading, by="GGUF-098"):
    """Every type that is not known is read as if it were Q4_0."""

    def descriptors(self, cursor: Cursor, count: int) -> dict[str, TensorInfo]:
        taken = {number: GgmlType(number, "q4_0", 32, 18) for number in NAMED_ONLY}
        with patch.dict(GGML_TYPES, taken), patch.dict(NAMED_ONLY, clear=True):
            return super().descriptors(cursor, count)


class ArchitectureFirst(Reading, by="GGUF-099 GGUF-100"):
    """The first entry has to be the architecture."""

    def metadata(self, cursor: Cursor) -> Any:
        found = super().metadata(cursor)
        if next(iter(found), "") != "general.architecture":
            raise MalformedFile("the first entry", "general.architecture", "another")
        return found


class AnyByteOrder(Reading, by="GGUF-103"):
    """The version is believed in either byte order, the counts are read as ever, and few enough to be none."""

    def read_gguf(self, *, data: np.ndarray) -> Arrays:
        if data[4] == 0 and data[7] in (1, 2, 3):
            return {"names": [], **described([])}
        return super().read_gguf(data=data)


class NothingBehindTheLast(Faulty, by="GGUF-104"):
    """A file has to end with its last tensor."""

    def read_gguf(self, *, data: np.ndarray) -> Arrays:
        found = subjects.read_gguf(data=data)
        if len(found["offsets"]) and int((found["offsets"] + found["sizes"]).max()) != data.size:
            raise MalformedFile("the end", "that of the last tensor", "more")
        return found


class NamesOfNothing(Faulty, by="GGUF-105"):
    """A refusal of an empty name is taken back: the entry is left out."""

    def read_gguf(self, *, data: np.ndarray) -> Arrays:
        try:
            return subjects.read_gguf(data=data)
        except MalformedFile as error:
            if error.got != "0":
                raise
            return {"names": [], **described([])}


class SortedByName(Faulty, by="GGUF-010"):
    """Names are sorted, places are not."""

    def read_gguf(self, *, data: np.ndarray) -> Arrays:
        found = subjects.read_gguf(data=data)
        return found | {"names": sorted(found["names"])}


class SizesInValues(Faulty, by="GGUF-001"):
    """The size of a tensor is its number of values, not of bytes."""

    def read_gguf(self, *, data: np.ndarray) -> Arrays:
        found = subjects.read_gguf(data=data)
        return found | {"sizes": found["sizes"] // 4}


# --- layers in GGUF files ------------------------------------------------------------------------------------------


def model_of(data: np.ndarray) -> GGUFModel:
    """The file that the subject got."""
    return GGUFModel.from_bytes(data.tobytes())


def four(model: GGUFModel, layer: int) -> dict[str, TensorInfo]:
    """The tensors of a layer, looked up as production does."""
    return {role: model.tensor(tensor_names.moe_tensor_name(role, layer)) for role in tensor_names.MOE_ROLES}


class OtherTypesLoaded(Faulty, by="LOAD-002"):
    """Experts in Q4_0 load, and the first token dies, as there is no kernel for them (issue 3341)."""

    def load_layer(self, *, data: np.ndarray, layer: int) -> Arrays:
        try:
            return subjects.load_layer(data=data, layer=layer)
        except UnsupportedOperation:
            return described(list(four(model_of(data), layer).values()))


class MetadataIgnored(Faulty, by="LOAD-002"):
    """The tensors agree with each other; what the metadata say of experts and sizes is not compared."""

    def load_layer(self, *, data: np.ndarray, layer: int) -> Arrays:
        found = four(model_of(data), layer)
        for role, tensor in found.items():
            loader._check_type(tensor, (0,) if role == "router" else (12, 14))
        loader._shapes(found)
        return described(list(found.values()))


class GateAndUpSwapped(Faulty, by="LOAD-001"):
    """Gate and up change places: same shapes, so that nothing but the numbers tells."""

    def load_layer(self, *, data: np.ndarray, layer: int) -> Arrays:
        found = subjects.load_layer(data=data, layer=layer)
        return {field: values[[0, 2, 1, 3]] for field, values in found.items()}


class LayerIgnored(Faulty, by="LOAD-003"):
    """Layer 0 is loaded, whichever was asked for."""

    def load_layer(self, *, data: np.ndarray, layer: int) -> Arrays:
        return subjects.load_layer(data=data, layer=0)


class OneTypeForAll(Faulty, by="LOAD-001"):
    """Q6_K is described as Q4_K: the wrong kernel runs over its bytes, NaN from layer 6 on (PR 1529)."""

    def load_layer(self, *, data: np.ndarray, layer: int) -> Arrays:
        found = subjects.load_layer(data=data, layer=layer)
        return found | {"types": np.where(found["types"] == 14, 12, found["types"])}


class PaddedBlocks(Faulty, by="LOAD-001"):
    """A Q6_K block is taken for 212 bytes, its size in a struct padded to words, not for 210."""

    def load_layer(self, *, data: np.ndarray, layer: int) -> Arrays:
        found = subjects.load_layer(data=data, layer=layer)
        return found | {"sizes": np.where(found["types"] == 14, found["sizes"] // 210 * 212, found["sizes"])}


class Believed(Faulty):
    """One refusal is left out: the layer loads, and is described as it stands in the file."""

    refusal: type[Exception]
    says: str

    def load_layer(self, *, data: np.ndarray, layer: int) -> Arrays:
        try:
            return subjects.load_layer(data=data, layer=layer)
        except self.refusal as error:
            if self.says not in str(error):
                raise
            return described(list(four(model_of(data), layer).values()))


class RouterInHalf(Believed, by="LOAD-002"):
    """A router in F16 loads, and is read as float32."""

    refusal, says = UnsupportedOperation, "ffn_gate_inp"


class ShapeOfUpNotCompared(Believed, by="LOAD-002"):
    """Gate and down are compared with the metadata, up is believed."""

    refusal, says = InvalidShape, "load refused: blk.0.ffn_up_exps"


class OtherArchitectureLoaded(Believed, by="LOAD-002"):
    """Another mixture with the same names of tensors loads; its shared experts are left out."""

    refusal, says = UnsupportedOperation, "general.architecture"


class NoArchitectureLoaded(Believed, by="LOAD-088"):
    """Where the file does not say its architecture, nothing is compared."""

    refusal, says = UnsupportedOperation, "general.architecture is missing"


class OtherTensorsIgnored(Believed, by="LOAD-093 LOAD-094 LOAD-095"):
    """The four tensors are taken, whatever else the layer has."""

    refusal, says = UnsupportedOperation, "changes what the layer computes"


class OtherKeysIgnored(Believed, by="LOAD-097 LOAD-098"):
    """Only the keys that are looked for are seen."""

    refusal, says = UnsupportedOperation, "changes the layer"


class EverythingElseRefused(Faulty, by="LOAD-096"):
    """A layer with any tensor beside the four is refused, an attention's or another layer's among them."""

    def load_layer(self, *, data: np.ndarray, layer: int) -> Arrays:
        if len(model_of(data).tensors) > len(tensor_names.MOE_ROLES):
            raise UnsupportedOperation("load", "load refused: other tensors")
        return subjects.load_layer(data=data, layer=layer)


class EveryKeyRefused(Faulty, by="LOAD-099"):
    """A key is refused for its name, whatever its value."""

    def load_layer(self, *, data: np.ndarray, layer: int) -> Arrays:
        if any(key.endswith(("_func", "_norm", "_scale", "shared_count")) for key in model_of(data).metadata):
            raise UnsupportedOperation("load", "load refused: a key")
        return subjects.load_layer(data=data, layer=layer)


class BareKey(Faulty, by="LOAD-092"):
    """The number of experts is looked for under its bare key (mistral.rs 2331)."""

    def load_layer(self, *, data: np.ndarray, layer: int) -> Arrays:
        stated = model_of(data).scalar("expert_count")
        if stated not in (None, 2):
            raise InvalidShape(f"load refused: expert_count = {stated}")
        return subjects.load_layer(data=data, layer=layer)


class CountsOf32Bits(Faulty, by="LOAD-090"):
    """A count of another type than uint32 is not found (mistral.rs 2215)."""

    def load_layer(self, *, data: np.ndarray, layer: int) -> Arrays:
        entry = model_of(data).metadata.get("qwen3moe.expert_count")
        if entry is not None and entry.value_type != 4:
            return described(list(four(model_of(data), layer).values()))
        return subjects.load_layer(data=data, layer=layer)


class LowerHalfOfACount(Believed, by="LOAD-091"):
    """A count of 64 bits is compared in its lower 32 bits."""

    refusal, says = InvalidShape, "expert_count = 4294967298"


class KeysBehindTheArchitecture(Faulty, by="LOAD-089"):
    """Keys in front of the architecture are read before the prefix is known, and lost."""

    def load_layer(self, *, data: np.ndarray, layer: int) -> Arrays:
        if list(model_of(data).metadata)[-1:] == ["general.architecture"]:
            return described(list(four(model_of(data), layer).values()))
        return subjects.load_layer(data=data, layer=layer)


class ShorterNameCompared(Faulty, by="LOAD-008"):
    """Names are compared as far as the wanted one goes."""

    def load_layer(self, *, data: np.ndarray, layer: int) -> Arrays:
        try:
            return subjects.load_layer(data=data, layer=layer)
        except InvalidShape as error:
            wanted = str(error).partition("'")[2].partition("'")[0]
            found = [tensor for name, tensor in model_of(data).tensors.items() if wanted and name.startswith(wanted)]
            if not found:
                raise
            return described(found * 4)


class EndNotCompared(Faulty, by="LOAD-100 LOAD-101"):
    """The file is mapped, and where it ends is not asked before the weights are."""

    def load_layer(self, *, data: np.ndarray, layer: int) -> Arrays:
        longer = np.concatenate([data, np.zeros(2**20, np.uint8)])
        return subjects.load_layer(data=longer if data.size > 600 else data, layer=layer)


class TakenByPlace(Faulty, by="LOAD-004"):
    """The names are checked, and then the first four tensors of the file are taken."""

    def load_layer(self, *, data: np.ndarray, layer: int) -> Arrays:
        subjects.load_layer(data=data, layer=layer)
        return described(list(model_of(data).tensors.values())[:4])


class AnotherErrorForMissing(Faulty, by="LOAD-002 LOAD-003"):
    """The loader looks tensors up by index and dies with a KeyError."""

    def load_layer(self, *, data: np.ndarray, layer: int) -> Arrays:
        try:
            return subjects.load_layer(data=data, layer=layer)
        except InvalidShape as error:
            raise KeyError(str(error)) from None


# --- APRT files ----------------------------------------------------------------------------------------------------


class TrailingAccepted(Faulty, by="APRT-005 APRT-007 APRT-008"):
    """As many values as announced are read, and what follows is left (the seed's reader does so)."""

    def read_aprt(self, *, data: np.ndarray) -> Arrays:
        count = int.from_bytes(data[8:12].tobytes(), "little")
        return subjects.read_aprt(data=data[: 12 + 4 * count].copy())


class CountNotBelieved(Faulty, by="APRT-005 APRT-006 APRT-008"):
    """The values are whatever follows the header: a file that was cut is a shorter one."""

    def read_aprt(self, *, data: np.ndarray) -> Arrays:
        count = np.array([max(0, data.size - 12) // 4], "<u4").view(np.uint8)
        whole = data[: 12 + 4 * int(count.view("<u4")[0])]
        return subjects.read_aprt(data=np.concatenate([whole[:8], count, whole[12:]]) if data.size >= 12 else data)


class NanMadeCanonical(Faulty, by="APRT-010"):
    """Every NaN is replaced by the one that NumPy writes, its payload lost."""

    def read_aprt(self, *, data: np.ndarray) -> Arrays:
        found = subjects.read_aprt(data=data)
        values = found["values"]
        return found | {"values": np.where(np.isnan(values), np.float32(np.nan), values)}


class CountBigEndian(Faulty, by="APRT-001 APRT-003 APRT-004"):
    """The number of values is written in network byte order."""

    def write_aprt(self, **arguments: Any) -> Arrays:
        data = subjects.write_aprt(**arguments)["data"]
        data[8:12] = data[8:12][::-1].copy()
        return {"data": data}


class BytesCounted(Faulty, by="APRT-001 APRT-003 APRT-004"):
    """The number of bytes is written where the number of values belongs."""

    def write_aprt(self, *, values: np.ndarray, **arguments: Any) -> Arrays:
        data = subjects.write_aprt(values=values, **arguments)["data"]
        data[8:12] = np.array([4 * values.size], "<u4").view(np.uint8)
        return {"data": data}


class WholeModelIsLayerZero(Faulty, by="APRT-004"):
    """A stage of the whole model is written as one of layer 0."""

    def write_aprt(self, *, layer: int, values: np.ndarray) -> Arrays:
        return subjects.write_aprt(layer=max(0, layer), values=values)


class ClockInFile(Faulty, by="APRT-009"):
    """What differs from run to run gets into the file: here the number of the call, in the layer's last byte."""

    calls = 0

    def write_aprt(self, **arguments: Any) -> Arrays:
        data = subjects.write_aprt(**arguments)["data"]
        self.calls += 1
        data[7] = self.calls % 256
        return {"data": data}


class LayerIn16Bits(Faulty, by="APRT-001"):
    """The layer is written in 16 bits, and the rest is padding."""

    def write_aprt(self, *, layer: int, values: np.ndarray) -> Arrays:
        return subjects.write_aprt(layer=layer if layer < 0 else layer % 2**16, values=values)


class CountIn16Bits(Faulty, by="APRT-001"):
    """The number of values is written in 16 bits: logits of a large vocabulary lose their count."""

    def write_aprt(self, *, layer: int, values: np.ndarray) -> Arrays:
        data = subjects.write_aprt(layer=layer, values=values)["data"]
        data[10:12] = 0
        return {"data": data}


class ZeroWithoutSign(Faulty, by="APRT-001 APRT-003"):
    """Adding zero makes a negative zero positive."""

    def write_aprt(self, *, layer: int, values: np.ndarray) -> Arrays:
        return subjects.write_aprt(layer=layer, values=values + np.float32(0))

    def read_aprt(self, *, data: np.ndarray) -> Arrays:
        found = subjects.read_aprt(data=data)
        return found | {"values": found["values"] + np.float32(0)}


# --- stages of a trace ---------------------------------------------------------------------------------------------


class UnknownDropped(Faulty, by="STAGES-003"):
    """A stage that is not known is left out, and nobody hears of the misspelling."""

    def parse_stages(self, *, text: str) -> Arrays:
        found = []
        for token in text.split(","):
            try:
                found += subjects.parse_stages(text=token)["stages"]
            except InvalidStage:
                continue
        return {"stages": found}


class LastWrongNamed(Faulty, by="STAGES-006"):
    """Of several unknown names the last one is told, not the first."""

    def parse_stages(self, *, text: str) -> Arrays:
        return subjects.parse_stages(text=",".join(reversed(text.split(","))))


class CaseMatters(Faulty, by="STAGES-002"):
    """Stages in capitals are refused."""

    def parse_stages(self, *, text: str) -> Arrays:
        if text != text.lower():
            raise InvalidStage(f'unknown save-tensor stage "{text}"; valid stages: ')
        return subjects.parse_stages(text=text)


class DuplicatesRemoved(Faulty, by="STAGES-002"):
    """The list is made a set on the way, though the order is kept."""

    def parse_stages(self, *, text: str) -> Arrays:
        return {"stages": list(dict.fromkeys(subjects.parse_stages(text=text)["stages"]))}


class DeclaredOrder(Faulty, by="STAGES-002"):
    """Stages come in the order in which they are declared, not in which they were asked for."""

    def parse_stages(self, *, text: str) -> Arrays:
        return {"stages": sorted(subjects.parse_stages(text=text)["stages"], key=STAGES.index)}


class AliasIgnored(Faulty, by="STAGES-002"):
    """The name that the engine's documentation uses, layer_output, is not known."""

    def parse_stages(self, *, text: str) -> Arrays:
        if "layer_output" in text.lower():
            raise InvalidStage('unknown save-tensor stage "layer_output"; valid stages: ')
        return subjects.parse_stages(text=text)


class RoutingRecomputed(Faulty, by="STAGES-004"):
    """The router's stages alone take another path, which rounds otherwise: one unit in the last place."""

    def trace_routing(self, **arguments: Any) -> Arrays:
        found = subjects.trace_routing(**arguments)
        return found | {"logits": np.nextafter(found["logits"], np.float32(np.inf))}


class OutputRecomputed(Faulty, by="STAGES-005"):
    """The output alone is summed over the experts in reverse, so its last bits differ."""

    def trace_output(self, **arguments: Any) -> Arrays:
        stages = subjects.trace(**arguments)
        terms = stages["weights"][:, None] * stages["down"]
        return {"output": np.sum(terms[::-1], 0, dtype=np.float32)}


class WrongNameInSmallLetters(Faulty, by="STAGES-006"):
    """The error does not show what was typed, but what became of it."""

    def parse_stages(self, *, text: str) -> Arrays:
        return subjects.parse_stages(text=text.lower())


class ValidStagesNotListed(Faulty, by="STAGES-006"):
    """The error does not list what could have been asked for."""

    def parse_stages(self, *, text: str) -> Arrays:
        try:
            return subjects.parse_stages(text=text)
        except InvalidStage as error:
            raise InvalidStage(f"{str(error).partition('stages: ')[0]}stages: ") from None


class StagesByTheirBeginning(Faulty, by="STAGES-040"):
    """A name that only one stage begins with stands for that stage."""

    def parse_stages(self, *, text: str) -> Arrays:
        found = []
        for token in text.split(",") if text.strip() else ():
            name = token.strip().lower()
            whole = [stage for stage in STAGES if name and stage.startswith(name)]
            found.append(whole[0] if len(whole) == 1 else token)
        return subjects.parse_stages(text=",".join(found))


class StagesArgumentIgnored(Faulty, by="STAGES-004 STAGES-005"):
    """Whatever stages are asked for, all are captured and returned."""

    def trace_routing(self, **arguments: Any) -> Arrays:
        return subjects.trace(**arguments)

    def trace_experts(self, **arguments: Any) -> Arrays:
        return subjects.trace(**arguments)


# --- many tokens ---------------------------------------------------------------------------------------------------


class RemainderOfTokens(Faulty, by="TOKENS-041"):
    """Tokens left over behind groups of 16 are computed like the last one of the groups."""

    def forward_among(self, *, token: int, hidden: np.ndarray, **arguments: Any) -> Arrays:
        whole = len(hidden) // 16 * 16
        at = whole - 1 if 0 < whole <= token < len(hidden) else token
        return subjects.forward_among(token=at, hidden=hidden, **arguments)


class RouterOfABatchInBfloat16(Faulty, by="TOKENS-041"):
    """For more than 8 tokens the router's values lose their lower 16 bits."""

    def forward_among(self, *, hidden: np.ndarray, router: Any, **arguments: Any) -> Arrays:
        if len(hidden) > 8 and isinstance(router, np.ndarray):
            router = (router.view(np.uint32) & np.uint32(0xFFFF0000)).view(np.float32)
        return subjects.forward_among(hidden=hidden, router=router, **arguments)
