from pathlib import Path

from harness.language.infer import infer
from harness.language.mutate.faulty import in_language
from harness.language.mutate.plan import documented, mutants_of_equations, mutants_of_format
from harness.language.syntax import spell
from harness.program.collection import load

ROOT = Path(__file__).parents[4]


def programs():
    return {program.id: program for program in load((str(ROOT / "contracts"),))}


def test_every_mutant_has_the_type_of_its_equation():
    for program in programs().values():
        for mutant in mutants_of_equations(program.equations, program.scope, program.equations):
            kind, declared = infer(in_language(mutant.node), program.scope), program.scope.names[mutant.equation]
            assert kind.shape == declared.shape, mutant.id
            assert mutant.node != mutant.was and mutant.was == program.equations[mutant.equation]


def test_ids_are_unique_and_do_not_depend_on_other_equations():
    program = programs()["qwen3-moe-ffn"]
    found = mutants_of_equations(program.equations, program.scope, program.equations)
    assert len({mutant.id for mutant in found}) == len(found)
    alone = mutants_of_equations(program.equations, program.scope, {"weights"})
    assert [mutant.id for mutant in alone] == [m.id for m in found if m.equation == "weights"]


def test_equal_edits_are_one_mutant():
    program = programs()["qwen3-moe-ffn"]
    for name in program.equations:
        found = mutants_of_equations(program.equations, program.scope, {name})
        assert len({mutant.node for mutant in found}) == len(found)


def test_an_equation_reads_only_what_stands_before_it():
    program = programs()["moe-router"]
    (names,) = {
        spell(m.node)
        for m in mutants_of_equations(program.equations, program.scope, {"chosen"})
        if "-for-probs" in m.id
    }
    assert names == "top_k(logits, k)"  # not weights, which come later


def test_block_formats_have_mutants_too():
    format_ = programs()["ggml-blocks"].formats["q4_k"]
    found = {mutant.id: mutant for mutant in mutants_of_format(format_)}
    assert spell(found["q4_k.sc:64-for-63@1"].node).startswith("concat(s[0:4] & 64")
    assert found["q4_k.w:plus-for-minus@1"].format == "q4_k" and found["q4_k.w:plus-for-minus@1"].equation == "w"


def test_the_manual_lists_every_operator():
    text = (ROOT / "docs" / "mutants.md").read_text()
    for name, story in documented():
        assert f"| `{name}` | {story} |" in text
    assert text.split("\nNeighbours")[0].count("\n| `") == len(list(documented()))


def test_the_issue_s_list_is_covered():
    """Operand swaps, dropped factors and terms, normalisation, neighbours, off by one, siblings, layout, precision."""
    program = programs()["qwen3-moe-ffn"]
    edits = {
        m.id.split(":")[1].split("@")[0]
        for m in mutants_of_equations(program.equations, program.scope, program.equations)
    }
    assert {
        "swap-operands", "drop-factor", "drop-normalisation", "double-normalisation", "sigmoid-for-softmax",
        "relu-for-silu", "gelu-for-silu", "bottom-k-for-top-k", "round-the-end", "up-for-gate", "column-major",
        "bf16-operand", "f16-result",
    } <= edits  # fmt: skip
