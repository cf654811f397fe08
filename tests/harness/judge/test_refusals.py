"""An error judged by class and numbers, and apart from that by its sentence."""

import pytest

from harness.judge.refusals import numbers_in, raises, says

NUMBERS = (10, 12)


@pytest.mark.parametrize(
    "message",
    [
        "expected 12, got 10",
        "10 instead of 12",
        "rows[10..12) of q4_k",
        "k=10, n=12 (3 of 4)",
        "10B, not 12B",
        "a: 10\nb: 12.",
        "between 10-12",
    ],
)
def test_numbers_count_in_any_order_and_in_any_words(message):
    assert raises(["Own", "InvalidShape"], message, message, "InvalidShape", NUMBERS).holds is True


@pytest.mark.parametrize(
    "message", ["", "expected 12", "10 of 10", "q12_k 10", "x10 and 12", "1012", "10.5 of 12", "-10 of 12", "11 of 13"]
)
def test_a_number_that_is_missing_or_part_of_another_word_is_noticed(message):
    evidence = raises(["InvalidShape"], message, "told", "InvalidShape", NUMBERS).evidence
    assert evidence.reason == "other numbers in the message"
    assert evidence.expected == "InvalidShape with 10 and 12 in its message" and evidence.got == "told"


def test_a_number_counts_as_often_as_it_is_said():
    assert raises(["E"], "4 of 4", "", "E", (4, 4)).holds is True
    assert raises(["E"], "4", "", "E", (4, 4)).holds is False


def test_signs_and_groups_are_read():
    assert numbers_in("-1 and \N{MINUS SIGN}2, but 3-4") == {-1: 1, -2: 1, 3: 1, 4: 1}
    assert numbers_in("1,024 bytes")[1024] == numbers_in("1_048_576 bytes")[1048576] == 1
    assert numbers_in("[3,500)")[500] == 1  # read both ways


def test_the_class_comes_before_the_message():
    assert raises(["ValueError"], "10 12", "told", "InvalidShape", NUMBERS).evidence.reason == "another error"
    assert raises(["E"], "abc", "told", "E", (), "bd").evidence.reason == "another message"
    assert raises(["E"], "abc", "told", "E", (), "bc").holds is True


def test_a_sentence_is_held_word_for_word():
    assert says("kernel: x has 4, expected 5!", "", "x has 4, expected 5").holds is True
    evidence = says("x has 5, expected 4", "E: x has 5, expected 4", "x has 4, expected 5").evidence
    assert (evidence.reason, evidence.expected) == ("another message", "...x has 4, expected 5...")
