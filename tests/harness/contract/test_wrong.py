"""One contract per way of being wrong; the files in wrong/ say what must be found, and where."""

from pathlib import Path

import pytest

from harness.contract.read import read_contract
from harness.findings import Refused
from tests.harness.contract_fixtures import bases, fixtures

FOLDER = Path(__file__).with_name("wrong")
WRONG = fixtures(FOLDER, "at", "says")


def test_there_are_many():
    assert len(WRONG) >= 120


@pytest.mark.parametrize("path", bases(FOLDER), ids=lambda path: path.stem)
def test_what_they_are_made_of_is_right(path):
    read_contract(path)


@pytest.mark.parametrize("fixture", WRONG.values(), ids=WRONG)
def test_one_finding_at_the_place(fixture, tmp_path):
    path = fixture.write(tmp_path)
    place, text = fixture.expected
    with pytest.raises(Refused) as refused:
        read_contract(path)
    lines = str(refused.value).split("\n")
    assert len(lines) == len(refused.value.findings), "a finding is one line"
    assert lines[0].startswith(f"{path}:{place}: "), lines
    assert text in lines[0]
    assert len(lines) == 1, "one mistake, one finding"
