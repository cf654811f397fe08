from harness.search.engine import Search
from harness.subjects.reference import Reference
from harness.teeth.cases import cases_of, collect


def test_the_cases_are_those_of_a_run(rows):
    program = rows()
    tried = []

    class Watched(Reference):
        def call(self, program, function, arguments, dimensions):
            tried.append(
                {name: getattr(value, "tolist", lambda value=value: value)() for name, value in arguments.items()}
            )
            return super().call(program, function, arguments, dimensions)

    Search(program, program.falsifiers[0], Watched(), 30).run()
    collected = collect(program, program.falsifiers[0], 30)
    cases = [{"x": case.inputs["x"].tolist(), "v": case.inputs["v"].tolist(), "k": case.dimensions["k"]}
            for case in collected.build()]  # fmt: skip
    assert cases[0] in tried and len(cases) == 30
    assert sum(part in tried for part in cases) >= 24  # the part that explores; what climbs depends on the results


def test_tables_are_tried_whole(contracts):
    program = contracts["tensor-names"]
    falsifier = next(part for part in program.falsifiers if part.source.id == "FALSIFY-NAMES-001")
    assert len(list(cases_of(program, falsifier, 10))) == len(falsifier.rows) > 40


def test_all_the_cases_there_are(contracts, eight_cases):
    collected = collect(eight_cases, eight_cases.falsifiers[0], 40)
    assert collected.exhausted and len(collected.recipes) == 8
    assert not collect(contracts["moe-router"], contracts["moe-router"].falsifiers[0], 10).exhausted
