"""Mutation testing of contracts: faults are planted, and each falsifier must show that it kills some of them."""
