import re

import pytest
from markdown_it import MarkdownIt

from harness.report.markdown import MOST, code, cut, markdown_text, preformatted, render
from tests.harness.report import stored

LIMIT = 60_000
READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
# what GitHub looks for in the text itself, outside of code: mentions, issues, addresses, emoji
ACTIVE = re.compile(r"@\w|#\d|https?://\w|www\.\w|GH-\d|(?<!\w):[\w+-]+:", re.IGNORECASE)


def as_read(text):
    """What a reader of Markdown makes of it, without the empty comments that part texts."""
    page = stored.Structure(READER.render(text))
    page.tags = [tag for tag in page.tags if tag != "comment"]
    return page


def active(page):
    """Texts outside of code, joined only where nothing stands between them."""
    return [data for tag, data in page.texts if tag not in {"code", "pre"} and ACTIVE.search(data)]


@pytest.mark.parametrize("count", [10, 100, 1000])
def test_it_stays_small_enough_and_says_what_it_left_out(count):
    text = render(stored.many(count), "r")
    assert len(text) < LIMIT
    if count > 10:
        assert "Left out" in text


@pytest.mark.parametrize("count", [100, 1000])
def test_what_was_left_out_is_counted(count):
    record = stored.many(count)
    text = render(record, "r")
    table = len(re.findall(r"^\| ", text, re.MULTILINE)) - 1
    left = int(re.search(r"Left out of this table:\*\* (\d+) falsifiers", text)[1])
    assert table + left == count
    details = text.count("<details")
    assert details == text.count("</details>")
    grouped = sum(int(number) for number in re.findall(r"^\*\*error\*\*, (\d+) falsifiers", text, re.MULTILINE))
    untold = re.search(r"for lack of space:\*\* details of (\d+) falsifiers", text)
    assert details + grouped + (int(untold[1]) if untold else 0) == count - record["counts"]["survived"]
    assert bool(untold) == (count == 1000)


def test_one_long_argument_does_not_break_the_limit():
    record = stored.second("faulty")
    line = next(line for line in record["contracts"][0]["falsifiers"] if line["counterexample"])
    line["counterexample"]["evidence"]["got"] = "7" * 100_000
    text = render(record, "r")
    assert len(text) < LIMIT
    assert "more characters" in text


@pytest.mark.parametrize("key", ["rule", "reason", "claim", "if_fails"])
def test_no_long_text_breaks_the_limit(key):
    record = stored.many(1000)
    for contract in record["contracts"]:
        for line in contract["falsifiers"]:
            line[key] = "word <&#@> " * 2000
    assert len(render(record, "r")) < LIMIT


def test_the_first_line_has_verdict_and_action():
    assert render(stored.second("faulty"), "r").startswith("## ERROR: The run is not complete")


def test_a_falsification_has_its_argument_and_its_replay():
    page = as_read(render(stored.second("faulty"), "my reports"))
    assert "Let " in page.text
    assert "expected" in page.text
    assert "harness replay 'my reports/cases/tiny/" in page.text


def test_changes_and_gaps_are_told():
    text = as_read(render(stored.full(), "r")).text
    assert re.search(r"Since the last report .*: \d+ new, \d+ known, \d+ changed, \d+ fixed, \d+ gone\.", text)
    assert "Not tested" in text


@pytest.mark.parametrize("text", stored.HOSTILE.values(), ids=stored.HOSTILE)
def test_texts_are_shown_as_they_are(text):
    from harness.report.escaping import one_line, visible

    for shown in (markdown_text(one_line(text)), code(text)):
        assert as_read(f"a {shown} b").text.strip() == f"a {one_line(text)} b"
        assert not active(as_read(f"a {shown} b"))
    block = as_read(preformatted(visible(text)))
    assert block.tags == ["pre", "/pre"]


@pytest.mark.parametrize("text", stored.HOSTILE.values(), ids=stored.HOSTILE)
def test_hostile_texts_change_nothing_but_text(text):
    shown = render(stored.hostile(text), "r")
    stored.harmless(shown)
    page, harmless = as_read(shown), as_read(render(stored.hostile("x"), "r"))
    assert page.tags == harmless.tags
    assert page.attributes == harmless.attributes
    assert not active(page)


def test_the_reader_of_this_test_sees_what_is_hostile():
    """A check that cannot fail is a defect."""
    page = as_read(stored.HOSTILE["Markdown"] + stored.HOSTILE["script"] + stored.HOSTILE["mentions"])
    assert {"strong", "em", "a", "img", "script"} <= set(page.tags)
    assert active(page)


def test_cut_says_how_much_is_missing():
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "abc\n... (1 more characters)"
    assert MOST < LIMIT


def test_the_table_tells_how_far_beyond_the_bound_and_few_survivors():
    record = stored.second("faulty")
    text = render(record, "r")
    falsified = next(line for line in record["contracts"][0]["falsifiers"] if line["verdict"] == "falsified")
    exceeds = falsified["counterexample"]["evidence"]["exceeds"]
    (row,) = re.findall(rf"^\| \*\*falsified\*\*.*{falsified['id']}.*\|$", text, re.MULTILINE)
    assert row.endswith(f"| {'infinite' if exceeds is None else f'{exceeds:.2g}'} |")
    assert len(re.findall(r"^\| survived", render(stored.many(1000), "r"), re.MULTILINE)) == 10


def test_the_first_arguments_are_unfolded():
    text = render(stored.second("faulty"), "r")
    assert 1 <= text.count("<details open>") < text.count("<details")
