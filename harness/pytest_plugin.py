"""`pytest contracts/`: every falsifier as a test item, with the contract's ids.

Only files that are contracts by their name (`<id>-v<major>.yaml`) and by their first keys are collected; other people's
tests and YAML files are left alone. The heavy parts are imported when an item runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

NAME = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*-v\d+\.yaml$")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contracts", "contracts of inference kernels")
    group.addoption("--contract-subject", default="impl.subjects", help="implementation to run contracts against")
    group.addoption("--contract-cases", type=int, default=200, help="cases per falsifier")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if not NAME.match(file_path.name) or file_path.parent.name in ("released", "wrong", "unsound"):
        return None
    with file_path.open(encoding="utf-8", errors="replace") as file:
        head = file.read(4096)
    if re.search(r"^metadata:", head, re.MULTILINE) is None:
        return None
    return ContractFile.from_parent(parent, path=file_path)  # type: ignore[no-any-return]


class ContractFile(pytest.File):
    """One contract."""

    def collect(self) -> Iterable[pytest.Item]:
        from harness.contract.collection import load

        (program,) = load((str(self.path),))
        for falsifier in program.falsifiers:
            yield FalsifierItem.from_parent(self, name=falsifier.source.id, rule=falsifier.source.rule, contract=program.id)


class Unsurvived(Exception):
    """A verdict other than survived."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))


class FalsifierItem(pytest.Item):
    """One falsifier, run as a Hypothesis property test."""

    def __init__(self, *, rule: str, contract: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rule, self.contract = rule, contract
        self.user_properties.append(("rule", rule))

    def runtest(self) -> None:
        from harness.report.console import argument
        from harness.search.outcome import SURVIVED
        from harness.search.run import Order, run_one
        from harness.search.subject import load_subject

        name = self.config.getoption("--contract-subject")
        claims = load_subject(name).claims()
        if claims is not None and self.contract not in claims:
            pytest.skip(f"{name} does not claim {self.contract}")
        order = Order((str(self.path),), name, self.config.getoption("--contract-cases"))
        outcome = run_one(order, self.contract, self.name)
        self.user_properties.append(("cases", outcome.tally.cases))
        if outcome.verdict != SURVIVED:
            lines = [f"{outcome.verdict}: {self.rule}", outcome.reason]
            if outcome.counterexample is not None:
                lines += argument(outcome.counterexample)
            raise Unsurvived(lines)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, Unsurvived):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self.name}: {self.rule}"
