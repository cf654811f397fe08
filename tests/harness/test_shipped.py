"""What is installed with harness; here, in a checkout, it is the repository's own."""

import re
import sys
import tomllib
from pathlib import Path

import gguf
import numpy as np
import pytest

from harness import cli
from harness.findings import Refused
from harness.program.collection import load
from harness.shipped import TOPICS, is_installed, manual_page, shipped_contract, shipped_contracts, with_dependencies

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"harness explain ([a-z][a-z-]+)`")  # ids of falsifiers and faults are upper case


def test_a_checkout_has_the_originals():
    assert shipped_contracts() == ROOT / "contracts"
    assert manual_page("language") == (ROOT / "docs/language.md").read_text(encoding="utf-8")


def test_what_is_installed(tmp_path, monkeypatch):
    assert not is_installed(str(ROOT / "contracts/moe-router-v2.yaml"))  # a checkout's are its owner's
    monkeypatch.setattr("harness.shipped.DATA", tmp_path / "data")
    (tmp_path / "data/contracts").mkdir(parents=True)
    assert is_installed(str(tmp_path / "data/contracts/moe-router-v2.yaml"))
    assert not is_installed(str(tmp_path / "contracts/moe-router-v2.yaml"))


def test_a_contract_is_found_by_its_whole_id():
    assert shipped_contract("qwen3-moe-ffn") == ROOT / "contracts/qwen3-moe-ffn-v2.yaml"
    assert [shipped_contract(id) for id in ("qwen3-moe", "*", "")] == [None] * 3


def test_the_wheel_carries_the_contracts_and_every_page():
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {"harness", "contracts", *(f"docs/{topic}.md" for topic in TOPICS)} == set(wheel["only-include"])
    assert wheel["sources"] == {"contracts": "harness/data/contracts", "docs": "harness/data/manual"}


def test_what_texts_refer_to_is_a_page_of_the_manual():
    named = {
        name
        for path in (ROOT / "harness").rglob("*")
        if path.suffix in (".py", ".json", ".yaml", ".j2")
        for name in NAMED.findall(path.read_text(encoding="utf-8"))
    }
    assert {"language", "mutants"} <= named <= set(TOPICS)


def test_dependencies_are_added_where_they_are_lacking_and_only_then():
    needs = {"mine": ["expert-swiglu", "unknown"], "expert-swiglu": ["ggml-blocks"], "ggml-blocks": []}
    read = []

    def reading(path):
        read.append(path.name)
        return path.name.removesuffix("-v2.yaml")

    assert with_dependencies({"mine": "mine"}, needs.__getitem__, reading) == {
        "mine": "mine", "expert-swiglu": "expert-swiglu", "ggml-blocks": "ggml-blocks",
    }  # fmt: skip
    assert read == ["expert-swiglu-v2.yaml", "ggml-blocks-v2.yaml"]
    own = {"mine": "mine", "expert-swiglu": "ggml-blocks", "ggml-blocks": "ggml-blocks"}
    assert with_dependencies(own, needs.__getitem__, reading) == own and len(read) == 2


# --- a contract that depends on a shipped one -----------------------------------------------------------------------

DEPENDS = "lifecycle: draft, depends_on: {{ggml-blocks: '{range}'}},"
BLOCKS = "inputs:\n  m: {dtype: [q4_k], shape: [1, 256], values: [normal]}\n"
PRODUCT = "  both: x * v\n  row: m @ m[0]\n"


@pytest.fixture
def contract(tmp_path, small_contract):
    """A folder with one contract, which has a format of `ggml-blocks`, for a range of its versions."""

    def write(range):
        text = small_contract("close(rows().row, row)", "").replace("lifecycle: draft,", DEPENDS.format(range=range))
        text = text.replace("inputs:\n", BLOCKS).replace("  both: x * v\n", PRODUCT)
        text = text.replace("{x: x, v: v, k: k}", "{x: x, v: v, k: k, m: m}").replace(
            "total: total}", "total: total, row: row}"
        )
        (tmp_path / "rows-v1.yaml").write_text(text)
        return tmp_path

    return write


def test_a_shipped_contract_is_depended_on_where_no_folder_has_it(contract):
    for given in (contract(">=1.0,<3"), contract(">=1.0,<3") / "rows-v1.yaml"):
        (program,) = load((str(given),))
        assert program.id == "rows" and "q4_k" in program.formats


def test_its_version_has_to_be_in_the_range(contract):
    with pytest.raises(Refused, match=r"depends_on ggml-blocks does not admit its version; expected <0\.5, got "):
        load((str(contract("<0.5")),))


