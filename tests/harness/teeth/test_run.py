import pytest

from harness.findings import HandledError
from harness.program.collection import load
from harness.run.workers import Crew, Worker
from harness.teeth.record import kill_record_path
from harness.teeth.run import check_records, run_teeth


@pytest.fixture
def folder(tmp_path, small_contract):
    (tmp_path / "rows-v1.yaml").write_text(small_contract())
    return tmp_path


def test_a_record_is_made_once(folder):
    paths = (str(folder),)
    (first,) = run_teeth(paths, "reference", 2)
    assert first.was == "there is no kill record" and first.record["summary"]["vacuous"] == []
    text = kill_record_path(first.program).read_bytes()
    (second,) = run_teeth(paths, "reference", 1)
    assert second.was == "" and second.record == first.record
    (third,) = run_teeth(paths, "reference", 1, anew=True)
    assert third.was and kill_record_path(third.program).read_bytes() == text  # whatever the number of processes


def test_a_changed_contract_and_a_damaged_record_are_made_anew(folder, small_contract):
    paths = (str(folder),)
    (done,) = run_teeth(paths, "reference", 1)
    kill_record_path(done.program).write_text("{")
    (mended,) = run_teeth(paths, "reference", 1)
    assert mended.record == done.record
    (folder / "rows-v1.yaml").write_text(small_contract("rows().total == rows().total"))
    (changed,) = run_teeth(paths, "reference", 1)
    assert changed.record["summary"]["vacuous"] == ["FALSIFY-ROWS-001"] and not changed.record["summary"]["holds"]
    assert changed.record["falsifiers"]["FALSIFY-ROWS-001"]["cases"] == 200  # everything was tried


def test_check(folder):
    ((_, why),) = check_records((str(folder),))
    assert why == "there is no kill record"
    run_teeth((str(folder),), "reference", 1)
    assert [why for _, why in check_records((str(folder),))] == [""]
    kill_record_path(load((str(folder),))[0]).write_text("{")
    assert "no kill record" in check_records((str(folder),))[0][1]


def test_a_record_of_something_vacuous_is_no_pass(folder, small_contract):
    (folder / "rows-v1.yaml").write_text(small_contract("rows().total == rows().total"))
    run_teeth((str(folder),), "reference", 1)
    ((_, why),) = check_records((str(folder),))
    assert "vacuous" in why


@pytest.fixture
def without_reference(folder, small_contract):
    """The same contract, where no equation says when a call is refused: saboteurs wrap the subject."""
    text = small_contract().replace("when: len(v) != len(x), ", "")
    text = text.replace('raises(rows(v=v[:-1]))"', '''raises(rows(v=v[:-1]), 'Uneven')"''')
    (folder / "rows-v1.yaml").write_text(text)
    return folder


def test_a_subject_that_ends_the_process_is_an_error_every_time(without_reference, monkeypatch):
    monkeypatch.chdir(without_reference)
    (without_reference / "deadly_rows.py").write_text("import os\ndef rows(**a): os._exit(3)\nagain_rows = rows\n")
    (done,) = run_teeth((str(without_reference),), "deadly_rows", 1)
    assert list(done.errors) == ["FALSIFY-ROWS-001", "FALSIFY-ROWS-002", "FALSIFY-ROWS-003"]
    assert "ended the process (exit code 3); tried last: FALSIFY-ROWS-001, case 1" in done.errors["FALSIFY-ROWS-001"]
    assert done.record["summary"]["objections"] == list(done.errors.values()) and not done.record["summary"]["holds"]
    (again,) = run_teeth((str(without_reference),), "deadly_rows", 1)
    assert again.was == "a claim could not be evaluated"


def test_a_subject_that_cannot_be_imported(without_reference):
    with pytest.raises(HandledError, match="no module 'nowhere'"):
        run_teeth((str(without_reference),), "nowhere", 1)


def test_the_subject_is_not_asked_where_the_equations_say_everything(folder):
    (done,) = run_teeth((str(folder),), "nowhere", 1)
    assert done.record["summary"]["holds"] and done.record["implementation"] == "reference"


def test_what_an_implementation_did_not_show_it_may_show_later(without_reference, monkeypatch):
    monkeypatch.chdir(without_reference)
    (without_reference / "unfinished_rows.py").write_text("def rows(**a): return {}\nagain_rows = rows\n")
    paths = (str(without_reference),)
    (first,) = run_teeth(paths, "unfinished_rows", 1)
    assert not first.record["summary"]["holds"] and kill_record_path(first.program).exists()
    (second,) = run_teeth(paths, "unfinished_rows", 1)
    assert second.was == "it does not hold, and unfinished_rows may have changed"


