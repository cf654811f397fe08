"""What no section accounts for is a change of its own, and the largest."""

from harness.contract.spans import loads
from harness.gate.diff import compare
from harness.gate.diff.contract import SECTIONS
from harness.gate.names.renames import NONE

HEAD = "metadata: {id: a, version: 1.0.0, lifecycle: active, title: A, references: [b]}\n"


def test_a_section_of_another_time_is_never_overlooked():
    """A released copy may have a section that the schema no longer has."""
    old, new = loads(HEAD + "verified: true\n", "old.yaml"), loads(HEAD, "new.yaml")
    (change,) = compare(old, new, NONE, None)
    assert (change.kind, change.path, change.old, str(change.old_place)) == (
        "unrecognised-change", "verified", "true", "old.yaml:2:1")  # fmt: skip


def test_a_field_of_another_time_is_never_overlooked():
    old = loads(HEAD.replace("title: A", "title: A, status: verified"), "old.yaml")
    (change,) = compare(old, loads(HEAD, "new.yaml"), NONE, None)
    assert (change.kind, change.path) == ("unrecognised-change", "metadata")


def test_every_section_of_the_schema_has_its_comparison():
    from harness.contract.schema import schema

    assert SECTIONS.keys() == schema()["properties"].keys()
