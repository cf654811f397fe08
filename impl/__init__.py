"""The feed-forward layer of a Qwen3-MoE model on quantised GGUF weights.

Importing this package loads nothing; the kernels (and Numba) are loaded with the first computation.
"""
