"""One contract per way of being wrong; its first line says what must be found, and where."""

import re
from pathlib import Path

import pytest

from harness.contract.read import read_contract
from harness.findings import Refused

WRONG = sorted(Path(__file__).with_name("wrong").glob("*.yaml"))
_EXPECT = re.compile(r"# expect: (\d+:\d+) (.+)")


def _expected(path: Path) -> tuple[str, str]:
    found = _EXPECT.fullmatch(path.read_text(encoding="utf-8").split("\n")[0])
    assert found, f"{path.name} must begin with '# expect: line:column text'"
    return found[1], found[2]


def test_there_are_many():
    assert len(WRONG) >= 120


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_one_finding_at_the_place(path: Path):
    place, text = _expected(path)
    with pytest.raises(Refused) as refused:
        read_contract(path)
    lines = str(refused.value).split("\n")
    assert len(lines) == len(refused.value.findings), "a finding is one line"
    assert lines[0].startswith(f"{path}:{place}: "), lines
    assert text in lines[0]
    assert len(lines) == 1, "one mistake, one finding"
