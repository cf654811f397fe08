import copy
import json
import re
from functools import cache
from itertools import pairwise

import pytest

from harness.report.html.page import PLENTY, TEMPLATES, render
from harness.report.upgrade import upgrade
from tests.harness.report import stored

VOID = {"meta", "link", "br", "img", "input", "hr"}
CLOSED_BY_ITSELF = {"path", "circle", "line", "rect"}  # as in XML, which HTML admits inside SVG


def of_nothing():
    record = stored.second("sound") | {"verdict": "not run", "exit_code": 2, "counts": {}, "worst_first": []}
    record["contracts"][0]["falsifiers"] = []
    return record


RECORDS = {
    "full": stored.full,
    "faulty": lambda: stored.second("faulty"),
    "sound": lambda: stored.second("sound"),
    "interrupted": lambda: upgrade(stored.first("interrupted")),
    "older": lambda: upgrade(stored.first("mixed")),
    "nothing": of_nothing,
    "1000": lambda: stored.many(1000),
}
PAGES = {}


@pytest.fixture(params=RECORDS)
def page(request):
    if request.param not in PAGES:
        PAGES[request.param] = render(RECORDS[request.param](), "build/report")
    return PAGES[request.param]


def test_elements_are_nested_and_closed(page):
    class Checked(stored.Structure):
        def handle_starttag(self, tag, attrs):
            super().handle_starttag(tag, attrs)
            if tag in VOID:
                self.open.pop()

        def handle_startendtag(self, tag, attrs):
            assert tag in CLOSED_BY_ITSELF
            self.attributes += [(tag, name, value) for name, value in attrs]

        def handle_endtag(self, tag):
            assert self.open.pop() == tag

    assert Checked(page).open == []


def test_it_needs_no_network_and_no_script(page):
    found = stored.Structure(page)
    assert not {"script", "iframe", "object", "embed", "form", "base", "img"} & set(found.tags)
    for tag, name, value in found.attributes:
        assert not name.startswith("on")
        if name in {"href", "src", "xlink:href", "action", "srcset"}:
            assert value.startswith("#") or (tag, value) == ("link", "data:,")
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_every_link_leads_somewhere_and_no_place_is_there_twice(page):
    found = stored.Structure(page)
    places = [value for _, name, value in found.attributes if name == "id"]
    links = {value[1:] for tag, name, value in found.attributes if (tag, name) == ("a", "href")}
    assert len(set(places)) == len(places)
    assert links <= set(places)


