import pytest

from harness.language import types as T
from harness.language.infer import Scope
from harness.language.mutate.sites import places, with_part
from harness.language.sizes import Range, Size
from harness.language.syntax import Name, parse, spell, walk

NOTHING = Scope({}, {})
TEXTS = ["x", "(a + b) * f(c, d, axis=e)", "x[i, 1:n, ...] / sum(x[:k])", "not (a < b and c == d)"]


@pytest.mark.parametrize("text", TEXTS)
def test_every_part_has_a_place_of_its_own(text):
    found = list(places(parse(text), NOTHING))
    assert [part for _, part, _ in found] == list(walk(parse(text)))
    assert len({path for path, _, _ in found}) == len(found)


@pytest.mark.parametrize("text", TEXTS)
def test_the_place_leads_to_the_part(text):
    root = parse(text)
    for path, part, _ in places(root, NOTHING):
        assert with_part(root, path, part) == root
        changed = with_part(root, path, Name("new"))
        assert Name("new") in list(walk(changed))


def test_only_that_part_is_replaced():
    root = parse("a + a")
    (_, (_, _, _), (last, _, _)) = places(root, NOTHING)
    assert spell(with_part(root, last, Name("b"))) == "a + b"


def test_a_step_of_a_recurrence_refers_to_its_own_names_and_nothing_else_does():
    vector = T.Array("real", (Size.of("n"),))
    scope = Scope({"n": T.dimension("n"), "x": vector}, {"n": Range(Size.of(1), Size.of(8))})
    root = parse("scan(h + x[i], i=n, h=x[0]) + x")
    known = {spell(part): set(its.names) - set(scope.names) for _, part, its in places(root, scope)}
    assert known["x[i]"] == known["h"] == {"i", "h"}
    assert not known["x[0]"] and not known["n"] and not known["x"]
    assert with_part(root, (0, 0, 0), Name("new")) == parse("scan(new + x[i], i=n, h=x[0]) + x")
