"""`pytest contracts/`: every falsifier as a test item, with the contract's ids.

Only contracts are collected, by their name (`<id>-v<major>.yaml`) and their sections, from folders called `contracts`
and from paths given by name; other people's tests and YAML files are left alone, and so are frozen copies
(`released/`). Heavy parts are imported when an item runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from harness.configuration import configuration, subject_of
from harness.findings import HandledError
from harness.run.profiles import PROFILES

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*-v\d+\.yaml")
SECTIONS = re.compile(
    r"^(proof_obligations|falsification_tests)\s*:", re.MULTILINE
)  # `metadata` alone has Kubernetes too
LARGEST = 1 << 20


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of this plugin."""
    group = parser.getgroup("contracts", "contracts of inference kernels")
    group.addoption("--contract-subject", metavar="MODULE",
                    help="implementation to run contracts against (default: that of [tool.harness])")  # fmt: skip
    group.addoption("--contract-cases", type=int, metavar="N",
                    help="cases per falsifier (default: those of the profile of [tool.harness])")  # fmt: skip


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A contract in a folder `contracts`, or one that was asked for by path; None for every other file."""
    if not NAME.fullmatch(file_path.name) or not _has_sections(file_path):
        return None
    asked = {Path(argument.partition("::")[0]).resolve() for argument in parent.config.args}
    if file_path.parent.name != "contracts" and not asked & {file_path.resolve(), file_path.parent.resolve()}:
        return None
    return ContractFile.from_parent(parent, path=file_path)


def _has_sections(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return SECTIONS.search(file.read(LARGEST)) is not None
    except OSError:
        return False


class ContractFile(pytest.File):
    """One contract."""

    def collect(self) -> Iterator[pytest.Item]:
        from harness.program.collection import load
        from harness.run.plan import Order

        try:
            configured = configuration()
            subject = subject_of(self.config.getoption("--contract-subject"), configured, "--contract-subject")
            cases = self.config.getoption("--contract-cases") or PROFILES[configured.profile]
            self.order = Order((str(self.path),), subject, cases)
            (self.program,) = load(self.order.contracts)
        except HandledError as error:
            raise self.CollectError(str(error)) from None
        for falsifier in self.program.falsifiers:
            source = falsifier.source
            yield FalsifierItem.from_parent(self, name=source.id, rule=source.rule, contract=self.program.id)

    @cache  # noqa: B019 - one per file, as long as the session
    def teeth(self) -> dict[str, Any]:
        """What the kill record beside this contract says."""
        from harness.teeth.verdict import teeth_of

        return teeth_of(self.program)


class Unsurvived(Exception):
    """A verdict other than survived; the text is what a reader of the failure needs."""


class FalsifierItem(pytest.Item):
    """One falsifier, run as a Hypothesis property test."""

    def __init__(self, *, rule: str, contract: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rule, self.contract = rule, contract
        self.extra_keyword_matches.update((rule, contract))
        self.user_properties.append(("rule", rule))

    def runtest(self) -> None:
        from harness.run.plan import lacking
        from harness.run.work import run_one, survey
        from harness.search.outcome import SURVIVED
        from harness.subjects.declines import declined, lacked
        from harness.subjects.interrupt import user_interrupts
        from harness.teeth.verdict import earned

        assert isinstance(self.parent, ContractFile)
        order = self.parent.order
        with user_interrupts():
            offer = survey(order)
            if offer.claims is not None and self.contract not in offer.claims:
                pytest.skip(f"{order.subject} does not claim {self.contract}")
            program = self.parent.program
            falsifier = next(part for part in program.falsifiers if part.source.id == self.name)
            refused = declined(offer.declines, program, falsifier)
            if refused is not None:
                pytest.skip(f"{order.subject} declines {refused[0]} of {self.contract}: {refused[1]}")
            missing = lacked(offer.declines, program, falsifier, offer.missing[self.contract])
            lost = lacking(order, self.contract, self.name, missing) if missing else None
            outcome = earned(lost or run_one(order, self.contract, self.name), self.parent.teeth())
        self.user_properties += [("verdict", outcome.verdict), ("cases", outcome.tally.cases)]
        if outcome.kills is not None:
            self.user_properties.append(("kills", outcome.kills["count"]))
        if outcome.verdict != SURVIVED:
            raise Unsurvived("\n".join(_told(self.rule, outcome)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, Unsurvived | HandledError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self.name}: {self.rule}"


def _told(rule: str, outcome: Any) -> Iterator[str]:
    from harness.report.argument import argument

    yield f"{outcome.verdict}: {rule}"
    yield outcome.reason
    if outcome.counterexample is not None:
        yield f"  {outcome.counterexample['place']}: {' '.join(outcome.counterexample['claim'].split())}"
        yield from argument(outcome.counterexample)
