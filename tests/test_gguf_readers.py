"""The implementation's GGUF reader and the harness's own: one verdict on every file, and the gguf package as a third.

They share no code. A file is the same tensors at the same places for both, or refused by both as damaged, or by both
as beyond them.
"""

from __future__ import annotations

import struct
from pathlib import Path

import gguf
import numpy as np
import pytest

from benchmarks.damaged_files import difference, differences, verdict_of_harness, verdict_of_production
from harness.findings import HandledError
from harness.model_files.gguf import ModelFile
from harness.model_files.tensor_types import NEWER, TYPES
from harness.program.collection import load
from harness.search.engine import Search
from harness.subjects.subject import ModuleSubject
from impl.errors import UnsupportedOperation
from impl.ggml_types import GGML_TYPES, NAMED_ONLY
from impl.gguf import GGUFModel
from impl.gguf.metadata import SCALARS
from impl.synthetic import SourceTensor, gguf_bytes
from tests.subjects import harness_files

ROOT = Path(__file__).parent.parent
INTERESTING = (0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 24, 32, 39, 42, 64, 255, 256, 2**16, 2**31, 2**32 - 1, 2**63, -1, -32)
STRING, ARRAY, BOOL = 8, 9, 7


def random_value(rng: np.random.Generator, depth: int = 0) -> tuple[int, object]:
    """A value of any type, arrays of arrays included."""
    kind = int(rng.choice([*SCALARS, STRING, *([ARRAY] * 3 if depth < 3 else [])]))
    if kind == STRING:
        return kind, "é" * int(rng.integers(0, 4)) + "text"
    if kind == ARRAY:
        items = [random_value(rng, depth + 1) for _ in range(int(rng.integers(1, 4)))]
        return kind, (items[0][0], [items[0][1]] * len(items))
    return kind, bool(rng.integers(2)) if kind == BOOL else int(rng.integers(0, 100))


def random_file(rng: np.random.Generator) -> bytes:
    """A good file: entries and tensors of every type."""
    alignment = int(rng.choice([8, 16, 32, 64]))
    metadata: dict[str, tuple[int, object]] = {f"key.{n}": random_value(rng) for n in range(int(rng.integers(0, 5)))}
    if alignment != 32 or rng.integers(2):
        metadata["general.alignment"] = (4, alignment)
    tensors = {}
    for n in range(int(rng.integers(1, 5))):
        kind = int(rng.choice(list(GGML_TYPES)))
        known = GGML_TYPES[kind]
        rows = tuple(int(size) for size in rng.integers(1, 4, int(rng.integers(0, 4))))
        shape = (*rows, known.block_size * int(rng.integers(1, 3)))
        size = int(np.prod(rows)) * known.row_bytes(shape[-1])
        tensors[f"blk.{n}.weight"] = SourceTensor(kind, shape, bytes(size))
    return gguf_bytes(metadata, tensors, alignment=alignment, version=int(rng.choice([2, 3])))


def damaged(rng: np.random.Generator, data: bytes) -> bytes:
    """One or two numbers of the header replaced, the file cut, something put in, or another type of a tensor."""
    changed = bytearray(data)
    if not rng.integers(8):
        after = data.index(b"blk.0.weight") + len(b"blk.0.weight")
        at = after + 4 + 8 * data[after]  # behind the number of axes and the axes
        changed[at : at + 4] = int(rng.choice([*NEWER, *TYPES, 4, 36, 43])).to_bytes(4, "little")
        return bytes(changed)
    for _ in range(int(rng.integers(1, 3))):
        at, width = int(rng.integers(0, min(len(changed), 400))), int(rng.choice([1, 4, 8]))
        value = int(rng.choice(INTERESTING)) if rng.integers(3) else int(rng.integers(0, 256))
        changed[at : at + width] = (value % 256**width).to_bytes(width, "little")
    if not rng.integers(8):
        del changed[int(rng.integers(0, len(changed))) :]
    if not rng.integers(8):
        at = int(rng.integers(0, len(changed) + 1))
        changed[at:at] = bytes(rng.integers(0, 256, int(rng.integers(1, 40))).astype(np.uint8))
    return bytes(changed)


