"""Kill records for contracts that tests copy elsewhere."""

import shutil

import pytest

from harness.contract.collection import load
from harness.teeth.record import record_path
from harness.teeth.run import run_teeth


@pytest.fixture(scope="session")
def grow_teeth(tmp_path_factory):
    """Write the kill records of some contracts where `harness teeth` would; each text is worked out once."""
    known = {}

    def grow(*paths, subject="reference"):
        for path in paths:
            key = (path.name, path.read_bytes(), subject)
            (program,) = load((str(path),))
            if key not in known:
                folder = tmp_path_factory.mktemp("teeth") / "contracts"
                shutil.copytree(path.parent, folder, ignore=lambda _, names: [n for n in names if n[-5:] != ".yaml"])
                (done,) = run_teeth((str(folder / path.name),), subject, 1)
                known[key] = record_path(done.program).read_bytes()
            record_path(program).parent.mkdir(exist_ok=True)
            record_path(program).write_bytes(known[key])

    return grow
