"""What every test shares: how Hypothesis behaves here, and how long a counterexample is made smaller."""

import pytest
from hypothesis import HealthCheck, settings

# No deadline and no verdict on speed: shared machines are slow at times, and a first call compiles kernels.
# The same examples every time: a red build is then about the change it was built for. `pytest
# --hypothesis-profile=random` looks at new ones.
shared = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("tests", shared, derandomize=True, database=None)
settings.register_profile("random", shared, derandomize=False)
settings.load_profile("tests")


@pytest.fixture
def quick_shrink(monkeypatch: pytest.MonkeyPatch) -> None:
    """How small counterexamples become is the business of tests/harness/search; others ask for the verdict alone."""
    monkeypatch.setattr("harness.search.engine.SHRINKS", 20)
    monkeypatch.setattr("harness.search.shrink.TRIALS", 20)
