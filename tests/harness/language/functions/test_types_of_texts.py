"""What functions on texts and bytes refuse; what they accept is in test_types.py."""

import pytest

from harness.language.infer import TypeRefused


@pytest.mark.parametrize(
    "text, said",
    [
        ("fill(n)", "fill needs a text"),
        ("fill(word, n=b)", "fill writes single integers"),
        ("fill(word, n=1.5)", "where an integer array is needed"),
        ("fill(word, name=1)", "no argument named 'name'"),
        ("first(word)", "first takes from a list"),
        ("texts(word, n)", "texts lists texts"),
        ("contains(n, word)", "looks into a text or a list"),
        ("contains(words, words)", "contains needs a text"),
        ("ascii(word)", "ascii needs a text in quotes"),
        ("ascii('é')", "ASCII characters"),
        ("ascii(n)", "ascii needs a text"),
        ("le(b, 4)", "an integer and a width"),
        ("le(n, 0)", "a width of 1 to 8"),
        ("le(n, 9)", "a width of 1 to 8"),
        ("le(n, sum(b))", "must follow from the dimensions"),
        ("le(1.5, 4)", "where an integer array is needed"),
        ("bytes_of(w)", "bytes_of needs a vector"),
        ("bytes_of(word)", "where a real array is needed"),
        ("patch(x, 0, 1, 1)", "where bytes is needed"),
        ("patch(b, 0, b, 1)", "bytes and three integers"),
        ("patch(reshape(b, 1, n), 0, 1, 1)", "bytes and three integers"),
        ("zero_bytes(k - n)", "may be negative"),
        ("zero_bytes(word)", "must follow from the dimensions"),
        ("len(words, 0)", "without axes"),
        ("distinct(word)", "where an integer array is needed"),
        ("nbytes(word)", "no array"),
    ],
)
def test_refused(shown, text, said):
    with pytest.raises(TypeRefused, match=said):
        shown(text)


@pytest.mark.parametrize("text, dtype", [("ascii('AB')", "u8"), ("le(n, 4)", "u8"), ("bytes_of(x)", "u8"),
                                         ("zero_bytes(2)", "u8"), ("concat(le(1, 2), zero_bytes(2))", "u8"),
                                         ("concat(le(1, 2), b)", ""), ("b", "")])  # fmt: skip
def test_bytes_keep_their_stored_type(vectors, text, dtype):
    from harness.language.infer import infer
    from harness.language.syntax import parse

    assert infer(parse(text), vectors).dtype == dtype
