import pytest

from harness.language.mutate.sites import places, with_part
from harness.language.syntax import Name, parse, spell, walk

TEXTS = ["x", "(a + b) * f(c, d, axis=e)", "x[i, 1:n, ...] / sum(x[:k])", "not (a < b and c == d)"]


@pytest.mark.parametrize("text", TEXTS)
def test_every_part_has_a_place_of_its_own(text):
    found = list(places(parse(text)))
    assert [part for _, part in found] == list(walk(parse(text)))
    assert len({path for path, _ in found}) == len(found)


@pytest.mark.parametrize("text", TEXTS)
def test_the_place_leads_to_the_part(text):
    root = parse(text)
    for path, part in places(root):
        assert with_part(root, path, part) == root
        changed = with_part(root, path, Name("new"))
        assert Name("new") in list(walk(changed))


def test_only_that_part_is_replaced():
    root = parse("a + a")
    (_, (_, _), (last, _)) = places(root)
    assert spell(with_part(root, last, Name("b"))) == "a + b"
