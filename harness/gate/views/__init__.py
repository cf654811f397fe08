"""Views of one record: text for people, JSON, GitHub's annotations, Markdown. They decide nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from harness.gate.views.console import console
from harness.gate.views.github import github
from harness.gate.views.markdown import markdown

Renderer = Callable[[Mapping[str, Any]], list[str]]


def json_lines(record: Mapping[str, Any]) -> list[str]:
    """The record itself."""
    return json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False).splitlines()


VIEWS: Mapping[str, Renderer] = {"text": console, "json": json_lines, "github": github, "markdown": markdown}
