"""Errors of jsonschema as findings. The many single cases are in wrong/."""

import jsonschema

from harness.contract.complaint import findings_of
from harness.contract.spans import loads

SCHEMA = {"type": "string", "title": "a word", "pattern": "^[a-z]+$", "maxLength": 3}


def said(schema, text):
    node = loads(text, "c.yaml")
    errors = list(jsonschema.Draft202012Validator(schema).iter_errors(node.plain()))
    return [str(finding) for finding in findings_of(errors, node)]


def test_a_wrong_type_silences_what_follows_from_it():
    schema = {"type": "object", "title": "a pair", "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}
    assert said(schema, "7") == ["c.yaml:1:1: wrong type; expected a pair, got 7"]


def test_types_are_named_where_the_schema_gives_no_title():
    assert said({"type": ["integer", "boolean"]}, "x") == [
        "c.yaml:1:1: wrong type; expected an integer or true or false, got 'x'"
    ]


def test_several_errors_at_one_place():
    lines = said(SCHEMA, "WORDS")
    assert "c.yaml:1:1: wrong form; expected a word, got 'WORDS'" in lines
    assert "c.yaml:1:1: breaks the schema's 'maxLength'; expected a word, got 'WORDS'" in lines