def test_the_folders_own_file_wins(contract):
    folder = contract("<0.5")
    text = (ROOT / "contracts/ggml-blocks-v2.yaml").read_text()
    (folder / "ggml-blocks-v0.yaml").write_text(re.sub(r"(?m)^  version: .*$", "  version: 0.4.0", text, count=1))
    assert {program.id for program in load((str(folder),))} == {"rows", "ggml-blocks"}


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Exit code, output and errors of one command, in a folder without contracts."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["harness", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        return ended.value.code, captured.out, captured.err

    return call


def test_the_gate_takes_them_too(run, contract):
    folder = contract(">=1.0,<3")
    assert run("release", folder)[0] == 0
    assert run("gate", folder)[0] == 0
    contract("<0.5")
    code, out, _ = run("gate", folder)
    assert code == 1 and "depends on ggml-blocks <0.5, but its version is" in " ".join(out.split())


def test_commands_that_only_read_use_them_where_no_folder_is_named(run):
    for arguments in (["validate"], ["list"], ["explain", "FALSIFY-MOE-ROUTER-001"]):
        code, out, err = run(*arguments)
        assert code == 0 and out and err.startswith("no folder contracts/ here: the contracts shipped with harness ")


@pytest.mark.parametrize("command", [["gate"], ["release"], ["teeth", "--subject", "reference"]])
def test_commands_that_write_or_compare_want_a_folder(run, command):
    code, out, err = run(*command)
    assert (code, out) == (2, "") and err.startswith("no folder contracts/ here: name a contract or ")


@pytest.mark.parametrize("given", [[], ["mine"]])
def test_a_model_file_is_held_against_the_shipped_names(run, tmp_path, small_contract, given):
    if given:
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine/rows-v1.yaml").write_text(small_contract())
    code, out, err = run("inspect", ROOT / "tests/data/peers/tiny_qwen3moe.gguf", *given)
    assert code == 0 and "ffn_gate_exps_weight" in out and len(err.splitlines()) == 1 and "shipped with harness" in err


def test_a_model_file_is_inspected_beside_contracts_that_are_none(run, tmp_path):
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts/broken-v1.yaml").write_text("a: [\n")
    peer = ROOT / "tests/data/peers/tiny_qwen3moe.gguf"
    code, _, err = run("inspect", peer)
    assert code == 0 and len(err.splitlines()) == 1 and "shipped with harness" in err
    code, out, err = run("inspect", peer, "absent")
    assert (code, out) == (2, "") and err.startswith(
        "absent: no such file or folder; without PATH, the tensor-names shipped"
    )


@pytest.mark.parametrize("size", [0, 3, 3744, 3_905_183])
def test_a_truncated_model_file_is_not_complete(run, tmp_path, size):
    path = tmp_path / "cut.gguf"
    path.write_bytes((ROOT / "tests/data/peers/tiny_qwen3moe.gguf").read_bytes()[:size])
    code, out, err = run("inspect", path)
    assert (code, out) == (2, "") and str(path) in err
    if size > 1000:
        assert f"truncated by {3_905_184 - size} bytes" in err


@pytest.mark.parametrize(("longest", "code"), [(0, 1), (60_000, 2)])
def test_names_of_a_model_file_are_harmless_lines(run, tmp_path, longest, code):
    """Names that reach into a terminal or a log; one that is longer than the format allows."""
    writer = gguf.GGUFWriter(tmp_path / "evil.gguf", "qwen3moe")
    writer.add_uint32("qwen3moe.block_count", 1)
    names = ["blk.0.\x1b[31mRED\x1b]0;title\x07", "blk.0.x\n::error file=a::pwned", "blk.0.\u202egnp.exe"]
    for name in [*names, *(["blk.0." + longest * "\x1b"] if longest else [])]:
        info = gguf.gguf_writer.TensorInfo((1,), gguf.GGMLQuantizationType.F32, 4, np.zeros(1, np.float32))
        writer.tensors[0][name] = info
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    ended, out, err = run("inspect", tmp_path / "evil.gguf")
    assert ended == code and len(out) + len(err) < 5_000
    assert all(part.isprintable() and not part.startswith("::") for part in (out + err).splitlines())
    assert (r"unmapped: blk.0.\x1b[31mRED" in out) == (code == 1)


def test_pages_of_the_manual_are_shown_without_reading_a_contract(run, tmp_path):
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts/broken-v1.yaml").write_text("a: [\n")
    for topic in TOPICS:
        code, out, err = run("explain", topic)
        assert (code, err) == (0, "") and out == manual_page(topic)
    assert run("explain", "language", "contracts")[0] == 2  # with a path it is an id
