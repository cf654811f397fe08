"""Markdown whose cells stay cells."""

from harness.gate.views.markdown import markdown


def test_tables(record):
    lines = markdown(record)
    assert "| moe-router | 1.0.1 | 1.0.0 (release 1.0.0) | major | readers and implementers | stopped |" in lines
    assert "| draft | 1.0.1 | none | none | nobody | not released |" in lines
    (row,) = [line for line in lines if "fault-removed" in line]
    assert row.startswith(
        "| minor, assurance lowered | fault-removed | nobody | `faults.FAULT-1`: gone: 50 % \\| more |"
    )
    assert row.replace("\\|", "").count("|") == 7
    assert any(
        "hidden = 1: 0.5, was 1<br>Readers: The same input has another result.<br>Implementers: Compute the new "
        "function.<br>To do: Keep it." in line
        for line in lines
    )
    assert any("waived (major)" in line for line in lines)
    assert any("another value<br>hidden = 1: 0.5, was 1" in line for line in lines)
    assert lines[-1].startswith("- `contracts/waivers/gate.yaml:3:5`: waives x, which is no finding.")
    assert not any("names |" in line for line in lines), "nothing to say about what is unchanged"


def test_what_could_not_be_read(incomplete):
    lines = markdown(incomplete)
    assert lines[2].startswith("INCOMPLETE")
    assert "- `contracts/names-v1.yaml:3:1`: not a version; expected x.y.z, got '\\*'; mend it" in lines
    assert "- --against x: no such ref" in lines
