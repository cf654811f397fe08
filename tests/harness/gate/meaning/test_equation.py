"""Old and new expressions with the relation that mathematics gives them: known before the code was run."""

import pytest

SAME, TIGHTER, LOOSER, OTHER, OPEN = "respelled", "tightened", "loosened", "different", "undecidable"
ROUTING = {"logits": "w @ x", "probs": "softmax(logits)", "chosen": "top_k(probs, k)"}
CLOSE = {"F-1": "close(run().e, e)"}


# fmt: off
PAIRS = {
    # --- one function, one set of admitted results --------------------------------------------------------------
    "sum commuted": ("x + z", "z + x", SAME),
    "product commuted": ("x * z", "z * x", SAME),
    "sum reassociated": ("(x + z) + x * z", "x + (z + x * z)", SAME),
    "difference as sum": ("x - z", "x + -z", SAME),
    "swiglu commuted": ("silu(x) * z", "z * silu(x)", SAME),
    "product by matvec": ("w @ x", "matvec(w, x)", SAME),
    "distributed over exact leaves": ("x * (x + z)", "x * x + x * z", SAME),
    "mean as quotient": ("mean(x)", "sum(x) / size", SAME),
    "max of stacked, swapped": ("max(stack(x, z), -1)", "max(stack(z, x), -1)", SAME),
    "min as negated max": ("min(x)", "-max(-x)", SAME),
    "negation doubled": ("x", "-(-x)", SAME),
    "decimal written otherwise": ("x * 0.5", "x * 5e-1", "same"),
    "parentheses": ("x + z * x", "(x) + (z * x)", "same"),
    "relu by where": ("relu(x)", "where(x > 0, x, 0)", SAME),
    "where turned round": ("where(x > z, x, z)", "where(x <= z, z, x)", SAME),
    "slices joined": ("concat(x, z)", "concat(x[0:1], x[1:size], z)", SAME),
    "transposed twice": ("w @ x", "transpose(transpose(w)) @ x", SAME),
    "max subtracted once more inside softmax": ("softmax(w @ x)", "softmax(w @ x)[arange(rows)]", SAME),
    "round of a shifted number": ("round(x)", "where(x >= 0, round(x), -round(-x))", SAME),
    "epsilon written otherwise": ("rms_norm(x, z, 1e-6)", "rms_norm(x, z, 0.000001)", "same"),

    # --- integers, on all values --------------------------------------------------------------------------------
    "bits joined by or, or by plus": ("(q & 15) | ((h & 3) << 4)", "(q & 15) + ((h & 3) << 4)", SAME),
    "bits joined by or, or by xor": ("(q & 15) | (h & 240)", "(q & 15) ^ (h & 240)", SAME),
    "shift as quotient": ("q >> 4", "q // 16", SAME),
    "mask as remainder": ("q & 63", "q % 64", SAME),
    "mask that does nothing to a byte": ("q & 255", "q + 0", SAME),
    "integer product commuted": ("q * h", "h * q", SAME),
    "integers distributed": ("q * (h + 3)", "q * h + 3 * q", SAME),
    "doubled count": ("size * 2", "size + size", SAME),
    "mask of six bits, of five": ("q & 63", "q & 31", OTHER),
    "a shift dropped": ("(q & 15) | ((h & 3) << 4)", "(q & 15) | (h & 3)", OTHER),
    "a shift of one less": ("q >> 4", "q >> 3", OTHER),
    "nibbles swapped": ("stack(q & 15, q >> 4)", "stack(q >> 4, q & 15)", OTHER),
    "bits that overlap": ("(q & 31) | ((h & 3) << 4)", "(q & 31) + ((h & 3) << 4)", OTHER),
    "or where bits overlap, xor": ("(q & 31) | (h & 240)", "(q & 31) ^ (h & 240)", OTHER),
    "a byte that does not wrap": ("(q << 4) & 255", "q << 4", OTHER),
    "quotient rounded down, and a shift of a negative": ("(q - 128) // 16", "(q - 128) >> 4", SAME),
    "remainder of a negative": ("(q - 128) % 16", "(q - 128) & 15", SAME),
    "sign bit": ("(q ^ 128) - 128", "(q & 127) - (q & 128)", SAME),
    "sign bit forgotten": ("(q ^ 128) - 128", "q - 128", OTHER),
    "count of rows, count asked for": ("arange(rows) * rows", "arange(rows) * k", OTHER),
    "integers as real numbers": ("q * 2", "q * 2.0", OTHER),

    # --- one function, another set of admitted results ----------------------------------------------------------
    "two roundings for one": ("x / z", "x * (1 / z)", LOOSER),
    "one rounding for two": ("x * (1 / z)", "x / z", TIGHTER),
    "softmax without its maximum": ("softmax(w @ x)", "exp(w @ x) / sum(exp(w @ x))", LOOSER),
    "softmax written out": ("softmax(w @ x)", "exp(w @ x - max(w @ x)) / sum(exp(w @ x - max(w @ x)))", LOOSER),
    # Judged where exp overflowed before; but subtracting the maximum rounds once more where it does not.
    "softmax put together": ("exp(w @ x) / sum(exp(w @ x))", "softmax(w @ x)", LOOSER),
    "sigmoid written out": ("sigmoid(x)", "1 / (1 + exp(-x))", LOOSER),
    "silu written out": ("silu(x)", "x * sigmoid(x)", LOOSER),
    "square root of a square": ("abs(x)", "sqrt(x * x)", LOOSER),
    "added and taken away": ("x", "x + z - z", LOOSER),
    "added and taken away before": ("x + z - z", "x", TIGHTER),
    "a constant in two parts": ("x + 0.3", "x + 0.1 + 0.2", LOOSER),
    "scaled up and down": ("x", "x * 3 / 3", LOOSER),
    "product of exponentials": ("exp(x + z)", "exp(x) * exp(z)", LOOSER),
    "choice by probabilities, or by logits": ("top_k(softmax(w @ x), k)", "top_k(w @ x, k)", TIGHTER),
    "choice by logits, or by probabilities": ("top_k(w @ x, k)", "top_k(softmax(w @ x), k)", LOOSER),

    # --- another function ---------------------------------------------------------------------------------------
    "sign": ("x + z", "x - z", OTHER),
    "operands of a difference": ("x - z", "z - x", OTHER),
    "operands of a quotient": ("x / z", "z / x", OTHER),
    "gate and up swapped": ("silu(x) * z", "silu(z) * x", OTHER),
    "neighbour function": ("silu(x)", "x * sigmoid(1.702 * x)", OTHER),
    "relu for silu": ("silu(x) * z", "relu(x) * z", OTHER),
    "epsilon doubled": ("rms_norm(x, z, 1e-6)", "rms_norm(x, z, 2e-6)", OTHER),
    "epsilon doubled, and far below everything": ("rms_norm(x, z, 1e-30)", "rms_norm(x, z, 2e-30)", OTHER),
    "epsilon outside the root": ("x / sqrt(mean(x * x) + 1e-6)", "x / (sqrt(mean(x * x)) + 1e-6)", OTHER),
    "third digit": ("x * 0.123", "x * 0.124", OTHER),
    "tenth digit": ("x * 0.1234567890", "x * 0.1234567891", OTHER),
    "one constant in float32, not in real arithmetic": ("x * 0.1", "x * 0.10000000149011612", OTHER),
    "an offset that only zeros show": ("x + 1e-30", "x + 0.0", OTHER),
    "at zero alone": ("where(x > 0, 1.0, -1.0)", "where(x >= 0, 1.0, -1.0)", OTHER),
    "at ties alone": ("where(x > z, 1.0, 0.0)", "where(x >= z, 1.0, 0.0)", OTHER),
    "at one number alone": ("where(x == 0.7109375, 0.0, x)", "x", OTHER),
    "beyond one number alone": ("where(x > 1000000.0, 0.0, x)", "x", OTHER),
    "for one count alone": ("x + where(size == 17, 1.0, 0.0)", "x + 0.0", OTHER),
    "for the last entry alone": ("x", "concat(x[:-1], abs(x[size - 1:size]))", OTHER),
    "mean over all, or per row": ("w - mean(w)", "w - mean(w, -1)[..., None]", OTHER),
    "variance with one less": ("sum(x * x) / size", "sum(x * x) / (size + 1)", OTHER),
    "mean of squares, square of mean": ("mean(x * x)", "mean(x) * mean(x)", OTHER),
    "the largest, the first": ("max(x)", "x[0]", OTHER),
    "the smallest chosen": ("top_k(w @ x, k)", "top_k(-(w @ x), k)", OTHER),
    "chosen by size": ("top_k(w @ x, k)", "top_k(abs(w @ x), k)", OTHER),
    "rounded on the way": ("x", "round(x * 256.0) / 256", OTHER),
    "two results for one": ("x", "x[..., None]", OTHER),

    # --- nothing can be said ------------------------------------------------------------------------------------
    "constants that float64 cannot tell apart": ("x * 0.3", "x * 0.30000000000000004", OPEN),
    "a constant that no case shows": ("1.5 + x * x", "1.5 + 1e-30 + x * x", OPEN),
}
# fmt: on


@pytest.mark.parametrize("name", PAIRS)
def test_relation_is_that_of_mathematics(compared, name):
    old, new, relation = PAIRS[name]
    found = compared(old, new, claims=CLOSE)
    assert found.relation == relation, found
    assert found.why
    assert bool(found.counterexample) == (relation in (OTHER, LOOSER)), found
    lines = found.counterexample.split("\n")
    assert len(lines) <= 3 and all(len(line) <= 80 for line in lines)
    assert found.n > 0 or relation == "same"


def test_there_are_enough_pairs():
    assert len(PAIRS) >= 60
