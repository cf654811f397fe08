"""JUnit XML as the Jenkins xunit plugin accepts it: a suite per contract, a test case per falsifier.

Verdicts against are failures, what is not complete is an error, what was not tested is skipped; `type` keeps which.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Any

from harness.report.argument import argument
from harness.report.console import effort, replay_command
from harness.report.escaping import clean, defused_markup, one_line
from harness.report.headline import headline
from harness.report.moment import moment
from harness.report.ranking import Row
from harness.search.outcome import ERROR, NOT_RUN, SURVIVED

UNWRAPPED = 1_000_000  # columns
Record = Mapping[str, Any]


def render(record: Record, folder: str) -> str:
    """The document; `folder` is where the stored cases are."""
    record = clean(record)
    root = ET.Element("testsuites", name=f"contract-harness {record['subject']['name']}")
    for contract in record["contracts"]:
        _suite(root, record, contract, folder)
    if record["unknown_claims"]:
        suite = _counted_suite(root, "claims", record)
        for claim in record["unknown_claims"]:
            case = _case(suite, "claims", claim, 0.0)
            ET.SubElement(
                case, "error", type=NOT_RUN, message=f"the subject claims {claim!r}, which is not a contract here"
            )
    for suite in root:
        _count(suite)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", f"{record['run']['seconds']:.3f}")
    ET.indent(root, " ")
    text = defused_markup(ET.tostring(root, encoding="unicode"))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _suite(root: ET.Element, record: Record, contract: Record, folder: str) -> None:
    suite = _counted_suite(root, contract["id"], record, file=contract["path"], version=contract["version"])
    about = ET.SubElement(suite, "properties")
    for name, value in _properties(record, contract):
        ET.SubElement(about, "property", name=name, value=value)
    seconds = record["run"]["falsifier_seconds"]
    for line in contract["falsifiers"]:
        row = Row(contract, line)
        name = f"{row.id} {one_line(line['rule'])}"
        case = _case(suite, contract["id"], name, seconds.get(f"{contract['id']} {row.id}", 0.0))
        _verdict(case, row, record, folder)
    for part in record["not_applicable"]:
        if part["contract"] == contract["id"]:
            case = _case(suite, contract["id"], part["falsifier"], 0.0)
            ET.SubElement(case, "skipped", type="not applicable", message=one_line(part["reason"]))
    if contract["id"] in record["not_offered"]:
        case = _case(suite, contract["id"], "(every falsifier)", 0.0)
        told = f"not offered: {record['subject']['name']} does not claim {contract['id']}"
        ET.SubElement(case, "skipped", type="not offered", message=told)


def _properties(record: Record, contract: Record) -> list[tuple[str, str]]:
    return [
        ("subject", record["subject"]["name"]),
        ("contract digest", contract["digest"]),
        ("profile", record["profile"]),
        ("harness", record["provenance"]["harness"]["version"]),
        ("verdict of the run", headline(record)),
    ]


def _verdict(case: ET.Element, row: Row, record: Record, folder: str) -> None:
    """Nothing for a survivor but its denominator; else what went wrong, in full."""
    line = row.line
    if row.verdict != SURVIVED:
        kind = "error" if row.verdict in {ERROR, NOT_RUN} else "failure"
        found = ET.SubElement(case, kind, type=row.verdict, message=f"{row.verdict}: {one_line(line['reason'])}")
        told = [f"{line['place']}: {one_line(line['claim'])}"]
        if row.example is not None:
            told += [*argument(row.example, UNWRAPPED), f"  {one_line(line['if_fails'])}"]
            told.append(f"  replay: {replay_command(row.contract['id'], line, record, folder)}")
        found.text = "\n".join(told) + "\n"
    effort_told = effort(line) + (f", worst at {line['margin']:.3g} of its bound" if line["margin"] else "")
    ET.SubElement(case, "system-out").text = effort_told


def _counted_suite(root: ET.Element, name: str, record: Record, **more: str) -> ET.Element:
    started = moment(record["run"]["started"])
    when = {} if started is None else {"timestamp": started.strftime("%Y-%m-%dT%H:%M:%S")}
    return ET.SubElement(root, "testsuite", {"name": name, **when, **more})


def _case(suite: ET.Element, classname: str, name: str, seconds: float) -> ET.Element:
    return ET.SubElement(suite, "testcase", classname=classname, name=name, time=f"{seconds:.3f}")


def _count(suite: ET.Element) -> None:
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    for kind, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(case.find(kind) is not None for case in cases)))
    suite.set("time", f"{sum(float(case.get('time', '0')) for case in cases):.3f}")