@pytest.mark.parametrize("seed", range(3))
def test_both_come_to_one_verdict_on_damaged_files(seed):
    rng = np.random.default_rng(seed)
    verdicts = {"read": 0, "damaged": 0, "unsupported": 0}
    for _ in range(100):
        good = random_file(rng)
        assert not isinstance(verdict_of_production(good), str)
        for data in (good, *(damaged(rng, good) for _ in range(20))):
            assert not difference(data), data.hex()
            verdict = verdict_of_harness(data)
            verdicts[verdict if isinstance(verdict, str) else "read"] += 1
    assert all(count > 20 for count in verdicts.values()), verdicts  # every verdict was tried


def test_both_come_to_one_verdict_on_the_damages_of_the_contract_and_on_every_cut_and_bit():
    assert differences(0) == []


def test_the_gguf_package_reads_the_same_in_what_both_accept(tmp_path):
    rng = np.random.default_rng(7)
    path = tmp_path / "case.gguf"
    compared = 0
    for _ in range(60):
        good = random_file(rng)
        for data in (good, *(damaged(rng, good) for _ in range(3))):
            found = verdict_of_production(data)
            if isinstance(found, str) or any(dtype == "q8_1" for _, dtype, *_ in found):  # 40 bytes in the package
                continue
            path.write_bytes(data)
            theirs = gguf.GGUFReader(path).tensors
            assert found == [
                (part.name, part.tensor_type.name.lower(), tuple(reversed(part.shape.tolist())), part.data_offset,
                 part.n_bytes) for part in theirs
            ]  # fmt: skip
            compared += 1
    assert compared > 60


