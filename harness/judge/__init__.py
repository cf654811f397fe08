"""Claims held against values and their bounds."""
