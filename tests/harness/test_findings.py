import pytest

from harness.findings import Finding, HandledError, Place, Refused, nearest


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        (Finding(Place("a.yaml", 3, 5), "no such name"), "a.yaml:3:5: no such name"),
        (Finding(Place("a.yaml"), "wrong", "one", "two"), "a.yaml:1:1: wrong; expected one, got two"),
        (Finding(Place("a.yaml"), "wrong", got="two", hint="say one"), "a.yaml:1:1: wrong; got two; say one"),
        (Finding(Place("a.yaml"), "wrong", expected="one"), "a.yaml:1:1: wrong; expected one"),
    ],
)
def test_a_finding_in_one_line(finding, text):
    assert str(finding) == text


def test_findings_are_sorted_by_place():
    places = [Place("b", 1), Place("a", 10), Place("a", 9, 2), Place("a", 9, 1)]
    assert sorted(places) == [places[3], places[2], places[1], places[0]]


def test_several_findings_are_one_refusal():
    refused = Refused(Finding(Place("a"), text) for text in ("one", "two"))
    assert str(refused) == "a:1:1: one\na:1:1: two"
    assert isinstance(refused, HandledError) and len(refused.findings) == 2


@pytest.mark.parametrize(
    ("word", "known", "told"),
    [
        ("softmx", ["softmax", "silu"], "did you mean 'softmax'?"),
        ("xyz", ["b", "a"], "known: a, b"),
        ("xyz", [], ""),
        (
            "xyz",
            [f"name{number:02}" for number in range(20)],
            "known: " + ", ".join(f"name{n:02}" for n in range(12)) + ", ...",
        ),
    ],
)
def test_nearest(word, known, told):
    assert nearest(word, known) == told
