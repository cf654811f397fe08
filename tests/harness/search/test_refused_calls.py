"""Refused calls between good ones: they are those that the contract refuses, and what they leave behind is told."""

from types import SimpleNamespace

import numpy as np
import pytest

from harness.program.collection import load
from harness.search.engine import Search
from harness.search.outcome import FALSIFIED, SURVIVED
from harness.search.refused_calls import arguments_where_refused, refused_calls
from harness.subjects.subject import ModuleSubject


class Uneven(Exception):
    pass


class Rows:
    """Right, but for what `after` does with the results of a call that follows a refused one."""

    def __init__(self, after=lambda result: result):
        self.after, self.refused, self.asked = after, False, []

    def rows(self, *, x, v, k):
        if len(v) != len(x):
            self.refused = True
            raise Uneven(f"v has {len(v)}")
        self.asked.append(self.refused)
        both = x * v
        result = {"both": both, "best": np.argsort(-x, kind="stable")[:k], "total": both.sum(dtype=np.float32)}
        was, self.refused = self.refused, False
        return self.after(result) if was else result

    def again_rows(self, *, threads, **arguments):
        return {"both": self.rows(**arguments)["both"]}


@pytest.fixture(scope="module")
def program(tmp_path_factory, small_contract):
    path = tmp_path_factory.mktemp("rows") / "rows-v1.yaml"
    path.write_text(small_contract())
    return load((str(path),))[0]


def search(program, subject, number=0):
    return Search(program, program.falsifiers[number], ModuleSubject("mine", subject), 40).run()


def test_a_right_subject_survives_and_is_asked_after_refusals(program):
    subject = Rows()
    assert search(program, subject).verdict == SURVIVED
    assert any(subject.asked) and not all(subject.asked)


def doubled(result):
    return result | {"both": result["both"] * 2 + 1}


def raising(result):
    raise RuntimeError("still busy")


@pytest.mark.parametrize("after, told", [(doubled, "beyond the derived bound"), (raising, "raised an error")])
def test_what_a_refused_call_leaves_behind_is_told(program, after, told):
    outcome = search(program, Rows(after))
    assert outcome.verdict == FALSIFIED
    assert outcome.reason.startswith("after a call that is refused: ") and told in outcome.reason


def test_other_bits_that_the_claim_admits_are_no_failure(program):
    def in_another_order(result):
        return result | {"total": np.add.accumulate(result["both"][::-1])[-1]}

    assert search(program, Rows(in_another_order)).verdict == SURVIVED  # `total` is judged within its bound


def test_only_what_the_contract_refuses_in_this_case_is_called(program, make_refusable):
    (refused,) = refused_calls(program, ModuleSubject("mine", Rows()))
    assert refused.call.name == "rows"
    assert arguments_where_refused(program, *make_refusable(refused, shorter=True)) is not None
    assert arguments_where_refused(program, *make_refusable(refused, shorter=False)) is None


@pytest.fixture
def make_refusable():
    from harness.program.case import Case

    def make(refused, shorter):
        x = np.ones(3, np.float32)
        case = Case({"size": 3, "k": 1, "threads": 1}, {"x": x, "v": x})
        return case, refused, lambda call, row: {"x": x, "v": x[:-1] if shorter else x, "k": 1}

    return make


def test_what_a_subject_declines_is_not_called(program):
    subject = SimpleNamespace(rows=Rows().rows, DECLINES={"rows": {"SUM": "lengths are not looked at"}})
    assert refused_calls(program, ModuleSubject("mine", subject)) == ()
