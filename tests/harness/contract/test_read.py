"""Contracts from files and folders."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from harness.contract.model import Contract, Source
from harness.contract.read import read_contract, read_folder
from harness.findings import Place, Refused
from tests.hanging import no_hang

GOOD = Path(__file__).with_name("good") / "moe-router-v1.yaml"


@pytest.fixture(scope="module")
def contract() -> Contract:
    return read_contract(GOOD)


def copy(folder, name, old="", new=""):
    (folder / name).write_text(GOOD.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def refusal(path):
    with pytest.raises(Refused) as refused:
        read_folder(path)
    return str(refused.value)


def test_metadata(contract):
    metadata = contract.metadata
    assert (metadata.id, metadata.version, metadata.major) == ("moe-router", "1.2.0", 1)
    assert metadata.description.endswith("over the chosen experts.")
    assert metadata.depends_on == {"ggml-blocks": ">=1.0,<2"}
    assert contract.path == str(GOOD)


def test_order_of_equations_is_kept(contract):
    assert list(contract.equations) == ["logits", "probs", "chosen", "weights"]


def test_integers_in_expressions_become_text(contract):
    assert contract.dimensions["experts"].maximum == Source("16", contract.node)
    assert contract.dimensions["top_k"].maximum.text == "experts"
    assert contract.dimensions["block"].values == (32, 256)
    assert contract.inputs["scale"].shape == ()


@pytest.mark.parametrize("written, text", [("1e-6", "1e-06"), ("-3", "-3"), ("0.5", "0.5"), ("'1e-6'", "1e-6")])
def test_an_equation_may_be_a_number(written, text, tmp_path):
    copy(tmp_path, "moe-router-v1.yaml", "  logits:", f"  epsilon: {written}\n  logits:")
    assert read_contract(tmp_path / "moe-router-v1.yaml").equations["epsilon"].text == text


def test_single_values_and_lists_are_one(contract):
    assert contract.inputs["x"].dtypes == ("f32",)
    assert contract.inputs["router"].dtypes == ("f32", "tiny")
    first, second = contract.falsifiers
    assert second.given["router"].kinds == ("zeros",)
    assert first.given["top_k"].integers == (1,)
    assert first.given["x"].excluded == ("nonfinite",)
    assert second.for_each == {"extra": (0, 1), "mode": ("plain", "2")}


def test_places_within_an_expression(contract):
    weights = contract.equations["weights"]
    assert weights.text == "probs[chosen]\n  / sum(probs[chosen])"
    place = weights.place_at(weights.text.index("sum"))
    line = GOOD.read_text(encoding="utf-8").split("\n")[place.line - 1]
    assert line[place.column - 1 :] == "sum(probs[chosen])"


def test_every_part_knows_its_place(contract):
    def visit(value):
        if dataclasses.is_dataclass(value):
            assert isinstance(value.place, Place), value
            assert value.place.line > 1 or value is contract
            for field in dataclasses.fields(value):
                if field.name not in ("node", "place"):
                    visit(getattr(value, field.name))
        elif isinstance(value, dict):
            [visit(item) for item in value.values()]
        elif isinstance(value, tuple):
            [visit(item) for item in value]

    visit(contract)


def test_contracts_are_equal_when_they_say_the_same(contract, tmp_path):
    copy(tmp_path, "other.yaml", "dimensions:\n", "\n# moved\ndimensions:\n")
    assert read_contract(tmp_path / "other.yaml") == contract


def test_frozen(contract):
    with pytest.raises(dataclasses.FrozenInstanceError):
        contract.metadata.version = "2.0.0"


def test_folder(tmp_path):
    copy(tmp_path, "moe-router-v1.yaml")
    copy(tmp_path, "other-v1.yaml", "id: moe-router\n", "id: other\n")
    (tmp_path / "released").mkdir()
    (tmp_path / "released" / "broken.yaml").write_text("{")
    (tmp_path / ".hidden.yaml").write_text("{")
    (tmp_path / "README.md").write_text("{")
    assert [contract.metadata.id for contract in read_folder(tmp_path)] == ["moe-router", "other"]


def test_one_file_under_any_name(tmp_path):
    copy(tmp_path, "draft.yaml")
    assert len(read_folder(tmp_path / "draft.yaml")) == 1


def test_folder_with_nothing(tmp_path):
    assert "no contracts in this folder; expected *.yaml, got none; contracts are files" in refusal(tmp_path)


def test_folder_that_is_missing(tmp_path):
    assert "cannot read the file; got No such file" in refusal(tmp_path / "no")


def test_file_name(tmp_path):
    copy(tmp_path, "moe-router-v2.yaml")
    message = refusal(tmp_path)
    assert "v2.yaml:3:7: the file name does not match the contract; expected moe-router-v1.yaml" in message


def test_other_suffix_is_not_overlooked(tmp_path):
    copy(tmp_path, "moe-router-v1.yml")
    assert "contracts end in '.yaml'; rename it" in refusal(tmp_path)


def test_duplicate_id(tmp_path):
    copy(tmp_path, "moe-router-v1.yaml")
    copy(tmp_path, "moe-router-v2.yaml", "1.2.0", "2.0.0")
    message = refusal(tmp_path)
    assert "v2.yaml:3:7: duplicate id 'moe-router'; first at " in message
    assert "v1.yaml:3:7; a folder holds one version" in message


def test_findings_of_all_files(tmp_path):
    copy(tmp_path, "moe-router-v1.yaml", "lifecycle: active", "lifecycle: 010")
    copy(tmp_path, "other-v1.yaml", "lifecycle: active", "lifecycle: activ")
    first, second = refusal(tmp_path).split("\n")
    assert "moe-router-v1.yaml:5:14: 010 is" in first
    assert "other-v1.yaml:5:14: unknown value" in second


def test_reading_imports_nothing_heavy():
    code = (
        "import sys; from harness.contract.read import read_contract; before = 'jsonschema' in sys.modules;"
        f"read_contract({str(GOOD)!r}); print(before, 'numpy' in sys.modules, 'hypothesis' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False"] * 3


def test_many_unknown_obligations_take_no_time(tmp_path):
    obligations = "".join(f"  - {{id: EXTRA-{i}, type: bound, property: x}}\n" for i in range(1500))
    discharged = ", ".join(f"EXTRB-{i}" for i in range(9000))
    text = GOOD.read_text(encoding="utf-8").replace("\nfalsification_tests", obligations + "\nfalsification_tests")
    (tmp_path / "c.yaml").write_text(text.replace("[ROUTER-TIES]", f"[ROUTER-TIES, {discharged}]"), encoding="utf-8")
    with no_hang(), pytest.raises(Refused) as refused:
        read_contract(tmp_path / "c.yaml")
    assert "unknown obligation 'EXTRB-0'" in str(refused.value)


def test_a_file_that_changed_is_read_again(tmp_path):
    copy(tmp_path, GOOD.name)
    first = read_contract(tmp_path / GOOD.name)
    assert read_contract(tmp_path / GOOD.name) is first
    copy(tmp_path, GOOD.name, "version: 1.2.0", "version: 1.3.0")
    assert read_contract(tmp_path / GOOD.name).metadata.version == "1.3.0" != first.metadata.version
