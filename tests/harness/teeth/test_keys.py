import sys
from pathlib import Path

from harness.program.collection import load
from harness.teeth import keys
from harness.teeth.keys import contract_digest, harness_digest, subject_digest

DECIDING_FILES = ("contract/a.py", "judge/b.py", "language/c.py", "program/d.py", "search/c.py", "subjects/e.py",
                  "teeth/f.py")  # fmt: skip


def test_the_code_that_decides(tmp_path, monkeypatch):
    for name in (*DECIDING_FILES, "report/e.py", "commands/f.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x = 1\n")
    monkeypatch.setattr(keys, "PACKAGE", tmp_path)

    def fresh():
        harness_digest.cache_clear()
        return harness_digest()

    try:
        first = fresh()
        for shown in ("report/e.py", "commands/f.py"):
            (tmp_path / shown).write_text("x = 2\n")
        assert fresh() == first
        (tmp_path / "search/c.py").write_bytes(b"x = 1\r\n")
        assert fresh() == first
        for decides in DECIDING_FILES:
            (tmp_path / decides).write_text("x = 2\n")
            assert fresh() != first
            first = fresh()
        (tmp_path / "search/new.py").write_text("")
        assert fresh() != first
    finally:
        harness_digest.cache_clear()


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
    blocks = tmp_path / "ggml-blocks-v1.yaml"
    blocks.write_text(blocks.read_text().replace("(s[8:12] & 15)", "(s[8:12] & 7)"))
    again = {part.id: part for part in load((str(tmp_path),))}
    assert contract_digest(again["expert-swiglu"]) != contract_digest(program)


def test_the_source_of_a_subject_is_read_and_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deadly.py").write_text("raise SystemExit\n")
    (tmp_path / "engine" / "inner").mkdir(parents=True)
    (tmp_path / "engine" / "__init__.py").write_text("raise SystemExit\n")
    (tmp_path / "engine" / "inner" / "kernel.py").write_text("x = 1\n")

    def fresh(name):
        subject_digest.cache_clear()
        return subject_digest(name)

    assert len(fresh("deadly")) == 64 and "deadly" not in sys.modules
    first = fresh("engine.inner.kernel:thing")
    (tmp_path / "engine" / "inner" / "kernel.py").write_text("x = 2\n")
    assert fresh("engine") != first
    assert fresh("reference") == fresh("no_such_package") == ""
    subject_digest.cache_clear()
