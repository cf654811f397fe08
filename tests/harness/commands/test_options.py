import click
import pytest

from harness.commands.options import Shard, existing


@pytest.mark.parametrize(
    ("text", "part"), [("1/1", (1, 1)), ("2/8", (2, 8)), ("8/8", (8, 8)), ("007/999999", (7, 999999))]
)
def test_a_part_of_a_run(text, part):
    assert Shard().convert(text, None, None) == part


@pytest.mark.parametrize(
    "text", ["", "2", "0/8", "9/8", "2/0", "-1/8", "2/8/1", "a/b", "2/", "/8", "1.0/2", "²/8", "1/9999999"]
)
def test_what_is_no_part(text):
    with pytest.raises(click.BadParameter, match="is not a part such as 2/8"):
        Shard().convert(text, None, None)


def test_contracts_are_where_they_are_by_custom():
    assert existing(()) == ("contracts",) and existing(("a", "b")) == ("a", "b")
