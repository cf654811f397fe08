import click
import pytest

from harness.commands.options import PathName, Shard, existing


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


def test_an_empty_name_is_no_path():
    with pytest.raises(click.BadParameter, match="an empty name"):
        PathName().convert("", None, None)
    assert PathName().convert("a", None, None) == "a"


@pytest.mark.parametrize("name", ["a" * 5000, "a\0b"])
def test_a_name_that_no_file_can_have(name):
    with pytest.raises(click.BadParameter, match="no file can have a name of these") as refused:
        PathName().convert(name, None, None)
    assert len(refused.value.message) < 200
