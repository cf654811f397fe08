"""Who reads the padding of an input: a subject is told so, a contract must not."""

import numpy as np
import pytest

from harness.search.engine import Search
from harness.search.outcome import ERROR, FALSIFIED, SURVIVED
from harness.subjects.reference import Reference
from harness.subjects.subject import ModuleSubject
from tests.harness.padded import padded


def run(kernel, **contract):
    program = padded(**contract)
    subject = (
        Reference() if kernel is None else ModuleSubject("kernel", type("Kernel", (), {"f": staticmethod(kernel)}))
    )
    return Search(program, program.falsifiers[0], subject, 100).run()


def up_to_length(*, x, lengths):
    out = np.zeros((len(x), 2), np.float32)
    for row, length in enumerate(lengths):
        out[row] = x[row, :length].sum(0)
    return {"out": out}


def all_of_it(*, x, lengths):
    return {"out": x.sum(1)}


def times_zero(*, x, lengths):
    seen = (np.arange(x.shape[1]) < lengths[:, None]).astype(np.float32)
    return {"out": np.einsum("rn,rnd->rd", seen, x)}


def one_more(*, x, lengths):
    return {"out": up_to_length(x=x, lengths=lengths)["out"] + 1}


def test_what_reads_no_padding_survives():
    assert run(up_to_length).verdict == SURVIVED and run(None).verdict == SURVIVED


@pytest.mark.parametrize("kernel", [all_of_it, times_zero])
def test_what_lets_it_through_is_falsified_with_that_reason(kernel):
    outcome = run(kernel)
    assert outcome.verdict == FALSIFIED and outcome.reason.startswith("the padding of x was read: ")
    assert outcome.counterexample["evidence"]["reason"] == outcome.reason


def test_only_what_is_not_finite_shows_a_product_with_zero():
    example = run(times_zero).counterexample
    assert "padding nan" in example["recipe"] or "padding infinite" in example["recipe"]


def test_of_another_fault_no_padding_is_spoken():
    outcome = run(one_more)
    assert outcome.verdict == FALSIFIED and "padding" not in outcome.reason


def test_padding_that_decides_an_error_is_read():
    def refuses(*, x, lengths):
        if not np.isfinite(x).all():
            raise ValueError("not finite")
        return up_to_length(x=x, lengths=lengths)

    outcome = run(refuses)
    assert outcome.verdict == FALSIFIED and outcome.reason.startswith("the padding of x was read: f() raised an error")


@pytest.mark.parametrize("equation", ["sum(x + 0 * kept, 1)", "kept[:, 0] + 0 * x[:, -1]"])
def test_an_equation_that_depends_on_padding_is_a_mistake_of_the_contract(equation):
    outcome = run(None, equation=equation)
    assert outcome.verdict == ERROR
    assert outcome.reason == (
        "padded.yaml:16:85: `out` depends on the padding of x; leave that out with where(seen, ..., 0) before anything"
        " is computed of it"
    )


def doubled(*, x, lengths):
    for row, length in enumerate(lengths):
        x[row, :length] *= 2


def doubled_whole(*, x, lengths):
    x *= 2


@pytest.mark.parametrize("kernel, verdict", [(doubled, SURVIVED), (doubled_whole, FALSIFIED)])
def test_an_argument_that_is_updated_keeps_its_padding(kernel, verdict):
    """The equation says so: what is passed on in its own place does not depend on it."""
    returns = "arguments: {x: x, lengths: lengths}, returns: {out: out}"
    updates = "arguments: {x: x, lengths: lengths}, updates: {x: out}"
    equation = "'where(seen[..., None], 2 * kept, x)'"
    assert run(kernel, equation=equation, claim="close(f().x, out)", subject=(returns, updates)).verdict == verdict


def test_a_claim_may_leave_out_what_lies_behind_a_row():
    """Results in the padding may be anything there, or must be zero, as the claim says."""

    def copied(*, x, lengths):
        return {"out": x}

    said = {"equation": "kept", "claim": "close(where(seen[..., None], f().out, 0), out)"}
    assert run(copied, **said).verdict == SURVIVED
    must_be_zero = run(copied, equation="kept")
    assert must_be_zero.verdict == FALSIFIED and must_be_zero.reason.startswith("the padding of x was read")
