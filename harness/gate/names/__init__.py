"""Names that an edit exchanged: found, told once, and the old version written with the new ones."""
