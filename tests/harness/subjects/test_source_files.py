import hashlib
import importlib
import sys

import pytest

from harness.subjects.source_files import subject_files


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder on Python's path; what is imported from it is forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_a_package_is_taken_whole(place):
    (place / "engine_of_mine/deep/__pycache__").mkdir(parents=True)
    for path in ("__init__.py", "deep/__init__.py", "deep/late.py", "kernel.so", "notes.txt", "deep/__pycache__/x.py"):
        (place / "engine_of_mine" / path).write_text(f"# {path}\n" if path.endswith(".py") else path)
    importlib.import_module("engine_of_mine.deep")
    found = subject_files("engine_of_mine.deep")
    assert set(found) == {f"engine_of_mine/{path}" for path in
                          ("__init__.py", "deep/__init__.py", "deep/late.py", "kernel.so")}  # fmt: skip
    assert found["engine_of_mine/deep/late.py"] == sha("# deep/late.py\n")


def test_a_module_brings_its_loaded_neighbours(place):
    (place / "alone_of_mine.py").write_text("import beside_of_mine\n")
    (place / "beside_of_mine.py").write_text("# beside\n")
    (place / "never_of_mine.py").write_text("# never imported\n")
    importlib.import_module("alone_of_mine")
    assert subject_files("alone_of_mine") == {
        "alone_of_mine.py": sha("import beside_of_mine\n"), "beside_of_mine.py": sha("# beside\n"),
    }  # fmt: skip


def test_a_change_changes_the_digest(place):
    (place / "changing_of_mine.py").write_text("# one\n")
    importlib.import_module("changing_of_mine")
    before = subject_files("changing_of_mine")
    (place / "changing_of_mine.py").write_text("# two\n")
    assert before != subject_files("changing_of_mine")


def test_a_loaded_library_of_the_working_directory(place, monkeypatch):
    (place / "own_of_mine.py").write_text("")
    (place / "libkernel.so.2").write_bytes(b"code")
    (place / "maps").write_text(f"7f00-7f01 r-xp 00000000 08:01 42    {place}/libkernel.so.2\n7f02-7f03 rw-p 0 0:0 0\n")
    monkeypatch.setattr("harness.subjects.source_files.MAPS", place / "maps")
    importlib.import_module("own_of_mine")
    assert set(subject_files("own_of_mine")) == {"own_of_mine.py", "libkernel.so.2"}


def test_a_subject_without_files():
    assert subject_files("sys") == {}