def test_headings_come_in_order(page):
    levels = [int(tag[1]) for tag in stored.Structure(page).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_plot_has_its_text(page):
    for opening in re.findall(r"<svg[^>]*>", re.sub(r"<svg (x=|viewBox=\"0 0 1000)[^>]*>", "", page)):
        named = re.search(r'role="img" aria-label="[^"]{3,}"', opening)
        # hidden ones stand beside their text: the cell with the number, or the list of kinds
        assert named or 'aria-hidden="true"' in opening, opening


def test_tables_say_what_their_heads_are_for(page):
    assert all("scope=" in opening for opening in re.findall(r"<th\b[^>]*>", page))


def test_one_can_skip_to_the_verdicts(page):
    first = re.search(r"<body>\s*<a class=\"skip\" href=\"#([^\"]+)\"", page)
    assert f'id="{first[1]}"' in page


def test_parts_that_scroll_can_be_reached_by_keyboard(page):
    assert all(
        'tabindex="0"' in part and "aria-label=" in part for part in re.findall(r'<div class="scroll"[^>]*>', page)
    )


def test_the_first_heading_is_the_verdict_and_what_to_do():
    page = render(stored.second("faulty"), "r")
    heading = re.sub("<[^>]+>", "", re.search("<h1>(.*?)</h1>", page)[1])
    assert " ".join(heading.split()) == "ERROR The run is not complete: fix the errors, then run again."


def test_what_has_one_cause_takes_one_line_of_the_first_screen():
    head = re.search("<header>(.*?)</header>", render(stored.many(1000), "r"), re.DOTALL)[1]
    rows = [re.sub("<[^>]+>|\\s+", " ", row).split() for row in re.findall(r"<tr>(<td.*?)</tr>", head, re.DOTALL)]
    assert rows[0][:3] == ["error", "100", "falsifiers"]
    assert [row[0] for row in rows[1:]] == ["falsified"] * 9
    assert "109 of 1000" in head


def test_it_is_a_function_of_the_record_alone():
    record = stored.full()
    before = copy.deepcopy(record)
    assert render(record, "r") == render(record, "r")
    assert record == before


def test_every_falsifier_and_every_part_of_an_argument_is_there():
    record = stored.full()
    shown = stored.Structure(render(record, "my reports")).text
    for line in record["contracts"][0]["falsifiers"]:
        for key in ("id", "rule", "place", "claim", "fingerprint", "seed"):
            assert " ".join(line[key].split()) in shown, key
        example = line["counterexample"]
        if example:
            for text in (example["evidence"]["expected"], example["evidence"]["got"], line["if_fails"]):
                assert text in shown
            for step in example["steps"]:
                assert step["name"] in shown
            assert f"harness replay 'my reports/{line['case']}'" in shown
    for name, digest in (("subject", "0" * 64), ("file", "1" * 64)):
        assert digest in shown, name
    for contract in record["contracts"]:
        assert contract["digest"] in shown
    for gap in record["not_tested"]:
        assert gap["what"] in shown
        assert all(" ".join(name.split()) in shown for name in gap["shown"])


def test_the_first_step_that_parts_is_marked_once_in_each_argument():
    record = stored.full()
    parted = [
        line for line in record["contracts"][0]["falsifiers"]
        if line["counterexample"] and any(step["verdict"] == "parts" for step in line["counterexample"]["steps"])
    ]  # fmt: skip
    page = render(record, "r")
    assert parted
    assert page.count('<tr class="first-parts">') == len(parted)


def test_a_stage_strip_marks_the_first_divergence():
    record = stored.second("faulty")
    line = next(line for line in record["contracts"][0]["falsifiers"] if line["counterexample"])
    stage = {
        "function": "trace",
        "equation": "y",
        "shape": [2],
        "ratio": 2.0,
        "expected": "1",
        "got": "3",
        "index": [0],
    }
    verdicts = ["agrees", "open", "parts", "parts", "agrees"]
    line["counterexample"]["stages"] = [stage | {"name": f"s{n}", "verdict": v} for n, v in enumerate(verdicts)]
    strips = re.findall(r'<ol class="strip">(.*?)</ol>', render(record, "r"), re.DOTALL)
    (strip,) = [strip for strip in strips if "<b>s0</b>" in strip]
    assert re.findall(r'<li class="([^"]+)"><b>(\w+)', strip) == [
        ("agrees", "s0"), ("open", "s1"), ("parts first", "s2"), ("parts", "s3"), ("agrees", "s4"),
    ]  # fmt: skip


def test_changes_since_the_baseline_are_told():
    record = stored.full()
    head = re.search("<header>(.*?)</header>", render(record, "r"), re.DOTALL)[1]
    for name in ("new", "known", "changed", "fixed", "gone"):
        assert f"{len(record['baseline'][name])} {name}" in head
    assert "no earlier report" in render(stored.second("faulty"), "r")


def test_the_full_set_stays_below_700_kb():
    """More than half of it failed, every series, dimension and list of kinds is as long as the schema admits."""
    kinds = dict.fromkeys(("zeros", "one_hot", "integers", "normal", "heavy", "large"), 7)
    ranges = [{"low": 20 * n, "high": 20 * n + 19, "cases": n + 1} for n in range(16)]
    tried = {
        "kinds": dict.fromkeys(("x", "gate", "up", "down", "router"), kinds),
        "dimensions": dict.fromkeys(("hidden", "experts", "k", "rows"), ranges),
    }
    record = stored.many(110)
    for contract in record["contracts"]:
        for line in contract["falsifiers"]:
            line["series"] = [{"case": n * 5 + 1, "error": 1.5**-n, "bound": 1.4**-n} for n in range(64)]
            line["tried"] = tried
    assert len(render(record, "r").encode()) < 700_000


def test_a_thousand_falsifiers_are_folded_and_bounded():
    page = PAGES.get("1000") or render(stored.many(1000), "r")
    assert page.count("<details open") <= 8
    assert page.count("<article") <= PLENTY.explained
    assert len(page.encode()) < 2_000_000
    assert len(re.findall(r'id="f-contract-\d-FALSIFY', page)) == 1000


@cache
def harmless_page():
    return stored.Structure(render(stored.hostile("x"), "r"))


@pytest.mark.parametrize("text", stored.HOSTILE.values(), ids=stored.HOSTILE)
def test_hostile_texts_change_nothing_but_text(text):
    shown = render(stored.hostile(text), "r")
    stored.harmless(shown)
    page, plain = stored.Structure(shown), harmless_page()
    assert page.tags == plain.tags
    assert [(tag, name) for tag, name, _ in page.attributes] == [(tag, name) for tag, name, _ in plain.attributes]
    assert [value for _, name, value in page.attributes if name in {"class", "id", "href", "style"}] == [
        value for _, name, value in plain.attributes if name in {"class", "id", "href", "style"}
    ]


def colours(block):
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", block))


def luminance(colour):
    """WCAG 2.2: relative luminance of sRGB."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark", "paper"])
def test_every_text_has_contrast(theme):
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    assert len(blocks) == 3
    palette = colours(blocks[["light", "dark", "paper"].index(theme)])
    texts, grounds = ("fg", "muted", "link", "bad", "doubt", "good"), ("bg", "panel", "mark")
    for text in texts:
        for ground in grounds:
            light, dark = sorted((luminance(palette[text]), luminance(palette[ground])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)
    light, dark = sorted((luminance(palette["a"]), luminance(palette["bg"])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3, "marks of plots"


def test_records_are_not_needed_beyond_what_the_schema_promises(validate):
    """What the pages above were made of fits the published schema."""
    for name in ("full", "faulty", "sound", "interrupted", "older", "nothing"):
        validate(json.loads(json.dumps(RECORDS[name]())))


def test_equations_of_one_name_in_two_contracts_are_two_causes():
    record = stored.second("faulty")
    (tiny,) = record["contracts"]
    tiny["falsifiers"] = [line for line in tiny["falsifiers"] if line["verdict"] == "falsified"][:1]
    other = json.loads(json.dumps(tiny).replace("tiny", "other"))
    other["falsifiers"][0]["fingerprint"] = "0" * 16
    record["contracts"].append(other)
    assert tiny["falsifiers"][0]["diverges"] == other["falsifiers"][0]["diverges"]
    text = render(record, "build/report")
    assert text.count("<details open>") == 2
    assert "tiny/" in text and "other/" in text


def test_a_sample_is_told_beside_the_number_of_elements():
    record = stored.second("sound")
    line = record["contracts"][0]["falsifiers"][0]
    assert "drawn anew in each case" not in render(record, "build/report")
    line["sampled"] = [{"of": "logits", "rows": 6, "all": 151936}]
    text = "6 of 151936 rows of <code>logits</code> judged, drawn anew in each case"
    assert text in render(record, "build/report")
