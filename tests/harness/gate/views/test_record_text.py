"""Words that several views share."""

from harness.gate.views.record_text import (
    all_problems,
    change_message,
    change_places,
    change_text,
    contract_headline,
    how_lines,
    parties,
    place_text,
    shorten_middle,
    summary_line,
    unreadable_text,
    wrap_line,
)


def test_headlines(record):
    assert [contract_headline(contract) for contract in record["contracts"]] == [
        "moe-router 1.0.0 -> 1.0.1: needs major, raised by patch; breaks readers and implementers; stopped",
        "names 1.0.1: unchanged since release 1.0.0",
        "draft 1.0.1: not released",
    ]


def test_who_is_broken_and_how(record):
    nobody, both, *_ = record["contracts"][0]["since"]["changes"]
    assert (parties(nobody), how_lines(nobody)) == ("nobody", [])
    assert parties(both) == "readers and implementers"
    assert how_lines(both) == [
        "Readers: The same input has another result.", "Implementers: Compute the new function."]  # fmt: skip
    assert [parties({"breaks": one}) for one in ("reader", "implementer")] == ["readers", "implementers"]


def test_places(record):
    gone, changed, *_ = record["contracts"][0]["since"]["changes"]
    assert change_places(gone) == "removed from released/moe-router/1.0.0.yaml:15:3"
    assert change_places(changed) == "contracts/moe-router-v1.yaml:16:3 (was released/moe-router/1.0.0.yaml:15:3)"
    assert place_text(None) == "" and change_text(gone) == "faults.FAULT-1: gone: 50 % | more"


def test_a_long_text_keeps_both_ends():
    text = shorten_middle("old " * 100 + "-> " + "new " * 100)
    assert text.startswith("old ") and text.endswith("new") and len(text) < 260
    assert shorten_middle("short") == "short"


def test_of_two_long_texts_the_difference_is_shown():
    old, new = ("same " * 100 + part + " alike" * 100 for part in ("8", "16"))
    change_text = change_message({"message": f"accuracy: {old} -> {new}", "old": old, "new": new})
    assert "same 8 alike" in change_text and "same 16 alike" in change_text and len(change_text) < 260
    assert change_message({"message": "gone: " + old, "old": old, "new": ""}).count("[...]") == 1


def test_lines_are_wrapped_and_keys_are_not_broken():
    key = "moe-router@1.0.0:" + "k-" * 60
    lines = wrap_line(f"some words before a key: {key} " + "word " * 30, 2, 4)
    assert any(line.strip() == key for line in lines) and lines[0].startswith("  some")
    assert all(len(line) <= 80 for line in lines if key not in line)
    assert wrap_line("", 2) == ["  "]


def test_counts(record):
    assert summary_line(record).startswith("STOPPED  contracts: 3, unchanged: 1, stopped: 1, findings: 2.")
    assert [problem["problem"] for problem in all_problems(record)] == ["version-too-small", "waiver-unused"]


def test_what_could_not_be_read(incomplete):
    assert [unreadable_text(part) for part in incomplete["unreadable"]] == [
        "not a version; expected x.y.z, got '*'; mend it",
        "--against x: no such ref",
    ]
    assert summary_line(incomplete).startswith("INCOMPLETE  contracts: 3,")
