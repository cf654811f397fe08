from harness.language.mutate.number_formats import NumberFormats


def narrow(*returned, **more):
    return NumberFormats(mixed=True, returned={"e": frozenset(returned)} if returned else {}, **more)


def conversions(found):
    return {edit: made for edit, made in found.items() if edit.split("-")[0] in ("bf16", "f16", "f8", "i8", "drop")}


def test_a_rounding_is_left_out(edits):
    assert edits("2 * stored(x * y, bf16)", narrow())["drop-rounding"] == ["2 * (x * y)"]
    assert "drop-rounding" not in edits("2 * stored(x * y, [f32, bf16])", narrow())
    assert "drop-rounding" not in edits("stored(x * y, bf16)", narrow("bf16"))  # its conversion rounds again
    assert "drop-rounding" in edits("stored(x * y, bf16)", narrow("bf16", read={"e": (frozenset(),)}))
    assert "drop-rounding" in edits("stored(x * y, bf16)", narrow("f32"))


def test_other_roundings(edits):
    found = edits("2 * stored(x * y, f16)", narrow())
    for edit, function in (("truncated", "cut"), ("ties-away", "ties_away"), ("flushed", "flushed"),
                           ("saturated", "saturated")):  # fmt: skip
        assert found[f"f16-{edit}"] == [f"2 * faulty.{function}(x * y, format='f16')"]
    assert found["bf16-first"] == ["2 * stored(faulty.bf16(x * y), f16)"]


def test_not_what_the_arithmetic_declares(edits):
    found = edits("2 * stored(x * y, f16)", narrow(flushes=True, saturates=True))
    assert "f16-flushed" not in found and "f16-saturated" not in found
    assert found["f16-overflown"] == ["2 * faulty.overflown(x * y, format='f16')"]


def test_bfloat16_overflows_where_float32_does(edits):
    assert "bf16-saturated" not in edits("2 * stored(x * y, bf16)", narrow())


def test_of_several_formats_only_cutting_is_told_apart(edits):
    found = edits("2 * stored(x * y, [f32, bf16])", narrow())
    assert found["bf16-truncated"] == ["2 * faulty.cut(x * y, format='bf16')"]
    assert not {"bf16-ties-away", "bf16-flushed", "f16-first", "f32-truncated"} & set(found)


def test_integers(edits):
    found = edits("2 * stored(x * y, i8)", narrow())
    assert found["i8-truncated"] == ["2 * faulty.cut(x * y, format='i8')"]
    assert found["i8-wrapped"] == ["2 * faulty.wrapped(x * y, format='i8')"]
    assert "i8-ties-away" not in found  # halves go either way


def test_conversions_of_results(edits):
    found = edits("x * y", narrow("bf16", "f16", "f32"))
    assert found["bf16-truncated-result"] == ["faulty.cut(x * y, format='bf16')"]
    assert found["f16-saturated-result"] == ["faulty.saturated(x * y, format='f16')"]
    assert not [edit for edit in edits("stored(x * y, bf16)", narrow("bf16")) if edit.endswith("truncated-result")]
    assert not conversions(edits("x * y", narrow("f32"))).keys() - {"bf16-result", "f16-result"} - {"drop-factor"}
