import json

import pytest

from harness.report.escaping import encodable
from harness.report.views import VIEWS, as_json, as_text, show
from tests.harness.report import stored


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_is_a_function_of_the_record(name):
    record = stored.full()
    text = show(name, record, "r", 80)
    assert text == show(name, record, "r", 80)
    assert record == stored.full()
    assert text.endswith("\n") or name == "html"
    text.encode()


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_names_the_subject_and_each_verdict(name):
    text = show(name, stored.full(), "r", 80)
    assert "FAULT-TINY-001" in text
    for verdict in ("falsified", "vacuous", "undecided"):
        assert verdict in text.lower()


def test_files_do_not_overwrite_each_other():
    assert len({view.file for view in VIEWS.values()}) == len(VIEWS)


def test_json_is_the_record_itself():
    assert json.loads(as_json(stored.full())) == stored.full()


@pytest.mark.parametrize("text", stored.HOSTILE.values(), ids=stored.HOSTILE)
def test_hostile_texts_are_harmless_in_json_and_come_back(text):
    shown = as_json(stored.hostile(text))
    stored.harmless(shown)
    assert json.loads(shown) == encodable(stored.hostile(text))


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("text", stored.HOSTILE.values(), ids=stored.HOSTILE)
def test_hostile_texts_are_harmless_on_a_terminal(text, width):
    stored.harmless(as_text(stored.hostile(text), "r", width))
