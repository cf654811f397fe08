"""Records that the views are tried on: stored ones of real runs, and what is made of them.

first/ holds records of schema 1 as they were written then; second/ records of schema 2: the tiny contract with a fault
planted (an error, falsified, vacuous, undecided, survived), and without.
"""

import copy
import json
import re
from html.parser import HTMLParser
from pathlib import Path

from harness.report.baseline import compared

HERE = Path(__file__).parent
SCHEMAS = HERE.parents[1] / "data" / "schemas"
HOSTILE = {
    "script": "</pre></code></td><script>alert(1)</script><img src=x onerror=alert(1)>",
    "end of CDATA": "]]>",
    "end of comment": "--> <!-- x -->",
    "quotes": "\" onload='alert(1)' x=\"",
    "control characters": "\x00\x07\x08\x0b\x7f\x9b31m",
    "colours": "\x1b[31mred\x1b[0m\x1b]8;;http://evil\x07",
    "line breaks": "a\r\n::error file=x::b\n##[error]c\r::stop-commands::d",
    "other line breaks": "a\u2028::error::b\u2029c\x85::error::d",
    "command": "::error::pwned",
    "percent": "100%0A%0D%25%3A",
    "separators": "a:b,c=d;e",
    "emoji": "\U0001f469\u200d\U0001f52c \U0001f9ea",
    "lone surrogate": "x\ud800y\udc00",
    "not a character": "\ufffe\uffff",
    "direction": "\u202egpj.exe\u2066",
    "Markdown": "**b** _i_ `c` | d ~~e~~ [x](javascript:alert(1)) ![i](http://evil/x.png) <http://evil>",
    "mentions": "@someone @org/team #12 GH-3 o/r#4 http://evil.org www.evil.org :smile: $x$",
    "blocks": "\n# head\n\n- item\n\n1. one\n\n```\ncode\n```\n\n> quote\n\n---\n\n| a | b |\n|---|---|\n| c | d |\n",
    "templates": "{{ 7 * 7 }} {% raw %} {0} ${x}",
    "links of SARIF": "[x](1) {0} {{1}}",
}
CLOSED = {  # texts of these keys are not free
    "schema", "verdict", "lifecycle", "status", "digest", "fingerprint", "seed", "data", "case", "worst_first", "id",
    "new", "known", "changed", "falsifier",
}  # fmt: skip


def first(name):
    """A record of schema 1 as it was written."""
    return json.loads((HERE / "first" / f"{name}.json").read_text(encoding="utf-8"))


def second(name):
    """A record of schema 2 as it was written."""
    return json.loads((HERE / "second" / f"{name}.json").read_text(encoding="utf-8"))


def full():
    """A record that uses every part of the schema, those included that other commands fill in."""
    made = copy.deepcopy(compared(second("faulty"), second("sound")))
    made["shard"] = {"index": 1, "of": 2, "falsifiers": 10}
    made["model"] = "model.gguf"
    made["provenance"]["model"] = {"path": "model.gguf", "bytes": 123456, "digest": "0" * 64}
    made["provenance"]["subject"] |= {"files": [{"path": "my/kernel.so", "digest": "1" * 64}], "count": 1}
    made["provenance"]["threads"] = {"OMP_NUM_THREADS": "1"}
    made["not_offered"] = ["other"]
    made["unknown_claims"] = ["tinny"]
    made["not_applicable"] = [{"contract": "tiny", "falsifier": "FALSIFY-TINY-099", "reason": "needs drawn weights"}]
    made["baseline"]["fixed"] = [made["baseline"]["gone"][0]] if made["baseline"]["gone"] else []
    for number, line in enumerate(made["contracts"][0]["falsifiers"]):
        faults = [f"FAULT-{part}" for part in range(number)]
        line["kills"] = {"count": number, "faults": faults, "of": 12}
        line["cover"] = [{"situation": "rows > 1", "least": 0.1, "seen": 3, "of": 20}]
        line["also_fails"] = {"count": 9, "shown": [{"contract": "tiny", "falsifier": "FALSIFY-TINY-001", "why": "so"}]}
        line["doubts"] = [{"doubt": "too near", "cases": 2}]
    return made


def hostile(text):
    """The same with `text` in every free text and in every free key."""
    return _with(full(), text)


def _with(data, text, key=""):
    if isinstance(data, str):
        return data if key in CLOSED else data + text
    if isinstance(data, list):
        return [_with(part, text, key) for part in data]
    if isinstance(data, dict):
        free = key in {"inputs", "dimensions", "kinds", "packages", "threads", "table"}
        return {name + text if free else name: _with(part, text, name) for name, part in data.items()}
    return data


def many(count):
    """A record of so many falsifiers, in ten contracts: the lines of the tiny contract again and again."""
    made = full()
    lines = made["contracts"][0]["falsifiers"]
    contracts = []
    for number in range(10):
        copies = []
        for index in range(count // 10):
            line = copy.deepcopy(lines[index % len(lines)])
            line["id"] = f"FALSIFY-C{number}-{index:03}"
            line["fingerprint"] = f"{number * 1000 + index:016x}"
            copies.append(line)
        contracts.append({**made["contracts"][0], "id": f"contract-{number}", "falsifiers": copies})
    made["contracts"] = contracts
    verdicts = [line["verdict"] for contract in contracts for line in contract["falsifiers"]]
    made["counts"] = {verdict: verdicts.count(verdict) for verdict in dict.fromkeys(verdicts)}
    return made


class Structure(HTMLParser):
    """What a browser makes of a page: its elements in order, their attributes, and its text."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.texts, self.open = [], [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        self.open.append(tag)

    def handle_endtag(self, tag):
        self.tags.append(f"/{tag}")
        while self.open and self.open.pop() != tag:
            pass

    def handle_comment(self, data):
        self.tags.append("comment")

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))

    @property
    def text(self):
        return "".join(data for _, data in self.texts)


UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
COMMAND = re.compile(r"^\s*::|##\[", re.MULTILINE)


def harmless(text):
    """UTF-8, nothing invisible that acts, and no line that a log's reader takes for a command."""
    text.encode()
    assert not UNSEEN.search(text)
    assert not COMMAND.search(text)