def after_the_first_answer(monkeypatch, edit):
    """Every task starts in a process of its own, and `edit` is called once the first has answered."""
    spread = Crew.spread

    def one_by_one(crew, tasks, *more):
        for number, task in enumerate(tasks):
            if number == 1:
                edit()
            for worker in crew.workers:
                worker.end()
            crew.workers = [Worker(crew.work)]
            yield from spread(crew, [task], *more)

    monkeypatch.setattr(Crew, "spread", one_by_one)


def test_a_contract_that_is_edited_meanwhile_gives_no_record(folder, small_contract, monkeypatch):
    path = folder / "rows-v1.yaml"
    after_the_first_answer(monkeypatch, lambda: path.write_text(small_contract("close(rows().total, total)")))
    with pytest.raises(HandledError, match=f"{path} changed while faults were planted: run again"):
        run_teeth((str(folder),), "reference", 1)
    assert not (folder / "teeth").exists()


def test_a_contract_that_is_removed_meanwhile_gives_no_record(folder, small_contract, monkeypatch):
    path = folder / "rows-v1.yaml"

    def replaced():
        path.unlink()
        (folder / "other-v1.yaml").write_text(small_contract().replace("id: rows", "id: other"))

    after_the_first_answer(monkeypatch, replaced)
    with pytest.raises(HandledError, match="the contract rows is gone since faults were planted: run again"):
        run_teeth((str(folder),), "reference", 1)


def test_a_subject_that_is_edited_meanwhile_gives_no_record(without_reference, monkeypatch):
    monkeypatch.chdir(without_reference)
    kernel = without_reference / "edited_rows.py"
    kernel.write_text("def rows(**a): return {}\nagain_rows = rows\n")
    after_the_first_answer(monkeypatch, lambda: kernel.write_text("def rows(**a): return None\nagain_rows = rows\n"))
    with pytest.raises(HandledError, match=r"edited_rows.py changed while faults were planted: run again"):
        run_teeth((str(without_reference),), "edited_rows", 1)
    assert not (without_reference / "teeth").exists()


def test_a_comment_in_the_contract_changes_nothing(folder, small_contract, monkeypatch):
    path = folder / "rows-v1.yaml"
    after_the_first_answer(monkeypatch, lambda: path.write_text("# a comment\n" + small_contract()))
    (done,) = run_teeth((str(folder),), "reference", 1)
    assert done.record["summary"]["holds"]


def test_a_claim_that_cannot_be_evaluated_is_an_error(folder, small_contract):
    (folder / "rows-v1.yaml").write_text(small_contract("raises(rows())"))  # nothing under `refuses` applies
    (done,) = run_teeth((str(folder),), "reference", 1)
    assert list(done.errors) == ["FALSIFY-ROWS-001"]
    assert "cannot be evaluated with the correct implementation" in done.errors["FALSIFY-ROWS-001"]
    assert "nothing under `refuses` applies" in done.errors["FALSIFY-ROWS-001"]
    assert done.record["summary"]["vacuous"] == ["FALSIFY-ROWS-001"]
    (again,) = run_teeth((str(folder),), "reference", 1)
    assert again.was == "a claim could not be evaluated"


WIDE = """metadata: {id: wide, version: 1.0.0, lifecycle: draft, title: Masked by adding, references: [none]}
dimensions: {size: {min: 2, max: 6}}
inputs: {x: {dtype: f32, shape: [size], values: [normal]}}
equations: {filled: "x + 1000000000", back: filled - 1000000000, out: sum(back)}
subjects: {f: {arguments: {x: x}, returns: {out: out}}}
proof_obligations: [{id: WIDE, type: equivalence, property: p}]
falsification_tests:
  - {id: FALSIFY-WIDE-001, discharges: [WIDE], rule: r, if_fails: f, claim: "close(f().out, out)"}
"""


def test_a_bound_that_hides_mutants_fails_and_is_named(tmp_path):
    (tmp_path / "wide-v1.yaml").write_text(WIDE)
    (done,) = run_teeth((str(tmp_path),), "reference", 1)
    mutants, told = done.record["summary"]["mutants"], " ".join(done.record["summary"]["objections"])
    assert not done.record["summary"]["holds"] and mutants["killed"] and mutants["beyond"] >= 5
    assert "mutants cannot be told from the original" in told and "the bound of `back` (" in told


def test_what_follows_from_an_equation_as_an_argument_is_mutated(tmp_path):
    text = WIDE.replace("id: wide", "id: given").replace("x + 1000000000", "0.5 * x")
    text = text.replace("filled - 1000000000", "filled + x").replace("{x: x}", "{x: x, half: filled}")
    (tmp_path / "given-v1.yaml").write_text(text)
    (done,) = run_teeth((str(tmp_path),), "reference", 1)
    killed = done.record["falsifiers"]["FALSIFY-WIDE-001"]["kills"]
    assert done.record["summary"]["objections"] == [] and "back:minus-for-plus@1" in killed
    assert not [name for name in done.record["faults"] if name.startswith("filled:")]
