"""Names exchanged in a whole contract: what is rewritten, and what only looks like the name."""

from harness.contract.spans import loads
from harness.gate.names.renames import NONE, Rename, Renames
from harness.gate.names.rewriting import loop_renamed, rewritten

OLD = loads(
    """
dimensions: {k: {min: 1, max: n1}}
inputs: {x: {dtype: [f32, q8], shape: [2 * k]}}
formats: {q8: {fields: {d: {}}, equations: {w: d * q}, weights: w, scales: [d]}}
tables: {limits: {columns: {at: integer}, rows: [[1]]}}
equations: {picked: "top_k(x, k)", best: "x[picked]"}
subjects: {rank: {arguments: {x: x, k: k}, returns: {picked: picked}}}
proof_obligations: [{id: O, property: k}]
falsification_tests:
  - {id: F, discharges: [O], over: [limits], where: k > at,
     claim: "close(rank(x=2 * x, k=k).picked, best(picked=again(rank()).picked)) and fill(x, k=k)",
     given: {k: {min: k}, x: {values: zeros, dtype: q8}}}
  - {id: G, claim: 'raises(rank(k=0), "Wrong") and says(rank(k=0), "Wrong") and at > 0'}
refuses: [{subject: rank, when: k < 1, error: Wrong, message: "k is {k}, {{k}} stays, {{{k}}}"}]
faults: [{id: B, replace: {picked: "top_k(-x, k)"}, ignores: [Wrong]}]
waived_mutants: [{mutant: "picked:k-for-x@2"}, {mutant: "best:drop-k@1"}, {mutant: "q8.w:k-for-x@1"}]
model: {dimensions: {k: some.k}, tensors: {x: some.x}}
""",
    "c.yaml",
)


def test_a_result_with_a_dtype_has_an_equation_and_may_have_the_format_of_an_input():
    text = "{rank: {arguments: {x: x}, returns: {a: {equation: p, dtype: as x}, b: {equation: p, dtype: bf16}, c: p}}}"
    old = loads(f"inputs: {{x: {{}}}}\nequations: {{p: x}}\nsubjects: {text}\n", "c.yaml")
    renames = Renames((Rename("input", "x", "v"), Rename("equation", "p", "q"), Rename("result", "a", "d", "rank")))
    assert rewritten(old, renames).plain()["subjects"]["rank"]["returns"] == {
        "d": {"equation": "q", "dtype": "as v"}, "b": {"equation": "q", "dtype": "bf16"}, "c": "q",
    }  # fmt: skip


def test_internal_names_change_in_every_expression_and_key_and_nowhere_else():
    renames = Renames((Rename("dimension", "k", "count"), Rename("input", "x", "v"), Rename("equation", "picked", "p")))
    new = rewritten(OLD, renames).plain()
    assert new["dimensions"] == {"count": {"min": 1, "max": "n1"}}
    assert new["inputs"] == {"v": {"dtype": ["f32", "q8"], "shape": ["2 * count"]}}
    assert new["equations"] == {"p": "top_k(v, count)", "best": "v[p]"}
    assert new["subjects"] == {"rank": {"arguments": {"x": "v", "k": "count"}, "returns": {"picked": "p"}}}
    first, second = new["falsification_tests"]
    assert first["claim"] == (
        "close(rank(x=2 * v, k=count).picked, best(p=again(rank()).picked)) and fill(v, k=count)"
    ), "an equation's keyword is a name of the contract, those of subjects and functions are not"
    assert (first["where"], first["given"]) == (
        "count > at", {"count": {"min": "count"}, "v": {"values": "zeros", "dtype": "q8"}})  # fmt: skip
    assert second == OLD.plain()["falsification_tests"][1]
    assert (
        new["refuses"][0]["when"] == "count < 1"
        and new["refuses"][0]["message"] == "k is {count}, {{k}} stays, {{{count}}}"
    )
    assert new["faults"][0]["replace"] == {"p": "top_k(-v, count)"}
    assert [part["mutant"] for part in new["waived_mutants"]] == ["p:count-for-v@2", "best:drop-k@1", "q8.w:k-for-x@1"]
    assert new["model"] == {"dimensions": {"count": "some.k"}, "tensors": {"v": "some.x"}}
    assert new["proof_obligations"] == [{"id": "O", "property": "k"}], "prose stays"


def test_two_names_are_exchanged_at_once():
    renames = Renames((Rename("dimension", "k", "x"), Rename("input", "x", "k")))
    new = rewritten(OLD, renames).plain()
    assert new["equations"] == {"picked": "top_k(k, x)", "best": "k[picked]"}
    assert new["waived_mutants"][0]["mutant"] == "picked:x-for-k@2"


def test_names_that_others_write_change_with_every_reference():
    renames = Renames((
        Rename("subject", "rank", "choose"), Rename("argument", "k", "top", "choose"),
        Rename("result", "picked", "chosen", "choose"), Rename("table", "limits", "bounds"),
        Rename("column", "at", "least", "bounds"), Rename("format", "q8", "q8_0"),
        Rename("field", "d", "scale", "q8_0"), Rename("step", "w", "weights", "q8_0"),
        Rename("obligation", "O", "P"), Rename("falsifier", "F", "H"),
        Rename("fault", "B", "C"), Rename("error", "Wrong", "Bad"),
    ))  # fmt: skip
    new = rewritten(OLD, renames).plain()
    assert new["subjects"] == {"choose": {"arguments": {"x": "x", "top": "k"}, "returns": {"chosen": "picked"}}}
    assert new["tables"] == {"bounds": {"columns": {"least": "integer"}, "rows": [[1]]}}
    assert new["formats"] == {"q8_0": {"fields": {"scale": {}}, "equations": {"weights": "scale * q"},
                                       "weights": "weights", "scales": ["scale"]}}  # fmt: skip
    first, second = new["falsification_tests"]
    assert first["claim"] == (
        "close(choose(x=2 * x, top=k).chosen, best(picked=again(choose()).chosen)) and fill(x, k=k)"
    )
    assert (first["id"], first["discharges"], first["over"], first["where"]) == ("H", ["P"], ["bounds"], "k > least")
    assert first["given"]["x"]["dtype"] == "q8_0" and new["inputs"]["x"]["dtype"] == ["f32", "q8_0"]
    assert second["claim"] == "raises(choose(top=0), 'Bad') and says(choose(top=0), 'Wrong') and (at > 0)", (
        "what a message says is no class, and this rule is not about the table"
    )
    assert new["refuses"][0]["subject"] == "choose" and new["refuses"][0]["error"] == "Bad"
    assert new["faults"][0]["id"] == "C" and new["faults"][0]["ignores"] == ["Bad"]
    assert new["equations"] == OLD.plain()["equations"]


def test_without_renames_the_tree_is_the_same_one():
    assert rewritten(OLD, NONE) is OLD


def test_names_of_loops():
    old = loads("{for_each: {more: [0, 1]}, claim: 'f(more=more) + more', cover: [{when: more > 0}]}", "c.yaml")
    new = loads("{for_each: {extra: [0, 1]}, claim: 'f(more=extra) + extra', cover: [{when: extra > 0}]}", "c.yaml")
    assert loop_renamed(old, new, ["f"]).plain() == new.plain()
    other = loads("{for_each: {extra: [0, 2]}, claim: x}", "c.yaml")
    assert loop_renamed(old, other, ["f"]) is old
