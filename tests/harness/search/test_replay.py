import json

import pytest

from harness.findings import HandledError
from harness.language.arithmetic import float32
from harness.search.counterexample import counterexample
from harness.search.replay import replay_case


@pytest.fixture
def tiny_path(tiny):
    return (tiny.contract.path,)


@pytest.fixture
def stored(tmp_path, tiny, rule, make_case, judge, subject):
    """A stored case, with some of its entries replaced (None: removed)."""

    def store(number=1, x=(1.0, 2.0), **changed):
        case = make_case(list(x), [[1, 2]])
        evidence = judge(1, case, product=lambda **arguments: {}).evidence
        data = counterexample(tiny, rule(number), case, evidence, subject(), float32()) | changed
        path = tmp_path / "case.json"
        path.write_text(json.dumps({key: value for key, value in data.items() if value is not None}))
        return path

    return store


def test_a_case_that_holds_now(stored, tiny_path):
    replayed = replay_case(stored(), tiny_path, "reference")
    assert (replayed.counterexample, replayed.doubt) == (None, "")
    assert replayed.notes == ("this case was found with the subject mine",)


def test_a_case_that_still_fails(stored, tiny_path):
    replayed = replay_case(stored(), tiny_path, "reference:FAULT-TINY-001")
    assert replayed.counterexample["evidence"]["reason"] == "beyond the derived bound"
    assert (replayed.falsifier, replayed.claim) == ("FALSIFY-TINY-001", "close(product().out, out)")


def test_a_case_without_a_decision(stored, tiny_path, tmp_path, tiny, rule, make_case, subject):
    from harness.judge.claims import Evidence

    case = make_case([0.1, 0.3], [[7, 9], [7, 9]])
    path = tmp_path / "open.json"
    path.write_text(json.dumps(counterexample(tiny, rule(7), case, Evidence("by hand"), subject(), float32())))
    assert "closer than the bound" in replay_case(path, tiny_path, "reference").doubt


def test_a_changed_contract_is_noted(stored, tiny_path):
    note, _ = replay_case(stored(digest="other", version="0.9.0"), tiny_path, "reference").notes
    assert note == "tiny has changed since this case was stored (version 0.9.0)"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"contract": "tinny"}, "no contract 'tinny'; did you mean 'tiny'?"),
        ({"contract": ["tiny"]}, "no contract"),
        ({"falsifier": "FALSIFY-TINY-099"}, "tiny has no falsifier 'FALSIFY-TINY-099'; did you mean"),
        ({"falsifier": 7}, "tiny has no falsifier '7'"),
        ({"inputs": None}, "not a stored case: it needs contract, falsifier, dimensions, inputs"),
        ({"inputs": {}}, "the case cannot be judged: KeyError"),
        ({"dimensions": {"rows": 1}}, "it has no k, size"),
        ({"number": 9}, "the case cannot be judged: .*nothing under `refuses` applies"),
    ],
)
def test_damaged_cases_are_refused_in_one_line(stored, tiny_path, changed, told):
    path = stored(**changed)
    with pytest.raises(HandledError, match=told) as refused:
        replay_case(path, tiny_path, "reference")
    assert str(refused.value).startswith(f"{path}: ") and "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "7", "null", "{", '{"contract": 1}', "\udcff", "[" * 100_000, "\x00"])
def test_other_files_are_refused_in_one_line(tmp_path, tiny_path, text):
    path = tmp_path / "case.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(HandledError, match="not a stored case") as refused:
        replay_case(path, tiny_path, "reference")
    assert "\n" not in str(refused.value)


def test_absent_files_and_folders(tmp_path, tiny_path):
    for path in (tmp_path, tmp_path / "absent.json"):
        with pytest.raises(HandledError):
            replay_case(path, tiny_path, "reference")


def test_a_subject_without_the_function_is_the_users_mistake(stored, tiny_path):
    with pytest.raises(HandledError, match=r"subject 'json' offers no product\(\), which tiny names"):
        replay_case(stored(), tiny_path, "json")
