"""The command line as a user meets it: exit codes, one-line errors, closed pipes."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness import cli

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "harness" / "search" / "tiny.yaml"
HARNESS = [sys.executable, "-m", "harness"]
HEAVY = {"numpy", "hypothesis", "numba", "pytest"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory with the tiny contract and subjects for it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts" / "tiny-v1.yaml").write_text(TINY.read_text())
    correct = (
        f"import sys, os, time\nsys.path.insert(0, {str(TINY.parent)!r})\nfrom tiny_subject import product, staged\n"
    )
    (tmp_path / "correct.py").write_text(correct)
    (tmp_path / "broken.py").write_text("def product(:\n")
    (tmp_path / "raising.py").write_text("1 / 0\n")
    (tmp_path / "deadly.py").write_text("import os\nos._exit(0)\n")
    (tmp_path / "shy.py").write_text("CLAIMS = []\n")
    (tmp_path / "boaster.py").write_text(f"{correct}CLAIMS = ['tiny', 'tinny']\n")
    (tmp_path / "lacking.py").write_text("CLAIMS = ['tiny']\n")
    (tmp_path / "slow.py").write_text(f"{correct}def staged(**arguments): time.sleep(60)\n")
    return tmp_path


@pytest.fixture
def teeth(folder, write_kill_records):
    """The kill record of the tiny contract: without it no falsifier has earned the word "survived"."""
    write_kill_records(folder / "contracts" / "tiny-v1.yaml")


@pytest.fixture
def run(folder, monkeypatch, capsys):
    """Exit code, output and errors of one command, in this process."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["harness", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        return ended.value.code, captured.out, captured.err

    return call


def process(*arguments, **named):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    return subprocess.run(
        [*HARNESS, *map(str, arguments)], capture_output=True, text=True, env=environment, check=False, **named
    )


# --- names of files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "a" * 5000, "no\nsuch\x1b[31mfile"])
@pytest.mark.parametrize("before", [["validate"], ["inspect"], ["replay"], ["report"], ["merge"], ["gate"], ["run"],
                                    ["run", "--model"], ["run", "--baseline"]])  # fmt: skip
def test_a_name_that_no_file_has_is_told_in_a_short_line(run, folder, before, name):
    kept = sorted(folder.rglob("*"))
    code, out, err = run(*before, name)
    assert (code, out) == (2, "") and "Traceback" not in err and "\x1b" not in err
    assert len(err.splitlines()[-1]) < 400
    assert sorted(path for path in folder.rglob("*") if "build" not in path.parts) == kept


# --- help, validate, list, explain ----------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("command", ["", *cli.harness.commands])
def test_help(run, command, option):
    code, out, err = run(*filter(None, [command, option]))
    assert (code, err) == (0, "")
    assert out.startswith("Usage: harness ") and "Exit codes: 0 " in out
    assert all(len(line) <= 100 for line in out.splitlines())


def test_commands_are_listed_in_the_order_of_use(run):
    _, out, _ = run("--help")
    listed = re.findall(r"^  ([a-z]+)  +[A-Z]", out[out.index("Commands:") :], re.MULTILINE)
    assert listed == [*cli.harness.commands] and listed[:4] == ["validate", "list", "explain", "run"]


def test_version(run):
    assert run("--version")[:2] == (0, "harness, version 0.1.0\n")


def test_validate(run):
    assert run("validate") == (
        0,
        "contracts: 1, falsifiers: 10; all well formed. Whether they hold, `harness run` tells.\n",
        "",
    )


def test_list(run):
    code, out, _ = run("list")
    assert code == 0
    assert out.startswith("tiny 1.0.0 (active)  Products of a few short rows\n  FALSIFY-TINY-001  The products are")


@pytest.mark.parametrize(
    "name", ["tiny", "FALSIFY-TINY-001", "falsify-tiny-001", "TINY-VALUE", "tiny.out", "FAULT-TINY-001"]
)
def test_explain(run, name):
    code, out, _ = run("explain", name)
    assert code == 0 and out.strip()


