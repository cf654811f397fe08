import os
import subprocess
import sys

import pytest

from harness.commands.output import show


def test_lines_are_printed(capsys):
    show(["one", "two"])
    assert capsys.readouterr().out == "one\ntwo\n"


@pytest.mark.parametrize("act", ["show(['x' * 100_000] * 100)", "close_output(); print('nobody hears this')"])
def test_a_reader_that_went_away_is_no_error(act):
    read, write = os.pipe()
    os.close(read)
    text = f"from harness.commands.output import close_output, show\n{act}"
    ran = subprocess.run([sys.executable, "-c", text], stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (ran.returncode, ran.stderr) == (0, "")