@pytest.mark.parametrize("alignment", [8, 32, 256])
def test_both_read_what_the_gguf_package_writes(tmp_path, alignment):
    path = tmp_path / "model.gguf"
    writer = gguf.GGUFWriter(path, "qwen3moe")
    writer.add_custom_alignment(alignment)
    writer.add_uint64("qwen3moe.expert_count", 8)
    writer.add_array("words", ["a", "", "ü"])
    for kind, size in ((gguf.GGMLQuantizationType.Q6_K, 420), (gguf.GGMLQuantizationType.Q5_0, 22)):
        writer.add_tensor(kind.name, np.zeros((3, size), np.uint8), raw_dtype=kind)
    writer.add_tensor("last", np.ones((2, 3), np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    found = verdict_of_harness(path.read_bytes())
    assert not difference(path.read_bytes())
    assert [(name, offset) for name, _, _, offset, _ in found] == [
        (part.name, part.data_offset) for part in gguf.GGUFReader(path).tensors
    ]


def test_the_harness_s_reader_survives_the_contract():
    """What the harness asks of a reader it asks of its own, but for the sentences. Rules over a table try each row."""
    subject = ModuleSubject("tests.subjects.harness_files", harness_files)
    (container,) = load((str(ROOT / "contracts/gguf-container-v1.yaml"),))
    for falsifier in container.falsifiers:
        if falsifier.source.discharges == ("GGUF-SENTENCES",):
            continue
        outcome = Search(container, falsifier, subject, 200 if falsifier.source.over else 20).run()
        assert outcome.verdict == "survived", (falsifier.source.id, outcome.reason)


def test_the_tables_of_types_are_the_same():
    ours = {number: (known.name, known.block_size, known.block_bytes) for number, known in GGML_TYPES.items()}
    assert {number: tuple(known) for number, known in TYPES.items()} == ours
    assert NEWER == NAMED_ONLY


# --- what both say ---------------------------------------------------------------------------------------------------


def refusals(path: Path) -> tuple[str, str]:
    """What either reader says of a file that it refuses."""
    with pytest.raises(HandledError) as by_harness:
        ModelFile(path)
    with pytest.raises(Exception, match=path.name) as by_production:
        GGUFModel.from_path(path)
    return str(by_harness.value), str(by_production.value)


@pytest.mark.parametrize("version", [2, 3])
def test_both_say_that_a_file_is_big_endian(tmp_path, version):
    path = tmp_path / "big.gguf"
    path.write_bytes(struct.pack(">4sIQQ", b"GGUF", version, 1, 1) + bytes(64))
    assert all(f"version {version} in big-endian order" in told for told in refusals(path))


@pytest.mark.parametrize("kind", NEWER)
def test_both_name_a_newer_type_and_its_tensor(tmp_path, kind):
    path = tmp_path / "newer.gguf"
    path.write_bytes(gguf_bytes({}, {"blk.0.ffn_up_exps.weight": SourceTensor(kind, (2, 256), bytes(512))}))
    for told in refusals(path):
        assert "blk.0.ffn_up_exps.weight" in told and f"{kind} ({NEWER[kind]})" in told
    with pytest.raises(UnsupportedOperation):
        GGUFModel.from_path(path)


def test_sixteen_rows_of_q8_1_and_another_tensor_behind_them(tmp_path):
    path = tmp_path / "q8_1.gguf"
    source = {"a": SourceTensor(9, (16, 32), bytes(16 * 36)), "b": SourceTensor(0, (8,), bytes(32))}
    path.write_bytes(gguf_bytes({}, source))
    (_, _, _, first, size), (_, _, _, second, _) = verdict_of_harness(path.read_bytes())
    assert size == 576 and second - first == 576
    assert not difference(path.read_bytes())


def sparse(path: Path, head: bytes, size: int) -> Path:
    """A file of that many bytes, zeros behind `head`, which takes no room."""
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size)
    return path


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (struct.pack("<IQQQ1sIIQ", 3, 0, 1, 1, b"a", ARRAY, STRING, 12_000_000_000), "12000000000"),
        (struct.pack("<IQQQ1sIIQ", 3, 0, 1, 1, b"a", ARRAY, ARRAY, 8_000_000_000), "8000000000"),
        (struct.pack("<IQQQ1sIIQIQ", 3, 0, 1, 1, b"a", ARRAY, ARRAY, 2, STRING, 2**22), "4194304"),  # within the first
        (struct.pack("<IQQ", 3, 0, 2_000_000_000), "2000000000"),
        (struct.pack("<IQQ", 3, 2_000_000_000, 0), "2000000000"),
    ],
)
def test_more_things_than_the_limits_are_refused_at_once(tmp_path, head, told):
    path = sparse(tmp_path / "sparse.gguf", b"GGUF" + head, 100_000_000_000)
    by_harness, by_production = refusals(path)
    assert told in by_harness and told in by_production
    with pytest.raises(UnsupportedOperation):
        GGUFModel.from_path(path)


def test_tensors_beyond_four_gigabytes_are_found_where_they_are(tmp_path):
    offsets = [0, 2**31 + 32, 2**32 + 64, 2**33]
    names = (b"a", b"b", b"c", b"d")
    entries = b"".join(
        struct.pack("<Q1sIQIQ", 1, name, 1, 8, 0, offset) for name, offset in zip(names, offsets, strict=True)
    )
    head = b"GGUF" + struct.pack("<IQQ", 3, 4, 0) + entries
    start = -(-len(head) // 32) * 32
    path = sparse(tmp_path / "large.gguf", head, start + 2**33 + 32)
    production, harness = GGUFModel.from_path(path), ModelFile(path)
    assert [part.offset for part in production.tensors.values()] == [start + offset for offset in offsets]
    assert [part.offset for part in harness.tensors.values()] == [start + offset for offset in offsets]
    path = sparse(path, head, start + 2**33 + 31)
    assert "truncated by 1 bytes" in refusals(path)[0]
