"""The laws of the gate: reflexive, independent of YAML spelling, and no step is larger than the steps it is made of."""

import copy
import json
import re
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from harness.contract.digest import digest_of
from harness.contract.read import contract_of
from harness.contract.spans import load, loads
from harness.findings import HandledError
from harness.gate.comparison import EvaluationResult
from harness.gate.diff import compare
from harness.gate.evaluation import program_of
from harness.gate.kinds import kind_of
from harness.gate.names.in_new_names import in_new_names
from tests.harness.gate.conftest import changes_of
from tests.harness.gate.pairs import BASES, PAIRS, patched

CONTRACTS = sorted((Path(__file__).parents[3] / "contracts").glob("*.yaml"))
SMALL, NAMES = BASES["best-scores"], BASES["names"]
ORDERED = {"equations", "returns", "columns"}  # cells of a table are in the order of its columns


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.stem)
def test_nothing_changed_since_itself(path, changes):
    assert changes(load(path), load(path)) == []


def respelled(value, key=""):
    """The same data with keys in another order, wherever order says nothing."""
    if isinstance(value, dict):
        names = list(value) if key in ORDERED else list(reversed(value))
        return {name: respelled(value[name], "" if key in ORDERED else name) for name in names}
    return [respelled(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("indent", [None, 2])
def test_spelling_of_yaml_is_no_change(path, indent, changes):
    """JSON is YAML in another spelling: all in quotes, in braces, without comments, keys the other way round."""
    old = load(path)
    new = loads(json.dumps(respelled(old.plain()), indent=indent), "c.yaml")
    assert digest_of(old) == digest_of(new)
    assert changes(old, new) == []


# --- an edit alone, and beside another ------------------------------------------------------------------------------
# Pairs of the same base whose old version is the base, each with what it touches and what the gate says of it alone.

# An equation of an input of another type or shape is another equation: these are never beside the point.
READ_BY_EQUATIONS = {"input-dtype-changed", "input-shape-changed"}


def touched(old, new):
    """Entries that differ; of a section whose entries came, went or changed places, the section as well."""
    found = set()
    for section in {*old, *new}:
        parts = [keyed(tree.get(section) or {}) for tree in (old, new)]
        found |= {(section, key) for key in {*parts[0], *parts[1]} if parts[0].get(key) != parts[1].get(key)}
        found |= {(section, "")} if list(parts[0]) != list(parts[1]) else set()
    return found


def keyed(section):
    if isinstance(section, dict):
        return section
    return {str(entry.get("id", place)): entry for place, entry in enumerate(section)}


@cache
def told(id):
    """What a pair touches, and the kinds and places of what the gate says of it."""
    pair = PAIRS[id]
    return touched(*(tree.plain() for tree in pair.trees)), kinds_told(changes_of(*pair.trees))


def kinds_told(changes):
    return {(change.kind, change.path) for change in changes}


def is_sound(tree):
    try:
        program_of(contract_of(tree), {"blocks": contract_of(PAIRS["fixtures/format-added"].trees[1])})
    except HandledError:
        return False
    return True


def beside(one, other):
    """Both edits of one base, if they are of different entries and can be made together; else None."""
    first, second = PAIRS[one], PAIRS[other]
    if one == other or first.base != second.base or told(one)[0] & told(other)[0]:
        return None
    if {kind for id in (one, other) for kind, _ in told(id)[1]} & READ_BY_EQUATIONS:
        return None
    try:
        new = loads(patched(patched(BASES[first.base], first.edit), second.edit), "new.yaml")
    except (AssertionError, HandledError):  # one took the place that the other is found by
        return None
    together = touched(first.trees[0].plain(), new.plain()) == told(one)[0] | told(other)[0]
    return new if together and is_sound(new) else None


ALONE = sorted(pair.id for pair in PAIRS.values() if not pair.before)


def compare_beside(one, other):
    new = beside(one, other)
    if new is None:
        reject()
    alone = told(one)[1] | told(other)[1]
    assert kinds_told(changes_of(PAIRS[one].trees[0], new)) == alone, f"{one} beside {other}"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(one=st.sampled_from(ALONE), other=st.sampled_from(ALONE))
def test_an_edit_alone_and_beside_an_unrelated_one_is_the_same(one, other):
    compare_beside(one, other)


@pytest.mark.series
@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(one=st.sampled_from(ALONE), other=st.sampled_from(ALONE))
def test_many_edits_alone_and_beside_unrelated_ones_are_the_same(one, other):
    compare_beside(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fixtures/where-widened", "fixtures/dimension-narrowed"),
        ("fixtures/given-widened", "fixtures/dimension-moved"),
        ("fixtures/rows-widened", "fixtures/table-row-changed"),
        ("fields/over", "fixtures/role-required"),
        ("fixtures/domain-narrowed", "pairs/poisoned-values-on-request"),
        ("fixtures/domain-respelled", "pairs/input-renamed-and-more-kinds"),
    ],
)
def test_what_a_falsifier_draws_is_not_mixed_with_what_the_contract_declares(one, other):
    assert beside(one, other) is not None
    compare_beside(one, other)


# --- the triangle law, exhaustively ---------------------------------------------------------------------------------
# A family is every combination of its edits; each edit is a list of alternatives for one text of the contract.

REFUSAL = "\nfaults:"
FAMILIES = {
    "domains": (SMALL, {
        "features: {min: 1, max: 8}": [
            "features: {min: 1, max: 8}", "features: {min: 2, max: 8}", "features: {values: [4, 8]}"],
        "k: {min: 1, max: rows}": ["k: {min: 1, max: rows}", "count: {min: 1, max: rows}", "k: {min: 1, max: 1}"],
        "values: [zeros, integers, normal]": ["values: [zeros, integers, normal]", "values: [normal]"],
    }),
    "rules": (SMALL, {
        "claim: close(add().total, total)": [
            "claim: close(add().total, total)", "claim: finite(add().total)",
            "claim: finite(add().total) and close(add().total, total)"],
        "total, 8)": ["total, 8)", "total, 4)", "total, 16)"],
        "FALSIFY-BEST-004": ["FALSIFY-BEST-004", "FALSIFY-BEST-TOTAL"],
    }),
    "cases": (SMALL, {
        "features: {max: 4}": ["features: {max: 4}", "features: {max: 5}", "features: {values: [2, 4]}", "features: 4"],
        "where: rows % 2 == 0": ["where: rows % 2 == 0", "where: rows > 1", "where: rows > 3"],
    }),
    "metadata": (SMALL, {
        "lifecycle: active": ["lifecycle: active", "lifecycle: draft", "lifecycle: deprecated"],
        "references: [an example]\n": ["references: [an example]\n"] + [
            f'references: [an example]\n  depends_on: {{blocks: "{wanted}"}}\n'
            for wanted in (">=1,<2", ">=1.2,<3", ">=1")],
    }),
    "arithmetic": (SMALL, {
        "\ndimensions:": ["\ndimensions:"] + [
            f"\narithmetic: {{exp_ulps: {ulps}, flush_to_zero: {flush}, division: {division}}}\n\ndimensions:"
            for ulps, flush, division in product((2, 4), ("true", "false"), ("exact", "reciprocal"))],
    }),
    "sums": (SMALL, {
        "\ndimensions:": ["\ndimensions:"] + [f"\narithmetic: {{{said}}}\n\ndimensions:" for said in (
            "accumulator: f16", "accumulator: bf16", "accumulator: f64", "products: exact", "operands: tf32",
            "blocks: 8", "blocks: 16, promoted: f64", "compute: f64", "overflow: saturate",
            "softmax: online", "exp: exp2, merge: lse", "probabilities: bf16", "probabilities: f16",
            "adder: {terms: 8, bits: 24, rounding: truncate}", "adder: {terms: 4, bits: 23, rounding: truncate}")],
    }),
    "functions": (SMALL, {
        "returns: {chosen: chosen, best: best}": [
            "returns: {chosen: chosen, best: best}", "returns: {best: best, chosen: chosen}",
            "returns: {chosen: chosen, share: best}", "returns: {chosen: chosen, best: best, scores: scores}",
            "returns: {best: best}"],
        "arguments: {x: x, weights: w, count: k}": [
            "arguments: {x: x, weights: w, count: k}", "arguments: {x: x, weights: w}",
            "arguments: {x: x, weights: w, top: k}"],
    }),
    "refusals": (SMALL, {
        "the rows of w have {features}": ["the rows of w have {features}", "expected {features}", "the rows of w have"],
        "error: InvalidShape": ["error: InvalidShape", "error: ShapeError"],
        REFUSAL: [REFUSAL, "  - {subject: rank, error: InvalidCount, message: count}\n" + REFUSAL,
                  "  - {subject: rank, when: rows > 5, error: InvalidCount, message: count}\n" + REFUSAL],
    }),
    "assurance": (SMALL, {
        "story: the smallest were chosen": ["story: the smallest were chosen", "story: the worst were chosen"],
        "FAULT-BEST-001": ["FAULT-BEST-001", "FAULT-BEST-SMALLEST"],
        "    if_fails: A score is left out.\n": ["    if_fails: A score is left out.\n"] + [
            f"    if_fails: A score is left out.\n    cover: [{{situation: one row, when: {when}, least: {least}}}]\n"
            for when, least in product(("rows == 1", "rows < 2"), (0.1, 0.2))],
    }),
    "tables": (NAMES, {
        "      - [qwen2, qwen]\n": ["      - [qwen2, qwen]\n", "      - [qwen2, llama]\n", ""],
        "[llama, qwen]]": ["[llama, qwen]]", "[qwen]]", "[]]"],
        "[model.embed.weight, embed.weight]": ["[model.embed.weight, embed.weight]", "[embed.weight]",
                                               "[embed.weight, model.embed.weight]"],
    }),
    "stages": (NAMES, {
        "      - [scaled, \"[hidden]\", false]\n": ["      - [scaled, \"[hidden]\", false]\n", "",
                                                   "      - [scaled, \"[hidden]\", true]\n"],
        "[normed, ": ["[normed, ", "[normalised, "],
        "      - [embedded, \"[hidden]\", true]\n": ["      - [embedded, \"[hidden]\", true]\n",
                                                     "      - [embedded, \"[vocab]\", true]\n"],
    }),
}  # fmt: skip


def members(name):
    text, edits = FAMILIES[name]
    found = []
    for choice in product(*edits.values()):
        variant = text
        for old, new in zip(edits, choice, strict=True):
            assert old in variant
            variant = variant.replace(old, new)
        if "count: {min" in variant:  # a dimension under another name, throughout
            variant = variant.replace("probs, k)", "probs, count)").replace("count: k}", "count: count}")
        found.append(loads(variant, "c.yaml"))
    return found


@pytest.mark.parametrize("name", FAMILIES)
def test_no_step_is_larger_than_the_steps_it_is_made_of(name, changes, bump):
    """Every triple of a closed family of contracts."""
    family = members(name)
    assert len(family) >= 7
    steps = [[bump(changes(old, new)) for new in family] for old in family]
    for a, b, c in product(range(len(family)), repeat=3):
        assert steps[a][c] <= max(steps[a][b], steps[b][c]), (a, b, c)
    assert all(steps[a][a] == 0 for a in range(len(family)))
    assert len({level for row in steps for level in row}) >= 3, "a family in which every step is alike shows nothing"


# --- the triangle law, on real contracts ----------------------------------------------------------------------------


class NothingIsEvaluated:
    """These edits are decided by what is written; who asks for an evaluation fails the test."""

    def equation(self, name):
        raise AssertionError(name)

    claim = domain = dimension = equation

    def refusal(self, subject, old, new):
        raise AssertionError(subject)

    def result_format(self, subject, field):
        """No edit here gives a result another number format."""
        return EvaluationResult("same", "")


def step(old, new):
    trees = [loads(json.dumps(plain), "c.yaml") for plain in (old, new)]
    old, renames = in_new_names(*trees)
    found = compare(old, trees[1], renames, NothingIsEvaluated())
    assert "unrecognised-change" not in {change.kind for change in found}
    return max((kind_of(change).level for change in found), default=0)


def removed(section):
    def edit(plain, number):
        entries = plain.get(section)
        if entries:
            entries.pop(number % len(entries) if isinstance(entries, list) else list(entries)[number % len(entries)])

    return edit


def remove_dimension(plain, number):
    """None that another one is drawn from: without it, the rest would have no meaning, and the loader refuses it."""
    dimensions = plain.get("dimensions") or {}
    ends = " ".join(str(part.get(key, "")) for part in dimensions.values() for key in ("min", "max"))
    free = [name for name in dimensions if name not in re.findall(r"\w+", ends)]
    if free:
        del dimensions[free[number % len(free)]]


def of_each(section, change):
    def edit(plain, number):
        entries = plain.get(section) or {}
        parts = list(entries.values()) if isinstance(entries, dict) else entries
        if parts:
            change(parts[number % len(parts)], number)

    return edit


def put(key, *choices):
    return lambda part, number: part.__setitem__(key, choices[number % len(choices)])


def renamed(part, number):
    part["id"] += "-X"


def swap(section):
    def edit(plain, number):
        entries = plain.get(section) or []
        if isinstance(entries, list) and len(entries) > 1:
            at = number % (len(entries) - 1)
            entries[at], entries[at + 1] = entries[at + 1], entries[at]

    return edit


def turn_returns(part, number):
    names = list(part["returns"].items())
    at = number % len(names)
    part["returns"] = dict(names[at:] + names[:at])


def rows(part, number):
    at = number % len(part["rows"])
    if number % 3 == 0:
        part["rows"].pop(at)
    elif number % 3 == 1:
        part["rows"] = part["rows"][at:] + part["rows"][:at]
    else:
        for column, cell in enumerate(part["rows"][at]):
            if isinstance(cell, str):
                part["rows"][at][column] = cell + "x"


def narrow(part, number):
    for key, by in (("min", 1), ("max", -1)):
        if isinstance(part.get(key), int):
            part[key] += by * (number % 3 - 1)


EDITS = [
    removed("falsification_tests"), removed("proof_obligations"), removed("faults"), removed("refuses"),
    removed("tables"), removed("subjects"), removed("inputs"), remove_dimension, removed("equations"),
    swap("falsification_tests"), swap("proof_obligations"), swap("faults"), swap("refuses"),
    of_each("falsification_tests", put("rule", "one", "two")), of_each("falsification_tests", renamed),
    of_each("falsification_tests", put("undecided", {"max": 0.1, "reason": "a"}, {"max": 0.4, "reason": "b"})),
    of_each("refuses", put("error", "Wrong", "InvalidShape")),
    of_each("refuses", put("message", "one", "one two", "three")),
    of_each("inputs", put("note", "one", "two")),
    of_each("inputs", put("values", ["zeros"], ["normal"], ["zeros", "normal"])),
    of_each("dimensions", narrow), of_each("subjects", turn_returns), of_each("tables", rows),
    lambda plain, number: plain["metadata"].__setitem__("lifecycle", ["draft", "active", "deprecated"][number % 3]),
    lambda plain, number: plain["metadata"].__setitem__("title", f"title {number % 2}"),
    lambda plain, number: plain.__setitem__("arithmetic", {"exp_ulps": 1 + number % 4}),
    lambda plain, number: plain["metadata"].__setitem__("depends_on", {"other": f">={number % 3},<{3 + number % 2}"}),
]  # fmt: skip
SCRIPT = st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 40)), min_size=1, max_size=3)


@cache
def plain_of(path):
    return load(path).plain()


HEALTH = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.stem)
@settings(max_examples=8, deadline=None, suppress_health_check=HEALTH)
@given(first=SCRIPT, second=SCRIPT)
def test_no_step_is_larger_on_real_contracts(path, first, second):
    compare_steps(path, first, second)


@pytest.mark.series
@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.stem)
@settings(max_examples=100, deadline=None, suppress_health_check=HEALTH)
@given(first=SCRIPT, second=SCRIPT)
def test_no_step_of_many_is_larger_on_real_contracts(path, first, second):
    compare_steps(path, first, second)


def compare_steps(path, first, second):
    contracts = [copy.deepcopy(plain_of(path))]
    for script in (first, second):
        after = copy.deepcopy(contracts[-1])
        for edit, number in script:
            edit(after, number)
        contracts.append(after)
    a, b, c = contracts
    assert step(a, c) <= max(step(a, b), step(b, c))
