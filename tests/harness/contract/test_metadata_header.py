"""Metadata from the head of a file, without the rest."""

from pathlib import Path

import pytest

from harness.contract.metadata_header import header_of, read_header
from harness.contract.spans import load, loads

CONTRACTS = sorted((Path(__file__).parents[3] / "contracts").glob("*.yaml"))


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.stem)
def test_it_is_what_the_whole_file_says(path):
    found = read_header(path.read_text(encoding="utf-8"), str(path))
    plain = load(path).plain()["metadata"]
    assert (found.id, found.version, found.lifecycle, found.depends_on) == (
        plain["id"], plain["version"], plain["lifecycle"], plain.get("depends_on", {}))  # fmt: skip


def test_nothing_behind_metadata_is_read():
    assert read_header("metadata: {id: a, version: 1.0.0, lifecycle: draft}\nbroken: {", "c.yaml").id == "a"


@pytest.mark.parametrize(
    "text",
    ["", "- a", "metadata: 1", "metadata: {id: a}", "metadata: {id: a, version: 1, lifecycle: b}", "metadata: {a: {",
     "metadata: {id: a, version: 1.0.0, lifecycle: b, depends_on: [c]}", "metadata: {id: &x a, version: 1.0.0}",
     "a: b"],
)  # fmt: skip
def test_what_is_not_in_good_shape_is_left_to_the_whole(text):
    assert read_header(text, "c.yaml") is None


def test_of_a_section():
    assert header_of(loads("{id: a, version: 1.0.0, lifecycle: draft}", "c.yaml")).depends_on == {}
