"""The log of a run, whole and cut off wherever a run may be killed."""

import json

import pytest

from harness.findings import HandledError
from harness.report.events import KILLED, EventLog, read_events, record_from_events
from harness.report.record import header, lines_of
from harness.report.record import unplanned as before_planning
from harness.run.plan import News
from harness.search.outcome import NOT_RUN


@pytest.fixture
def logged(order, result, provenance, run_block, tmp_path):
    """The lines of a log, written as a run of the faulty reference would."""

    def write(subject="reference:FAULT-TINY-001"):
        ordered = order(subject)
        whole = result(ordered)
        with EventLog(tmp_path, before_planning(ordered, "20 cases", provenance), run_block) as log:
            log.planned(header(ordered, "20 cases", whole.plan, {}, provenance))
            for key, outcome in whole.outcomes.items():
                log.begun(key)
                log.news(key, News(7, 0.25))
                log.ended(outcome)
            log.finished(whole.interrupted)
        return (tmp_path / "events.jsonl").read_text().splitlines(keepends=True)

    return write


def without_run(record):
    return {key: value for key, value in record.items() if key != "run"}


def test_a_whole_log_tells_all_that_the_record_tells(logged, record, validate):
    made = record_from_events(read_events("".join(logged()), "log"))
    validate(made)
    assert without_run(made) == without_run(record("reference:FAULT-TINY-001"))
    assert set(made["run"]["falsifier_seconds"]) == {f"tiny {line['id']}" for _, line in lines_of(made)}


def test_cut_off_anywhere_it_is_a_record_without_a_false_survivor(logged, record, validate):
    lines = logged()
    text = "".join(lines)
    truth = {line["id"]: line["verdict"] for _, line in lines_of(record("reference:FAULT-TINY-001"))}
    whole_first = len(lines[0])
    for cut in range(whole_first, len(text), 173):
        made = record_from_events(read_events(text[:cut], "log"))
        verdicts = {line["id"]: line["verdict"] for _, line in lines_of(made)}
        assert made["interrupted"] and made["exit_code"] == 2 and made["verdict"] != "survived"
        ended = {json.loads(line)["falsifier"] for line in text[:cut].splitlines(keepends=True)
                 if line.endswith("\n") and json.loads(line)["event"] == "ended"}  # fmt: skip
        assert verdicts == {name: truth[name] if name in ended else NOT_RUN for name in verdicts}
        assert len(verdicts) == 10 or made["contracts"] == []
    validate(made)


def test_what_was_running_is_said_to_have_been(logged):
    lines = logged()
    begun = next(number for number, line in enumerate(lines) if '"begun"' in line)
    made = record_from_events(read_events("".join(lines[: begun + 2]), "log"))
    reasons = [line["reason"] for _, line in lines_of(made)]
    assert reasons == ["interrupted while it was running, after 7 cases or more"] + [KILLED] * 9


def test_before_the_plan_there_is_a_record_too(logged, validate):
    made = record_from_events(read_events(logged()[0], "log"))
    validate(made)
    assert (made["verdict"], made["contracts"]) == (NOT_RUN, []) and "before anything" in made["interruption"]


def test_counterexamples_are_stored_as_they_are_found(logged, tmp_path, record):
    logged()
    stored = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("cases/*/*.json"))
    assert stored == sorted(line["case"] for _, line in lines_of(record("reference:FAULT-TINY-001")) if line["case"])


def test_line_breaks_of_other_kinds_within_an_event_are_no_ends(logged):
    text = logged()[0].replace("here", "he\u2028\x85re")
    assert record_from_events(read_events(text, "log"))["run"]["host"] == "he\u2028\x85re"


def test_news_are_rare(logged, tmp_path, run_block):
    with EventLog(tmp_path, {}, run_block) as log:
        for number in range(1000):
            log.news(("tiny", "F"), News(number, float("inf")))
    news = [line for line in (tmp_path / "events.jsonl").read_text().splitlines() if '"news"' in line]
    assert len(news) == 1 and json.loads(news[0])["margin"] is None


def test_an_interrupted_log_says_so_itself(tmp_path, run_block):
    with EventLog(tmp_path, {}, run_block) as log:
        log.finished(interrupted=True)
    assert json.loads((tmp_path / "events.jsonl").read_text().splitlines()[-1])["interruption"] == "interrupted"


def test_a_full_disk_is_the_users_matter(tmp_path, run_block, monkeypatch):
    with EventLog(tmp_path, {}, run_block) as log:
        monkeypatch.setattr(log, "file", open("/dev/full", "w"))  # noqa: PTH123, SIM115
        with pytest.raises(HandledError, match=r"cannot be written to .*No space left"):
            log.begun(("tiny", "F"))
        monkeypatch.undo()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], "log: not the log of a run: expected 'contract-harness/events/1' in its first line, got None"),
        (["{}\n"], "log:1: not an event: expected an object with `event`"),
        (['{"event": "started", "log": "contract-harness/events/9"}\n'], "got 'contract-harness/events/9'"),
        (["[" * 100_000 + "\n"], "log:1: not an event"),
        (["7\n"], "log:1: not an event"),
        (['{"event": "started", "log": "contract-harness/events/1"}\n', "{]\n", "{}\n"], "log:2: not an event"),
    ],
)
def test_what_is_no_log(lines, told):
    with pytest.raises(HandledError) as refused:
        read_events("".join(lines), "log")
    assert told in str(refused.value) and "\n" not in str(refused.value)


def test_make_record_and_the_log_agree_on_an_interruption(record, interrupted):
    assert record()["interruption"] == ""
    assert interrupted["interruption"] == "interrupted"


def test_a_full_disk_is_told_with_the_file(tmp_path, order, provenance, run_block):
    class Full:
        def write(self, text):
            raise OSError(28, "No space left on device")

        close = flush = lambda self: self.write("")

    with (
        pytest.raises(HandledError, match=r"cannot be written to .*/events.jsonl: No space left on device"),
        EventLog(tmp_path, before_planning(order(), "ci", provenance), run_block) as log,
    ):
        log.file.close()
        log.file = Full()
        log.begun(("tiny", "FALSIFY-TINY-001"))


def test_a_log_of_too_many_values_is_not_read():
    with pytest.raises(HandledError, match="more than 400000 values"):
        read_events('{"event": "x"}\n' + "[[[[[[[[]]]]]]]]," * 150_000 + "\n", "log")
