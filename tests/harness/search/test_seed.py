from harness.search.seed import stream


def test_streams_depend_on_every_part_and_on_nothing_else():
    assert stream("tiny", "1.0.0", "FALSIFY-TINY-001") == 10629090074465384571
    others = [
        ("tiny", "1.0.1", "FALSIFY-TINY-001"),
        ("tiny", "1.0.0", "FALSIFY-TINY-002"),
        ("tiny1.0.0", "", "FALSIFY-TINY-001"),
    ]
    assert len({stream(*identity) for identity in others} | {stream("tiny", "1.0.0", "FALSIFY-TINY-001")}) == 4
