"""[tool.harness] in pyproject.toml: where it is looked for, what it may say, and one line for what it may not."""

import os
import sys

import pytest

from harness import cli
from harness.configuration import FILE, LARGEST, Configuration, configuration, subject_of
from harness.findings import HandledError


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with folders in it; the working directory is its top."""
    (tmp_path / "a/b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(folder, text):
    (folder / FILE).write_text(text)


def told():
    with pytest.raises(HandledError) as refused:
        configuration()
    return str(refused.value)


def test_without_a_file_or_a_table_there_are_the_defaults(project):
    expected = Configuration(subject="", contracts=(), profile="ci", report="build/report")
    assert configuration() == expected
    written(project, '[project]\nname = "x"\n[tool.ruff]\nline-length = 100\n')
    assert configuration() == expected
    written(project, "[tool.harness]\n")
    assert configuration() == expected


ALL = """
[tool.harness]
subject = "my.engine"
contracts = ["contracts", "more/x-v1.yaml", "/abs"]
profile = "deep"
report = "out"
"""


def test_every_key_is_read(project):
    written(project, ALL)
    assert configuration() == Configuration("my.engine", ("contracts", "more/x-v1.yaml", "/abs"), "deep", "out")


def test_paths_are_those_of_the_file_wherever_the_command_is_given(project, monkeypatch):
    written(project, ALL)
    monkeypatch.chdir(project / "a/b")
    found = configuration()
    assert found.contracts == ("../../contracts", "../../more/x-v1.yaml", "/abs") and found.report == "../../out"


def test_the_nearest_file_that_has_the_table_counts(project, monkeypatch):
    written(project, '[tool.harness]\nsubject = "top"\n')
    written(project / "a", '[tool.harness]\nsubject = "below"\n')
    written(project / "a/b", '[project]\nname = "x"\n')
    monkeypatch.chdir(project / "a/b")
    assert configuration() == Configuration(subject="below")
    assert configuration(project) == Configuration(subject="top")


MISTAKES = {
    "near key": ('[tool.harness]\nsujbect = "x"\n', "[tool.harness] has no key 'sujbect'; did you mean 'subject'?"),
    "far key": (
        "[tool.harness]\nx = 1\n", "[tool.harness] has no key 'x'; known: contracts, profile, report, subject"
    ),
    "key of nonsense": (
        '[tool.harness]\n"\\u001b[31m" = 1\n',
        "[tool.harness] has no key '\\\\x1b[31m'; known: contracts, profile, report, subject",
    ),
    "no text": (
        "[tool.harness]\nsubject = 3\n",
        '[tool.harness] subject: expected the name of a module, such as "my_kernels.subjects", got 3',
    ),
    "empty text": (
        '[tool.harness]\nsubject = ""\n',
        '[tool.harness] subject: expected the name of a module, such as "my_kernels.subjects", got \'\'',
    ),
    "one path": (
        '[tool.harness]\ncontracts = "contracts"\n',
        '[tool.harness] contracts: expected a list of files and folders, such as ["contracts"], got \'contracts\'',
    ),
    "no path": (
        "[tool.harness]\ncontracts = []\n",
        '[tool.harness] contracts: expected a list of files and folders, such as ["contracts"], got []',
    ),
    "path that is none": (
        '[tool.harness]\ncontracts = ["a\\u0000b"]\n',
        '[tool.harness] contracts: expected a list of files and folders, such as ["contracts"], got [\'a\\x00b\']',
    ),
    "unknown profile": (
        '[tool.harness]\nprofile = "fast"\n',
        "[tool.harness] profile: expected one of smoke, ci, deep, got 'fast'",
    ),
    "profile of another type": (
        "[tool.harness]\nprofile = [1]\n",
        "[tool.harness] profile: expected one of smoke, ci, deep, got [1]",
    ),
    "report": (
        "[tool.harness]\nreport = true\n",
        '[tool.harness] report: expected the name of a folder, such as "build/report", got True',
    ),
    "no table": ("[tool]\nharness = 1\n", "[tool.harness]: expected a table, got 1"),
    "broken": ("[tool.harness\n", "not TOML: Expected ']' at the end of a table declaration (at line 1, column 14)"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_line_with_the_file(project, name):
    text, expected = MISTAKES[name]
    written(project, text)
    assert told() == f"pyproject.toml: {expected}"


def test_every_mistake_is_told(project):
    written(project, '[tool.harness]\nsubject = 1\nprofil = "ci"\n')
    assert [line.split("; ")[0] for line in told().splitlines()] == [
        'pyproject.toml: [tool.harness] subject: expected the name of a module, such as "my_kernels.subjects", got 1',
        "pyproject.toml: [tool.harness] has no key 'profil'",
    ]


def test_the_file_is_named_as_seen_from_here(project, monkeypatch):
    written(project, "[tool.harness]\nx = 1\n")
    monkeypatch.chdir(project / "a")
    assert told().startswith(f"..{os.sep}pyproject.toml: ")


def test_what_is_no_text_or_too_much_of_it(project):
    (project / FILE).write_bytes(b'x = "\xff"\n')
    assert told() == "pyproject.toml: not TOML: byte 5 is not UTF-8"
    (project / FILE).write_bytes(b"#" * (LARGEST + 1))
    assert told() == f"pyproject.toml: too large: expected at most {LARGEST} bytes"
    (project / FILE).write_text("x = " + "[" * 100_000)
    assert told().startswith("pyproject.toml: not TOML: ") and len(told()) < 200


def test_a_file_that_cannot_be_read(project, monkeypatch):
    written(project, "")
    monkeypatch.setattr("pathlib.Path.open", lambda *_, **__: (_ for _ in ()).throw(PermissionError(13, "not yours")))
    assert told() == "pyproject.toml: cannot be read: not yours"


def test_a_folder_or_a_pipe_of_this_name_is_not_looked_into(project):
    os.mkfifo(project / FILE)
    assert configuration() == Configuration()


def test_the_option_wins_and_without_any_subject_both_ways_are_told():
    configured = Configuration(subject="configured")
    assert subject_of("given", configured) == "given" and subject_of(None, configured) == "configured"
    with pytest.raises(HandledError) as refused:
        subject_of(None, Configuration(), "--contract-subject")
    assert str(refused.value) == (
        'no subject is named: give --contract-subject MODULE, or write `subject = "MODULE"` into [tool.harness] of '
        "pyproject.toml; the subject `reference` is the contracts' own equations in float32"
    )


# --- as the commands use it -----------------------------------------------------------------------------------------


@pytest.fixture
def run(project, monkeypatch, capsys, small_contract):
    """Exit code, output and errors of one command, in a project with one contract."""
    (project / "mine").mkdir()
    (project / "mine/rows-v1.yaml").write_text(small_contract())

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["harness", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        return ended.value.code, captured.out, captured.err

    return call


MINE = '[tool.harness]\nsubject = "reference"\ncontracts = ["mine"]\nprofile = "smoke"\nreport = "out"\n'


def test_a_run_takes_all_four_settings_and_options_win(run, project):
    written(project, MINE)
    _, out, err = run("run", "--jobs", "1")
    assert (
        "faults planted in" in err
        and "reference against 3 falsifiers of 1 contract" in out
        and "report: out/report.html" in out
    )
    assert '"profile": "smoke"' in (project / "out/report.json").read_text()
    code, _, err = run("run", "--jobs", "1", "--subject", "no.such", "--report", "other", "--profile", "ci")
    assert code == 2 and "no module 'no'" in err and (project / "other").is_dir()


def test_other_commands_find_the_configured_contracts(run, project):
    written(project, MINE)
    assert run("validate") == (0, "contracts: 1, falsifiers: 3; all well formed. Whether they hold, `harness run` "
                               "tells.\n", "")  # fmt: skip
    assert run("list")[1].startswith("rows 1.0.0")
    assert run("explain", "FALSIFY-ROWS-001")[1].startswith("FALSIFY-ROWS-001 of rows (mine/rows-v1.yaml:")
    assert run("release")[1].startswith("released rows 1.0.0  mine/released/rows/1.0.0.yaml")
    assert run("gate")[0] == 0
    assert "rows" in run("teeth", "--jobs", "1")[1] and (project / "mine/teeth/rows-v1.json").is_file()


@pytest.mark.parametrize("command", ["run", "replay"])
def test_without_a_subject_one_line_says_what_is_missing(run, project, command):
    (project / "case.json").write_text("{}")
    code, out, err = run(command, *(["case.json"] if command == "replay" else []), "mine")
    assert (code, out) == (2, "") and err.startswith("no subject is named: give --subject MODULE, or write ")
    assert len(err.splitlines()) == 1


def test_a_mistake_in_the_file_ends_with_exit_code_2(run, project):
    written(project, '[tool.harness]\nprofile = "fast"\n')
    code, out, err = run("validate")
    assert (code, out) == (2, "") and err.startswith("pyproject.toml: [tool.harness] profile: expected one of smoke")
