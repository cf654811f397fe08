import sys

import numpy as np
import pytest

from harness.findings import HandledError
from harness.subjects.interrupt import Interrupted
from harness.subjects.subject import as_array, load_subject


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A subject file beside the working directory, under a name that no other test has used."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    made = []

    def make(text):
        name = f"subject_{tmp_path.name}_{len(made)}"
        (tmp_path / f"{name}.py").write_text(text)
        made.append(name)
        return name

    yield make
    for name in made:
        sys.modules.pop(name, None)


def test_a_module_of_the_working_directory(module, tiny):
    found = load_subject(module("CLAIMS = ['tiny']\ndef product(*, x, m, size): return {'out': x}\n"))
    assert found.claims() == ("tiny",)
    assert found.missing(tiny) == ["staged"]
    x = np.ones(2, np.float32)
    assert found.call(tiny, "product", {"x": x, "m": None, "size": 2}, {})["out"] is x


@pytest.mark.parametrize("path", ["engine", "Engine", "box.engine"])
def test_objects_and_classes(module, tiny, path):
    text = """
class Engine:
    CLAIMS = ("tiny",)
    def product(self, **arguments): return {}
    staged = product
class box: pass
engine = box.engine = Engine()
"""
    found = load_subject(f"{module(text)}:{path}")
    assert found.claims() == ("tiny",) and found.missing(tiny) == []


def test_without_claims_everything_is_claimed(module):
    assert load_subject(module("")).claims() is None


def test_the_reference_is_built_in(tiny):
    found = load_subject("reference")
    assert found.claims() is None and found.missing(tiny) == []
    assert load_subject("reference:FAULT-TINY-001").name == "reference:FAULT-TINY-001"


@pytest.mark.parametrize("claims", ["'tiny'", "7", "{'tiny': 1}", "[7]", "object()"])
def test_claims_that_are_no_list_of_ids(module, claims):
    with pytest.raises(HandledError, match=r"CLAIMS is .*, expected a list of contract ids"):
        load_subject(module(f"CLAIMS = {claims}")).claims()


def test_a_set_of_claims_has_an_order(module):
    assert load_subject(module("CLAIMS = {'b', 'a'}")).claims() == ("a", "b")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("def broken(:\n", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise SystemExit(0)", "SystemExit: 0"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("def deeper(): deeper()\ndeeper()", "RecursionError"),
        ("import no_such_module", "no module 'no_such_module'"),
    ],
)
def test_a_module_that_cannot_be_imported_is_told_in_one_line(module, text, told):
    with pytest.raises(HandledError) as refused:
        load_subject(module(text))
    assert told in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "name", ["no_such_module", "no such module", "", ".", "../x.py", ":x", "json:no_such", "json:loads.x"]
)
def test_names_that_lead_nowhere(name):
    with pytest.raises(HandledError, match="subject"):
        load_subject(name)


@pytest.mark.parametrize("name", ["./kernel.py", "kernel.py", "/tmp/kernel", "", ".kernel:Engine"])
def test_a_file_is_no_name_of_a_module(name):
    with pytest.raises(HandledError, match="no name of a module; give a dotted name"):
        load_subject(name)


def test_a_class_that_cannot_be_made(module):
    name = module("class Engine:\n    def __init__(self, path): pass\n")
    with pytest.raises(HandledError, match="TypeError"):
        load_subject(f"{name}:Engine")


def test_the_users_interrupt_during_the_import_is_no_fault_of_the_module(module):
    with pytest.raises(Interrupted):
        load_subject(module("from harness.subjects.interrupt import Interrupted\nraise Interrupted"))


class Angry:
    def __array__(self, *arguments, **named):
        raise RuntimeError


@pytest.mark.parametrize("value", [None, "text", {"a": 1}, [[1], [1, 2]], Angry(), object()])
def test_anything_is_some_array(value):
    assert as_array(value).dtype.kind in "OU"


def test_arrays_are_plain():
    assert as_array([1, 2]).dtype.kind == "i"
    assert type(as_array(np.ma.masked_array([1.0, 2.0], [0, 1]))) is np.ndarray


def test_a_reference_without_the_name_of_its_fault_is_no_reference():
    with pytest.raises(HandledError, match="'reference:': no fault is named"):
        load_subject("reference:")


def test_what_cannot_be_imported_is_told_briefly():
    with pytest.raises(HandledError, match=r"no module 'x{120}\.\.\. \(3000 characters\)'") as refused:
        load_subject("x" * 3000)
    assert len(str(refused.value)) < 500
