"""The rules: what is claimed, for which cases, and how much may stay open."""

from __future__ import annotations

from harness.contract.access import entries, tuple_of
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, added, common, entries_by_id, same, same_data
from harness.gate.diff.claimed import claim_of, rules_that_claim, single_parts
from harness.gate.diff.claims import compare_claims
from harness.gate.diff.covered_cases import open_share
from harness.gate.diff.obligations import report_order
from harness.gate.diff.sized_cases import with_sizes
from harness.gate.integers import equal_everywhere
from harness.gate.meaning.canonical import canonical_form
from harness.gate.names.difference import spelled_alike
from harness.gate.names.rewriting import loop_renamed
from harness.gate.spelling import alike, parsed, scalar_text

_DOMAIN = {"given": "given", "where": "where", "for_each": "rows", "over": "rows"}
_CHANGED = {"narrowed": "narrowed", "widened": "widened", "incomparable": "moved", "same": "respelled",
            "respelled": "respelled", "undecidable": "undecided"}  # fmt: skip


def compare_falsifiers(c: ContractComparison) -> None:
    """Falsifiers gone and new, and what changed about the others."""
    old, new = entries_by_id(c.old, "falsification_tests"), entries_by_id(c.new, "falsification_tests")
    path = "falsification_tests"
    for name in added(new, old):
        c.say("falsifier-removed", f"{path}.{name}", old[name], None, was=entries(old[name])["claim"])
    for name in added(old, new):
        c.say(_added_kind(c, new[name]), f"{path}.{name}", None, new[name], now=entries(new[name])["claim"])
    for name in common(old, new):
        if not same(old[name], new[name]):
            _compare_falsifier(c, f"{path}.{name}", name, old[name], new[name])
    report_order(c, path, old, new)


def _added_kind(c: ContractComparison, rule: YamlNode) -> str:
    """Whether a new rule claims anything that the old rules did not claim of its cases."""
    parts = single_parts(claim_of(rule))
    known = parts and all(any(True for _ in rules_that_claim(c.old, part, rule)) for part in parts)
    return "falsifier-split-off" if known else "falsifier-added"


def _compare_falsifier(c: ContractComparison, path: str, name: str, old: YamlNode, new: YamlNode) -> None:
    with_names = loop_renamed(old, new, entries(c.new, "subjects"))
    if with_names is not old:
        c.say("rows-respelled", f"{path}.for_each", entries(old)["for_each"], entries(new)["for_each"])
        old = spelled_alike(with_names, new)
    compare_claims(c, f"{path}.claim", name, old, new)
    _domain(c, path, name, old, new)
    _discharges(c, f"{path}.discharges", old, new)
    _undecided(c, f"{path}.undecided", old, new)
    _cover(c, f"{path}.cover", old, new)
    c.prose(path, old, new, "rule", "if_fails", "origin")


def _domain(c: ContractComparison, path: str, name: str, old: YamlNode, new: YamlNode) -> None:
    """The cases that a falsifier admits: by containment, whatever of it was edited."""
    equal = {key: same_data if key == "for_each" else same for key in _DOMAIN}
    edited = [key for key, alike_ in equal.items() if not alike_(entries(old).get(key), entries(new).get(key))]
    if not edited:
        return
    if edited == ["where"] and alike(entries(old).get("where"), entries(new).get("where")):
        c.say("where-respelled", f"{path}.where", entries(old).get("where"), entries(new).get("where"))
        return
    found = with_sizes(c.old, old, new, c.evaluation.domain(name))
    stems = {_DOMAIN[key] for key in edited}
    stem, key = (stems.pop(), f".{edited[0]}") if len(stems) == 1 else ("domain", "")
    nodes = [entries(tree).get(edited[0]) if key else tree for tree in (old, new)]
    values = [{part: entries(tree).get(part) for part in edited if part in entries(tree)} for tree in (old, new)]
    c.say(f"{stem}-{_CHANGED[found.relation]}", path + key, nodes[0], nodes[1], was=_only(values[0]),
          now=_only(values[1]), shown=found)  # fmt: skip


def _only(values: dict[str, YamlNode | None]) -> object:
    """One value for itself, several by name."""
    return next(iter(values.values())) if len(values) == 1 else values or ""


def _discharges(c: ContractComparison, path: str, old: YamlNode, new: YamlNode) -> None:
    was, now = tuple_of(old, "discharges"), tuple_of(new, "discharges")
    nodes = entries(old)["discharges"], entries(new)["discharges"]
    gone, come = [id for id in was if id not in now], [id for id in now if id not in was]
    if gone:
        c.say("discharge-removed", path, *nodes, was=gone, now="")
    if come:
        c.say("discharge-added", path, *nodes, was="", now=come)
    if not gone and not come and was != now:
        c.say("list-reordered", path, *nodes)


def _undecided(c: ContractComparison, path: str, old: YamlNode, new: YamlNode) -> None:
    before, after = entries(old).get("undecided"), entries(new).get("undecided")
    was, now = open_share(old), open_share(new)
    if was != now:
        c.say("undecided-raised" if now > was else "undecided-lowered", path, before, after, was=was, now=now)
    elif not same(before, after):
        c.say("prose-changed", path, before, after)


def _number(node: YamlNode) -> float:
    assert isinstance(node.value, int | float)
    return float(node.value)


def _commuted(old: YamlNode, new: YamlNode) -> bool:
    """Whether two conditions differ by the order of their parts alone."""
    trees = parsed(scalar_text(old)), parsed(scalar_text(new))
    return trees[0] is not None and trees[1] is not None and canonical_form(trees[0]) == canonical_form(trees[1])


def _named_as_now(
    c: ContractComparison, path: str, old: dict[str, YamlNode], new: dict[str, YamlNode]
) -> dict[str, YamlNode]:
    """Situations under the words that the new version has for them: the condition is what has to occur."""
    said: dict[str, str] = {}
    for name in added(new, old):
        for other in added(old, new):
            if other not in said.values() and alike(entries(old[name])["when"], entries(new[other])["when"]):
                said[name] = other
                nodes = entries(old[name])["situation"], entries(new[other])["situation"]
                c.say("cover-respelled", f"{path}.{other}.situation", *nodes)
                break
    return {said.get(name, name): situation for name, situation in old.items()}


def _cover(c: ContractComparison, path: str, old: YamlNode, new: YamlNode) -> None:
    """Situations that must occur among the cases, each with its least share."""
    before, after = entries_by_id(old, "cover", "situation"), entries_by_id(new, "cover", "situation")
    before = _named_as_now(c, path, before, after)
    for name in added(after, before):
        c.say("cover-removed", f"{path}.{name}", before[name], None)
    for name in added(before, after):
        c.say("cover-added", f"{path}.{name}", None, after[name])
    for name in common(before, after):
        was, now = entries(before[name]), entries(after[name])
        if not c.expression("cover-respelled", f"{path}.{name}.when", was["when"], now["when"]):
            same_cases = _commuted(was["when"], now["when"]) or equal_everywhere(c.old, was["when"], now["when"])
            kind = "cover-respelled" if same_cases else "cover-situation-changed"
            c.say(kind, f"{path}.{name}.when", was["when"], now["when"])
        least = _number(was["least"]), _number(now["least"])
        if least[0] != least[1]:
            kind = "cover-raised" if least[1] > least[0] else "cover-lowered"
            c.say(kind, f"{path}.{name}.least", was["least"], now["least"])
    report_order(c, path, before, after)
