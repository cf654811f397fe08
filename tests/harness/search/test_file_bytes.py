"""The damage of a file as a reader sees it: the place, what stands there, what stood there, and which field it is."""

from pathlib import Path

import numpy as np
import pytest

from harness.program.collection import load
from harness.search.engine import Search
from harness.subjects.subject import ModuleSubject

CONTRACT = """
metadata: {id: letters, version: 1.0.0, lifecycle: draft, title: Files of letters, references: [written for this test]}
dimensions: {count: {min: 1, max: 4}}
inputs: {x: {dtype: f32, shape: [count]}}
equations:
  magic: ascii("ABCD")
  header: concat(magic, le(count, 4))
  file: concat(header, bytes_of(x))
  unrelated: count + 1
subjects:
  look: {arguments: {data: file}, returns: {size: unrelated}}
proof_obligations: [{id: LETTERS-READ, type: soundness, property: files of letters are refused}]
falsification_tests:
  - {id: FALSIFY-LETTERS-001, discharges: [LETTERS-READ], rule: a rule, claim: CLAIM, if_fails: it is read}
refuses: [{subject: look, error: ValueError, message: any}]
"""


class Accepts:
    """Reads whatever it gets."""

    def look(self, *, data: np.ndarray) -> dict[str, np.ndarray]:
        return {"size": np.array(data[4] + 1, np.int64)}


@pytest.fixture
def shown(tmp_path: Path):
    """The counterexample of a claim that the subject breaks."""

    def tell(claim: str):
        path = tmp_path / "letters-v1.yaml"
        text = CONTRACT.replace("CLAIM", f"'{claim}'")
        path.write_text(text if "raises" in claim else text.partition("refuses:")[0])
        (program,) = load((str(path),))
        return Search(program, program.falsifiers[0], ModuleSubject("accepts", Accepts()), 50).run().counterexample

    return tell


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        (
            'raises(look(data=patch(file, 5, 7, 1)), "ValueError")',
            "12 bytes, as file but for byte 5 (le(count, 4) of header): 07 instead of 00",
        ),
        (
            'raises(look(data=patch(patch(file, 0, 0x5857, 2), 11, 1, 1)), "ValueError")',
            "12 bytes, as file but for bytes 0 to 1 (ascii('ABCD') of magic): 57 58 instead of 41 42; "
            "byte 11 (bytes_of(x) of file): 01 instead of 00",
        ),
        ('raises(look(data=file[:7]), "ValueError")', "7 bytes: cut off in le(count, 4) of header; file has 12"),
        ('raises(look(data=concat(file, le(9, 2))), "ValueError")', "14 bytes: all 12 of file, and 2 bytes: 09 00"),
        (
            'raises(look(data=concat(magic, le(2, 4), header)), "ValueError")',
            "16 bytes, from byte 4 on other than file, in le(2, 4): 02 00 00 00 41 42 43 44 01 00 00 00 ...",
        ),
        ('raises(look(), "ValueError")', '12 bytes: "ABCD" 01 00*7'),
    ],
)
def test_the_damage_is_shown_and_no_equation_that_plays_no_part(shown, claim, text):
    example = shown(claim)
    (step,) = example["steps"]
    assert (step["name"], step["shown"]) == ("data", text)
    assert example["evidence"]["got"].startswith("a result: size = ")
    assert "inputs" in example


def test_a_claim_of_a_result_shows_its_equation_too(shown):
    example = shown("identical(look(data=patch(file, 4, 9, 1)).size, unrelated)")
    assert [step["name"] for step in example["steps"]] == ["data", "unrelated"]


def test_only_the_part_that_fails_shows_its_file(shown):
    """Both parts name a file; the first holds."""
    example = shown('look().size == unrelated and raises(look(data=file[:5]), "ValueError")')
    assert [step["shown"] for step in example["steps"] if step["name"] == "data"] == [
        "5 bytes: cut off in le(count, 4) of header; file has 12"
    ]
