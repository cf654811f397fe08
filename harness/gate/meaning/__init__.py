"""Whether what changed in a contract still means the same: decided by evaluating, not by reading the text.

Everything here takes two checked versions of one contract and gives `RelationEvidence`. `harness.gate.evaluation`
imports a module of this package when its question comes up, since most of them load NumPy. Every answer is the same on
every machine: cases are drawn from a seed made of the two expressions alone. How it is decided is told in
docs/gate-evidence.md.
"""
