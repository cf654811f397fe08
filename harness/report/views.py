"""Every form in which a record is shown, by name; each is loaded when it is asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# What acts without being seen, and JSON leaves as it is: controls, line breaks and directions of Unicode.
UNSEEN = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]")


@dataclass(frozen=True)
class View:
    """A form: the file that it makes, and for whom it is."""

    file: str
    purpose: str


VIEWS = {
    "console": View("report.txt", "text for a terminal"),
    "html": View("report.html", "one file for a browser: plots, details, no network"),
    "markdown": View("report.md", "for a pull request, under 60,000 characters"),
    "junit": View("junit.xml", "for CI servers that count tests"),
    "sarif": View("report.sarif", "for code scanning"),
    "github": View("annotations.txt", "workflow commands of GitHub Actions; print them"),
    "json": View("report.json", "the record itself"),
}


def show(name: str, record: Mapping[str, Any], folder: str, width: int) -> str:
    """The record in one form. `folder`: where the record and the stored cases are; `width`: columns, of the console."""
    match name:
        case "html":
            from harness.report.html import page

            return page.render(record, folder)
        case "markdown":
            from harness.report import markdown

            return markdown.render(record, folder)
        case "junit":
            from harness.report import junit

            return junit.render(record, folder)
        case "sarif":
            from harness.report import sarif

            return sarif.render(record, folder)
        case "github":
            from harness.report import github

            return github.render(record)
        case "json":
            return as_json(record)
    return as_text(record, folder, width)


def as_text(record: Mapping[str, Any], folder: str, width: int) -> str:
    """As `harness run` prints it, without colours."""
    import click

    from harness.report.console import render
    from harness.report.escaping import defused

    return "\n".join(defused(click.unstyle(line)) for line in render(record, folder, width)) + "\n"


def as_json(record: Mapping[str, Any]) -> str:
    """As `harness run` stores it."""
    from harness.report.escaping import encodable

    text = json.dumps(encodable(record), indent=1, ensure_ascii=False, allow_nan=False)
    # The same to a reader of JSON; nothing to a terminal, and no command to a log's reader.
    return UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text).replace("##[", "\\u0023#[") + "\n"
