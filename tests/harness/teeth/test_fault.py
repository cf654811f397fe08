from harness.teeth.fault import faults_of
from harness.teeth.record import DECLARED, MUTANT, SABOTEUR


def test_declared_faults_mutants_and_saboteurs_in_this_order(rows):
    faults = faults_of(rows())
    kinds = [fault.kind for fault in faults]
    assert kinds == sorted(kinds, key=[DECLARED, MUTANT, SABOTEUR].index) and set(kinds) == {DECLARED, MUTANT, SABOTEUR}
    assert len({fault.id for fault in faults}) == len(faults)
    by_id = {fault.id: fault for fault in faults}
    assert by_id["FAULT-ROWS-002"].edit.ignores == {"Uneven"}
    assert by_id["both:drop-factor@1"].story == "x   instead of   x * v"
    assert all((fault.wrap is not None) == (fault.kind == SABOTEUR) for fault in faults)
