"""Row products as plain loops, for CPUs without the instructions of ``impl.kernels.vector``."""
