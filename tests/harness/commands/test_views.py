import pytest

from harness.commands.views import BESIDE, add_summary, leave_views, print_text
from harness.report.views import VIEWS
from tests.harness.report import stored


def test_views_stand_beside_the_record(tmp_path):
    file = leave_views(stored.full(), str(tmp_path), [name for name in BESIDE if name != "github"])
    assert file == "report.html"
    assert {path.name for path in tmp_path.iterdir()} == {"report.html", "report.md", "junit.xml", "report.sarif"}


def test_annotations_are_printed_not_stored(tmp_path, capfdbinary):
    assert leave_views(stored.full(), str(tmp_path), ["github"]) == "report.json"
    assert list(tmp_path.iterdir()) == []
    lines = capfdbinary.readouterr().out.decode().splitlines()
    assert lines
    assert all(line.startswith("::") for line in lines)


def test_no_summary_where_there_is_none(monkeypatch):
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    add_summary(stored.full(), "r")


def test_text_is_utf8_whatever_the_terminal_is(capfdbinary):
    print_text("ü \U0001f9ea\n")
    assert capfdbinary.readouterr().out == "ü \U0001f9ea\n".encode()


@pytest.mark.parametrize("name", BESIDE)
def test_what_a_run_can_leave_is_a_view(name):
    assert name in VIEWS
