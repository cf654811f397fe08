"""What to do about the YAML syntax errors that people really make in contracts."""

from __future__ import annotations

_HINTS = (
    ("mapping values are not allowed", "quote text that contains ': ', and check the indentation"),
    ("cannot start any token", "quote text that begins with one of ` @ %"),
    ("did not find expected ',' or ']'", "close the list with ']', or quote text that contains brackets"),
    ("did not find expected ',' or '}'", "close the mapping with '}', or quote text that contains braces"),
    ("did not find expected key", "check the indentation; nothing may follow a closing quote or bracket"),
    ("did not find expected '-' indicator", "check the indentation; every item of a list begins with '- '"),
    ("quoted scalar", "close the quotes; within single quotes write '' for one, within double quotes \\\" "),
    ("could not find expected ':'", "a key needs ': ' after it; check the indentation"),
    ("anchor", "quote text that begins with & or *"),
    ("alias", "quote text that begins with & or *"),
    ("tag", "quote text that begins with !"),
    ("directive", "quote text that begins with %"),
    ("block scalar", "after | or > the text starts on the next line, indented"),
)


def hint_for(problem: str) -> str:
    """A hint for libyaml's complaint; empty where there is none to give."""
    return next((hint.strip() for part, hint in _HINTS if part in problem), "")
