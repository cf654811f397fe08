"""Versions and the steps between them."""

import pytest

from harness.gate.version import Level, Version, step


@pytest.mark.parametrize(
    ("old", "new", "level"),
    [
        ("1.2.3", "1.2.3", Level.NONE),
        ("1.2.3", "1.2.2", Level.NONE),
        ("2.0.0", "1.9.9", Level.NONE),
        ("1.2.3", "1.2.4", Level.PATCH),
        ("1.2.3", "1.2.10", Level.PATCH),
        ("1.2.3", "1.3.0", Level.MINOR),
        ("1.9.0", "1.10.0", Level.MINOR),
        ("1.2.3", "2.0.0", Level.MAJOR),
        ("0.1.0", "0.2.0", Level.MINOR),
    ],
)
def test_step(old, new, level):
    assert step(Version.of(old), Version.of(new)) == level


def test_the_next_version():
    version = Version.of("1.2.3")
    assert [str(version.raised(level)) for level in Level] == ["1.2.3", "1.2.4", "1.3.0", "2.0.0"]


@pytest.mark.parametrize("text", ["1.2", "01.2.3", "1.2.3-rc", "v1.2.3", "1.2.3\n", "", "1.2.1234567"])
def test_what_is_no_version(text):
    with pytest.raises(ValueError, match="not a version"):
        Version.of(text)
