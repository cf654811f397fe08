import importlib.util

import pytest

from benchmarks.ggml_layer import Library, Unavailable


def test_says_that_the_package_is_not_installed(monkeypatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(Unavailable, match="llama-cpp-python is not installed"):
        Library()


def test_says_that_the_package_bundles_no_library(monkeypatch, tmp_path) -> None:
    spec = importlib.util.spec_from_file_location(
        "llama_cpp", tmp_path / "x.py", submodule_search_locations=[str(tmp_path)]
    )
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: spec)
    with pytest.raises(Unavailable, match="bundles no ggml-base"):
        Library()
