from pathlib import Path

from harness.program.collection import load
from harness.teeth.keys import contract_digest, keys
from harness.teeth.versions import LANGUAGE, TEETH


def test_the_contract_and_two_versions_and_nothing_else(contracts):
    program = contracts["moe-router"]
    assert keys(program) == {"contract": contract_digest(program), "language": LANGUAGE, "teeth": TEETH}


def test_a_contract_and_the_formats_it_has_from_others(tmp_path, contracts):
    program = contracts["expert-swiglu"]
    root = program.contract.path.rsplit("/", 1)[0]
    for name in ("ggml-blocks", "expert-swiglu"):
        text = Path(f"{root}/{name}-v1.yaml").read_text()
        (tmp_path / f"{name}-v1.yaml").write_text(text)
    again = {part.id: part for part in load((str(tmp_path),))}
    assert (
        contract_digest(again["expert-swiglu"]) == contract_digest(program) != contract_digest(contracts["moe-router"])
    )
    blocks = tmp_path / "ggml-blocks-v2.yaml"
    blocks.write_text(blocks.read_text().replace("(s[8:12] & 15)", "(s[8:12] & 7)"))
    again = {part.id: part for part in load((str(tmp_path),))}
    assert contract_digest(again["expert-swiglu"]) != contract_digest(program)
