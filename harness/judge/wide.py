"""When a bound is too wide, and the wrong results it is asked about, by name. Light: views are made without NumPy."""

WIDE = 0.1  # of the rms of the values: a bound beyond it is too wide

# Decoys: wrong results that are held against the value and bound of a right one.
ZEROS = "all zeros"
MOVED = "moved on by one element"
LOST = "without its last element"
DOUBLED = "with the last element but one in the place of the last"
FOREIGN = "that of another case"
SCALED = "1 % too large"  # the only one that a sound bound may admit
