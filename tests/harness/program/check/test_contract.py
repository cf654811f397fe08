"""Contracts that load and mean nothing; tests/harness/contract/unsound/ says what must be found, and where."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.contract.read import contract_of, read_contract, read_folder
from harness.contract.spans import loads
from harness.findings import Refused
from harness.language.claims import SIGNATURES as CLAIMS
from harness.language.functions import FUNCTIONS
from harness.program.check import check, check_all
from tests.harness.contract_fixtures import bases, fixtures

CONTRACTS = Path(__file__).parents[4] / "contracts"
FOLDER = Path(__file__).parents[2] / "contract/unsound"
UNSOUND = fixtures(FOLDER, "at", "says")

OTHER = """
metadata: {id: blocks, version: 1.2.0, lifecycle: draft, title: Another contract, references: [none yet]}
inputs: {x: {dtype: f32, shape: []}}
equations: {twice: 2 * x}
subjects: {double: {arguments: {x: x}, returns: {twice: twice}}}
proof_obligations: [{id: TWICE, type: equivalence, property: it is twice x}]
falsification_tests:
  - {id: FALSIFY-TWICE-001, discharges: [TWICE], rule: it is twice x,
     claim: "close(double().twice, twice)", if_fails: it is not}
"""
SOUND = """
metadata: {id: small, version: 1.0.0, lifecycle: draft, title: A small contract, references: [none yet]}
dimensions: {rows: {min: 1, max: 4}, cols: {min: 1, max: 4}, k: {min: 1, max: rows}}
inputs: {x: {dtype: f32, shape: [cols]}, w: {dtype: f32, shape: [rows, cols]}}
equations: {scores: w @ x, chosen: "top_k(scores, k)", best: "scores[chosen]"}
subjects: {rank: {arguments: {x: x, w: w, k: k}, returns: {chosen: chosen, best: best}}}
proof_obligations: [{id: BEST, type: equivalence, property: the best scores are returned}]
falsification_tests:
  - id: FALSIFY-BEST-001
    discharges: [BEST]
    rule: The best scores are returned
    claim: CLAIM
    if_fails: The selection is wrong.
