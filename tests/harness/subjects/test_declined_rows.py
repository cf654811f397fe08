"""Rows of a falsifier's tables that a subject declines by a condition of their columns."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.findings import HandledError
from harness.language.syntax import parse
from harness.program.collection import load
from harness.run.plan import Offer, Order, make_plan
from harness.subjects.declined_rows import ConditionRefused, check_condition, declined_share, reads, rows_left
from harness.subjects.declines import declined, declines_of, without_declined_rows
from harness.subjects.subject import ModuleSubject

CONTRACTS = Path(__file__).parents[3] / "contracts"
OTHERS = 'architecture != "llama" and architecture != "qwen3_moe"'
REASON = "these two are read here"


@pytest.fixture(scope="module")
def names():
    (program,) = load((str(CONTRACTS / "tensor-names-v2.yaml"),))
    return program


def rule(program, number):
    return next(part for part in program.falsifiers if part.source.id == f"FALSIFY-NAMES-{number:03}")


def subject_declining(declines):
    return ModuleSubject("port", SimpleNamespace(CLAIMS=["tensor-names"], DECLINES=declines))


def declines(names, condition=OTHERS):
    return declines_of(subject_declining({"tensor-names": {"*": {condition: REASON}}}), [names])


def test_rows_of_which_the_condition_is_true_are_left_out(names):
    gguf = rule(names, 4)  # over architectures and roles
    left = rows_left(gguf, [OTHERS])
    assert {row["architecture"] for row in left} == {"llama", "qwen3_moe"}
    assert len(left) * 15 == len(gguf.rows) * 2
    assert declined_share(names, gguf, OTHERS) == (len(gguf.rows) - len(left), len(gguf.rows))
    assert without_declined_rows(declines(names), names, gguf).rows == left


def test_a_rule_without_the_columns_is_run_whole(names):
    unknown = rule(names, 2)
    assert not reads(unknown, parse(OTHERS)) and rows_left(unknown, [OTHERS]) == unknown.rows
    assert declined_share(names, unknown, OTHERS)[0] == 0
    assert declined(declines(names), names, unknown) is None


def test_a_rule_without_any_row_left_is_declined(names):
    assert declined(declines(names, 'architecture != ""'), names, rule(names, 4)) == (
        "NAMES-TEMPLATES", f"{REASON} (every row; architecture != \"\")",
    )  # fmt: skip


def test_what_is_left_out_is_in_the_plan(names):
    plan = make_plan(Order((), "port"), [names], Offer(("tensor-names",), {}, declines(names)))
    assert ("tensor-names", "FALSIFY-NAMES-004") in plan.tasks
    told = {part[1]: part[2:] for part in plan.declined_rows}
    assert told["FALSIFY-NAMES-004"][:2] == ("NAMES-TEMPLATES", f"{REASON} (rows where {OTHERS})")
    assert told["FALSIFY-NAMES-004"][2][0] > 0 and "FALSIFY-NAMES-002" not in told


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("architecture ==", "which is no expression"),
        ('architektur == "llama"', "but no rule has all of its names; did you mean 'architecture'?"),
        ("1 == 1", "but no rule has all of its names; it names no column"),
        ("architecture == 1", "which does not fit FALSIFY-NAMES-00"),
        ("architecture", "which is no condition but: text"),
        ('architecture == "lama"', "which is true of no row"),
    ],
)
def test_a_condition_that_declines_nothing_is_refused(names, condition, told):
    obligations = [part.id for part in names.contract.obligations]
    with pytest.raises(ConditionRefused) as refused:
        check_condition(names, obligations, condition)
    assert str(refused.value).startswith(told)
    with pytest.raises(HandledError, match=r"^subject 'port': DECLINES rows of tensor-names where ") as handled:
        declines(names, condition)
    assert "\n" not in str(handled.value)
