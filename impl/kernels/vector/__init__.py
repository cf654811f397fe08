"""Row products written as vector code, for CPUs with AVX-512 and its byte dot product (VNNI).

``emit`` writes LLVM instructions, ``q4_k`` and ``q6_k`` say how one super-block becomes vectors, ``rows`` makes the
loop over a row from that, ``router`` is the product with plain float32 rows.
"""
