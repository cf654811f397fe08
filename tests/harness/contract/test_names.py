"""Names that clash, and keywords."""

from harness.contract.names import clashes, keywords
from harness.contract.spans import loads


def test_each_later_use_is_found():
    root = loads("inputs: {a: 1}\nequations: {a: 1, b: 1}\ndimensions: {b: 1, a: 1}\n", "c.yaml")
    assert [str(finding).split(";")[0] for finding in clashes(root)] == [
        "c.yaml:2:13: 'a' is already an input, at 1:10",
        "c.yaml:3:14: 'b' is already an equation, at 2:19",
        "c.yaml:3:20: 'a' is already an input, at 1:10",
    ]


def test_formats_have_names_of_their_own():
    root = loads("inputs: {a: 1}\nformats: {f: {fields: {a: 1}, equations: {b: 1}}}\n", "c.yaml")
    assert list(clashes(root)) == []


def test_keywords_are_found_wherever_names_are_declared():
    root = loads(
        "dimensions: {if: 1}\nsubjects: {def: {arguments: {is: x}, returns: {not: x}}}\n"
        "formats: {f: {fields: {or: 1}, equations: {and: 1}}}\n"
        "falsification_tests: [{for_each: {in: [1]}}]\n",
        "c.yaml",
    )
    found = sorted(finding.message.split("'")[1] for finding in keywords(root))
    assert found == ["and", "def", "if", "in", "is", "not", "or"]
