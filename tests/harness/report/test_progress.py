import sys
from types import SimpleNamespace

import pytest

from harness.report.progress import Progress, width
from harness.run.plan import News
from harness.search.outcome import Outcome


class Terminal:
    def __init__(self):
        self.text = ""

    def isatty(self):
        return True

    def write(self, text):
        self.text += text

    def flush(self):
        pass


KEY = ("tiny", "FALSIFY-TINY-001")
OTHER = ("tiny", "FALSIFY-TINY-002")


def ended(key, verdict, reason=""):
    return Outcome(*key, verdict, reason)


@pytest.fixture
def looked_at(monkeypatch):
    """A terminal behind standard error, from now on; so many seconds between two lines."""

    def look(often=0.0):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setattr("harness.report.progress.OFTEN", often)
        return terminal

    return look


def test_one_line_that_is_overwritten_and_bad_news_that_stays(looked_at):
    terminal = looked_at()
    progress = Progress()
    progress.planned(SimpleNamespace(tasks=[KEY, OTHER]))
    progress.begun(KEY)
    progress.news(KEY, News(130, 0.421))
    progress.begun(OTHER)
    progress.ended(ended(KEY, "survived"))
    progress.ended(ended(OTHER, "falsified", "beyond the derived bound"))
    progress.clear()
    assert terminal.text.split("\r\x1b[K") == [
        "",
        "0 of 2",
        "0 of 2; tiny FALSIFY-TINY-001: starting in 0 s",
        "0 of 2; tiny FALSIFY-TINY-001: 130 cases in 0 s, worst 0.42 of its bound",
        "0 of 2; tiny FALSIFY-TINY-001: 130 cases in 0 s, worst 0.42 of its bound (+1)",
        "1 of 2; tiny FALSIFY-TINY-002: starting in 0 s",
        "FALSIFIED FALSIFY-TINY-002: beyond the derived bound\n",
        "2 of 2, 1 against",
        "",
    ]


def test_a_line_is_drawn_ten_times_a_second_at_most(looked_at):
    terminal = looked_at(often=3600.0)
    progress = Progress()
    for number in range(1000):
        progress.begun(("tiny", f"FALSIFY-TINY-{number}"))
    assert terminal.text.count("\r") == 1


def test_what_was_not_run_is_not_against_the_subject(looked_at):
    terminal = looked_at()
    progress = Progress()
    progress.ended(ended(KEY, "not run", "interrupted"))
    assert progress.against == 0 and "NOT RUN" not in terminal.text


def test_a_message_cannot_take_over_the_terminal(looked_at):
    terminal = looked_at()
    Progress().ended(ended(KEY, "error", "ValueError: \x1b]0;mine\x07\n\rsurvived"))
    assert "\x1b]" not in terminal.text and "\nsurvived" not in terminal.text


@pytest.mark.parametrize("stream", [None, SimpleNamespace(isatty=lambda: False)])
def test_silence_where_nobody_looks(monkeypatch, stream):
    monkeypatch.setattr(sys, "stderr", stream)
    progress = Progress()
    progress.begun(KEY)
    progress.ended(ended(KEY, "falsified"))
    progress.clear()


@pytest.mark.parametrize(("columns", "filled"), [("40", 80), ("80", 80), ("93", 93), ("300", 100)])
def test_width_is_that_of_the_terminal_within_reason(monkeypatch, columns, filled):
    monkeypatch.setenv("COLUMNS", columns)
    assert width() == filled
