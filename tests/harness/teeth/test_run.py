import pytest

from harness.findings import HandledError
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
    ((_, why),) = check_records((str(folder),), "reference")
    assert why == "there is no kill record"
    run_teeth((str(folder),), "reference", 1)
    assert [why for _, why in check_records((str(folder),), "reference")] == [""]
    assert "another reference" in check_records((str(folder),), "impl.subjects")[0][1]


def test_a_record_of_something_vacuous_is_no_pass(folder, small_contract):
    (folder / "rows-v1.yaml").write_text(small_contract("rows().total == rows().total"))
    run_teeth((str(folder),), "reference", 1)
    ((_, why),) = check_records((str(folder),), "reference")
    assert "vacuous" in why


def test_a_subject_that_ends_the_process(folder, monkeypatch):
    monkeypatch.chdir(folder)
    (folder / "deadly_rows.py").write_text("import os\ndef rows(**a): os._exit(3)\nagain_rows = rows\n")
    with pytest.raises(HandledError, match=r"FALSIFY-ROWS-00.*ended the process \(exit code 3\)"):
        run_teeth((str(folder),), "deadly_rows", 1)
    with pytest.raises(HandledError, match="no module 'nowhere'"):
        run_teeth((str(folder),), "nowhere", 1)
