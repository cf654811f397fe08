"""Old and new claims with the relation that their meaning gives them."""
# ruff: noqa: E501  (one pair is one line)

import pytest

from harness.gate.meaning.claims.claim import compare_claim

SAME, TIGHTER, LOOSER, OTHER, OPEN = "respelled", "tightened", "loosened", "different", "undecidable"
EQUATIONS = {"logits": "w @ x", "probs": "softmax(logits)", "chosen": "top_k(probs, k)",
             "weights": "probs[chosen] / sum(probs[chosen])", "mass": "sum(weights)"}  # fmt: skip
REFUSES = [
    {"subject": "run", "when": "k < 1 or k > rows", "error": "InvalidShape", "message": "k {k} is not in 1 to {rows}"},
    {"subject": "run", "when": "not all(is_finite(x))", "error": "NonFiniteValue", "message": "x is not finite"},
]
PROVOKED = "raises(run(k=0)) and raises(run(k=rows + 1))"

# fmt: off
PAIRS = {
    # --- parts --------------------------------------------------------------------------------------------------
    "parts in another order": ("finite(run().weights) and all(run().weights >= 0)", "all(run().weights >= 0) and finite(run().weights)", SAME),
    "a part twice": ("finite(run().weights)", "finite(run().weights) and finite(run().weights)", SAME),
    "a part dropped": ("finite(run().weights) and all(run().weights >= 0)", "finite(run().weights)", LOOSER),
    "a part added": ("finite(run().weights)", "finite(run().weights) and all(run().weights >= 0)", TIGHTER),
    "a part exchanged": ("finite(run().weights) and close(run().probs, probs)", "finite(run().probs) and close(run().probs, probs)", OTHER),
    "another result": ("close(run().probs, probs)", "close(run().logits, logits)", LOOSER),

    # --- how far off --------------------------------------------------------------------------------------------
    "more units": ("accurate(run().probs, probs, 8)", "accurate(run().probs, probs, 16)", LOOSER),
    "fewer units": ("accurate(run().probs, probs, 8)", "accurate(run().probs, probs, 4)", TIGHTER),
    "units dropped": ("accurate(run().probs, probs, 8)", "accurate(run().probs, probs)", LOOSER),
    "many units dropped": ("accurate(run().logits, logits, 10000)", "accurate(run().logits, logits)", TIGHTER),
    "units added": ("accurate(run().logits, logits)", "accurate(run().logits, logits, 10000)", LOOSER),
    "the bound, then the model": ("close(run().logits, logits)", "accurate(run().logits, logits)", TIGHTER),
    "the same model": ("accurate(run().logits, logits)", "accurate(run().logits, w @ x)", SAME),
    "one term more": ("accurate(run().logits, logits)", "accurate(run().logits, logits + 0)", LOOSER),
    "the same units": ("accurate(run().probs, probs, 8)", "accurate(run().probs, probs, 2 * 4)", SAME),
    "value commuted": ("close(run().logits + x[0], logits + x[0])", "close(x[0] + run().logits, x[0] + logits)", SAME),
    "value with fewer roundings": ("close(run().logits, logits * 2 / 2)", "close(run().logits, logits)", TIGHTER),
    "value with more roundings": ("close(run().logits, logits)", "close(run().logits, logits * 2 / 2)", LOOSER),
    "bits, then numbers": ("identical(run().chosen, arange(k))", "all(run().chosen == arange(k))", LOOSER),
    "identical, then close": ("identical(run().half, half)", "close(run().half, half)", LOOSER),
    "close, then identical": ("close(run().half, half)", "identical(run().half, half)", TIGHTER),
    "identical where float32 rounds": ("close(run().probs, probs)", "identical(run().probs, probs)", LOOSER),
    "another value": ("close(run().probs, probs)", "close(run().probs, softmax(2 * logits))", OTHER),
    "another sign": ("identical(run().half, half)", "identical(run().half, -half)", OTHER),

    "two results: close, then identical": ("close(run().probs, again(run()).probs)", "identical(run().probs, again(run()).probs)", TIGHTER),
    "two results: identical, then close": ("identical(run().probs, again(run()).probs)", "close(run().probs, again(run()).probs)", LOOSER),
    "two results the other way round": ("close(again(run()).probs, run().probs)", "identical(run().probs, again(run()).probs)", TIGHTER),
    "a result that is negated": ("close(run(x=-x).logits, -run().logits)", "identical(run(x=-x).logits, -run().logits)", TIGHTER),
    "a result that may overflow": ("close(run(x=2 * x).logits, 2 * run().logits)", "identical(run(x=2 * x).logits, 2 * run().logits)", TIGHTER),  # infinities leave no other entry unjudged
    "a result that is rounded here and not there": ("close(run(x=3 * x).logits, 3 * run().logits)", "identical(run(x=3 * x).logits, 3 * run().logits)", OTHER),
    "not judged where it may round, then judged": ("identical(run().probs, probs)", "close(run().probs, probs)", TIGHTER),
    "the value is in doubt where two are equal": ("close(run().mass, mass(chosen=run().chosen))", "close(run().mass, mass)", OTHER),
    "the value is no longer in doubt": ("close(run().mass, mass)", "close(run().mass, mass(chosen=run().chosen))", OTHER),  # another choice has other bounds, of almost nothing none
    "finite of what is in doubt": ("finite(run().mass)", "finite(run().mass + 0 * sum(probs[chosen]))", LOOSER),
    "finite of what is no longer in doubt": ("finite(run().mass + 0 * sum(probs[chosen]))", "finite(run().mass)", TIGHTER),
    "close of what is in doubt": ("close(run().half, half)", "close(run().half + 0 * sum(probs[chosen]), half)", LOOSER),

    # --- witnesses and choices ----------------------------------------------------------------------------------
    "the subject's own choice as witness": ("close(run().weights, weights)", "close(run().weights, weights(chosen=run().chosen))", OTHER),
    "no witness any more": ("close(run().weights, weights(chosen=run().chosen))", "close(run().weights, weights)", OTHER),
    "admissible by other scores": ("admissible(run().chosen, chosen)", "admissible(run().chosen, top_k(logits, k))", TIGHTER),
    "admissible dropped for distinct": ("admissible(run().chosen, chosen)", "distinct(run().chosen)", LOOSER),

    # --- conditions ---------------------------------------------------------------------------------------------
    "a comparison turned round": ("all(run().weights >= 0)", "all(0 <= run().weights)", SAME),
    "a minimum for all": ("all(run().weights >= 0)", "min(run().weights) >= 0", LOOSER),  # the least of NaN is undecided
    "all for a minimum": ("min(run().weights) >= 0", "all(run().weights >= 0)", TIGHTER),
    "strictly": ("all(run().weights >= 0)", "all(run().weights > 0)", TIGHTER),
    "no longer strictly": ("all(run().weights > 0)", "all(run().weights >= 0)", LOOSER),
    "a NaN is not below zero": ("all(run().weights >= 0)", "not any(run().weights < 0)", LOOSER),
    "a wider range": ("all(run().weights <= 1)", "all(run().weights <= 1.5)", LOOSER),
    "the other direction": ("all(run().weights <= 0.5)", "all(run().weights >= 0.5)", OTHER),
    "a tolerance": ("abs(sum(run().weights) - 1) < 1e-6", "abs(sum(run().weights) - 1) < 1.2e-6", LOOSER),
    "a smaller tolerance": ("abs(sum(run().weights) - 1) < 2e-6", "abs(sum(run().weights) - 1) < 1e-6", TIGHTER),
    "a tolerance as a product": ("abs(sum(run().weights) - 1) < 0.25 * 0.5", "abs(sum(run().weights) - 1) < 0.125", SAME),
    "an index past the end": ("all(run().chosen < rows)", "all(run().chosen <= rows)", LOOSER),
    "equal neighbours": ("all(run().weights[:-1] > run().weights[1:])", "all(run().weights[:-1] >= run().weights[1:])", LOOSER),
    "a literal far up": ("run().mass < 1e30", "run().mass < 3e30", LOOSER),
    "a part dropped beside one that stays": ("distinct(run().chosen) and all(run().chosen >= 0)", "all(run().chosen >= 0)", LOOSER),
    "some for all": ("all(run().weights > 0)", "any(run().weights > 0)", LOOSER),
    "all for some": ("any(run().weights > 0)", "all(run().weights > 0)", TIGHTER),

    "decided, then in doubt": ("sum(run().weights) <= 1.5", "sum(run().weights) * sum(probs) <= 1.5", LOOSER),

    # --- calls --------------------------------------------------------------------------------------------------
    "an argument commuted": ("finite(run(x=x * 2).weights)", "finite(run(x=2 * x).weights)", SAME),
    "an argument doubled otherwise": ("finite(run(x=x * 2).weights)", "finite(run(x=x + x).weights)", SAME),
    "another argument": ("finite(run(x=x * 2).weights)", "finite(run(x=x * 4).weights)", OTHER),
    "an argument that is the default": ("finite(run().weights)", "finite(run(x=x).weights)", SAME),
    "no longer again": ("identical(run().probs, again(run()).probs)", "identical(run().probs, run().probs)", OTHER),
    "stages shown rounded": ("stagewise(run())", "stagewise_rounded(run())", LOOSER),
    "stages as shown": ("stagewise_rounded(run())", "stagewise(run())", TIGHTER),
    "stagewise dropped for its last stage": ("stagewise(run())", "close(run().weights, weights)", LOOSER),

    "any error or finite": ("raises_or(run(), finite(run().probs) and all(run().probs >= 0))", "raises_or(run(), finite(run().probs))", LOOSER),
    "any error or not negative": ("raises_or(run(), all(run().probs > 0))", "raises_or(run(), all(run().probs >= 0))", LOOSER),
    "any error or positive": ("raises_or(run(), all(run().probs >= 0))", "raises_or(run(), all(run().probs > 0))", TIGHTER),

    # --- errors -------------------------------------------------------------------------------------------------
    "class alone": ("raises(run(k=0))", 'raises(run(k=0), "InvalidShape")', LOOSER),
    "class and message again": ('raises(run(k=0), "InvalidShape")', "raises(run(k=0))", TIGHTER),
    "part of the message": ('raises(run(k=0), "InvalidShape", "is not in 1")', 'raises(run(k=0), "InvalidShape", "is not")', LOOSER),
    "more of the message": ('raises(run(k=0), "InvalidShape", "is not")', 'raises(run(k=0), "InvalidShape", "is not in 1")', TIGHTER),
    "a text as a claim of its own": ('raises(run(k=0), "InvalidShape", "1")', 'raises(run(k=0), "InvalidShape") and says(run(k=0), "1")', SAME),
    "numbers for a text": ('raises(run(k=0), "InvalidShape", "is not")', "raises(run(k=0))", LOOSER),
    "the sentence no longer": ("raises(run(k=0)) and says(run(k=0))", "raises(run(k=0)) and raises(run(k=0))", LOOSER),
    "the sentence too": ("raises(run(k=0)) and raises(run(k=0))", "raises(run(k=0)) and says(run(k=0))", TIGHTER),
    "a part of the sentence": ("says(run(k=0))", 'says(run(k=0), "is not in")', LOOSER),
    "another class": ('raises(run(k=0), "InvalidShape")', 'raises(run(k=0), "NonFiniteValue")', OTHER),
    "a class that refuses does not name": ("raises(run(k=0))", 'raises(run(k=0), "NonFiniteValue")', OTHER),
    "zero written otherwise": ("raises(run(k=0))", "raises(run(k=rows - rows))", SAME),
    "another wrong argument": ("raises(run(k=0))", "raises(run(k=-1))", LOOSER),
}
# fmt: on