# --- run and replay, every exit code --------------------------------------------------------------------------------


def test_all_survived_is_zero(run, teeth, folder, validate):
    code, out, err = run("run", "--subject", "correct", "--select", "vector", "--profile", "smoke", "--report", "r")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "SURVIVED  correct: 2 survived"
    assert out.startswith("SURVIVED  Nothing to do: no case broke a claim. This is a search, not a proof.\n"
                          "  correct against 2 falsifiers of 1 contract, 52 cases: 2 survived\n")  # fmt: skip
    record = json.loads((folder / "r" / "report.json").read_text())
    validate(record)
    assert (record["exit_code"], record["profile"], record["cases_wanted"]) == (0, "smoke", 25)
    assert all(line["kills"]["count"] for line in record["contracts"][0]["falsifiers"])


def test_survived_is_a_word_that_is_earned(run, folder, validate):
    arguments = ("--subject", "correct", "--select", "vector", "--cases", "5", "--report", "r", "--no-teeth")
    code, out, _ = run("run", *arguments)
    assert code == 1 and "no kill on record for this version; run `harness teeth`" in " ".join(out.split())
    record = json.loads((folder / "r" / "report.json").read_text())
    validate(record)
    assert record["counts"] == {"vacuous": 2} and record["teeth"]["tiny"]["state"] == "none"


