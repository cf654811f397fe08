import copy

import click
import pytest

from harness.report import console, markdown
from harness.report.html import page
from harness.report.ranking import ranked
from harness.report.sharpness import admitted, bluntness, sharpness, unjudged
from tests.harness.report import stored

ZEROS = {"decoy": "all zeros", "asked": 25, "admitted": 0}
SCALED = {"decoy": "1 % too large", "asked": 24, "admitted": 3}
STAGE = {"stage": "out", "comparisons": 200, "asked": 190, "wide": 1, "width": 1e-6, "unjudged": 0.125,
         "decoys": [ZEROS, SCALED]}  # fmt: skip
SHARP = {"FALSIFY-TINY-001": 3.4e-7, "FALSIFY-TINY-002": 0.0, "FALSIFY-TINY-003": 0.02, "FALSIFY-TINY-005": None}


@pytest.fixture
def record():
    made = copy.deepcopy(stored.second("sound"))
    for line in made["contracts"][0]["falsifiers"]:
        if line["id"] in SHARP:
            line |= {"sharpness": SHARP[line["id"]], "compared": [STAGE]}
    return made


@pytest.mark.parametrize(
    ("line", "shown", "rank"),
    [
        ({"sharpness": 3.4e-7}, "3e-07", 3.4e-7),
        ({"sharpness": 0.0}, "any", 0.0),
        ({"sharpness": None}, "", -1),
        ({}, "", -1),
    ],
)
def test_as_shown_and_as_sorted(line, shown, rank):
    line["verdict"] = "survived"
    assert (sharpness(line), bluntness(line)) == (shown, rank)


def test_what_was_not_judged_and_what_would_have_passed():
    assert unjudged({"compared": [STAGE]}) == [("out", 0.125)]
    assert admitted({"compared": [STAGE]}) == [("out", "1 % too large", 3, 24)]
    assert unjudged({}) == admitted({}) == []


def test_records_with_and_without_it_fit_the_schema(record, validate):
    validate(record)
    validate(stored.second("sound"))


def test_the_bluntest_survivor_comes_first(record):
    survived = [row.id for row in ranked(record) if row.verdict == "survived" and row.id in SHARP]
    assert survived == ["FALSIFY-TINY-003", "FALSIFY-TINY-001", "FALSIFY-TINY-002", "FALSIFY-TINY-005"]


def columns(text):
    return {words[0]: words for words in (line.split() for line in click.unstyle(text).splitlines()) if words}


def test_every_view_for_people_has_the_column(record):
    shown = columns("\n".join(console.render(record, "build/report", 100)))
    assert shown["cases"] == ["cases", "open", "refused", "worst"]
    assert "3e-07" in shown["FALSIFY-TINY-001"] and "any" in shown["FALSIFY-TINY-002"]
    text = markdown.render(record, "build/report")
    assert "| open | error refused from |" in text and "| 3e-07 |" in text
    whole = page.render(record, "build/report")
    assert 'data-of="refused">3e-07</td>' in whole and 'data-of="refused">any</td>' in whole
    assert "12 % of the elements of <code>out</code>: they have no finite bound" in whole
    assert "<code>out</code> 1 % too large, in 3 of 24 cases" in whole


def test_a_claim_that_failed_has_refused_nothing():
    made = copy.deepcopy(stored.second("faulty"))
    for line in made["contracts"][0]["falsifiers"]:
        line["sharpness"] = 3.4e-7
    rows = {row.id: row.verdict for row in ranked(made)}
    shown = columns("\n".join(console.render(made, "build/report", 100)).split("refused  ", 1)[1])
    for name, verdict in rows.items():
        assert ("3e-07" in shown[name]) == (verdict not in {"falsified", "error"})
