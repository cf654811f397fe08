import hashlib
import platform
from importlib.metadata import version
from pathlib import Path

import pytest

import harness
from harness.report import provenance as module
from harness.report.provenance import combined_digest, file_digest, harness_digest, machine, made_of, provenance

CPU = """processor\t: 0
model name\t: A Processor
flags\t\t: fpu avx2 fma sse4_2 secret_flag

processor\t: 1
model name\t: Another
"""


def test_what_is_said_is_what_is_installed(monkeypatch, tmp_path):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    (tmp_path / "model.gguf").write_bytes(b"GGUF")
    made = provenance("engine", {"b.py": "2" * 64, "a.py": "1" * 64}, str(tmp_path / "model.gguf"))
    assert made["packages"]["numpy"] == version("numpy") and made["harness"]["version"] == harness.__version__
    assert made["python"].endswith(platform.python_version())
    assert made["threads"]["OPENBLAS_NUM_THREADS"] == "1" and "MKL_NUM_THREADS" not in made["threads"]
    assert [part["path"] for part in made["subject"]["files"]] == ["a.py", "b.py"]
    assert made["model"] == {"path": str(tmp_path / "model.gguf"), "bytes": 4,
                             "digest": hashlib.sha256(b"GGUF").hexdigest()}  # fmt: skip


def test_a_model_that_is_not_there_is_told_by_whoever_reads_it(tmp_path):
    assert provenance("x", {}, str(tmp_path / "absent.gguf"))["model"] is None
    assert provenance("x", {}, str(tmp_path))["model"] is None


def test_the_machine_is_told_without_its_name(monkeypatch, tmp_path):
    (tmp_path / "cpuinfo").write_text(CPU)
    monkeypatch.setattr(module, "CPU", tmp_path / "cpuinfo")
    told = machine()
    assert (told["cpu"], told["features"]) == ("A Processor", ["avx2", "fma", "sse4_2"])
    assert platform.node() not in told.values()
    monkeypatch.setattr(module, "CPU", tmp_path / "absent")
    assert (machine()["cpu"], machine()["features"]) == ("", [])


def test_a_package_that_is_not_there_has_no_version(monkeypatch):
    monkeypatch.setattr(module, "PACKAGES", ("numpy", "no-such-package-here"))
    assert provenance("x", {}, "")["packages"]["no-such-package-here"] == ""


@pytest.mark.parametrize("changed", [{"a": "2"}, {"b": "1"}, {"a": "1", "b": "1"}, {}])
def test_a_digest_of_files_tells_paths_and_contents_apart(changed):
    assert combined_digest({"a": "1"}) != combined_digest(changed)
    assert combined_digest({"b": "1", "a": "1"}) == combined_digest({"a": "1", "b": "1"})


def test_long_lists_of_files_are_cut_and_still_counted():
    files = {f"f{number:04}.py": "0" * 64 for number in range(500)}
    made = made_of("engine", files)
    assert (len(made["files"]), made["count"]) == (400, 500)
    assert made["digest"] != made_of("engine", files | {"f0499.py": "1" * 64})["digest"]


def test_the_harness_knows_its_own_digest():
    path = Path(module.__file__)
    assert file_digest(path) == hashlib.sha256(path.read_bytes()).hexdigest()
    assert len(harness_digest()) == 64
