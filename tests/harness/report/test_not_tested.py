import copy

from harness.report.not_tested import not_tested


def gaps(record, **changed):
    return {gap["what"]: (gap["count"], gap["shown"]) for gap in not_tested(record | changed)}


def test_everything_that_a_report_is_silent_about(record, interrupted):
    assert gaps(record())["undecided cases"] == (1, ["tiny FALSIFY-TINY-007: 9 of 20 cases"])
    count, shown = gaps(interrupted)["falsifiers that were not run"]
    assert count == len(shown) == 8 and shown[0] == "tiny FALSIFY-TINY-003"
    made = gaps(
        record(select="bound"), not_offered=["other"], unknown_claims=["tinny"],
        not_applicable=[{"contract": "tiny", "falsifier": "F", "reason": "so"}],
        shard={"index": 2, "of": 3, "falsifiers": 7},
    )  # fmt: skip
    assert made["contracts that the subject does not offer"] == (1, ["other"])
    assert made["claims without a contract"] == (1, ["tinny"])
    assert made["falsifiers that do not apply"] == (1, ["tiny F"])
    assert made["falsifiers of the other parts"] == (1, ["6 of 7 falsifiers"])
    assert made["everything that was not selected"] == (1, ["what does not match 'bound'"])


def test_what_is_declined_is_told_by_obligation_with_its_reason(record):
    part = {"contract": "tiny", "obligation": "TINY-REFUSAL", "reason": "it raises what its library raises"}
    declined = [part | {"falsifier": f"FALSIFY-TINY-00{number}"} for number in (4, 9)]
    (gap,) = [gap for gap in not_tested(record() | {"declined": declined}) if "TINY-REFUSAL" in gap["what"]]
    assert gap == {"what": "obligation TINY-REFUSAL of tiny", "count": 2,
                   "why": "reference declines it: it raises what its library raises",
                   "shown": ["FALSIFY-TINY-004", "FALSIFY-TINY-009"]}  # fmt: skip


def test_what_may_be_drawn_and_never_was(record):
    made = copy.deepcopy(record(select="derived bound"))
    (contract,) = made["contracts"]
    (line,) = contract["falsifiers"]
    contract["declared"] = {"kinds": {"x": ["zeros", "huge"], "m": ["q8 zeros"], "unused": ["zeros"]},
                            "dimensions": {"k": [1, 7], "unused": [1]}}  # fmt: skip
    line["tried"] = {"kinds": {"x": {"zeros": 3}, "m": {"q8 zeros": 3}},
                     "dimensions": {"k": [{"low": 1, "high": 1, "cases": 3}]}}  # fmt: skip
    assert gaps(made, select=None)["kinds and values that were never drawn"] == (2, ["tiny x: huge", "tiny k = 7"])


def test_what_may_be_drawn_is_what_the_contract_says(record):
    (contract,) = record()["contracts"]
    assert {"q8 zeros", "q8 large"} <= set(contract["declared"]["kinds"]["m"])
    assert {"zeros", "subnormal"} <= set(contract["declared"]["kinds"]["x"]) and not contract["declared"]["dimensions"]


def test_long_lists_are_counted_and_cut(record):
    count, shown = gaps(record(), not_offered=[f"c{number}" for number in range(50)])[
        "contracts that the subject does not offer"
    ]
    assert (count, len(shown)) == (50, 20)


def test_where_all_was_tested_there_is_nothing_to_say(record):
    made = not_tested(record(select="derived bound") | {"select": None})
    assert [gap["what"] for gap in made] == ["kinds and values that were never drawn"]  # its `given` excludes some
