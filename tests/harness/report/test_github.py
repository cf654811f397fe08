import re

import pytest

from harness.report.github import MOST, command, render
from tests.harness.report import stored


def read_command(line):
    """As the runner reads it: the name, properties parted at commas, the text behind the second `::`; then escapes."""
    found = re.match(r"^::(?P<name>[a-z-]+)(?: (?P<properties>.*?))?::(?P<text>.*)$", line)
    assert found, line
    properties = {}
    for part in (found["properties"] or "").split(","):
        key, _, value = part.partition("=")
        properties[key] = unescaped(value, {"%3A": ":", "%2C": ","})
    return found["name"], properties, unescaped(found["text"], {})


def unescaped(text, more):
    """Escapes back to characters; `%25` last, else `%250A` would become a line break."""
    for escape, character in {**more, "%0D": "\r", "%0A": "\n"}.items():
        text = text.replace(escape, character)
    return text.replace("%25", "%")


@pytest.mark.parametrize("text", ["a:b,c=d", "50% of\r\n%0A %3A %25", "::error::x", "", "\t , :: ü \U0001f9ea", "%"])
def test_every_special_character_comes_back(text):
    name, properties, shown = read_command(command("error", text, file=text, title=f"t{text}"))
    assert (name, shown) == ("error", text)
    assert properties == {"file": text, "title": f"t{text}"}


def test_a_command_is_one_line_and_its_properties_end_where_they_should():
    line = command("error", "a\nb::c", file="x,line=7::y", line=3)
    assert line == "::error file=x%2Cline=7%3A%3Ay,line=3::a%0Ab::c"


def test_an_annotation_stands_at_the_claim():
    record = stored.second("faulty")
    commands = [read_command(line) for line in render(record).splitlines()]
    falsified = next(line for line in record["contracts"][0]["falsifiers"] if line["verdict"] == "falsified")
    (found,) = [part for part in commands if part[1]["title"] == f"falsified: {falsified['id']}"]
    name, properties, text = found
    assert name == "error"
    assert f"{properties['file']}:{properties['line']}:{properties['col']}" == falsified["place"]
    assert "expected" in text
    assert falsified["if_fails"] in text


def test_verdicts_keep_their_names_and_the_last_line_is_the_verdict_of_the_run():
    commands = [read_command(line) for line in render(stored.full()).splitlines()]
    titles = [properties["title"].split(":")[0] for _, properties, _ in commands]
    assert titles.count("falsified") == 3
    assert {"error", "vacuous", "undecided", "not run"} <= set(titles)
    levels = {properties["title"].split(":")[0]: name for name, properties, _ in commands}
    assert (levels["undecided"], levels["vacuous"], levels["error"]) == ("warning", "warning", "error")
    assert commands[-1][0] == "notice"
    assert commands[-1][2].startswith("ERROR: ")


def test_no_more_than_github_shows_and_the_rest_is_counted():
    record = stored.many(1000)
    names = [read_command(line)[0] for line in render(record).splitlines()]
    assert names.count("warning") == MOST
    assert names.count("error") <= MOST + 1  # and the claim without a contract
    bad = record["counts"]["falsified"] + 1  # errors of one reason are one
    assert f"{bad - MOST + 1} more like these" in render(record)


@pytest.mark.parametrize("text", stored.HOSTILE.values(), ids=stored.HOSTILE)
def test_hostile_texts_make_no_commands(text):
    shown = render(stored.hostile(text))
    shown.encode()
    assert not stored.UNSEEN.search(shown)
    commands = [read_command(line) for line in shown.splitlines()]
    plain = [read_command(line) for line in render(stored.hostile("x")).splitlines()]
    assert [(name, list(properties)) for name, properties, _ in commands] == [
        (name, list(properties)) for name, properties, _ in plain
    ]