@pytest.fixture
def claimed(contract):
    """A contract with one claim in question, and others that keep everything in use."""

    def make(claim, **more):
        tests = {"F-1": {"claim": claim, **more}, "F-2": PROVOKED, "F-3": "stagewise(run())",
                 "F-4": {"claim": 'raises(run(), "NonFiniteValue")', "given": {"x": {"values": ["nonfinite"]}}}}  # fmt: skip
        equations = {**EQUATIONS, "half": "-x"}
        return contract(equations, tests, refuses=REFUSES)

    return make


@pytest.mark.parametrize("name", PAIRS)
def test_relation_is_that_of_the_meaning(claimed, name):
    old, new, relation = PAIRS[name]
    found = compare_claim(claimed(old), claimed(new), "FALSIFY-F-1")
    assert found.relation == relation, found
    assert found.why
    assert len(found.counterexample.split("\n")) <= 3


def test_the_same_text(claimed):
    assert (
        compare_claim(claimed("finite(run().probs)"), claimed("finite(run().probs)"), "FALSIFY-F-1").relation == "same"
    )


def test_a_change_of_an_equation_is_not_blamed_on_the_claim(contract):
    old = contract({"a": "2 * x"}, {"F-1": "close(run().a, a) and finite(run().a)"})
    new = contract({"a": "3 * x"}, {"F-1": "finite(run().a) and close(run().a, a)"})
    assert compare_claim(old, new, "FALSIFY-F-1").relation == SAME


def test_texts_are_compared_on_what_the_tables_mention(contract):
    tables = {"names": {"columns": {"raw": "text", "key": "text"}, "rows": [["A", "a"], ["B", "b"]]}}

    def make(claim):
        return contract({"a": "x"}, {"F-1": {"claim": claim, "over": ["names"]}, "F-2": "close(run(text=\"A\").a, a)"},
                        tables=tables, returns={"a": "a", "key": "text"},
                        arguments={"x": "x", "z": "z", "w": "w", "q": "q", "h": "h", "k": "k", "text": "text"})  # fmt: skip

    old = make("run(text=raw).key == key")
    assert compare_claim(old, make("key == run(text=raw).key"), "FALSIFY-F-1").relation == SAME
    assert (
        compare_claim(old, make("run(text=raw).key == key or run(text=raw).key == raw"), "FALSIFY-F-1").relation
        == LOOSER
    )
    assert compare_claim(old, make("run(text=raw).key == key and key != raw"), "FALSIFY-F-1").relation != SAME
