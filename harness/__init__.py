"""Contract-driven verification of inference kernels."""

__version__ = "0.1.0"
