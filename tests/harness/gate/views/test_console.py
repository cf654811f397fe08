"""The report for people, as it is printed."""

from harness.gate.views import VIEWS
from harness.gate.views.console import console

EXPECTED = """\
moe-router 1.0.0 -> 1.0.1: needs major, raised by patch; breaks readers and
  implementers; stopped
  note: a note
  contracts/moe-router-v1.yaml:4:12: 1.0.0 -> 1.0.1, and the changes need major
    [version-too-small]
    to do: declare 2.0.0
    key: moe-router:version-too-small:1.0.1
  since release 1.0.0, version 1.0.0:
    major  equation-meaning-changed: breaks readers and implementers
           contracts/moe-router-v1.yaml:16:3
           was released/moe-router/1.0.0.yaml:15:3
           equations.weights: another function: a -> b
           another value (200 cases)
           hidden = 1: 0.5, was 1
           Readers: The same input has another result.
           Implementers: Compute the new function.
           to do: Keep it.
           key: moe-router@1.0.0:equation-meaning-changed:equations.weights:0a1b2c3d
    major  dimension-narrowed: breaks readers
           contracts/moe-router-v1.yaml:16:3
           was released/moe-router/1.0.0.yaml:15:3
           dimensions.k: another function: a -> b
           waived until 2027-06-30: agreed
    minor  fault-removed: breaks nobody [assurance lowered]
           removed from released/moe-router/1.0.0.yaml:15:3
           faults.FAULT-1: gone: 50 % | more
    patch  prose-changed: breaks nobody
           contracts/moe-router-v1.yaml:16:3
           was released/moe-router/1.0.0.yaml:15:3
           metadata.title: text: long long long long long long long long long
             long long long long long long long long long long long long long
             long [...] long long long long long long long long long long long
             long long long long long long long long long long long long long
  since main, version 1.0.0: 1 minor; breaks nobody
    minor  fault-removed  faults.FAULT-1
draft 1.0.1: not released
unchanged: 1 (names)
contracts/waivers/gate.yaml:3:5: waives x, which is no finding [waiver-unused]
  to do: declare 2.0.0
  key: names:waiver-unused:x
waived until 2027-06-30: names:waiver-unused:x (agreed)
STOPPED  contracts: 3, unchanged: 1, stopped: 1, findings: 2. Declare the
  versions named above, undo the changes, or waive findings by their keys."""


def test_console(record):
    assert "\n".join(console(record)) == EXPECTED
    assert all(len(line) <= 80 for line in console(record) if "key: " not in line)


def test_nothing_to_say():
    record = {"contracts": [], "problems": [], "waived": [], "unreadable": []}
    assert console(record) == ["PASSED  contracts: 0, unchanged: 0, stopped: 0, findings: 0."]


def test_every_format_is_a_view_of_the_record(record):
    assert VIEWS.keys() == {"text", "json", "github", "markdown"}
    assert all(view(record) for view in VIEWS.values())


def test_what_could_not_be_read(incomplete):
    lines = console(incomplete)
    assert lines[0] == "contracts/names-v1.yaml:3:1: not a version; expected x.y.z, got '*'; mend it"
    assert lines[1:3] == ["  [could not be read]", "--against x: no such ref [could not be read]"]
    assert lines[-2].startswith("INCOMPLETE  contracts: 3,") and "read: 2." in lines[-1]
