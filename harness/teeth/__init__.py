"""Teeth: what each falsifier is able to find, shown by planting faults."""
