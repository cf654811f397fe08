import sys
from types import SimpleNamespace

import pytest

from harness.report.progress import Progress, width
from harness.search.outcome import Outcome, Tally


class Terminal:
    def __init__(self):
        self.text = ""

    def isatty(self):
        return True

    def write(self, text):
        self.text += text

    def flush(self):
        pass


def test_one_line_that_is_overwritten(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    progress = Progress()
    progress(Outcome("tiny", "FALSIFY-TINY-001", "survived", tally=Tally(margin=0.421)), 10)
    progress(Outcome("tiny", "FALSIFY-TINY-002", "falsified"), 10)
    progress.clear()
    assert terminal.text.split("\r\x1b[K") == [
        "",
        "1 of 10 falsifiers; last FALSIFY-TINY-001: survived at 0.42 of its bound",
        "2 of 10 falsifiers, 1 against; last FALSIFY-TINY-002: falsified",
        "",
    ]


@pytest.mark.parametrize("stream", [None, SimpleNamespace(isatty=lambda: False)])
def test_silence_where_nobody_looks(monkeypatch, stream):
    monkeypatch.setattr(sys, "stderr", stream)
    progress = Progress()
    progress(Outcome("tiny", "FALSIFY-TINY-001", "survived"), 10)
    progress.clear()


@pytest.mark.parametrize(("columns", "filled"), [("40", 80), ("80", 80), ("93", 93), ("300", 100)])
def test_width_is_that_of_the_terminal_within_reason(monkeypatch, columns, filled):
    monkeypatch.setenv("COLUMNS", columns)
    assert width() == filled
