"""Numba kernels: one file per block format or step, imported only when the first product is asked for.

From weights to output: ``activations`` prepares a vector, ``matvec`` multiplies rows with it through the products that
``chosen`` picked for this CPU (``vector`` or ``plain``), ``experts`` runs the chosen experts of one or many tokens,
``routing`` chooses them. Every kernel has one explicit signature, releases the GIL and is compiled without fastmath:
its order of operations is that of its source. Threads divide rows, so that their number cannot change a bit; the two
kinds of CPU may differ in the last bits, within what the contracts allow.
"""
