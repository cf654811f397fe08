"""docs/seed-rules.md is generated from the contracts; here it is held up to date."""

import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent


def test_the_page_is_up_to_date():
    done = subprocess.run(
        [sys.executable, "scripts/seed_rules.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "docs/seed-rules.md is up to date\n"), done.stdout + done.stderr


def test_most_rules_of_this_layer_are_falsifiers():
    rules = yaml.safe_load((ROOT / "docs/data/seed-rules.yaml").read_text())["rules"]
    layer = [row for row in rules if row[0] not in ("model", "gpu", "other")]
    assert len({row[2] for row in rules} - {"AC_002"}) + 1 == len({(row[1], row[2]) for row in rules})
    assert sum(not row[4] for row in layer) / len(layer) >= 0.9
