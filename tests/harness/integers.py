"""Small contracts about integers, and what a search finds of a subject of plain NumPy."""

from types import SimpleNamespace

from harness.contract.read import contract_of
from harness.contract.spans import loads
from harness.program.check import check
from harness.search.engine import Search
from harness.subjects.reference import Reference
from harness.subjects.subject import ModuleSubject

HEAD = """
metadata: {id: made, version: 1.0.0, lifecycle: draft, title: Integers, references: [written for these tests]}
proof_obligations: [{id: INTEGERS, type: equivalence, property: integers are what they are}]
"""
RULE = "FALSIFY-MADE-001, discharges: [INTEGERS], rule: A rule, if_fails: It fails"


def program(text):
    return check(contract_of(loads(HEAD + text, "made-v1.yaml")), {})


def outcome(made, cases=200, rule=0, **functions):
    subject = ModuleSubject("mine", SimpleNamespace(**functions)) if functions else Reference()
    return Search(made, made.falsifiers[rule], subject, cases).run()


def looking_up(ids, claim="identical(look().rows, rows)", refuses="[]", equation="table[ids]"):
    """A contract that looks rows of a table up; `ids`: what is said of them beside their shape."""
    return program(f"""
dimensions: {{n: {{min: 1, max: 12}}, rows: {{min: 1, max: 40}}}}
inputs: {{table: {{dtype: i16, shape: [rows, 2]}}, ids: {{dtype: i8, shape: [n], {ids}}}}}
equations: {{rows_of_ids: "{equation}"}}
subjects: {{look: {{arguments: {{table: table, ids: ids, size: rows}}, returns: {{rows: rows_of_ids}}}}}}
falsification_tests:
  - {{id: {RULE}, claim: "{claim.replace(", rows)", ", rows_of_ids)")}"}}
refuses: {refuses}
""")
