"""Block formats."""

from pathlib import Path

import pytest

from harness.program.check.formats import PER_BLOCK, check_formats

TEXT = """
  q8:
    values: 4
    bytes: 6
    fields: {{d: {{dtype: f16, at: [0, 2]}}, q: {{dtype: u8, at: {at}}}}}
    equations: {{half: q & 15, w: '{w}'}}
    weights: w
    scales: [d]
"""


def checked(checker, w: str = "d * half", at: str = "[2, 6]"):
    one = checker(formats=TEXT.format(w=w, at=at))
    return one, check_formats(one)


def test_a_format_as_it_is_decoded(checker):
    one, formats = checked(checker)
    assert one.findings == []
    assert formats["q8"].fields == {"d": ("f16", 0, 2), "q": ("u8", 2, 6)}
    assert list(formats["q8"].equations) == ["half", "w"]
    assert (formats["q8"].values, formats["q8"].size, formats["q8"].scales) == (4, 6, ("d",))


@pytest.mark.parametrize(
    "w, said",
    [
        ("d * half[0:3]", "format q8: w has the wrong number of entries"),
        ("softmax(d * half)", "format q8, equation w: softmax does not work block by block"),
        ("d * other", "format q8, equation w: unknown name 'other'"),
    ],
)
def test_what_is_wrong(checker, w, said):
    one, _ = checked(checker, w)
    assert [finding.message for finding in one.findings] == [said]


def test_the_manual_lists_the_functions_that_work_by_block():
    manual = (Path(__file__).parents[4] / "docs" / "language.md").read_text("utf-8")
    listed = manual.split("only functions that work block by block may be called:\n")[1].split(". A codebook")[0]
    assert tuple(listed.replace("`", "").replace(",", "").split()) == PER_BLOCK
