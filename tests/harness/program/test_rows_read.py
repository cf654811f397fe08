"""What a claim reads of each equation, by hand."""

import pytest

from harness.language.sizes import Size
from harness.program.rows_read import Sample, rows_read, samples
from tests.harness.program.large_result import SAMPLED, with_claim

SEEN, TOKENS = Size.of("seen"), Size.of("tokens")


@pytest.mark.parametrize(
    ("claim", "only_rows", "whole"),
    [
        (SAMPLED, {"hidden", "out"}, {"sample"}),
        ("close(head().out[sample], some)", {"hidden", "out"}, {"sample", "some"}),
        ("close(head().out[:1], out[:1])", {"hidden", "out"}, set()),
        (f"{SAMPLED} and close(head().hidden, hidden)", {"out"}, {"sample", "hidden"}),
        (f"{SAMPLED} and close(head().total, total)", set(), {"sample", "hidden", "out", "total"}),
        (f"{SAMPLED} and stagewise(head())", set(), {"sample", "hidden", "out", "total"}),
        ("close(head().out[sample], (hidden @ x)[sample])", {"hidden"}, {"sample"}),
        ("close(head().out[sample][:0], scan(out[i] + s, i=1, s=out[0])[:0])", {"sample"}, {"hidden", "out"}),
        ("close(head().out, out)", set(), set()),  # no index takes rows: there is nothing to know
    ],
)  # fmt: skip
def test_what_is_read_whole_and_what_by_rows(claim, only_rows, whole):
    program = with_claim(claim)
    found = rows_read(program, program.falsifiers[0])
    if "sample" not in claim and "[" not in claim:
        assert found.only_rows == set()
    else:
        assert (found.only_rows, found.whole) == (only_rows, whole)


def test_as_many_rows_as_the_index_takes():
    program = with_claim(f"{SAMPLED} and close(head().out[:1], out[:1])")
    found = rows_read(program, program.falsifiers[0])
    assert {(name, rows) for name, rows, _ in found.by_rows} == {
        ("out", SEEN), ("hidden", SEEN), ("out", Size.of(1)), ("hidden", Size.of(1)),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        (SAMPLED, [Sample("out", SEEN, TOKENS, True)]),
        ("close(head().out[:1], out[:1])", [Sample("out", Size.of(1), TOKENS, False)]),
        ("close(head().hidden[sample, :1], hidden[sample, :1])", [Sample("hidden", SEEN, TOKENS, True)]),
        ("close(head().out, out)", []),
        ("identical(head().out[sample], head().out[sample])", []),
    ],
)
def test_the_samples_that_a_claim_takes(claim, told):
    program = with_claim(claim)
    assert list(samples(program, program.falsifiers[0])) == told
