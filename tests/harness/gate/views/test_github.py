"""Workflow commands: one line each, whatever the texts hold."""

import re

from harness.gate.views.github import github


def test_commands(record):
    lines = github(record)
    assert lines[0] == (
        "::error file=contracts/moe-router-v1.yaml,line=4,col=12,title=version-too-small::1.0.0 -> 1.0.1, and the "
        "changes need major; declare 2.0.0 (key: moe-router:version-too-small:1.0.1)"
    )
    assert "::notice file=contracts/moe-router-v1.yaml,line=1,col=1,title=minor%3A fault-removed::" in lines[2]
    assert "50 %25 | more" in lines[2]
    assert lines[3].endswith(
        "a -> b; another value%0Ahidden = 1: 0.5, was 1; breaks readers and implementers. Readers: The same input has "
        "another result. Implementers: Compute the new function. To do: Keep it."
    )
    assert len(lines) == 6 and not any("dimension-narrowed" in line for line in lines), (
        "what is waived is no annotation"
    )
    assert all(re.fullmatch(r"::(error|warning|notice) [^\n]*::[^\n]+", line) for line in lines[:-1])


def test_what_could_not_be_read(incomplete):
    lines = github(incomplete)
    assert lines[0] == (
        "::error file=contracts/names-v1.yaml,line=3,col=1,title=could not be read::not a version; expected x.y.z, "
        "got '*'; mend it"
    )
    assert lines[1] == "::error title=could not be read::--against x: no such ref"
    assert lines[2].startswith("::error file=contracts/moe-router-v1.yaml,line=4"), "what could be judged is told, too"
