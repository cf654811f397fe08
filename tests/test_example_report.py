"""The report in docs/: its parts are there, and its replay commands lead to stored cases."""

import json
import re
import shlex
from html import unescape
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE = (DOCS / "report" / "report.html").read_text(encoding="utf-8")
REPLAYS = [unescape(command) for command in re.findall(r"<pre>(harness replay [^<]*)</pre>", PAGE)]


def test_sizes():
    assert len(PAGE.encode()) < 700_000
    assert (DOCS / "report" / "front.png").stat().st_size < 200_000


def test_links_of_the_guide_lead_somewhere():
    text = (DOCS / "report.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert links
    assert all((DOCS / link).exists() for link in links)


def test_every_quality_has_its_pointer():
    text = (DOCS / "report.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| [^|]+ \| [^|]{20,} \|$", text, re.MULTILINE)
    assert rows == [str(number) for number in range(1, 16)]


@pytest.mark.parametrize("command", REPLAYS, ids=lambda command: Path(shlex.split(command)[2]).stem)
def test_every_counterexample_is_stored(command):
    words = shlex.split(command)
    case = json.loads((DOCS.parent / words[2]).read_text(encoding="utf-8"))
    assert case["falsifier"] == Path(words[2]).stem
    assert words[3:] == ["--subject", "tests.subjects.several:Several"]


def test_there_are_as_many_as_the_page_says():
    assert len(REPLAYS) == int(re.search(r"(\d+) falsified", PAGE)[1])
