from harness.report.html.anchors import anchors


def test_names_become_places_that_a_link_can_name():
    assert anchors(["moe-router/FALSIFY-X-001"]) == {"moe-router/FALSIFY-X-001": "f-moe-router-FALSIFY-X-001"}


def test_two_names_never_share_a_place():
    names = ["a/b", "a-b", "a b", '"><script>', "", "ü"]
    found = anchors(names)
    assert len(set(found.values())) == len(names)
    assert all(
        set(anchor) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
        for anchor in found.values()
    )
