"""What every test shares: how Hypothesis behaves here."""

from hypothesis import HealthCheck, settings

# No deadline and no verdict on speed: shared machines are slow at times, and a first call compiles kernels.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("tests")
