"""What each claim accepts."""

import pytest

from harness.language import claims as S
from harness.language import types as T
from harness.language.sizes import Size
from harness.language.syntax import parse

K = (Size.of("k"),)
RESULT = T.Array("real", K, observed=True)
VALUE = T.Array("real", K)
IDS = T.Array("int", K, observed=True)
CHOICE = T.Array("int", K, choice=True)
TRUTH = T.Array("bool", K, observed=True)
RECORD = T.Record("route", {})
WORD = T.Word("InvalidShape")
BLOCKS = T.Blocks(("q4_k",), (*K, *K))


@pytest.mark.parametrize(
    "claim, parts",
    [
        (S.close, (RESULT, VALUE)),
        (S.close, (IDS, VALUE)),
        (S.accurate, (RESULT, VALUE, T.Array("real"))),
        (S.accurate, (RESULT, VALUE)),
        (S.identical, (RESULT, RESULT)),
        (S.identical, (VALUE, RESULT)),
        (S.finite, (RESULT,)),
        (S.admissible, (IDS, CHOICE)),
        (S.stagewise, (RECORD,)),
        (S.stagewise_rounded, (RECORD,)),
        (S.says, (RECORD,)),
        (S.says, (RECORD, WORD)),
        (S.raises, (RECORD,)),
        (S.raises, (RECORD, WORD)),
        (S.raises, (RECORD, WORD, WORD)),
        (S.raises_or, (RECORD, T.Array("bool", observed=True))),
        (S.raises_or, (RECORD, T.Claim())),
    ],
)
def test_accepted(claim, parts):
    assert claim(*parts) == T.Claim()


@pytest.mark.parametrize(
    "claim, parts, said",
    [
        (S.close, (VALUE, VALUE), "must come from a subject"),
        (S.close, (RESULT, T.Array("real")), "different shapes"),
        (S.close, (TRUTH, VALUE), "where a real array is needed"),
        (S.accurate, (RESULT, VALUE, VALUE), "number of units"),
        (S.accurate, (VALUE, VALUE), "must come from a subject"),
        (S.accurate, (RESULT, T.Array("real")), "different shapes"),
        (S.accurate, (RESULT, VALUE, WORD), "number of units"),
        (S.identical, (VALUE, VALUE), "must come from a subject"),
        (S.identical, (TRUTH, TRUTH), "compares arrays"),
        (S.identical, (RECORD, RECORD), "compares arrays"),
        (S.identical, (RESULT, T.Array("real")), "different shapes"),
        (S.finite, (VALUE,), "must come from a subject"),
        (S.finite, (RECORD,), "where a real array is needed"),
        (S.admissible, (IDS, VALUE), "needs a choice"),
        (S.admissible, (CHOICE, CHOICE), "must come from a subject"),
        (S.admissible, (RESULT, CHOICE), "where an array of ids is needed"),
        (S.stagewise, (RESULT,), "whole result"),
        (S.stagewise_rounded, (RESULT,), "whole result"),
        (S.says, (RECORD, VALUE), "takes a text"),
        (S.raises, (RECORD, VALUE), "takes texts"),
        (S.raises_or, (RECORD, TRUTH), "needs a claim"),
        (S.raises_or, (RECORD, WORD), "needs a claim"),
        (S.again, (RESULT,), "whole result"),
    ],
)
def test_refused(claim, parts, said):
    with pytest.raises(T.Mismatch, match=said):
        claim(*parts)


def test_again_is_the_same_result():
    assert S.again(RECORD) == RECORD


def test_every_claim_is_listed_under_its_name():
    assert {name: claim.__name__ for name, claim in S.SIGNATURES.items()} == {name: name for name in S.SIGNATURES}


@pytest.mark.parametrize(
    ("text", "units", "model"),
    [("accurate(f().y, y, 8)", True, False), ("accurate(f().y, y)", False, True), ("close(f().y, y)", False, False)],
)
def test_an_accuracy_in_units_or_by_the_model(text, units, model):
    assert (S.in_units(parse(text)), S.probably(parse(text))) == (units, model)