@pytest.fixture(scope="session")
def validate():
    """Raises where a record breaks the published schema."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads((ROOT / "harness/report/record.schema.json").read_text())).validate


def test_a_falsification_is_one_and_its_replay_command_works(run, folder, validate):
    arguments = ("--cases", "20", "--report", "my report", "--jobs", "1")
    code, out, _ = run("run", "--subject", "reference:FAULT-TINY-001", "--select", "bound", *arguments)
    assert code == 1
    validate(json.loads((folder / "my report/report.json").read_text()))
    (command,) = re.findall(r"replay: harness replay '(.*)' --subject (.*)", out)
    code, out, _ = run("replay", command[0], "--subject", command[1])
    assert code == 1 and out.startswith("FALSIFIED: FALSIFY-TINY-001 still fails on this case")
    assert "expected" in out
    code, out, _ = run("replay", command[0], "--subject", "correct")
    assert (code, out) == (0, "SURVIVED: FALSIFY-TINY-001 holds on this case with correct\n")


@pytest.mark.parametrize(
    ("select", "code", "verdict"),
    [("equal rows", 1, "UNDECIDED"), ("impossible", 1, "VACUOUS"), ("foresee", 2, "ERROR"), ("tiny", 2, "ERROR")],
)
def test_other_verdicts(run, select, code, verdict):
    ended, out, _ = run("run", "--subject", "reference", "--select", select, "--cases", "40")
    last = out[out.index("report: ") :].splitlines()[1]
    assert ended == code and last.startswith(verdict)


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("shy", "NOT RUN  shy: nothing was run"),
        ("lacking", "NOT RUN  10 falsifiers: lacking claims tiny but offers no product, staged()"),
        ("boaster", "NOT RUN  boaster claims 'tinny', which is not a contract here; did you mean 'tiny'?"),
    ],
)
def test_what_is_not_run_is_no_success(run, subject, told):
    code, out, _ = run("run", "--subject", subject, "--cases", "5")
    assert code == 2 and " ".join(told.split()) in " ".join(out.split())  # lines are wrapped


# --- mistakes of the user: one line, exit code 2 --------------------------------------------------------------------

MISTAKES = {
    "absent path": (["validate", "nowhere"], "nowhere"),
    "absent path to run": (["run", "nowhere.yaml"], "nowhere.yaml"),
    "empty folder": (["validate", "empty"], "no contracts in this folder"),
    "no contract": (["validate", "correct.py"], "correct.py"),
    "unknown command": (["vlidate"], "No such command 'vlidate'"),
    "unknown option": (["run", "--profil", "ci"], "No such option"),
    "unknown profile": (["run", "--profile", "fast"], "'fast' is not one of"),
    "no cases": (["run", "--cases", "0"], "0 is not in the range"),
    "cases as text": (["run", "--cases", "many"], "'many' is not a valid integer"),
    "no jobs": (["run", "--jobs", "0"], "0 is not in the range"),
    "no part": (["run", "--shard", "9/8"], "'9/8' is not a part such as 2/8"),
    "no time": (["run", "--timeout", "0"], "0 is not in the range"),
    "absent baseline": (["run", "--baseline", "absent.json"], "absent.json: cannot be read: No such file"),
    "baseline that is none": (["run", "--baseline", "correct.py"], "correct.py: not a record"),
    "nothing to merge": (["merge"], "Missing argument 'PART...'"),
    "report is a file": (["run", "--report", "correct.py"], "is a file"),
    "report below a file": (["run", "--report", "correct.py/r"], "the report cannot be written to correct.py/r"),
    "nothing selected": (["run", "--select", "xyz"], "--select 'xyz' matches no falsifier"),
    "unknown id": (["explain", "FALSIFY-TINY-999"], "did you mean 'FALSIFY-TINY-"),
    "id missing": (["explain"], "Missing argument 'ID'"),
    "unknown subject": (["run", "--subject", "no.such.engine"], "no module 'no'"),
    "subject with a syntax error": (["run", "--subject", "broken"], "SyntaxError"),
    "subject that raises": (["run", "--subject", "raising"], "ZeroDivisionError"),
    "subject that ends the process": (["run", "--subject", "deadly"], "ends the process that imports it (exit code 0)"),
    "unknown fault": (["run", "--subject", "reference:FAULT-TINY-002"], "did you mean 'FAULT-TINY-001'"),
    "absent model": (["run", "--model", "absent.gguf"], "absent.gguf"),
    "model is a folder": (["run", "--model", "empty"], "is a directory"),
    "absent case": (["replay", "absent.json"], "absent.json"),
    "damaged case": (["replay", "correct.py"], "not a stored case"),
    "case is a folder": (["replay", "empty"], "is a directory"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_end_in_a_line_and_exit_code_2(run, folder, name):
    (folder / "empty").mkdir()
    arguments, told = MISTAKES[name]
    needs_subject = arguments[0] in ("run", "replay") and "--subject" not in arguments
    with_subject = ["--subject", "correct"] if needs_subject else []
    code, out, err = run(*arguments, *with_subject)
    assert (code, out) == (2, "")
    assert told in err and "Traceback" not in err
    message = [line for line in err.splitlines() if not line.startswith(("Usage:", "Try ")) and line]
    assert len(message) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads and writes everything")
def test_unreadable_and_unwritable(run, folder):
    (folder / "contracts" / "tiny-v1.yaml").chmod(0)
    assert run("validate")[0] == 2
    (folder / "locked").mkdir(mode=0o500)
    assert run("run", "--report", "locked/r")[0] == 2


def test_a_damaged_model_is_refused_before_anything_runs(run, folder):
    peers = (ROOT / "tests/data/peers/tiny_qwen3moe.gguf").read_bytes()
    (folder / "cut.gguf").write_bytes(peers[:2000])
    code, out, err = run("run", str(ROOT / "contracts"), "--subject", "reference", "--model", "cut.gguf")
    assert (code, out) == (2, "") and err.startswith("cut.gguf: byte ") and len(err.splitlines()) == 1


def test_no_earlier_report_is_left_beside_a_mistake(run, folder):
    run("run", "--subject", "correct", "--select", "vector", "--cases", "5", "--report", "r")
    assert (folder / "r/report.json").exists()
    run("run", "--subject", "broken", "--report", "r")
    assert not (folder / "r/report.json").exists()


def test_a_defect_of_the_harness_is_never_taken_for_a_verdict(run, monkeypatch):
    monkeypatch.setattr(cli, "_programs", lambda paths: 1 // 0)
    code, _, err = run("validate")
    assert code == 2 and "this is a defect of harness" in err


# --- as a process: start-up, pipes, signals -------------------------------------------------------------------------


def test_light_commands_load_nothing_heavy(folder):
    """Who measures the start-up in seconds measures the machine too; what is imported decides it."""
    test = f"import sys; sys.argv = ['harness', 'list', {str(ROOT / 'contracts/expert-slices-v2.yaml')!r}]\n"
    test += "import harness.cli\nprint(*sorted({name.partition('.')[0] for name in sys.modules}))"
    ran = subprocess.run([sys.executable, "-c", test], capture_output=True, text=True, check=True)
    assert not HEAVY & set(ran.stdout.split())


def test_a_closed_pipe_is_no_error(folder, teeth):
    for arguments in (["list"], ["run", "--subject", "correct", "--select", "vector", "--cases", "5", "--jobs", "1"]):
        command = subprocess.Popen([*HARNESS, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        command.stdout.close()
        error = command.stderr.read()
        command.stderr.close()
        code = command.wait()
        assert (code, error) == (0, b"")


def test_without_standard_output_the_verdict_is_kept(folder):
    arguments = "run --subject reference:FAULT-TINY-001 --select bound --cases 20 --jobs 1"
    ran = subprocess.run(
        f"{sys.executable} -m harness {arguments} >&-", shell=True, check=False, capture_output=True, text=True
    )
    assert ran.returncode == 1 and "Traceback" not in ran.stderr


def test_a_full_disk_behind_the_output_is_told(folder):
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run([*HARNESS, "list"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == 2 and "No space left on device" in ran.stderr and "Traceback" not in ran.stderr


def test_output_to_a_file_has_no_colour_and_no_progress(folder):
    ran = process("run", "--subject", "reference", "--cases", "5", "--jobs", "1", "--no-teeth")
    assert "\x1b" not in ran.stdout + ran.stderr and "\r" not in ran.stdout + ran.stderr
    assert ran.stderr == ""


def test_ctrl_c_writes_a_record_that_names_what_was_not_run(folder, teeth, validate):
    command = subprocess.Popen(
        [*HARNESS, "run", "--subject", "slow", "--cases", "5", "--jobs", "1", "--report", "r"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    log = folder / "r/events.jsonl"
    while not log.exists() or log.read_text().count('"begun"') < 3:  # the third falsifier never ends
        time.sleep(0.05)
    os.killpg(command.pid, signal.SIGINT)  # as a terminal does: to every process of the run
    out, err = command.communicate(timeout=20)
    assert (command.returncode, err) == (2, "")
    record = json.loads((folder / "r/report.json").read_text())
    validate(record)
    verdicts = [line["verdict"] for line in record["contracts"][0]["falsifiers"]]
    assert record["interrupted"] and verdicts == ["survived"] * 2 + ["not run"] * 8
    assert "NOT RUN  8 falsifiers: interrupted" in out


def test_a_run_and_a_replay_write_into_the_report_folder_alone(folder):
    before = set(folder.rglob("*"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "HYPOTHESIS"))}
    environment["PYTHONPATH"] = str(ROOT)
    for arguments in (
        ["run", "--subject", "correct", "--cases", "5", "--report", "out"],
        ["run", "--subject", "reference:FAULT-TINY-001", "--cases", "20", "--report", "out"],
        ["replay", "out/cases/tiny/FALSIFY-TINY-001.json", "--subject", "correct"],
    ):
        ended = subprocess.run([*HARNESS, *arguments], cwd=folder, env=environment, capture_output=True, check=False)
        assert b"Traceback" not in ended.stderr
    new = {path.relative_to(folder).parts[0] for path in folder.rglob("*") if path not in before}
    assert new == {"out"}
