"""What a project says of itself in pyproject.toml, in the table [tool.harness].

The file is looked for as pytest and ruff look for theirs: in the working directory, then in each folder above it; the
first that has the table counts. Options on the command line win over what it says.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from harness.findings import HandledError, nearest
from harness.printable import printable
from harness.run.profiles import DEFAULT, PROFILES

FILE = "pyproject.toml"
LARGEST = 1 << 20  # bytes of the file


@dataclass(frozen=True)
class Configuration:
    """The settings of a project. Paths are as seen from the working directory.

    subject      module or `reference`; "": none is named
    contracts    files and folders; (): none are named
    profile      one of harness.run.profiles.PROFILES
    report       folder for the report of a run
    """

    subject: str = ""
    contracts: tuple[str, ...] = ()
    profile: str = DEFAULT
    report: str = "build/report"


def configuration(start: Path | None = None) -> Configuration:
    """What applies in a folder (None: the working directory); the defaults where no file has the table.

    Raises HandledError, one line per mistake, for a file that cannot be read, is not TOML, or has keys or values that
    are none.
    """
    here = start or Path.cwd()
    for folder in (here, *here.parents):
        file = folder / FILE
        table = _table(file, _shown(file)) if os.path.isfile(file) else None  # noqa: PTH113 - False where it may not look
        if table is not None:
            return _settings(table, folder, _shown(file))
    return Configuration()


def subject_of(given: str | None, configured: Configuration, option: str = "--subject") -> str:
    """The subject that was given as an option, else the configured one; HandledError where there is neither."""
    subject = given or configured.subject
    if not subject:
        raise HandledError(
            f'no subject is named: give {option} MODULE, or write `subject = "MODULE"` into [tool.harness] of {FILE}; '
            "the subject `reference` is the contracts' own equations in float32"
        )
    return subject


def _shown(file: Path) -> str:
    """The name of the file as seen from the working directory."""
    return os.path.relpath(file)


def _table(file: Path, name: str) -> Mapping[str, Any] | None:
    """The table [tool.harness] of a file; None where it has none."""
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise HandledError(f"{name}: too large: expected at most {LARGEST} bytes")
        tool = tomllib.loads(data.decode("utf-8")).get("tool", {})
    except OSError as error:
        raise HandledError(f"{name}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise HandledError(f"{name}: not TOML: byte {error.start} is not UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise HandledError(f"{name}: not TOML: {printable(str(error), 120)}") from None
    table = tool.get("harness") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise HandledError(f"{name}: [tool.harness]: expected a table, got {_got(table)}")
    return table


def _settings(table: Mapping[str, Any], folder: Path, name: str) -> Configuration:
    """The settings that a table has; HandledError with a line for everything that is wrong with it."""
    read: dict[str, Callable[[Any, Path], Any]] = {
        "subject": _subject, "contracts": _contracts, "profile": _profile, "report": _report,
    }  # fmt: skip
    assert read.keys() == {field.name for field in fields(Configuration)}
    settings: dict[str, Any] = {}
    wrong = []
    for key, value in table.items():
        if key not in read:
            wrong.append(f"{name}: [tool.harness] has no key {printable(key, 80)!r}; {nearest(key, read)}")
            continue
        try:
            settings[key] = read[key](value, folder)
        except HandledError as error:
            wrong.append(f"{name}: [tool.harness] {key}: {error}, got {_got(value)}")
    if wrong:
        raise HandledError("\n".join(wrong))
    return replace(Configuration(), **settings)


def _subject(value: Any, folder: Path) -> str:
    del folder
    if not isinstance(value, str) or not value:
        raise HandledError('expected the name of a module, such as "my_kernels.subjects"')
    return value


def _contracts(value: Any, folder: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(map(_is_path, value)):
        raise HandledError('expected a list of files and folders, such as ["contracts"]')
    return tuple(_seen(path, folder) for path in value)


def _profile(value: Any, folder: Path) -> str:
    del folder
    if not isinstance(value, str) or value not in PROFILES:
        raise HandledError(f"expected one of {', '.join(PROFILES)}")
    return value


def _report(value: Any, folder: Path) -> str:
    if not _is_path(value):
        raise HandledError('expected the name of a folder, such as "build/report"')
    return _seen(value, folder)


def _is_path(value: Any) -> bool:
    return isinstance(value, str) and bool(value) and "\0" not in value


def _seen(path: str, folder: Path) -> str:
    """A path of the file as seen from the working directory."""
    return path if Path(path).is_absolute() else os.path.relpath(folder / path)


def _got(value: Any) -> str:
    return printable(repr(value), 80)