"""


def sound(claim: str = "finite(rank().best)", **changes: str):
    text = SOUND.replace("CLAIM", claim)
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after)
    return contract_of(loads(text, "small.yaml"))


@pytest.fixture(scope="module")
def others():
    return {"blocks": contract_of(loads(OTHER, "blocks.yaml"))}


def test_there_are_many():
    assert len(UNSOUND) >= 150


@pytest.mark.parametrize("path", bases(FOLDER), ids=lambda path: path.stem)
def test_what_they_are_made_of_is_sound(path, others):
    assert check(read_contract(path), others).falsifiers


@pytest.mark.parametrize("fixture", UNSOUND.values(), ids=UNSOUND)
def test_one_finding_at_the_place(fixture, others, tmp_path):
    path = fixture.write(tmp_path)
    contract = read_contract(path)
    with pytest.raises(Refused) as refused:
        check(contract, {**others, "small": contract})
    # One mistake, one finding, one line: the whole of it.
    place, said = str(refused.value).removeprefix(f"{path}:").split(": ", 1)
    assert (place, said) == fixture.expected


def test_findings_are_in_the_order_of_the_file(others):
    with pytest.raises(Refused) as refused:
        check(sound("close(best, best) and nothing", scores="scores: x @ w, other"), others)
    places = [finding.place for finding in refused.value.findings]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "claim",
    [
        "close(rank().best, best)",
        "close(rank().best, best(chosen=rank().chosen))",
        "close(2 * rank().best, 2 * best)",
        "accurate(rank().best, best, 8)",
        "identical(rank().chosen, again(rank()).chosen)",
        "identical(rank(x=2 * x).best, 2 * rank().best)",
        "admissible(rank().chosen, chosen)",
        "stagewise(rank()) and distinct(rank().chosen)",
        "all(rank().best <= max(scores)) or any(is_finite(x))",
        "rank().best[0] >= rank().best[-1]",
        "finite(rank(w=scaled(w, 4)).best)",
    ],
)
def test_a_sound_claim(claim):
    assert check(sound(claim), {}).falsifiers[0].accurate == claim.startswith("accurate")


def test_contracts_of_the_project_are_sound():
    programs = check_all(read_folder(CONTRACTS))
    assert len(programs) >= 5
    for program in programs:
        assert program.falsifiers and (program.equations or not program.has_reference), program.id


def test_a_program_knows_what_depends_on_what():
    program = check(sound(), {})
    assert program.depends["best"] == {"scores", "chosen", "w", "x", "k"}
    assert program.depends["scores"] == {"w", "x"}
    assert str(program.type_of("best")) == "real[k]"
    assert program.id == "small"


def test_check_all_refuses_with_the_findings_of_every_contract(others):
    bad = sound("close(best, best)")
    worse = contract_of(loads(OTHER.replace("2 * x", "2 * z"), "blocks.yaml"))
    with pytest.raises(Refused) as refused:
        check_all([bad, worse])
    assert [finding.place.path for finding in refused.value.findings] == ["small.yaml", "blocks.yaml"]


def test_formats_come_from_a_contract_in_depends_on():
    contracts = {contract.metadata.id: contract for contract in read_folder(CONTRACTS)}
    program = check(contracts["expert-swiglu"], contracts)
    assert {"q4_k", "q6_k"} <= set(program.formats)
    alone = replace(contracts["expert-swiglu"].metadata, depends_on={})
    with pytest.raises(Refused, match="unknown dtype 'q4_k'"):
        check(replace(contracts["expert-swiglu"], metadata=alone), contracts)


# --- any expression anywhere is accepted or refused, never a crash ------------------------------------------------

NUMBERS = ["x", "w", "k", "rows", "cols", "scores", "chosen", "best", "rank().best", "rank().chosen", "0", "-1", "1.5"]
LEAVES = st.sampled_from([*NUMBERS, "rank()", "rank", "sum", "'InvalidShape'", "nothing"])


def _larger(inner):
    def joined(form: str, *parts):
        return st.tuples(*parts).map(lambda got: form.format(*got))

    names = st.sampled_from([*FUNCTIONS, *CLAIMS, "rank", "best", "chosen", "nothing"])
    operators = st.sampled_from(["+", "/", "@", "//", "%", "&", ">>", "<", "==", "and", "or"])  # one of each kind
    return st.one_of(
        joined("({} {} {})", inner, operators, inner),
        joined("({}{})", st.sampled_from(["-", "~", "not "]), inner),
        joined("{}({})", names, inner),
        joined("{}({}, {})", names, inner, inner),
        joined("{}({}, {}, {})", names, inner, inner, inner),
        joined("{}({}={})", names, st.sampled_from(["x", "k", "count", "chosen", "axis"]), inner),
        joined("({})[{}]", inner, inner),
        joined("({})[{}:{}, ..., None]", inner, inner, inner),
        joined("{}({}).best", names, inner),
    )


EXPRESSIONS = st.recursive(LEAVES, _larger, max_leaves=6)
WITH_EVERYTHING = SOUND.replace('best: "', 'more: MORE, best: "').replace(
    "    if_fails: The selection is wrong.\n",
    """    if_fails: The selection is wrong.
    where: WHERE
    given: {k: {min: LOW}}
  - {id: FALSIFY-BEST-002, discharges: [BEST], rule: It is refused, claim: RAISES, if_fails: It is not}
refuses:
  - {subject: rank, when: WHEN, error: InvalidShape, message: MESSAGE}
faults:
  - {id: FAULT-BEST-001, story: it was wrong, replace: {best: INSTEAD}}
""",
)
USUAL = {
    "CLAIM": "close(rank().best, more)",
    "WHERE": "rows > 1",
    "LOW": "1",
    "RAISES": "raises(rank(x=x[:-1]))",
    "WHEN": "len(x) != cols",
    "MESSAGE": "length {len(x)}",
    "INSTEAD": "2 * more",
    "MORE": "scores[chosen]",
}


def written(expressions: dict[str, str]):
    text = WITH_EVERYTHING
    for spot, expression in expressions.items():
        text = text.replace(spot, json.dumps(expression))
    return contract_of(loads(text, "small.yaml"))


def test_the_usual_expressions_are_accepted():
    assert check(written(USUAL), {}).refusals


@given(st.sampled_from(sorted(USUAL)), EXPRESSIONS)
def test_any_expression_anywhere_is_accepted_or_refused(spot, expression):
    contract = written({**USUAL, spot: f"{{{expression}}}" if spot == "MESSAGE" else expression})
    try:
        check(contract, {})
    except Refused as refused:
        shown = [str(finding) for finding in refused.findings]
        assert not any("\n" in finding for finding in shown)
        assert len(set(shown)) == len(shown)
