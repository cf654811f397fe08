"""Numba kernels: one file per block format or step, imported only when the first product is asked for.

Every kernel is a serial loop with one explicit signature, releases the GIL and is compiled without fastmath
and without fused multiply-adds: its order of operations is the order of its source, on every CPU. Threads
(``impl.parallel``) split the rows among calls of the same kernel, so that the number of threads cannot change
a bit.
"""
