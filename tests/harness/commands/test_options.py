import click
import pytest

from harness import __version__
from harness.commands.options import PathName, Shard, contracts_to_read, own_contracts
from harness.findings import HandledError
from harness.shipped import shipped_contracts


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


@pytest.mark.parametrize("chosen", [own_contracts, contracts_to_read])
def test_contracts_are_those_given_else_configured_else_where_they_are_by_custom(chosen, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "contracts").mkdir()
    assert chosen(()) == ("contracts",)
    (tmp_path / "pyproject.toml").write_text('[tool.harness]\ncontracts = ["mine", "theirs"]\n')
    assert chosen(()) == ("mine", "theirs") and chosen(("a", "b")) == ("a", "b")
    assert capsys.readouterr() == ("", "")


def test_without_any_contracts_the_shipped_ones_are_read(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert contracts_to_read(()) == (str(shipped_contracts()),)
    told = f"no folder contracts/ here: the contracts shipped with harness {__version__} are read\n"
    assert capsys.readouterr() == ("", told)


def test_what_is_written_to_or_compared_is_never_a_shipped_contract(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(HandledError, match=r"^no folder contracts/ here: name a contract or .*\[tool\.harness\]"):
        own_contracts(())


def test_an_empty_name_is_no_path():
    with pytest.raises(click.BadParameter, match="an empty name"):
        PathName().convert("", None, None)
    assert PathName().convert("a", None, None) == "a"


@pytest.mark.parametrize("name", ["a" * 5000, "a\0b"])
def test_a_name_that_no_file_can_have(name):
    with pytest.raises(click.BadParameter, match="no file can have a name of these") as refused:
        PathName().convert(name, None, None)
    assert len(refused.value.message) < 200
