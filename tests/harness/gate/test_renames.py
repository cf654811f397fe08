"""Names exchanged throughout: what is rewritten, and what callers wrote and is not."""

from harness.contract.spans import loads
from harness.gate.renames import NONE, Renames, loop_renamed, of, possible, rewritten

OLD = loads(
    """
dimensions: {k: {min: 1, max: n1}}
inputs: {x: {dtype: f32, shape: [2 * k]}}
equations: {picked: "top_k(x, k)", best: "x[picked]"}
subjects: {rank: {arguments: {x: x, k: k}, returns: {picked: picked}}}
falsification_tests:
  - {claim: "close(rank(x=2 * x, k=k).picked, best(picked=rank().picked))", where: k > 1,
     given: {k: {min: k}, x: {values: zeros}}}
refuses: [{subject: rank, when: k < 1, message: "k is {k}, and {{k}} stays"}]
faults: [{id: F, replace: {picked: "top_k(-x, k)"}}]
model: {dimensions: {k: some.k}, tensors: {x: some.x}}
""",
    "c.yaml",
)


def test_every_expression_and_key_is_rewritten_and_nothing_else():
    renames = of({"count": "k", "v": "x", "chosen": "picked"}, OLD)
    assert sorted(renames.listed()) == [
        ("dimensions", "k", "count"),
        ("equations", "picked", "chosen"),
        ("inputs", "x", "v"),
    ]
    assert rewritten(OLD, renames).plain() == {
        "dimensions": {"count": {"min": 1, "max": "n1"}},
        "inputs": {"v": {"dtype": "f32", "shape": ["2 * count"]}},
        "equations": {"chosen": "top_k(v, count)", "best": "v[chosen]"},
        "subjects": {"rank": {"arguments": {"x": "v", "k": "count"}, "returns": {"picked": "chosen"}}},
        "falsification_tests": [{
            "claim": "close(rank(x=2 * v, k=count).picked, best(chosen=rank().picked))",
            "where": "count > 1", "given": {"count": {"min": "count"}, "v": {"values": "zeros"}}}],
        "refuses": [{"subject": "rank", "when": "count < 1", "message": "k is {count}, and {{count}} stays"}],
        "faults": [{"id": "F", "replace": {"chosen": "top_k(-v, count)"}}],
        "model": {"dimensions": {"count": "some.k"}, "tensors": {"v": "some.x"}},
    }  # fmt: skip


def test_without_renames_the_tree_is_the_same_one():
    assert rewritten(OLD, NONE) is OLD
    assert not NONE and Renames({"a": "b"}, {"a": "inputs"})


def test_a_name_that_went_and_one_that_came_in_one_section():
    other = loads("dimensions: {count: {min: 1, max: 2}}", "c.yaml")
    assert possible(OLD, other) and not possible(OLD, OLD)
    assert not possible(loads("dimensions: {a: {}}", "c"), loads("inputs: {b: {}}", "c"))


def test_names_of_loops():
    old = loads("{for_each: {more: [0, 1]}, claim: 'f(more=more) + more'}", "c.yaml")
    new = loads("{for_each: {extra: [0, 1]}, claim: 'f(more=extra) + extra'}", "c.yaml")
    assert loop_renamed(old, new, ["f"]).plain() == new.plain()
    other = loads("{for_each: {extra: [0, 2]}, claim: x}", "c.yaml")
    assert loop_renamed(old, other, ["f"]) is old
