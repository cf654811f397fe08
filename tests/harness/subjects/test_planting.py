import pytest

from harness.findings import HandledError
from harness.language.syntax import spell
from harness.subjects.planting import NO_EDIT, check_fault, edit_of, edit_of_declared, edit_of_mutant
from harness.subjects.reference import Reference


def test_a_declared_fault(tiny):
    fault = edit_of(tiny, "FAULT-TINY-001")
    assert fault == edit_of_declared(tiny, "FAULT-TINY-001") and spell(fault.equations["out"]) == "m @ (x + x)"
    assert fault.ignores == frozenset()


def test_a_mutant_of_an_equation(tiny):
    fault = edit_of(tiny, "squares:plus-for-times@1")
    assert spell(fault.equations["squares"]) == "stored(out + out)"


def test_a_mutant_of_a_format(tiny):
    fault = edit_of(tiny, "q8.w:drop-factor@1")
    assert not fault.equations and spell(fault.formats["q8"].equations["w"]) == "q"
    assert spell(tiny.formats["q8"].equations["w"]) == "d * q"
    assert fault.formats["q8"].size == 6


def test_a_mutant_is_run_as_an_implementation(tiny, make_case):
    case = make_case([1, 2, 3], [[1, 2, 3], [4, 5, 6]], k=2)
    arguments = {"x": case.inputs["x"], "m": case.inputs["m"].for_subject(), "k": 2}
    subject = Reference("squares:plus-for-times@1")
    results = subject.call(tiny, "staged", arguments, case.dimensions)
    assert results["out"].tolist() == [14, 32] and results["squares"].tolist() == [28, 64]


def test_the_contract_may_be_named(tiny):
    assert edit_of(tiny, "tiny/FAULT-TINY-001") is not NO_EDIT
    assert (
        edit_of(tiny, "other/FAULT-TINY-001") is NO_EDIT and edit_of(tiny, "other/squares:plus-for-times@1") is NO_EDIT
    )


@pytest.mark.parametrize("name", ["", "FAULT-OTHER-001", "squares:plus-for-times@9", "squares"])
def test_nothing_is_planted(tiny, name):
    assert edit_of(tiny, name) is NO_EDIT


def test_unknown_faults_are_the_user_s_mistake(tiny):
    for known in ("", "FAULT-TINY-001", "tiny/FAULT-TINY-001", "squares:plus-for-times@1"):
        check_fault(known, [tiny])
    with pytest.raises(HandledError, match="did you mean 'squares:plus-for-times@1'"):
        check_fault("squares:plus-for-times@2", [tiny])
    with pytest.raises(HandledError, match="did you mean 'FAULT-TINY-001'"):
        check_fault("FAULT-TINY-002", [tiny])


def test_only_one_thing_is_wrong(tiny):
    from harness.program.mutants import mutants

    for mutant in mutants(tiny).values():
        fault = edit_of_mutant(tiny, mutant)
        assert len(fault.equations) + len(fault.formats) == 1 and not fault.ignores
