import pytest

from benchmarks.output_file import write


def test_a_file_is_written_whole_or_not_at_all(tmp_path) -> None:
    path = tmp_path / "results.json"
    write(path, "first")
    with pytest.raises(UnicodeEncodeError):
        write(path, "second \udc00")
    assert path.read_text() == "first"
    assert list(tmp_path.iterdir()) == [path]
