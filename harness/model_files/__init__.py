"""GGUF files as the source of weights: read, bound to the inputs of a contract, taken stock of."""
